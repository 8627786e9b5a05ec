"""Elements mended by moving middles and by splitting: the surface stays, volumes stay, quality rises."""

import numpy as np
import pytest

from fea.mesh.naming import boundary_facets
from fea.mesh.quality import EDGES, scaled_jacobians
from fea.mesh.relax import relaxed
from fea.mesh.split import split_doubly_bound

RADIUS = 4.0


def wedge():
    """Two tetrahedra about an edge inside, the upper one with two faces on a cylinder of radius 4.

    Corners a, b, c, d lie on the cylinder, e below; the middles of the upper faces' edges are lifted
    onto the cylinder.
    """
    half = 0.35
    c = (RADIUS * np.sin(half), 0.0, RADIUS * np.cos(half))
    corners = np.array([(0, -0.6, RADIUS), (0, 0.6, RADIUS), c, (-c[0], 0, c[2]), (0, 0, c[2] - 1.0)])
    tets = [(0, 1, 2, 3), (0, 2, 3, 4), (1, 3, 2, 4)]
    tets = [tet if volume(corners[list(tet)]) > 0 else (tet[1], tet[0], *tet[2:]) for tet in tets]
    points, number, rows = list(corners), {}, []
    for tet in tets:
        row = list(tet)
        for i, j in EDGES:
            key = frozenset((tet[i], tet[j]))
            if key not in number:
                number[key] = len(points)
                middle = (corners[tet[i]] + corners[tet[j]]) / 2
                upper = key <= {0, 1, 2, 3} and key != {2, 3}
                scale = RADIUS / np.hypot(middle[0], middle[2]) if upper else 1.0
                points.append(middle * [scale, 1.0, scale])
            row.append(number[key])
        rows.append(row)
    return np.array(points), np.array(rows)


def volume(corners):
    return np.linalg.det(corners[1:] - corners[0])


def surface_nodes(points, tets):
    return {tuple(np.round(points[node], 12)) for node in np.unique(boundary_facets(tets))}


def test_an_element_with_two_faces_on_a_smooth_surface_has_no_quality():
    """At the ends of the faces' common edge all three edges lie in the tangent plane."""
    points, tets = wedge()
    assert scaled_jacobians(points[tets]).min() < 0.05


def test_it_is_split_into_sound_ones_and_its_surface_stays():
    points, tets = wedge()
    new_points, new_tets = split_doubly_bound(points, tets, 0.2)
    assert len(new_tets) == 2 * len(tets)
    assert scaled_jacobians(new_points[new_tets]).min() > 0.2
    assert np.array_equal(np.unique(new_tets), np.arange(len(new_points)))
    assert surface_nodes(new_points, new_tets) == surface_nodes(points, tets)


def test_the_volume_of_split_elements_is_that_of_the_old_ones():
    """By the exact rule for the cubic determinant on the lattice: straight inner edges change nothing."""
    from fea.mesh.parts import Part
    from tests.bodies.one_body import volume

    points, tets = wedge()
    new_points, new_tets = split_doubly_bound(points, tets, 0.2)
    parts = [Part("bone", *body, {}) for body in ((points, tets), (new_points, new_tets))]
    assert volume(parts[1]) == pytest.approx(volume(parts[0]), rel=1e-12)


def test_sound_elements_are_left_alone():
    points, tets = wedge()
    assert np.array_equal(split_doubly_bound(points, tets, -1.0)[0], points)
    assert np.array_equal(relaxed(points, tets, -1.0), points)


def test_middles_of_inner_edges_move_and_nothing_else():
    """The inner edge between the three elements is bent so far that its elements are inverted."""
    points, tets = wedge()
    middle = next(
        int(tets[0, 4 + slot])
        for slot, (i, j) in enumerate(EDGES)
        if {int(tets[0, i]), int(tets[0, j])} == {2, 3}
    )
    spoiled = points.copy()
    spoiled[middle, 2] -= 0.7
    found = relaxed(spoiled, tets, 0.2)
    assert scaled_jacobians(spoiled[tets]).min() < -0.3
    assert scaled_jacobians(found[tets]).min() > scaled_jacobians(spoiled[tets]).min() + 0.2
    others = np.delete(np.arange(len(points)), middle)
    assert np.array_equal(found[others], spoiled[others])
