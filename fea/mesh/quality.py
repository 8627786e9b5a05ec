"""The quality of curved 10-node tetrahedra, from their nodes alone.

The determinant of the Jacobian of a quadratic tetrahedron is a cubic; it is sampled on
the 20 points of the cubic lattice, which hold vertices, edges and faces.
"""

from __future__ import annotations

import numpy as np

from fea.mesh.parts import FloatArray, IntArray, Part, Quality

#: Barycentric coordinates of the cubic lattice, shape (20, 4).
LATTICE = (
    np.array([(3 - i - j - k, i, j, k) for i in range(4) for j in range(4 - i) for k in range(4 - i - j)])
    / 3.0
)

#: The edges that the nodes 4 to 9 halve.
EDGES = ((0, 1), (1, 2), (0, 2), (0, 3), (1, 3), (2, 3))

#: Gradients of the barycentric coordinates in the reference tetrahedron.
_BARYCENTRIC = np.array([[-1.0, -1.0, -1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])


def shape_gradients(barycentric: FloatArray) -> FloatArray:
    """Evaluate the gradients of the ten quadratic shape functions in the reference tetrahedron.

    Parameters
    ----------
    barycentric : ndarray, shape (q, 4)

    Returns
    -------
    ndarray, shape (q, 10, 3)
    """
    corner = (4 * barycentric[:, :, None] - 1) * _BARYCENTRIC
    middle = [
        4 * (barycentric[:, a, None] * _BARYCENTRIC[b] + barycentric[:, b, None] * _BARYCENTRIC[a])
        for a, b in EDGES
    ]
    return np.concatenate([corner, np.stack(middle, axis=1)], axis=1)


def jacobian_determinants(points: FloatArray, tets: IntArray) -> FloatArray:
    """Evaluate the Jacobian's determinant on the cubic lattice.

    Parameters
    ----------
    points : ndarray, shape (n, 3), mm
    tets : ndarray, shape (m, 10)

    Returns
    -------
    ndarray, shape (m, 20), mm^3
        Six times the volume for a straight element.
    """
    jacobian = np.einsum("mai,qaj->mqij", points[tets], shape_gradients(LATTICE), optimize=True)
    return np.asarray(np.linalg.det(jacobian))


def scaled_jacobians(nodes: FloatArray) -> FloatArray:
    """Compute the ratio of smallest to largest Jacobian determinant of elements.

    Parameters
    ----------
    nodes : ndarray, shape (m, 10, 3), mm

    Returns
    -------
    ndarray, shape (m,)
        1 for a straight element, not positive for an inverted one.
    """
    rows = np.arange(10 * len(nodes)).reshape(-1, 10)
    determinants = jacobian_determinants(nodes.reshape(-1, 3), rows)
    largest = np.maximum(np.abs(determinants).max(axis=1), 1e-300)
    return np.asarray(determinants.min(axis=1) / largest)


def gamma(points: FloatArray, tets: IntArray) -> FloatArray:
    """Compute three times the ratio of inscribed to circumscribed radius of the straight elements.

    Parameters
    ----------
    points : ndarray, shape (n, 3), mm
    tets : ndarray, shape (m, 4) or (m, 10)

    Returns
    -------
    ndarray, shape (m,)
        1 for the regular tetrahedron, 0 for a flat one.
    """
    a, b, c, d = (points[tets[:, k]] for k in range(4))
    volume = np.einsum("ij,ij->i", b - a, np.cross(c - a, d - a)) / 6
    faces = [(a, b, c), (a, b, d), (a, c, d), (b, c, d)]
    area = sum(np.linalg.norm(np.cross(q - p, r - p), axis=1) / 2 for p, q, r in faces)
    pairs = ((b - a, d - c), (c - a, d - b), (d - a, c - b))
    x, y, z = (np.linalg.norm(p, axis=1) * np.linalg.norm(q, axis=1) for p, q in pairs)
    heron = np.sqrt(np.maximum((x + y + z) * (x + y - z) * (x - y + z) * (y + z - x), 1e-300))
    return np.asarray(216 * volume * np.abs(volume) / (area * heron))


def measure(stem: Part, bone: Part) -> Quality:
    """Measure the mesh gate's quantities over both bodies.

    Parameters
    ----------
    stem, bone : Part

    Returns
    -------
    Quality
    """
    worst, place = np.inf, np.zeros(3)
    least_gamma, inverted = np.inf, 0
    for part in (stem, bone):
        determinants = jacobian_determinants(part.points, part.tets)
        least, largest = determinants.min(axis=1), np.abs(determinants).max(axis=1)
        ratio = least / np.maximum(largest, 1e-300)
        row = int(np.argmin(ratio))
        if ratio[row] < worst:
            worst, place = float(ratio[row]), part.points[part.tets[row, :4]].mean(axis=0)
        least_gamma = min(least_gamma, float(gamma(part.points, part.tets).min()))
        inverted += int(np.count_nonzero(least <= 0))
    x, y, z = (float(value) for value in place)
    return Quality(worst, least_gamma, inverted, (x, y, z))
