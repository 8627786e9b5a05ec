"""A hole along the bow of the canal, and a stem in it that is straight or bowed otherwise."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq

from fea.mesh.build import build_mesh
from fea.mesh.sizes import MeshSizes
from geometry.axis import Axis, relative_bow
from geometry.bone import Bone, Station
from geometry.canal import Canal
from geometry.engagement import engage
from geometry.errors import GeometryError
from geometry.fit import Fit, ZoneFit
from geometry.rays import Rays
from geometry.reaming import Pass, Reaming
from geometry.removed import removed_volumes
from geometry.stem import Stem
from geometry.wall import least_wall
from tests.bodies.one_body import volume

ZONES = {"uncoated": ZoneFit(0.0, 0.3)}
COARSE = MeshSizes(4.0, 6.0, 4.0)


def bone(bow: float | None = 1000.0, chord: float = 100.0, offset: float = 0.0, canal: float = 5.0) -> Bone:
    return Bone(160.0, (Station(0.0, 14.0, 14.0, canal, canal),), bow, offset, chord)


def flank(radius: float, turn: float, levels: list[float]) -> np.ndarray:
    level = np.array(levels)
    return np.stack([0 * level + radius * math.cos(turn), 0 * level + radius * math.sin(turn), level], axis=1)


def gap(fit: Fit, points: np.ndarray) -> np.ndarray:
    return fit.gap(points, 0 * points, np.zeros(len(points), dtype=int))


def test_along_a_straight_centreline_a_flexible_reamer_is_a_rigid_one() -> None:
    """Distances, ways, volumes, walls and every node of the mesh, to the last bit."""
    train = (Pass(15.0, 90.0), Pass(17.0, 90.0), Pass(18.0, 20.0))
    rigid, flexible = (Canal(bone(None), Reaming(17.0, 90.0, 3.0, way, train)) for way in ("straight", "bow"))
    rng = np.random.default_rng(5)
    points = rng.uniform((-12, -12, 0), (12, 12, 100), (500, 3))
    assert np.array_equal(rigid.outside(points), flexible.outside(points))
    level, angle = rng.uniform(0, 90, 200), rng.uniform(0, 6, 200)
    rays = Rays(angle, np.full(200, 8.0), level, np.ones(200), np.zeros(200))
    assert np.array_equal(rigid.clearance(rays), flexible.clearance(rays))
    assert removed_volumes(rigid) == removed_volumes(flexible)
    assert least_wall(rigid) == least_wall(flexible)
    stem = Stem(16.5, 80.0, 10.0, tip_radius=3.0)
    sheets = [
        build_mesh(each.bone, each.reaming, stem, MeshSizes(7.0, 9.0, 7.0)) for each in (rigid, flexible)
    ]
    for part in ("stem", "bone"):
        mine, theirs = (getattr(mesh, part) for mesh in sheets)
        assert np.array_equal(mine.points, theirs.points)
        assert np.array_equal(mine.tets, theirs.tets)


def test_a_hole_square_to_its_mouth_has_the_volume_that_pappus_gives() -> None:
    """Its centreline stands square on the cut: the circle's area times the arc R asin(d / R)."""
    square = bone(600.0, 1e-9, canal=0.0)
    canal = Canal(square, Reaming(17.0, 120.0, 0.0, "bow"))
    exact = math.pi * 8.5**2 * 600.0 * math.asin(120.0 / 600.0)
    assert removed_volumes(canal)[0] == pytest.approx(exact, rel=1e-9)
    mesh = build_mesh(square, canal.reaming, Stem(14.0, 40.0, 5.0), COARSE)
    assert math.pi * 14.0**2 * 160.0 - volume(mesh.bone) == pytest.approx(exact, rel=1e-3)


def test_an_oblique_mouth_takes_every_fibre_to_the_cut() -> None:
    """A fibre at w beside the centreline runs on a circle of R + w from the cut to the hole's square end."""
    radius, bow, chord = 8.5, 300.0, 100.0
    oblique = bone(bow, chord, canal=0.0)
    canal = Canal(oblique, Reaming(2 * radius, 110.0, 0.0, "bow"))
    end = math.asin(60.0 / bow)

    def strip(w: float) -> float:
        return 2 * math.sqrt(radius**2 - w**2) * (bow + w) * (end + math.asin(chord / 2 / (bow + w)))

    exact, _ = quad(strip, -radius, radius)
    mesh = build_mesh(oblique, canal.reaming, Stem(10.0, 30.0, 5.0), COARSE)
    assert math.pi * 14.0**2 * 160.0 - volume(mesh.bone) == pytest.approx(exact, rel=1e-3)


def test_all_nodes_of_the_hole_s_wall_lie_on_the_swept_circle() -> None:
    """Middles of curved edges too: the kernel's torus is the one that distances are measured to."""
    solid = bone(400.0, canal=0.0)
    canal = Canal(solid, Reaming(17.0, 120.0, 8.5, "bow"))
    mesh = build_mesh(solid, canal.reaming, Stem(10.0, 60.0, 5.0), COARSE)
    nodes = mesh.bone.points[np.unique(mesh.bone.facets["canal"])]
    assert len(nodes) > 500
    assert np.abs(canal.outside_reamer(nodes)).max() < 1e-6
    beside = np.hypot(np.hypot(nodes[:, 0] - solid.bow_centre, nodes[:, 2] - 50.0) - 400.0, nodes[:, 1])
    assert beside[nodes[:, 2] < 100.0] == pytest.approx(8.5, abs=1e-6)


def test_the_gap_in_front_and_behind_is_the_sagitta_in_closed_form() -> None:
    """In the plane of the bow the wall runs on circles of R + r and R - r about the bow's centre.

    In the middle the stem stands off in front by sagitta - offset + play, and behind by play less that.
    """
    bow, chord, offset, radius = 800.0, 100.0, 0.7, 8.6
    fit = Fit(bone(bow, chord, offset), Reaming(2 * radius, 130.0, 0.0, "bow"), Stem(16.0, 110.0), ZONES)
    levels = [0.0, 12.0, 50.0, 77.0, 104.0]
    ahead = np.array(levels) - chord / 2
    centre = -math.sqrt(bow**2 - (chord / 2) ** 2) - offset
    front = centre + np.sqrt((bow + radius) ** 2 - ahead**2) - 8.0
    behind = -centre - np.sqrt((bow - radius) ** 2 - ahead**2) - 8.0
    assert gap(fit, flank(8.0, 0.0, levels)) == pytest.approx(front, abs=1e-9)
    assert gap(fit, flank(8.0, math.pi, levels)) == pytest.approx(behind, abs=1e-9)
    sagitta = bow - math.sqrt(bow**2 - (chord / 2) ** 2)
    assert front[2] == pytest.approx(sagitta - offset + 0.6, abs=1e-12)
    assert behind[2] == pytest.approx(0.6 - (sagitta - offset), abs=1e-12)


def test_beside_the_plane_of_the_bow_the_gap_ends_on_the_torus() -> None:
    bow, chord, radius = 800.0, 100.0, 8.6
    fit = Fit(bone(bow, chord, 0.7), Reaming(2 * radius, 130.0, 0.0, "bow"), Stem(16.0, 110.0), ZONES)
    centre = -math.sqrt(bow**2 - (chord / 2) ** 2) - 0.7
    for turn in (0.4, 1.3, 2.2):
        for level in (5.0, 50.0, 95.0):

            def off(rho: float, turn: float = turn, level: float = level) -> float:
                across = math.hypot(rho * math.cos(turn) - centre, level - 50.0) - bow
                return math.hypot(across, rho * math.sin(turn)) - radius

            exact = brentq(off, 2.0, 16.0, xtol=1e-13) - 8.0
            assert gap(fit, flank(8.0, turn, [level])) == pytest.approx(exact, abs=1e-9)


def test_a_bowed_stem_meets_the_difference_of_the_bows() -> None:
    """Bone 1000 mm, stem 1500 mm: in space the wall in the middle stands off by the difference of the arcs.

    The stem's arc is tangent at the cut, the bone's has its chord there; right to s^4/R^3, some 0.01 mm.
    """
    radius, length, play = 1500.0, 100.0, 0.6
    fit = Fit(
        bone(relative_bow(1000.0, radius), length),
        Reaming(2 * (8.0 + play), 130.0, 0.0, "bow"),
        Stem(16.0, 110.0, bow_radius=radius),
        ZONES,
    )
    axis = Axis(radius)
    ends, middle = (
        axis.bend(np.array([[0.0, 0.0, 0.0], [0.0, 0.0, length]])),
        np.array([[0.0, 0.0, length / 2]]),
    )
    chord = ends[1] - ends[0]
    reach = float(np.linalg.norm(chord))
    chord /= reach
    across = np.array([chord[2], 0.0, -chord[0]])  # to the front
    own = float((axis.bend(middle)[0] - ends[0]) @ across)
    bows = 1000.0 - math.sqrt(1000.0**2 - (reach / 2) ** 2)
    places = axis.bend(flank(8.0, 0.0, [length / 2]))
    assert gap(fit, places)[0] == pytest.approx(bows - own + play, abs=0.01)
    assert bows - own == pytest.approx(length**2 / 8 * (1 / 1000 - 1 / 1500), abs=0.01)


def test_a_straight_stem_is_cut_back_to_the_hole_where_it_overlaps() -> None:
    """Pressed in front at both ends, behind in the middle, and up to 1.15 mm off the wall elsewhere."""
    rise = 1000.0 - math.sqrt(1000.0**2 - 50.0**2)
    canal = Canal(bone(1000.0, 100.0, rise / 2), Reaming(17.0, 112.0, 8.5, "bow"))
    stem = Stem(16.0, 100.0, 10.0, tip_radius=3.0)
    engaged = engage(canal, stem)
    assert (engaged.shared, engaged.clipped, engaged.reaming) == (False, True, canal.reaming)
    mesh = build_mesh(canal.bone, canal.reaming, stem, MeshSizes(3.0, 5.0, 2.5))
    nodes = mesh.stem.points[np.unique(mesh.stem.facets["uncoated"])]
    out = canal.outside(nodes)
    assert out.max() < 1e-6
    on = nodes[np.abs(out) < 1e-6]
    ends, middle = on[(on[:, 2] < 20.0) | (on[:, 2] > 80.0)], on[np.abs(on[:, 2] - 50.0) < 20.0]
    assert len(ends) > 20
    assert len(middle) > 20
    assert ends[:, 0].min() > 6.0
    assert middle[:, 0].max() < -6.0
    assert len(on) == len(ends) + len(middle)


def test_what_no_fit_carries_is_refused_with_how_much_wider_to_ream() -> None:
    """The bow rises by 1.25 mm: 1.25 - 0.1 of overlap behind, 0.9 mm more than is carried, on the radius."""
    canal = Canal(bone(1000.0, 100.0), Reaming(16.2, 130.0, 0.0, "bow"))
    with pytest.raises(
        GeometryError, match=r"overlaps the bone by 1\.15 mm at z = 50 mm .*at least 1\.8 mm wider"
    ):
        engage(canal, Stem(16.0, 110.0))
