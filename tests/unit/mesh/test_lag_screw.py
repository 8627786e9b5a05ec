"""Meshes of stems with a lag screw against integrals of crossing cylinders.

A line along the screw at the distance s beside its axis meets a cylinder of radius R about the implant at
+- sqrt(R^2 - s^2) / sin a and a term that cancels between both sides, a the angle between the axes.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad

from fea.mesh.build import build_mesh
from fea.mesh.estimate import expected_tets
from fea.mesh.grooves import loft_seam_of, seam_of
from fea.mesh.sizes import MeshSizes, size_field
from fea.mesh.step import export_step
from geometry.bone import Bone, Station
from geometry.canal import Canal
from geometry.coating import Coating
from geometry.engagement import engage
from geometry.lag_screw import LagScrew
from geometry.reaming import Reaming
from geometry.sectioned_bone import SectionedBone
from geometry.station import Triangle
from geometry.stem import Collar, Stem
from tests.unit.mesh.test_build import area, corner_keys, volume

OUTER, FLANK, SCREW = 14.0, 8.0, 3.0
SIZES = MeshSizes(interface=2.5, far=4.0)


def tube(length: float = 30.0) -> Bone:
    return Bone(length, (Station(0.0, OUTER, OUTER, 7.0, 7.0),))


def triangular() -> SectionedBone:
    """A bone within an outline, lofted through closed splines."""
    return SectionedBone(
        30.0, (Station(0.0, OUTER, OUTER, 0.0, 0.0, triangle=Triangle(0.05, 0.0), wall=7.2),)
    )


def across(**changes: float) -> LagScrew:
    return LagScrew(**({"diameter": 6.0, "level": 14.0, "tip": 16.0, "head": 15.0} | changes))


STEM = {"diameter": 16.0, "length": 27.0, "protrusion": 4.0, "tip_radius": 2.0}
EXAMPLES = {
    "across": (16.0, Stem(**STEM, lag_screw=across(direction=0.4))),
    "oblique": (16.0, Stem(**STEM, lag_screw=across(angle=math.radians(115.0), tip=18.0, head=18.0))),
    "blind": (16.0, Stem(**STEM, lag_screw=across(tip=11.5, head=0.0))),
    "apart": (16.6, Stem(**STEM, lag_screw=across(direction=math.pi / 2))),
    "bored": (16.0, Stem(**STEM, bore_diameter=4.0, lag_screw=across())),
    "zoned": (
        16.0,
        Stem(**STEM, collar=Collar(22.0, 4.0, 0.0), coatings=(Coating(0.0, 14.0),), lag_screw=across()),
    ),
}  # fmt: skip
_KEPT = {}


def meshed(name: str):
    if name not in _KEPT:
        reamer, stem = EXAMPLES[name]
        _KEPT[name] = build_mesh(tube(), Reaming(reamer, 30.0, 0.0), stem, SIZES)
    return _KEPT[name]


def touched(angle: float, canal: float) -> float:
    """Area of a screw through both walls between canal and outer surface, mm^2."""

    def length(turn: float) -> float:
        s = SCREW * math.cos(turn)
        return (math.sqrt(OUTER**2 - s**2) - math.sqrt(canal**2 - s**2)) / math.sin(angle)

    return 2 * SCREW * quad(length, 0.0, math.tau)[0]


def within(radius: float, angle: float) -> float:
    """Volume of the screw within a cylinder about the implant, mm^3: both sides."""

    def slice_(s: float) -> float:
        return 4 * math.sqrt(SCREW**2 - s**2) * math.sqrt(radius**2 - s**2) / math.sin(angle)

    return quad(slice_, -SCREW, SCREW)[0]


def turned_volume(bore: float = 0.0) -> float:
    """Of the stem without its screw: a cylinder with a rounded edge, less its bore, mm^3."""
    fillet = quad(lambda x: (6.0 + math.sqrt(4.0 - x**2)) ** 2, 0.0, 2.0)[0]
    return math.pi * (FLANK**2 * 29.0 + fillet - bore**2 * 31.0)


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_element_is_bad_and_their_number_is_bounded(name: str) -> None:
    mesh = meshed(name)
    assert mesh.quality.inverted == 0
    assert mesh.quality.least_scaled_jacobian > 0.15
    assert mesh.quality.least_gamma > 0.05
    assert len(mesh.stem.tets) + len(mesh.bone.tets) < 16_000


@pytest.mark.parametrize(("name", "angle", "canal"), [
    ("across", 90.0, 8.0), ("oblique", 115.0, 8.0), ("apart", 90.0, 8.3), ("bored", 90.0, 8.0),
    ("zoned", 90.0, 8.0),
])  # fmt: skip
def test_the_zone_of_the_screw_is_its_surface_in_bone(name: str, angle: float, canal: float) -> None:
    """Three curved elements over a quarter turn: 2e-4."""
    exact = touched(math.radians(angle), canal)
    assert area(meshed(name).stem, "lag_screw") == pytest.approx(exact, rel=2e-4)


@pytest.mark.parametrize("name", ["across", "oblique", "blind", "bored", "zoned"])
def test_screw_and_hole_share_their_facets(name: str) -> None:
    mesh = meshed(name)
    assert corner_keys(mesh.stem, ["lag_screw"]) <= corner_keys(mesh.bone, ["canal"])
    flank = [zone for zone in mesh.zones if zone not in ("lag_screw", "collar")]
    assert corner_keys(mesh.stem, ["lag_screw"]).isdisjoint(corner_keys(mesh.stem, flank))


@pytest.mark.parametrize(("name", "angle"), [("across", 90.0), ("oblique", 115.0)])
def test_volumes_are_those_of_crossing_cylinders(name: str, angle: float) -> None:
    mesh, turn = meshed(name), math.radians(angle)
    screw = EXAMPLES[name][1].lag_screw
    added = math.pi * SCREW**2 * (screw.tip + screw.head) - within(FLANK, turn)
    assert volume(mesh.stem) == pytest.approx(turned_volume() + added, rel=2e-4)
    drilled = within(OUTER, turn) - within(FLANK, turn)
    assert volume(mesh.bone) == pytest.approx(math.pi * (OUTER**2 - FLANK**2) * 30.0 - drilled, rel=2e-4)


def test_a_screw_fills_the_bore_that_it_crosses() -> None:
    """What is added: the screw outside of the flank, and within the bore, a narrower cylinder than it."""

    def slice_(s: float) -> float:
        return 4 * math.sqrt(SCREW**2 - s**2) * math.sqrt(4.0 - s**2)

    filled = quad(slice_, -2.0, 2.0)[0]
    added = math.pi * SCREW**2 * 31.0 - within(FLANK, math.pi / 2) + filled
    assert volume(meshed("bored").stem) == pytest.approx(turned_volume(2.0) + added, rel=3e-4)


def test_a_screw_that_ends_in_bone_touches_it_all_round_and_not_with_its_end() -> None:
    """Its hole is a millimetre deeper: between them is a void of a disc of that height."""
    mesh = meshed("blind")
    length = quad(lambda t: 11.5 - math.sqrt(FLANK**2 - (SCREW * math.cos(t)) ** 2), 0.0, math.tau)[0]
    assert area(mesh.stem, "lag_screw") == pytest.approx(SCREW * length, rel=2e-4)
    drilled = math.pi * SCREW**2 * 12.5 - within(FLANK, math.pi / 2) / 2
    assert volume(mesh.bone) == pytest.approx(math.pi * (OUTER**2 - FLANK**2) * 30.0 - drilled, rel=2e-4)
    end = mesh.stem.points[np.unique(mesh.stem.facets["free"])]
    assert end[:, 0].max() == pytest.approx(11.5)


def test_where_the_canal_is_wider_than_the_bed_the_screw_is_free() -> None:
    """The ring between stem and canal, 0.3 mm wide, and the two ends that stand out."""
    found = area(meshed("apart").stem, "lag_screw", "free")
    on_flank = area(meshed("apart").stem, "uncoated")
    whole = touched(math.pi / 2, FLANK) - touched(math.pi / 2, 8.3)
    assert found - area(meshed("apart").stem, "lag_screw") > whole
    ring = quad(lambda t: math.sqrt(FLANK**2 - (SCREW * math.cos(t)) ** 2), 0.0, math.tau)[0]
    outside = SCREW * (math.tau * (16.0 + 15.0) - 2 * ring)
    tip = quad(lambda x: (6.0 + math.sqrt(4.0 - x**2)) * 2.0 / math.sqrt(4.0 - x**2), 0.0, 2.0)[0]
    faces = math.pi * (2 * SCREW**2 + 6.0**2) + math.tau * (FLANK * 29.0 + tip)

    def pierced(s: float) -> float:
        return 2 * math.sqrt(SCREW**2 - s**2) * FLANK / math.sqrt(FLANK**2 - s**2)

    holes = quad(pierced, -SCREW, SCREW)[0]
    assert found + on_flank == pytest.approx(outside + faces - 2 * holes, rel=3e-4)


def test_the_same_shapes_give_the_same_mesh_bit_for_bit() -> None:
    _, stem = EXAMPLES["across"]
    again = build_mesh(tube(), Reaming(16.0, 30.0, 0.0), stem, SIZES)
    for one, other in ((meshed("across").stem, again.stem), (meshed("across").bone, again.bone)):
        np.testing.assert_array_equal(one.points, other.points)
        np.testing.assert_array_equal(one.tets, other.tets)


def test_a_quarter_turn_has_three_elements_at_the_recommended_size() -> None:
    """0.14 of the stem's diameter; a finer interface has finer elements there."""
    stem = EXAMPLES["across"][1]
    engaged = engage(Canal(tube(), Reaming(16.0, 30.0, 0.0)), stem)
    for share in (1.0, 0.7):
        field = size_field(tube(), stem, engaged.blank, MeshSizes(share * 2.24, 4.0))
        place = stem.lag_screw.at(np.array([0.3]), np.array([11.0]))[0]
        assert field(*place) == pytest.approx(share * math.pi * SCREW / 6, rel=1e-9)


def test_the_estimate_of_elements_is_within_a_third() -> None:
    reamer, stem = EXAMPLES["across"]
    canal = Canal(tube(), Reaming(reamer, 30.0, 0.0))
    mesh = meshed("across")
    expected = expected_tets(size_field(tube(), stem, engage(canal, stem).blank, SIZES), canal, stem)
    assert expected == pytest.approx(len(mesh.stem.tets) + len(mesh.bone.tets), rel=1 / 3)


def test_seams_keep_off_the_plane_in_which_a_bone_from_an_outline_is_bowed() -> None:
    """A screw across that plane would draw them into it: 0 is as far from 90 degrees as can be."""
    stem = Stem(**STEM, lag_screw=across(direction=math.radians(90.0)))
    outlined = triangular()
    assert abs(math.remainder(seam_of(stem, outlined), math.pi)) > math.radians(20.0)
    assert seam_of(stem, tube()) == seam_of(stem)
    assert abs(math.remainder(seam_of(stem), math.pi)) < math.radians(1.0)


@pytest.mark.parametrize("degrees", [0.0, 170.0, 90.0, 60.0])
def test_a_loft_begins_where_no_screw_goes_through_the_bone(degrees: float) -> None:
    """Posterior, -180 degrees, where that is 40 degrees off the screw; else across it."""
    stem = Stem(**STEM, lag_screw=across(direction=math.radians(degrees)))
    seam = math.degrees(loft_seam_of(stem))
    off = abs(math.remainder(seam - degrees, 180.0))
    assert off == pytest.approx(90.0 if degrees in (0.0, 170.0) else abs(math.remainder(degrees, 180.0)))
    assert (seam == -180.0) == (degrees in (90.0, 60.0))
    assert loft_seam_of(Stem(**STEM)) == -math.pi


def test_a_screw_through_the_seam_of_a_loft_is_meshed() -> None:
    """The mesh of a bone through splines whose screw points to the back, where its loft would begin."""
    screw = across(direction=math.pi, head=17.0)
    mesh = build_mesh(triangular(), Reaming(16.0, 30.0, 0.0), Stem(**STEM, lag_screw=screw), SIZES)
    assert mesh.quality.inverted == 0
    assert mesh.quality.least_scaled_jacobian > 0.1


def test_seams_keep_away_from_the_screw_s_mouths() -> None:
    stem = Stem(**STEM, lag_screw=across(direction=math.radians(45.0 + 22.0)))
    edge = math.radians(67.0) - math.asin(SCREW / FLANK)
    assert abs(math.remainder(seam_of(stem) - edge, math.pi)) > math.radians(15.0)


def test_step_files_hold_the_screw_and_its_hole(tmp_path) -> None:
    import gmsh

    from fea.cad.session import session

    paths = export_step(tube(), Reaming(16.0, 30.0, 0.0), EXAMPLES["across"][1], tmp_path)
    masses = []
    for path in paths:
        with session():
            ((dimension, tag),) = gmsh.model.occ.importShapes(str(path))
            masses.append(gmsh.model.occ.getMass(dimension, tag))
    added = math.pi * SCREW**2 * 31.0 - within(FLANK, math.pi / 2)
    drilled = within(OUTER, math.pi / 2) - within(FLANK, math.pi / 2)
    wall = math.pi * (OUTER**2 - FLANK**2) * 30.0
    assert masses == pytest.approx([turned_volume() + added, wall - drilled], rel=1e-5)
