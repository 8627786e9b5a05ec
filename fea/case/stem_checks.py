"""What is wrong with a stem that its tables alone show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

from fea.case.abutment_tables import abutment_mistakes
from fea.case.anchor_tables import anchor_list_mistakes, key_of
from fea.case.conversion import stem_of
from fea.case.groove_tables import groove_mistakes
from fea.case.lattice_table import lattice_mistakes
from fea.case.mistake import Mistake
from fea.case.schema import FitTable
from fea.case.screw_tables import screw_mistakes
from fea.case.shape_tables import CoatingTable, StemTable
from fea.case.thread_table import thread_mistakes
from geometry.anchor import anchor_clashes, anchor_faults
from geometry.errors import GeometryError
from geometry.stem import Collar, Stem
from geometry.zones import COATED, wrong_name


def stem_mistakes(stem: StemTable) -> Iterator[Mistake]:
    """Yield what does not go together on the stem; its grooves only where the rest is sound."""
    found = list(_turned_mistakes(stem))
    found += [Mistake(*mistake) for mistake in abutment_mistakes(stem)]
    found += list(_anchor_mistakes(stem))
    yield from found
    if found or not (stem.flutes or stem.splines or stem.slot or stem.thread or stem.lag_screw):
        return
    stated = stem.collar
    collar = Collar(stated.diameter_mm, stated.thickness_mm, 0.0) if stated else None
    try:
        turned = Stem(
            stem.diameter_mm, stem.length_mm, stem.protrusion_mm, stem.tip_diameter_mm, stem.tip_radius_mm,
            stem.bore_diameter_mm, collar, abutment=stem.abutment.shape() if stem.abutment else None,
        )  # fmt: skip
    except GeometryError:
        return
    grooves = [*groove_mistakes(turned.turned, stem.flutes, stem.splines, stem.slot)]
    screw = [] if grooves else [*_screw_mistakes(turned, stem)]
    for path, message, value in (*grooves, *screw):
        yield Mistake(path, message, value)
    if stem.thread is not None:
        with suppress(GeometryError):
            bare = stem_of(stem.model_copy(update={"thread": None, "lag_screw": None}))
            for path, message, value in thread_mistakes(stem.thread, bare):
                yield Mistake(path, message, value)


def _anchor_mistakes(stem: StemTable) -> Iterator[Mistake]:
    """Yield what is wrong between an anchor and its spindle, where spindle and lists are sound."""
    if stem.anchor is None:
        return
    lists = [Mistake(*mistake) for mistake in anchor_list_mistakes(stem)]
    yield from lists
    try:
        bare = stem_of(stem.model_copy(update={"anchor": None}))
    except GeometryError:
        return
    for part, requirement in anchor_clashes(bare):
        yield Mistake(f"stem.{'bow_radius_mm' if part == 'bow_radius' else part}", requirement)
    for fault in () if lists else anchor_faults(stem.anchor.shape(), bare):
        row, size, requirement = fault
        stated = {
            "gap": stem.collar and stem.collar.gap_um,
            "tip_radius": stem.tip_radius_mm,
            "level": None if row is None else stem.anchor.pin_levels_mm[row],
        }
        yield Mistake(key_of(fault), requirement, stated.get(size, ...))


def _screw_mistakes(turned: Stem, stem: StemTable) -> Iterator[tuple[str, str, object]]:
    """Yield what is wrong with a screw, where the stem without it is sound."""
    if stem.lag_screw is None:
        return
    zones = stem.coatings.values()
    parts = {name: getattr(stem, name) for name in ("flutes", "splines", "slot", "thread")}
    try:
        whole = replace(
            turned,
            coatings=tuple(zone.shape() for zone in zones),
            bow_radius=stem.bow_radius_mm,
            **{name: table.shape() for name, table in parts.items() if table is not None},
        )
    except GeometryError:
        return
    yield from screw_mistakes(stem.lag_screw, whole)


def _turned_mistakes(stem: StemTable) -> Iterator[Mistake]:
    tip = stem.diameter_mm if stem.tip_diameter_mm is None else stem.tip_diameter_mm
    if tip > stem.diameter_mm:
        message = f"a stem tapers towards its tip: give at most stem.diameter_mm, {stem.diameter_mm:g}"
        yield Mistake("stem.tip_diameter_mm", message, tip)
    roundest = min(tip / 2, stem.length_mm)
    if stem.tip_radius_mm > roundest:
        message = f"must be at most the radius of the tip and the length of the stem, {roundest:g}"
        yield Mistake("stem.tip_radius_mm", message, stem.tip_radius_mm)
    if stem.bore_diameter_mm >= min(tip, stem.diameter_mm):
        message = f"the bore must be narrower than the stem, {min(tip, stem.diameter_mm):g}"
        yield Mistake("stem.bore_diameter_mm", message, stem.bore_diameter_mm)
    yield from _coating_mistakes(stem)
    collar = stem.collar
    if collar and collar.diameter_mm <= stem.diameter_mm:
        message = f"the collar must be wider than the stem, {stem.diameter_mm:g}"
        yield Mistake("stem.collar.diameter_mm", message, collar.diameter_mm)


def _coating_mistakes(stem: StemTable) -> Iterator[Mistake]:
    """Yield coatings off the stem, over one another, or without a name of their own."""
    names: dict[str, str] = {}
    for place, zone in stem.coatings.items():
        if wrong := wrong_name(zone.name):
            yield Mistake(f"{place}.name", wrong, zone.name)
        elif zone.name in FitTable.model_fields and zone.name != COATED:
            yield Mistake(f"{place}.name", "must be no key of [fit]", zone.name)
        elif zone.name in names:
            message = f"each coating must have its own name, but this one stands at {names[zone.name]} too"
            yield Mistake(f"{place}.name", message, zone.name)
        names.setdefault(zone.name, place)
        if zone.to_mm > stem.length_mm:
            message = f"the coating must end on the stem, at most at stem.length_mm, {stem.length_mm:g}"
            yield Mistake(f"{place}.to_mm", message, zone.to_mm)
        if zone.from_mm >= zone.to_mm:
            message = f"the coating must begin below its end, {zone.to_mm:g}"
            yield Mistake(f"{place}.from_mm", message, zone.from_mm)
        if zone.lattice is not None:
            yield from _lattice_mistakes(zone, place)
        elif zone.thickness_mm is not None and zone.material is None:
            message = (
                "a coating with a thickness needs a material; name one, state a lattice, or leave"
                " thickness_mm out"
            )
            yield Mistake(f"{place}.material", message)
        elif zone.thickness_mm is None and zone.material is not None:
            message = "a coating's material needs thickness_mm; give one, or leave material out"
            yield Mistake(f"{place}.thickness_mm", message)
    for (_, before), (place, after) in pairwise(stem.coatings.items()):
        if after.from_mm < before.to_mm:
            message = f"coatings must not overlap, but '{before.name}' ends at {before.to_mm:g}"
            yield Mistake(f"{place}.from_mm", message, after.from_mm)


def _lattice_mistakes(zone: CoatingTable, place: str) -> Iterator[Mistake]:
    """Yield what is wrong with a coating's lattice, or beside it."""
    assert zone.lattice is not None, "asked of lattices alone"
    if zone.material is not None:
        message = "a coating has either a material or a lattice; leave one of them out"
        yield Mistake(f"{place}.lattice", message)
    if zone.thickness_mm is None:
        message = "a coating's lattice needs thickness_mm; give one, or leave the lattice out"
        yield Mistake(f"{place}.thickness_mm", message)
    for mistake in lattice_mistakes(zone.lattice, f"{place}.lattice"):
        yield Mistake(*mistake)


def well_named(stem: StemTable) -> bool:
    """Tell whether zones can be held against the names of the coatings."""
    return not any(mistake.path.endswith(".name") for mistake in _coating_mistakes(stem))
