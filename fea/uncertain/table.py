"""The tables of a study: ``samples.csv`` for spreadsheets, ``uncertainty.json`` for programs.

Columns and keys are documented in ``docs/uncertain.md``. ``uncertainty.json`` is written last and by
rename: where it stands, the study is complete.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fea import __version__
from fea.post.summary import write_summary
from fea.provenance import checkout_commit, library_versions
from fea.uncertain.probability import Probability
from fea.uncertain.results import Band, Judged, Result
from fea.uncertain.words import answer_of, cost_of, decides, held_fixed, notes_of, stated_values

SCHEMA_VERSION = 1
SUMMARY = "uncertainty.json"


def table_text(judged: Judged) -> str:
    """Return the samples as comma-separated text, the case as stated first.

    Parameters
    ----------
    judged : Judged

    Returns
    -------
    str
        An empty field is a value that the sample does not have.
    """
    stream = io.StringIO()
    rows = [_row(judged, result) for result in (judged.stated, *judged.results)]
    writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def write_table(judged: Judged, path: Path) -> None:
    """Write the table, whole or not at all."""
    draft = path.with_name(f".{path.name}.part")
    draft.write_text(table_text(judged), encoding="utf-8")
    draft.replace(path)


def _columns(judged: Judged) -> list[str]:
    """Return every quantity that a sample has, the judged ones first."""
    told = [quantity.name for result in (judged.stated, *judged.results) for quantity in result.quantities]
    return list(dict.fromkeys([*(band.name for band in judged.bands), *told]))


def _row(judged: Judged, result: Result) -> dict[str, Any]:
    row, loss = result.row, result.row.loss
    inputs = stated_values(judged) if result is judged.stated else result.values
    verdicts = {item.criterion.id: item.verdict for item in result.criteria}
    return {
        "sample": result.number,
        "model": result.model,
        **inputs,
        "outcome": row.outcome,
        "primary_stability": result.stability,
        "safety": result.safety,
        **{f"verdict_{item.id}": verdicts.get(item.id, "") for item in judged.case.criteria},
        **{name: result.value(name) for name in _columns(judged)},
        "loss_cycle": None if loss is None else loss.cycle,
        "loss_percent_of_activity": None if loss is None else loss.percent,
        "loss_motion": "" if loss is None else loss.motion,
        "residual": row.residual,
        "imbalance": row.imbalance,
        "seconds": round(row.seconds, 3),
        "why": result.why,
    }


def summary_of(judged: Judged, times: Mapping[str, float]) -> dict[str, Any]:
    """Gather everything that ``uncertainty.json`` holds.

    Parameters
    ----------
    judged : Judged
    times : mapping of str to float, s
        By phase.

    Returns
    -------
    dict
        Of plain JSON values.
    """
    design, rows = judged.design, judged.rows
    return {
        "schema_version": SCHEMA_VERSION,
        "program": {"name": "osseofit", "version": __version__, "commit": checkout_commit()},
        "case": {"title": judged.case.title, "file": judged.case.path.name},
        "answer": answer_of(judged),
        "decides": decides(judged.bands),
        "cost": cost_of(judged),
        "notes": list(notes_of(judged)),
        "ranges_from": "the case file" if judged.from_case else "defaults",
        "zone": design.uncertainty.zone,
        "inputs": _inputs(judged),
        "design": asdict(design.options),
        "verdicts": {
            "primary_stability": [asdict(found) for found in judged.stability],
            "safety": [asdict(found) for found in judged.safety],
            "fixation_lost": asdict(judged.lost),
        },
        "quantities": [_band(band, len(judged.solved)) for band in judged.bands],
        "samples": [_sample(judged, result) for result in (judged.stated, *judged.results)],
        "held_fixed": [asdict(entry) for entry in held_fixed(judged)],
        "record": {
            "samples": len(judged.results),
            "solved": len(judged.solved),
            "walked_now": rows.walked,
            "models_set_up_now": rows.factored,
            "seconds_now": round(rows.seconds, 3),
            "processes": rows.workers,
            "times_s": dict(times),
            "versions": library_versions(),
            "digests": {"case": judged.case.digest},
        },
    }


def write_study_summary(summary: Mapping[str, Any], folder: Path) -> None:
    """Write ``uncertainty.json``, the last file of a study."""
    write_summary(summary, folder / SUMMARY)


def _inputs(judged: Judged) -> list[dict[str, Any]]:
    stated = stated_values(judged)
    return [
        {
            "name": item.name,
            "title": item.kind.title,
            "unit": item.kind.unit,
            "distribution": item.distribution,
            "least": None if item.choices else item.least,
            "most": None if item.choices else item.most,
            "peak": item.peak if item.distribution == "triangular" else None,
            "choices": list(item.choices),
            "as_stated": stated[item.name],
            "needs_factorisation": item.kind.model,
            "source": item.source,
            "grade": item.grade,
        }
        for item in judged.design.uncertainty.inputs
    ]


def _band(band: Band, solved: int) -> dict[str, Any]:
    known = band.sensitivity
    return {
        "name": band.name,
        "title": band.title,
        "unit": band.unit,
        "criterion": band.criterion.id,
        "group": band.criterion.group,
        "p5": band.low,
        "p50": band.middle,
        "p95": band.high,
        "as_stated": band.stated,
        "error_as_stated": band.error,
        "samples": solved - band.missing,
        "samples_without_value": band.missing,
        "verdicts": [_told(found) for found in band.verdicts],
        "sensitivity": {
            "why_not": known.why_not or None,
            "q2_samples_left_out": _finite(known.q2_sample),
            "q2_models_left_out": _finite(known.q2_model),
            "left_out_by_model": known.grouped,
            "of_logarithm": known.logarithm,
            "terms": known.terms,
            "indices": [asdict(index) for index in known.indices],
        },
    }


def _told(found: Probability) -> dict[str, Any]:
    return asdict(found)


def _finite(value: float | None) -> float | None:
    return None if value is None or value == -float("inf") else value


def _sample(judged: Judged, result: Result) -> dict[str, Any]:
    row = result.row
    return {
        "number": result.number,
        "model": result.model,
        "inputs": stated_values(judged) if result is judged.stated else dict(result.values),
        "outcome": row.outcome,
        "primary_stability": result.stability,
        "safety": result.safety,
        "why": result.why,
        "criteria": {item.criterion.id: item.verdict for item in result.criteria},
        "values": {quantity.name: quantity.value for quantity in result.quantities},
        "fixation_lost": None if row.loss is None else asdict(row.loss),
        "residual": row.residual,
        "imbalance": row.imbalance,
        "seconds": round(row.seconds, 3),
    }
