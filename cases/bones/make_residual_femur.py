"""Write the bone of femur_scanned.toml: a residual femur as a scanner would give it, with a known shape.

Outer surface and canal are two closed shells of triangles in a scanner's coordinates (x to the patient's
left, y to the back, z to the head, in mm, far from the origin). The section is oval with the ridge of the
linea aspera behind; the shaft is bowed by a radius of 1,000 mm and widens towards the trochanters. Every
dimension is an engineering assumption. Run it beside the file that it writes: python make_residual_femur.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

LENGTH, BOW = 230.0, 1000.0
#: Where the middle of the shaft's lower end lies in the scanner, mm, and how the shaft leans there, degrees.
PLACE, LEAN = np.array([104.0, -118.0, -850.0]), (6.0, 4.0)


def outer(angle: FloatArray, level: FloatArray) -> FloatArray:
    """Radius of the outer surface, mm; angle 0 is anterior, 90 degrees the patient's left."""
    oval = 14.2 + 0.5 * np.cos(2 * angle) + 0.2 * np.cos(3 * angle)
    ridge = 1.8 * np.exp(-(((np.abs(angle) - np.pi) / 0.28) ** 2))
    flare = 2.2 * np.clip((level - 170.0) / 60.0, 0.0, None) ** 2
    return oval + ridge * (0.6 + 0.4 * np.cos(np.pi * (level - 110.0) / LENGTH)) + flare


def canal(angle: FloatArray, level: FloatArray) -> FloatArray:
    """Radius of the canal's wall, mm: narrowest at 130 mm."""
    return 5.6 + 1.4 * ((level - 130.0) / 110.0) ** 2 + 0.35 * np.cos(2 * angle)


def shell(radius: FloatArray, levels: FloatArray, *, inward: bool) -> tuple[FloatArray, IntArray]:
    """Triangles through rings of points, shape (around, along), closed by a fan at either end."""
    around, along = radius.shape
    angle = np.linspace(-np.pi, np.pi, around, endpoint=False)[:, None]
    level = np.broadcast_to(levels, radius.shape)
    rings = np.stack([radius * np.cos(angle), radius * np.sin(angle), level], axis=-1).reshape(-1, 3)
    points = np.vstack([rings, [[0.0, 0.0, levels[0]], [0.0, 0.0, levels[-1]]]])
    number = np.arange(around * along).reshape(around, along)
    ahead = np.roll(number, -1, axis=0)
    a, b, c, d = number[:, :-1], ahead[:, :-1], ahead[:, 1:], number[:, 1:]
    foot, top = np.full(around, len(rings)), np.full(around, len(rings) + 1)
    faces = np.concatenate(
        [
            np.stack([a, b, c], axis=-1).reshape(-1, 3),
            np.stack([a, c, d], axis=-1).reshape(-1, 3),
            np.column_stack([foot, ahead[:, 0], number[:, 0]]),
            np.column_stack([top, number[:, -1], ahead[:, -1]]),
        ]
    )
    return points, faces[:, ::-1] if inward else faces


def bowed(points: FloatArray) -> FloatArray:
    """Lay the straight shaft on the bow: its middle stands in front of its ends."""
    along = points[:, 2] - LENGTH / 2
    angle, away = along / BOW, BOW + points[:, 0]
    return np.column_stack([away * np.cos(angle) - BOW, points[:, 1], away * np.sin(angle) + LENGTH / 2])


def in_scanner(points: FloatArray) -> FloatArray:
    """Turn anterior, left, proximal to left, posterior, superior, and put the bone where it lay."""
    tilt, sway = np.radians(LEAN)
    x, y, z = points.T
    x, z = x * np.cos(tilt) + z * np.sin(tilt), z * np.cos(tilt) - x * np.sin(tilt)
    y, z = y * np.cos(sway) - z * np.sin(sway), z * np.cos(sway) + y * np.sin(sway)
    return np.column_stack([y, -x, z]) + PLACE


def write_ply(path: Path, points: FloatArray, faces: IntArray) -> None:
    """Write a binary PLY file."""
    header = (
        "ply\nformat binary_little_endian 1.0\ncomment a synthetic residual femur, mm\n"
        f"element vertex {len(points)}\nproperty float x\nproperty float y\nproperty float z\n"
        f"element face {len(faces)}\nproperty list uchar int vertex_indices\nend_header\n"
    )
    rows = np.zeros(len(faces), dtype=[("count", "u1"), ("corners", "<i4", 3)])
    rows["count"], rows["corners"] = 3, faces
    path.write_bytes(header.encode() + points.astype("<f4").tobytes() + rows.tobytes())


def main() -> None:
    """Write residual_femur.ply beside this script."""
    shells = []
    for radius, around, along, low, inward in ((outer, 64, 70, 0.0, False), (canal, 40, 48, 1.5, True)):
        levels = np.linspace(low, LENGTH - low, along)
        angle = np.linspace(-np.pi, np.pi, around, endpoint=False)
        shells.append(shell(radius(angle[:, None], levels), levels, inward=inward))
    (one, faces), (other, more) = shells
    points = in_scanner(bowed(np.vstack([one, other])))
    write_ply(Path(__file__).with_name("residual_femur.ply"), points, np.vstack([faces, more + len(one)]))


if __name__ == "__main__":
    main()
