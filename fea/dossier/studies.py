"""Studies beside a run: convergence, uncertainty and sweeps, read from what they left.

A study that is not there, is of another state of the case or cannot be read is none, and says why: a
dossier shows that instead of a number.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from fea.case.case import Case

Found = TypeVar("Found")


@dataclass(frozen=True)
class Study(Generic[Found]):
    """A study, or why there is none.

    Attributes
    ----------
    found
        None where there is none that may be used.
    why
        Why not: ``"not done: ..."`` or ``"not used: ..."``; empty where there is one.
    revision
        Of the checkout that made it; None where it is not known.
    """

    found: Found | None
    why: str = ""
    revision: str | None = None


@dataclass(frozen=True)
class MeshEntry:
    """One mesh of a convergence study."""

    size: float
    unknowns: int
    interface_vertices: int


@dataclass(frozen=True)
class Converging:
    """A quantity of a convergence study; `values` from the finest mesh to the coarsest."""

    title: str
    unit: str
    values: tuple[float | None, ...]
    kind: str
    order: float | None
    extrapolated: float | None
    error: float | None
    verdict: str | None
    statement: str


@dataclass(frozen=True)
class ConvergenceRecord:
    """What a convergence study said."""

    answer: str
    meshes: tuple[MeshEntry, ...]
    judged: tuple[Converging, ...]


@dataclass(frozen=True)
class Chance:
    """A verdict with its probability and the interval of that."""

    verdict: str
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Spread:
    """A judged quantity over the ranges of the inputs; `deciding` is the input with the largest index."""

    title: str
    unit: str
    low: float | None
    middle: float | None
    high: float | None
    stated: float | None
    deciding: str
    index: float | None


@dataclass(frozen=True)
class UncertaintyRecord:
    """What an uncertainty study said."""

    answer: str
    decides: str
    notes: tuple[str, ...]
    ranges_from: str
    inputs: tuple[Mapping[str, Any], ...]
    stability: tuple[Chance, ...]
    safety: tuple[Chance, ...]
    bands: tuple[Spread, ...]
    solved: int


@dataclass(frozen=True)
class SweepRecord:
    """What a sweep said."""

    folder: str
    question: str
    answer: str
    samples: int


@dataclass(frozen=True)
class Studies:
    """Every study beside a run."""

    convergence: Study[ConvergenceRecord]
    uncertainty: Study[UncertaintyRecord]
    sweeps: tuple[Study[SweepRecord], ...]


def read_studies(case: Case, folder: Path) -> Studies:
    """Read the studies in a case's folder of results.

    Parameters
    ----------
    case : Case
    folder : Path

    Returns
    -------
    Studies
    """
    sweeps = sorted(folder.glob("sweep-*/sweep.json"))
    return Studies(
        _read(folder / "convergence" / "convergence.json", case, "converge", _convergence),
        _read(folder / "uncertainty" / "uncertainty.json", case, "uncertain", _uncertainty),
        tuple(
            _read(path, case, "sweep", lambda told, name=path.parent.name: _sweep(told, name))  # type: ignore[misc]
            for path in sweeps
        ),
    )


def _read(path: Path, case: Case, verb: str, parse: Callable[[Mapping[str, Any]], Found]) -> Study[Found]:
    run = f"run 'osseofit {verb} {case.path}'"
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["record"]["digests"]["case"] != case.digest:
            return Study(
                None, f"not used: the one in {path.parent.name} is of another state of the case; {run} again"
            )
        return Study(parse(told), "", told.get("program", {}).get("commit"))
    except FileNotFoundError:
        return Study(None, f"not done: {run}")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        why = f"{type(error).__name__}: {error}"
        return Study(None, f"not used: {path.parent.name}/{path.name} cannot be read ({why}); {run} again")


def _convergence(told: Mapping[str, Any]) -> ConvergenceRecord:
    return ConvergenceRecord(
        str(told["answer"]),
        tuple(
            MeshEntry(float(mesh["element_size_mm"]), int(mesh["unknowns"]), int(mesh["interface_vertices"]))
            for mesh in told["meshes"]
        ),
        tuple(
            Converging(
                entry["title"], entry["unit"], tuple(entry["values"]), entry["convergence"], entry["order"],
                entry["extrapolated"], entry["error"], entry["verdict"], entry["statement"],
            )
            for entry in told["quantities"]
            if entry["verdict"] is not None
        ),
    )  # fmt: skip


def _uncertainty(told: Mapping[str, Any]) -> UncertaintyRecord:
    titles = {item["name"]: item["title"] for item in told["inputs"]}
    return UncertaintyRecord(
        answer=str(told["answer"]),
        decides=str(told["decides"]),
        notes=tuple(told["notes"]),
        ranges_from=str(told["ranges_from"]),
        inputs=tuple(told["inputs"]),
        stability=_chances(told["verdicts"]["primary_stability"]),
        safety=_chances(told["verdicts"]["safety"]),
        bands=tuple(_spread(entry, titles) for entry in told["quantities"]),
        solved=int(told["record"]["solved"]),
    )


def _chances(told: list[Mapping[str, Any]]) -> tuple[Chance, ...]:
    return tuple(Chance(item["verdict"], item["share"], item["low"], item["high"]) for item in told)


def _spread(entry: Mapping[str, Any], titles: Mapping[str, str]) -> Spread:
    indices = entry["sensitivity"]["indices"]
    top = max(indices, key=lambda index: index["total"], default=None)
    return Spread(
        entry["title"], entry["unit"], entry["p5"], entry["p50"], entry["p95"], entry["as_stated"],
        "" if top is None else titles.get(top["name"], top["name"]), None if top is None else top["total"],
    )  # fmt: skip


def _sweep(told: Mapping[str, Any], folder: str) -> SweepRecord:
    return SweepRecord(folder, str(told["question"]), str(told["answer"]), len(told["samples"]))
