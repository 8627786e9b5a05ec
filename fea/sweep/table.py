"""The table of a sweep: ``table.csv`` for spreadsheets, ``sweep.json`` for programs.

Columns and keys are documented in ``docs/sweep.md``. ``sweep.json`` is written last and by
rename: where it stands, the sweep is complete.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fea import __version__
from fea.post.criteria import PRIMARY_STABILITY
from fea.post.inputs import Input, case_inputs
from fea.post.summary import write_summary
from fea.provenance import checkout_commit, library_versions
from fea.sweep.answer import Answer
from fea.sweep.results import Band, Result, Sweep

SCHEMA_VERSION = 1
SUMMARY = "sweep.json"


def held_fixed(sweep: Sweep) -> tuple[Input, ...]:
    """Return the inputs of the case that no sample varies."""
    # A thread's interference stands in the inputs as that along its normal.
    names = ("diametral_interference", "interference")
    interference = {f"fit.{zone}.{name}" for zone in sweep.design.zones for name in names}
    varied = {
        "friction": {f"fit.{zone}.friction" for zone in sweep.design.zones},
        "interference_um": interference,
        "interference_scale": interference,
        "body_weight_N": {"activity.body_weight"},
        "activity": {"activity.history"},
    }
    swept = set().union(*(varied.get(axis.name, set()) for axis in sweep.design.axes))
    return tuple(entry for entry in case_inputs(sweep.case) if entry.name not in swept)


def table_text(sweep: Sweep) -> str:
    """Return the table as comma-separated text, one row a sample.

    Parameters
    ----------
    sweep : Sweep

    Returns
    -------
    str
        An empty field is a value that the sample does not have.
    """
    stream = io.StringIO()
    rows = [_row(sweep, result) for result in sweep.results]
    writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def write_table(sweep: Sweep, path: Path) -> None:
    """Write the table, whole or not at all."""
    draft = path.with_name(f".{path.name}.part")
    draft.write_text(table_text(sweep), encoding="utf-8")
    draft.replace(path)


def _columns(sweep: Sweep) -> list[str]:
    """Return the quantities of the table: all that a sample has, and those that a criterion asks for."""
    asked = [item.quantity for item in sweep.case.criteria if item.group == PRIMARY_STABILITY]
    return list(dict.fromkeys([*(band.name for band in sweep.bands), *asked]))


def _row(sweep: Sweep, result: Result) -> dict[str, Any]:
    row, loss = result.row, result.row.loss
    verdicts = {item.criterion.id: item.verdict for item in result.criteria}
    return {
        "sample": result.number,
        "as_stated": "yes" if result is sweep.stated else "no",
        **{axis.name: sweep.design.value(result.sample, axis.name) for axis in sweep.design.axes},
        "outcome": row.outcome,
        "primary_stability": result.verdict,
        **{
            f"verdict_{criterion.id}": verdicts.get(criterion.id, "")
            for criterion in sweep.case.criteria
            if criterion.group == PRIMARY_STABILITY
        },
        **{name: result.number_of(name) for name in _columns(sweep)},
        "loss_cycle": None if loss is None else loss.cycle,
        "loss_percent_of_activity": None if loss is None else loss.percent,
        "loss_motion": "" if loss is None else loss.motion,
        "vertices_changing_state": row.changing_vertices,
        "newton_iterations": row.newton_iterations,
        "residual": row.residual,
        "imbalance": row.imbalance,
        "seconds": round(row.seconds, 3),
        "why": result.sentence,
    }


def summary_of(sweep: Sweep, answer: Answer, times: Mapping[str, float]) -> dict[str, Any]:
    """Gather everything that ``sweep.json`` holds.

    Parameters
    ----------
    sweep : Sweep
    answer : Answer
    times : mapping of str to float, s
        By phase.

    Returns
    -------
    dict
        Of plain JSON values.
    """
    design, walked = sweep.design, sweep.walked
    return {
        "schema_version": SCHEMA_VERSION,
        "program": {"name": "osseofit", "version": __version__, "commit": checkout_commit()},
        "case": {"title": sweep.case.title, "file": sweep.case.path.name},
        "question": design.title,
        "answer": answer.sentence,
        "counts": dict(sweep.counts),
        "notes": list(sweep.notes),
        "thresholds": _thresholds(answer),
        "design": {
            "name": design.name,
            "kind": design.kind,
            "errors": design.errors,
            "zones": list(design.zones),
            "axes": {axis.name: list(axis.values) for axis in design.axes},
            "as_stated": dict(design.stated_values),
            "as_stated_was_added": design.added,
        },
        "samples": [_sample(sweep, result) for result in sweep.results],
        "bands": [_band(band) for band in sweep.bands],
        "held_fixed": [asdict(entry) for entry in held_fixed(sweep)],
        "record": {
            "samples": len(sweep.results),
            "walked_now": walked.walked,
            "seconds_now": round(walked.seconds, 3),
            "processes": walked.workers,
            "times_s": dict(times),
            "versions": library_versions(),
            "digests": {"case": sweep.case.digest, "design": design.digest, **walked.digests},
        },
    }


def write_sweep_summary(summary: Mapping[str, Any], folder: Path) -> None:
    """Write ``sweep.json``, the last file of a sweep."""
    write_summary(summary, folder / SUMMARY)


def _thresholds(answer: Answer) -> dict[str, Any] | None:
    if answer.parameter is None:
        return None
    return {
        "parameter": answer.parameter.name,
        "goal": answer.goal,
        "larger_is_better": answer.upward,
        "slices": [
            {
                "others": {parameter.name: value for parameter, value in found.others},
                "value": found.value,
                "good": found.good,
                "samples": found.count,
                "next_verdict": found.next_verdict or None,
            }
            for found in answer.thresholds
        ],
    }


def _sample(sweep: Sweep, result: Result) -> dict[str, Any]:
    row = result.row
    return {
        "number": result.number,
        "as_stated": result is sweep.stated,
        "inputs": {axis.name: sweep.design.value(result.sample, axis.name) for axis in sweep.design.axes},
        "outcome": row.outcome,
        "primary_stability": result.verdict,
        "why": result.sentence,
        "criteria": {item.criterion.id: item.verdict for item in result.criteria},
        "values": {quantity.name: quantity.value for quantity in result.quantities},
        "errors": {quantity.name: quantity.error for quantity in result.quantities},
        "fixation_lost": None if row.loss is None else asdict(row.loss),
        "vertices_changing_state": row.changing_vertices,
        "newton_iterations": row.newton_iterations,
        "residual": row.residual,
        "imbalance": row.imbalance,
        "seconds": round(row.seconds, 3),
    }


def _band(band: Band) -> dict[str, Any]:
    return {
        "name": band.name,
        "title": band.title,
        "unit": band.unit,
        "least": band.least,
        "median": band.middle,
        "most": band.most,
        "sample_of_least": band.at_least.number,
        "sample_of_most": band.at_most.number,
        "as_stated": band.stated,
        "samples": band.samples,
    }
