"""Choice of the backend: what the machine offers, or what ``OSSEOFIT_SOLVER`` asks for."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

from scipy import sparse

from fea.errors import SolverError
from fea.solve import pardiso
from fea.solve.condensed import CondensedSolver, check_factorisation
from fea.solve.fallback import CholmodCondensed, SuperluCondensed
from fea.solve.memory import plan_memory

BACKENDS = ("pardiso", "cholmod", "superlu")


def choose_backend(wanted: str | None = None) -> str:
    """Return the backend to use.

    Parameters
    ----------
    wanted
        One of `BACKENDS`; by default the environment's ``OSSEOFIT_SOLVER``, else the first
        that the machine offers.

    Raises
    ------
    SolverError
        When the wanted one is unknown or not installed.
    """
    wanted = wanted or os.environ.get("OSSEOFIT_SOLVER") or ""
    offered = {
        "pardiso": pardiso.available(),
        "cholmod": importlib.util.find_spec("cvxopt") is not None,
        "superlu": True,
    }
    if not wanted:
        return next(name for name in BACKENDS if offered[name])
    if not offered.get(wanted, False):
        have = ", ".join(name for name in BACKENDS if offered[name])
        raise SolverError(
            f"the solver backend '{wanted}' (OSSEOFIT_SOLVER) is not available here; choose one of {have}"
        )
    return wanted


def condense(
    matrix: sparse.csr_matrix, coupling: sparse.csr_matrix, backend: str, store: Path | None = None
) -> CondensedSolver:
    """Factor a body once and check the factorisation.

    Parameters
    ----------
    matrix : csr_matrix, shape (N, N), N/mm
        Stiffness of a held body.
    coupling : csr_matrix, shape (n, N)
        Interface rows.
    backend
        One of `BACKENDS`.
    store
        Folder where a backend that can keeps its factor for later runs.

    Raises
    ------
    SolverError
        When it would not fit into memory, or fails its residual check.
    """
    plan = plan_memory(matrix.shape[0], coupling.shape[0])
    plan.require()
    solver: CondensedSolver
    if backend == "pardiso":
        solver = pardiso.PardisoCondensed(matrix, coupling, plan, store)
    elif backend == "cholmod":
        solver = CholmodCondensed(matrix, coupling, plan)
    else:
        solver = SuperluCondensed(matrix, coupling, plan)
    check_factorisation(solver, matrix, coupling)
    return solver
