r"""A segment of the jaw: a prism along the arch, whose section across it is a rounded trapezoid.

The section lies in y and z, z running from the crest (0) to the base: two sides that lean where
crest and base are of different width, all four edges rounded by one radius. It is the same from
the mesial to the distal cut, at x = +-length / 2. Inside a cortical shell of its own thickness at
crest, sides and base it is cancellous; the core is open at both cuts.

A convex polygon rounded by r is the polygon moved inwards by r, and all that lies within r of it;
so its signed distance is that of the inner polygon less r, exactly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geometry.errors import GeometryError, require_positive
from geometry.outline import Outline

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class RoundedTrapezoid:
    """A trapezoid symmetric about z, its edges rounded.

    Attributes
    ----------
    top, bottom : float, mm
        Levels of its parallel edges, top < bottom.
    at_top, at_bottom : float, mm
        Half widths there, before rounding.
    rounding : float, mm
    """

    top: float
    bottom: float
    at_top: float
    at_bottom: float
    rounding: float

    @property
    def lean(self) -> float:
        """How much wider, in half width, the section becomes a mm of level."""
        return (self.at_bottom - self.at_top) / (self.bottom - self.top)

    def inset(self, top: float, side: float, bottom: float, rounding: float) -> RoundedTrapezoid:
        """Return the trapezoid whose edges lie so far inside, measured across each edge, mm."""
        low, high = self.top + top, self.bottom - bottom
        across = side * math.hypot(1.0, self.lean)
        at_low, at_high = (self.at_top + self.lean * (level - self.top) - across for level in (low, high))
        return RoundedTrapezoid(low, high, at_low, at_high, rounding)

    @cached_property
    def corners(self) -> FloatArray:
        """Corners before rounding, shape (4, 2), as (y, z), mm, in turn."""
        return np.array(
            [
                (-self.at_top, self.top),
                (self.at_top, self.top),
                (self.at_bottom, self.bottom),
                (-self.at_bottom, self.bottom),
            ]
        )

    def outside(self, y: FloatArray, z: FloatArray) -> FloatArray:
        """Measure the signed distance, negative inside, shape (n,), mm."""
        r = self.rounding
        corners = self.inset(r, r, r, 0.0).corners
        ahead = np.roll(corners, -1, axis=0) - corners
        place = np.stack([y, z], axis=1)[:, None, :] - corners
        share = np.clip(np.einsum("nij,ij->ni", place, ahead) / (ahead**2).sum(axis=1), 0.0, 1.0)
        off = np.linalg.norm(place - share[:, :, None] * ahead, axis=2).min(axis=1)
        inside = (ahead[:, 0] * place[..., 1] - ahead[:, 1] * place[..., 0] >= 0).all(axis=1)
        return np.asarray(np.where(inside, -off, off) - r)

    def half_width(self, level: FloatArray) -> FloatArray:
        """Give the half width at levels on the section, shape (n,), mm."""
        r, lean = self.rounding, self.lean
        straight = self.at_top + lean * (level - self.top)
        if r == 0.0:
            return np.asarray(straight)
        inner = self.inset(r, r, r, 0.0)
        # The sides touch the roundings this far above the centres of these.
        rise = r * lean / math.hypot(1.0, lean)
        found = np.array(straight, dtype=np.float64)
        for centre, width, sign in (
            (inner.top, inner.at_top, -1.0),
            (inner.bottom, inner.at_bottom, 1.0),
        ):
            along = level - centre
            on_arc = sign * (along + rise) > 0
            arc = width + np.sqrt(np.maximum(r**2 - along**2, 0.0))
            found = np.where(on_arc, arc, found)
        return np.asarray(found)


@dataclass(frozen=True)
class Jaw(Outline):
    """A segment of the jaw about the implant's axis.

    Attributes
    ----------
    length : float, mm
        From the mesial to the distal cut, along x.
    height : float, mm
        From crest to base, along z.
    crest_width, base_width : float, mm
        Along y.
    edge_radius : float, mm
        Of all four edges.
    crest, side, base : float, mm
        Thickness of the cortical shell there.
    shift : float, mm
        Position y of the segment's middle: minus how far to the left the implant's axis stands.

    Raises
    ------
    GeometryError
        When a size is not positive, the edges' radius does not fit or the shell leaves no core.
    """

    length: float
    height: float
    crest_width: float
    base_width: float
    edge_radius: float
    crest: float
    side: float
    base: float
    shift: float = 0.0

    def __post_init__(self) -> None:
        for name in ("length", "height", "crest_width", "base_width", "crest", "side", "base"):
            require_positive(f"The jaw's {name.replace('_', ' ')}", getattr(self, name))
        most = 0.45 * min(self.height, self.crest_width, self.base_width)
        if not 0.0 <= self.edge_radius <= most:
            raise GeometryError(
                f"The jaw's edge radius must lie between 0 and {most:g} mm for this height and these widths,"
                f" but it is {self.edge_radius:g} mm."
            )
        if self.crest + self.base >= self.height:
            raise GeometryError(
                f"The cortical shell must leave room for a core, but crest ({self.crest:g} mm) and base"
                f" ({self.base:g} mm) fill the jaw's height of {self.height:g} mm."
            )
        core = self.core
        if min(core.at_top, core.at_bottom) <= core.rounding:
            raise GeometryError(
                f"The cortical shell must leave room for a core, but two sides of {self.side:g} mm fill"
                f" the jaw's width of {min(self.crest_width, self.base_width):g} mm."
            )

    @cached_property
    def section(self) -> RoundedTrapezoid:
        """The outer section."""
        return RoundedTrapezoid(0.0, self.height, self.crest_width / 2, self.base_width / 2, self.edge_radius)

    @cached_property
    def core(self) -> RoundedTrapezoid:
        """The section of the cancellous core, whose edges are rounded as much less as the sides are thick."""
        rounding = max(self.edge_radius - self.side, 0.0)
        return self.section.inset(self.crest, self.side, self.base, rounding)

    @property
    def shell(self) -> float:
        """Least thickness of the cortical shell, mm."""
        return min(self.crest, self.side, self.base)

    def half_extents(self, level: FloatArray) -> FloatArray:
        """Half the length along x and half the width along y at levels, shape (n, 2), mm."""
        width = self.section.half_width(np.asarray(level, dtype=np.float64))
        return np.stack([np.full_like(width, self.length / 2), width], axis=-1)

    def radius(self, angle: FloatArray, level: FloatArray) -> FloatArray:
        """As `Outline.radius`: where a ray leaves the segment, by a side or by a cut."""
        along, across = self._ways(angle, level)
        return np.asarray(np.minimum(along, across))

    def slopes(self, angle: FloatArray, level: FloatArray) -> tuple[FloatArray, FloatArray]:
        """As `Outline.slopes`; on the corners between sides and cuts those of the sides."""
        along, across = self._ways(angle, level)
        step = 1e-6
        rise = self.section.half_width(level + step) - self.section.half_width(level - step)
        cosine, sine = np.cos(angle), np.sin(angle)
        on_side = across <= along
        with np.errstate(divide="ignore", invalid="ignore"):
            by_angle = np.where(on_side, -across * cosine / sine, along * sine / cosine)
            by_level = np.where(on_side, rise / (2 * step) / np.abs(sine), 0.0)
        return by_angle, by_level

    def _ways(self, angle: FloatArray, level: FloatArray) -> tuple[FloatArray, FloatArray]:
        cosine, sine = np.cos(angle), np.sin(angle)
        edge = np.sign(sine) * self.section.half_width(level) + self.shift
        with np.errstate(divide="ignore", invalid="ignore"):
            along = np.where(cosine == 0, np.inf, self.length / 2 / np.abs(cosine))
            across = np.where(sine == 0, np.inf, edge / np.where(sine == 0, 1.0, sine))
        return along, across

    def outside(self, points: FloatArray) -> FloatArray:
        """As `Outline.outside` of sides, rounded edges and cuts, exact inside, without crest and base."""
        return -self._depth(points, with_base=False)

    def depth(self, points: FloatArray, length: float) -> FloatArray:
        """As `Outline.depth`, exact, to sides, base and cuts; the implant enters by the crest."""
        return self._depth(points, with_base=True)

    def _depth(self, points: FloatArray, *, with_base: bool) -> FloatArray:
        section = self.section
        y, z = np.abs(points[:, 1] - self.shift), points[:, 2]
        r, lean, slant = section.rounding, section.lean, math.hypot(1.0, section.lean)
        inner = section.inset(r, r, r, 0.0)
        side, base = (section.at_top + lean * z - y) / slant, section.bottom - z
        # Where the flats of crest and base end.
        flats = [np.hypot(y - inner.at_top, z), np.hypot(y - inner.at_bottom, base)]
        for wide, level, sense in ((inner.at_top, inner.top, -1.0), (inner.at_bottom, inner.bottom, 1.0)):
            off, along = y - wide, z - level
            rounded = (off >= 0) & (sense * (along + lean * off) >= 0)
            arc = r - np.hypot(off, along)
            side, base = np.where(rounded, arc, side), np.where(rounded, arc, base)
        inside = np.minimum(np.minimum(side, flats[0]), base if with_base else flats[1])
        out = section.outside(points[:, 1] - self.shift, z)
        return np.asarray(
            np.minimum(np.where(out > 1e-9, -out, inside), self.length / 2 - np.abs(points[:, 0]))
        )

    def outside_core(self, points: FloatArray) -> FloatArray:
        """Measure how far points lie outside the core's section, negative inside, shape (n,), mm."""
        return self.core.outside(points[:, 1] - self.shift, points[:, 2])
