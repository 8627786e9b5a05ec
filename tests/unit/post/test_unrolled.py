"""The interface unrolled: closed at the seam, true in area, with no triangle across."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fea.post.unrolled import SEAM, Unrolled, average_friction, unroll
from fea.solution import Interface
from fea.study import Study
from tests.unit.post.synthetic_mesh import STEM_LENGTH, STEM_RADIUS

FLANK = 2 * np.pi * STEM_RADIUS * STEM_LENGTH


def _turned(interface: Interface, degrees: float) -> Interface:
    """Turn the interface about its axis, so that facets lie across the seam."""
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), np.sin(angle), 0], [-np.sin(angle), np.cos(angle), 0], [0, 0, 1.0]])
    return replace(interface, points=interface.points @ turn, middles=interface.middles @ turn)


@pytest.fixture(params=[0.0, 7.0, -31.0])
def flat(request: pytest.FixtureRequest, study: Study) -> Unrolled:
    return unroll(_turned(study.interface, request.param))


def test_no_triangle_spans_more_than_60_degrees(flat: Unrolled) -> None:
    assert np.ptp(flat.angle[flat.triangles], axis=1).max() < 60.0


def test_the_seam_is_closed(flat: Unrolled) -> None:
    """The area between the map's edges is the flank's, 2 pi R L: no strip is missing or doubled.

    Triangles that reach over the seam stand at both ends; cut at the edges they sum to the
    whole. Tolerance: the quadratic facets of a 16-gon leave the circle by 1e-4 of the radius.
    """
    points = np.stack([flat.angle, flat.depth], axis=1)
    inside = sum(_area_inside(corners) for corners in points[flat.triangles])
    assert inside * np.radians(1.0) * flat.radius == pytest.approx(FLANK, rel=1e-3)


def test_the_unrolled_area_is_the_area_of_the_surface(flat: Unrolled) -> None:
    """Without the doubled triangles, within 1 % (measured: 1e-4)."""
    assert flat.areas()[~flat.repeated].sum() == pytest.approx(FLANK, rel=0.01)


def test_facets_across_the_seam_stand_at_both_ends(study: Study) -> None:
    turned = unroll(_turned(study.interface, 7.0))
    assert turned.repeated.any()
    assert turned.angle.min() < -SEAM
    assert turned.angle.max() > SEAM


def test_anterior_is_at_0_and_left_at_90_degrees(study: Study) -> None:
    interface = study.interface
    flat = unroll(interface)
    np.testing.assert_allclose(_at(flat, flat.spread(interface.points[:, 0]), 0.0), STEM_RADIUS)
    np.testing.assert_allclose(_at(flat, flat.spread(interface.points[:, 1]), 90.0), STEM_RADIUS)


def test_values_at_the_vertices_are_carried_over(study: Study) -> None:
    """A field that is linear along the axis is exact between the vertices, to round-off."""
    flat = unroll(study.interface)
    np.testing.assert_allclose(flat.spread(study.interface.points[:, 2]), flat.depth, atol=1e-9)


def test_the_collar_is_left_out(study: Study) -> None:
    interface = study.interface
    assert not np.isin(unroll(interface).facet, np.flatnonzero(interface.zone == 2)).any()


def test_averaged_friction_keeps_the_sum_of_the_axial_force(study: Study) -> None:
    """Uniform friction along the axis stays what it is, to round-off, and has no part round the stem."""
    interface = study.interface
    traction = np.tile([1.0, 0.25, 0.0], (len(interface.points), 1))
    patches = average_friction(interface, traction, 0.0, STEM_LENGTH)
    np.testing.assert_allclose(patches.axial, 0.25)
    np.testing.assert_allclose(patches.around, 0.0, atol=1e-12)


def _at(flat: Unrolled, values: np.ndarray, degrees: float) -> np.ndarray:
    found = values[np.abs(flat.angle - degrees) < 1e-6]
    assert len(found)
    return found


def _area_inside(corners: np.ndarray) -> float:
    """Area of a triangle (degrees by mm) between the edges of the map, by cutting it at both."""
    polygon = list(corners)
    for side in (-1.0, 1.0):
        kept = []
        for start, end in zip(polygon, polygon[1:] + polygon[:1], strict=True):
            a, b = SEAM - side * start[0], SEAM - side * end[0]
            if a >= 0:
                kept.append(start)
            if a * b < 0:
                kept.append(start + a / (a - b) * (end - start))
        polygon = kept
    if len(polygon) < 3:
        return 0.0
    x, y = np.array(polygon).T
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)
