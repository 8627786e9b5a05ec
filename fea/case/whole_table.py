"""What a case file states of a whole bone in ``[bone.surface]``, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from fea.case.mistake import Mistake
from fea.loads.tables import Length, Number, Table

if TYPE_CHECKING:
    from fea.case.shape_tables import BoneTable, StemTable

_Coordinate = Annotated[Number, Field(ge=-1000, le=1000)]

#: What a whole bone's length is validated with before its surface is read, mm.
STAND_IN = 100.0
#: Keys that mean nothing of a bone that is lofted along its shaft.
_WHOLE_KEYS = ("axis", "canal_to_mm", "held")


class HeldTable(Table):
    """``[bone.surface.held]``: the part of a whole bone's surface that is its proximal support."""

    centre_mm: tuple[_Coordinate, _Coordinate, _Coordinate] | None = Field(
        default=None,
        description="the head's centre in the implant's frame: anterior, left, proximal of the cut on the"
        " axis (default: of a sphere that is fitted to the head)",
    )
    within_mm: Length | None = Field(
        default=None,
        description="the distance from that centre up to which the surface is held (default: 1.1 times the"
        " radius of the fitted sphere)",
    )
    above_mm: Length | None = Field(
        default=None, description="instead: the level above the cut from which on all of the surface is held"
    )


def whole_bone(raw: Mapping[str, Any]) -> bool:
    """Say whether a file as it was read states a whole bone."""
    bone = raw.get("bone")
    surface = bone.get("surface") if isinstance(bone, dict) else None
    return isinstance(surface, dict) and surface.get("proximal_part") == "whole"


def with_length(raw: dict[str, Any]) -> tuple[dict[str, Any], Mistake | None]:
    """Let a whole bone, whose surface says how long it is, stand without a length.

    Parameters
    ----------
    raw : dict
        The file as it was read.

    Returns
    -------
    raw : dict
    mistake : Mistake or None
        Where a length is stated all the same.
    """
    if not whole_bone(raw):
        return raw, None
    stated = raw["bone"].get("length_mm", ...)
    mistake = None
    if stated is not ...:
        message = "the length of a whole bone is that of its surface above the cut; leave this out"
        mistake = Mistake("bone.length_mm", message, stated)
    return raw | {"bone": {"length_mm": STAND_IN} | raw["bone"]}, mistake


def whole_mistakes(bone: BoneTable) -> Iterator[Mistake]:
    """Yield what is wrong with a whole bone, or with its keys where the bone is not whole."""
    table, place = bone.surface, "bone.surface"
    if table is None:
        return
    if not table.whole:
        for key in _WHOLE_KEYS:
            if key in table.model_fields_set:
                message = 'this is of a whole bone; write proximal_part = "whole", or leave it out'
                yield Mistake(f"{place}.{key}", message)
        return
    if bone.core is None and (table.canal_to_mm != 0.0 or table.thickness):
        message = (
            "within the cortical shell of a whole bone is cancellous bone; state its material in [bone.core]"
            " (or canal_to_mm = 0 and no thickness, for a bone of one material)"
        )
        yield Mistake("bone.core", message)
    if bone.core is not None:
        if not table.thickness:
            message = "the cortical shell of a whole bone needs a thickness: a number, or [level, thickness]"
            yield Mistake(f"{place}.cortical_thickness_mm", message)
        if (stated := bone.core.cortical_thickness_mm) is not None:
            message = (
                "the shell of a bone from a surface is bone.surface.cortical_thickness_mm; leave this out"
            )
            yield Mistake("bone.core.cortical_thickness_mm", message, stated)
    yield from _held_mistakes(table.held)


def _held_mistakes(held: HeldTable | None) -> Iterator[Mistake]:
    if held is None:
        return
    place = "bone.surface.held"
    if held.above_mm is not None and (held.centre_mm is not None or held.within_mm is not None):
        message = "the bone is held about its head or above a level, not both; leave one of them out"
        yield Mistake(f"{place}.above_mm", message, held.above_mm)
    elif held.centre_mm is not None and held.within_mm is None:
        message = "a stated centre needs the distance up to which the surface is held; add within_mm"
        yield Mistake(f"{place}.centre_mm", message, list(held.centre_mm))


def whole_stem_mistakes(bone: BoneTable, stem: StemTable) -> Iterator[Mistake]:
    """Yield stems that a whole bone is not modelled with."""
    if bone.surface is None or not bone.surface.whole:
        return
    for part, what in (
        ("thread", "a threaded stem"),
        ("lag_screw", "a lag screw"),
        ("anchor", "an anchor"),
        ("splines", "splines"),
        ("bow_radius_mm", "a bowed stem"),
        ("file", "a stem from a file"),
    ):
        if getattr(stem, part, None) is not None:
            message = (
                f'{what} in a whole bone is not modelled; write proximal_part = "shaft", or leave this out'
            )
            yield Mistake(f"stem.{part}", message)
    if stem.protrudes_proximally:
        message = "a stem that comes out of a whole bone is not modelled; leave this out"
        yield Mistake("stem.protrudes_proximally", message, True)


def whole_seating_mistakes(bone: BoneTable, seating: Table | None) -> Iterator[Mistake]:
    """Yield a pose, which a whole bone is not modelled with."""
    if seating is not None and bone.surface is not None and bone.surface.whole:
        message = (
            "an implant askew in a whole bone is not modelled; turn bone.surface.proximal instead, with"
            ' axis = "stated"'
        )
        yield Mistake("seating", message)
