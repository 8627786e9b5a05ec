"""Curved facets, partner points and weak jumps against surfaces whose points are known."""

from __future__ import annotations

import numpy as np
import pytest

from fea.contact.operators import ContactSide, build_operators
from fea.contact.projection import project
from fea.contact.surface import facet_points
from fea.contact.vertices import split_vertices
from fea.elasticity.rigid import rigid_fields
from fea.elasticity.wrench import shapes_at
from tests.bodies.structured import FloatArray, at, brick, on_radius, tube, tube_in_tube
from tests.bodies.two_bodies import no_gap

RADIUS, LENGTH = 7.0, 20.0


def cylinder(sectors: int, radius: float = RADIUS, layers: int = 3):
    """Points and facets of the outer flank of a tube."""
    part = tube(
        "stem", (radius - 3.0, radius), (0.0, LENGTH), (1, sectors, layers), {"flank": on_radius(radius)}
    )
    return part.points, part.facets["flank"]


def sides(sectors: int = 8):
    mesh = tube_in_tube(LENGTH, sectors)
    return (
        ContactSide(mesh.stem.points, mesh.stem.facets["uncoated"]),
        ContactSide(mesh.bone.points, mesh.bone.facets["canal"]),
    )


def paired(stem: ContactSide, bone: ContactSide, gap=no_gap, zones=None, reach: float = 0.5):
    zones = np.zeros(len(stem.facets), dtype=np.int64) if zones is None else zones
    return build_operators(stem, bone, zones, gap, reach)


# ------------------------------------------------------------------------------------------ facets


def test_the_area_of_a_cylinder_converges_with_the_fourth_power_of_the_facets_length() -> None:
    """2 pi r l; a parabola through three points of a circle errs by O(h^4) in length.

    At eight facets round (45 degrees each) 1e-3 is left, at twice as many a sixteenth of it.
    """
    exact = 2 * np.pi * RADIUS * LENGTH
    errors = [abs(facet_points(*cylinder(n)).area.sum() / exact - 1) for n in (8, 16, 32)]
    assert errors[0] < 1e-3
    assert errors[0] / errors[1] == pytest.approx(16, rel=0.15)
    assert errors[1] / errors[2] == pytest.approx(16, rel=0.05)


def test_normals_point_out_of_the_body_and_hats_sum_to_one() -> None:
    """Normals of 16 parabolas round are radial within 1 %; partition of unity to round-off."""
    points = facet_points(*cylinder(16))
    radial = points.places * np.array([1, 1, 0]) / np.hypot(*points.places[:, :2].T)[:, None]
    assert np.einsum("pd,pd->p", points.normals, radial).min() > 0.9999
    assert points.hats.sum(axis=1) == pytest.approx(1, abs=1e-14)
    assert points.shapes.sum(axis=1) == pytest.approx(1, abs=1e-14)


def test_a_linear_function_is_integrated_exactly_on_flat_facets() -> None:
    """Integral of x over the rectangle 3 by 2: 9; of x y: 9. Round-off."""
    part = brick("stem", (0, 0, 0), (3, 2, 4), (2, 2, 3), {"low": at(2, 0.0)})
    points = facet_points(part.points, part.facets["low"])
    x, y, _ = points.places.T
    assert points.area.sum() == pytest.approx(6, rel=1e-14)
    assert (points.area * x).sum() == pytest.approx(9, rel=1e-14)
    assert (points.area * x * y).sum() == pytest.approx(9, rel=1e-14)
    assert points.normals == pytest.approx(np.tile([0, 0, -1.0], (len(points.area), 1)))


# -------------------------------------------------------------------------------------- projection


@pytest.mark.parametrize("distance", [0.2, 0.0, -0.2])
def test_a_point_beside_a_cylinder_finds_its_partner_along_its_own_normal(distance: float) -> None:
    """Points on the radius r - d, normals radial: the way is d.

    32 parabolas round miss the circle by h^4 / r^3 / 100, below 1e-4 mm.
    """
    points, facets = cylinder(32)
    random = np.random.default_rng(0)
    angle, level = random.uniform(0, 2 * np.pi, 60), random.uniform(0.5, LENGTH - 0.5, 60)
    normals = np.column_stack([np.cos(angle), np.sin(angle), np.zeros(60)])
    places = (RADIUS - distance) * normals + level[:, None] * np.array([0, 0, 1.0])
    partners = project(places, normals, points, facets, reach=0.5)
    assert (partners.facet >= 0).all()
    assert np.abs(partners.distance - distance).max() < 1e-4
    met = np.einsum("pa,pad->pd", shapes_at(partners.reference)[0], points[facets[partners.facet]])
    assert met == pytest.approx(places + partners.distance[:, None] * normals, abs=1e-6)


def test_a_point_beside_a_sphere_finds_its_partner() -> None:
    """The north cap of a sphere of radius 10, points 0.3 below along the radius: 0.3 mm.

    Facets of 1.4 mm along their diagonal, interpolated in x and y, miss it by h^3 / r^2 / 100.
    """
    radius = 10.0

    def dome(p: FloatArray) -> FloatArray:
        return np.column_stack([p[:, 0], p[:, 1], p[:, 2] * np.sqrt(radius**2 - p[:, 0] ** 2 - p[:, 1] ** 2)])

    part = brick("bone", (-3, -3, 0.9), (3, 3, 1.0), (6, 6, 1), {}, dome)
    skin = part.facets["rest"]
    top = skin[(np.abs(np.linalg.norm(part.points[skin], axis=2) - radius) < 1e-9).all(axis=1)]
    assert len(top) == 72
    random = np.random.default_rng(0)
    xy = random.uniform(-2, 2, (40, 2))
    normals = np.column_stack([xy, np.sqrt(radius**2 - (xy**2).sum(axis=1))]) / radius
    partners = project((radius - 0.3) * normals, normals, part.points, top, reach=1.0)
    assert np.abs(partners.distance - 0.3).max() < 3e-4


def test_points_of_a_shared_facet_are_their_own_partners() -> None:
    """Where bodies share facets: distance 0 and the same place, to the accuracy of Newton's method."""
    stem, bone = sides()
    points = facet_points(stem.points, stem.facets)
    partners = project(points.places, points.normals, bone.points, bone.facets, reach=0.5)
    met = np.einsum("pa,pad->pd", shapes_at(partners.reference)[0], bone.points[bone.facets[partners.facet]])
    assert np.abs(partners.distance).max() < 1e-9
    assert np.abs(met - points.places).max() < 1e-9


def test_beyond_reach_and_beyond_the_edge_there_is_no_partner() -> None:
    points, facets = cylinder(16)
    places = np.array([[RADIUS - 0.6, 0, 5.0], [RADIUS, 0, LENGTH + 0.1], [RADIUS - 0.4, 0, 5.0]])
    normals = np.tile([1.0, 0, 0], (3, 1))
    partners = project(places, normals, points, facets, reach=0.5)
    assert list(partners.facet[:2]) == [-1, -1]
    assert np.isinf(partners.distance[:2]).all()
    assert partners.distance[2] == pytest.approx(0.4, abs=1e-3)
    nowhere = project(places, normals, points, facets[:0], reach=0.5)
    assert (nowhere.facet == -1).all()


# ---------------------------------------------------------------------------------------- vertices


def test_vertices_on_a_smooth_surface_of_one_zone_are_its_corners() -> None:
    _, facets = cylinder(16)
    normals = np.stack([facet_points(*cylinder(16)).normals[12 * k] for k in range(len(facets))])
    vertices, nodes = split_vertices(facets[:, :3], np.zeros(len(facets), dtype=int), normals)
    assert np.array_equal(nodes[vertices], facets[:, :3])
    assert len(nodes) == len(np.unique(facets[:, :3]))


def test_vertices_are_split_at_a_fold_and_where_zones_meet() -> None:
    """Two walls and a floor share a corner; each wall is a group of its own, a zone limit splits too."""
    facets = np.array([[0, 1, 2], [0, 2, 3], [0, 3, 4], [0, 4, 5]])
    up, side = np.array([0, 0, 1.0]), np.array([1.0, 0, 0])
    vertices, nodes = split_vertices(facets, np.zeros(4, dtype=int), np.stack([up, up, side, side]))
    assert vertices[0, 0] == vertices[1, 0] != vertices[2, 0] == vertices[3, 0]
    assert vertices[1, 2] != vertices[2, 1]
    assert list(nodes[vertices[:, 0]]) == [0, 0, 0, 0]
    assert len(nodes) == 8
    vertices, nodes = split_vertices(facets, np.array([0, 1, 1, 1]), np.stack([up] * 4))
    assert vertices[0, 0] != vertices[1, 0] == vertices[3, 0]
    assert vertices[0, 2] != vertices[1, 1]
    assert len(nodes) == 8


@pytest.mark.parametrize(("degrees", "groups"), [(29.0, 1), (31.0, 2)])
def test_the_fold_that_splits_is_thirty_degrees(degrees: float, groups: int) -> None:
    bend = np.radians(degrees)
    normals = np.array([[0, 0, 1.0], [np.sin(bend), 0, np.cos(bend)]])
    vertices, _ = split_vertices(np.array([[0, 1, 2], [0, 2, 3]]), np.zeros(2, dtype=int), normals)
    assert len(set(vertices[:, 0])) == groups


def test_a_surface_that_bends_little_by_little_stays_whole() -> None:
    """Three facets round a vertex, 20 degrees apart each: ends fold by 40, but they are linked."""
    bends = np.radians([0.0, 20.0, 40.0])
    normals = np.column_stack([np.sin(bends), 0 * bends, np.cos(bends)])
    facets = np.array([[0, 1, 2], [0, 2, 3], [0, 3, 4]])
    vertices, _ = split_vertices(facets, np.zeros(3, dtype=int), normals)
    assert len(set(vertices[:, 0])) == 1


# --------------------------------------------------------------------------------------- weak jumps


def test_the_areas_of_the_vertices_sum_to_the_surface() -> None:
    stem, bone = sides()
    operators = paired(stem, bone)
    assert operators.area.sum() == pytest.approx(facet_points(stem.points, stem.facets).area.sum(), rel=1e-13)


def test_a_rigid_motion_of_both_bodies_together_has_no_jump() -> None:
    """Shared facets: what one side moves, the other moves too. Round-off of Newton's partners: 1e-9."""
    stem, bone = sides()
    operators = paired(stem, bone)
    jump = operators.stem @ rigid_fields(stem.points) + operators.bone @ rigid_fields(bone.points)
    assert np.abs(jump).max() < 1e-9


def test_a_rotated_hub_mesh_has_no_jump_under_translations() -> None:
    """Half a facet turned against the stem: hats still sum to one on both sides, round-off."""
    stem, bone = sides(8)
    turn = np.pi / 8
    rotation = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1.0]])
    operators = paired(stem, ContactSide(bone.points @ rotation.T, bone.facets))
    jump = operators.stem @ rigid_fields(stem.points) + operators.bone @ rigid_fields(bone.points)
    assert np.abs(jump[:, :3]).max() < 1e-12


def test_a_hub_that_widens_opens_a_gap_of_as_much() -> None:
    """Bone moved outwards by 0.01 mm along the radius, stem at rest: normal jump +0.01, no slip.

    Frames are taken at the quadrature points, so that only the interpolation of the radial
    direction errs, O(h^3): 2e-4 of it at 22.5 degrees a facet. Vertex-averaged frames would
    give 1 - cos(22.5 degrees) / 2, some percent.
    """
    stem, bone = sides(16)
    operators = paired(stem, bone)
    radial = bone.points * np.array([1, 1, 0]) / np.hypot(*bone.points[:, :2].T)[:, None]
    jump = (operators.bone @ (0.01 * radial).ravel()).reshape(-1, 3)
    assert np.abs(jump[:, 0] / 0.01 - 1).max() < 2e-4
    assert np.abs(jump[:, 1:]).max() < 0.01 * 1e-3


@pytest.mark.parametrize(("column", "component"), [(2, 1), (5, 2)])
def test_sliding_of_the_bone_is_a_positive_slip(column: int, component: int) -> None:
    """Jump is bone minus stem; axial is +z, circumferential is normal x axial, here -theta.

    A rotation of 1/50 rad about z moves the surface by r/50 along +theta: -r/50 of the
    component. Interpolated on parabolas: 1e-3.
    """
    stem, bone = sides(16)
    operators = paired(stem, bone)
    slip = (operators.bone @ rigid_fields(bone.points)[:, column]).reshape(-1, 3)
    expected = 1.0 if column == 2 else -RADIUS / 50
    assert slip[:, component] == pytest.approx(expected, rel=1e-3)
    opposite = (operators.stem @ rigid_fields(stem.points)[:, column]).reshape(-1, 3)
    assert opposite[:, component] == pytest.approx(-expected, rel=1e-3)


def test_frames_are_right_handed_and_say_where_they_point() -> None:
    """Rows normal (out of the stem), axial (+z), circumferential."""
    stem, bone = sides()
    operators = paired(stem, bone)
    assert np.linalg.det(operators.frames) == pytest.approx(1.0)
    assert operators.frames[:, 1, 2].min() > 0.999
    places = stem.points[operators.vertices]
    assert np.einsum("vd,vd->v", operators.frames[:, 0], places)[places[:, 2] > 0].min() > 6


def test_the_weak_gap_is_the_hats_mean_of_the_gap() -> None:
    """A constant gap is itself; a linear one on flat facets keeps its first moment. Round-off."""
    stem = brick("stem", (0, 0, 0), (3, 2, 1), (3, 2, 1), {"top": at(2, 1.0)})
    bone = brick("bone", (0, 0, 1), (3, 2, 2), (3, 2, 1), {"low": at(2, 1.0)})
    pair = ContactSide(stem.points, stem.facets["top"]), ContactSide(bone.points, bone.facets["low"])
    assert paired(*pair, lambda x, n, z: np.full(len(x), -0.03)).gap == pytest.approx(-0.03, rel=1e-13)
    linear = paired(*pair, lambda x, n, z: 0.5 * x[:, 0] - 0.2)
    assert (linear.area * linear.gap).sum() == pytest.approx((0.5 * 1.5 - 0.2) * 6, rel=1e-13)


def test_vertices_with_nothing_opposite_are_left_out() -> None:
    """A bone half as long as the stem: the vertices beyond it carry nothing, the area is the shared one."""
    stem = tube("stem", (4.0, RADIUS), (0.0, 20.0), (1, 8, 4), {"flank": on_radius(RADIUS)})
    bone = tube("bone", (RADIUS, 12.0), (0.0, 10.0), (1, 8, 2), {"canal": on_radius(RADIUS)})
    operators = paired(
        ContactSide(stem.points, stem.facets["flank"]), ContactSide(bone.points, bone.facets["canal"])
    )
    assert stem.points[operators.vertices][:, 2].max() == pytest.approx(10.0)
    half = facet_points(bone.points, bone.facets["canal"]).area.sum()
    assert operators.area.sum() == pytest.approx(half, rel=1e-12)
    assert len(operators.triangles) == len(bone.facets["canal"])


def test_a_place_without_fit_is_left_out() -> None:
    """An infinite gap (no wall near) takes a point out of the pairing: nothing is not a number."""
    stem, bone = sides()
    operators = paired(stem, bone, lambda x, n, z: np.where(x[:, 2] < LENGTH / 3, np.inf, 0.01))
    assert np.isfinite(operators.gap).all()
    assert np.isfinite(operators.stem.data).all()
    assert stem.points[operators.vertices][:, 2].min() > LENGTH / 3 - 1e-9
