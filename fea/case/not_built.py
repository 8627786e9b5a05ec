"""What this program does not model yet of what the field implants: keys refused by name."""

from __future__ import annotations

from collections.abc import Mapping

_STEMS = (
    "this version models press-fit stems, straight or bowed, with porous zones or layers, flutes, splines,"
    " a slotted tip, a cross lag screw, a collar and an abutment, threaded fixtures, and stems from STEP"
    " files"
)


def _no(what: str) -> str:
    return f"{what} not modelled; {_STEMS}"


#: Sentences by the path of a key.
NOT_BUILT: Mapping[str, str] = {
    "stem.lag_screw.threaded_from_mm": "a threaded tip is not modelled; the screw is a smooth cylinder",
    "stem.pins": _no("pre-tensioned anchors with transverse pins are"),
    "stem.anchor": _no("pre-tensioned anchors are"),
    "stem.preload_N": _no("pre-tensioned anchors are"),
    "stem.step": 'a stem from a CAD file is named by its path alone; write file = "my_stem.step"',
    "stem.stl": "stems from triangulated surfaces are not modelled; name the solid's STEP file in stem.file",
    "stem.lattice": _no("lattices of graded density are"),
    "stem.relative_density": _no("lattices of graded density are"),
    "stem.adapter.taper": "the taper contact of a dual-cone adapter is not modelled; it is a rigid lever",
    "stem.adapter.fail_safe": "a fail-safe that caps the load is not modelled; cap the load history itself",
    "bone.file": "bones from surface files are not modelled; state sections in [[bone.station]]",
    "bone.ct": "bones from CT volumes are not modelled; state sections in [[bone.station]]",
}
