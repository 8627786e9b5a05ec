"""STEP files of stem and bone, and of what the reamer sweeps."""

from __future__ import annotations

from pathlib import Path

from fea.case.case import Case
from fea.export.source import Source, Written
from fea.mesh.step import export_reamer, export_step, why_no_step


def no_step(case: Case) -> str | None:
    """Say why a case has no STEP files; None where it has."""
    return why_no_step(case.bone, case.stem)


def step(source: Source, folder: Path) -> Written:
    """Write ``stem.step``, ``bone.step`` and, where the canal is reamed, ``reamer.step``."""
    case = source.case
    paths = [*export_step(case.bone, case.reaming, case.stem, folder)]
    if case.reaming is not None:
        paths.append(export_reamer(case.bone, case.reaming, folder))
    told = ", ".join(path.name for path in paths)
    return Written(paths[0].name, (("files", told if case.reaming else f"{told}; this canal is not reamed"),))
