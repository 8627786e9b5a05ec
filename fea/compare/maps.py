"""Fields of several interfaces on one flat grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fea.post.flank_grid import Grid, grid_over, laid
from fea.post.micromotion import judged_states, micromotion
from fea.study import Study

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Maps:
    """Fields on one grid, one of each a study.

    Attributes
    ----------
    grid : Grid
    micromotion : tuple of ndarray, shape (d, a), um
        Over the judged cycle; not a number where there is no contact in it, and everywhere without one.
    pressure : tuple of ndarray, shape (d, a), MPa
        After press-fit.
    """

    grid: Grid
    micromotion: tuple[FloatArray, ...]
    pressure: tuple[FloatArray, ...]


def maps_of(studies: Sequence[Study]) -> Maps | None:
    """Lay the flanks of studies on one grid.

    Parameters
    ----------
    studies : sequence of Study

    Returns
    -------
    Maps or None
        None where one has no flank that faces bone.
    """
    grid = grid_over([study.interface for study in studies])
    if grid is None:
        return None
    pressures = tuple(laid(grid, study.interface, study.walk.press_fit.traction[:, 0]) for study in studies)
    return Maps(grid, tuple(_micromotion(grid, study) for study in studies), pressures)


def _micromotion(grid: Grid, study: Study) -> FloatArray:
    if not judged_states(study.walk):
        return np.full((len(grid.depth), len(grid.angle)), np.nan)
    motion = micromotion(study.walk)
    return laid(grid, study.interface, 1000 * motion.resulting, motion.touching)
