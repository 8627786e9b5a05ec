"""The machine-readable result of a taper joint: ``summary.json``; cone and socket by these names."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from fea.case.taper import TaperCase
from fea.post.micromotion import judged_states
from fea.post.summary import SCHEMA_VERSION, plain
from fea.post.summary_tables import FORCE, MOMENT, criterion_table, quantity_table, suffixed
from fea.status import Status
from fea.study import Study
from fea.taper.assessment import TaperAssessment, TaperCorner
from fea.taper.page import comparisons, inputs_of
from fea.taper.quantities import balance_of, normal_force


def summarise_taper(joint: TaperCase, study: Study, assessment: TaperAssessment) -> dict[str, Any]:
    """Gather everything that ``summary.json`` holds.

    Parameters
    ----------
    joint : TaperCase
    study : Study
    assessment : TaperAssessment

    Returns
    -------
    dict
        Of plain JSON values; what is not a number is None.
    """
    loss, record, energy = study.walk.loss, study.record, balance_of(study)
    found = {
        "schema_version": SCHEMA_VERSION,
        "kind": "taper_joint",
        "program": {"name": "osseofit", "version": record.code_version, "commit": record.commit},
        "case": {"title": joint.case.title, "file": joint.case.path.name, "assembly": joint.path_in_words},
        "verdict": {
            "fretting": assessment.fretting,
            "fretting_why": assessment.fretting_sentences,
            "safety": assessment.safety,
            "safety_why": assessment.safety_sentences,
            "came_apart": None if loss is None else asdict(loss),
        },
        "criteria": [criterion_table(result) for result in assessment.criteria],
        "quantities": [quantity_table(quantity) for quantity in assessment.quantities],
        "variants": [_corner(corner) for corner in assessment.corners],
        "closed_forms": [asdict(row) for row in comparisons(joint, assessment)],
        "series": series_of(study),
        "inputs": [asdict(entry) for entry in inputs_of(joint)],
        "balance": suffixed(asdict(study.balance), {"least_dissipation": "_Nmm"}),
        "energy": None if energy is None else suffixed(
            asdict(energy) | {"defect": energy.defect},
            {"work": "_mJ", "stored": "_mJ", "friction": "_mJ"},
        ),
        "mesh": _mesh(study),
        "record": suffixed(
            {key: getattr(record, key) for key in record.__dataclass_fields__ if key != "commit"},
            {"times": "_s"},
        ),
    }  # fmt: skip
    return {key: plain(value) for key, value in found.items()}


def _corner(corner: TaperCorner) -> dict[str, Any]:
    return {
        "name": corner.name,
        "friction": corner.friction,
        "fretting": corner.fretting,
        "sentence": corner.sentence,
        "values": {quantity.name: quantity.value for quantity in corner.quantities},
    }


def series_of(study: Study) -> dict[str, Any]:
    """Return the course of the judged cycle: load, normal force, contact, friction work."""
    states, interface = judged_states(study.walk), study.interface
    wrench = np.array([state.wrench for state in states]).reshape(-1, 6)
    area = interface.area
    return {
        "percent_of_activity": study.walk.percent[: len(states)],
        "wrench": dict(zip(FORCE + MOMENT, wrench.T, strict=True)),
        "normal_force_N": [normal_force(interface, state) for state in states],
        "contact_area_percent": [
            100 * float(area[state.status != Status.OPEN].sum() / area.sum()) for state in states
        ],
        "friction_work_mJ": [state.dissipation for state in states],
    }


def _mesh(study: Study) -> dict[str, Any]:
    mesh = study.mesh
    return {
        "unknowns": mesh.unknowns,
        "element_size_mm": mesh.element_size,
        "bodies": {
            name: {"nodes": len(part.points), "elements": len(part.tets)}
            for name, part in (("cone", mesh.stem), ("socket", mesh.bone))
        },
        "contact_area_mm2": study.interface.area.sum(),
        "quality": suffixed(asdict(mesh.quality), {"worst_place": "_mm"}),
        "digest": mesh.digest,
    }
