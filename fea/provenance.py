"""How a run was computed: versions, digests, times, memory."""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from fea import __version__
from fea.case.case import Case
from fea.mesh.parts import Mesh
from fea.model.routes import Route
from fea.model.walk import Track
from fea.progress import Clock
from fea.study import Record

_LIBRARIES = ("numpy", "scipy", "scikit-fem", "gmsh", "pyvista", "vtk", "pypardiso", "mkl", "cvxopt")


@dataclass(frozen=True, eq=False)
class Provenance:
    """What a record is made of.

    Attributes
    ----------
    case, mesh, route, track
        The case and its solution.
    digest
        Digest of the factors.
    name
        How the route is called.
    memory
        Its plan, in words.
    """

    case: Case
    mesh: Mesh
    route: Route
    track: Track
    digest: str
    name: str
    memory: str


def record(origin: Provenance, clock: Clock) -> Record:
    """Write down how a study was computed.

    Parameters
    ----------
    origin
        The case and its solution.
    clock
        The run's clock.

    Returns
    -------
    Record
    """
    walk, (backend, kept) = origin.track.walk, origin.route.solver
    reused = int(kept)
    return Record(
        times=clock.times,
        backend=backend,
        route=origin.name,
        memory_plan=origin.memory,
        threads=int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count() or 1),
        unknowns=origin.mesh.unknowns,
        interface_vertices=len(origin.route.operators.area),
        peak_memory_GB=peak_memory_GB(),
        versions=library_versions(),
        digests={
            "case": origin.case.digest,
            "mesh": origin.mesh.digest,
            "factor": origin.digest,
        },
        code_version=__version__,
        commit=checkout_commit(),
        newton_iterations=walk.press_fit.iterations
        + sum(state.iterations for cycle in walk.cycles for state in cycle),
        factorisations_done=1 - reused,
        factorisations_reused=reused,
    )


def peak_memory_GB() -> float:
    """Largest resident set of this process so far, GB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e9 if sys.platform == "darwin" else peak / 1e6


def library_versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries."""
    found = {"python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def checkout_commit() -> str | None:
    """Return the checkout's commit, marked where files differ from it."""
    root = Path(__file__).parent.parent
    if not (root / ".git").exists():
        return None
    try:
        said = subprocess.run(
            ["git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=12"],
            capture_output=True, text=True, timeout=5, check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return said.stdout.strip() or None


def code_changed_since(commit: str | None) -> bool:
    """Return whether the code that computes differs from that of a commit, or cannot be compared.

    Parameters
    ----------
    commit
        As `checkout_commit` returned it when a result was computed.

    Returns
    -------
    bool
        True, too, where either has changes that no commit holds.
    """
    now = checkout_commit()
    if commit == now and not (now or "").endswith("-dirty"):
        return False
    if commit is None or now is None or commit.endswith("-dirty"):
        return True
    root = Path(__file__).parent.parent
    compared = ["git", "-C", str(root), "diff", "--quiet", commit, "--", "fea", "geometry", "materials"]
    try:
        return subprocess.run(compared, capture_output=True, timeout=5, check=False).returncode != 0
    except (OSError, subprocess.SubprocessError):
        return True
