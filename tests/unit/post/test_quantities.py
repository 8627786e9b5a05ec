"""Quantities of the synthetic study against the closed forms that it is made of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fea.case.criteria import QUANTITIES
from fea.post.body_quantities import worst_instant
from fea.post.criteria import OF_CORE
from fea.post.interface_quantities import interface_quantities
from fea.post.micromotion import micromotion
from fea.post.quantities import judged_quantities
from fea.post.quantity import EXACT, Quantity
from fea.post.reference import coated_areas, reference_area
from fea.study import Study
from tests.unit.post import synthetic
from tests.unit.post.synthetic import seated_study


def _by_name(study: Study) -> dict[str, Quantity]:
    return {quantity.name: quantity for quantity in judged_quantities(study)}


@pytest.fixture(scope="module")
def found(study: Study) -> dict[str, Quantity]:
    return _by_name(study)


# --- the judged quantities --------------------------------------------------------------------


def test_every_judged_quantity_is_told_in_its_unit(study: Study) -> None:
    found = _by_name(synthetic.equipped(study))
    wanted = {name: unit for name, unit in QUANTITIES.items() if name not in OF_CORE}
    assert {name: found[name].unit for name in wanted} == wanted
    assert not found.keys() & set(OF_CORE)


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
