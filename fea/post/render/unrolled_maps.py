"""Drawing of the unrolled interface: the map's frame, fields, bands, statuses, arrows and zones.

The map is seen from outside with the cut at the top, so that the patient's left is to the
left of anterior; its seam is at the back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.colors import ListedColormap, Normalize, to_hex
from matplotlib.patches import Rectangle
from matplotlib.tri import Triangulation
from numpy.typing import NDArray

from fea.post import tokens
from fea.post.render.paint import sequential
from fea.post.render.sheet import HALO, Sheet, level_step
from fea.post.unrolled import PATCH, Patches, Unrolled, average_friction
from fea.solution import Interface
from geometry.stem import Stem

FloatArray = NDArray[np.float64]

#: Colours of a magnitude on the map.
STEPS = 80
#: Steps between isolines, um, and how many lines there are at most.
ISOLINE_STEPS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0)
ISOLINES = 7
#: Height of two lines of small text, CSS px: a lower zone says nothing.
TWO_LINES = 28.0
#: Height of a map, CSS px, up to which the axis of depth has no room for two names.
LOW_MAP = 330.0
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
    origin
        What depths count from.
    """

    sheet: Sheet
    flat: Unrolled
    left: float
    top: float
    scale: float
    low: float
    high: float
    origin: str = "cut"

    @property
    def patch(self) -> float:
        """Length of the longest arrow, mm."""
        return PATCH

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
        bottom = self.top + self.height
        corners = (
            [self.left, right, right, self.left, self.left],
            [self.top, self.top, bottom, bottom, self.top],
        )
        sheet.line(*corners, zorder=5)
        sheet.box(self.left, self.top, self.width, bottom - self.top, fc=tokens.BARE, zorder=0)
        if not depths:
            return
        step = level_step(self.high - self.low)
        for depth in np.arange(np.ceil(self.low / step) * step, self.high + 1e-6, step):
            y = float(self.y(depth))
            sheet.line([self.left - 5.0, self.left], [y, y])
            quiet = {"size": tokens.SIZE_SMALL, "color": tokens.QUIET}
            sheet.text(self.left - 9.0, y, f"{depth + 0.0:.0f}", va="center", ha="right", **quiet)
        upright = {"rotation": 90, "ha": "center", "size": tokens.SIZE_SMALL}
        x, middle = self.left - 52.0, (self.top + bottom) / 2
        sheet.text(x, middle, f"depth from the {self.origin}, mm", va="center", color=tokens.QUIET, **upright)
        # On a short axis both words would stand on one another.
        aside = 0.0 if self.height > LOW_MAP else 15.0
        sheet.text(x - aside, bottom, "← proximal", va="bottom", color=tokens.PROXIMAL, **upright)

    def magnitude(self, values: FloatArray, scale: tokens.Scale) -> None:
        """Draw a magnitude at the interface's vertices."""
        levels = np.linspace(0.0, scale.upper, STEPS + 1)
        colours = sequential()((np.arange(STEPS) + 0.5) / STEPS)
        self._levels(values, (-1e9, *levels[1:], 1e9), [*map(to_hex, colours), tokens.ABOVE])

    def isolines(self, values: FloatArray, where: NDArray[np.bool_]) -> float:
        """Draw thin lines of a field in um where a mask of the vertices holds.

        Parameters
        ----------
        values : ndarray, shape (n,), um
        where : ndarray of bool, shape (n,)

        Returns
        -------
        float
            Step between the lines, um; 0 where there are none.
        """
        largest = float(values[where].max(initial=0.0))
        step = next((step for step in ISOLINE_STEPS if largest / step <= ISOLINES), ISOLINE_STEPS[-1])
        if largest <= step:
            return 0.0
        triangles = self._triangles()
        triangles.set_mask(~where[self.flat.facet[self.flat.triangles[:, 0]]].all(axis=1))
        lines = self.sheet.axes.tricontour(
            triangles, self.flat.spread(values), levels=np.arange(step, largest, step),
            colors=tokens.INK, linewidths=0.6, zorder=1.5,
        )  # fmt: skip
        self._inside(lines)
        return float(step)

    def bands(self, values: FloatArray) -> None:
        """Draw a field in um at the interface's vertices in the bands of the criteria."""
        self._levels(values, (-1.0, *tokens.BAND_EDGES[1:], 1e9), tokens.BAND_COLOURS)

    def classes(self, codes: NDArray[np.int64], colours: Sequence[str]) -> None:
        """Draw whole numbers at the interface's vertices, each in its colour, up to half way between them."""
        corner = self.flat.weight[self.flat.triangles].mean(axis=1).argmax(axis=1)
        facet = self.flat.facet[self.flat.triangles[:, 0]]
        nearest = np.take_along_axis(facet, corner[:, None], axis=1)[:, 0]
        drawn = self.sheet.axes.tripcolor(
            self._triangles(), facecolors=codes[nearest].astype(np.float64), zorder=1,
            cmap=ListedColormap(list(colours)), norm=Normalize(-0.5, len(colours) - 0.5),
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

    def coatings(self, stem: Stem) -> None:
        """Draw beside the map how far each coating reaches, in its shade."""
        x = self.left + self.width + 4.0
        for row, zone in enumerate(stem.coatings):
            top, bottom = self.y(max(zone.start, self.low)), self.y(min(zone.end, self.high))
            if bottom > top:
                self.sheet.box(x, top, 5.0, bottom - top, fc=tokens.coating_colour(row))

    def zones(
        self, edges: Sequence[float], words: Callable[[int, str], str], quadrants: Sequence[str]
    ) -> None:
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
        centred = {"ha": "center", "va": "center", "path_effects": [HALO], "zorder": 6}
        for degrees in (135.0, 45.0, -45.0, -135.0):
            self.sheet.line([float(self.x(degrees))] * 2, [self.top, self.top + self.height], **look)
        for edge in edges[1:-1]:
            self.sheet.line([self.left, self.left + self.width], [float(self.y(edge))] * 2, **look)
        for number, (low, high) in enumerate(pairwise(edges)):
            if (high - low) * self.scale < TWO_LINES:
                continue
            y = float(self.y((low + high) / 2))
            for angles, quadrant in zip(((0.0,), (90.0,), (157.5, -157.5), (-90.0,)), quadrants, strict=True):
                for degrees in angles:
                    x, said = float(self.x(degrees)), words(number, quadrant)
                    self.sheet.text(x, y, said, size=tokens.SIZE_SMALL - 0.5, **centred)

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
        patches = self.patches(interface, traction)
        shown = patches.size > 0.02 * unit * self.patch
        x, y = self.x(patches.angle[shown]), self.y(patches.depth[shown])
        # Seen from outside with the cut at the top, angles grow to the left and depth downwards.
        across, down = -patches.around[shown] / unit * self.scale, patches.axial[shown] / unit * self.scale
        self._quiver(x, y, across, down)

    def patches(self, interface: Interface, traction: FloatArray) -> Patches:
        """Average the friction on the bone over patches; parameters as in `arrows`."""
        return average_friction(interface, traction, self.low, self.high)

    def _quiver(self, x: FloatArray, y: FloatArray, across: FloatArray, down: FloatArray) -> None:
        """Draw arrows about their middles."""
        self.sheet.axes.quiver(
            x, y, across, down,
            angles="xy", scale_units="xy", scale=1.0, width=3.2, units="dots", headwidth=3.6, headlength=4.0,
            headaxislength=3.6, color=tokens.PAPER, edgecolor=tokens.INK, linewidth=0.5, zorder=4,
            pivot="mid",
        )  # fmt: skip

    def _triangles(self) -> Triangulation:
        return Triangulation(self.x(self.flat.angle), self.y(self.flat.depth), self.flat.triangles)

    def _levels(
        self, values: FloatArray, edges: Sequence[float], colours: Sequence[str], **look: Any
    ) -> None:
        drawn = self.sheet.axes.tricontourf(
            self._triangles(), self.flat.spread(values), levels=list(edges), colors=list(colours), **look
        )
        self._inside(drawn)

    def _inside(self, drawn: Any) -> None:
        """Cut what was drawn off at the map's edges, and keep the sheet's limits."""
        axes = self.sheet.axes
        axes.set_xlim(0.0, self.sheet.width)
        axes.set_ylim(self.sheet.height, 0.0)
        drawn.set_clip_path(self._clip())

    def _clip(self) -> Rectangle:
        return Rectangle((self.left, self.top), self.width, self.height, transform=self.sheet.axes.transData)
