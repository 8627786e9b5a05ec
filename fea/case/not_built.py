"""What this program does not model yet of what the field implants: keys refused by name."""

from __future__ import annotations

from collections.abc import Mapping

_STEMS = (
    "this version models press-fit stems, straight or bowed, with porous zones or layers, flutes, splines,"
    " lattices, a slotted tip, a cross lag screw, a collar and an abutment, threaded fixtures, pre-tensioned"
    " anchors, and stems from STEP, STL, PLY and VTP files"
)


def _no(what: str) -> str:
    return f"{what} not modelled; {_STEMS}"


_CORE = (
    "the cancellous core within the cortical shell stands in [bone.core]: material and cortical_thickness_mm"
)
_LATTICE = "a lattice is the material of a coating with a thickness; state it in [stem.coating.lattice]"
_JOINT = 'this is of a taper joint, a case of its own: write kind = "taper_joint" and leave bone and stem out'

#: Sentences by the path of a key.
NOT_BUILT: Mapping[str, str] = {
    "stem.lag_screw.threaded_from_mm": "a threaded tip is not modelled; the screw is a smooth cylinder",
    "stem.pins": "the pins of a pre-tensioned anchor stand in [stem.anchor]: pin_diameter_mm, pin_levels_mm,"
    " pin_directions_deg",
    "stem.preload_N": "the preload of a pre-tensioned anchor stands in [stem.anchor], that of an abutment's"
    " screw in [stem.abutment.screw]",
    "stem.step": 'a stem from a CAD file is named by its path alone; write file = "my_stem.step"',
    "stem.stl": 'a stem from a triangulated surface is named by its path alone; write file = "my_stem.stl"',
    "stem.lattice": _LATTICE,
    "stem.relative_density": _LATTICE,
    "stem.coating.relative_density": _LATTICE,
    "stem.adapter.taper": "here the adapter is a rigid lever; its taper joint is a case of its own,"
    ' kind = "taper_joint" with [cone] and [socket] (cases/adapter_taper.toml)',
    "kind": 'a file with a stem in a bone has no kind; the other one is kind = "taper_joint"',
    "cone": _JOINT,
    "socket": _JOINT,
    "assembly": _JOINT,
    "adapter": "the adapter of a stem in a bone stands in [stem.adapter]",
    "bone.cancellous": _CORE,
    "bone.core_material": _CORE,
    **dict.fromkeys(
        ("seating.proud_mm", "seating.sunk_mm"),
        "how deep a stem is seated stands in seating.depth_mm, positive for deeper than planned, negative for"
        " proud",
    ),
    "reaming.train.kind": "the reamers of a train are of one kind; state reaming.kind",
    "bone.file": 'a bone from a surface is stated in [bone.surface]; write file = "my_bone.stl" there',
    "bone.ct.strength_law": "strengths by density are not modelled; those of bone.material hold everywhere",
}
