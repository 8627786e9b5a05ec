r"""A natural canal that ends inside the bone: walls up to a level, then a smooth closed end.

With R the radius of the walls, q the share of it that stays flat, h the height of the rounding and
t = (z - start) / h, the radius above the start is R (q + (1 - q) sqrt(1 - t^2)): tangent to the walls
where it begins and to the flat end where it stops.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geometry.outline import FloatArray, Outline
from geometry.scanned.splined import SplinedOutline

#: Share of the walls' radius that the flat end has.
FLAT = 0.3
#: Sections of the rounding.
_ROUND = 12
#: Largest t at which slopes are taken.
_STEEPEST = 1.0 - 1e-9


@dataclass(frozen=True, eq=False)
class ClosedCanal(Outline):
    """A canal from the cut to its end within the bone.

    Attributes
    ----------
    walls : SplinedOutline
    start : float, mm
        Level at which it begins to close.
    end : float, mm
        Level of its flat end.
    """

    walls: SplinedOutline
    start: float
    end: float

    def __repr__(self) -> str:
        """Say the content, as digests of meshes need it."""
        return f"ClosedCanal(walls={self.walls}, start={self.start}, end={self.end})"

    @property
    def detail(self) -> tuple[int, float]:
        """See `Outline.detail`."""
        return self.walls.detail

    @property
    def height(self) -> float:
        """Height of the rounding, mm."""
        return self.end - self.start

    def section_levels(self, low: float, high: float) -> FloatArray:
        """See `Outline.section_levels`: of the walls, up to where the canal begins to close."""
        return self.walls.section_levels(low, self.start)

    @property
    def round_levels(self) -> FloatArray:
        """Levels of the sections that show the rounding, as far from one another along it, shape (n,), mm."""
        return self.start + self.height * np.sin(np.linspace(0.0, np.pi / 2, 1 + _ROUND))

    def _up(self, level: FloatArray) -> FloatArray:
        """Give t, bound to 0 and 1."""
        return np.clip((np.asarray(level, dtype=np.float64) - self.start) / self.height, 0.0, 1.0)

    def radius(self, angle: FloatArray, level: FloatArray) -> FloatArray:
        """See `Outline.radius`: above the end that of the flat end."""
        left = FLAT + (1.0 - FLAT) * np.sqrt(1.0 - self._up(level) ** 2)
        return self.walls.radius(angle, np.minimum(level, self.end)) * left

    def slopes(self, angle: FloatArray, level: FloatArray) -> tuple[FloatArray, FloatArray]:
        """See `Outline.slopes`."""
        up = np.minimum(self._up(level), _STEEPEST)
        left = FLAT + (1.0 - FLAT) * np.sqrt(1.0 - up**2)
        closing = -(1.0 - FLAT) * up / (self.height * np.sqrt(1.0 - up**2))
        by_angle, by_level = self.walls.slopes(angle, np.minimum(level, self.end))
        radius = self.walls.radius(angle, np.minimum(level, self.end))
        return by_angle * left, by_level * left + radius * closing

    def places(self, angle: FloatArray, level: FloatArray) -> FloatArray:
        """See `Outline.places`: no higher than the end."""
        return super().places(angle, np.minimum(level, self.end))

    def half_extents(self, level: FloatArray) -> FloatArray:
        """See `Outline.half_extents`: above the start those at the start."""
        return self.walls.half_extents(np.minimum(level, self.start))

    def outside(self, points: FloatArray) -> FloatArray:
        """See `Outline.outside`; in the rounding by F = sqrt(g^2 + t^2) - 1 with R (q + (1 - q) g) = r."""
        found = self.walls.outside(points)
        rows = np.flatnonzero(points[:, 2] > self.start)
        if not len(rows):
            return found
        x, y, z = points[rows].T
        angle, level = np.arctan2(y, x), np.minimum(z, self.end)
        across, radius = np.hypot(x, y), self.walls.radius(angle, level)
        by_angle, by_level = self.walls.slopes(angle, level)
        up = (z - self.start) / self.height
        wide = np.maximum((across / radius - FLAT) / (1.0 - FLAT), 0.0)
        far = np.maximum(np.hypot(wide, up), 1e-9)
        # How wide changes with r, the angle (by the length r) and z; not at all within the flat end.
        bent = (wide > 0) / ((1.0 - FLAT) * radius)
        slope = np.stack(
            [bent, -bent * by_angle / radius, -bent * by_level * across / radius]
        ) * wide / far  # fmt: skip
        slope[2] += up / (far * self.height)
        steep = np.linalg.norm(slope, axis=0)
        least = 1.0 / np.maximum(radius, self.height)
        found[rows] = (far - 1.0) / np.maximum(steep, least)
        return found
