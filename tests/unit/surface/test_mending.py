"""What is mended of a surface is told with count, place and change of volume; the rest is refused."""

from __future__ import annotations

import numpy as np
import pytest

from fea.surface.crossing import first_crossing
from fea.surface.mending import closed_surface, enclosed
from fea.surface.raw import Raw
from geometry.errors import GeometryError
from tests.unit.surface_shapes import Shape, box, closed, cylinder, ring

BOX = box((0, 0, 0), (10, 20, 30))


def joined(*shapes: Shape) -> Shape:
    starts = np.cumsum([0, *(len(points) for points, _ in shapes)])
    triangles = [shape[1] + start for shape, start in zip(shapes, starts, strict=False)]
    return np.concatenate([points for points, _ in shapes]), np.concatenate(triangles)


def test_a_sound_box_is_left_as_it_is() -> None:
    whole = closed(BOX)
    assert whole.volume == pytest.approx(6000.0, rel=1e-14)
    assert whole.mended == ()


def test_loose_triangles_are_welded() -> None:
    points = BOX[0][BOX[1]].reshape(-1, 3)
    whole = closed_surface(Raw(points, np.arange(36).reshape(-1, 3), single=True), "a.stl")
    assert len(whole.points) == 8
    assert whole.mended == ()


def test_points_that_round_off_moved_are_joined_and_counted() -> None:
    points = BOX[0][BOX[1]].reshape(-1, 3).copy()
    points[7] += 2e-6
    whole = closed_surface(Raw(points, np.arange(36).reshape(-1, 3), single=True), "a.stl")
    assert len(whole.points) == 8
    (said,) = whole.mended
    assert said.startswith("1 points within 0.0076 um of another, the first at (")


def test_an_inverted_surface_is_turned_round() -> None:
    whole = closed((BOX[0], BOX[1][:, ::-1]))
    assert whole.volume == pytest.approx(6000.0, rel=1e-14)
    assert whole.mended == (
        "all 12 triangles pointed inwards and were turned round, so that the volume is 6000 instead of -6000"
        " mm^3",
    )


def test_the_fewer_triangles_that_point_against_the_others_are_turned() -> None:
    triangles = BOX[1].copy()
    triangles[[2, 5]] = triangles[[2, 5]][:, ::-1]
    whole = closed((BOX[0], triangles))
    assert whole.volume == pytest.approx(6000.0, rel=1e-14)
    (said,) = whole.mended
    assert said.startswith("2 triangles that pointed against their neighbours, the first at (")
    change = 6000.0 - enclosed(BOX[0], triangles)
    assert said.endswith(f"changes the volume by {change:.4g} mm^3")


def test_triangles_without_area_and_doubles_are_taken_out() -> None:
    extra = np.array([[0, 0, 1], [3, 3, 3], BOX[1][4], BOX[1][4]])
    whole = closed((BOX[0], np.concatenate([BOX[1], extra])))
    assert whole.volume == pytest.approx(6000.0, rel=1e-14)
    assert len(whole.triangles) == 12
    assert [said.split(",")[0] for said in whole.mended] == [
        "2 triangles without area",
        "2 triangles that stand twice",
    ]


def test_two_triangles_back_to_back_leave_nothing() -> None:
    fin = np.array([[0, 1, 7], [0, 7, 1]])
    whole = closed((BOX[0], np.concatenate([BOX[1], fin])))
    assert len(whole.triangles) == 12
    assert whole.mended[0].startswith("2 triangles that stand twice")


def test_a_corner_on_an_opposite_edge_is_mended_without_a_hole() -> None:
    """The edge from corner 0 to 1 gets a point on it, which only a needle of no area knows."""
    points = np.concatenate([BOX[0], [(BOX[0][0] + BOX[0][1]) / 2]])
    triangles = BOX[1].tolist()
    row = next(k for k, three in enumerate(triangles) if {0, 1} <= set(three))
    a, b, c = triangles[row]
    while {a, b} != {0, 1}:
        a, b, c = b, c, a
    triangles[row : row + 1] = [[a, 8, c], [8, b, c], [a, b, 8]]
    whole = closed((points, np.array(triangles)))
    assert whole.volume == pytest.approx(6000.0, rel=1e-14)
    assert len(whole.triangles) == 14
    assert whole.mended == (
        "1 triangles with a corner on the opposite edge, the first at (5, 0, 0) mm, were taken out, which"
        " changes the volume by 0 mm^3",
    )


def tip_to_tip() -> Shape:
    one, other = box((0, 0, 0), (10, 10, 10)), box((10, 10, 10), (20, 20, 20))
    return joined(one, other)


def one_sided() -> Shape:
    """A band that is turned once, closed by a fan over its one long rim: a projective plane."""
    around = 12
    first = np.arange(around)
    nodes = 2 * around + 1
    rng = np.random.default_rng(0)
    low, high = first, first + around
    after_low = np.where(first == around - 1, around, first + 1)
    after_high = np.where(first == around - 1, 0, first + 1 + around)
    band = [np.stack([low, after_low, after_high], axis=1), np.stack([low, after_high, high], axis=1)]
    rim = np.concatenate([np.stack([low, after_low], axis=1), np.stack([high, after_high], axis=1)])
    fan = np.column_stack([rim, np.full(len(rim), nodes - 1)])
    return 20 * rng.random((nodes, 3)), np.concatenate([*band, fan])


def crossed() -> Shape:
    """A bar of twenty triangles a side, bent through itself."""
    points, triangles = cylinder(12, 4.0, 0.0, 40.0, 20)
    points = points.copy()
    angle = 1.2 * 2 * np.pi * points[:, 2] / 40
    across = 8.0 + points[:, 0]
    return np.stack([across * np.cos(angle), points[:, 1], across * np.sin(angle)], axis=1), triangles


def folded() -> Shape:
    """A box with the middle of a side pulled out over an edge, in the plane of the next side."""
    points, triangles = BOX
    row = next(k for k, three in enumerate(triangles.tolist()) if {0, 1} <= set(three))
    a, b, c = triangles[row].tolist()
    while {a, b} != {0, 1}:
        a, b, c = b, c, a
    made = np.concatenate([np.delete(triangles, row, axis=0), [[a, b, 8], [b, c, 8], [c, a, 8]]])
    normal = {2: 1, 1: 2}
    beyond = np.array([5.0, 0.0, 0.0])
    beyond[normal[2] if points[c][1] == 0 else 2] = 7.0
    return np.concatenate([points, [beyond]]), made


REFUSED = {
    "open": ((BOX[0], BOX[1][:-1]), r"is open: 3 edges have one triangle alone, the first at \("),
    "two boxes with one edge": (
        joined(box((0, 0, 0), (10, 10, 10)), box((10, 10, 0), (20, 20, 10))),
        r"no skin of a solid: at 1 edges more than two triangles meet, the first at \(10, 10, 5\)",
    ),
    "two boxes with one corner": (
        tip_to_tip(),
        r"at 1 points parts of it touch at a tip, the first at \(10, 10, 10\)",
    ),
    "two shells": (
        joined(box((0, 0, 0), (10, 10, 10)), box((20, 0, 0), (30, 10, 10))),
        r"is in 2 shells, with middles at \(5, 5, 5\) mm, \(25, 5, 5\) mm",
    ),
    "a cavity": (joined(box((0, 0, 0), (30, 30, 30)), box((10, 10, 10), (20, 20, 20))), "is in 2 shells"),
    "one side": (one_sided(), "has one side only"),
    "crossing itself": (crossed(), r"crosses itself in \d+ pairs of triangles, the first at \("),
    "nothing": ((BOX[0], np.array([[0, 0, 1], [2, 2, 3]])), "encloses nothing"),
    "folded": (folded(), "crosses itself in"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_mended_is_refused_with_count_and_place(name: str) -> None:
    shape, words = REFUSED[name]
    with pytest.raises(GeometryError, match=words) as caught:
        closed(shape)
    told = str(caught.value)
    assert "drawn.stl" in told
    assert told.endswith(".")
    assert ". " not in told


@pytest.mark.parametrize("shape", [cylinder(64, 8.0, -10.0, 40.0), ring(24, 0.5)], ids=["needles", "uneven"])
def test_a_sound_surface_does_not_cross_itself(shape: Shape) -> None:
    assert closed(shape).mended == ()


def test_a_thin_bar_through_needles_is_found() -> None:
    """Long needles are looked for along their whole length: a ring's tube through a cylinder's middle."""
    points, triangles = ring(16, 0.0, 12.0, 2.0)
    both = joined(
        cylinder(48, 8.0, 0.0, 100.0), (points[:, [0, 2, 1]] + [12.0, 0.0, 50.0], triangles[:, ::-1])
    )
    found = first_crossing(*both)
    assert found is not None
    assert abs(found[0][2] - 50.0) < 15.0
    assert found[1] > 20
    assert (
        first_crossing(both[0] + np.where(np.arange(len(both[0])) < 98, 0.0, 40.0)[:, None], both[1]) is None
    )
