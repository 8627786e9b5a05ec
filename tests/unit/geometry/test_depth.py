"""A stem sunk or proud: the same shape farther along the axis, in a hole that stays."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from fea.mesh.build import build_mesh
from fea.mesh.sizes import MeshSizes
from geometry.abutment import Abutment, Screw
from geometry.bone import Bone, Station
from geometry.canal import Canal
from geometry.coating import Coating
from geometry.depth import deepest, moved
from geometry.errors import GeometryError
from geometry.fit import Fit, ZoneFit
from geometry.grooves import Flutes
from geometry.lag_screw import LagScrew
from geometry.reaming import Reaming
from geometry.stem import Collar, Stem
from geometry.thread import Thread
from tests.bodies.one_body import volume

TUBE = Bone(120.0, (Station(0.0, 14.0, 14.0, 5.0, 5.0),))
SOLID = Bone(120.0, (Station(0.0, 14.0, 14.0, 0.0, 0.0),))
TAPERED = Stem(16.0, 60.0, protrusion=20.0, tip_diameter=14.0, tip_radius=3.0)


def test_a_depth_of_nothing_is_the_stem_itself() -> None:
    assert moved(TAPERED, 0.0) is TAPERED
    assert "taper_start" not in TAPERED.stated()


def test_all_that_belongs_to_the_stem_moves_with_it() -> None:
    stem = Stem(
        10.0, 50.0, protrusion=12.0, tip_radius=2.0,
        coatings=(Coating(0.0, 20.0, "lower"), Coating(25.0, 40.0, "upper")),
        flutes=Flutes(3, 1.0, 3.0, 22.0, 24.5), lag_screw=LagScrew(4.0, 44.0, 20.0, 15.0),
    )  # fmt: skip
    sunk = moved(stem, 2.0)
    assert (sunk.length, sunk.protrusion, sunk.distal_level) == (52.0, 10.0, -10.0)
    assert [(zone.start, zone.end) for zone in sunk.coatings] == [(2.0, 22.0), (27.0, 42.0)]
    assert sunk.flutes is not None
    assert sunk.lag_screw is not None
    assert (sunk.flutes.start, sunk.flutes.end, sunk.lag_screw.level) == (24.0, 26.5, 46.0)
    proud = moved(stem, -2.0)
    assert (proud.length, proud.protrusion) == (48.0, 14.0)
    assert [(zone.start, zone.end) for zone in proud.coatings] == [(0.0, 18.0), (23.0, 38.0)]


def test_thread_abutment_and_its_screw_move_with_the_fixture() -> None:
    fixture = Stem(
        4.0, 11.0, tip_radius=0.5, bore_diameter=1.6,
        thread=Thread(0.8, 0.3, 0.1, 1.5, 9.0, 0.8, math.radians(30), math.radians(30)),
        abutment=Abutment(4.0, 3.0, Screw(1.0, 5.0)),
    )  # fmt: skip
    proud = moved(fixture, -0.75)
    assert proud.thread is not None
    assert proud.abutment is not None
    assert (proud.thread.start, proud.thread.end) == (0.75, 8.25)
    assert (proud.abutment.seat, proud.distal_level) == (-0.75, -3.75)
    assert (proud.abutment.screw.start, proud.abutment.screw.end) == (0.25, 4.25)
    with pytest.raises(GeometryError, match="the joint must lie at the cut"):
        moved(fixture, 0.75)


@pytest.mark.parametrize("depth", [4.0, -4.0, 0.37])
def test_a_taper_is_the_same_line_farther_along(depth: float) -> None:
    """Radius, normal and distance of the moved profile at z + d are those of the planned one at z."""
    shifted, planned = moved(TAPERED, depth).profile, TAPERED.profile
    level = np.linspace(-8.0, 60.0, 137)
    assert shifted.at(level + depth) == pytest.approx(planned.at(level), abs=1e-12)
    for found, stated in zip(shifted.normal(level + depth), planned.normal(level), strict=True):
        assert found == pytest.approx(stated, abs=1e-12)
    across = np.linspace(5.0, 9.0, 137)
    assert shifted.outside(across, level + depth) == pytest.approx(planned.outside(across, level), abs=1e-12)
    assert shifted.fillet_start == pytest.approx(planned.fillet_start + depth, abs=1e-12)


def test_a_sunk_taper_has_the_gap_of_its_line_in_the_hole() -> None:
    """In a hole of 16 mm the way along the normal from r = 8 - k (z - d) to the wall is k (z - d) / cos."""
    depth = 4.0
    stem = moved(TAPERED, depth)
    fit = Fit(TUBE, Reaming(16.0, 80.0, 2.0), stem, {"uncoated": ZoneFit(0.0, 0.3)})
    level = np.array([0.0, 2.0, depth, 14.0, 34.0, 54.0])
    radius = stem.profile.at(level)
    points = np.stack([radius, 0 * radius, level], axis=1)
    slope = 1.0 / 60.0
    exact = slope * np.maximum(level - depth, 0.0) * math.hypot(1.0, slope)
    assert fit.clearance(points) == pytest.approx(exact, abs=1e-9)


def test_a_collar_is_lifted_off_the_cut_or_let_down_onto_it() -> None:
    stem = Stem(16.0, 60.0, protrusion=20.0, collar=Collar(22.0, 4.0, 0.5))
    proud = moved(stem, -3.0)
    assert proud.collar == Collar(22.0, 4.0, 3.5)
    assert proud.distal_level == -23.0
    down = moved(stem, 0.5)
    assert down.collar == Collar(22.0, 4.0, 0.0)
    with pytest.raises(GeometryError, match=r"stands on the cut after 0\.5 mm"):
        moved(stem, 0.75)


def test_without_a_neck_the_collar_is_what_stands_out() -> None:
    """The distal face of a collar 4 mm thick is 7 mm below the cut when it stands 3 mm proud."""
    assert moved(Stem(16.0, 60.0, collar=Collar(22.0, 4.0, 0.0)), -3.0).distal_level == -7.0


@pytest.mark.parametrize(
    ("stem", "depth", "said"),
    [
        (Stem(16.0, 60.0, protrusion=2.0), 2.5, "vanishes in the bone"),
        (Stem(16.0, 60.0, bow_radius=1000.0), 1.0, "its arc begins at the cut"),
        (Stem(16.0, 20.0), -20.0, "is not in the bone"),
        (Stem(16.0, 60.0), 31.0, "at most 30 mm off"),
        (Stem(16.0, 60.0, coatings=(Coating(0.0, 5.0),)), -5.0, "nothing of it is in the bone"),
    ],
)
def test_where_a_stem_cannot_stand_is_said(stem: Stem, depth: float, said: str) -> None:
    with pytest.raises(GeometryError, match=said):
        moved(stem, depth)


@pytest.mark.parametrize(("radius", "rounding"), [(8.0, 5.0), (7.0, 5.0), (8.0, 8.0), (6.5, 1.0)])
def test_a_rounded_tip_stops_where_its_fillet_meets_the_hemisphere(radius: float, rounding: float) -> None:
    """The fillet's centre lies R - t from the hemisphere's: rho_c^2 + (z_t - z_c)^2 = (R - t)^2."""
    stem = Stem(2 * radius, 70.0, protrusion=20.0, tip_radius=rounding)
    canal = Canal(SOLID, Reaming(16.0, 80.0, 8.0))
    ahead = math.sqrt(max((8.0 - rounding) ** 2 - (radius - rounding) ** 2, 0.0))
    exact = (80.0 - 8.0) + ahead + rounding - 70.0
    # The tip's profile is sampled: between samples of a fillet a hemisphere rises by less than this.
    assert deepest(canal, stem, 15.0) == pytest.approx(exact, abs=5e-3)
    assert deepest(canal, stem, exact - 0.1) is None


def test_a_flat_hole_is_as_deep_as_it_was_reamed() -> None:
    stem = Stem(16.0, 70.0, protrusion=20.0)
    assert deepest(Canal(SOLID, Reaming(16.0, 80.0, 0.0)), stem, 12.0) == pytest.approx(10.0, abs=1e-5)
    assert deepest(Canal(SOLID, Reaming(16.0, 80.0, 0.0)), stem, 10.0) is None


def test_a_natural_canal_as_wide_as_the_tip_has_no_bottom() -> None:
    stem = Stem(16.0, 70.0, protrusion=20.0, tip_diameter=8.0)
    assert deepest(Canal(TUBE, Reaming(16.0, 80.0, 0.0)), stem, 15.0) is None
    assert deepest(Canal(TUBE, Reaming(16.0, 80.0, 0.0)), replace(stem, tip_diameter=None), 15.0) is not None


def test_flutes_on_a_sunk_taper_are_the_same_grooves_farther_along() -> None:
    stem = replace(TAPERED, flutes=Flutes(4, 1.0, 4.0, 10.0, 50.0, 8.0))
    shifted, planned = moved(stem, 3.0).flute_bars, stem.flute_bars
    assert shifted is not None
    assert planned is not None
    points = np.random.default_rng(1).uniform((5.0, -3.0, 5.0), (9.0, 3.0, 55.0), (400, 3))
    ahead = np.array([0.0, 0.0, 3.0])
    assert shifted.outside(points + ahead) == pytest.approx(planned.outside(points), abs=1e-12)


def test_a_proud_taper_is_meshed_with_its_volume_and_its_collar() -> None:
    """A cylinder up to where the taper starts, a frustum beyond it, the collar's ring about the frustum.

    Chords of curved elements of this size miss circles by some 1e-4.
    """
    stem = moved(Stem(16.0, 40.0, protrusion=10.0, tip_diameter=10.0, collar=Collar(22.0, 4.0, 0.0)), -6.0)
    mesh = build_mesh(Bone(60.0, TUBE.stations), Reaming(17.0, 45.0, 2.0), stem, MeshSizes(5.0, 8.0, 5.0))
    assert mesh.quality.inverted == 0
    assert mesh.stem.points[:, 2].min() == pytest.approx(-16.0)

    def frustum(low: float, high: float) -> float:
        r, q = (8.0 - 0.075 * (level + 6.0) for level in (low, high))
        return math.pi * (high - low) * (r * r + r * q + q * q) / 3

    exact = math.pi * 8.0**2 * 10.0 + frustum(-6.0, 34.0)
    exact += math.pi * 11.0**2 * 4.0 - frustum(-4.0, 0.0)
    assert volume(mesh.stem) == pytest.approx(exact, rel=1e-3)
