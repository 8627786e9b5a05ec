"""The axisymmetric code for threads against bars, and in itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.verification.plane_threads import Rings, pull

FLANK = np.radians(30.0)
RINGS = Rings(
    core=7.0, depth=1.0, pitch=3.0, crest=0.6, flank=FLANK, number=5, start=2.0, length=20.0, outer=14.0,
    stem=(110000.0, 0.3), bone=(17000.0, 0.3),
)  # fmt: skip
PLAIN = replace(RINGS, number=0, bonded=True)
STEM_AREA, BONE_AREA = np.pi * 7.0**2, np.pi * (14.0**2 - 7.0**2)
LOAD = 1000.0


def test_bonded_bars_that_share_the_load_by_their_stiffness_stretch_alike() -> None:
    """Equal Poisson's ratios: uniform strain, nothing passes from one to the other."""
    strain = 1e-4
    found = pull(
        PLAIN, RINGS.stem[0] * STEM_AREA * strain, size=1.0, on_bone=RINGS.bone[0] * BONE_AREA * strain,
        stem_held=True,
    )  # fmt: skip
    assert found.stem_end == pytest.approx(-strain * 20.0, rel=1e-10)
    assert found.bone_end == pytest.approx(-strain * 20.0, rel=1e-10)
    assert np.abs(found.axial).max() < 1e-6


def test_rings_of_one_material_pass_the_patch_test() -> None:
    """Uniform strain through skewed elements, but for the compliance that parts forces at corners."""
    stress = 10.0
    one = replace(RINGS, bone=RINGS.stem, bonded=True)
    found = pull(one, stress * STEM_AREA, size=1.0, layers=6, on_bone=stress * BONE_AREA, stem_held=True)
    assert found.stem_end == pytest.approx(-stress / RINGS.stem[0] * 20.0, rel=1e-7)
    flank = np.pi * (8.0**2 - 7.0**2) * stress
    # Tension: the bone below a ring is pulled upwards across its load flank. With two elements on it, what
    # bonded corners pass on is shared with the faces beside it.
    assert found.on_load_flanks == pytest.approx(np.full(5, -flank), rel=0.1)
    finer = pull(one, stress * STEM_AREA, size=0.1, layers=3, on_bone=stress * BONE_AREA, stem_held=True)
    assert finer.on_load_flanks == pytest.approx(np.full(5, -flank), rel=0.04)


def test_far_from_the_ends_bonded_bars_stretch_as_one() -> None:
    """Ten millimetres more make P x 10 / sum of E A more, whatever the ends do (Saint-Venant)."""
    short, long = (
        pull(replace(PLAIN, length=length), LOAD, size=1.0, layers=8, stem_held=True) for length in (60, 70)
    )
    more = LOAD * 10.0 / (RINGS.stem[0] * STEM_AREA + RINGS.bone[0] * BONE_AREA)
    assert short.stem_end - long.stem_end == pytest.approx(more, rel=1e-3)


def test_bonded_rings_of_one_material_are_no_rings() -> None:
    plain, ringed = (
        pull(replace(rings, bone=RINGS.stem), LOAD, size=0.5, stem_held=True)
        for rings in (PLAIN, replace(RINGS, bonded=True))
    )
    assert ringed.stem_end == pytest.approx(plain.stem_end, rel=1e-4)
    assert ringed.bone_end == pytest.approx(plain.bone_end, rel=1e-3)


def test_without_friction_load_flanks_carry_all_along_their_normal() -> None:
    found = pull(RINGS, LOAD, size=0.5, layers=8)
    assert found.axial.sum() == pytest.approx(LOAD, rel=1e-9)
    assert found.on_load_flanks.sum() == pytest.approx(LOAD, rel=1e-9)
    on = np.array([name == "load flank" for name in found.names])
    assert found.axial[on] == pytest.approx(found.normal[on] * np.cos(FLANK), rel=1e-9)
    back = np.array([name == "back flank" for name in found.names])
    assert found.normal[back] == pytest.approx(np.zeros(5), abs=1e-6)


def test_friction_carries_its_share_along_flanks_that_slide() -> None:
    """On a flank that slides everywhere, axial = N (cos + friction sin)."""
    friction = 0.1
    found = pull(replace(RINGS, friction=friction), LOAD, size=0.25)
    on = np.array([name == "load flank" for name in found.names])
    full = found.normal[on] * (np.cos(FLANK) + friction * np.sin(FLANK))
    assert found.axial.sum() == pytest.approx(LOAD, rel=1e-9)
    assert found.sliding[on].min() == 1.0
    assert found.axial[on] == pytest.approx(full, rel=1e-8)


def test_more_friction_makes_it_stiffer_and_bond_is_the_stiffest() -> None:
    free = pull(RINGS, LOAD, size=0.5, layers=8)
    rough = pull(replace(RINGS, friction=0.3), LOAD, size=0.5, layers=8)
    rougher = pull(replace(RINGS, friction=0.6), LOAD, size=0.5, layers=8)
    bonded = pull(replace(RINGS, bonded=True), LOAD, size=0.5, layers=8)
    assert free.way > rough.way > rougher.way > bonded.way > 0


def test_the_answer_is_proportional_to_the_pull() -> None:
    rings = replace(RINGS, friction=0.3)
    one, three = (pull(rings, factor * LOAD, size=0.5, layers=8) for factor in (1, 3))
    assert three.way == pytest.approx(3 * one.way, rel=1e-6)
    assert three.axial == pytest.approx(3 * one.axial, rel=1e-5, abs=1e-3)


@pytest.mark.parametrize("friction", [0.0, 0.3])
def test_loads_of_flanks_and_stiffness_converge(friction: float) -> None:
    """Sharp corners are singular, so that convergence is slow: 1 % and 2 % from 0.5 to 0.25 mm."""
    rings = replace(RINGS, friction=friction)
    fine, finest = (pull(rings, LOAD, size=size, layers=layers) for size, layers in ((0.5, 8), (0.25, 12)))
    assert fine.way == pytest.approx(finest.way, rel=0.01)
    assert fine.on_load_flanks == pytest.approx(finest.on_load_flanks, rel=0.02)
