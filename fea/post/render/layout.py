"""Views side by side at one scale, with depth, directions, marks, rims and the scale bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fea.post import tokens
from fea.post.render.extremes import Extremes
from fea.post.render.sheet import Panel, Sheet, bar_length, level_step
from fea.post.render.shot import Body, View, Window

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

TOP = 74.0
LEFT = 92.0
#: Where the legend's column begins, and the height that it needs.
LEGEND = 668.0
LEGEND_HEIGHT = 600.0
#: Room beside a view for the names of its marks, least.
GAP = 40.0
#: Height of the views, at most, and of what stands below them.
TALLEST = 690.0
FOOT = 96.0
DEFORMATION = "deformation factor 1"


@dataclass(frozen=True)
class Heading:
    """What a picture asks, and at which instant."""

    question: str
    instant: str


@dataclass(frozen=True)
class Stand:
    """One view on a board: from where, what it is called, and which things stand in it."""

    view: View
    words: str
    bodies: Sequence[Body]


@dataclass(frozen=True, eq=False)
class Board:
    """A drawn sheet and its views."""

    sheet: Sheet
    panels: tuple[Panel, ...]

    def mark(self, found: Extremes | None, facing: Callable[[FloatArray], int], form: str) -> None:
        """Mark the largest values, each in the view that `facing` names for its place."""
        if found is None:
            return
        panel = self.panels[facing(found.place)]
        self.sheet.mark(panel, found.place, f"max\n{found.value:{form}}")
        if found.elsewhere_place is not None:
            other = self.panels[facing(found.elsewhere_place)]
            apart = 0.0
            if other is panel:
                apart = other.place(found.elsewhere_place)[1] - panel.place(found.place)[1]
                # The name moves away from the other's, which has two lines.
                apart = float(np.copysign(max(28.0 - abs(apart), 0.0), apart))
            self.sheet.mark(
                other, found.elsewhere_place, f"{found.elsewhere:{form}}", symbol="D", shift=apart
            )

    def rims(self, points: FloatArray, rim: BoolArray) -> None:
        """Draw beside the axis of depth where the singular rims are."""
        panel = self.panels[0]
        for low, high in _stretches(points[rim, 2]):
            top, bottom = panel.place((0.0, 0.0, high))[1], panel.place((0.0, 0.0, low))[1]
            self.sheet.box(LEFT - 13.0, top - 1.0, 4.0, bottom - top + 2.0, fc=tokens.RIM)


def board(heading: Heading, points: FloatArray, stands: Sequence[Stand]) -> Board:
    """Draw views of one body side by side.

    Parameters
    ----------
    heading : Heading
    points : ndarray, shape (n, 3), mm
        What every view must hold.
    stands : sequence of Stand

    Returns
    -------
    Board
    """
    panels = _panels(points, [stand.view for stand in stands])
    sheet = Sheet(tokens.PICTURE_WIDTH, max(panels[0].bottom + FOOT, TOP + LEGEND_HEIGHT))
    sheet.title(heading.question, heading.instant)
    for panel, stand in zip(panels, stands, strict=True):
        sheet.shot(panel, stand.bodies)
        sheet.caption(panel, stand.words)
    sheet.levels(panels[0], LEFT - 14.0, level_step(panels[0].window.height))
    low = sheet.height - 40.0
    bar = bar_length(panels[0].scale)
    sheet.scale_bar(LEGEND, low, panels[0].scale, bar)
    sheet.text(LEGEND + bar * panels[0].scale + 16.0, low, DEFORMATION, va="center", size=tokens.SIZE_SMALL)
    return Board(sheet, panels)


def round_the_axis(views: Sequence[View]) -> Callable[[FloatArray], int]:
    """Return the rule that a place on a body round the axis is seen in the view that faces it."""
    towards = np.array([view.towards for view in views])
    return lambda point: int(np.argmax(towards @ point))


def _panels(points: FloatArray, views: Sequence[View]) -> tuple[Panel, ...]:
    flat = [view.flat(points) for view in views]
    middles = [(f.min(axis=0) + f.max(axis=0)) / 2 for f in flat]
    wide = max(float(np.ptp(f[:, 0])) for f in flat) + 2.0
    tall = float(np.ptp(flat[0][:, 1])) + 2.0
    pitch = (LEGEND - 8.0 - LEFT) / len(views)
    scale = min(TALLEST / tall, (pitch - GAP) / wide)
    return tuple(
        Panel(
            view,
            Window(middle - wide / 2, middle + wide / 2, centre - tall / 2, centre + tall / 2),
            LEFT + index * pitch,
            TOP,
            scale,
        )
        for index, (view, (middle, centre)) in enumerate(zip(views, middles, strict=True))
    )


def _stretches(levels: FloatArray, gap: float = 3.0) -> list[tuple[float, float]]:
    """Join levels that are less than `gap` apart into stretches."""
    ordered = np.unique(levels)
    if not len(ordered):
        return []
    breaks = np.flatnonzero(np.diff(ordered) > gap)
    starts = ordered[np.concatenate([[0], breaks + 1])]
    ends = ordered[np.concatenate([breaks, [len(ordered) - 1]])]
    return list(zip(starts.tolist(), ends.tolist(), strict=True))
