"""The screw of a taper joint as a preload: it pulls the cone into its socket and stays.

Its head bears on the cone's distal end face, uniformly; its thread stands in the cylindrical bore above
the socket's cone and pulls there, uniformly over as much of the bore as it is wide. The screw is no
solid: its own stiffness, by which an activity would change the preload, is not modelled.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fea.elasticity.wrench import end_face_loads
from fea.mesh.parts import Mesh, Part
from fea.model.preload import Preload
from geometry.socket import Socket

IntArray = NDArray[np.int64]

#: How far a corner may lie off a level, mm.
_OFF = 1e-5


def taper_screw_preload(name: str, force: float, socket: Socket, mesh: Mesh) -> Preload:
    """Return the preload of a taper joint's screw.

    Parameters
    ----------
    name
        Its name.
    force : float, N
    socket : Socket
    mesh : Mesh
        The cone as the stem, the socket as the bone.

    Returns
    -------
    Preload
        The cone pushed by 1 N along z on the axis, the socket pulled by as much against it.
    """
    cone, held = mesh.stem, mesh.bone
    push = end_face_loads(cone.points, cone.facets["distal_end"], np.zeros(3))[:, 2]
    pull = end_face_loads(held.points, thread_facets(held, socket), np.zeros(3))[:, 2]
    return Preload(name, force, np.ascontiguousarray(push), -np.ascontiguousarray(pull))


def thread_facets(part: Part, socket: Socket) -> IntArray:
    """Return the facets of the bore that the screw's thread engages, ndarray, shape (k, 6).

    Parameters
    ----------
    part : Part
        The socket.
    socket : Socket
    """
    canal = part.facets["canal"]
    level = part.points[canal[:, :3], 2]
    above = (level > socket.depth - _OFF).all(axis=1)
    width = 2 * socket.stations[-1].canal_anterior
    within = above & (level.mean(axis=1) < socket.depth + width)
    assert above.any(), "the bore goes on above the cone"
    return np.asarray(canal[within if within.any() else above])
