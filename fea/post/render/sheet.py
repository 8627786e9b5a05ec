"""The page of a picture: views at one scale, with title, levels, directions, legend and marks.

Coordinates are CSS px from the upper left corner; the file has twice as many pixels.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray
from PIL import Image

from fea.post import tokens
from fea.post.render.shot import Body, Lines, View, Window, shoot

FloatArray = NDArray[np.float64]

MARGIN = 20.0
#: A picture with more bytes than this gets fewer colours.
LARGEST_FILE = 300_000
HALO = withStroke(linewidth=2.6, foreground=tokens.PAPER)
#: Directions that a view's caption names, with colours.
_AXES = (
    ("anterior", np.array([1.0, 0.0, 0.0]), tokens.ANTERIOR),
    ("left", np.array([0.0, 1.0, 0.0]), tokens.LEFT),
)

#: Lengths of a scale bar, mm, and how long it may be drawn, px.
_BARS, _LONGEST_BAR = (20.0, 10.0, 5.0, 2.0, 1.0), 130.0
#: Levels are 20 mm apart, on what is shorter than this, mm, 5 mm.
_SHORT = 60.0


def bar_length(scale: float) -> float:
    """Return the length in mm of a scale bar at a scale in px per mm."""
    return next((length for length in _BARS if length * scale <= _LONGEST_BAR), _BARS[-1])


def level_step(height: float) -> float:
    """Return how far levels on an axis of a height are apart, mm."""
    return 5.0 if height < _SHORT else 20.0


@dataclass(frozen=True)
class Panel:
    """One view on the sheet: `x` and `y` are the left and the top of its window."""

    view: View
    window: Window
    x: float
    y: float
    scale: float

    def place(self, point: Sequence[float] | FloatArray) -> tuple[float, float]:
        """Return where a point in space stands on the sheet."""
        across, up = self.view.flat(np.asarray(point, dtype=np.float64))
        return self.x + (across - self.window.left) * self.scale, self.y + (self.window.top - up) * self.scale

    @property
    def right(self) -> float:
        """Right edge of the window on the sheet."""
        return self.x + self.window.width * self.scale

    @property
    def bottom(self) -> float:
        """Lower edge of the window on the sheet."""
        return self.y + self.window.height * self.scale


@dataclass(eq=False)
class Sheet:
    """A drawing of given size in CSS px; `question` is its title, `says` tells what it shows."""

    width: float
    height: float
    question: str = ""
    says: str = ""
    figure: Figure = field(init=False)
    axes: Any = field(init=False)

    def __post_init__(self) -> None:
        self.figure = Figure(figsize=(self.width / tokens.CSS_DPI, self.height / tokens.CSS_DPI))
        FigureCanvasAgg(self.figure)
        self.axes = self.figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self.axes.set_xlim(0.0, self.width)
        self.axes.set_ylim(self.height, 0.0)
        self.axes.set_axis_off()

    def text(self, x: float, y: float, words: str, **look: Any) -> None:
        """Write words with their upper left corner at (x, y)."""
        look = {"va": "top", "ha": "left", "size": tokens.SIZE_TEXT, "color": tokens.INK, **look}
        if look["va"] == "top" and "\n" not in words and "rotation" not in look:
            # The baseline, not the ink, so that neighbours with and without descenders stand level.
            look["va"] = "baseline"
            y += look["size"] * 1.02
        self.axes.text(x, y, words, linespacing=1.45, **look)

    def title(self, question: str, instant: str) -> None:
        """Write what the picture asks, and when."""
        self.question = question
        self.text(MARGIN, 16.0, question, size=tokens.SIZE_TITLE + 1, weight="bold")
        self.text(MARGIN, 40.0, instant, color=tokens.QUIET)

    def line(self, xs: Sequence[float], ys: Sequence[float], **look: Any) -> None:
        """Draw a polyline."""
        look = {"color": tokens.QUIET, "lw": tokens.HAIR, "solid_capstyle": "butt"} | look
        self.axes.plot(xs, ys, **look)

    def box(self, x: float, y: float, width: float, height: float, **look: Any) -> None:
        """Draw a rectangle by its upper left corner."""
        self.axes.add_patch(Rectangle((x, y), width, height, **({"lw": 0.0} | look)))

    def shot(self, panel: Panel, things: Sequence[Body | Lines]) -> None:
        """Render a view into its panel."""
        image = shoot(things, panel.view, panel.window, panel.scale * tokens.PIXEL_RATIO)
        extent = (panel.x, panel.right, panel.bottom, panel.y)
        self.axes.imshow(image, extent=extent, aspect="auto", interpolation="none", zorder=1)
        self.axes.set_xlim(0.0, self.width)
        self.axes.set_ylim(self.height, 0.0)

    def caption(self, panel: Panel, words: str = "") -> None:
        """Name a panel's view and its sideways direction below it."""
        middle, y = (panel.x + panel.right) / 2, panel.bottom + 8.0
        if words:
            self.text(middle, y, words, ha="center", weight="bold", size=tokens.SIZE_SMALL)
            y += 15.0
        self.text(middle, y, panel.view.name, ha="center", size=tokens.SIZE_SMALL)
        for name, direction, colour in _AXES:
            along = float(direction @ panel.view.right)
            if abs(along) > 0.9:
                words = f"{name} →" if along > 0 else f"← {name}"
                self.text(middle, y + 15.0, words, ha="center", size=tokens.SIZE_SMALL, color=colour)

    def levels(
        self, panel: Panel, x: float, step: float = 20.0, *, words: bool = True, origin: str = "cut"
    ) -> None:
        """Draw the axis of depth from the cut, or another origin, upwards to the hip."""
        low, high = panel.window.bottom, panel.window.top
        first, last = np.ceil(low / step) * step, np.floor(high / step) * step
        for level in np.arange(first, last + step / 2, step):
            y = panel.place((0.0, 0.0, level))[1]
            self.line([x - 4, x], [y, y])
            look = {"ha": "right", "va": "center", "size": tokens.SIZE_SMALL, "color": tokens.QUIET}
            self.text(x - 8, y, f"{level + 0.0:.0f}".replace("-", "−"), **look)
        top = panel.place((0.0, 0.0, last))[1]
        self.line([x, x], [panel.place((0.0, 0.0, first))[1], top])
        if not words:
            return
        # On a short axis the words move down from those at its top.
        middle = max((panel.y + panel.bottom) / 2, top + 150.0)
        self.text(
            x - 44, middle, f"depth from the {origin}, mm", rotation=90, va="center", ha="center",
            size=tokens.SIZE_SMALL, color=tokens.QUIET,
        )  # fmt: skip
        self.text(x - 44, top, "↑ proximal", rotation=90, va="top", ha="center", size=tokens.SIZE_SMALL,
                  color=tokens.PROXIMAL)  # fmt: skip

    def scale_bar(self, x: float, y: float, scale: float, length: float = 20.0) -> None:
        """Draw a bar of `length` mm."""
        self.line([x, x + length * scale], [y, y], color=tokens.INK, lw=2.2)
        self.text(x, y + 6.0, f"{length:g} mm", size=tokens.SIZE_SMALL)

    def mark(
        self, panel: Panel, point: FloatArray, words: str, symbol: str = "o", shift: float = 0.0
    ) -> None:
        """Mark a place in a panel and name it beside the panel's object, `shift` px lower."""
        x, y = panel.place(point)
        self.axes.plot(
            [x], [y], symbol, ms=8, mfc="none", mec=tokens.INK, mew=1.3, path_effects=[HALO], zorder=3
        )
        self.line([x + 6, panel.right - 2], [y, y + shift], color=tokens.INK, path_effects=[HALO], zorder=2)
        self.text(
            panel.right, y + shift, words, va="center", size=tokens.SIZE_SMALL, path_effects=[HALO], zorder=3
        )

    def callout(self, place: tuple[float, float], x: float, y: float, words: str) -> None:
        """Name a place in words at (x, y), joined by a thin line."""
        self.line([place[0], x - 4.0], [place[1], y], color=tokens.INK, path_effects=[HALO], zorder=3)
        self.text(x, y, words, va="center", size=tokens.SIZE_SMALL, path_effects=[HALO], zorder=3)

    def image(self) -> NDArray[np.uint8]:
        """Return the drawn sheet, shape (height, width, 3)."""
        canvas = FigureCanvasAgg(self.figure)
        self.figure.set_dpi(tokens.CSS_DPI * tokens.PIXEL_RATIO)
        canvas.draw()  # type: ignore[no-untyped-call]
        return np.array(canvas.buffer_rgba())[..., :3]  # type: ignore[no-untyped-call]

    def save(self, path: Path) -> Path:
        """Write a PNG.

        Parameters
        ----------
        path : Path

        Returns
        -------
        Path
            The same.
        """
        path.write_bytes(encode(self.image()))
        return path


def encode(image: NDArray[np.uint8]) -> bytes:
    """Compress a picture to PNG: as it is, in steps of 3 of 256, or in the 256 colours that miss it least.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3)

    Returns
    -------
    bytes
        The first of these that is small enough, else the last.
    """
    # Counted from white, which stays white.
    darkness = np.minimum((255 - image.astype(np.int64) + 1) // 3 * 3, 255)
    for picture in (image, (255 - darkness).astype(np.uint8)):
        data = _png(Image.fromarray(picture))
        if len(data) <= LARGEST_FILE:
            return data
    # Without rounds of k-means large faint areas, such as two tones of bone, take one another's colour.
    method, rounds = Image.Quantize.MAXCOVERAGE, 4
    return _png(Image.fromarray(image).quantize(256, method=method, kmeans=rounds, dither=Image.Dither.NONE))


def _png(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, format="PNG", compress_level=7)
    return stream.getvalue()
