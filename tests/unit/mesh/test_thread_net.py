"""The net of a thread: closed round the core, without overlap, along every edge of the ridge."""

import math

import numpy as np
import pytest

from fea.mesh.sizes import MeshSizes
from fea.mesh.thread_net import count_around, rows_of, weave
from geometry.thread import Thread

SIZES = MeshSizes(2.5, 2.5)
SEAM = 0.8


def thread(**changed):
    stated = {
        "pitch": 2.5, "depth": 1.0, "crest": 0.4, "start": 2.0, "end": 22.0, "run_out": 2.5,
        "distal_lean": math.radians(30), "proximal_lean": math.radians(30), "starts": 1, "form": "helix",
    }  # fmt: skip
    return Thread(**(stated | changed))


EXAMPLES = {
    "helix": thread(),
    "rings": thread(form="rings"),
    "three starts": thread(starts=3),
    "buttress": thread(distal_lean=math.radians(45), proximal_lean=math.radians(5)),
    "fine": thread(pitch=0.8, depth=0.3, crest=0.1, run_out=0.8),
    "steep": thread(pitch=6.0, depth=2.0, starts=2, run_out=3.0),
}


def woven(name, around=14):
    ridge = EXAMPLES[name]
    return weave(ridge, around, rows_of(ridge, SIZES), SEAM)


def corners(net):
    """Angles of each triangle's corners brought beside the first one's, and their levels."""
    angle = net.angle[net.triangles]
    turn = np.remainder(angle - angle[:, :1] + math.pi, math.tau) - math.pi
    return turn, net.level[net.triangles]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_triangles_cover_the_core_once(name):
    """None is turned over, and their areas add up to a turn times the length."""
    turn, level = corners(woven(name))
    area = (turn[:, 1] - turn[:, 0]) * (level[:, 2] - level[:, 0])
    area -= (turn[:, 2] - turn[:, 0]) * (level[:, 1] - level[:, 0])
    assert area.min() > 0
    assert area.sum() / 2 == pytest.approx(math.tau * 20.0, rel=1e-12)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_edge_has_two_triangles_but_those_of_both_rims(name):
    net = woven(name)
    pairs = np.sort(net.triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    edges, count = np.unique(pairs, axis=0, return_counts=True)
    assert count.max() == 2
    rims = edges[count == 1]
    assert len(rims) == 2 * 14
    assert rims.max() < 2 * 14
    assert len(np.unique(net.triangles)) == len(net.angle)


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_triangle_crosses_an_edge_of_the_ridge(name):
    """Of full height, the ridge is linear over every triangle: its middle has its corners' mean."""
    net, ridge = woven(name), EXAMPLES[name]
    turn, level = corners(net)
    low, high = ridge.full
    full = (level.min(axis=1) >= low) & (level.max(axis=1) <= high)
    assert full.sum() > 0.5 * len(full)
    angle = net.angle[net.triangles[:, 0]][:, None] + turn
    height = ridge.height(net.angle, net.level)[net.triangles]
    middle = ridge.height(angle.mean(axis=1), level.mean(axis=1))
    assert middle[full] == pytest.approx(height.mean(axis=1)[full], abs=1e-9)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_triangle_lies_between_neighbouring_columns(name):
    """So that its corners lie in one plane through two lines along a cylinder."""
    turn, _ = corners(woven(name))
    step = math.tau / 14
    assert np.allclose(np.ptp(turn, axis=1), step, atol=1e-9)


def test_the_rims_stand_at_equal_angles_from_the_seam():
    net = woven("helix")
    wanted = SEAM + math.tau / 14 * np.arange(14)
    assert net.angle[:28] == pytest.approx(np.tile(wanted, 2))
    assert net.level[:28].tolist() == [2.0] * 14 + [22.0] * 14


def test_rows_are_the_edges_of_the_ridge_and_more_where_a_part_is_wide():
    ridge = thread()
    assert rows_of(ridge, MeshSizes(5.0, 5.0)) == pytest.approx(ridge.knots)
    fine = rows_of(ridge, MeshSizes(1.0, 1.0))
    assert np.isin(np.round(ridge.knots, 9), np.round(fine, 9)).all()
    assert np.diff(np.append(fine, 2.5)).max() <= 0.25 + 1e-9
    assert len(fine) > 8


def test_the_edges_of_a_drilled_bone_are_rows_too():
    """0.3 mm above the core, on both flanks."""
    rows = rows_of(thread(), MeshSizes(5.0, 5.0), 0.3)
    assert len(rows) == 6
    assert np.isclose(thread().section(rows), 0.3, atol=1e-9).sum() == 2


def test_the_number_round_the_stem_follows_the_interface_size():
    assert count_around(9.0, SIZES) == 24
    assert count_around(9.0, MeshSizes(5.0, 5.0)) == 12
    assert count_around(9.0, MeshSizes(9.0, 9.0)) == 8


@pytest.mark.parametrize("rim", ["start", "end"])
def test_a_vertex_at_the_very_distance_that_rims_keep_clear_is_one_vertex_a_turn_on(rim):
    """Where round-off alone says whether it stands: the strip that closes the turn has the first column."""
    for turns in range(40):
        ridge = thread(start=2.0 + 0.0173 * turns)
        rows = rows_of(ridge, SIZES)
        clear = 0.75 * float(np.diff(np.append(rows, rows[0] + ridge.pitch)).min())
        level = ridge.start + clear if rim == "start" else ridge.end - clear
        seam = math.tau * (level - ridge.origin) / ridge.lead
        net = weave(ridge, 14, rows, seam)
        turn, levels = corners(net)
        area = (turn[:, 1] - turn[:, 0]) * (levels[:, 2] - levels[:, 0])
        area -= (turn[:, 2] - turn[:, 0]) * (levels[:, 1] - levels[:, 0])
        assert area.min() > 0
        assert area.sum() / 2 == pytest.approx(math.tau * (ridge.end - ridge.start), rel=1e-12)
