"""MKL PARDISO with a partial factorisation: compliance, response and fields from one factor.

The bordered matrix [[K, J^T], [J, 0]] is factored up to its border, whose complement is
-J K^-1 J^T; the forward and backward halves of a solve then give response and fields
(`iparm(36)` and phases 331 and 333 of oneMKL's PARDISO). K is positive definite and the border
is not factored, so no pivots are exchanged: the work is that of a Cholesky factor, and the
signs of the pivots tell whether K was positive definite. The factor can be stored in a folder
and taken up again by a later process.
"""

from __future__ import annotations

import ctypes
import hashlib
import shutil
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from fea.errors import SolverError
from fea.progress import logger
from fea.solve.memory import MemoryPlan, plan_memory

FloatArray = NDArray[np.float64]

_SYMMETRIC_INDEFINITE = -2
_ANALYSE, _FACTOR, _FORWARD, _BACKWARD, _RELEASE = 11, 22, 331, 333, -1
#: Right-hand sides a block: the quickest of 16, 32, 64 and 128.
_BLOCK = 32


def _library() -> Any:
    from pypardiso.pardiso_wrapper import PyPardisoSolver

    # A handle of our own: pypardiso's fixes argument types that the partial solves do not have.
    return ctypes.CDLL(PyPardisoSolver().libmkl._name)


def available() -> bool:
    """Tell whether MKL PARDISO can be loaded here."""
    try:
        _library()
    except (ImportError, OSError):
        return False
    return True


def _bordered(matrix: sparse.csr_matrix, coupling: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return the upper triangle of [[K, J^T], [J, 0]] with every diagonal entry stored."""
    size, border = coupling.shape[1], coupling.shape[0]
    row = np.repeat(np.arange(size, dtype=np.int32), np.diff(matrix.indptr))
    kept = matrix.indices >= row
    pointer = np.r_[0, np.cumsum(np.bincount(row[kept], minlength=size))]
    upper = sparse.csr_matrix((matrix.data[kept], matrix.indices[kept], pointer), shape=matrix.shape)
    zero = sparse.csr_matrix(
        (np.zeros(border), np.arange(border), np.arange(border + 1)), shape=(border,) * 2
    )
    nothing = sparse.csr_matrix((border, size))
    above = sparse.hstack([upper, coupling.T.tocsr()], format="csr")
    whole = sparse.vstack([above, sparse.hstack([nothing, zero], format="csr")], format="csr")
    whole.sort_indices()
    return whole


class PardisoCondensed:
    """A body factored by PARDISO.

    Parameters
    ----------
    matrix : csr_matrix, shape (N, N), N/mm
        Symmetric positive definite, indices sorted.
    coupling : csr_matrix, shape (n, N)
        Interface rows, at least one.
    plan
        Memory, from the sizes; what PARDISO counts takes the place of its estimate.
    store
        Folder that holds the factor; None keeps it in memory only. A factor that is there
        is taken up instead of factoring again.

    Raises
    ------
    SolverError
        When PARDISO reports an error or a pivot that is not positive, the interface is empty, or
        the factor would not fit into memory.
    """

    name = "MKL PARDISO"

    def __init__(
        self,
        matrix: sparse.csr_matrix,
        coupling: sparse.csr_matrix,
        plan: MemoryPlan | None = None,
        store: Path | None = None,
    ) -> None:
        self.plan = plan or plan_memory(matrix.shape[0], coupling.shape[0])
        if not coupling.shape[0]:
            raise SolverError(
                "the interface has no vertices, so there is nothing to condense to; check [fit]"
            )
        self._library = _library()
        self._size, self._border = matrix.shape[0], coupling.shape[0]
        self._upper = _bordered(matrix, coupling)
        self._pointer = self._upper.indptr.astype(np.int32, copy=False)
        self._columns = self._upper.indices.astype(np.int32, copy=False)
        self._handle = np.zeros(64, dtype=np.int64)
        self._border_mark = np.r_[np.zeros(self._size), np.ones(self._border)].astype(np.int32)
        self._options = np.zeros(64, dtype=np.int32)
        # User values, METIS ordering, pivots shifted at 1e-8 and not exchanged, two-level factorisation,
        # indices from zero, complement of the border returned and not factored; no scaling, no matching.
        self._options[[0, 1, 9, 20, 23, 34, 35]] = 1, 2, 8, 0, 10, 1, 1
        self.reused = store is not None and self._restore(store)
        if not self.reused:
            self._factor()
            if store is not None:
                self._keep(store)

    @property
    def compliance(self) -> FloatArray:
        """J K^-1 J^T, ndarray, shape (n, n), mm/N."""
        return self._compliance

    def response(self, loads: FloatArray) -> FloatArray:
        """Return J K^-1 f, shape (n, k), mm, for nodal loads f of shape (N, k), N."""
        count = loads.shape[1]
        parts = [
            self._halfway(loads[:, block], len(range(count)[block]))[self._size :] for block in _blocks(count)
        ]
        return -np.hstack(parts)

    def displacement(
        self, loads: FloatArray, forces: FloatArray, amplitudes: FloatArray | None = None
    ) -> FloatArray:
        """Return K^-1 (f a + J^T q), shape (N, k), mm; see `CondensedSolver`.

        Interface forces enter at the border, halfway: with loads of their own for every case a
        solve has both halves, with combined loads the cases take the backward half alone.
        """
        # Fortran order: a block of columns is one stretch of memory, as PARDISO wants it.
        count = forces.shape[1]
        result = np.zeros((self._size, count), order="F")
        for block in _blocks(count):
            # PARDISO's order of the entries between the halves is its own, but nothing is nothing.
            part = self._halfway(loads[:, block] if amplitudes is None else None, len(range(count)[block]))
            part[self._size :] = -forces[:, block]
            result[:, block] = self._call(_BACKWARD, part)[: self._size]
        if amplitudes is not None:
            result += self.displacement(loads, np.zeros((self._border, loads.shape[1]))) @ amplitudes
        return result

    def _halfway(self, loads: FloatArray | None, count: int) -> FloatArray:
        """Return the state of a solve for `count` columns after its forward half."""
        right = np.zeros((self._size + self._border, count), order="F")
        if loads is None:
            return right
        right[: self._size] = loads
        return self._call(_FORWARD, right)

    def _factor(self) -> None:
        self._call(_ANALYSE, np.zeros((1, 1)))
        # Kilobytes: the peak of the analysis, and what stays of it beside the factor.
        analysis, kept, factor = (int(self._options[place]) for place in (14, 15, 16))
        self.plan = self.plan.with_factor(max(analysis, kept + factor) * 1024 / 1e9)
        self.plan.require()
        compliance = np.zeros((self._border, self._border))
        self._call(_FACTOR, np.zeros((1, 1)), compliance)
        perturbed, positive = int(self._options[13]), int(self._options[21])
        if perturbed or positive != self._size:
            raise SolverError(
                f"the stiffness matrix is not positive definite ({perturbed} pivots were perturbed, "
                f"{self._size - positive} are not positive): a body is not held or has inverted elements"
            )
        # PARDISO returns the complement whole, with both its triangles equal to the last bit.
        self._compliance = np.negative(compliance, out=compliance)

    def _keep(self, store: Path) -> None:
        """Store the factor for later processes; where that fails, go on with the one in memory."""
        try:
            self._save(store)
        except (OSError, SolverError):
            shutil.rmtree(store, ignore_errors=True)
            logger.warning(
                "the factorisation could not be kept in %s (is the disk full?); the run goes on, and the next"
                " one factors again",
                store,
            )

    def _save(self, store: Path) -> None:
        store.mkdir(parents=True, exist_ok=True)
        self._transfer("pardiso_handle_store", store)
        np.save(store / "compliance.npy", self._compliance)
        (store / "fingerprint.partial").write_text(self._fingerprint())
        (store / "fingerprint.partial").replace(store / "fingerprint")

    def _restore(self, store: Path) -> bool:
        try:
            # PARDISO crashes on a factor of another matrix, so the fingerprint comes first.
            if (store / "fingerprint").read_text() != self._fingerprint():
                return False
            self._compliance = np.load(store / "compliance.npy")
            if self._compliance.shape != (self._border, self._border):
                return False
            self._transfer("pardiso_handle_restore", store)
        except (OSError, ValueError, EOFError, SolverError):
            return False
        return True

    def _fingerprint(self) -> str:
        digest = hashlib.sha256(version("mkl").encode())
        for array in (self._pointer, self._columns, self._upper.data):
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()

    def _transfer(self, name: str, store: Path) -> None:
        error = ctypes.c_int32(0)
        folder = ctypes.c_char_p(str(store).encode())
        getattr(self._library, name)(_address(self._handle), folder, ctypes.byref(error))
        if error.value:
            raise SolverError(f"{name} failed with error {error.value} in {store}")

    def _call(self, phase: int, right: FloatArray, solution: FloatArray | None = None) -> FloatArray:
        if solution is None:
            solution = np.zeros(right.shape, order="F")
        error = ctypes.c_int32(0)
        number = [
            ctypes.c_int32(value) for value in (1, 1, _SYMMETRIC_INDEFINITE, phase, len(self._pointer) - 1)
        ]
        columns, silent = ctypes.c_int32(right.shape[1]), ctypes.c_int32(0)
        self._library.pardiso(
            _address(self._handle), *map(ctypes.byref, number), _address(self._upper.data),
            _address(self._pointer), _address(self._columns), _address(self._border_mark),
            ctypes.byref(columns), _address(self._options), ctypes.byref(silent),
            _address(right), _address(solution), ctypes.byref(error),
        )  # fmt: skip
        if error.value:
            raise SolverError(f"MKL PARDISO stopped in phase {phase} with error {error.value}")
        return solution

    def __del__(self) -> None:
        """Give PARDISO's memory back."""
        if not sys.is_finalizing() and getattr(self, "_handle", None) is not None and self._handle.any():
            self._call(_RELEASE, np.zeros((1, 1)))


def _blocks(count: int) -> list[slice]:
    return [slice(start, start + _BLOCK) for start in range(0, count, _BLOCK)]


def _address(array: NDArray[Any]) -> ctypes.c_void_p:
    return array.ctypes.data_as(ctypes.c_void_p)
