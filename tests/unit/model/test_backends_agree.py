"""One contact history, press-fit and two cycles with slip, by every backend: the same numbers."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from fea.model.build import build_model
from fea.model.recover import displacements, reaction_wrench, recover_fields
from fea.model.walk import Plan, walk_history
from fea.solve.backends import BACKENDS
from fea.status import Status
from tests.bodies.structured import FloatArray, everywhere, tube_in_tube
from tests.unit.model.test_model import BONE, INTERFERENCE, REFERENCE_POINT, STEM, supports
from tests.unit.solve.test_backends import here

ANGLES = 2 * np.pi * np.arange(1, 9) / 8
WRENCHES = np.stack(
    [150 * np.cos(ANGLES), 90 * np.sin(ANGLES), -900 + 700 * np.cos(ANGLES), 0 * ANGLES, 0 * ANGLES,
     9000 * np.sin(ANGLES)], axis=1,
)  # fmt: skip


@cache
def history(backend: str) -> tuple[dict[str, FloatArray], float]:
    """Everything that a study reads of a solution, and how much of the interface slips at most."""
    mesh = tube_in_tube()
    at = build_model(
        mesh, (everywhere(mesh.stem, STEM), everywhere(mesh.bone, BONE)), supports(bone_proximal="clamped"),
        lambda points, *_: np.full(len(points), -INTERFERENCE), True, REFERENCE_POINT, backend,
    )  # fmt: skip
    plan = Plan(12.5 * np.arange(8), WRENCHES, 2, 2, 8)
    track = walk_history(at, at.problem(at.operators.gap, {"uncoated": 0.3}), plan)
    assert track.walk.loss is None
    states = [track.walk.press_fit, *(state for cycle in track.walk.cycles for state in cycle)]
    stem, bone = displacements(at, track.judged)
    fields = recover_fields(at.stem, stem, STEM), recover_fields(at.bone, bone, BONE)
    forces = np.column_stack([point.forces.ravel() for point in track.judged])
    jump = at.operators.stem @ stem + at.operators.bone @ bone
    found = {
        "traction": np.stack([state.traction for state in states]),
        "jump": np.stack([state.jump for state in states]),
        "jump of the fields": jump.T.reshape(len(track.judged), -1, 3),
        "reaction": reaction_wrench(at.bone, bone, at.operators.bone.T @ forces),
        **{f"displacement of {n}": f.displacement for n, f in zip(("stem", "bone"), fields, strict=True)},
        **{f"stress of {n}": f.stress for n, f in zip(("stem", "bone"), fields, strict=True)},
        **{f"strain of {n}": f.strain for n, f in zip(("stem", "bone"), fields, strict=True)},
    }
    return found, max(float((state.status == Status.SLIP).mean()) for state in states)


@pytest.mark.parametrize("backend", [name for name in BACKENDS if name != "superlu"])
def test_backends_agree_on_a_whole_contact_history(backend: str) -> None:
    """Tractions, jumps, fields and reactions of each quantity's largest: 1e-8, every instant.

    Some of the interface slips and some does not, so that the history counts.
    """
    here(backend)
    (found, slipping), (expected, _) = history(backend), history("superlu")
    assert 0.02 < slipping < 0.98
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, abs=1e-8 * np.abs(value).max()), name


@pytest.mark.parametrize("backend", BACKENDS)
def test_recovered_fields_have_the_jumps_that_the_history_found(backend: str) -> None:
    """The weak jump of the recovered displacements at the judged instants, 1e-9 of the largest."""
    here(backend)
    found, _ = history(backend)
    judged = np.concatenate([found["jump"][:1], found["jump"][9:]])
    assert found["jump of the fields"] == pytest.approx(judged, abs=1e-9 * np.abs(judged).max())
