"""The machine-readable result of a case: ``summary.json``.

Every number of the report with its unit, the verdicts and how they came about. Keys are
documented in ``docs/summary.md``. The file is written last and by rename: where it stands,
the run is complete.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from fea.post.assessment import Assessment
from fea.post.fail_safe import fail_safe_table
from fea.post.inputs import case_inputs
from fea.post.micromotion import judged_states, micromotion
from fea.post.outside import load_table
from fea.post.quantity import Quantity
from fea.post.rim_peaks import rim_peaks
from fea.post.rims import rims
from fea.post.scan import scan_table
from fea.post.seating import seating_table
from fea.post.summary_tables import (
    at_rim_table,
    corner_table,
    criterion_table,
    mesh_table,
    quantity_table,
    record_table,
    reference_table,
    rim_table,
    series_table,
    suffixed,
    verdict_table,
)
from fea.post.surfaces import surface_table
from fea.post.zones import zone_table
from fea.study import Study

SCHEMA_VERSION = 1


def summarise(study: Study, quantities: Sequence[Quantity], assessment: Assessment) -> dict[str, Any]:
    """Gather everything that ``summary.json`` holds.

    Parameters
    ----------
    study : Study
    quantities : sequence of Quantity
    assessment : Assessment

    Returns
    -------
    dict
        Of plain JSON values; what is not a number is None.
    """
    motion = micromotion(study.walk) if judged_states(study.walk) else None
    zones = zone_table(study.interface, study.case.stem, study.walk.press_fit, motion)
    found = {
        "schema_version": SCHEMA_VERSION,
        "program": {
            "name": "osseofit",
            "version": study.record.code_version,
            "commit": study.record.commit,
        },
        "case": {"title": study.case.title, "file": study.case.path.name},
        "verdict": verdict_table(study, assessment),
        "criteria": [criterion_table(result) for result in assessment.criteria],
        "quantities": [quantity_table(quantity) for quantity in quantities],
        "load": load_table(study.case),
        "fail_safe": fail_safe_table(study.case),
        "surfaces": surface_table(study.case),
        "reference_area": reference_table(study),
        "zones": [suffixed(asdict(zone), {"area": "_mm2", "mean_pressure": "_MPa"}) for zone in zones],
        "series": series_table(study),
        "variants": [corner_table(corner) for corner in assessment.corners],
        "singular_rims": [rim_table(rim) for rim in rims(study.case)],
        "at_rims": [at_rim_table(quantity) for quantity in rim_peaks(study)],
        "bone_surface": scan_table(study.case),
        "seating": seating_table(study.case),
        "inputs": [asdict(entry) for entry in case_inputs(study.case)],
        "balance": suffixed(asdict(study.balance), {"least_dissipation": "_Nmm"}),
        "mesh": mesh_table(study),
        "record": record_table(study),
    }
    return {key: plain(value) for key, value in found.items()}


def write_summary(summary: Mapping[str, Any], path: Path) -> None:
    """Write a summary by rename, so that a file that stands is complete.

    Parameters
    ----------
    summary : mapping
        As `summarise` returns it.
    path : Path

    Raises
    ------
    ValueError
        Where a number is not finite; nothing is written then.
    """
    text = json.dumps(summary, indent=1, ensure_ascii=False, allow_nan=False)
    unfinished = path.with_name(f".{path.name}.part")
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(f"{text}\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def plain(value: Any) -> Any:
    """Turn arrays, tuples and numbers that are not finite into what JSON knows."""
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    return value.item() if isinstance(value, np.generic) else value
