"""The bar of a pre-tensioned anchor as a preload between its spindle and the holes of its pins.

The bar pulls the spindle proximally, uniformly on its flat end, and the plug distally; the plug's pins
bear in their holes. Each pin carries the same share. On a hole the pressure is the cosine one,

    p = p0 max(0, cos a),

with a the angle about the pin from the most distal line, so that it acts on the hole's distal half.
Between its two cortices a pin is a beam that is loaded on the implant's axis: the shares are as the
distances of the other one, equal where the cortices lie alike. What is left of a resultant across the
axis, from meshes and walls that are not alike, is taken out by a traction that is linear over the hole.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fea.elasticity.rigid import LEVER, rigid_fields
from fea.elasticity.wrench import end_face_loads, triangle_shapes
from fea.mesh.parts import Mesh, Part
from fea.mesh.pin_holes import PIN_HOLES
from fea.model.preload import Preload
from geometry.anchor import Anchor, Pin
from geometry.stem import Stem

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def bar_preload(name: str, force: float, stem: Stem, mesh: Mesh) -> Preload:
    """Return the preload of an anchor's bar.

    Parameters
    ----------
    name
        Its name.
    force : float, N
    stem : Stem
        With an anchor.
    mesh : Mesh

    Returns
    -------
    Preload
        The spindle pulled by 1 N along z on the axis, the bone pushed by as much against it.
    """
    assert stem.anchor is not None
    spindle = end_face_loads(mesh.stem.points, mesh.stem.facets["proximal_end"], np.zeros(3))[:, 2]
    count = len(stem.anchor.pins)
    holes = [pin_loads(mesh.bone, stem.anchor, row) / count for row in range(count)]
    return Preload(name, force, np.ascontiguousarray(spindle), np.sum(holes, axis=0))


def hole_facets(part: Part, anchor: Anchor, row: int) -> tuple[IntArray, IntArray]:
    """Return the facets of one pin's two holes, ahead along the pin and behind, each shape (k, 6).

    Parameters
    ----------
    part : Part
        The bone.
    anchor : Anchor
    row
        Of the pin.
    """
    facets = part.facets[PIN_HOLES]
    middle = part.points[facets[:, :3]].mean(axis=1)
    off = np.stack([np.abs(Anchor(anchor.pin_diameter, (pin,)).outside_holes(middle)) for pin in anchor.pins])
    mine = off.argmin(axis=0) == row
    ahead = anchor.pins[row].coordinates(middle)[0] > 0
    return facets[mine & ahead], facets[mine & ~ahead]


def pin_loads(part: Part, anchor: Anchor, row: int) -> FloatArray:
    """Return the nodal forces of one pin that pushes with 1 N.

    Parameters
    ----------
    part : Part
        The bone.
    anchor : Anchor
    row
        Of the pin.

    Returns
    -------
    ndarray, shape (3 n,)
        Their resultant is 1 N along -z on the implant's axis, and nothing else.
    """
    pin, holes = anchor.pins[row], hole_facets(part, anchor, row)
    assert all(len(facets) for facets in holes), "every pin has two holes"
    pressed = [bearing_loads(part, facets, pin) for facets in holes]
    arms = [float(pin.coordinates(part.points)[0] @ loads.reshape(-1, 3)[:, 2]) for loads in pressed]
    ahead, behind = -arms[0], arms[1]
    loads = (behind * pressed[0] + ahead * pressed[1]) / (ahead + behind)
    work = np.array([1.0, 1.0, 1.0, LEVER, LEVER, LEVER])
    wanted = np.array([0.0, 0.0, -1.0, 0.0, 0.0, 0.0])
    missing = wanted - (rigid_fields(part.points).T @ loads) * work
    return np.asarray(loads + end_face_loads(part.points, np.concatenate(holes), np.zeros(3)) @ missing)


def bearing_loads(part: Part, facets: IntArray, pin: Pin) -> FloatArray:
    """Return the nodal forces of a cosine pressure on the distal half of a hole.

    Parameters
    ----------
    part : Part
        The bone.
    facets : ndarray, shape (k, 6)
        Of one hole.
    pin : Pin

    Returns
    -------
    ndarray, shape (3 n,)
        With 1 N along -z.
    """
    _, weights, values, slopes = triangle_shapes(6)
    corners = part.points[facets]
    places = np.einsum("qa,kad->kqd", values, corners)
    tangents = np.einsum("qar,kad->kqrd", slopes, corners)
    area = np.linalg.norm(np.cross(tangents[:, :, 0], tangents[:, :, 1]), axis=2) * weights
    _, across, above = pin.coordinates(places)
    radius = np.hypot(across, above)
    # From the pin's axis to the wall: the way in which the pin presses.
    outward = (across[..., None] * pin.across + above[..., None] * np.array([0.0, 0.0, 1.0])) / radius[
        ..., None
    ]
    pressure = np.maximum(-above / radius, 0.0)
    nodal = np.einsum("kq,kq,qa,kqd->kad", area, pressure, values, outward)
    loads = np.zeros((len(part.points), 3))
    np.add.at(loads, facets, nodal)
    return np.asarray(loads.ravel() / -loads[:, 2].sum())
