"""The tables of ``summary.json``, each from one dataclass, with units in the names of the keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from fea.post.assessment import Assessment
from fea.post.corners import CornerVerdict
from fea.post.criteria import CriterionResult
from fea.post.quantity import Quantity
from fea.post.reference import reference_area
from fea.post.rim_shapes import Rim
from fea.post.series import series
from fea.study import Study
from geometry.zones import COATED, COLLAR, porous

FORCE = ("force_x_N", "force_y_N", "force_z_N")
MOMENT = ("moment_x_Nmm", "moment_y_Nmm", "moment_z_Nmm")


def suffixed(table: Mapping[str, Any], units: Mapping[str, str]) -> dict[str, Any]:
    """Put the unit into the names of keys that lack it."""
    return {f"{key}{units.get(key, '')}": value for key, value in table.items()}


def verdict_table(study: Study, assessment: Assessment) -> dict[str, Any]:
    """Return the two overall verdicts and why."""
    loss = study.walk.loss
    return {
        "primary_stability": assessment.stability,
        "primary_stability_why": assessment.stability_sentences,
        "primary_stability_as_stated": assessment.nominal_stability,
        "depends_on_collar": assessment.depends_on_collar,
        "deciding_inputs": [
            asdict(decision) | {"others": dict(decision.others)} for decision in assessment.deciding
        ],
        "fixation_lost": None if loss is None else asdict(loss),
        "safety": assessment.safety,
        "safety_why": assessment.safety_sentences,
    }


def criterion_table(result: CriterionResult) -> dict[str, Any]:
    """Return one criterion with its verdict."""
    quantity = result.quantity
    return asdict(result.criterion) | {
        "verdict": result.verdict,
        "value": None if quantity is None else quantity.value,
        "error": None if quantity is None else quantity.error,
        "limit": result.limit,
        "margin": result.margin,
        "margin_percent": result.margin_percent,
        "sentence": result.sentence,
    }


def rim_table(rim: Rim) -> dict[str, Any]:
    """Return one singular rim; its axis is the implant's."""
    told = {key: value for key, value in asdict(rim).items() if key not in ("axis", "anchor")}
    lengths = dict.fromkeys(("level", "reach", "radius", "end", "depth", "curve"), "_mm")
    return suffixed(told, lengths | {"angles": "_rad"})


def quantity_table(quantity: Quantity) -> dict[str, Any]:
    """Return one quantity."""
    return suffixed(asdict(quantity), {"place": "_mm"})


def at_rim_table(quantity: Quantity) -> dict[str, Any]:
    """Return the largest value at a rim, which is never judged."""
    return {
        "name": quantity.name,
        "title": quantity.title,
        "value": quantity.value,
        "unit": quantity.unit,
        "rim": quantity.zone,
        "when": quantity.when,
        "place_mm": quantity.place,
    }


def corner_table(corner: CornerVerdict) -> dict[str, Any]:
    """Return one corner of the uncertain inputs."""
    return {
        "name": corner.name,
        "inputs": dict(corner.inputs),
        "primary_stability": corner.stability,
        "sentence": corner.sentence,
        "values": {
            result.criterion.quantity: None if result.quantity is None else result.quantity.value
            for result in corner.criteria
        },
    }


def reference_table(study: Study) -> dict[str, Any]:
    """Return the area that percentiles and shares are taken over."""
    reference = reference_area(study.interface, study.mesh.stem)
    facing = reference.vertex_area[reference.mask].sum()
    return {"zone": reference.name, "area_mm2": reference.area, "facing_bone_mm2": facing}


def series_table(study: Study) -> dict[str, Any]:
    """Return the course of the activity."""
    found = series(study)
    table = {field.name: getattr(found, field.name) for field in fields(found)}
    for name in ("wrench", "reaction"):
        table[name] = dict(zip(FORCE + MOMENT, table[name].T, strict=True))
    table["moment_at_cut"] = dict(zip(MOMENT, table["moment_at_cut"].T, strict=True))
    return suffixed(table, {"percent": "_of_activity", "dissipation": "_Nmm"})


def mesh_table(study: Study) -> dict[str, Any]:
    """Return sizes and quality of the mesh."""
    mesh, interface = study.mesh, study.interface
    # Every stem tells its collar, and one without coating that it has none.
    zones = (*interface.zones, COLLAR) if porous(interface.zones) else (COATED, *interface.zones, COLLAR)
    return {
        "unknowns": mesh.unknowns,
        "element_size_mm": mesh.element_size,
        "bodies": {
            part.name: {"nodes": len(part.points), "elements": len(part.tets)}
            for part in (mesh.stem, mesh.bone)
        },
        "interface_area_mm2": {
            name: interface.area[interface.within(name)].sum() for name in dict.fromkeys(zones)
        },
        "quality": suffixed(asdict(mesh.quality), {"worst_place": "_mm"}),
        "digest": mesh.digest,
    }


def record_table(study: Study) -> dict[str, Any]:
    """Return how the run was computed."""
    record = {field.name: getattr(study.record, field.name) for field in fields(study.record)}
    del record["code_version"], record["commit"]
    record["companion_mesh"] = None
    if study.coarse is not None:
        record["companion_mesh"] = {
            "unknowns": study.coarse.record.unknowns,
            "interface_vertices": study.coarse.record.interface_vertices,
            "size_ratio": study.coarse.mesh.element_size / study.mesh.element_size,
        }
    return suffixed(record, {"times": "_s"})
