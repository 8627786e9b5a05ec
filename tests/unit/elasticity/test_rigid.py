"""Rigid motions: their fields and names, what supports leave of them, and pins that hold the rest."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse.linalg import spsolve

from fea.elasticity.rigid import (
    LEVER,
    free_motions,
    name_motion,
    rigid_fields,
    statically_determinate_pins,
)
from fea.elasticity.wrench import end_face_loads
from tests.bodies.structured import isotropic
from tests.bodies.two_bodies import held_body, plane
from tests.unit.elasticity.test_elasticity import SIZE, straight


@pytest.mark.parametrize(("index", "word"), tuple(enumerate("xyzxyz")))
def test_a_motion_is_named_after_its_axis_and_kind(index: int, word: str) -> None:
    name = name_motion(-np.eye(6)[index])
    assert name.startswith("translation along" if index < 3 else "rotation about")
    assert f" {word} " in name


def test_a_rotation_field_turns_points_right_handed() -> None:
    """Omega x r with omega = e_z / LEVER: a point on x moves along +y."""
    fields = rigid_fields(np.array([[LEVER, 0.0, 0.0]])).reshape(1, 3, 6)
    assert fields[0, :, 5] == pytest.approx([0.0, 1.0, 0.0])
    assert fields[0, :, 4] == pytest.approx([0.0, 0.0, -1.0])


@pytest.mark.parametrize(
    ("components", "left"), [((), 6), ((2,), 3), ((0, 1), 3), ((0, 1, 2), 0)], ids=["free", "z", "xy", "all"]
)
def test_supports_of_a_face_leave_the_motions_that_mechanics_says(
    components: tuple[int, ...], left: int
) -> None:
    """The plane z = 0: held along z it leaves x, y and rotation about z; held along x and y, the others."""
    part = straight()
    fixed = plane(part, 2, 0.0, components) if components else np.zeros(0, dtype=np.int64)
    fields = rigid_fields(part.points)
    motions = free_motions(fields, fixed)
    assert motions.shape == (6, left)
    assert np.abs(fields[fixed] @ motions).max(initial=0.0) < 1e-10
    assert motions.T @ motions == pytest.approx(np.eye(left), abs=1e-12)


def test_pins_hold_what_supports_leave_and_carry_nothing_in_equilibrium() -> None:
    """As many pins as free motions, independent of one another: they hold without stress.

    A bar pulled at both ends by opposite forces is in equilibrium, so the pins' reactions are
    round-off: 1e-9 of the load.
    """
    part = straight()
    body = held_body(part, isotropic(17000.0, 0.3), np.zeros(0, dtype=np.int64))
    assert len(body.pins) == 6
    assert np.linalg.matrix_rank(body.rigid[body.pins]) == 6
    centre = np.array([SIZE[0] / 2, SIZE[1] / 2, 0.0])
    load = sum(
        sign * end_face_loads(part.points, part.facets[name], centre)[:, 2]
        for sign, name in ((-1, "low"), (1, "high"))
    )
    displacement = np.zeros(len(load))
    displacement[body.free] = spsolve(body.stiffness[body.free][:, body.free].tocsc(), load[body.free])
    assert np.abs((body.stiffness @ displacement - load)[body.pins]).max() < 1e-9


def test_pins_are_chosen_among_the_candidates_only() -> None:
    part = straight()
    fields = rigid_fields(part.points)
    candidates = np.arange(12, 60)
    pins = statically_determinate_pins(fields, np.eye(6), candidates)
    assert set(pins) <= set(candidates)
    assert not len(statically_determinate_pins(fields, np.zeros((6, 0)), candidates))
