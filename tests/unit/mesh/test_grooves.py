"""Meshes of fluted and slotted stems against exact planar integrals, areas and positions."""

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad

from fea.mesh.build import build_mesh
from fea.mesh.grooves import seam_of
from fea.mesh.revolve import SEAM
from fea.mesh.sizes import MeshSizes
from geometry.bone import Bone, Station
from geometry.coating import Coating
from geometry.grooves import Flutes, Splines
from geometry.reaming import Reaming
from geometry.slot import Slot
from geometry.stem import Collar, Stem
from tests.bodies.one_body import volume as elements_volume
from tests.unit.geometry.test_grooves import circle_through
from tests.unit.mesh.test_build import area, corner_keys, vector_areas, volume

SIZES = MeshSizes(interface=2.5, far=4.0)
RADIUS, LENGTH, NUMBER, DEPTH, WIDTH = 8.0, 6.0, 6, 1.2, 4.0


def tube(length=LENGTH):
    return Bone(length, (Station(0.0, 14.0, 14.0, RADIUS, RADIUS),))


COLLAR = Collar(22.0, 4.0, 0.1)
EXAMPLES = {
    "slab": (tube(), Stem(16.0, LENGTH, flutes=Flutes(NUMBER, DEPTH, WIDTH, 0.0, LENGTH))),
    "run out": (tube(30.0), Stem(16.0, 30.0, flutes=Flutes(6, 1.2, 4.0, 4.0, 26.0, 6.0, 0.3))),
    "collared": (
        tube(30.0),
        Stem(
            16.0, 22.0, 10.0, tip_radius=4.0, collar=COLLAR, coatings=(Coating(0.0, 9.0),),
            flutes=Flutes(5, 1.2, 4.0, 0.0, 16.0),
        ),
    ),
    "bored": (
        tube(30.0),
        Stem(
            16.0, 24.0, 5.0, tip_radius=2.0, bore_diameter=6.0, flutes=Flutes(6, 1.2, 4.0, 5.0, 24.0, 6.0),
            slot=Slot(2.0, 9.0, "sagittal"),
        ),
    ),
    "tapered": (
        tube(30.0),
        Stem(16.0, 24.0, 5.0, tip_diameter=14.5, tip_radius=2.0, flutes=Flutes(4, 1.2, 4.0, 3.0, 24.0, 6.0)),
    ),
    "slotted": (tube(30.0), Stem(16.0, 30.0, slot=Slot(3.0, 12.0, "coronal"))),
}  # fmt: skip

_KEPT = {}


def meshed(name):
    if name not in _KEPT:
        bone, stem = EXAMPLES[name]
        _KEPT[name] = build_mesh(bone, None, stem, SIZES)
    return _KEPT[name]


def outline(rise, width, number):
    """Radius of a section about the axis as a function of angle: ray against circle and cylinder."""
    edge = math.sqrt(RADIUS**2 - width**2 / 4)
    centre, radius = circle_through([(edge, width / 2), (edge, -width / 2), (RADIUS + rise, 0.0)])
    half = math.atan2(width / 2, edge)

    def at(angle):
        turn = math.remainder(angle, math.tau / number)
        if abs(turn) >= half:
            return RADIUS
        root = math.sqrt(radius**2 - (centre[0] * math.sin(turn)) ** 2)
        return centre[0] * math.cos(turn) + math.copysign(root, rise)

    return at, half


def planar_integrals(rise, width, number):
    """Area, and second moments about x, y and z, of a section with bars, by adaptive quadrature."""
    at, half = outline(rise, width, number)
    centres = [math.tau * k / number for k in range(number)]
    limits = sorted({*(c - half for c in centres), *(c + half for c in centres), math.tau - half})
    pieces = [(low, high) for low, high in pairwise(limits) if high - low > 1e-12]

    def over(integrand):
        return sum(quad(integrand, low, high, epsabs=1e-11)[0] for low, high in pieces)

    return np.array(
        [
            over(lambda t: at(t) ** 2 / 2),
            over(lambda t: (at(t) ** 2 * math.sin(t)) ** 2 / 4),
            over(lambda t: (at(t) ** 2 * math.cos(t)) ** 2 / 4),
            over(lambda t: at(t) ** 4 / 4),
        ]
    )


def mesh_integrals(part, length):
    """The same of a prism's mesh, by the divergence theorem on its curved facets."""
    places, vectors = vector_areas(part, np.concatenate(list(part.facets.values())))
    (x, y), (dx, dy) = np.moveaxis(places[..., :2], 2, 0), np.moveaxis(vectors[..., :2], 2, 0)
    about_x, about_y = (y**3 * dy).sum() / 3, (x**3 * dx).sum() / 3
    return np.array([(x * dx + y * dy).sum() / 2, about_x, about_y, about_x + about_y]) / length


def test_area_and_second_moments_of_a_fluted_section_are_exact():
    """Curved quadratic facets follow the circles of flutes and lands: 3e-4 relative.

    Bending takes the moments about x and y, torsion the polar one. The plain cylinder has 11 % more
    area and a 21 % larger polar moment.
    """
    found = mesh_integrals(meshed("slab").stem, LENGTH)
    assert found == pytest.approx(planar_integrals(-DEPTH, WIDTH, NUMBER), rel=3e-4)
    whole = math.pi * RADIUS**2
    assert whole / found[0] == pytest.approx(1.11, abs=0.005)
    assert whole * RADIUS**2 / 2 / found[3] == pytest.approx(1.21, abs=0.005)


def test_lands_are_what_the_flutes_leave_of_the_flank():
    """Each flute takes the angle 2 asin(w / 2R) of the flank; its arc is 2 rho asin(w / 2 rho)."""
    mesh = meshed("slab")
    land = 2 * math.pi * RADIUS - NUMBER * 2 * RADIUS * math.asin(WIDTH / 2 / RADIUS)
    assert area(mesh.stem, "uncoated") == pytest.approx(land * LENGTH, rel=1e-6)
    (bars,) = EXAMPLES["slab"][1].grooves
    assert area(mesh.stem, "free") == pytest.approx(NUMBER * bars.arc_length * LENGTH, rel=1e-3)


def test_zones_keep_their_limits_between_flutes():
    mesh = meshed("collared")
    lands = 2 * 8.0 * (math.pi - 5 * math.asin(4.0 / 2 / 8.0))
    assert area(mesh.stem, "coated") == pytest.approx(lands * 9.0, rel=1e-3)
    rounding = 2 * math.pi * 4.0 * (4.0 * math.pi / 2 + 4.0)
    whole = lands * 7.0 + 2 * math.pi * 8.0 * 2.0 + rounding
    assert area(mesh.stem, "uncoated") == pytest.approx(whole, rel=1e-3)
    assert area(mesh.stem, "collar") == pytest.approx(math.pi * (11.0**2 - 8.0**2), rel=1e-3)
    assert area(mesh.stem, "distal_end") == pytest.approx(math.pi * 64, rel=1e-3)


@pytest.mark.parametrize("name", EXAMPLES)
def test_flank_and_groove_facets_lie_on_their_surfaces(name):
    """Nodes of contact facets are on the turned stem; the grooves' surfaces are in the mesh, and free."""
    _, stem = EXAMPLES[name]
    part = meshed(name).stem
    contact = part.points[
        np.unique(
            np.concatenate([part.facets[zone] for zone in ("coated", "uncoated") if zone in part.facets])
        )
    ]
    off = stem.profile.outside(np.hypot(contact[:, 0], contact[:, 1]), contact[:, 2])
    assert np.abs(off).max() < 1e-6
    free = part.points[np.unique(part.facets["free"])]
    for bars in stem.grooves:
        on = np.abs(bars.outside(free)) < 1e-6
        assert on.sum() > 100
        assert bars.outside(part.points).min() > -1e-6
    if stem.slot is not None:
        assert (np.abs(stem.slot.outside(free, stem.length)) < 1e-6).sum() > 100
        assert stem.slot.outside(part.points, stem.length).min() > -1e-6


@pytest.mark.parametrize("name", EXAMPLES)
def test_meshes_of_grooved_stems_are_sound_and_small(name):
    mesh = meshed(name)
    assert mesh.quality.inverted == 0
    assert mesh.quality.least_scaled_jacobian > 0.05
    assert len(mesh.stem.tets) + len(mesh.bone.tets) < 30_000
    for part in (mesh.stem, mesh.bone):
        assert volume(part) == pytest.approx(elements_volume(part), rel=1e-9)


@pytest.mark.parametrize("name", ["slab", "run out", "bored", "slotted"])
def test_lands_share_their_facets_with_the_canal(name):
    """Up to the tip's rounding, which leaves the canal."""
    mesh = meshed(name)
    top = EXAMPLES[name][1].profile.fillet_start + 1e-9
    shared = {key for key in corner_keys(mesh.stem, ["uncoated"]) if max(z for *_, z in key) <= top}
    assert shared <= corner_keys(mesh.bone, ["canal"])
    canal = mesh.bone.points[np.unique(mesh.bone.facets["canal"])]
    assert np.hypot(canal[:, 0], canal[:, 1]) == pytest.approx(RADIUS, abs=1e-6)


def test_the_slot_takes_its_volume():
    """Strips of a disk between the walls, and down the round root by quadrature."""

    def strip(half):
        return 2 * (half * math.sqrt(64 - half**2) + 64 * math.asin(half / 8))

    root, _ = quad(lambda z: strip(math.sqrt(1.5**2 - z**2)), 0.0, 1.5)
    taken = strip(1.5) * (12.0 - 1.5) + root
    assert math.pi * 64 * 30 - volume(meshed("slotted").stem) == pytest.approx(taken, rel=2e-3)
    walls = 2 * math.sqrt(64 - 1.5**2) * (12.0 - 1.5) * 2
    free, _ = quad(lambda t: 2 * math.sqrt(64 - (1.5 * math.sin(t)) ** 2) * 1.5, -math.pi / 2, math.pi / 2)
    assert area(meshed("slotted").stem, "free") == pytest.approx(walls + free, rel=1e-3)


def test_two_builds_of_a_fluted_stem_are_identical_bit_for_bit():
    bone, stem = EXAMPLES["run out"]
    first, again = meshed("run out"), build_mesh(bone, None, stem, SIZES)
    assert np.array_equal(first.stem.points, again.stem.points)
    assert np.array_equal(first.bone.tets, again.bone.tets)


def test_seams_keep_clear_of_edges():
    assert seam_of(Stem(16.0, 30.0)) == SEAM
    for name, (_, stem) in EXAMPLES.items():
        seam = seam_of(stem)
        for bars in stem.grooves:
            half = math.asin(bars.width / 16.0)
            for side in (0.0, math.pi):
                off = min(abs(math.remainder(seam + side - a, math.tau)) for a in bars.angles)
                assert abs(off - half) > math.radians(5.0), name


WIDE, HIGH = 3.0, 1.0
#: Reamed to the stem's diameter, so that lands lie on the canal and splines stand in the bone.
SPLINED = {
    "slab": (6.0, Reaming(16.0, 20.0, 0.0), Stem(16.0, 6.0, splines=Splines(6, HIGH, WIDE, 0.0, 6.0))),
    "run out": (
        45.0,
        Reaming(16.0, 40.0, 8.0),
        Stem(16.0, 30.0, 10.0, tip_radius=4.0, splines=Splines(6, HIGH, WIDE, 8.0, 24.0, 5.0)),
    ),
    "end walls": (
        45.0,
        Reaming(16.0, 40.0, 8.0),
        Stem(16.0, 30.0, 10.0, tip_radius=4.0, collar=COLLAR, splines=Splines(5, HIGH, WIDE, 0.0, 20.0)),
    ),
    "wide canal": (
        45.0,
        Reaming(16.6, 40.0, 8.0),
        Stem(16.0, 30.0, 10.0, tip_radius=4.0, splines=Splines(4, HIGH, WIDE, 8.0, 24.0, 5.0)),
    ),
}


def splined(name):
    key = f"splined {name}"
    if key not in _KEPT:
        length, reaming, stem = SPLINED[name]
        bone = Bone(length, (Station(0.0, 16.0, 16.0, 7.0, 7.0),))
        _KEPT[key] = build_mesh(bone, reaming, stem, SIZES)
    return _KEPT[key]


def test_area_and_second_moments_of_a_splined_section_are_exact():
    """Stem, and the bone with the splines' shape taken out of its ring: 3e-4 relative."""
    mesh = splined("slab")
    exact = planar_integrals(HIGH, WIDE, 6)
    assert mesh_integrals(mesh.stem, 6.0) == pytest.approx(exact, rel=3e-4)
    ring = math.pi * np.array([256.0, 16.0**4 / 4, 16.0**4 / 4, 16.0**4 / 2]) - exact
    assert mesh_integrals(mesh.bone, 6.0) == pytest.approx(ring, rel=3e-4)


def test_splines_and_lands_share_the_circumference():
    """Arc 2 rho asin(w / 2 rho) of a spline over its straight part, flank between them."""
    mesh = splined("slab")
    bars = SPLINED["slab"][2].spline_bars
    assert area(mesh.stem, "splines") == pytest.approx(6 * bars.arc_length * 6.0, rel=1e-3)
    lands = 2 * 8.0 * (math.pi - 6 * math.asin(WIDE / 16.0))
    assert area(mesh.stem, "uncoated") == pytest.approx(lands * 6.0, rel=1e-5)


@pytest.mark.parametrize("name", SPLINED)
def test_splines_share_their_facets_with_the_grooves_in_the_bone(name):
    mesh = splined(name)
    length, _, stem = SPLINED[name]
    shared = corner_keys(mesh.stem, ["splines"])
    assert shared <= corner_keys(mesh.bone, ["canal"])
    nodes = mesh.stem.points[np.unique(mesh.stem.facets["splines"])]
    assert np.abs(stem.spline_bars.outside(nodes)).max() < 1e-4
    assert nodes[:, 2].min() > stem.splines.start - 1e-9
    canal = mesh.bone.points[np.unique(mesh.bone.facets["canal"])]
    assert stem.spline_path.outside(canal).min() > -1e-4
    everything = 2 * math.pi * 16.0 * length
    assert area(mesh.bone, "outer") == pytest.approx(everything, rel=1e-3)


def test_bone_is_cut_free_behind_splines_that_begin_above_the_cut():
    """From the cut to the splines the bone has their groove, and the flank over it is free."""
    mesh = splined("run out")
    half = math.asin(WIDE / 16.0)
    flank = mesh.stem.points[mesh.stem.facets["uncoated"]].mean(axis=1)
    below = flank[flank[:, 2] < 8.0]
    turn = np.abs(np.remainder(np.arctan2(below[:, 1], below[:, 0]) + math.pi / 6, math.pi / 3) - math.pi / 6)
    assert len(below) > 100
    assert turn.min() > half
    mouth = mesh.bone.facets["cut"]
    exact = math.pi * 256 - planar_integrals(HIGH, WIDE, 6)[0]
    assert area(mesh.bone, "cut") == pytest.approx(exact, rel=1e-3), mouth.shape


def test_the_collar_bears_between_the_splines():
    exact = math.pi * 121 - planar_integrals(HIGH, WIDE, 5)[0]
    assert area(splined("end walls").stem, "collar") == pytest.approx(exact, rel=1e-3)


@pytest.mark.parametrize("name", SPLINED)
def test_meshes_of_splined_stems_are_sound_and_small(name):
    mesh = splined(name)
    assert mesh.quality.inverted == 0
    assert mesh.quality.least_scaled_jacobian > 0.03
    assert len(mesh.stem.tets) + len(mesh.bone.tets) < 40_000
    for part in (mesh.stem, mesh.bone):
        assert volume(part) == pytest.approx(elements_volume(part), rel=1e-9)


def test_two_builds_of_a_splined_stem_are_identical_bit_for_bit():
    """Elements are mended the same way each time."""
    first = splined("slab")
    _KEPT.pop("splined slab")
    again = splined("slab")
    assert np.array_equal(first.stem.points, again.stem.points)
    assert np.array_equal(first.bone.points, again.bone.points)
