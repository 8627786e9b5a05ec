"""How values become colours: a flat colour, hatching, a continuous map, or bands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_rgba_array
from numpy.typing import NDArray

from fea.post import tokens

FloatArray = NDArray[np.float64]

#: How much finer than a band's step the table of the bands is, um.
BAND_STEP = 0.2


@dataclass(frozen=True, eq=False)
class Paint:
    """One way of colouring.

    Attributes
    ----------
    colour
        Flat colour, used where there is no table.
    table : ndarray of uint8, shape (n, 4), or None
        Colours over `limits`.
    limits : tuple of 2 floats
    above : str or None
        Colour above the limits; below them the lowest colour stands.
    hatched
        Whether slanted lines are drawn over it.
    """

    colour: str = tokens.STEM
    table: NDArray[np.uint8] | None = None
    limits: tuple[float, float] = (0.0, 1.0)
    above: str | None = None
    hatched: bool = False

    #: Colour of the hatching.
    line: ClassVar[str] = tokens.HATCH


NO_CONTACT = Paint(colour=tokens.NO_CONTACT, hatched=True)


def sequential() -> LinearSegmentedColormap:
    """Return the map of magnitudes, 256 colours.

    Returns
    -------
    LinearSegmentedColormap
    """
    return LinearSegmentedColormap.from_list("magnitude", tokens.SEQUENTIAL, N=256)


def magnitude(scale: tokens.Scale) -> Paint:
    """Return the paint of a magnitude.

    Parameters
    ----------
    scale : Scale

    Returns
    -------
    Paint
    """
    table = (255 * sequential()(np.arange(256))).round().astype(np.uint8)
    return Paint(table=table, limits=(0.0, scale.upper), above=tokens.ABOVE)


def bands() -> Paint:
    """Return the paint of micromotion and gap in um.

    Returns
    -------
    Paint
    """
    top = tokens.BAND_EDGES[-1]
    centres = np.arange(BAND_STEP / 2, top, BAND_STEP)
    band = np.searchsorted(tokens.BAND_EDGES, centres, side="right") - 1
    table = (255 * to_rgba_array(tokens.BAND_COLOURS)[band]).round().astype(np.uint8)
    return Paint(table=table, limits=(0.0, top), above=tokens.BAND_COLOURS[-1])
