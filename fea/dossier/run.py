"""The run that a dossier is about: its summary, refused where it is not of the case as it stands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from fea.case.case import Case
from fea.case.loading import load_of
from fea.errors import CaseError
from fea.post.criteria import CriterionResult
from fea.post.inputs import case_inputs
from fea.post.quantity import Quantity
from fea.post.series import Series

SUMMARY = "summary.json"
SCHEMA_VERSION = 1

_WRENCH = ("force_x_N", "force_y_N", "force_z_N", "moment_x_Nmm", "moment_y_Nmm", "moment_z_Nmm")


@dataclass(frozen=True, eq=False)
class Run:
    """A finished run of the case as it stands.

    Attributes
    ----------
    path
        Of its summary.
    summary : mapping
        As it was read.
    quantities : tuple of Quantity
    criteria : tuple of CriterionResult
        With the run's own verdicts and sentences.
    series : Series or None
        The course of the activity; None where the case has none.
    """

    path: Path
    summary: Mapping[str, Any]
    quantities: tuple[Quantity, ...]
    criteria: tuple[CriterionResult, ...]
    series: Series | None

    @property
    def folder(self) -> Path:
        """The case's folder of results."""
        return self.path.parent

    @property
    def revision(self) -> str | None:
        """Revision of the checkout that ran; None where it is not known."""
        commit = self.summary["program"].get("commit")
        return None if commit is None else str(commit)

    @property
    def without_error(self) -> tuple[Quantity, ...]:
        """The numbers whose discretisation error is not known."""
        return tuple(quantity for quantity in self.quantities if quantity.error is None)

    def value(self, name: str) -> Quantity | None:
        """Return a quantity by name; None where the run cannot tell it."""
        return next((quantity for quantity in self.quantities if quantity.name == name), None)


def read_run(case: Case, results: Path) -> Run:
    """Read the run of a case.

    Parameters
    ----------
    case : Case
    results : Path
        Folder of results.

    Returns
    -------
    Run

    Raises
    ------
    CaseError
        Where there is no finished run, or it is of another state of the case, its criteria,
        materials or loads.
    """
    path = results / case.path.stem / SUMMARY
    again = f"run 'osseofit run {case.path}'"
    try:
        summary = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CaseError(f"{path}: this case has no finished run; {again} first") from None
    except (OSError, ValueError) as error:
        raise CaseError(f"{path}: this file cannot be read ({error}); {again} again") from None
    if not isinstance(summary, dict) or summary.get("schema_version") != SCHEMA_VERSION:
        raise CaseError(f"{path}: this is no summary of format {SCHEMA_VERSION}; {again} again")
    try:
        stale = _stale(case, summary)
        if not stale:
            return _run(case, path, summary)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CaseError(f"{path}: this summary is not complete ({error!r}); {again} again") from None
    raise CaseError(f"{path}: {stale}; {again} again")


def _stale(case: Case, summary: Mapping[str, Any]) -> str:
    """Say what has changed since the run; empty where nothing has."""
    if summary["record"]["digests"]["case"] != case.digest:
        return f"this run is of another state of the case file {case.path}"
    limits = {item.id: _plain(asdict(item)) for item in case.criteria}
    judged = {
        entry["id"]: {key: entry.get(key) for key in limits.get(entry["id"], ())}
        for entry in summary["criteria"]
    }
    if judged != limits:
        return "this run was judged by criteria that have changed since"
    now = {entry.name: _plain((entry.value, entry.low, entry.high)) for entry in case_inputs(case)}
    then = {entry["name"]: [entry["value"], entry["low"], entry["high"]] for entry in summary["inputs"]}
    other = sorted(name for name in now.keys() | then.keys() if now.get(name) != then.get(name))
    if other:
        more = f" and {len(other) - 3} more" if len(other) > 3 else ""
        return f"inputs have changed since this run ({', '.join(other[:3])}{more})"
    return "" if _same_load(case, summary["series"]) else "the load history has changed since this run"


def _plain(value: object) -> Any:
    return json.loads(json.dumps(value))


def _same_load(case: Case, series: Mapping[str, Any]) -> bool:
    """Whether the run walked the load that the case's load file states now."""
    percent = series["percent_of_activity"]
    if case.activity is None or not percent:
        return True
    cycle = load_of(case)
    then = np.array([series["wrench"][name] for name in _WRENCH], dtype=np.float64).T
    now = cycle.wrenches[: len(percent)]
    return then.shape == now.shape and bool(np.allclose(then, now, rtol=1e-9, atol=1e-6))


def _run(case: Case, path: Path, summary: Mapping[str, Any]) -> Run:
    quantities = tuple(_quantity(entry) for entry in summary["quantities"])
    by_name = {quantity.name: quantity for quantity in quantities}
    stated = {item.id: item for item in case.criteria}
    criteria = tuple(
        CriterionResult(
            stated[entry["id"]], entry["verdict"], by_name.get(entry["quantity"]), entry["limit"],
            entry["margin"], entry["margin_percent"], entry["sentence"],
        )
        for entry in summary["criteria"]
    )  # fmt: skip
    for key in ("verdict", "variants", "balance", "mesh", "reference_area", "singular_rims"):
        summary[key]
    series = _series(summary["series"]) if summary["series"]["percent_of_activity"] else None
    return Run(path, summary, quantities, criteria, series)


def _quantity(entry: Mapping[str, Any]) -> Quantity:
    known = {field.name for field in fields(Quantity)}
    told = {key.removesuffix("_mm") if key == "place_mm" else key: value for key, value in entry.items()}
    place = told.get("place")
    told["place"] = None if place is None else tuple(place)
    return Quantity(**{key: value for key, value in told.items() if key in known})


def _series(told: Mapping[str, Any]) -> Series:
    plain = {
        field.name: np.array(told[field.name], dtype=np.float64)
        for field in fields(Series)
        if isinstance(told.get(field.name), list)
    }
    wrench, reaction = (np.array([told[name][key] for key in _WRENCH]).T for name in ("wrench", "reaction"))
    return Series(
        **plain,
        percent=np.array(told["percent_of_activity"], dtype=np.float64),
        judged=told["judged"],
        micromotion_area_percent={
            key: np.array(values) for key, values in told["micromotion_area_percent"].items()
        },
        wrench=wrench,
        reaction=reaction,
        moment_at_cut=np.array([told["moment_at_cut"][key] for key in _WRENCH[3:]]).T,
        dissipation=np.array(told["dissipation_Nmm"], dtype=np.float64),
    )
