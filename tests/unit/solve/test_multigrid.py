"""Two levels on tied bodies: few conjugate-gradient iterations, and hardly more on finer meshes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from scipy.sparse.linalg import LinearOperator, cg

from fea.errors import SolverError
from fea.model.iterative import IterativeModel, Method, build_iterative
from fea.solve import pardiso
from fea.solve.factor import factor
from fea.solve.multigrid import TwoLevelPreconditioner
from tests.bodies.structured import FloatArray, everywhere, isotropic, tube_in_tube

SUPPORTS = {"stem_distal": "free", "stem_proximal": "free", "bone_distal": "free", "bone_proximal": "clamped"}


def tied(sectors: int, layers: int, exact: bool = False) -> tuple[IterativeModel, FloatArray]:
    """A stem tied to its bone, and the ties: bone stiffness over spacing times area."""
    mesh = tube_in_tube(sectors=sectors, layers=layers)
    materials = everywhere(mesh.stem, isotropic(110e3, 0.3)), everywhere(mesh.bone, isotropic(17e3, 0.3))
    model = build_iterative(
        mesh, materials, SUPPORTS, lambda points, *_: np.zeros(len(points)), (0.0, 0.0, -30.0),
        Method("superlu", exact),
    )  # fmt: skip
    return model, model.stiffness * model.operators.area[:, None, None] * np.eye(3)


def operator(model: IterativeModel, ties: FloatArray) -> sparse.csr_matrix:
    middle = sparse.block_diag(list(ties), format="csr")
    rows = model.matrix.rows
    return model.matrix.stiffness.tocsr() + rows.T @ middle @ rows


def iterations(model: IterativeModel, ties: FloatArray) -> int:
    """Conjugate-gradient iterations to 1e-8 for a bending load."""
    model.preconditioner.renew(ties)
    matrix, count = operator(model, ties), []
    solution, failed = cg(
        matrix,
        model.loads[:, 0],
        rtol=1e-8,
        maxiter=100,
        M=LinearOperator(matrix.shape, model.preconditioner, dtype=np.float64),
        callback=count.append,
    )
    assert not failed
    assert np.linalg.norm(matrix @ solution - model.loads[:, 0]) < 1e-7 * np.linalg.norm(model.loads[:, 0])
    return len(count)


def test_a_cycle_leaves_few_iterations_and_they_do_not_grow_with_the_mesh() -> None:
    coarse, fine = iterations(*tied(8, 3)), iterations(*tied(12, 6))
    assert fine <= 40
    assert fine <= 1.25 * coarse


def test_a_cycle_is_symmetric_and_positive() -> None:
    model, ties = tied(8, 3)
    model.preconditioner.renew(ties)
    random = np.random.default_rng(2)
    one, other = random.standard_normal((2, len(model.loads)))
    mine, theirs = model.preconditioner(one), model.preconditioner(other)
    # Smoothing works in single precision.
    assert abs(other @ mine - one @ theirs) < 1e-4 * np.linalg.norm(other) * np.linalg.norm(mine)
    assert one @ mine > 0.0


def test_a_factorisation_solves_at_once_and_takes_up_new_ties() -> None:
    model, ties = tied(8, 3, exact=True)
    right = np.random.default_rng(4).standard_normal(len(model.loads))
    for share in (1.0, 0.1):
        model.preconditioner.renew(share * ties)
        solution = model.preconditioner(right)
        defect = operator(model, share * ties) @ solution - right
        assert np.linalg.norm(defect) < 1e-8 * np.linalg.norm(right)


def test_new_ties_in_the_smoother_alone_serve_where_they_differ_little() -> None:
    model, ties = tied(8, 3)
    first = iterations(model, ties)
    assert isinstance(model.preconditioner, TwoLevelPreconditioner)
    loosened = ties.copy()
    loosened[::40] *= 0.1
    matrix, count = operator(model, loosened), []
    model.preconditioner.adjust(loosened)
    _, failed = cg(
        matrix, model.loads[:, 0], rtol=1e-8, maxiter=100, callback=count.append,
        M=LinearOperator(matrix.shape, model.preconditioner, dtype=np.float64),
    )  # fmt: skip
    assert not failed
    assert len(count) <= 2 * first


BACKENDS = ["superlu", "cholmod", *(["pardiso"] if pardiso.available() else [])]


@pytest.mark.parametrize("backend", BACKENDS)
def test_backends_factor_renew_and_refuse(backend: str) -> None:
    if backend == "cholmod":
        pytest.importorskip("cvxopt")
    random = np.random.default_rng(6)
    grid = sparse.diags_array([-1.0, 2.5, -1.0], offsets=[-1, 0, 1], shape=(60, 60), format="csr")
    right = random.standard_normal(60)
    made = factor(grid, backend)
    assert np.allclose(grid @ made.solve(right), right, rtol=0, atol=1e-12)
    made.renew((2.0 * grid).tocsr())
    assert np.allclose(2.0 * grid @ made.solve(right), right, rtol=0, atol=1e-12)
    if backend != "superlu":  # which factors matrices of any sign
        with pytest.raises(SolverError, match="not positive definite"):
            factor((grid - 3.0 * sparse.eye_array(60)).tocsr(), backend)
