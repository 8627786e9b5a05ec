"""The doctor names what a machine lacks in one line and never loads the libraries it speaks of."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fea import doctor

DEBIAN_PACKAGES = "libegl1 libgl1 libglu1-mesa libgomp1 libxcursor1 libxft2 libxinerama1"


def machine(*, lacks=(), manager="apt-get", modules=("ensurepip", "scipy"), **facts):
    """Return a Linux machine that has one package manager and all libraries but those it lacks."""

    def load(library):
        if library in lacks:
            raise OSError(f"{library}: cannot open shared object file: No such file or directory")

    stated = {"system": "Linux", "architecture": "x86_64", "python": (3, 11), "in_environment": False}
    return doctor.Machine(
        **(stated | {"is_root": True} | facts),
        load=load,
        has_module=lambda name: name in modules,
        has_command=lambda name: name == manager,
    )


def test_a_machine_that_lacks_nothing_passes_with_one_line(capsys):
    assert doctor.main(machine=machine()) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out.count("\n") == 1
    assert "Python 3.11; system libraries found; solvers: scipy" in printed.out


def test_a_missing_library_gives_one_line_that_installs_it_and_exit_code_1(capsys):
    assert doctor.main(machine=machine(lacks=["libEGL.so.1"])) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == (
        "This machine lacks libEGL.so.1: install with: apt-get update && apt-get install -y libegl1\n"
    )


def test_only_the_missing_packages_are_named_and_a_user_is_told_to_use_sudo():
    report = doctor.check(machine(lacks=["libGLU.so.1", "libXft.so.2"], is_root=False))
    assert report.packages == ("libglu1-mesa", "libxft2")
    assert report.problems[0].endswith("sudo apt-get update && sudo apt-get install -y libglu1-mesa libxft2")


@pytest.mark.parametrize(
    ("manager", "line"),
    [
        ("apt-get", f"apt-get update && apt-get install -y {DEBIAN_PACKAGES}"),
        (
            "dnf",
            "dnf install -y libXcursor libXft libXinerama libgomp mesa-libEGL mesa-libGL mesa-libGLU",
        ),
        ("pacman", "pacman -S --needed gcc-libs glu libglvnd libxcursor libxft libxinerama mesa"),
        (
            "zypper",
            "zypper install -y Mesa-libEGL1 Mesa-libGL1 libGLU1 libXcursor1 libXft2 libXinerama1 libgomp1",
        ),
        ("apk", "gmsh and VTK publish no wheels for musl systems, use one with glibc, such as Debian"),
        ("an unknown one", "install it with this system's package manager"),
    ],
)
def test_each_package_manager_gets_its_own_line(manager, line):
    report = doctor.check(machine(lacks=doctor.PACKAGES, manager=manager))
    assert len(report.problems) == 1
    assert report.problems[0].endswith(f": {line}")


@pytest.mark.parametrize("system", ["Darwin", "Windows"])
def test_macos_and_windows_need_nothing(system):
    assert doctor.check(machine(lacks=doctor.PACKAGES, system=system)).healthy


def test_a_missing_venv_module_joins_the_same_line():
    report = doctor.check(machine(lacks=["libGL.so.1"], modules=()))
    assert report.packages == ("libgl1", "python3-venv")
    assert len(report.problems) == 1


@pytest.mark.parametrize("has_it", [{"in_environment": True}, {"manager": "uv"}])
def test_the_venv_module_is_not_asked_for_where_it_is_not_used(has_it):
    assert doctor.check(machine(modules=(), **has_it)).healthy


def test_arm64_linux_takes_gmsh_from_the_system():
    assert doctor.check(machine(architecture="aarch64")).packages == ("python3-gmsh",)
    assert doctor.check(machine(architecture="aarch64", modules=("ensurepip", "gmsh"))).healthy


def test_an_old_python_is_named_with_the_way_to_choose_another():
    report = doctor.check(machine(python=(3, 9)))
    assert report.problems == (
        "Python 3.9 is too old, 3.11 or newer is needed: install one and name it, "
        "for example: make PYTHON=python3.12",
    )


def test_a_full_disk_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "NEEDED_SPACE_GB", 1e9)
    report = doctor.check(machine(), results=tmp_path / "results")
    assert len(report.problems) == 1
    assert report.problems[0].startswith("The disk of results has ")


def test_a_folder_that_cannot_be_written_to_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    report = doctor.check(machine(), results=tmp_path / "results")
    assert report.problems == (
        f"The folder {tmp_path} cannot be written to: change its owner or its permissions",
    )


def test_packages_are_listed_for_a_script_without_failing(capsys):
    assert doctor.main(["--packages"], machine(lacks=["libgomp.so.1"])) == 0
    assert capsys.readouterr().out == "libgomp1\n"


def test_the_doctor_runs_as_a_script_outside_the_environment(tmp_path):
    script = Path(doctor.__file__)
    done = subprocess.run(
        [sys.executable, "-I", "-S", script, "--packages"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""


def test_the_doctor_imports_no_library_beyond_the_standard_one(tmp_path):
    names = "sorted({name.split('.')[0] for name in sys.modules} - set(sys.stdlib_module_names))"
    code = f"import sys; sys.path.insert(0, {str(Path(doctor.__file__).parents[1])!r}); start = {names}; "
    code += f"import fea.doctor; fea.doctor.check(); print(set({names}) - set(start))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "{'fea'}\n"


@pytest.mark.parametrize(
    ("system", "given", "wanted"),
    [
        ("Linux", {}, "vtkEGLRenderWindow"),
        ("Linux", {"VTK_DEFAULT_OPENGL_WINDOW": ""}, "vtkEGLRenderWindow"),
        ("Linux", {"VTK_DEFAULT_OPENGL_WINDOW": "vtkOSOpenGLRenderWindow"}, "vtkOSOpenGLRenderWindow"),
        ("Linux", {"DISPLAY": ":0"}, None),
        ("Linux", {"DISPLAY": ":0", "VTK_DEFAULT_OPENGL_WINDOW": ""}, None),
        ("Darwin", {}, None),
    ],
)
def test_rendering_without_a_display_uses_egl_and_the_variable_is_never_empty(
    monkeypatch, system, given, wanted
):
    for name in ("DISPLAY", "VTK_DEFAULT_OPENGL_WINDOW"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(doctor.platform, "system", lambda: system)
    doctor.prepare_rendering()
    assert os.environ.get("VTK_DEFAULT_OPENGL_WINDOW") == wanted
