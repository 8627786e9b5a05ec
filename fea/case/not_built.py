"""What this program does not model yet of what the field implants: keys refused by name."""

from __future__ import annotations

from collections.abc import Mapping

_STEMS = (
    "this version models press-fit stems, straight or bowed, with porous zones or layers, flutes, splines,"
    " lattices, a slotted tip, a cross lag screw, a collar and an abutment, threaded fixtures, pre-tensioned"
    " anchors, and stems from STEP files"
)


def _no(what: str) -> str:
    return f"{what} not modelled; {_STEMS}"


_CORE = (
    "the cancellous core within the cortical shell stands in [bone.core]: material and cortical_thickness_mm"
)
_LATTICE = "a lattice is the material of a coating with a thickness; state it in [stem.coating.lattice]"

#: Sentences by the path of a key.
NOT_BUILT: Mapping[str, str] = {
    "stem.lag_screw.threaded_from_mm": "a threaded tip is not modelled; the screw is a smooth cylinder",
    "stem.pins": "the pins of a pre-tensioned anchor stand in [stem.anchor]: pin_diameter_mm, pin_levels_mm,"
    " pin_directions_deg",
    "stem.preload_N": "the preload of a pre-tensioned anchor stands in [stem.anchor], that of an abutment's"
    " screw in [stem.abutment.screw]",
    "stem.step": 'a stem from a CAD file is named by its path alone; write file = "my_stem.step"',
    "stem.stl": "stems from triangulated surfaces are not modelled; name the solid's STEP file in stem.file",
    "stem.lattice": _LATTICE,
    "stem.relative_density": _LATTICE,
    "stem.coating.relative_density": _LATTICE,
    "stem.adapter.taper": "the taper contact of a dual-cone adapter is not modelled; it is a rigid lever",
    "stem.adapter.fail_safe": "a fail-safe that caps the load is not modelled; cap the load history itself",
    "stem.adapter.surface": "surface conditions of the skin passage are not modelled; leave this out",
    "stem.surface": "surface conditions (polished, blasted, coated against bacteria) are not modelled;"
    " friction stands in [fit]",
    "bone.cancellous": _CORE,
    "bone.core_material": _CORE,
    "bone.file": 'a bone from a surface is stated in [bone.surface]; write file = "my_bone.stl" there',
    "bone.ct": "bones from CT volumes are not modelled; state sections in [[bone.station]]",
}
