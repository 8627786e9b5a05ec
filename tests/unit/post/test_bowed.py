"""What is read of a bowed implant is what is read of the straight one that it was carried from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fea.case.case import Case
from fea.post.body_quantities import TIP_REACH_mm, body_quantities
from fea.post.render.extremes import place_words
from fea.post.rims import inside_rims
from fea.post.unrolled import average_friction, unroll
from fea.post.zones import levels, zone_codes
from fea.solution import Interface
from fea.study import Study
from fea.sweep.patterns import PATTERNS, weak_factor
from geometry.axis import Axis

AXIS = Axis(700.0)


def carried(interface: Interface) -> Interface:
    """The interface on the arc, its directions turned with it."""
    frames = AXIS.frames(interface.points)

    def turned(directions: np.ndarray) -> np.ndarray:
        return np.einsum("nij,nj->ni", frames, directions)

    return replace(
        interface,
        points=AXIS.bend(interface.points),
        middles=AXIS.bend(interface.middles),
        normal=turned(interface.normal),
        axial=turned(interface.axial),
        circumferential=turned(interface.circumferential),
        axis=AXIS,
    )


@pytest.fixture(scope="module")
def bowed_case(study: Study) -> Case:
    return replace(study.case, stem=replace(study.case.stem, bow_radius=AXIS.bow_radius))


def test_zones_of_the_stem(study: Study) -> None:
    """But for vertices that stand on a limit between two levels, where round-off decides."""
    straight, stem = study.interface, study.case.stem
    limits = np.array([level.end for level in levels(stem)])
    off = np.abs(straight.points[:, 2, None] - limits).min(axis=1) > 1e-6
    was, now = zone_codes(straight, stem), zone_codes(carried(straight), stem)
    assert set(was[off]) == set(range(-1, 12))
    np.testing.assert_array_equal(now[off], was[off])


def test_the_unrolled_map(study: Study) -> None:
    """Facets are curved a little otherwise on the arc: by their sagitta over its radius."""
    was, now = unroll(study.interface), unroll(carried(study.interface))
    np.testing.assert_array_equal(now.facet, was.facet)
    np.testing.assert_allclose(now.angle, was.angle, atol=0.2)
    np.testing.assert_allclose(now.depth, was.depth, atol=0.02)


def test_friction_averaged_for_arrows(study: Study) -> None:
    straight, traction = study.interface, study.walk.press_fit.traction
    was = average_friction(straight, traction, 0.0, 140.0)
    now = average_friction(carried(straight), traction, 0.0, 140.0)
    np.testing.assert_allclose(now.around, was.around, atol=1e-12)
    np.testing.assert_allclose(now.axial, was.axial, atol=1e-12)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_of_interference(study: Study, pattern: str) -> None:
    """Weights are areas of flat facets, which the bow changes by x / R."""
    straight = study.interface
    zone = straight.within("coated")
    was, now = weak_factor(straight, zone, pattern), weak_factor(carried(straight), zone, pattern)
    np.testing.assert_allclose(now, was, atol=0.01)


def test_rims_follow_the_axis(study: Study, bowed_case: Case) -> None:
    for body, part in (("stem", study.mesh.stem), ("bone", study.mesh.bone)):
        was = inside_rims(part.points, study.case, body)
        assert was.max() > 0.5
        np.testing.assert_allclose(inside_rims(AXIS.bend(part.points), bowed_case, body), was, atol=1e-9)


def test_the_tip_zone_counts_along_the_axis(study: Study, bowed_case: Case) -> None:
    """A peak 15 mm along the axis below the tip belongs to it, though by z it stands 20 mm below and more."""
    axis, bone = Axis(200.0), study.mesh.bone
    case = replace(bowed_case, stem=replace(bowed_case.stem, bow_radius=axis.bow_radius))
    below = study.case.stem.length - bone.points[:, 2]
    near = (below > 12.0) & (below < 19.0) & (bone.points[:, 0] < -1.0)
    assert near.any()
    strain = np.zeros_like(study.bone.strain)
    strain[1:, near, 2] = 0.001
    mesh = replace(study.mesh, bone=replace(bone, points=axis.bend(bone.points)), axis=axis)
    assert (np.abs(mesh.bone.points[near, 2] - study.case.stem.length) > TIP_REACH_mm).all()
    peaked = replace(study, case=case, mesh=mesh, bone=replace(study.bone, strain=strain))
    found = {one.name: one.value for one in body_quantities(peaked)}
    assert found["tip_zone_tension_strain_percent"] == pytest.approx(0.1)


def test_places_are_said_along_and_about_the_axis() -> None:
    point = np.array([8.0, 0.0, 130.0])
    assert place_words(AXIS.bend(point), AXIS) == place_words(point) == "130 mm deep, anterior"
    assert "posterior" in place_words(AXIS.bend(point))


def test_the_bones_material_leans_with_the_axis(study: Study, bowed_case: Case) -> None:
    """Its axial direction is the arc's tangent, its radial one lies in the section and points outwards."""
    straight = study.mesh.bone.points
    frames = bowed_case.bone_frames(AXIS.bend(straight))
    angle = np.maximum(straight[:, 2], 0.0) / AXIS.bow_radius
    tangent = np.column_stack([-np.sin(angle), 0 * angle, np.cos(angle)])
    np.testing.assert_allclose(frames[:, :, 2], tangent, atol=1e-12)
    outwards = AXIS.bend(straight * (1.01, 1.01, 1.0)) - AXIS.bend(straight)
    outwards /= np.linalg.norm(outwards, axis=1, keepdims=True)
    np.testing.assert_allclose(frames[:, :, 0], outwards, atol=1e-9)
    np.testing.assert_allclose(np.cross(frames[:, :, 2], frames[:, :, 0]), frames[:, :, 1], atol=1e-12)
