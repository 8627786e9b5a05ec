"""Say in one line what this machine lacks, before a library crashes for want of it.

VTK's wheel ends the process where a graphics library is missing, and gmsh's raises a loader's message, so the
libraries are loaded here first, by name. Only the standard library is used, in a dialect that older Pythons
read too: the file also runs as a script, before the environment exists.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import platform
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

OLDEST_PYTHON = (3, 11)
NEEDED_SPACE_GB = 1.0
"""What a case with its fields and pictures may leave in ``results``."""

SOLVER_BACKENDS = ("pypardiso", "cvxopt", "scipy")
"""Modules that factor a sparse matrix, fastest first."""

PACKAGES = {
    "libGLU.so.1": {"apt-get": "libglu1-mesa", "dnf": "mesa-libGLU", "pacman": "glu", "zypper": "libGLU1"},
    "libGL.so.1": {"apt-get": "libgl1", "dnf": "mesa-libGL", "pacman": "libglvnd", "zypper": "Mesa-libGL1"},
    "libXcursor.so.1": {
        "apt-get": "libxcursor1",
        "dnf": "libXcursor",
        "pacman": "libxcursor",
        "zypper": "libXcursor1",
    },
    "libXft.so.2": {"apt-get": "libxft2", "dnf": "libXft", "pacman": "libxft", "zypper": "libXft2"},
    "libXinerama.so.1": {
        "apt-get": "libxinerama1",
        "dnf": "libXinerama",
        "pacman": "libxinerama",
        "zypper": "libXinerama1",
    },
    "libgomp.so.1": {"apt-get": "libgomp1", "dnf": "libgomp", "pacman": "gcc-libs", "zypper": "libgomp1"},
    "libEGL.so.1": {"apt-get": "libegl1", "dnf": "mesa-libEGL", "pacman": "mesa", "zypper": "Mesa-libEGL1"},
}
"""The libraries that the wheels of gmsh and VTK leave to a Linux system, and the packages that bring them.

Their other needs (X11, Xext, Xfixes, Xrender, fontconfig) are dependencies of these.
"""

INSTALL = {
    "apt-get": "{sudo}apt-get update && {sudo}apt-get install -y {packages}",
    "dnf": "{sudo}dnf install -y {packages}",
    "pacman": "{sudo}pacman -S --needed {packages}",
    "zypper": "{sudo}zypper install -y {packages}",
}
"""The line that installs packages, for each package manager that is known."""


@dataclass(frozen=True)
class Machine:
    """What the doctor asks a machine; the defaults ask this one.

    Parameters
    ----------
    system, architecture : str
        As ``platform.system()`` and ``platform.machine()`` name them: ``Linux``, ``x86_64``.
    python : tuple of int
        Major and minor version of the interpreter.
    in_environment : bool
        Whether the interpreter is that of a virtual environment.
    is_root : bool
        Whether packages can be installed without ``sudo``.
    load : callable
        Loads a shared library by its name and raises ``OSError`` where it cannot.
    has_module, has_command : callable
        Whether Python finds a module, or the shell a command, of that name.
    """

    system: str = field(default_factory=platform.system)
    architecture: str = field(default_factory=platform.machine)
    python: tuple[int, int] = sys.version_info[:2]
    in_environment: bool = sys.prefix != sys.base_prefix
    is_root: bool = field(default_factory=lambda: getattr(os, "geteuid", lambda: 0)() == 0)
    load: Callable[[str], object] = ctypes.CDLL
    has_module: Callable[[str], bool] = lambda name: importlib.util.find_spec(name) is not None
    has_command: Callable[[str], bool] = lambda name: shutil.which(name) is not None

    @property
    def package_manager(self) -> str:
        """The first known package manager of this machine, or an empty string."""
        return next((name for name in INSTALL if self.has_command(name)), "")


@dataclass(frozen=True)
class Report:
    """What the doctor found.

    Parameters
    ----------
    problems : tuple of str
        One plain sentence for each thing that stands in the way; empty on a healthy machine.
    packages : tuple of str
        Names, for the machine's package manager, of the missing packages.
    python : tuple of int
        Major and minor version of the interpreter.
    backends : tuple of str
        Sparse solvers that can be imported, fastest first; empty before the environment exists.
    free_gb : float, GB
        Space where results go.
    """

    problems: tuple[str, ...]
    packages: tuple[str, ...]
    python: tuple[int, int]
    backends: tuple[str, ...]
    free_gb: float

    @property
    def healthy(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.problems

    def summary(self) -> str:
        """Return the state of a healthy machine in one line."""
        backends = ", ".join(self.backends) or "none yet, make installs them"
        version = ".".join(str(part) for part in self.python)
        return f"Python {version}; system libraries found; solvers: {backends}; {self.free_gb:.0f} GB free"


def check(machine: Machine | None = None, results: Path | None = None) -> Report:
    """Look for everything the project needs of a machine, without importing any of its libraries.

    Parameters
    ----------
    machine : Machine, optional
        Who is asked; this machine if omitted.
    results : Path, optional
        The folder that results go to; it need not exist yet. ``results`` if omitted.

    Returns
    -------
    Report
    """
    machine = machine or Machine()
    results = (results or Path("results")).resolve()
    folder = next(path for path in (results, *results.parents) if path.exists())
    free_gb = shutil.disk_usage(folder).free / 1e9
    lacks, packages = _missing(machine)
    problems = []
    if machine.python < OLDEST_PYTHON:
        problems.append(
            f"Python {machine.python[0]}.{machine.python[1]} is too old, 3.11 or newer is needed: "
            "install one and name it, for example: make PYTHON=python3.12"
        )
    if lacks:
        problems.append(f"This machine lacks {', '.join(lacks)}: {_remedy(machine, packages)}")
    if free_gb < NEEDED_SPACE_GB:
        problems.append(
            f"The disk of {results.name} has {free_gb:.1f} GB free and a case may need "
            f"{NEEDED_SPACE_GB:.0f} GB: free some space"
        )
    if not os.access(folder, os.W_OK):
        problems.append(f"The folder {folder} cannot be written to: change its owner or its permissions")
    backends = tuple(name for name in SOLVER_BACKENDS if machine.has_module(name))
    return Report(tuple(problems), packages, machine.python, backends, free_gb)


def _missing(machine: Machine) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what a Linux machine lacks and the packages that bring it; other systems' wheels bring all."""
    if machine.system != "Linux":
        return (), ()
    manager = machine.package_manager
    missing = {
        name: packages.get(manager, "") for name, packages in PACKAGES.items() if not _loads(machine, name)
    }
    if not (machine.in_environment or machine.has_command("uv") or machine.has_module("ensurepip")):
        missing["Python's venv module"] = "python3-venv" if manager == "apt-get" else ""
    # gmsh publishes no wheel for Linux on arm64, so there it comes from the system.
    if machine.architecture == "aarch64" and not machine.has_module("gmsh"):
        missing["gmsh's Python module"] = "python3-gmsh" if manager == "apt-get" else ""
    return tuple(missing), tuple(sorted({package for package in missing.values() if package}))


def _loads(machine: Machine, library: str) -> bool:
    try:
        machine.load(library)
    except OSError:
        return False
    return True


def _remedy(machine: Machine, packages: tuple[str, ...]) -> str:
    if machine.has_command("apk"):
        return "gmsh and VTK publish no wheels for musl systems, use one with glibc, such as Debian"
    if not packages:
        return "install it with this system's package manager"
    sudo = "" if machine.is_root else "sudo "
    line = INSTALL[machine.package_manager]
    return "install with: " + line.format(sudo=sudo, packages=" ".join(packages))


def prepare_rendering() -> None:
    """Let VTK draw without a display; call it before VTK is imported.

    On Linux without a display VTK would first look for an X server and warn. An empty value of its variable
    ends the process, so it counts as unset.
    """
    if os.environ.get("VTK_DEFAULT_OPENGL_WINDOW"):
        return
    os.environ.pop("VTK_DEFAULT_OPENGL_WINDOW", None)
    if platform.system() == "Linux" and not os.environ.get("DISPLAY"):
        os.environ["VTK_DEFAULT_OPENGL_WINDOW"] = "vtkEGLRenderWindow"


def main(arguments: Sequence[str] = (), machine: Machine | None = None) -> int:
    """Print the report, or the problems, one line each, and return the exit code.

    Parameters
    ----------
    arguments : sequence of str
        ``--packages`` prints the names of the missing packages only.
    machine : Machine, optional
        Who is asked; this machine if omitted.

    Returns
    -------
    int
        0 on a healthy machine, else 1; always 0 with ``--packages``.
    """
    report = check(machine)
    if "--packages" in arguments:
        print(" ".join(report.packages))
        return 0
    for problem in report.problems:
        print(problem, file=sys.stderr)
    if report.healthy:
        print(report.summary())
    return 0 if report.healthy else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
