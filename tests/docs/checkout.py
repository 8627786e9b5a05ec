"""A checkout in a temporary folder, in which the commands of a page are run.

``osseofit``, ``python`` and what ``make`` calls are scripts in front of everything else. In the fast tests
they write down how they were called and do nothing; in the slow ones they are the program.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.docs.pages import ROOT

_NOTES = """#!/bin/sh
for word in "$@"; do printf '%s\\0' "$word"; done >> {calls}/$$
"""
_REAL = """#!/bin/sh
PYTHONPATH={root} exec {python} {words} "$@"
"""
#: Targets of make that are too much for any test: they are asked for with -n.
_NOT_RUN = re.compile(
    r"^make (test|verify|docs|check|figures|gallery|bench\S*|validation|threads|lock|clean)\b"
)
#: By how much the elements of the cases are larger.
COARSER = 1.7


@dataclass(frozen=True)
class Checkout:
    """Where the commands of one page are run."""

    folder: Path

    def run(self, line: str) -> str:
        """Run a line of the shell and return what it says; a line that fails fails the test."""
        line = re.sub(r"\bmake(?= )", f"make {self._variables()}", _NOT_RUN.sub(r"make -n \1", line))
        environment = os.environ | {
            "PATH": f"{self._bin}:{os.environ['PATH']}",
            "OMP_NUM_THREADS": "1",
            "MKL_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        environment.pop("MAKEFLAGS", None)
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", line],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def calls(self) -> list[list[str]]:
        """Return how the program was called since the last question."""
        calls = []
        for note in sorted(self._calls.iterdir()):
            calls.append(note.read_text(encoding="utf-8").split("\0")[:-1])
            note.unlink()
        return calls

    @property
    def _bin(self) -> Path:
        return self.folder / ".bin"

    @property
    def _calls(self) -> Path:
        return self.folder / ".calls"

    def _variables(self) -> str:
        return f"BIN={self._bin} STAMP={self.folder / '.stamp'} PACKAGES={self.folder / '.packages'}"


def checkout(folder: Path, *, real: bool) -> Checkout:
    """Make a checkout: cases of its own, all else as it is; the program or what notes its calls."""
    for name in ("fea", "geometry", "materials", "docs", "Makefile", "pyproject.toml", "requirements.lock"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "cases", folder / "cases")
    made = Checkout(folder)
    for name in (made._bin, made._calls):
        name.mkdir()
    for name, words in (("osseofit", "-m fea.cli"), ("python", "")):
        script = made._bin / name
        noted = _NOTES.format(calls=made._calls) if name == "osseofit" else "#!/bin/sh\n"
        script.write_text(_REAL.format(root=ROOT, python=sys.executable, words=words) if real else noted)
        script.chmod(0o755)
    for name in (".packages", ".stamp"):
        (folder / name).touch()
    return made


def coarsen(cases: Path) -> None:
    """Make every case cheap: larger elements, ten instants, neither companion nor pictures."""
    for path in cases.glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        text = re.sub(
            r"(?m)^(\w+_size_mm = )([\d.]+)", lambda found: f"{found[1]}{COARSER * float(found[2]):.3g}", text
        )
        text = re.sub(r"(?m)^instants_per_cycle = \d+", "instants_per_cycle = 10", text)
        text = text.replace("[mesh]\n", "[mesh]\ncompanion = false\n")
        text = text.replace("[output]\n", "[output]\nrenders = false\n")
        path.write_text(text, encoding="utf-8")


def fewer(line: str) -> str:
    """Return a command that asks for few samples and meshes where the page, or the default, asks for many."""
    if re.search(r"\buncertain\b", line) and "--models" not in line:
        line += " --models 2 --samples 2"
    line = line.replace("--meshes 4", "--meshes 3").replace(" --finest 0.8", "")
    if re.search(r"\bconverge\b", line):
        # Coarser still, the shape would set the sizes: three meshes from the case's own sizes on.
        finest = f"--finest {1 / COARSER:.3g}"
        line += f' ARGS="{finest}"' if line.startswith("make") else f" {finest}"
    line = re.sub(r"(\d[\d.]*:\d[\d.]*):\d+", r"\1:2", line)
    return re.sub(r"(--(?:models|samples)) \d+", r"\1 2", line)
