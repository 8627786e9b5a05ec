"""A bone whose sections are no ellipses, and what its sections must be to be sections."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geometry.bone import Bone
from geometry.centreline import Centreline
from geometry.errors import GeometryError, direction_in_words
from geometry.outline import FloatArray
from geometry.sectioned import Sectioned, outer_and_canal
from geometry.station import Station

_ANGLES, _LEVELS = 360, 60
#: The largest share of its radius of curvature that a wall may take where the outer surface is sharpest.
MOST_OF_CURVATURE = 0.95
#: The least radius about the implant's axis at which every ray still meets a surface once, mm.
_LEAST = 0.1


@dataclass(frozen=True)
class SectionedBone(Bone):
    """A bone of stations with a triangular share, or with a canal by the thickness of its wall.

    Its outlines follow from the stations, whatever is handed over; they stand on its bowed centreline.

    Raises
    ------
    GeometryError
        When a section is hollow on a side, a wall folds, a canal breaks it, the implant's axis does not run
        within bone and canal, or there is a cancellous core.
    """

    def __post_init__(self) -> None:
        object.__setattr__(self, "outline", None)
        object.__setattr__(self, "canal_outline", None)
        super().__post_init__()
        if self.core is not None:
            raise GeometryError("A bone with triangular sections has no cancellous core: leave it out.")
        if len({station.wall is None for station in self.stations}) > 1:
            raise GeometryError("All stations of the bone must state a cortical wall, or none of them.")
        outer, canal = outer_and_canal(self.stations, self.centreline)
        levels = np.linspace(0.0, self.length, _LEVELS)
        marks = [station.level for station in self.stations]
        level, psi = (
            grid.ravel()
            for grid in np.meshgrid(
                np.unique(np.r_[levels, marks]),
                np.linspace(-np.pi, np.pi, _ANGLES, endpoint=False),
                indexing="ij",
            )
        )
        _check_convex(outer, psi, level)
        if canal is not None:
            _check_wall(outer, canal, psi, level)
            _check_about_axis(canal, psi, level, "natural canal")
        _check_about_axis(outer, psi, level, "bone")
        object.__setattr__(self, "outline", outer)
        object.__setattr__(self, "canal_outline", canal)


def bone_of_stations(
    length: float,
    stations: tuple[Station, ...],
    bow_radius: float | None = None,
    axis_offset: float = 0.0,
    chord_length: float | None = None,
) -> Bone:
    """Return a bone by its sections: of ellipses wherever they are ellipses.

    Parameters
    ----------
    length : float, mm
    stations : tuple of Station
    bow_radius, axis_offset, chord_length
        See `Bone`.
    """
    plain = all(station.triangle is None and station.wall is None for station in stations)
    make = Bone if plain else SectionedBone
    return make(length, stations, bow_radius, axis_offset, chord_length)


def _check_convex(outer: Sectioned, psi: FloatArray, level: FloatArray) -> None:
    shape = outer.shape_at(level)
    curvature = outer.curve(psi, shape).curvature
    worst = int(curvature.argmin())
    if curvature[worst] >= -1e-9:
        return
    here = np.tile(shape[worst], (_ANGLES, 1))
    turns = np.linspace(-np.pi, np.pi, _ANGLES, endpoint=False)
    low, high = 0.0, 1.0
    for _ in range(30):
        middle = (low + high) / 2
        tried = here * np.array([1.0, 1.0, middle, middle, 1.0])
        hollow = outer.curve(turns, tried).curvature.min() < 0.0
        low, high = (low, middle) if hollow else (middle, high)
    share = float(np.hypot(*shape[worst, 2:4]))
    side = direction_in_words(float(np.cos(psi[worst])), float(np.sin(psi[worst])))
    raise GeometryError(
        f"The bone's outer section is hollow on its {side} side at level {level[worst]:.4g} mm with an"
        f" outer_triangularity of {share:.3g}: give at most {np.floor(1000 * low * share) / 1000:.3g} there."
    )


def _check_wall(outer: Sectioned, canal: Sectioned, psi: FloatArray, level: FloatArray) -> None:
    shape = canal.shape_at(level)
    if not shape[:, 4].any():
        centred = [Sectioned(part.levels, part.shapes, Centreline()) for part in (outer, canal)]
        wall = centred[0].radius(psi, level) - centred[1].radius(psi, level)
        least = int(wall.argmin())
        if wall[least] <= 0.0:
            side = direction_in_words(float(np.cos(psi[least])), float(np.sin(psi[least])))
            raise GeometryError(
                f"The natural canal breaks through the bone's {side} side at level {level[least]:.4g} mm:"
                " give a narrower canal or less outer_triangularity there."
            )
        return
    curvature = canal.curve(psi, shape).curvature
    folded = shape[:, 4] * curvature
    worst = int(folded.argmax())
    if folded[worst] > MOST_OF_CURVATURE:
        side = direction_in_words(float(np.cos(psi[worst])), float(np.sin(psi[worst])))
        most = MOST_OF_CURVATURE / curvature[worst]
        raise GeometryError(
            f"A cortical wall of {shape[worst, 4]:.4g} mm leaves no smooth canal at level"
            f" {level[worst]:.4g} mm, where the bone's {side} side is rounded to"
            f" {1 / curvature[worst]:.3g} mm: give a wall of at most {np.floor(100 * most) / 100:.4g} mm, or"
            " less outer_triangularity."
        )


def _check_about_axis(outline: Sectioned, psi: FloatArray, level: FloatArray, what: str) -> None:
    place, curve = outline._inner(psi, level, outline.shape_at(level))
    near = (place * curve.normal).sum(axis=1)
    worst = int(near.argmin())
    if near[worst] < _LEAST:
        raise GeometryError(
            f"The implant's axis leaves the {what} at level {level[worst]:.4g} mm, which sections that are no"
            " ellipses cannot be drawn about: give a larger bow_radius_mm, another axis_offset_anterior_mm or"
            " a wider canal."
        )
