"""Write the bone of femur_proximal.toml: a whole proximal femur as a scanner would give it.

Shaft with bow and flare, both trochanters, neck and head are implicit bodies whose distances are blended
smoothly; VTK contours them, and the points are brought onto the zero of the blend. The closed surface lies in
a scanner's coordinates (x to the patient's left, y to the back, z to the head, in mm, far from the origin).
Every dimension is a placeholder of a plausible adult left femur (grade C3): no patient's, no atlas's. Run it
beside the file that it writes: python make_proximal_femur.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyvista as pv
from make_residual_femur import FloatArray, in_scanner, write_ply

#: Radius of the anterior bow and of the shaft at its narrowest, and where the shaft's saw cut lies, mm.
BOW, SHAFT, FOOT = 1000.0, 13.6, -10.0
#: Middles in anterior, left and proximal, mm above the planned cut; medial is to the right.
LESSER, GREATER, HEAD = (-11.0, -14.0, 110.0), (-6.0, 17.0, 141.0), (10.0, -42.0, 160.0)
#: Semi-axes of the trochanters in the same directions, radius of the head, mm.
LESSER_AXES, GREATER_AXES, HEAD_RADIUS = (8.0, 8.5, 12.0), (17.0, 13.0, 23.0), 23.5
#: Where the neck's axis leaves the shaft's, and the neck's radii at the head and at the shaft, mm.
NECK, NECK_RADII = (0.0, 0.0, 127.0), (14.5, 18.0)
#: Reach of the blend between bodies, mm, pitch of the grid, and rounds of smoothing.
BLEND, PITCH, ROUNDS = 7.0, 2.45, 12


def shaft(points: FloatArray) -> FloatArray:
    """Distance to the shaft: oval, bowed, with the linea aspera behind, and wider towards the trochanters."""
    x, y, z = points.T
    x = x - (z - 40.0) ** 2 / (-2 * BOW)
    flare = np.clip((z - 70.0) / 60.0, 0.0, 1.0) ** 2
    turn = np.arctan2(y, x)
    ridge = 1.6 * np.exp(-(((np.abs(turn) - np.pi) / 0.3) ** 2)) * np.clip(1.0 - flare, 0.0, 1.0)
    radius = SHAFT + 0.5 * np.cos(2 * turn) + ridge + 5.0 * flare
    along = z - 133.0
    return np.where(along > 0, np.hypot(np.hypot(x, y), along), np.hypot(x, y)) - radius


def ellipsoid(points: FloatArray, centre: tuple[float, ...], axes: tuple[float, ...]) -> FloatArray:
    """Distance to an ellipsoid, to first order."""
    scaled = (points - np.array(centre)) / np.array(axes)
    ratio = np.linalg.norm(scaled, axis=1)
    steep = np.linalg.norm(scaled / np.array(axes), axis=1)
    return (ratio - 1.0) * ratio / np.maximum(steep, 1e-9)


def neck(points: FloatArray) -> FloatArray:
    """Distance to the neck, a cone between the shaft's axis and the head's centre, to first order."""
    start, way = np.array(NECK), np.array(HEAD) - np.array(NECK)
    share = np.clip((points - start) @ way / (way @ way), 0.0, 1.0)
    radius = NECK_RADII[1] + share * (NECK_RADII[0] - NECK_RADII[1])
    return np.linalg.norm(points - start - share[:, None] * way, axis=1) - radius


def bone(points: FloatArray) -> FloatArray:
    """Blend of all bodies, mm, negative inside; the head's sphere is left as it is away from the neck."""
    bodies = (
        shaft(points), neck(points), ellipsoid(points, GREATER, GREATER_AXES),
        ellipsoid(points, LESSER, LESSER_AXES),
    )  # fmt: skip
    found = bodies[0]
    for other in bodies[1:]:
        found = blended(found, other, BLEND)
    ball = np.linalg.norm(points - np.array(HEAD), axis=1) - HEAD_RADIUS
    return blended(found, ball, 0.6 * BLEND)


def blended(one: FloatArray, other: FloatArray, reach: float) -> FloatArray:
    """Least of two distances, rounded off where they differ by less than the reach."""
    near = np.clip(1.0 - np.abs(one - other) / reach, 0.0, None)
    return np.minimum(one, other) - reach * near**2 / 4


def onto(points: FloatArray) -> FloatArray:
    """Bring points onto the zero of the blend by Newton's steps along its gradient."""
    step = 1e-4
    for _ in range(4):
        slope = np.stack(
            [(bone(points + step * e) - bone(points - step * e)) / (2 * step) for e in np.eye(3)], 1
        )
        points = points - (bone(points) / (slope**2).sum(axis=1))[:, None] * slope
    return points


def main() -> None:
    """Write proximal_femur.ply beside this script."""
    low, high = np.array([-45.0, -80.0, FOOT - 15.0]), np.array([50.0, 50.0, 200.0])
    counts = np.ceil((high - low) / PITCH).astype(int)
    grid = pv.ImageData(dimensions=counts, spacing=(PITCH,) * 3, origin=low)
    grid["away"] = bone(np.array(grid.points))
    surface = grid.contour([0.0], scalars="away").clip("z", origin=(0, 0, FOOT), invert=False)
    surface = surface.fill_holes(1e4).triangulate().clean().extract_largest().compute_normals(
        auto_orient_normals=True, consistent_normals=True
    )  # fmt: skip
    points, faces = np.array(surface.points, dtype=float), np.array(surface.faces).reshape(-1, 4)[:, 1:]
    pairs = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    free = points[:, 2] > FOOT + 1e-3
    for _ in range(ROUNDS):
        total, count = np.zeros_like(points), np.zeros(len(points))
        np.add.at(total, pairs[:, 0], points[pairs[:, 1]])
        np.add.at(count, pairs[:, 0], 1.0)
        moved = onto(total / count[:, None])
        points[free] = moved[free]
    write_ply(Path(__file__).with_name("proximal_femur.ply"), in_scanner(points), faces)


if __name__ == "__main__":
    main()
