"""Rims, weights of nodes, zones of the interface, variants and the course of the activity."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fea.post.body_quantities import nodal_volumes
from fea.post.micromotion import micromotion, reference_zone
from fea.post.quantities import judged_quantities, variant_results
from fea.post.quantity import Quantity
from fea.post.rim_peaks import rim_peaks
from fea.post.rims import inside_rims, near_rim, rims
from fea.post.series import moment_at_cut, series, shown_states
from fea.post.unrolled import unroll
from fea.post.zones import levels, zone_codes, zone_names, zone_table
from fea.solution import Walk
from fea.study import Study
from geometry.anchor import Anchor, Pin
from geometry.bone import Bone, Station
from geometry.coating import Coating
from geometry.grooves import Splines
from geometry.lag_screw import LagScrew
from geometry.reaming import Reaming
from geometry.stem import Collar, Stem
from tests.unit.post import synthetic


def _by_name(study: Study) -> dict[str, Quantity]:
    return {quantity.name: quantity for quantity in judged_quantities(study)}


@pytest.fixture(scope="module")
def found(study: Study) -> dict[str, Quantity]:
    return _by_name(study)


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


def test_edges_under_an_anchor_s_plate_follow_a_bone_that_is_no_circle(study: Study) -> None:
    """Semi-axes of 14 and 11 mm outside, 8 and 7 mm inside: the mean circle would lie up to 1.5 mm off."""
    anchor = Anchor(4.0, (Pin(60.0, 0.0),))
    stem = Stem(10.0, 30.0, 20.0, collar=Collar(30.0, 5.0, 0.0), anchor=anchor)
    bone = Bone(120.0, (Station(0.0, 14.0, 11.0, 8.0, 7.0),))
    oval = {rim.name: rim for rim in rims(replace(study.case, stem=stem, bone=bone, reaming=None))}
    edge, mouth = oval["edge of the bone under the plate"], oval["canal mouth at the cut"]
    ends = np.array([[14.0, 0.0, 0.0], [0.0, 11.0, 0.0], [0.0, -11.0, 1.0]])
    assert edge.distance(ends) == pytest.approx([0.0, 0.0, 1.0], abs=1e-6)
    assert mouth.distance(np.array([[8.0, 0.0, 0.0], [0.0, 7.0, 0.0]])) == pytest.approx([0.0, 0.0], abs=1e-6)
    tube = Bone(120.0, (Station(0.0, 14.0, 14.0, 8.0, 8.0),))
    round_ = {rim.name: rim for rim in rims(replace(study.case, stem=stem, bone=tube, reaming=None))}
    assert round_["edge of the bone under the plate"].radius == pytest.approx(14.0)
    assert round_["canal mouth at the cut"].radius == pytest.approx(8.0)


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


def _with_screw(study: Study) -> Study:
    """The synthetic study with some vertices of its flank in the zone of a lag screw."""
    screw = LagScrew(6.0, 60.0, 16.0, 16.0, direction=np.pi / 2)
    interface = study.interface
    on_screw = np.abs(interface.points[:, 2] - 60.0) < 15.0
    zones = (*interface.zones, "lag_screw")
    zone = np.where(on_screw, len(interface.zones), interface.zone)
    assert on_screw.any()
    case = replace(study.case, stem=replace(study.case.stem, lag_screw=screw))
    return replace(study, case=case, interface=replace(interface, zones=zones, zone=zone))


def test_edges_of_a_lag_screw_s_contact_are_rims_of_both_bodies(study: Study) -> None:
    """Through a tube from 8 to 14 mm: the four curves, and points on them, beside them and between."""
    found = [rim for rim in rims(_with_screw(study).case) if rim.name.endswith("edge of the lag screw")]
    assert [rim.name.split()[0] for rim in found] == ["inner", "outer", "inner", "outer"]
    assert all(rim.bodies == ("stem", "bone") for rim in found)
    inner, outer = found[:2]
    points = np.array([[3.0, np.sqrt(55.0), 60.0], [0.0, 8.0, 63.0], [0.0, 8.0, 66.0], [0.0, -8.0, 63.0]])
    assert inner.distance(points)[:2] == pytest.approx([0.0, 0.0], abs=0.01)
    assert inner.covers(points).tolist() == [True, True, False, False]
    assert outer.distance(points[1:2]) == pytest.approx([6.0], abs=0.3)


def test_a_lag_screw_is_no_part_of_the_flank(study: Study) -> None:
    """It has no Gruen zone, no place on the unrolled map and no share of the reference area."""
    with_screw = _with_screw(study)
    interface = with_screw.interface
    on_screw = interface.within("lag_screw")
    codes = zone_codes(interface, with_screw.case.stem)
    np.testing.assert_array_equal(codes == -1, on_screw | interface.within("collar"))
    assert not reference_zone(interface)[0][on_screw].any()
    assert not on_screw[unroll(interface).facet].all(axis=1).any()
    assert on_screw[unroll(study.interface).facet].all(axis=1).any()


def test_the_share_of_the_load_that_a_lag_screw_carries_is_told(study: Study) -> None:
    """By definition: the axial component of its tractions over the load, at the greatest load."""
    with_screw = _with_screw(study)
    found = {quantity.name: quantity for quantity in judged_quantities(with_screw)}
    share = found["lag_screw_axial_share_percent"]
    state = max(with_screw.walk.judged, key=lambda state: abs(state.wrench[2]))
    interface = with_screw.interface
    here = interface.within("lag_screw")
    frames = (interface.normal, interface.axial, interface.circumferential)
    along = sum(state.traction[:, k] * frames[k][:, 2] for k in range(3))
    carried = float((interface.area * along)[here].sum())
    assert carried != 0.0
    assert share.value == pytest.approx(100 * carried / state.wrench[2])
    assert "lag_screw_axial_share_percent" not in _by_name(study)
