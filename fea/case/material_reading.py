"""The materials of a case: of bone and stem, of layers and lattices, and by place from a CT volume."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from fea.case.conversion import lattice_material_of, material_of
from fea.case.ct_table import ct_uncertainty_mistakes, imaged_material
from fea.case.gathering import Report, stated_name
from fea.case.lattice_table import axial_mistakes
from fea.case.material_tables import MaterialChoice
from fea.case.mistake import Mistake
from fea.case.schema import INTERFACE_PER_DIAMETER
from geometry.scanned.bone import Scanned
from geometry.zones import ABUTMENT
from materials.elasticity import Isotropic
from materials.material import Material


def materials_of(raw: Mapping[str, Any], tables: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Return the two materials, or report why there is none."""
    made: dict[str, Any] = {}
    for body in ("bone", "stem"):
        choice = tables[body].material if body in tables else stated_name(raw, body, "material")
        if choice is not None:
            value = choice if isinstance(choice, str) else ...
            make = partial(material_of, choice, body)
            made[f"{body}_material"] = report.attempt(f"{body}.material", value, make)
    if "bone" in tables and (core := tables["bone"].core):
        value = core.material if isinstance(core.material, str) else ...
        make = partial(material_of, core.material, "core")
        made["core_material"] = report.attempt("bone.core.material", value, make)
    coatings = tables["stem"].coatings if "stem" in tables else {}
    layers = {
        zone.name: _layer_material(zone.material, "coating", place, report)
        for place, zone in coatings.items()
    }
    if "stem" in tables and (abutment := tables["stem"].abutment):
        layers[ABUTMENT] = _layer_material(abutment.material, ABUTMENT, "stem.abutment", report)
    if found := {name: material for name, material in layers.items() if material is not None}:
        made["layer_materials"] = found
    return made


def put_lattices(
    tables: Mapping[str, Any], unsound: Collection[str], made: dict[str, Any], report: Report
) -> None:
    """Put the lattices of the stem's coatings among the layers' materials, or report what cannot be."""
    stem = made.get("stem")
    if stem is None or "stem" in unsound:
        return
    for place, zone in tables["stem"].coatings.items():
        if zone.lattice is None:
            continue
        solid = zone.lattice.solid
        value = solid if isinstance(solid, str) else ...
        make = partial(lattice_material_of, zone.lattice, stem, zone.name)
        lattice = report.attempt(f"{place}.lattice.solid", value, make)
        if {"mesh"} <= tables.keys() - unsound:
            size = tables["mesh"].interface_size_mm or tables["stem"].diameter_mm * INTERFACE_PER_DIAMETER
            length = zone.to_mm - zone.from_mm
            for mistake in axial_mistakes(zone.lattice, f"{place}.lattice", length, size):
                report.add(Mistake(*mistake))
        if lattice is not None:
            made["layer_materials"] = {**made.get("layer_materials", {}), zone.name: lattice}


def put_density(
    tables: Mapping[str, Any], made: dict[str, Any], scanned: Scanned | None, report: Report
) -> None:
    """Give the bone the modulus of its CT density, or report what cannot be."""
    table = tables.get("bone")
    if table is None or table.ct is None or scanned is None:
        return
    for mistake in ct_uncertainty_mistakes(table, tables.get("uncertainty")):
        report.add(mistake)
    material = made.get("bone_material")
    if table.ct.density is None or material is None:
        return
    make = partial(imaged_material, table.ct.density, material, scanned, table.length_mm)
    made["bone_material"] = report.attempt("bone.ct.density", ..., make)


def _layer_material(choice: MaterialChoice | None, body: str, place: str, report: Report) -> Material | None:
    """Return the material of a coating that is meshed as a layer, or of an abutment, if it has its own."""
    if choice is None:
        return None
    path, value = f"{place}.material", choice if isinstance(choice, str) else ...
    material = report.attempt(path, value, partial(material_of, choice, body))
    if material is not None and not isinstance(material.elasticity, Isotropic):
        owner = "a layer" if body == "coating" else "an abutment"
        message = f"{owner}'s material must be isotropic; give youngs_modulus_MPa and poisson_ratio"
        report.add(Mistake(path, message, value))
    return material
