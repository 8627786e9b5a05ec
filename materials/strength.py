"""The vocabulary of limits: which strengths a material may state, in which unit.

Values stand in ``library.toml``; criteria ask for them by these names. Axial is along the
bone's axis 3, transverse across it. Fatigue limits depend on the state of the surface and
on how the test was run, so that each of these has a name of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Limit(NamedTuple):
    """What a named limit means.

    Attributes
    ----------
    unit
        Unit of its values.
    meaning
        What it bounds, in words a report can print.
    """

    unit: str
    meaning: str


#: Every limit that a material may state, by name.
LIMITS: Mapping[str, Limit] = {
    "tensile_strength": Limit("MPa", "ultimate stress in tension"),
    "yield_strength": Limit("MPa", "yield stress in tension"),
    "compressive_strength": Limit("MPa", "ultimate stress in compression"),
    "tensile_strength_axial": Limit("MPa", "ultimate stress in tension along the bone"),
    "tensile_strength_transverse": Limit("MPa", "ultimate stress in tension across the bone"),
    "compressive_strength_axial": Limit("MPa", "ultimate stress in compression along the bone"),
    "compressive_strength_transverse": Limit("MPa", "ultimate stress in compression across the bone"),
    "shear_strength_torsion": Limit("MPa", "ultimate shear stress in torsion about the bone's axis"),
    "shear_strength_pure": Limit("MPa", "ultimate shear stress along the bone in pure shear"),
    "tensile_yield_strain": Limit("1", "principal strain at yield in tension"),
    "compressive_yield_strain": Limit("1", "magnitude of the principal strain at yield in compression"),
    "fatigue_limit_smooth": Limit("MPa", "stress amplitude at load ratio -1, smooth surface"),
    "fatigue_limit_porous_coated": Limit("MPa", "stress amplitude at load ratio -1, sintered porous coating"),
    "fatigue_maximum_smooth": Limit("MPa", "maximum axial stress, 2 um roughness, load ratio not known"),
    "fatigue_maximum_rough": Limit("MPa", "maximum axial stress, 10 um roughness, load ratio not known"),
    "fatigue_to_tensile_strength": Limit("1", "fatigue strength over the same material's tensile strength"),
}
