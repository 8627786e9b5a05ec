"""How splines seat: what they meet on their way from the cut into the reamed wall."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from geometry.canal import Canal
from geometry.errors import direction_in_words
from geometry.groove_faults import LEAST_HEIGHT, LEAST_WALL
from geometry.stem import Stem
from geometry.wall import outer_distance


def spline_faults(canal: Canal, stem: Stem) -> Iterator[str]:
    """Yield what the splines' height must be, in words; nothing for a stem without splines.

    Parameters
    ----------
    canal : Canal
    stem : Stem
    """
    splines, bars = stem.splines, stem.spline_bars
    if splines is None or bars is None:
        return
    if canal.reaming is None:
        yield "splines engage a reamed wall: ream the canal or leave them out"
        return
    if canal.bowed_reamer:
        yield "straight splines need a canal that is reamed straight"
        return
    top = min(splines.end - splines.run_out, canal.bone.length)
    levels = np.linspace(0.0, top, 2 + round(2 * top))
    level, angle = (grid.ravel() for grid in np.meshgrid(levels, bars.angles, indexing="ij"))
    crest = bars.flank_radius - bars.slope * level + splines.height
    points = np.stack([crest * np.cos(angle), crest * np.sin(angle), level], axis=1)
    wall = outer_distance(canal.bone, points)
    row = int(np.argmin(wall))
    if wall[row] < LEAST_WALL:
        where = f"at z = {level[row]:.0f} mm ({direction_in_words(*points[row, :2])})"
        left = f"leave {wall[row]:.2f} mm" if wall[row] > 0 else "break through it"
        yield f"the splines must leave {LEAST_WALL:g} mm of the bone's wall, but {left} {where}"
    begun = level >= min(splines.start, top)
    depth = float(canal.outside(points[begun]).max(initial=-np.inf))
    if depth < LEAST_HEIGHT:
        reach = f"{depth:.2f} mm into it" if depth > 0 else "nowhere near it"
        yield f"the splines must reach {LEAST_HEIGHT:g} mm into the reamed wall, but come {reach}"
