"""Conditions of the surface that a case names, and the friction that it takes from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fea.case.case import SKIN_PASSAGE
from fea.case.criteria import Criterion
from fea.case.mistake import Mistake
from fea.case.schema import FROM_SURFACE, FitTable, ZoneTable
from fea.case.shape_tables import StemTable
from geometry.zones import UNCOATED
from materials.errors import MaterialError
from materials.material import Material
from materials.surfaces import BONE, SKIN, Surface, surface_of

#: Endurance of the smooth metal among the strengths of a material.
SMOOTH = "fatigue_limit_smooth"


def stated_surfaces(stem: StemTable) -> dict[str, tuple[str, str]]:
    """Return the conditions that a stem states: by zone, the key's path and the name."""
    found = {
        zone.name: (f"{place}.surface", zone.surface)
        for place, zone in stem.coatings.items()
        if zone.surface is not None
    }
    if stem.surface is not None:
        found[UNCOATED] = ("stem.surface", stem.surface)
    if stem.adapter is not None and stem.adapter.surface is not None:
        found[SKIN_PASSAGE] = ("stem.adapter.surface", stem.adapter.surface)
    return found


def read_conditions(stem: StemTable) -> tuple[dict[str, Surface], list[Mistake]]:
    """Return the conditions of a stem by zone, and what is wrong with those that it names.

    Parameters
    ----------
    stem : StemTable
    """
    made: dict[str, Surface] = {}
    wrong: list[Mistake] = []
    for zone, (path, name) in stated_surfaces(stem).items():
        try:
            surface = surface_of(name)
        except MaterialError as error:
            message = str(error).rstrip(".")
            wrong.append(Mistake(path, message[:1].lower() + message[1:], name))
            continue
        here = SKIN if zone == SKIN_PASSAGE else BONE
        if here not in surface.places:
            where = "the passage through the skin" if here == SKIN else "bone"
            wrong.append(Mistake(path, f"this condition does not stand against {where}; name another", name))
            continue
        made[zone] = surface
    return made, wrong


def friction_mistakes(fit: FitTable, stem: StemTable, surfaces: Mapping[str, Surface]) -> Iterator[Mistake]:
    """Yield zones that take their friction from a surface that is not stated or does not know it."""
    stated = stated_surfaces(stem)
    for zone, table in fit.zones.items():
        if table.friction != FROM_SURFACE:
            continue
        path = f"fit.{zone}.friction"
        if zone not in stated:
            key = "stem.surface" if zone == UNCOATED else "surface in the zone's [stem.coating]"
            message = f"the zone states no surface to take friction from; add {key}, or write a number"
            yield Mistake(path, message, FROM_SURFACE)
        elif zone in surfaces and surfaces[zone].friction is None:
            message = f"the friction of {surfaces[zone].title} on bone is not known; write a number"
            yield Mistake(path, message, FROM_SURFACE)


def endurance_mistakes(
    criteria: Sequence[Criterion] | None, stem: StemTable | None, metal: Material | None, file: str
) -> Iterator[Mistake]:
    """Yield criteria on what a surface endures where none is stated or the metal's own is not known."""
    if stem is None or metal is None:
        return
    stated = [zone for zone in stated_surfaces(stem) if zone != SKIN_PASSAGE]
    for criterion in criteria or ():
        if criterion.quantity != "stem_surface_fatigue_percent":
            continue
        what = f"the criterion {criterion.id} judges what the stem's surface endures"
        if not stated:
            yield Mistake("criteria.file", f"{what}; add stem.surface or a coating's surface", file)
        elif SMOOTH not in metal.strengths:
            message = f"{what}, but that of {metal.name} is not known; name a metal that states {SMOOTH}"
            yield Mistake("criteria.file", message, file)


def unfilled(fit: FitTable, surfaces: Mapping[str, Surface]) -> bool:
    """Tell whether a zone takes its friction from a surface that cannot give it."""
    return any(
        table.friction == FROM_SURFACE and (zone not in surfaces or surfaces[zone].friction is None)
        for zone, table in fit.zones.items()
    )


def with_friction(fit: FitTable, surfaces: Mapping[str, Surface]) -> FitTable:
    """Return a fit whose zones have the friction of their surfaces, and its range as the band.

    Parameters
    ----------
    fit : FitTable
        Which give all that is taken from them, see `unfilled`.
    surfaces : mapping of str to Surface
    """
    changed: dict[str, Any] = {}
    for zone, table in fit.zones.items():
        if table.friction == FROM_SURFACE and (entry := surfaces[zone].friction) is not None:
            changed[zone] = _filled(table, entry.value, (entry.low, entry.high))
    return fit.model_copy(update=changed)


def _filled(table: ZoneTable, friction: float, band: tuple[float, float]) -> ZoneTable:
    return table.model_copy(update={"friction": friction, "friction_band": table.friction_band or band})
