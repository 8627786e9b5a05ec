"""Element sizes in a cortical shell: even in the shell, growing into the core and into the stem."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from geometry.bone import Bone
from geometry.jaw import Jaw

#: Least number of elements through the shell.
ELEMENTS = 2

#: Growth of the element size per length, away from the shell.
_GROWTH = 0.3


def shell_field(bone: Bone, stem_radius: float, shell: float) -> Callable[[float, float, float], float]:
    """Make the element size a function of position.

    Parameters
    ----------
    bone : Bone
        With a core.
    stem_radius : float, mm
    shell : float, mm
        Size in the shell.

    Returns
    -------
    callable
        Size in mm at (x, y, z) in mm.
    """
    core = bone.core
    assert core is not None
    depth = _in_jaw(bone.outline) if isinstance(bone.outline, Jaw) else _in_ellipse(bone)
    low, high = core.start, core.end

    def size(x: float, y: float, z: float) -> float:
        in_stem = max(stem_radius - math.hypot(x, y), 0.0)
        in_core = max(min(depth(x, y, z), z - low, high - z), 0.0)
        return shell + _GROWTH * (in_stem + in_core + max(-z, 0.0))

    return size


def _in_ellipse(bone: Bone) -> Callable[[float, float, float], float]:
    """How deep points lie in the core of an elliptic bone, to first order."""
    table = np.linspace(0.0, bone.length, max(2, 1 + round(2 * bone.length)))
    axes, centre = bone.core_semi_axes(table).tolist(), bone.centre(table).tolist()
    left = bone.centre_left(table).tolist()
    pitch = bone.length / (len(table) - 1)

    def depth(x: float, y: float, z: float) -> float:
        row = min(max(round(z / pitch), 0), len(table) - 1)
        a, b = axes[row]
        return float(min(a, b) * (1.0 - math.hypot((x - centre[row]) / a, (y - left[row]) / b)))

    return depth


def _in_jaw(jaw: Jaw) -> Callable[[float, float, float], float]:
    """How deep points lie in the core of a jaw's segment."""
    section = jaw.core
    slant = math.hypot(1.0, section.lean)

    def depth(x: float, y: float, z: float) -> float:
        side = (section.at_top + section.lean * (z - section.top) - abs(y - jaw.shift)) / slant
        return min(side, z - section.top, section.bottom - z)

    return depth
