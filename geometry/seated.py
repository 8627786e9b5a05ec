"""How a stem fills its canal, where it touches bone and what wall is left, level by level.

Everything is answered from the stated shapes on rays across the implant's axis, before anything is
meshed, and of a canal that breaks through the bone too: its wall is then negative.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geometry.bone import FloatArray
from geometry.cad_stem import CadStem
from geometry.canal import Canal
from geometry.stem import Stem
from geometry.wall import Wall, least_wall, outer_distance

#: Quadrants about the axis, each a quarter turn wide about its middle, from the front to the left.
QUADRANTS = ("anterior", "left", "posterior", "right")

#: Up to how wide a nominal gap counts as contact, mm.
TOUCH = 0.05

_ANGLES, _PITCH, _LEAST_LEVELS, _MOST_LEVELS, _BISECTIONS = 144, 2.5, 24, 80, 40


@dataclass(frozen=True, eq=False)
class Seated:
    """A stem in its canal.

    Attributes
    ----------
    levels : ndarray, shape (n,), mm
        Middles of equal slices of the stem within the bone.
    stem_areas, canal_areas : ndarray, shape (n,), mm^2
        Of the sections across the axis; of a stem that of its turned body, grooves and ridges apart.
    stem_widths, canal_widths : ndarray, shape (n, 2), mm
        Through the axis, from back to front and from side to side.
    walls : ndarray, shape (n,), mm
        Least thickness of the wall seen from the canal's wall at the level; negative in a breach.
    wall_angles : ndarray, shape (n,), rad
        Where that is, from the front to the left.
    contact : ndarray, shape (n, 4)
        Share of each quadrant, as in `QUADRANTS`, in which the stem is nominally no more than `TOUCH`
        from cortical bone.
    least : Wall
        The least wall of the whole canal, beyond the stem's tip too.
    """

    levels: FloatArray
    stem_areas: FloatArray
    canal_areas: FloatArray
    stem_widths: FloatArray
    canal_widths: FloatArray
    walls: FloatArray
    wall_angles: FloatArray
    contact: FloatArray
    least: Wall

    @property
    def fill(self) -> FloatArray:
        """Area of the stem over that of the canal, shape (n,)."""
        return np.asarray(self.stem_areas / self.canal_areas)

    @property
    def width_fill(self) -> FloatArray:
        """Width of the stem over that of the canal, front to back and side to side, shape (n, 2)."""
        return np.asarray(self.stem_widths / self.canal_widths)

    @property
    def breached(self) -> bool:
        """True where the canal breaks through the bone."""
        return self.least.thickness <= 0.0


def seated(canal: Canal, stem: Stem) -> Seated:
    """Measure how a stem stands in its canal.

    Parameters
    ----------
    canal : Canal
    stem : Stem

    Returns
    -------
    Seated
    """
    top = min(stem.length, canal.bone.length)
    count = min(max(_LEAST_LEVELS, round(top / _PITCH)), _MOST_LEVELS)
    levels = (np.arange(count) + 0.5) * top / count
    angle = np.linspace(0.0, 2 * np.pi, _ANGLES, endpoint=False)
    inner = np.array([_stem_radii(stem, level, angle) for level in levels.tolist()])
    level, turn = np.repeat(levels, _ANGLES), np.tile(angle, count)
    outer = _void_radii(canal, level, turn)
    places = _at(outer, turn, level)
    wall = outer_distance(canal.bone, places).reshape(count, _ANGLES)
    touched = outer.reshape(count, _ANGLES) - inner <= TOUCH
    if canal.bone.core is not None:
        touched &= canal.bone.outside_core(places).reshape(count, _ANGLES) >= -1e-9
    quadrant = np.round(angle / (np.pi / 2)).astype(int) % 4
    void = outer.reshape(count, _ANGLES)
    half = _ANGLES // 2
    widths = [radii + np.roll(radii, half, axis=1) for radii in (inner, void)]
    quarter = _ANGLES // 4
    thinnest = wall.argmin(axis=1)
    return Seated(
        levels=levels,
        stem_areas=np.pi * (inner**2).mean(axis=1),
        canal_areas=np.pi * (void**2).mean(axis=1),
        stem_widths=widths[0][:, [0, quarter]],
        canal_widths=widths[1][:, [0, quarter]],
        walls=wall.min(axis=1),
        wall_angles=angle[thinnest],
        contact=np.array([touched[:, quadrant == side].mean(axis=1) for side in range(4)]).T,
        least=least_wall(canal, stem),
    )


def _at(radius: FloatArray, turn: FloatArray, level: FloatArray) -> FloatArray:
    return np.stack([radius * np.cos(turn), radius * np.sin(turn), level], axis=1)


def _stem_radii(stem: Stem, level: float, angle: FloatArray) -> FloatArray:
    """Radius of the stem by angle at a level, shape (k,), mm; of one from a file along its outline."""
    if not isinstance(stem, CadStem):
        return np.full_like(angle, float(stem.profile.at(np.array([level]))[0]))
    outline = stem.surface.section(level)
    turns = np.arctan2(outline[:, 1], outline[:, 0])
    order = np.argsort(turns)
    return np.interp(angle, turns[order], np.hypot(*outline[order, :2].T), period=2 * np.pi)


def _void_radii(canal: Canal, level: FloatArray, turn: FloatArray) -> FloatArray:
    """Radius at which rays from the axis leave the void, shape (n,), mm; 0 where the axis is in bone."""
    axes = canal.bone.outer_semi_axes(np.unique(level))
    low, high = np.zeros_like(turn), np.full_like(turn, 4.0 * float(axes.max()))
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        out = canal.outside(_at(middle, turn, level)) > 0
        low, high = np.where(out, low, middle), np.where(out, middle, high)
    return np.asarray((low + high) / 2)
