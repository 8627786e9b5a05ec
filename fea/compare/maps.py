"""Fields of two interfaces on one flat grid: angle round the stem against depth from the cut."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import LinearNDInterpolator, NearestNDInterpolator

from fea.post.micromotion import judged_states, micromotion
from fea.study import Study
from geometry.zones import OFF_FLANK

FloatArray = NDArray[np.float64]

#: Steps of the grid, degrees and mm.
ANGLE, DEPTH = 3.0, 1.0


@dataclass(frozen=True, eq=False)
class Field:
    """One field of one interface on the grid.

    Attributes
    ----------
    values : ndarray, shape (d, a)
        Not a number beyond the flank, and where the field says nothing.
    """

    values: FloatArray


@dataclass(frozen=True, eq=False)
class Flat:
    """Interfaces on one grid.

    Attributes
    ----------
    angle : ndarray, shape (a,), degrees
        -180 to 180; 0 anterior, 90 left.
    depth : ndarray, shape (d,), mm
        From the cut towards the hip, over the flanks of all.
    radius : float, mm
        Largest of all stems, which turns angles into lengths.
    micromotion, pressure : tuple of Field
        Over the judged cycle in um, and after press-fit in MPa, one a study; micromotion is not a number
        where contact is lost in the cycle, and everywhere without a judged cycle.
    """

    angle: FloatArray
    depth: FloatArray
    radius: float
    micromotion: tuple[Field, ...]
    pressure: tuple[Field, ...]


def flat(studies: tuple[Study, ...]) -> Flat:
    """Lay the flanks of studies on one grid.

    Parameters
    ----------
    studies : tuple of Study

    Returns
    -------
    Flat
    """
    flanks = [~study.interface.within(*OFF_FLANK) for study in studies]
    levels = [study.interface.straight[flank, 2] for study, flank in zip(studies, flanks, strict=True)]
    low = float(np.floor(min(level.min() for level in levels)))
    high = float(np.ceil(max(level.max() for level in levels)))
    depth = np.arange(low, high + DEPTH / 2, DEPTH)
    angle = np.arange(-180.0, 180.0 + ANGLE / 2, ANGLE)
    radius = max(
        float(np.hypot(*study.interface.straight[flank, :2].T).max())
        for study, flank in zip(studies, flanks, strict=True)
    )
    grid = tuple(np.meshgrid(angle, depth))
    motions, pressures = [], []
    for study, flank in zip(studies, flanks, strict=True):
        motions.append(Field(_laid(study, flank, *_motion(study), radius, grid)))
        everywhere = np.ones(len(flank), dtype=bool)
        pressure = study.walk.press_fit.traction[:, 0]
        pressures.append(Field(_laid(study, flank, pressure, everywhere, radius, grid)))
    return Flat(angle, depth, radius, tuple(motions), tuple(pressures))


def _motion(study: Study) -> tuple[FloatArray, NDArray[np.bool_]]:
    if not judged_states(study.walk):
        none = np.zeros(len(study.interface.points), dtype=bool)
        return np.zeros(len(none)), none
    motion = micromotion(study.walk)
    return 1000 * motion.resulting, motion.touching


def _laid(
    study: Study, flank: NDArray[np.bool_], values: FloatArray, says: NDArray[np.bool_], radius: float,
    grid: tuple[FloatArray, ...],
) -> FloatArray:  # fmt: skip
    """Interpolate from the vertices; beyond them, and nearest to one that says nothing, not a number."""
    places = study.interface.straight[flank]
    around = np.degrees(np.arctan2(places[:, 1], places[:, 0]))
    turn = np.radians(1.0) * radius
    # The seam is closed by what lies beyond it, a quarter of the way round on either side.
    copies = [(0.0, np.ones(len(around), bool)), (360.0, around < -90.0), (-360.0, around > 90.0)]
    points = np.concatenate(
        [np.column_stack([(around[kept] + shift) * turn, places[kept, 2]]) for shift, kept in copies]
    )
    here = np.concatenate([values[flank][kept] for _, kept in copies])
    heard = np.concatenate([says[flank][kept] for _, kept in copies]).astype(np.float64)
    at = np.column_stack([grid[0].ravel() * turn, grid[1].ravel()])
    found = np.asarray(LinearNDInterpolator(points, here)(at))
    found[NearestNDInterpolator(points, heard)(at) < 0.5] = np.nan
    return found.reshape(grid[0].shape)
