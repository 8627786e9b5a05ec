"""Every input of a case as one table: value, unit, band, source and how well it is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import numpy as np

from fea.case.case import SKIN_PASSAGE, Activity, Bands, Case
from fea.ct.density import ImagedMaterial
from fea.loads.fail_safe import SENSES, FailSafe
from geometry.bone import Bone
from geometry.scanned.closed import ClosedCanal
from geometry.scanned.whole import Whole
from geometry.zones import ABUTMENT, COLLAR, SPLINES, THREAD
from materials.elasticity import Isotropic
from materials.entry import ASSUMPTION, Entry
from materials.lattice import GENERAL, Lattice
from materials.material import Material
from materials.surfaces import Surface

#: What a surface in the passage through the skin is to the model.
OUTSIDE = "outside the mechanical model: no skin, no infection, no wear is computed"

#: Source of a value that stands in the case file and cites nothing.
CASE_FILE = "stated in the case file"


@dataclass(frozen=True)
class Input:
    """One input.

    Attributes
    ----------
    name
        Where it belongs, by dotted words.
    value : float or str
        In `unit`.
    unit
        ``"1"`` for none.
    low, high : float or None
        The band in which it may lie; None where none is stated.
    source
    grade
        A to D as in `materials.entry.GRADES`; None for what the case file states.
    note
    """

    name: str
    value: float | str
    unit: str
    low: float | None = None
    high: float | None = None
    source: str = CASE_FILE
    grade: str | None = None
    note: str = ""


def case_inputs(case: Case) -> tuple[Input, ...]:
    """Return the inputs of a case: materials, fit, activity, shapes, mesh.

    Parameters
    ----------
    case : Case

    Returns
    -------
    tuple of Input
    """
    found = [*_material("bone_material", case.bone_material), *_material("stem_material", case.stem_material)]
    if isinstance(case.bone_material, ImagedMaterial):
        found += _imaged(case.bone_material)
    if case.core_material is not None:
        found += _material("core_material", case.core_material)
    for zone, material in case.layer_materials.items():
        prefix = region_prefix(zone)
        if isinstance(material, Lattice):
            found += _lattice(prefix, material)
        else:
            found += _material(prefix, material)
    found += _fit(case)
    found += [Input(f"preload.{name.replace(' ', '_')}", force, "N") for name, force in case.preloads.items()]
    for zone, surface in case.surfaces.items():
        found += _surface(zone, surface)
    found += _fail_safe(case.fail_safe)
    if case.activity is not None:
        found += _activity(case.activity)
    for value in case.site:
        found.append(
            Input(
                f"bone.site.{value.name.removesuffix('_mm')}", value.value, value.unit,
                source=value.source, grade=value.grade, note=value.note,
            )
        )  # fmt: skip
    whole = case.bone.outline
    shape = _whole(case.bone, whole) if isinstance(whole, Whole) else asdict(case.bone)
    if case.bone.stations:
        # Outlines beside stations follow from them.
        shape |= {"outline": None, "canal_outline": None}
    found += _lengths("bone", shape)
    if case.depth:
        found.append(Input("seating.depth", case.depth, "mm"))
    if case.reaming is not None:
        found += _lengths("reaming", asdict(case.reaming))
    found += _lengths("stem", case.stem.stated())
    found += [
        Input(f"mesh.{name}_size", getattr(case.mesh, name), "mm") for name in ("interface", "far", "edge")
    ]
    if case.mesh.shell is not None:
        found.append(Input("mesh.shell_size", case.mesh.shell, "mm"))
    return tuple(found)


def _whole(bone: Bone, whole: Whole) -> dict[str, Any]:
    """Return what is stated of a whole bone, nested as `_lengths` takes it."""
    shell = tuple({"level": level, "thickness": thick} for level, thick in whole.thickness)
    held = {"within": whole.held.within} if whole.held.head else {"above": whole.held.above}
    canal = bone.canal_outline
    end = {"canal_end": canal.end} if isinstance(canal, ClosedCanal) else {}
    return {"length": bone.length, "shell": shell, "held": held, **end}


def _imaged(material: ImagedMaterial) -> Iterator[Input]:
    """Yield the law and the calibration by which CT numbers become moduli."""
    density = material.by_place
    law = density.law
    yield Input("bone_density.law", law.name, "1", None, None, law.source, law.grade, law.note)
    for name, entry in material.calibration.items():
        unit = "g/cm3 per HU" if name == "hu_slope" else entry.unit
        ends = (entry.low, entry.high) if entry.low < entry.high else (None, None)
        yield Input(
            f"bone_density.{name}", entry.value, unit, ends[0], ends[1], entry.source, entry.grade, entry.note
        )
    yield Input("bone_density.wall_inset", density.inset, "mm")
    yield Input("bone_density.mean_of", density.mean, "1")


def region_prefix(name: str) -> str:
    """Return what the inputs of a region's material begin with."""
    return "abutment_material" if name == ABUTMENT else f"{name}_layer_material"


def _material(prefix: str, material: Material) -> Iterator[Input]:
    yield Input(f"{prefix}.name", material.name, "1", note=material.note)
    if not material.entries:
        for field in fields(material.elasticity):
            unit = "1" if field.name.startswith(("nu", "poisson")) else "MPa"
            yield Input(f"{prefix}.{field.name}", float(getattr(material.elasticity, field.name)), unit)
    tables: tuple[tuple[str, Mapping[str, Entry]], ...] = (
        (prefix, material.entries),
        (f"{prefix}.strength", material.strengths),
    )
    for owner, entries in tables:
        for name, entry in entries.items():
            yield Input(
                f"{owner}.{name}", entry.value, entry.unit, entry.low, entry.high,
                entry.source, entry.grade, entry.note,
            )  # fmt: skip


def _lattice(prefix: str, lattice: Lattice) -> Iterator[Input]:
    """Yield law, densities and solid of a lattice; what the case leaves at the general values has a grade."""
    yield Input(f"{prefix}.name", lattice.name, "1", note=lattice.note)
    for name, general in GENERAL.items():
        value = float(getattr(lattice.law, name))
        own = Input(f"{prefix}.{name}", value, "1", note=general.note.partition(",")[0])
        known = replace(own, source=general.source, grade=general.grade, note=general.note)
        yield known if value == general.value else own
    for side in ("core", "surface"):
        ends = getattr(lattice.grading, side)
        for end, density in zip(("distal", "proximal"), ends, strict=True):
            yield Input(f"{prefix}.relative_density.{side}.{end}", density, "1")
    assert isinstance(lattice.elasticity, Isotropic)
    assert isinstance(lattice.solid.elasticity, Isotropic)
    poisson = Input(f"{prefix}.poisson_ratio", lattice.elasticity.poisson_ratio, "1")
    as_solid = replace(poisson, source=ASSUMPTION, grade="C2", note="taken from the solid")
    yield as_solid if poisson.value == lattice.solid.elasticity.poisson_ratio else poisson
    yield Input(
        f"{prefix}.mean_youngs_modulus", lattice.elasticity.youngs_modulus, "MPa",
        source="derived", grade="D", note="C E_solid density^n, mean over the layer's volume",
    )  # fmt: skip
    stated = lattice.solid.strengths.get("yield_strength")
    if lattice.collapses_at is not None and (stated is None or stated.value != lattice.collapses_at):
        yield Input(f"{prefix}.solid_yield_strength", lattice.collapses_at, "MPa")
    yield from _material(f"{prefix}.solid", lattice.solid)


def _fit(case: Case) -> Iterator[Input]:
    for zone, fit in case.fit.items():
        bands = next((bands for bands in case.bands if bands.zone == zone), Bands(zone))
        if zone in (SPLINES, THREAD):
            yield Input(f"fit.{zone}.interference", 1000 * fit.radial_interference, "um")
        elif zone != COLLAR:
            low, high = bands.radial_interference or (None, None)
            yield Input(
                f"fit.{zone}.diametral_interference",
                2000 * fit.radial_interference,
                "um",
                None if low is None else 2000 * low,
                None if high is None else 2000 * high,
            )
        low, high = bands.friction or (None, None)
        yield Input(f"fit.{zone}.friction", fit.friction, "1", low, high)


def _surface(zone: str, surface: Surface) -> Iterator[Input]:
    prefix = f"surface.{zone.replace(' ', '_')}"
    note = OUTSIDE if zone == SKIN_PASSAGE else ""
    yield Input(f"{prefix}.condition", surface.title, "1", note=note)
    for name, entry in surface.entries.items():
        yield Input(
            f"{prefix}.{name}", entry.value, entry.unit, entry.low, entry.high, entry.source, entry.grade,
            entry.note,
        )  # fmt: skip


def _fail_safe(device: FailSafe | None) -> Iterator[Input]:
    if device is None:
        return
    yield Input("fail_safe.distal", device.distal, "mm")
    for sense in SENSES:
        limit, band = device.limit(sense), device.band(sense)
        if limit is not None:
            low, high = (None, None) if band is None else (band[0] / 1000.0, band[1] / 1000.0)
            yield Input(f"fail_safe.{sense}_limit", limit / 1000.0, "N m", low, high)


def _activity(activity: Activity) -> Iterator[Input]:
    history = activity.history
    if activity.body_weight is not None:
        yield Input("activity.body_weight", activity.body_weight, "N")
    yield Input("activity.limb_side", activity.limb_side, "1")
    yield Input("activity.instants_per_cycle", float(activity.instants_per_cycle), "1")
    yield Input("activity.cycles", float(activity.cycles), "1")
    if (point := activity.acts_at) is not None:
        yield Input("activity.acts_at.place", point.name, "1")
        yield Input("activity.acts_at.distal", 0.0 - point.level, "mm")
        yield Input("activity.acts_at.anterior", point.anterior, "mm")
        yield Input("activity.acts_at.lateral", point.lateral, "mm")
    kind = "synthetic history: nobody measured this course. " if history.synthetic else ""
    yield Input(
        "activity.history", history.title, "1",
        source=history.source, grade=history.grade, note=f"{kind}{history.note}".strip(),
    )  # fmt: skip


#: Names of numbers of a shape that are angles.
_ANGLES = (
    "apex", "first_angle", "distal_lean", "proximal_lean", "angle", "direction", "about_x", "about_y",
    "about_z", "tilt_front", "tilt_left", "turn",
)  # fmt: skip


def _lengths(prefix: str, shape: Mapping[str, Any]) -> Iterator[Input]:
    """Flatten a shape, whose every number is a length in mm but for counts and angles."""
    for name, value in shape.items():
        key = f"{prefix}.{name}"
        if name == "elements" or isinstance(value, np.ndarray):
            continue  # of a layer's mesh, or splines through a surface: nothing that a case states
        if isinstance(value, Mapping):
            yield from _lengths(key, value)
        elif isinstance(value, tuple):
            for index, part in enumerate(value):
                yield from _lengths(f"{key}[{index}]", part)
        elif isinstance(value, str):
            yield Input(key, value, "1")
        elif isinstance(value, bool):
            yield Input(key, "yes" if value else "no", "1")
        elif isinstance(value, int):
            yield Input(key, float(value), "1")
        elif name == "washer_stiffness":
            if value is not None:
                yield Input(key, value, "N/mm")
        elif name == "share":
            yield Input(key, float(value), "1")
        elif name in _ANGLES:
            yield Input(key, value, "rad")
        elif value is not None:
            yield Input(key, float(value), "mm")
