"""Draw the stem of cases/femur_custom_surface.toml and write it as binary STL, as a printer's software would.

The stem follows a bowed natural canal whose oval is wide from side to side at the cut and wide from front to
back towards the tip, and runs out along its bow into a round neck below the cut. It clears the canal by
0.05 mm at the cut, is 0.01 mm larger than it from 20 to 85 mm, and clears it by 0.4 mm at the tip.

Usage: python cases/stems/make_bowed_stem.py [PATH]; the default is femur_bowed.stl beside itself.
What stands here is an example of a designer's shape, an engineering assumption, and no maker's product.
"""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import numpy as np

#: The canal of the case: length of the chord of its bow and the bow's radius, mm; level and half widths from
#: back to front and from side to side of its first and last section, mm, even in between.
CHORD, BOW_RADIUS = 115.0, 1000.0
CANAL = ((0.0, 7.2, 8.2), (170.0, 6.6, 5.6))
#: Lowest level, half width of the round neck there, and the level at which the canal's oval begins, mm.
BOTTOM, NECK, NECK_END = -30.0, 7.6, -4.0
#: Level from which on it clears the canal more and more, mm.
CLEAR = 85.0
#: Level of the tip and the rounding of its edge, mm.
TOP, TIP_RADIUS = 115.0, 3.0
#: Corners of the triangles round the stem, their way along it in mm, and steps of the tip's rounding.
AROUND, ALONG, ROUNDING = 60, 3.7, 6


def smooth(level: float, low: float, high: float) -> float:
    """Rise from 0 at one level to 1 at another with a curvature that has no step."""
    share = min(max((level - low) / (high - low), 0.0), 1.0)
    return share**3 * (10.0 - 15.0 * share + 6.0 * share * share)


def section(level: float) -> tuple[float, float, float]:
    """Return the middle from back to front and the half widths of the stem at a level, mm."""
    (low, front, side), (high, last_front, last_side) = CANAL
    share = (level - low) / (high - low)
    larger = -0.05 + 0.06 * smooth(level, 0.0, 20.0) - 0.41 * smooth(level, CLEAR, TOP)
    round_ = 1.0 - smooth(level, BOTTOM, NECK_END)
    half = [
        first + share * (last - first) + larger for first, last in ((front, last_front), (side, last_side))
    ]
    front, side = (width + round_ * (NECK - width) for width in half)
    ahead = level - CHORD / 2
    middle = (BOW_RADIUS**2 - ahead**2) ** 0.5 - (BOW_RADIUS**2 - (CHORD / 2) ** 2) ** 0.5
    return middle, front, side


def triangles() -> np.ndarray:
    """Return the corners of the triangles, shape (n, 3, 3), mm, seen from outside against the clock."""
    bend = TOP - TIP_RADIUS
    levels = np.linspace(BOTTOM, bend, round((bend - BOTTOM) / ALONG) + 1)
    rings = [(float(level), 0.0) for level in levels]
    for step in range(1, ROUNDING + 1):
        turn = 0.5 * np.pi * step / ROUNDING
        rings.append((bend + TIP_RADIUS * float(np.sin(turn)), TIP_RADIUS * (1.0 - float(np.cos(turn)))))
    angle = 2.0 * np.pi * np.arange(AROUND) / AROUND
    corners = []
    for level, inset in rings:
        middle, front, side = section(level)
        x, y = middle + (front - inset) * np.cos(angle), (side - inset) * np.sin(angle)
        corners.append(np.stack([x, y, np.full(AROUND, level)], axis=1))
    found = []
    for low, high in pairwise(corners):
        after_low, after_high = np.roll(low, -1, axis=0), np.roll(high, -1, axis=0)
        found += [np.stack([low, after_low, after_high], axis=1), np.stack([low, after_high, high], axis=1)]
    for ring, order in ((corners[0], -1), (corners[-1], 1)):
        middle = np.broadcast_to(ring.mean(axis=0), ring.shape)
        found.append(np.stack([middle, *(ring, np.roll(ring, -1, axis=0))[::order]], axis=1))
    return np.concatenate(found)


def main(path: Path) -> None:
    """Write the file; places are rounded to 0.1 um, so that the same shape is the same file."""
    places = np.round(triangles(), 4)
    record = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
    made = np.zeros(len(places), record)
    normal = np.cross(places[:, 1] - places[:, 0], places[:, 2] - places[:, 0])
    made["normal"] = np.round(normal / np.linalg.norm(normal, axis=1)[:, None], 4)
    made["corners"] = places
    header = b"Bowed oval stem of cases/femur_custom_surface.toml, in mm".ljust(80)
    path.write_bytes(header + len(made).to_bytes(4, "little") + made.tobytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("femur_bowed.stl"))
