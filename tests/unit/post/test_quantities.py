"""Quantities of the synthetic study against the closed forms that it is made of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fea.case.criteria import QUANTITIES
from fea.post.body_quantities import nodal_volumes, worst_instant
from fea.post.interface_quantities import interface_quantities, roughness
from fea.post.micromotion import area_percentile, micromotion
from fea.post.quantities import judged_quantities, study_quantities, variant_results
from fea.post.quantity import EXACT, NOT_ESTIMATED, NOT_TOLD, TOO_ALIKE, Quantity, with_errors
from fea.post.reference import coated_areas, reference_area
from fea.post.rim_peaks import rim_peaks
from fea.post.rims import inside_rims, near_rim, rims
from fea.post.series import moment_at_cut, series, shown_states
from fea.post.zones import levels, zone_codes, zone_names, zone_table
from fea.solution import Walk
from fea.study import Study
from geometry.grooves import Splines
from geometry.reaming import Reaming
from geometry.stem import Coating, Stem
from tests.unit.post import synthetic
from tests.unit.post.synthetic import seated_study, synthetic_study


def _by_name(study: Study) -> dict[str, Quantity]:
    return {quantity.name: quantity for quantity in judged_quantities(study)}


@pytest.fixture(scope="module")
def found(study: Study) -> dict[str, Quantity]:
    return _by_name(study)


# --- the judged quantities --------------------------------------------------------------------


def test_every_judged_quantity_is_told_in_its_unit(found: dict[str, Quantity]) -> None:
    assert {name: found[name].unit for name in QUANTITIES} == dict(QUANTITIES)


def test_micromotion_of_the_coating_is_twice_the_amplitude(study: Study, found: dict[str, Quantity]) -> None:
    coated = study.interface.zone == 0
    moved = 2000 * synthetic.amplitude(study.interface)[coated]
    area = study.interface.area[coated]
    assert found["micromotion_max_um"].value == pytest.approx(moved.max())
    assert found["micromotion_mean_um"].value == pytest.approx(np.average(moved, weights=area))
    below = found["micromotion_p95_um"].value
    assert area[moved <= below + 1e-9].sum() >= (0.95 - 1e-12) * area.sum()
    assert area[moved < below - 1e-9].sum() < 0.95 * area.sum()
    assert found["micromotion_p95_um"].zone == "coated zone, where it touches"
    small = 100 * area[moved < 40].sum() / area.sum()
    assert found["micromotion_area_below_40um_percent"].value == pytest.approx(small)


def test_an_area_that_never_touches_is_neither_small_nor_large_micromotion(study: Study) -> None:
    """Without a coating the whole flank is the reference, and part of it is always open."""
    bare = replace(study.interface, zone=np.maximum(study.interface.zone, 1))
    flank = bare.zone == 1
    is_open = synthetic.never_touching(study.interface)
    share = 100 * bare.area[is_open].sum() / bare.area[flank].sum()
    found = _by_name(replace(study, interface=bare))
    assert share > 5
    assert found["micromotion_area_no_contact_percent"].value == pytest.approx(share)
    moved, bands = 2000 * synthetic.amplitude(bare), 0.0
    for name in ("below_40um", "40_to_50um", "50_to_150um", "above_150um"):
        bands += found[f"micromotion_area_{name}_percent"].value
    assert bands == pytest.approx(100 - share)
    small = bare.area[flank & ~is_open & (moved < 40)].sum() / bare.area[flank].sum()
    assert found["micromotion_area_below_40um_percent"].value == pytest.approx(100 * small)


def test_a_coating_that_faces_no_bone_counts_as_no_contact(study: Study, found: dict[str, Quantity]) -> None:
    """Take the facets of the upper half out of the interface: half of the coating is left."""
    interface = study.interface
    upper = (interface.zone == 0) & (interface.points[:, 2] > 50.0 + 1e-9)
    rim = (interface.zone == 0) & (np.abs(interface.points[:, 2] - 50.0) < 1e-9)
    halved = replace(interface, area=np.where(upper, 0.0, np.where(rim, 0.5, 1.0) * interface.area))
    half = _by_name(replace(study, interface=halved))
    assert half["micromotion_area_no_contact_percent"].value == pytest.approx(50.0)
    assert half["contact_area_percent"].value == pytest.approx(50.0)
    moved, area = 2000 * synthetic.amplitude(interface), halved.area
    small = 100 * area[(interface.zone == 0) & (moved < 40)].sum() / interface.area[interface.zone == 0].sum()
    assert half["micromotion_area_below_40um_percent"].value == pytest.approx(small)
    assert found["micromotion_area_no_contact_percent"].value == pytest.approx(0.0, abs=1e-9)


@pytest.fixture(scope="module")
def two_coatings(study: Study) -> Study:
    """The study with its uncoated flank renamed to a second coating, part of which never touches."""
    names = {"coated": "spray", "uncoated": "mesh", "collar": "collar"}
    facets = {names.get(name, name): rows for name, rows in study.mesh.stem.facets.items()}
    stem = replace(study.mesh.stem, facets=facets)
    mesh = replace(study.mesh, stem=stem, zones=tuple(names.values()))
    interface = replace(study.interface, zones=tuple(names.values()))
    return replace(study, mesh=mesh, interface=interface, coarse=None)


def test_all_coatings_are_judged_together_and_each_is_told(two_coatings: Study) -> None:
    """Shares of the whole are the means of the zones' shares, by area."""
    found, interface = _by_name(two_coatings), two_coatings.interface
    assert found["micromotion_p95_um"].zone == "coated zones, where it touches"
    assert found["contact_area_percent"].zone == "coated zones"
    area = {zone: interface.area[interface.within(zone)].sum() for zone in ("spray", "mesh")}
    for whole, part in (
        ("contact_area_percent", "contact_area_{}_percent"),
        ("micromotion_area_below_40um_percent", "micromotion_area_below_40um_{}_percent"),
        ("micromotion_area_above_150um_percent", "micromotion_area_above_150um_{}_percent"),
    ):
        shares = [area[zone] * found[part.format(zone)].value for zone in area]
        assert found[whole].value == pytest.approx(sum(shares) / sum(area.values()))
    assert found["contact_area_mesh_percent"].value < 100.0
    moved = 2000 * synthetic.amplitude(interface)
    motion = micromotion(two_coatings.walk)
    for zone in area:
        here = interface.within(zone) & motion.touching
        told = found[f"micromotion_p95_{zone}_um"]
        assert told.zone == f"{zone} zone, where it touches"
        assert (
            interface.area[here & (moved <= told.value + 1e-9)].sum()
            >= 0.95 * interface.area[here].sum() - 1e-9
        )
        assert interface.area[here & (moved < told.value - 1e-9)].sum() < 0.95 * interface.area[here].sum()
    assert {"mean_pressure_spray_MPa", "mean_pressure_mesh_MPa"} <= found.keys()
    assert "mean_pressure_collar_MPa" not in found


def test_one_coating_is_told_once(found: dict[str, Quantity]) -> None:
    assert not [name for name in found if "_coated_percent" in name or "_coated_um" in name]


def test_a_coating_that_faces_no_bone_belongs_to_the_judged_area(two_coatings: Study) -> None:
    """Take the whole of one coating out of the interface: its facets are still a part of the reference."""
    here = ~two_coatings.interface.within("mesh")
    rows = np.cumsum(here) - 1
    kept = here[two_coatings.interface.facets].all(axis=1)
    cut = {
        name: getattr(two_coatings.interface, name)[here]
        for name in ("points", "normal", "axial", "circumferential", "area", "zone", "friction", "fit", "rim")
    }
    facets, middles = rows[two_coatings.interface.facets[kept]], two_coatings.interface.middles[kept]
    interface = replace(two_coatings.interface, **cut, facets=facets, middles=middles)
    areas = coated_areas(interface, two_coatings.mesh.stem)
    whole = reference_area(interface, two_coatings.mesh.stem)
    assert whole.area == pytest.approx(areas["spray"].area + areas["mesh"].area)
    assert areas["mesh"].area > 0.0
    assert areas["mesh"].percent(np.ones(here.sum(), dtype=bool)) == 0.0


def test_insertion_hoop_stress_is_lame_s_at_the_bore_away_from_the_rims(found: dict[str, Quantity]) -> None:
    """Closed form p (b^2 + a^2) / (b^2 - a^2) at r = a."""
    a, b = synthetic.STEM_RADIUS, synthetic.BONE_RADIUS
    hoop = found["insertion_hoop_stress_MPa"]
    assert hoop.value == pytest.approx(synthetic.PRESSURE * (b**2 + a**2) / (b**2 - a**2), rel=1e-9)
    assert hoop.place is not None
    assert np.hypot(*hoop.place[:2]) == pytest.approx(a)
    assert hoop.instant_percent is None
    assert hoop.percentile99 is not None
    assert hoop.percentile99 <= hoop.value


def test_a_singular_rim_does_not_set_the_peak(study: Study) -> None:
    stress = study.bone.stress.copy()
    at_mouth = np.argmin(np.linalg.norm(study.mesh.bone.points - [8.0, 0.0, 0.0], axis=1))
    stress[:, at_mouth] *= 100
    spoilt = _by_name(replace(study, bone=replace(study.bone, stress=stress)))
    assert spoilt["insertion_hoop_stress_MPa"].value == pytest.approx(
        _by_name(study)["insertion_hoop_stress_MPa"].value
    )


def test_bone_strain_is_that_of_bending_and_press_fit_at_the_worst_instant(
    study: Study, found: dict[str, Quantity]
) -> None:
    """At the outer surface x = b: hoop 2 p a^2/(b^2 - a^2), axial +-20 MPa; Hooke gives the strain."""
    a, b = synthetic.STEM_RADIUS, synthetic.BONE_RADIUS
    hoop = 2 * synthetic.PRESSURE * a**2 / (b**2 - a**2)
    bending, nu = synthetic.BENDING_STRESS, synthetic.POISSON
    tension, compression = found["bone_tension_strain_percent"], found["bone_compression_strain_percent"]
    assert tension.value == pytest.approx(100 * (bending - nu * hoop) / synthetic.MODULUS)
    assert compression.value == pytest.approx(100 * (bending + nu * hoop) / synthetic.MODULUS)
    assert tension.instant_percent == compression.instant_percent == 50.0
    assert tension.place is not None
    assert compression.place is not None
    assert tension.place[0] == pytest.approx(b)
    assert compression.place[0] == pytest.approx(-b)
    assert worst_instant(study, "bone") == 7


def test_the_tip_zone_is_within_20_mm_of_the_tip(found: dict[str, Quantity]) -> None:
    place = found["tip_zone_tension_strain_percent"].place
    assert place is not None
    assert abs(place[2] - synthetic.STEM_LENGTH) <= 20


def test_stem_stress_is_that_of_pressure_and_bending(study: Study, found: dict[str, Quantity]) -> None:
    """At the collar's outer surface, 4 mm below its singular edge."""
    axial = synthetic.BENDING_STRESS * 110 / 17 * synthetic.COLLAR_RADIUS / synthetic.BONE_RADIUS
    peak = found["stem_von_mises_MPa"]
    assert peak.value == pytest.approx(axial + synthetic.PRESSURE)
    assert peak.when == "at 50 % of the activity"
    assert worst_instant(study, "stem") == 7


def test_the_wall_is_exact_and_stands_at_its_place(found: dict[str, Quantity]) -> None:
    wall = found["least_wall_mm"]
    assert (wall.value, wall.place, wall.error, wall.error_origin) == (6.0, (8.0, 0.0, 0.0), 0.0, EXACT)


# --- the reported ones ------------------------------------------------------------------------


def test_migration_opening_and_collar(study: Study, found: dict[str, Quantity]) -> None:
    """The slide is 1.2 amplitudes after the press-fit and 1.0 at the cycle's start."""
    flank = study.interface.zone != 2
    sunk = 0.2 * np.average(synthetic.amplitude(study.interface)[flank], weights=study.interface.area[flank])
    assert found["migration_axial_mean_um"].value == pytest.approx(1000 * sunk)
    assert found["largest_opening_um"].value == pytest.approx(10.0)
    area = study.interface.area[study.interface.zone == 2].sum()
    share = 100 * synthetic.COLLAR_PRESSURE * area / synthetic.AXIAL_LOAD
    assert found["collar_axial_share_percent"].value == pytest.approx(share)
    assert found["collar_axial_share_percent"].instant_percent == 50.0


def test_pressure_after_press_fit_by_zone(found: dict[str, Quantity]) -> None:
    assert found["mean_pressure_coated_MPa"].value == pytest.approx(synthetic.PRESSURE)
    assert 0 < found["mean_pressure_uncoated_MPa"].value < 0.2 * synthetic.PRESSURE
    assert found["contact_area_percent"].value == pytest.approx(100.0)


def test_the_mean_pressure_of_a_zone_weighs_by_area(study: Study) -> None:
    """A pressure that grows along the stem: areas of vertices differ at the ends of a zone."""
    level, area = study.interface.points[:, 2], study.interface.area
    traction = np.zeros_like(study.walk.press_fit.traction)
    traction[:, 0] = 1.0 + 1e-3 * level**2
    walk = replace(study.walk, press_fit=replace(study.walk.press_fit, traction=traction))
    told = {item.name: item.value for item in interface_quantities(study.interface, walk, study.mesh.stem)}
    for code, zone in enumerate(("coated", "uncoated")):
        here = study.interface.zone == code
        exact = area[here] @ traction[here, 0] / area[here].sum()
        assert told[f"mean_pressure_{zone}_MPa"] == pytest.approx(exact, rel=1e-12)
        assert np.mean(traction[here, 0]) != pytest.approx(exact, rel=1e-4)


def test_a_collar_that_presses_against_a_pull_has_a_negative_share(study: Study) -> None:
    states = tuple(replace(state, wrench=-state.wrench) for state in study.walk.judged)
    walk = replace(study.walk, cycles=(states,))
    told = {item.name: item.value for item in interface_quantities(study.interface, walk, study.mesh.stem)}
    area = study.interface.area[study.interface.zone == 2].sum()
    share = 100 * synthetic.COLLAR_PRESSURE * area / synthetic.AXIAL_LOAD
    assert told["collar_axial_share_percent"] == pytest.approx(-share)


def test_a_loss_of_fixation_leaves_press_fit_and_wall(loosened: Study) -> None:
    names = set(_by_name(loosened))
    assert {"insertion_hoop_stress_MPa", "contact_area_percent", "least_wall_mm"} <= names
    lost = ("micromotion", "migration", "bone_", "tip_zone", "stem_", "largest_opening", "collar")
    assert not [name for name in names if name.startswith(lost)]


def test_without_an_activity_the_strains_are_those_of_the_press_fit() -> None:
    found = _by_name(seated_study())
    assert found["bone_tension_strain_percent"].when == "after press-fit"
    assert found["bone_tension_strain_percent"].instant_percent is None
    assert "micromotion_p95_um" not in found


# --- errors -----------------------------------------------------------------------------------


def test_errors_are_first_order_with_safety_factor_plus_the_local_one() -> None:
    """The companion scales everything by 1.02: 1.25 x 0.02 v / (ratio - 1), with the ratio of the meshes."""
    study = synthetic_study(variants=False)
    assert study.coarse is not None
    ratio = study.coarse.mesh.element_size / study.mesh.element_size
    share = 1.25 * 0.02 / (ratio - 1)
    found = _by_name(study)
    p95 = found["micromotion_p95_um"]
    # Both meshes have the same levels, so that their percentiles differ by the factor alone.
    assert p95.local_error is not None
    assert p95.error == pytest.approx(share * p95.value + p95.local_error, rel=1e-6)
    mean = found["mean_pressure_coated_MPa"]
    assert mean.local_error is None
    assert mean.error == pytest.approx(share * mean.value, rel=1e-6)
    hoop = found["insertion_hoop_stress_MPa"]
    assert hoop.local_error == pytest.approx(0.5)
    assert hoop.error == pytest.approx(share * hoop.value + 0.5, rel=1e-6)
    assert f"{ratio:.3g} times coarser" in hoop.error_origin
    strain = found["bone_tension_strain_percent"]
    assert strain.local_error is not None
    assert 0 < strain.local_error < strain.value


def test_every_judged_quantity_has_a_bar_with_its_origin(found: dict[str, Quantity]) -> None:
    for name in QUANTITIES:
        assert found[name].error is not None, name
        assert found[name].error_origin not in (NOT_ESTIMATED, NOT_TOLD, TOO_ALIKE), name


def test_an_error_that_nobody_estimated_is_none_and_says_so() -> None:
    quantity = Quantity("x_um", "x", 2.0, "um", "", "")
    assert with_errors([quantity], None, 1.5)[0].error is None
    assert with_errors([quantity], None, 1.5)[0].error_origin == NOT_ESTIMATED
    assert with_errors([quantity], [], 1.5)[0].error_origin == NOT_TOLD
    same = with_errors([quantity], [replace(quantity, value=2.4)], 1.5)[0]
    assert same.error == pytest.approx(1.25 * 0.4 / 0.5)


def test_meshes_that_are_too_alike_say_nothing_of_each_other() -> None:
    """A companion that the shape keeps as fine as the case's mesh agrees with it whatever the error."""
    quantity = Quantity("x_um", "x", 2.0, "um", "", "")
    alike = with_errors([quantity], [quantity], 1.04)[0]
    assert alike.error is None
    assert alike.error_origin == TOO_ALIKE


def test_two_meshes_that_agree_by_chance_leave_the_floor() -> None:
    quantity = Quantity("x_um", "x", -2.0, "um", "", "")
    assert with_errors([quantity], [quantity], 1.4)[0].error == pytest.approx(0.01 * 2.0)  # docs/converge.md


def test_the_local_error_of_a_share_is_what_a_shifted_limit_changes(study: Study) -> None:
    """Where micromotion stands just beside the limit, its share is as uncertain as micromotion is."""
    found = {quantity.name: quantity for quantity in study_quantities(study)}
    share = found["micromotion_area_below_40um_percent"]
    coated = study.interface.zone == 0
    moved = 2000 * synthetic.amplitude(study.interface)[coated]
    area = study.interface.area[coated]
    shares = [100 * area[moved < factor * 40].sum() / area.sum() for factor in (0.95, 1.0, 1.05)]
    assert share.local_error == pytest.approx(max(abs(shares[0] - shares[1]), abs(shares[2] - shares[1])))


@pytest.mark.parametrize("sense", [1.0, -1.0])
def test_the_local_error_of_a_percentile_looks_up_and_down(study: Study, sense: float) -> None:
    """Motions that rise from the percentile on, and others that rise up to it: a percent either way."""
    coated = study.interface.zone == 0
    area = study.interface.area[coated]
    share = np.cumsum(area) / area.sum()
    moved = np.zeros(len(coated))
    moved[coated] = 0.01 + 0.1 * (np.maximum(share, 0.95) if sense > 0 else np.minimum(share, 0.95))
    states = study.walk.judged[:2]
    slides = [np.zeros_like(state.jump) for state in states]
    slides[1][:, 1] = moved
    states = tuple(replace(state, jump=slide) for state, slide in zip(states, slides, strict=True))
    walk = replace(study.walk, cycles=(states,), percent=study.walk.percent[:2])
    told = {item.name: item for item in interface_quantities(study.interface, walk, study.mesh.stem)}
    p94, p95, p96 = (1000 * area_percentile(moved[coated], area, percent) for percent in (94.0, 95.0, 96.0))
    found = told["micromotion_p95_um"]
    assert found.value == pytest.approx(p95)
    up, down = p96 - p95, p95 - p94
    assert (up > 2 * down) if sense > 0 else (down > 2 * up)
    assert found.local_error == pytest.approx(max(up, down))


def test_roughness_is_the_distance_from_the_neighbours_mean(study: Study) -> None:
    values = np.full(len(study.interface.points), 3.0)
    assert roughness(study.interface, values, 0) == pytest.approx(0.0)
    values[0] = 5.0
    facets = study.interface.facets
    near = np.unique(facets[(facets == 0).any(axis=1)])
    share = study.interface.area[0] / study.interface.area[near].sum()
    assert share != pytest.approx(1 / len(near), rel=0.01)
    assert roughness(study.interface, values, 0) == pytest.approx(2.0 * (1.0 - share))


# --- rims, weights, zones, variants -----------------------------------------------------------


def test_rims_are_named_and_cover_their_circle_only(study: Study) -> None:
    names = {rim.name for rim in rims(study.case)}
    assert {"canal mouth at the cut", "collar edge", "coating limit", "end of contact at the tip"} <= names
    assert "clamped face of the bone" in names
    points = np.array([[0, 8.0, 1.9], [0, 8.0, 2.1], [0, 8.0, 99.0], [0, 8.0, 50.0], [14.0, 0, 155.0]])
    np.testing.assert_array_equal(near_rim(points, study.case, "bone"), [True, False, True, False, True])
    np.testing.assert_array_equal(near_rim(points, study.case, "stem"), [True, False, True, False, False])


def test_a_sharp_end_of_the_reamed_canal_is_a_rim_of_the_bone(study: Study) -> None:
    """A rounded one is none: its stress is finite."""
    case, name = study.case, "sharp end of the reamed canal"
    assert name not in {rim.name for rim in rims(case)}
    sharp = replace(case, reaming=Reaming(16.0, 150.0, 0.0))
    (found,) = (rim for rim in rims(sharp) if rim.name == name)
    assert (found.bodies, found.level, found.radius) == (("bone",), 150.0, 8.0)


def test_edges_of_splines_and_flutes_are_rims_along_the_stem(study: Study) -> None:
    """Feet of a spline 4 mm wide on a radius of 8 mm stand 14.5 degrees beside its middle."""
    splines = Splines(6, 1.0, 4.0, 0.0, 35.0, 5.0)
    case = replace(study.case, stem=replace(study.case.stem, splines=splines))
    (found,) = (rim for rim in rims(case) if rim.name == "feet of the splines")
    angle = np.radians([14.4775, 60.0 - 14.4775, 30.0, 14.4775])
    level = np.array([20.0, 20.0, 20.0, 38.0])
    points = np.column_stack([8 * np.cos(angle), 8 * np.sin(angle), level])
    middle = 2 * 8.0 * np.sin(np.radians(15.5225) / 2)
    assert found.distance(points) == pytest.approx([0.0, 0.0, middle, 3.0], abs=1e-4)
    assert found.covers(points).tolist() == [True, True, False, False]


def test_every_peak_names_what_it_leaves_out(found: dict[str, Quantity]) -> None:
    hoop, stem = found["insertion_hoop_stress_MPa"].left_out, found["stem_von_mises_MPa"].left_out
    assert "canal mouth at the cut" in hoop
    assert "clamped face of the bone" in hoop
    assert "clamped face" not in stem
    assert hoop.startswith("within 2 mm of")
    for name in ("bone_tension_strain_percent", "bone_compression_strain_percent"):
        assert found[name].left_out == hoop
    assert "edge of its zone" in found["peak_pressure_MPa"].left_out
    assert found["micromotion_p95_um"].left_out == ""


def test_the_largest_value_at_a_rim_is_told_with_its_rim(study: Study) -> None:
    stress = study.bone.stress.copy()
    at_mouth = np.argmin(np.linalg.norm(study.mesh.bone.points - [8.0, 0.0, 0.0], axis=1))
    stress[:, at_mouth] *= 100
    spoilt = replace(study, bone=replace(study.bone, stress=stress))
    told = {quantity.name: quantity for quantity in rim_peaks(spoilt)}
    hoop = told["insertion_hoop_stress_at_rims_MPa"]
    assert hoop.zone == "canal mouth at the cut"
    assert hoop.value > 10 * _by_name(study)["insertion_hoop_stress_MPa"].value
    assert hoop.error is None
    assert set(told) == {
        "insertion_hoop_stress_at_rims_MPa", "peak_pressure_at_rims_MPa",
        "bone_tension_strain_at_rims_percent", "bone_compression_strain_at_rims_percent",
        "stem_von_mises_at_rims_MPa",
    }  # fmt: skip


def test_coatings_that_touch_have_one_limit_between_them(study: Study) -> None:
    coatings = (Coating(0.0, 50.0, "spray"), Coating(50.0, 100.0, "mesh"))
    case = replace(study.case, stem=replace(study.case.stem, coatings=coatings))
    assert [rim.level for rim in rims(case) if rim.name == "coating limit"] == [50.0, 100.0]


def test_the_depth_inside_a_rim_is_one_on_it_and_zero_at_its_reach(study: Study) -> None:
    points = np.array([[0, 8.0, 0.0], [0, 8.0, 2.0], [0, 8.0, 1.0], [0, 8.0, 50.0]])
    np.testing.assert_allclose(inside_rims(points, study.case, "bone"), [1.0, 0.0, 0.5, -1.0])


def test_nodal_volumes_sum_to_the_volume(study: Study) -> None:
    """Flat facets: a prism of 16 sides, area 8 r^2 sin(pi / 8)."""
    side = 8 * np.sin(np.pi / 8)
    shaft, collar = side * 8.0**2 * synthetic.STEM_LENGTH, side * 11.0**2 * 4
    assert nodal_volumes(study.mesh.stem).sum() == pytest.approx(shaft + collar)


def test_levels_follow_the_coating_or_are_thirds() -> None:
    inside = Stem(16.0, 140.0, coatings=(Coating(20.0, 100.0),))
    assert [(level.name, level.start, level.end) for level in levels(inside)] == [
        ("uncoated distal", 0.0, 20.0),
        ("coated distal", 20.0, 60.0),
        ("coated proximal", 60.0, 100.0),
        ("uncoated proximal", 100.0, 140.0),
    ]
    assert [level.end for level in levels(Stem(16.0, 120.0))] == pytest.approx([40.0, 80.0, 120.0])


def test_each_of_several_coatings_is_a_level() -> None:
    stem = Stem(16.0, 140.0, coatings=(Coating(90.0, 120.0, "mesh"), Coating(10.0, 50.0, "spray")))
    assert [(level.name, level.start, level.end, level.zone) for level in levels(stem)] == [
        ("uncoated distal", 0.0, 10.0, "uncoated"),
        ("spray", 10.0, 50.0, "spray"),
        ("between spray and mesh", 50.0, 90.0, "uncoated"),
        ("mesh", 90.0, 120.0, "mesh"),
        ("uncoated proximal", 120.0, 140.0, "uncoated"),
    ]
    touching = Stem(16.0, 140.0, coatings=(Coating(0.0, 50.0, "spray"), Coating(50.0, 140.0, "mesh")))
    assert [level.name for level in levels(touching)] == ["spray", "mesh"]


def test_zones_turn_from_anterior_to_left_and_the_collar_has_none(study: Study) -> None:
    names, codes = zone_names(study.case.stem), zone_codes(study.interface, study.case.stem)
    assert len(names) == 12
    np.testing.assert_array_equal(codes == -1, study.interface.zone == 2)
    points = study.interface.points
    for quadrant, axis, sign in (("anterior", 0, 1), ("left", 1, 1), ("posterior", 0, -1), ("right", 1, -1)):
        here = np.isin(codes, [row for row, name in enumerate(names) if name.endswith(quadrant)])
        assert (sign * points[here, axis] >= 8 * np.cos(np.pi / 4) - 1e-6).all()
        assert here.any()


def test_a_vertex_at_the_coating_s_end_stays_with_its_own_surface(study: Study) -> None:
    codes = zone_codes(study.interface, study.case.stem)
    at_end = np.abs(study.interface.points[:, 2] - synthetic.COATED_TO) < 1e-9
    coated = study.interface.zone == 0
    assert set(codes[at_end & coated]) == {4, 5, 6, 7}
    assert set(codes[at_end & ~coated]) == {8, 9, 10, 11}


def test_zone_values_add_up(study: Study) -> None:
    motion = micromotion(study.walk)
    table = zone_table(study.interface, study.case.stem, study.walk.press_fit, motion)
    flank = study.interface.zone != 2
    area = study.interface.area[flank]
    assert sum(zone.area for zone in table) == pytest.approx(area.sum())
    force = sum(zone.area * zone.mean_pressure for zone in table)
    assert force == pytest.approx(area @ study.walk.press_fit.traction[flank, 0])
    back = next(zone for zone in table if zone.name == "uncoated proximal, posterior")
    assert back.bands is not None
    assert back.bands["no_contact"] > 50
    assert back.largest_opening_um == pytest.approx(10.0)


def test_variants_report_the_interface_only(study: Study) -> None:
    results = variant_results(study)
    assert [result.name for result in results][-1] == "collar open"
    values = {
        result.name: next(q.value for q in result.quantities if q.name == "micromotion_p95_um")
        for result in results
    }
    ratio = values["interference low, friction low"] / values["interference high, friction low"]
    assert ratio == pytest.approx(1.1 / 0.9)
    assert not [q for result in results for q in result.quantities if q.name.startswith("bone")]


# --- the course of the activity ---------------------------------------------------------------


def test_the_series_shows_the_cycle(study: Study) -> None:
    found = series(study)
    load = np.sin(np.pi * found.percent / 100) ** 2
    np.testing.assert_allclose(found.wrench[:, 2], synthetic.AXIAL_LOAD * load)
    np.testing.assert_allclose(found.reaction, -found.wrench)
    np.testing.assert_allclose(found.dissipation, 0.5 * np.arange(12))
    assert np.isnan(found.collar_share_percent[0])
    bands = [values for name, values in found.micromotion_area_percent.items() if name != "below_28um"]
    np.testing.assert_allclose(np.sum(bands, axis=0), 100.0)
    assert found.micromotion_area_percent["below_40um"][0] == pytest.approx(100.0)
    assert (found.pressure_p50_MPa <= found.pressure_p99_MPa).all()
    assert found.slip_area_percent.max() > 0


def test_the_moment_moves_with_the_lever() -> None:
    """10 N anterior at 90 mm distal of the cut: -900 N mm about y."""
    wrench = np.array([[10.0, 0, 0, 0, 0, 5.0]])
    np.testing.assert_allclose(moment_at_cut(wrench, (0.0, 0.0, -90.0)), [[0.0, -900.0, 5.0]])


def test_with_loss_of_fixation_the_last_instants_are_shown(study: Study, loosened: Study) -> None:
    assert len(shown_states(loosened.walk)) == 9
    lost_at_once = replace(loosened.walk, cycles=(study.walk.cycles[0], ()))
    assert len(shown_states(lost_at_once)) == 12
    in_press_fit = Walk(study.walk.press_fit, study.walk.percent, (), loosened.walk.loss)
    assert shown_states(in_press_fit) == ()
    assert series(loosened).micromotion_area_percent == {}
    assert series(replace(study, walk=in_press_fit)).percent.shape == (0,)
