"""Legends: continuous maps, bands, the hatching of no contact, and the numbers beside them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fea.post import tokens
from fea.post.render.paint import sequential
from fea.post.render.sheet import Sheet

BAR = 18.0


def colour_bar(sheet: Sheet, x: float, y: float, scale: tokens.Scale, height: float = 230.0) -> float:
    """Draw the legend of a magnitude; return the level below it.

    Parameters
    ----------
    sheet : Sheet
    x, y : float, CSS px
    scale : Scale
    height : float, CSS px

    Returns
    -------
    float
    """
    sheet.text(x, y, f"{scale.quantity}, {scale.unit}", weight="bold")
    top = y + 50.0
    sheet.box(x, top - 18, BAR, 14, fc=tokens.ABOVE)
    sheet.text(x + BAR + 8, top - 14, f"above {scale.upper:g}", va="center", size=tokens.SIZE_SMALL)
    column = sequential()(np.linspace(1.0, 0.0, 256))[:, None, :]
    sheet.axes.imshow(column, extent=(x, x + BAR, top + height, top), aspect="auto", zorder=1)
    sheet.axes.set_xlim(0.0, sheet.width)
    sheet.axes.set_ylim(sheet.height, 0.0)
    for value in np.arange(0.0, scale.upper + scale.step / 2, scale.step):
        level = top + height * (1.0 - value / scale.upper)
        sheet.line([x + BAR, x + BAR + 4], [level, level])
        words = "0 or compression" if scale.signed and value == 0.0 else f"{value:g}"
        sheet.text(x + BAR + 8, level, words, va="center", size=tokens.SIZE_SMALL)
    bottom = top + height
    return bottom + 14.0


def band_bar(
    sheet: Sheet, x: float, y: float, title: str, shares: Sequence[float], zone: str, step: float = 31.0
) -> float:
    """Draw the legend of the bands; return the level below it.

    Parameters
    ----------
    sheet : Sheet
    x, y : float, CSS px
    title : str
        Quantity and unit.
    shares : sequence of float, %
        Share of the area in each band, from the lowest.
    zone : str
        What the shares are taken of.
    step : float, CSS px
        Height of a band.

    Returns
    -------
    float
    """
    sheet.text(x, y, title, weight="bold")
    top, count = y + 26.0, len(tokens.BAND_COLOURS)
    words = f"share of the {zone}"
    sheet.text(x + 74, top - 4, words, size=tokens.SIZE_SMALL, color=tokens.QUIET)
    top += 18.0
    for index, colour in enumerate(tokens.BAND_COLOURS):
        level = top + (count - 1 - index) * step
        sheet.box(x, level, BAR, step, fc=colour)
        sheet.line([x + BAR, x + BAR + 4], [level + step, level + step])
        edge = f"{tokens.BAND_EDGES[index]:g}"
        sheet.text(x + BAR + 8, level + step, edge, va="center", size=tokens.SIZE_SMALL)
        words = f"{shares[index]:.1f} %"
        sheet.text(x + 74, level + step / 2, words, va="center", size=tokens.SIZE_SMALL)
    return top + count * step + 14.0


def swatch(sheet: Sheet, x: float, y: float, words: str, colour: str, *, hatched: bool = False) -> float:
    """Draw a small patch with its meaning; return the level below it.

    Parameters
    ----------
    sheet : Sheet
    x, y : float, CSS px
    words : str
    colour : str
    hatched : bool

    Returns
    -------
    float
    """
    sheet.box(x, y, BAR, 14, fc=colour, ec=tokens.HATCH, lw=0.6, hatch="////" if hatched else None)
    lines = words.split("\n")
    sheet.text(x + BAR + 8, y + 7.5, words, va="center", size=tokens.SIZE_SMALL)
    return y + 7.0 + 15.0 * len(lines)


def notes(sheet: Sheet, x: float, y: float, rows: Sequence[tuple[str, str]]) -> float:
    """Write numbers with what they are, one below the other; return the level below.

    Parameters
    ----------
    sheet : Sheet
    x, y : float, CSS px
    rows : sequence of (str, str)
        What it is, and its value with unit and place; a line break in the value counts.

    Returns
    -------
    float
    """
    for name, value in rows:
        sheet.text(x, y, name, size=tokens.SIZE_SMALL, color=tokens.QUIET)
        sheet.text(x, y + 15.0, value, size=tokens.SIZE_TEXT)
        y += 15.0 + 17.0 * (value.count("\n") + 1) + 6.0
    return y


def no_contact(sheet: Sheet, x: float, y: float, words: str) -> float:
    """Draw what the hatching means; return the level below it."""
    return swatch(sheet, x, y, words, tokens.NO_CONTACT, hatched=True)


def rim(sheet: Sheet, x: float, y: float) -> float:
    """Draw what the bars beside the axis of depth mean; return the level below it."""
    return swatch(sheet, x, y, "singular rim (bar beside the axis)", tokens.RIM)
