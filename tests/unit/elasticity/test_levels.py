"""Stiffness on two levels against the body's own, and the linear level against P^T K P."""

from __future__ import annotations

import numpy as np

from fea.elasticity.levels import assemble_levels
from fea.elasticity.rigid import rigid_fields
from fea.elasticity.stiffness import stiffness_matrix
from tests.bodies.structured import everywhere, isotropic, tube_in_tube

MESH = tube_in_tube()
PARTS = MESH.stem, MESH.bone
MATERIALS = everywhere(MESH.stem, isotropic(110e3, 0.3)), everywhere(MESH.bone, isotropic(17e3, 0.3))
SPLIT = 3 * len(MESH.stem.points)
#: Sums of the same terms in another order.
ROUND_OFF = 1e-12


def test_both_bodies_have_their_own_stiffness() -> None:
    fine = assemble_levels(PARTS, MATERIALS, np.zeros(0, dtype=np.int64)).fine.tocsr()
    for part, material, block in zip(PARTS, MATERIALS, (slice(0, SPLIT), slice(SPLIT, None)), strict=True):
        expected = stiffness_matrix(part, material)
        assert abs(fine[block, block] - expected).max() < ROUND_OFF * abs(expected).max()
    assert abs(fine[:SPLIT, SPLIT:]).nnz == 0


def test_the_linear_level_is_the_quadratic_one_between_continued_fields() -> None:
    nodes = np.unique(MESH.bone.facets["proximal"])
    fixed = SPLIT + (3 * nodes[:, None] + np.arange(3)).ravel()
    levels = assemble_levels(PARTS, MATERIALS, fixed)
    triple = levels.prolongation.T @ levels.fine @ levels.prolongation
    held = np.flatnonzero(np.diff(levels.prolongation.tocsc().indptr) == 0)
    assert len(held) == 3 * len(np.intersect1d(nodes, np.unique(MESH.bone.tets[:, :4])))
    expected = levels.coarse.tolil()
    expected[held, held] = 0.0
    assert abs(triple - expected.tocsr()).max() < ROUND_OFF * abs(triple).max()


def test_rigid_motions_of_free_bodies_cost_nothing_on_either_level() -> None:
    """Translations and rotations are continued exactly where edges are straight, as the stem's along z."""
    levels = assemble_levels(PARTS, MATERIALS, np.zeros(0, dtype=np.int64))
    fields = rigid_fields(np.concatenate([part.points for part in PARTS]))
    assert abs(levels.fine @ fields).max() < 1e-10 * abs(levels.fine).max()
    corners = np.ones((levels.coarse.shape[0] // 3, 1))
    for axis in range(3):
        translation = np.kron(corners, np.eye(3)[:, axis : axis + 1])
        assert np.allclose(levels.prolongation @ translation, fields[:, axis : axis + 1], rtol=0, atol=1e-14)
        assert abs(levels.coarse @ translation).max() < 1e-10 * abs(levels.coarse).max()


def test_an_unknown_that_is_held_is_alone() -> None:
    fixed = np.array([4, SPLIT + 2])
    matrix = assemble_levels(PARTS, MATERIALS, fixed).fine.tocsr()
    for unknown in fixed:
        row = matrix[[unknown]].toarray()[0]
        assert row[unknown] > 0.0
        assert np.count_nonzero(row) == 1
        assert np.count_nonzero(matrix[:, [unknown]].toarray()) == 1
