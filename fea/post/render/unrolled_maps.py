"""Drawing of the unrolled interface: the map's frame, fields, bands, statuses, arrows and zones.

The map is seen from outside with the cut at the top, so that the patient's left is to the
left of anterior; its seam is at the back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.colors import ListedColormap, Normalize
from matplotlib.patches import Rectangle
from matplotlib.tri import Triangulation
from numpy.typing import NDArray

from fea.post import tokens
from fea.post.render.paint import sequential
from fea.post.render.sheet import HALO, Sheet
from fea.post.unrolled import Unrolled
from fea.solution import Interface

FloatArray = NDArray[np.float64]

#: Patches round the stem over which friction is averaged for its arrows, and their height in mm.
COLUMNS = 10
ROW = 9.0
#: Angle, name and colour of the ticks round the stem, from the left of the map.
_SIDES = (
    (180.0, "post.", tokens.QUIET),
    (90.0, "left", tokens.LEFT),
    (0.0, "ant.", tokens.ANTERIOR),
    (-90.0, "right", tokens.QUIET),
    (-180.0, "post.", tokens.QUIET),
)


@dataclass(frozen=True, eq=False)
class Map:
    """Where the unrolled interface stands on a sheet.

    Attributes
    ----------
    sheet : Sheet
    flat : Unrolled
    left, top : float, CSS px
    scale : float, CSS px per mm
    low, high : float, mm
        Levels of the map's upper and lower edge.
    """

    sheet: Sheet
    flat: Unrolled
    left: float
    top: float
    scale: float
    low: float
    high: float

    @property
    def width(self) -> float:
        """Width on the sheet."""
        return 2.0 * np.pi * self.flat.radius * self.scale

    @property
    def height(self) -> float:
        """Height on the sheet."""
        return (self.high - self.low) * self.scale

    def x(self, degrees: Any) -> Any:
        """Position on the sheet of an angle."""
        return self.left + self.width * (0.5 - np.asarray(degrees) / 360.0)

    def y(self, depth: Any) -> Any:
        """Position on the sheet of a level in mm."""
        return self.top + (np.asarray(depth) - self.low) * self.scale

    def frame(self, title: str, *, depths: bool) -> None:
        """Draw the map's edges, its sides and, where wanted, its levels."""
        sheet, right = self.sheet, self.left + self.width
        sheet.text(self.left, self.top - 54.0, title, weight="bold")
        for degrees, name, colour in _SIDES:
            x = float(self.x(degrees))
            sheet.line([x, x], [self.top - 4.0, self.top])
            align = {180.0: "left", -180.0: "right"}.get(degrees, "center")
            words = f"{name}\n{degrees % 360:.0f}°"
            sheet.text(x, self.top - 6.0, words, va="bottom", ha=align, size=tokens.SIZE_SMALL, color=colour)
        sheet.line([self.left, right, right, self.left, self.left],
                   [self.top, self.top, self.top + self.height, self.top + self.height, self.top], zorder=5)  # fmt: skip
        if not depths:
            return
        for depth in np.arange(np.ceil(self.low / 20.0) * 20.0, self.high + 1e-6, 20.0):
            y = float(self.y(depth))
            sheet.line([self.left - 5.0, self.left], [y, y])
            sheet.text(self.left - 9.0, y, f"{depth + 0.0:.0f}", va="center", ha="right", size=tokens.SIZE_SMALL,
                       color=tokens.QUIET)  # fmt: skip
        sheet.text(self.left - 52.0, self.top + self.height / 2, "depth from the cut, mm", rotation=90, ha="center",
                   va="center", size=tokens.SIZE_SMALL, color=tokens.QUIET)  # fmt: skip
        sheet.text(self.left - 52.0, self.top + self.height, "← proximal", rotation=90, ha="center", va="bottom",
                   size=tokens.SIZE_SMALL, color=tokens.PROXIMAL)  # fmt: skip

    def magnitude(self, values: FloatArray, scale: tokens.Scale) -> None:
        """Draw a magnitude at the interface's vertices."""
        colours = sequential().with_extremes(over=tokens.ABOVE, under=tokens.BELOW)
        limits = Normalize(0.0, scale.upper)
        drawn = self.sheet.axes.tripcolor(
            self._triangles(), self.flat.spread(values), shading="gouraud", cmap=colours, norm=limits, zorder=1
        )
        self._inside(drawn)

    def bands(self, values: FloatArray) -> None:
        """Draw a field in um at the interface's vertices in the bands of the criteria."""
        self._levels(values, (-1.0, *tokens.BAND_EDGES[1:], 1e9), tokens.BAND_COLOURS)

    def classes(self, codes: FloatArray, colours: Sequence[str]) -> None:
        """Draw small whole numbers at the interface's vertices, each in its colour."""
        drawn = self.sheet.axes.tripcolor(
            self._triangles(), facecolors=np.round(self.flat.spread(codes))[self.flat.triangles].mean(axis=1).round(),
            cmap=ListedColormap(list(colours)), norm=Normalize(-0.5, len(colours) - 0.5), zorder=1,
        )  # fmt: skip
        self._inside(drawn)

    def hatch_open(self, level: FloatArray) -> None:
        """Hatch where a function of the vertices is negative: no contact."""
        if (level < 0.0).any():
            self._levels(level, (-1e9, 0.0), [tokens.NO_CONTACT], hatches=["////"], zorder=2)

    def paint_where(self, level: FloatArray, colour: str) -> None:
        """Paint flat where a function of the vertices is positive."""
        if (level > 0.0).any():
            self._levels(level, (0.0, 1e9), [colour], zorder=2)

    def zones(self, edges: Sequence[float], words: Callable[[int, str], str], quadrants: Sequence[str]) -> None:
        """Draw the zones' borders and what each says.

        Parameters
        ----------
        edges : sequence of float, mm
            Levels between the zones, first and last included.
        words : callable
            What stands in the zone of a level's number and a quadrant.
        quadrants : sequence of str
            Anterior, left, posterior, right.
        """
        look = {"color": tokens.INK, "lw": 0.8, "zorder": 4, "path_effects": [HALO]}
        for degrees in (135.0, 45.0, -45.0, -135.0):
            self.sheet.line([float(self.x(degrees))] * 2, [self.top, self.top + self.height], **look)
        for edge in edges[1:-1]:
            self.sheet.line([self.left, self.left + self.width], [float(self.y(edge))] * 2, **look)
        for number, (low, high) in enumerate(zip(edges, edges[1:], strict=False)):
            y = float(self.y((low + high) / 2))
            for angles, quadrant in zip(((0.0,), (90.0,), (157.5, -157.5), (-90.0,)), quadrants, strict=True):
                for degrees in angles:
                    self.sheet.text(float(self.x(degrees)), y, words(number, quadrant), ha="center", va="center",
                                    size=tokens.SIZE_SMALL - 0.5, path_effects=[HALO], zorder=6)  # fmt: skip

    def arrows(self, interface: Interface, traction: FloatArray, unit: float) -> None:
        """Draw the friction on the bone, averaged over patches.

        Parameters
        ----------
        interface : Interface
        traction : ndarray, shape (n, 3), MPa
            Pressure, axial and circumferential friction.
        unit : float, MPa
            What an arrow of 1 mm means.
        """
        x, y, across, down = self.patches(interface, traction)
        shown = np.hypot(across, down) > 0.02 * unit * ROW
        self.sheet.axes.quiver(
            x[shown], y[shown], across[shown] / unit * self.scale, down[shown] / unit * self.scale,
            angles="xy", scale_units="xy", scale=1.0, width=3.2, units="dots", headwidth=3.6, headlength=4.0,
            headaxislength=3.6, color=tokens.PAPER, edgecolor=tokens.INK, linewidth=0.5, zorder=4, pivot="mid",
        )  # fmt: skip

    def patches(
        self, interface: Interface, traction: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Average friction over patches of the map.

        Parameters
        ----------
        interface : Interface
        traction : ndarray, shape (n, 3), MPa

        Returns
        -------
        x, y : ndarray, shape (k,), CSS px
            Middles of the patches.
        across, down : ndarray, shape (k,), MPa
            Components of the traction to the right and down the map.
        """
        vector = traction[:, 1:2] * interface.axial + traction[:, 2:3] * interface.circumferential
        angle = np.arctan2(interface.points[:, 1], interface.points[:, 0])
        around = vector[:, 1] * np.cos(angle) - vector[:, 0] * np.sin(angle)
        depth = interface.points[:, 2]
        flank = np.abs(interface.normal[:, 2]) < 0.5
        rows = max(round((self.high - self.low) / ROW), 1)
        column = np.floor((np.degrees(angle[flank]) + 180.0) / 360.0 * COLUMNS).astype(np.int64) % COLUMNS
        row = ((depth[flank] - self.low) / (self.high - self.low) * rows).astype(np.int64).clip(0, rows - 1)
        patch, area = row * COLUMNS + column, interface.area[flank]
        total = np.bincount(patch, area, minlength=rows * COLUMNS)
        number = np.flatnonzero(total > 0.0)
        across, down = (
            np.bincount(patch, area * part[flank], minlength=rows * COLUMNS)[number] / total[number]
            for part in (-around, vector[:, 2])
        )
        degrees = (number % COLUMNS + 0.5) / COLUMNS * 360.0 - 180.0
        middle = self.low + (number // COLUMNS + 0.5) * (self.high - self.low) / rows
        return self.x(degrees), self.y(middle), across, down

    def _triangles(self) -> Triangulation:
        return Triangulation(self.x(self.flat.angle), self.y(self.flat.depth), self.flat.triangles)

    def _levels(self, values: FloatArray, edges: Sequence[float], colours: Sequence[str], **look: Any) -> None:
        drawn = self.sheet.axes.tricontourf(
            self._triangles(), self.flat.spread(values), levels=list(edges), colors=list(colours), **look
        )
        self._inside(drawn)

    def _inside(self, drawn: Any) -> None:
        """Cut what was drawn off at the map's edges, and keep the sheet's limits."""
        axes = self.sheet.axes
        axes.set_xlim(0.0, self.sheet.width)
        axes.set_ylim(self.sheet.height, 0.0)
        drawn.set_clip_path(Rectangle((self.left, self.top), self.width, self.height, transform=axes.transData))
