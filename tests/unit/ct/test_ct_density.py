"""Density and modulus by place, held against the law and against closed forms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fea.ct.density import INSET_VOXELS, BoneDensity, ImagedMaterial
from fea.model.cancellous import bone_at_nodes, bone_materials
from fea.model.graded import imaged_density, imaged_modulus
from geometry.axis import Axis
from geometry.errors import GeometryError
from geometry.scanned.imaged import Imaged
from geometry.scanned.splined import fit_outline
from geometry.scanned.volume import Found, Volume
from materials.elasticity import Isotropic
from materials.library import read_library
from tests.bodies.phantoms import LEAN, Tube, imaged
from tests.bodies.structured import brick

LIBRARY = read_library()
LAW = LIBRARY.density_law("keller_1994")
CHAIN = LIBRARY.density_chain
ANGLES, LEVELS = np.linspace(-np.pi, np.pi, 96, endpoint=False), np.linspace(0.0, 60.0, 61)
UPRIGHT, ORIGIN = np.eye(3), np.zeros(3)


def wall(radius: float):
    return fit_outline(ANGLES, LEVELS, np.full((96, 61), radius), 40, 5.0)


def density_of(volume: Volume, turn=UPRIGHT, origin=ORIGIN, **change) -> BoneDensity:
    found = Found(volume, volume, np.zeros((1, 3)), 1, 1, 0)
    bone = Imaged(found, 400.0, turn, origin, change.pop("axis", Axis()))
    return BoneDensity(bone, wall(13.0), wall(7.5), 60.0, CHAIN, LAW, change.pop("inset", 1.4), **change)


def linear_volume(slope: np.ndarray, start: float = 900.0) -> Volume:
    """HU = start + slope . x on a grid about the origin."""
    grid = np.stack(np.meshgrid(*(np.arange(n) for n in (36, 36, 80)), indexing="ij"), -1).reshape(-1, 3)
    volume = Volume(np.zeros((80, 36, 36)), np.array([-17.5, -17.5, -5.0]), np.ones(3), np.eye(3))
    values = start + volume.places(grid.astype(float)) @ slope
    return replace(volume, values=values.reshape(36, 36, 80).T.copy())


def material_of(density: BoneDensity) -> ImagedMaterial:
    return ImagedMaterial("bone", Isotropic(1.0, 0.3), "bone", by_place=density)


def test_density_off_the_walls_is_the_phantom_s_within_one_percent() -> None:
    """1,400 HU under a blur of 0.6 mm, right up to the walls, as their skin takes what lies under it."""
    volume, turn = imaged(Tube()), LEAN.as_matrix().T
    inset = INSET_VOXELS * float(volume.spacing.prod()) ** (1 / 3)
    density = density_of(volume, turn, np.array(Tube().centre) - 30.0 * turn[2], inset=inset)
    radius, angle = np.meshgrid(np.linspace(7.5, 13.0, 23), ANGLES)
    x, y = radius * np.cos(angle), radius * np.sin(angle)
    points = np.stack([x, y, np.full_like(x, 30.0)], -1).reshape(-1, 3)
    exact = CHAIN.from_hounsfield(1400.0, "apparent")
    off = (radius.ravel() > 7.5 + inset) & (radius.ravel() < 13.0 - inset)
    assert density.apparent_at(points[off]) == pytest.approx(exact, rel=0.01)
    assert density.apparent_at(points) == pytest.approx(exact, rel=0.01)
    assert density.modulus_at(points) == pytest.approx(LAW(CHAIN.from_hounsfield(1400.0, "ash")), rel=0.02)
    thin = replace(density, inset=0.05)
    assert thin.apparent_at(points).min() < 0.8 * exact  # what the blur leaves in the skin


def test_the_modulus_at_a_point_is_that_of_the_law() -> None:
    slope = np.array([6.0, -4.0, 3.0])
    density = density_of(linear_volume(slope))
    rng = np.random.default_rng(5)
    angle, radius, level = rng.uniform(-3, 3, 40), rng.uniform(9.0, 11.5, 40), rng.uniform(1, 59, 40)
    points = np.column_stack([radius * np.cos(angle), radius * np.sin(angle), level])
    ash = 0.0633 + 0.887 * (-0.0145 + 6.80e-4 * (900.0 + points @ slope))
    assert density.modulus_at(points) == pytest.approx(10500.0 * ash**2.29, rel=1e-9)
    assert density.apparent_at(points) == pytest.approx(ash / 0.626, rel=1e-9)


def test_the_mean_of_the_modulus_over_an_element_is_the_closed_form() -> None:
    """On a linear density the mean over a tetrahedron is 6 F[r1 r2 r3 r4], F''' = E (Hermite, Genocchi)."""
    slope = np.array([9.0, -7.0, 14.0])
    density = density_of(linear_volume(slope))
    part = brick("bone", (8.9, -0.8, 20.0), (11.4, 1.7, 23.0), (1, 1, 1), {})
    ash = 0.0633 + 0.887 * (-0.0145 + 6.80e-4 * (900.0 + part.points[part.tets[:, :4]] @ slope))
    n = 2.29
    table = 10500.0 * ash ** (n + 3) / ((n + 1) * (n + 2) * (n + 3))
    for order in range(1, 4):  # divided differences
        table = (table[:, 1:] - table[:, :-1]) / (ash[:, order:] - ash[:, :-order])
    exact = 6 * table[:, 0]
    assert imaged_modulus(part, material_of(density)) == pytest.approx(exact, rel=1e-6)
    of_mean = imaged_modulus(part, material_of(replace(density, mean="density")))
    assert of_mean == pytest.approx(10500.0 * ash.mean(axis=1) ** n, rel=1e-9)
    assert (of_mean < exact).all()
    assert imaged_density(part, material_of(density)) == pytest.approx(ash.mean(axis=1) / 0.626, rel=1e-9)


class _Study:
    """The two things that stiffness asks of case and mesh."""

    def __init__(self, material: ImagedMaterial, bone) -> None:
        self.bone_material, self.bone = material, bone


def test_elements_and_nodes_have_isotropic_stiffness_of_their_modulus() -> None:
    material = material_of(density_of(linear_volume(np.array([9.0, -7.0, 14.0]))))
    part = brick("bone", (8.9, -0.8, 20.0), (11.4, 1.7, 23.0), (1, 1, 1), {})
    both = _Study(material, part)
    modulus = imaged_modulus(part, material)
    found = bone_materials(both, both)
    for e, stiffness in zip(modulus, found, strict=True):
        assert stiffness == pytest.approx(Isotropic(float(e), 0.3).stiffness())
    at_nodes = bone_at_nodes(both, part)
    assert at_nodes[:, 3, 3] == pytest.approx(material.by_place.modulus_at(part.points) / 2.6)


def test_places_of_a_bowed_stem_s_mesh_are_taken_in_space() -> None:
    """The volume knows nothing of the bow: a point in space has the number that the volume has there."""
    slope = np.array([6.0, -4.0, 3.0])
    density = density_of(linear_volume(slope), axis=Axis(800.0))
    straight = np.array([[10.0, 1.0, 50.0], [-9.0, 4.0, 30.0]])
    space = Axis(800.0).bend(straight)
    assert np.abs(space - straight).max() > 0.5
    assert density.hounsfield_at(space) == pytest.approx(900.0 + space @ slope, rel=1e-9)


def test_densities_out_of_the_law_s_range_are_bound_and_counted() -> None:
    """800 to 2,200 HU, 1,938 HU being where the law ends: the share above is that of the wall."""
    volume = linear_volume(np.array([60.0, 0.0, 0.0]), 1500.0)
    density = density_of(volume)
    high = ((LAW.high - 0.0633) / 0.887 + 0.0145) / 6.80e-4
    total = density.summary
    assert total.below == 0.0
    assert high == pytest.approx(1938.0, abs=5.0)
    rng = np.random.default_rng(0)
    radius, angle = np.sqrt(rng.uniform(7.5**2, 13.0**2, 400_000)), rng.uniform(-np.pi, np.pi, 400_000)
    x = np.clip(radius, 8.9, 11.6) * np.cos(angle)
    assert total.above == pytest.approx(float((1500.0 + 60.0 * x > high).mean()), abs=0.01)
    assert 0.0 < total.above < 1.0
    assert total.modulus[2] == pytest.approx(LAW(LAW.high))


def test_a_calibration_by_which_bone_weighs_nothing_is_refused_with_the_place() -> None:
    density = density_of(linear_volume(np.array([60.0, 0.0, 0.0]), 900.0))
    wrong = replace(density, chain=replace(CHAIN, hu_offset=-0.9))
    with pytest.raises(
        GeometryError, match=r"gives -.* g/cm3 to .* HU in the bone's wall at z = .*posterior"
    ):
        _ = wrong.summary


def test_the_content_hangs_on_all_that_the_modulus_hangs_on() -> None:
    density = density_of(linear_volume(np.zeros(3)))
    changed = [
        density,
        replace(density, inset=1.0),
        replace(density, mean="density"),
        replace(density, content="other"),
        replace(density, chain=replace(CHAIN, hu_slope=7e-4)),
        replace(density, bone=replace(density.bone, origin=np.ones(3))),
        replace(density, law=LIBRARY.density_law("morgan_2003_pooled")),
    ]
    assert len({repr(material_of(one).mechanics) for one in changed}) == len(changed)


def test_an_uncertain_modulus_scales_the_law_and_nothing_else() -> None:
    material = material_of(density_of(linear_volume(np.array([9.0, -7.0, 14.0]))))
    points = np.array([[10.0, 1.0, 30.0], [0.0, -9.5, 12.0]])
    twice = material.scaled(2.0)
    assert twice.by_place.modulus_at(points) == pytest.approx(2 * material.by_place.modulus_at(points))
    assert twice.by_place.apparent_at(points) == pytest.approx(material.by_place.apparent_at(points))
    assert repr(twice.mechanics) != repr(material.mechanics)
