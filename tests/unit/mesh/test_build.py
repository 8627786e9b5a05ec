"""Meshes against exact volumes, areas and positions."""

from dataclasses import replace

import numpy as np
import pytest

from fea.errors import MeshError
from fea.mesh.build import build_mesh
from fea.mesh.sizes import MeshSizes
from geometry.axis import Axis
from geometry.bone import Bone, Station
from geometry.canal import Canal
from geometry.coating import Coating
from geometry.errors import GeometryError
from geometry.reaming import Reaming
from geometry.stem import Collar, Stem
from tests.bodies.one_body import volume as elements_volume

COARSE = MeshSizes(interface=4.0, far=6.0)


def tube(canal=7.0, outer=14.0, length=20.0, **kwargs):
    return Bone(length, (Station(0.0, outer, outer, canal, canal),), **kwargs)


def bowed_femur(axis_offset):
    stations = (
        Station(0.0, 14.0, 14.0, 7.0, 7.0),
        Station(50.0, 14.0, 14.0, 6.0, 6.0),
        Station(90.0, 14.0, 15.0, 6.5, 7.0),
    )
    return Bone(90.0, stations, 300.0, axis_offset, 60.0)


def collared(**kwargs):
    collar, coatings = Collar(22.0, 4.0, 0.1), (Coating(0.0, 40.0),)
    return Stem(16.0, 60.0, 15.0, tip_radius=5.0, collar=collar, coatings=coatings, **kwargs)


EXAMPLES = {
    "flush": (tube(), None, Stem(14.0, 20.0), COARSE),
    "bored": (tube(), None, Stem(14.0, 20.0, bore_diameter=6.0), COARSE),
    "short": (tube(), None, Stem(14.0, 12.0, 5.0, coatings=(Coating(4.0, 8.0),)), COARSE),
    "through": (tube(), None, Stem(14.0, 35.0, 15.0), COARSE),
    "taper": (tube(), None, Stem(14.0, 16.0, 4.0, tip_diameter=12.0), COARSE),
    "overlapping": (tube(), None, Stem(14.4, 20.0, 5.0), COARSE),
    "loose": (tube(), None, Stem(13.0, 20.0), COARSE),
    "thinner": (tube(), None, Stem(13.9, 20.0), COARSE),
    "bowed": (bowed_femur(0.5), Reaming(16.0, 68.0, 8.0), collared(), COARSE),
    "crescents": (bowed_femur(1.2), Reaming(16.0, 68.0, 8.0), collared(), COARSE),
    "bow_reamed": (bowed_femur(0.5), Reaming(20.0, 68.0, 8.0, "bow"), collared(), COARSE),
}

_KEPT = {}


def meshed(name):
    if name not in _KEPT:
        _KEPT[name] = build_mesh(*EXAMPLES[name])
    return _KEPT[name]


#: Gauss points and weights on the triangle, exact to degree 4.
_A, _B = 0.445948490915965, 0.091576213509771
POINTS = np.array(
    [[_A, _A], [1 - 2 * _A, _A], [_A, 1 - 2 * _A], [_B, _B], [1 - 2 * _B, _B], [_B, 1 - 2 * _B]]
)
WEIGHTS = np.repeat([0.223381589678011, 0.109951743655322], 3) / 2


def vector_areas(part, facets):
    """Places and vector area elements, shape (k, 6, 3), at the Gauss points of curved facets."""
    r, s = POINTS[:, 0, None], POINTS[:, 1, None]
    t = 1 - r - s
    shape = np.hstack([t * (2 * t - 1), r * (2 * r - 1), s * (2 * s - 1), 4 * t * r, 4 * r * s, 4 * s * t])
    along_r = np.hstack([1 - 4 * t, 4 * r - 1, 0 * r, 4 * (t - r), 4 * s, -4 * s])
    along_s = np.hstack([1 - 4 * t, 0 * r, 4 * s - 1, -4 * r, 4 * r, 4 * (t - s)])
    nodes = part.points[facets]
    places, u, v = (np.einsum("qa,kai->kqi", table, nodes) for table in (shape, along_r, along_s))
    return places, np.cross(u, v) * WEIGHTS[:, None]


def area(part, *names):
    facets = np.concatenate([part.facets[name] for name in names])
    return np.linalg.norm(vector_areas(part, facets)[1], axis=2).sum()


def volume(part):
    """By the divergence theorem over all named facets: outward and complete, or it fails."""
    places, vectors = vector_areas(part, np.concatenate(list(part.facets.values())))
    return np.einsum("kqi,kqi->", places, vectors) / 3


def corner_keys(part, names):
    """Corner coordinates of facets as comparable rows, in a canonical order."""
    facets = np.concatenate([part.facets[name] for name in names])
    return {tuple(sorted(map(tuple, part.points[row].tolist()))) for row in facets}


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_mesh_has_its_stem_s_zones_in_their_order(name):
    stem, mesh = EXAMPLES[name][2], meshed(name)
    assert mesh.zones == stem.zones
    assert set(mesh.stem.facets) == {*stem.zones, "distal_end", "proximal_end", "free"}


def test_several_coatings_touch_and_have_exact_areas():
    """Three on a straight stem, two of them touching: 2 pi a times their lengths, curved facets to 1e-3."""
    zones = (Coating(12.0, 18.0, "top"), Coating(2.0, 6.0, "low"), Coating(6.0, 10.0, "middle"))
    mesh = build_mesh(tube(), None, Stem(14.0, 20.0, coatings=zones), COARSE)
    assert mesh.zones == ("low", "middle", "top", "uncoated")
    for zone in zones:
        assert area(mesh.stem, zone.name) == pytest.approx(2 * np.pi * 7 * (zone.end - zone.start), rel=1e-3)
        levels = mesh.stem.points[mesh.stem.facets[zone.name]][..., 2]
        assert (levels.min(), levels.max()) == pytest.approx((zone.start, zone.end))
    assert area(mesh.stem, "uncoated") == pytest.approx(2 * np.pi * 7 * 6, rel=1e-3)


def test_a_flush_tube_has_exact_volumes_and_areas():
    """Curved quadratic facets of 4 mm on a radius of 7 mm: 1e-4 relative."""
    mesh = meshed("flush")
    assert volume(mesh.stem) == pytest.approx(np.pi * 49 * 20, rel=2e-4)
    assert volume(mesh.bone) == pytest.approx(np.pi * (196 - 49) * 20, rel=2e-4)
    assert area(mesh.stem, "uncoated") == pytest.approx(2 * np.pi * 7 * 20, rel=1e-4)
    assert area(mesh.stem, "distal_end") == pytest.approx(np.pi * 49, rel=1e-4)
    assert area(mesh.stem, "proximal_end") == pytest.approx(np.pi * 49, rel=1e-4)
    assert area(mesh.bone, "canal") == pytest.approx(2 * np.pi * 7 * 20, rel=1e-4)
    assert area(mesh.bone, "outer") == pytest.approx(2 * np.pi * 14 * 20, rel=1e-3)
    assert area(mesh.bone, "cut") == pytest.approx(np.pi * (196 - 49), rel=1e-3)
    assert area(mesh.bone, "proximal") == pytest.approx(np.pi * (196 - 49), rel=1e-3)
    assert not len(mesh.stem.facets["free"])


@pytest.mark.parametrize("name", EXAMPLES)
def test_named_facets_enclose_the_body(name):
    """Volume from outward facets equals volume from elements to round-off."""
    mesh = meshed(name)
    for part in (mesh.stem, mesh.bone):
        assert volume(part) == pytest.approx(elements_volume(part), rel=1e-9)
        assert volume(part) > 0
        assert np.array_equal(np.unique(part.tets), np.arange(len(part.points)))


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_element_is_inverted(name):
    quality = meshed(name).quality
    assert quality.inverted == 0
    assert quality.least_scaled_jacobian > 0.05


@pytest.mark.parametrize("name", EXAMPLES)
def test_bodies_never_overlap(name):
    """No node of the stem lies in bone but by round-off of the loft."""
    bone, reaming, _, _ = EXAMPLES[name]
    points = meshed(name).stem.points
    inside = points[(points[:, 2] > 1e-6) & (points[:, 2] < bone.length - 1e-6)]
    assert Canal(bone, reaming).outside(inside).max() < 2e-3


@pytest.mark.parametrize("name", ["flush", "bored", "short", "through", "thinner", "overlapping"])
def test_shared_facets_have_the_same_coordinates_on_both_bodies(name):
    mesh = meshed(name)
    stem = corner_keys(mesh.stem, mesh.zones)
    assert stem <= corner_keys(mesh.bone, ["canal"])


@pytest.mark.parametrize("name", ["bowed", "crescents"])
def test_reamed_surface_and_collar_are_shared_but_for_crescents(name):
    mesh = meshed(name)
    assert corner_keys(mesh.stem, ["collar"]) <= corner_keys(mesh.bone, ["cut"])
    coated = corner_keys(mesh.stem, ["coated"])
    apart = coated - corner_keys(mesh.bone, ["canal"])
    assert len(apart) < 0.5 * len(coated)
    corners = np.array(sorted(apart)).reshape(-1, 3)
    assert Canal(*EXAMPLES[name][:2]).outside(corners).max(initial=-1.0) < 1e-3


def test_facets_of_the_zones_end_at_their_levels():
    mesh = meshed("short")
    coated = mesh.stem.points[mesh.stem.facets["coated"]]
    assert (coated[..., 2].min(), coated[..., 2].max()) == pytest.approx((4.0, 8.0))
    assert area(mesh.stem, "coated") == pytest.approx(2 * np.pi * 7 * 4, rel=1e-3)
    assert area(mesh.stem, "uncoated") == pytest.approx(2 * np.pi * 7 * 8, rel=1e-3)
    assert area(mesh.stem, "free") == pytest.approx(2 * np.pi * 7 * 5, rel=1e-3)
    assert area(mesh.stem, "distal_end") == pytest.approx(np.pi * 49, rel=1e-3)


def test_a_stem_through_the_bone_is_free_beyond_it():
    mesh = meshed("through")
    assert area(mesh.stem, "uncoated") == pytest.approx(2 * np.pi * 7 * 20, rel=1e-3)
    assert area(mesh.stem, "free") == pytest.approx(2 * np.pi * 7 * 30, rel=1e-3)
    assert mesh.stem.points[mesh.stem.facets["proximal_end"]][..., 2] == pytest.approx(35.0)


def test_a_bore_is_free_and_taken_out():
    mesh = meshed("bored")
    assert volume(mesh.stem) == pytest.approx(np.pi * (49 - 9) * 20, rel=5e-4)
    assert area(mesh.stem, "free") == pytest.approx(2 * np.pi * 3 * 20, rel=1e-3)


def test_a_taper_keeps_its_own_surface():
    """Frustum of radii 7 and 6 over 16 mm, and a neck of 4 mm."""
    mesh = meshed("taper")
    frustum = np.pi * 16 / 3 * (49 + 42 + 36)
    assert volume(mesh.stem) == pytest.approx(frustum + np.pi * 49 * 4, rel=5e-4)
    assert volume(mesh.bone) == pytest.approx(np.pi * (196 - 49) * 20, rel=5e-4)


def test_a_slightly_thick_stem_is_meshed_at_the_canals_radius():
    mesh = meshed("overlapping")
    flank = mesh.stem.points[np.unique(mesh.stem.facets["uncoated"])]
    assert np.hypot(flank[:, 0], flank[:, 1]) == pytest.approx(7.0, abs=1e-6)
    thinner = meshed("thinner").stem
    flank = thinner.points[np.unique(thinner.facets["uncoated"])]
    assert np.hypot(flank[:, 0], flank[:, 1]) == pytest.approx(7.0, abs=1e-6)


@pytest.mark.parametrize("name", ["bowed", "crescents", "bow_reamed"])
def test_nodes_of_the_bone_lie_on_its_functions(name):
    """The loft and the reamer in CAD agree with geometry's functions well below 0.01 mm."""
    bone, reaming, _, _ = EXAMPLES[name]
    part = meshed(name).bone
    corners = {key: part.points[np.unique(rows[:, :3])] for key, rows in part.facets.items()}
    assert np.abs(bone.outside_outer(corners["outer"])).max() < 2e-3
    assert np.abs(Canal(bone, reaming).outside(corners["canal"])).max() < 2e-3


def test_the_collar_lies_on_bone():
    """Annulus between the reamer's 8 mm and the collar's 11 mm; the default's mouth is round."""
    mesh = meshed("bowed")
    assert area(mesh.stem, "collar") == pytest.approx(np.pi * (121 - 64), rel=1e-3)
    assert area(mesh.stem, "distal_end") == pytest.approx(np.pi * 64, rel=1e-3)
    assert len(mesh.stem.facets["proximal_end"]) == 0


def test_crescents_are_on_the_stem_and_face_a_void():
    """At axis offset 1.2 the canal's mouth reaches 8.2 mm behind the axis."""
    mesh = meshed("crescents")
    assert area(mesh.stem, "collar") < np.pi * (121 - 64) - 0.5
    canal = mesh.bone.points[np.unique(mesh.bone.facets["canal"][:, :3])]
    mouth = canal[np.abs(canal[:, 2]) < 1e-6]
    assert mouth[:, 0].min() == pytest.approx(-8.2, abs=1e-3)


def test_two_builds_are_identical_bit_for_bit():
    first, again = meshed("bowed"), build_mesh(*EXAMPLES["bowed"])
    for one, two in ((first.stem, again.stem), (first.bone, again.bone)):
        assert np.array_equal(one.points, two.points)
        assert np.array_equal(one.tets, two.tets)
        assert all(np.array_equal(one.facets[name], two.facets[name]) for name in one.facets)
    assert first.quality == again.quality
    assert first.digest == again.digest


def test_bodies_meshed_apart_do_not_match():
    mesh = build_mesh(*EXAMPLES["flush"], conforming=False)
    stem, bone = corner_keys(mesh.stem, ["uncoated"]), corner_keys(mesh.bone, ["canal"])
    assert not stem & bone
    assert area(mesh.stem, "uncoated") == pytest.approx(area(mesh.bone, "canal"), rel=2e-4)


def test_an_oval_bone_meshed_apart_keeps_its_outer_shape():
    """The canal's facets turn against the stem's, not the bone."""
    bone = Bone(4.0, (Station(0.0, 14.0, 10.0, 7.0, 7.0),))
    mesh = build_mesh(bone, None, Stem(14.0, 4.0, bore_diameter=6.0), MeshSizes(2.0, 2.0), conforming=False)
    outside = bone.outside_outer(mesh.bone.points)
    assert outside.max() < 2e-3
    assert np.ptp(mesh.bone.points[:, 0]) == pytest.approx(28.0, abs=1e-6)
    assert np.ptp(mesh.bone.points[:, 1]) == pytest.approx(20.0, abs=0.05)


def test_a_lofted_round_canal_meshed_apart_does_not_match():
    stations = tuple(Station(level, 14.0, 14.0, 7.0, 7.0) for level in (0.0, 14.0))
    mesh = build_mesh(Bone(14.0, stations), None, Stem(14.0, 14.0), MeshSizes(2.0, 2.0), conforming=False)
    assert not corner_keys(mesh.stem, ["uncoated"]) & corner_keys(mesh.bone, ["canal"])
    corners = mesh.bone.points[np.unique(mesh.bone.facets["canal"][:, :3])]
    assert np.abs(corners[corners[:, 0] < 0, 1]).min() > 1e-3, "the canal's seam stands posterior, not turned"


def test_a_stem_too_thick_for_the_canal_is_refused_before_meshing():
    with pytest.raises(GeometryError, match=r"overlaps the bone by 0\.50 mm"):
        build_mesh(tube(), None, Stem(15.0, 20.0), COARSE)


def test_a_size_that_no_sound_mesh_has_is_refused_with_place_and_remedy(monkeypatch):
    """A gate set out of reach shows the sentence that a user would get."""
    from fea.mesh import build

    monkeypatch.setattr(build, "measure", _one_inverted)
    with pytest.raises(MeshError, match=r"1 elements .* z = 3\.0 mm: choose a finer interface size"):
        build_mesh(*EXAMPLES["flush"])


def _one_inverted(stem, bone):
    from fea.mesh.parts import Quality

    return Quality(-0.5, 0.1, 1, (1.0, 2.0, 3.0))


def test_a_bowed_stem_and_its_bone_are_the_straight_ones_carried_onto_the_arc():
    bone, reaming, stem, sizes = EXAMPLES["flush"]
    straight = meshed("flush")
    bowed = build_mesh(bone, reaming, replace(stem, bow_radius=700.0), sizes)
    assert bowed.axis == Axis(700.0)
    assert bowed.digest != straight.digest
    for was, now in ((straight.stem, bowed.stem), (straight.bone, bowed.bone)):
        np.testing.assert_array_equal(now.points, bowed.axis.bend(was.points))
        np.testing.assert_array_equal(now.tets, was.tets)
        assert all(np.array_equal(now.facets[name], rows) for name, rows in was.facets.items())
        assert volume(now) == pytest.approx(volume(was), rel=1e-6)
