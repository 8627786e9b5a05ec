"""The table of a study: terminal, ``table.csv`` for spreadsheets, ``convergence.json`` for programs.

Columns and keys are documented in ``docs/converge.md``. ``convergence.json`` is written last and by
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
from fea.converge.results import ConvergenceStudy, Traced
from fea.converge.run import program_digest
from fea.post.report_words import number, unit_of
from fea.post.summary import write_summary
from fea.provenance import checkout_commit, library_versions

SCHEMA_VERSION = 1
SUMMARY = "convergence.json"


def terminal_lines(study: ConvergenceStudy) -> list[str]:
    """Return the study as lines for the terminal: one a mesh, then two a judged quantity.

    Parameters
    ----------
    study : ConvergenceStudy

    Returns
    -------
    list of str
    """
    lines = [f"{'size':>8} {'unknowns':>10} {'interface':>10} {'time':>8}"]
    lines += [
        f"{mesh.size:5.3f} mm {mesh.unknowns:10d} {mesh.interface_vertices:10d} {mesh.seconds:6.1f} s"
        for mesh in study.solved
    ]
    for traced in study.judged:
        value = "no value" if traced.values[0] is None else number(traced.quantity.value)
        bar = "" if traced.quantity.error is None else f" ± {traced.quantity.error:.2g}"
        verdict = "" if traced.result is None else f": {traced.result.verdict}"
        name = traced.quantity.title if traced.result is None else traced.result.criterion.title
        lines.append(f"{name}: {value}{bar} {unit_of(traced.quantity.unit)}{verdict}")
        lines.append(f"    {traced.statement}")
    return lines


def table_text(study: ConvergenceStudy) -> str:
    """Return the table as comma-separated text, one row a quantity.

    Parameters
    ----------
    study : ConvergenceStudy

    Returns
    -------
    str
        An empty field is a value that does not exist.
    """
    stream = io.StringIO()
    rows = [_row(study, traced) for traced in study.every]
    writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def write_table(study: ConvergenceStudy, path: Path) -> None:
    """Write the table, whole or not at all."""
    draft = path.with_name(f".{path.name}.part")
    draft.write_text(table_text(study), encoding="utf-8")
    draft.replace(path)


def _row(study: ConvergenceStudy, traced: Traced) -> dict[str, Any]:
    found = traced.convergence
    return {
        "quantity": traced.quantity.name,
        "unit": traced.quantity.unit,
        "judged": "yes" if traced.result is not None else "no",
        **{f"value_at_{size:.4f}_mm": value for size, value in zip(study.sizes, traced.values, strict=True)},
        "convergence": traced.kind,
        "order": None if found is None else found.order,
        "extrapolated": None if found is None else found.extrapolated,
        "error": traced.quantity.error,
        "verdict": "" if traced.result is None else traced.result.verdict,
        "statement": traced.statement,
    }


def summary_of(study: ConvergenceStudy, times: Mapping[str, float]) -> dict[str, Any]:
    """Gather everything that ``convergence.json`` holds.

    Parameters
    ----------
    study : ConvergenceStudy
    times : mapping of str to float, s
        By phase of this call.

    Returns
    -------
    dict
        Of plain JSON values.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "program": {"name": "osseofit", "version": __version__, "commit": checkout_commit()},
        "case": {"title": study.case.title, "file": study.case.path.name},
        "answer": study.answer,
        "asked": asdict(study.meshes),
        "meshes": [
            {
                "factor": mesh.factor,
                "element_size_mm": mesh.size,
                "unknowns": mesh.unknowns,
                "elements": mesh.elements,
                "interface_vertices": mesh.interface_vertices,
                "fixation_lost": None if mesh.loss is None else asdict(mesh.loss),
                "times_s": dict(mesh.times),
                "peak_memory_GB": mesh.peak_memory_GB,
            }
            for mesh in study.solved
        ],
        "quantities": [_entry(traced) for traced in study.every],
        "record": {
            "times_s": dict(times),
            "versions": library_versions(),
            "digests": {"case": study.case.digest, "program": program_digest()},
        },
    }


def _entry(traced: Traced) -> dict[str, Any]:
    found, quantity = traced.convergence, traced.quantity
    return {
        "name": quantity.name,
        "title": quantity.title,
        "unit": quantity.unit,
        "values": list(traced.values),
        "convergence": traced.kind,
        "order": None if found is None else found.order,
        "extrapolated": None if found is None else found.extrapolated,
        "error": quantity.error,
        "singular_rim": traced.rim or None,
        "verdict": None if traced.result is None else traced.result.verdict,
        "statement": traced.statement,
    }


def write_study(summary: Mapping[str, Any], folder: Path) -> None:
    """Write ``convergence.json``, the last file of a study."""
    write_summary(summary, folder / SUMMARY)
