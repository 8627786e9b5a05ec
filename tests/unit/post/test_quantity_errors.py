"""Errors of quantities: the companion's, the local ones, and none where nobody estimated."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fea.case.criteria import QUANTITIES
from fea.post.criteria import OF_CORE
from fea.post.interface_quantities import interface_quantities, roughness
from fea.post.micromotion import area_percentile
from fea.post.quantities import judged_quantities, study_quantities
from fea.post.quantity import NOT_ESTIMATED, NOT_TOLD, TOO_ALIKE, Quantity, with_errors
from fea.study import Study
from tests.unit.post import synthetic
from tests.unit.post.synthetic import equipped, synthetic_study


def _by_name(study: Study) -> dict[str, Quantity]:
    return {quantity.name: quantity for quantity in judged_quantities(study)}


@pytest.fixture(scope="module")
def found(study: Study) -> dict[str, Quantity]:
    return _by_name(study)


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


def test_every_judged_quantity_has_a_bar_with_its_origin(study: Study) -> None:
    found = _by_name(equipped(study))
    for name in QUANTITIES.keys() - set(OF_CORE):
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
