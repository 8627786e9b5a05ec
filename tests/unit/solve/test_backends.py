"""Every backend gives the same compliance, response and fields; a wrong factor is refused."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from fea.errors import SolverError
from fea.solve import pardiso
from fea.solve.backends import BACKENDS, choose_backend, condense
from fea.solve.condensed import RESIDUAL_LIMIT, block_diagonal, check_factorisation
from fea.solve.fallback import SuperluCondensed

SIZE, BORDER = 600, 40


def here(backend: str) -> None:
    """Skip where a backend is not installed, and say so."""
    if backend == "pardiso" and not pardiso.available():
        pytest.skip("MKL PARDISO is not installed on this machine")
    if backend == "cholmod" and importlib.util.find_spec("cvxopt") is None:
        pytest.skip("cvxopt's CHOLMOD is not installed on this machine")


def body(seed: int = 0) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """A well conditioned sparse positive definite matrix, and some interface rows."""
    random = np.random.default_rng(seed)
    part = sparse.random(SIZE, SIZE, density=0.01, random_state=random, format="csr")
    matrix = (part @ part.T + sparse.eye(SIZE) * 5.0).tocsr()
    coupling = sparse.random(BORDER, SIZE, density=0.05, random_state=random, format="csr")
    return matrix, coupling


@pytest.mark.parametrize("backend", BACKENDS)
def test_compliance_response_and_fields_are_those_of_dense_algebra(backend: str) -> None:
    """C = J K^-1 J^T, J K^-1 f and K^-1 (f + J^T q) by numpy's dense solver: 1e-8 of the largest.

    More columns than one block holds, so that blocks are joined in the right order.
    """
    here(backend)
    matrix, coupling = body()
    solver = condense(matrix, coupling, backend)
    random = np.random.default_rng(1)
    loads, forces = random.normal(size=(SIZE, 70)), random.normal(size=(BORDER, 70))
    inverse, rows = np.linalg.inv(matrix.toarray()), coupling.toarray()
    expected = (rows @ inverse @ rows.T, rows @ inverse @ loads, inverse @ (loads + rows.T @ forces))
    found = (solver.compliance, solver.response(loads), solver.displacement(loads, forces))
    for one, other in zip(found, expected, strict=True):
        assert one == pytest.approx(other, abs=1e-8 * np.abs(other).max())
    assert np.array_equal(solver.compliance, solver.compliance.T)


@pytest.mark.parametrize("backend", BACKENDS)
def test_loads_are_left_as_they_were(backend: str) -> None:
    here(backend)
    solver = condense(*body(), backend)
    loads, forces = np.ones((SIZE, 2)), np.ones((BORDER, 2))
    solver.displacement(loads, forces)
    solver.response(loads)
    assert (loads == 1).all()
    assert (forces == 1).all()


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_singular_matrix_is_refused(backend: str) -> None:
    """A chain of springs held nowhere: K 1 = 0."""
    here(backend)
    chain = sparse.diags([[-1.0] * 99, [2.0] * 100, [-1.0] * 99], [-1, 0, 1]).tolil()
    chain[0, 0] = chain[-1, -1] = 1.0
    coupling = sparse.csr_matrix((np.ones(3), ([0, 1, 2], [3, 40, 80])), shape=(3, 100))
    with pytest.raises(SolverError):
        condense(chain.tocsr(), coupling, backend)


@pytest.mark.parametrize("backend", ["pardiso", "cholmod"])
def test_a_matrix_with_negative_pivots_is_refused(backend: str) -> None:
    """Regular, but not positive definite, as an inverted element makes it; a residual cannot tell."""
    here(backend)
    matrix, coupling = body()
    inverted = matrix.tolil()
    inverted[7, 7] = -50.0
    with pytest.raises(SolverError, match="not positive definite"):
        condense(inverted.tocsr(), coupling, backend)


@pytest.mark.parametrize("backend", BACKENDS)
def test_combined_loads_give_what_their_columns_give(backend: str) -> None:
    """Two loads and their amplitudes in 70 cases against 70 columns of loads: round-off, 1e-12."""
    here(backend)
    solver = condense(*body(), backend)
    random = np.random.default_rng(4)
    loads, forces, amplitudes = (random.normal(size=size) for size in ((SIZE, 2), (BORDER, 70), (2, 70)))
    combined, plain = (
        solver.displacement(loads, forces, amplitudes),
        solver.displacement(loads @ amplitudes, forces),
    )
    assert combined == pytest.approx(plain, abs=1e-12 * np.abs(plain).max())


@pytest.mark.parametrize("border", [1, 3])
def test_an_interface_of_one_row_is_enough_and_none_is_refused(border: int) -> None:
    here("pardiso")
    matrix, coupling = body()
    solver = condense(matrix, coupling[:border], "pardiso")
    rows = coupling[:border].toarray()
    expected = rows @ np.linalg.inv(matrix.toarray()) @ rows.T
    assert solver.compliance == pytest.approx(expected, abs=1e-12)
    with pytest.raises(SolverError, match="no vertices"):
        condense(matrix, coupling[:0], "pardiso")


def test_a_block_diagonal_matrix_is_that_of_scipy() -> None:
    parts = [body(seed)[0].sorted_indices() for seed in (1, 2, 3)]
    found = block_diagonal(parts)
    assert found.has_sorted_indices
    assert (found != sparse.block_diag(parts)).nnz == 0


class _Wrong(SuperluCondensed):
    """A solver that is off by a millionth in one answer."""

    def __init__(self, where: str) -> None:
        super().__init__(*body())
        self._where = where
        if where == "compliance":
            self.compliance = self.compliance * (1 + 1e-6)

    def response(self, loads):
        return super().response(loads) * (1 + 1e-6 * (self._where == "response"))

    def displacement(self, loads, forces, amplitudes=None):
        return super().displacement(loads, forces, amplitudes) * (1 + 1e-6 * (self._where == "displacement"))


@pytest.mark.parametrize("where", ["response", "displacement", "compliance"])
def test_a_factor_that_is_off_by_a_millionth_is_refused(where: str) -> None:
    with pytest.raises(SolverError, match="relative residual"):
        check_factorisation(_Wrong(where), *body())
    assert check_factorisation(_Wrong("nowhere"), *body()) < RESIDUAL_LIMIT


def test_a_factor_that_is_not_a_number_is_refused() -> None:
    solver = _Wrong("nowhere")
    solver.displacement = lambda loads, forces: np.full((SIZE, 1), np.nan)  # type: ignore[method-assign]
    with pytest.raises(SolverError):
        check_factorisation(solver, *body())


def test_the_backend_is_the_one_that_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSSEOFIT_SOLVER", "superlu")
    assert choose_backend() == "superlu"
    monkeypatch.setenv("OSSEOFIT_SOLVER", "abacus")
    with pytest.raises(SolverError, match=r"'abacus' \(OSSEOFIT_SOLVER\).*superlu"):
        choose_backend()
    monkeypatch.delenv("OSSEOFIT_SOLVER")
    assert choose_backend() in BACKENDS


# ---------------------------------------------------------------------------- the store of PARDISO's factor


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    here("pardiso")
    solver = condense(*body(), "pardiso", tmp_path)
    assert not solver.reused
    return tmp_path


def answers(solver) -> np.ndarray:
    loads, forces = np.eye(SIZE)[:, :5], np.eye(BORDER)[:, :5]
    return np.vstack([solver.displacement(loads, forces), solver.response(loads), solver.compliance[:, :5]])


def test_a_restored_factor_gives_the_fresh_ones_numbers(stored: Path) -> None:
    """The same factor in the same order of operations: equal to the last bit but for threads, 1e-14."""
    again = condense(*body(), "pardiso", stored)
    assert again.reused
    fresh = condense(*body(), "pardiso")
    assert answers(again) == pytest.approx(answers(fresh), abs=1e-14)


def test_a_factor_that_cannot_be_kept_is_used_all_the_same(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A file stands where the folder of the store should be, as a full disk would leave it."""
    here("pardiso")
    (tmp_path / "taken").write_text("")
    with caplog.at_level("WARNING"):
        solver = condense(*body(), "pardiso", tmp_path / "taken" / "store")
    assert "could not be kept" in caplog.text
    np.testing.assert_array_equal(answers(solver), answers(condense(*body(), "pardiso")))


def test_a_store_that_breaks_off_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here("pardiso")

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    condense(*body(), "pardiso", tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_a_store_of_another_matrix_is_not_taken_up(stored: Path) -> None:
    """PARDISO would crash or, worse, answer: the fingerprint stands before it."""
    matrix, coupling = body()
    other = matrix.copy()
    other.data = other.data * (1 + 1e-9)
    changed = condense(other, coupling, "pardiso", stored)
    assert not changed.reused
    assert condense(other, coupling, "pardiso", stored).reused
    assert not condense(matrix, 2.0 * coupling, "pardiso", stored).reused


def test_a_store_cut_short_before_its_fingerprint_is_rebuilt(stored: Path) -> None:
    (stored / "fingerprint").unlink()
    solver = condense(*body(), "pardiso", stored)
    assert not solver.reused
    assert condense(*body(), "pardiso", stored).reused


@pytest.mark.parametrize("damage", [b"", b"not an array"], ids=["empty", "garbage"])
def test_a_store_whose_compliance_is_damaged_is_rebuilt(stored: Path, damage: bytes) -> None:
    (stored / "compliance.npy").write_bytes(damage)
    solver = condense(*body(), "pardiso", stored)
    assert not solver.reused
    assert answers(solver) == pytest.approx(answers(condense(*body(), "pardiso")), abs=1e-14)


@pytest.mark.parametrize("kept", [None, 0.0, 0.5], ids=["lost", "empty", "half"])
def test_a_store_whose_factor_is_lost_or_cut_short_is_rebuilt(stored: Path, kept: float | None) -> None:
    """A run that is killed, or a full disk, leaves such a file."""
    (factor,) = (file for file in stored.iterdir() if file.name not in ("fingerprint", "compliance.npy"))
    content = factor.read_bytes()
    if kept is None:
        factor.unlink()
    else:
        factor.write_bytes(content[: int(kept * len(content))])
    solver = condense(*body(), "pardiso", stored)
    assert not solver.reused
    assert answers(solver) == pytest.approx(answers(condense(*body(), "pardiso")), abs=1e-14)
