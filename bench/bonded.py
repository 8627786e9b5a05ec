"""The unit of the benchmark: one bonded linear solve of the mesh of a case.

Stem and bone are tied where their nodes coincide on the interface; one body is assembled from
the elements of both, factored once as a symmetric positive definite matrix, and solved for one
load: 1 N along the axis at the reference point. The assembly, the supports and the load are the
product's own functions.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial import cKDTree

from fea.elasticity.wrench import end_face_loads
from fea.mesh.parts import ZONES, Mesh, Part
from fea.model.body import hold
from fea.solve import pardiso
from fea.solve.backends import choose_backend
from fea.solve.fallback import CholmodCondensed, SuperluCondensed

FloatArray = NDArray[np.float64]

#: Nodes nearer than this are one node, mm.
COINCIDENT = 1e-6
#: Relative residual above which a solution is refused.
RESIDUAL_LIMIT = 1e-9


@dataclass(frozen=True)
class BondedSolve:
    """Seconds of one bonded linear solve.

    Attributes
    ----------
    assembly, factorisation, back_substitution : float, s
    unknowns
        Free displacement unknowns.
    tied_nodes
        Interface nodes that stem and bone share.
    """

    assembly: float
    factorisation: float
    back_substitution: float
    unknowns: int
    tied_nodes: int

    @property
    def seconds(self) -> float:
        """All three together."""
        return self.assembly + self.factorisation + self.back_substitution


def tie(mesh: Mesh) -> tuple[Part, int]:
    """Merge stem and bone into one body at the nodes that their contact facets share.

    Parameters
    ----------
    mesh
        The mesh of a case.

    Returns
    -------
    part : Part
        The stem's nodes first; its elements first.
    tied : int
        Number of shared nodes.

    Raises
    ------
    ValueError
        When the bodies share no node.
    """
    stem, bone = mesh.stem, mesh.bone
    mine = np.unique(np.concatenate([stem.facets[name] for name in ZONES if name in stem.facets]))
    theirs = np.unique(np.concatenate([bone.facets[name] for name in ("canal", "cut")]))
    distance, nearest = cKDTree(stem.points[mine]).query(bone.points[theirs])
    same = distance <= COINCIDENT
    if not same.any():
        raise ValueError("stem and bone share no node in this case: there is no bonded solve to compare with")
    number = np.full(len(bone.points), -1)
    number[theirs[same]] = mine[nearest[same]]
    own = np.flatnonzero(number < 0)
    number[own] = len(stem.points) + np.arange(len(own))
    part = Part(
        "bonded",
        np.concatenate([stem.points, bone.points[own]]),
        np.concatenate([stem.tets, number[bone.tets]]),
        {**stem.facets, **{name: number[facets] for name, facets in bone.facets.items()}},
    )
    return part, int(same.sum())


def bonded_solve(
    mesh: Mesh,
    materials: tuple[FloatArray, FloatArray],
    supports: Mapping[str, str],
    reference_point: tuple[float, float, float],
) -> BondedSolve:
    """Assemble, factor and solve the bonded body once.

    Parameters
    ----------
    mesh
        The mesh of a case.
    materials : tuple of two ndarray, shape (m, 6, 6), MPa
        Element stiffness of stem and bone, as `fea.model.build.build_model` takes it.
    supports
        Kind of support by key of the case.
    reference_point : tuple of 3 floats, mm

    Returns
    -------
    BondedSolve

    Raises
    ------
    RuntimeError
        When the solution does not satisfy the equations.
    """
    part, tied = tie(mesh)
    kinds = {
        "distal_end": supports["stem_distal"],
        "proximal_end": supports["stem_proximal"],
        "proximal": supports["bone_proximal"],
        "cut": supports["bone_distal"],
    }
    body = hold(part, np.concatenate(materials), kinds)
    load = end_face_loads(part.points, part.facets["distal_end"], np.array(reference_point))[body.free, 2]
    start = time.perf_counter()
    matrix = body.stiffness[body.free][:, body.free]
    assembled = time.perf_counter()
    factor, solve = _spd_solver(matrix, load)
    factor()
    factored = time.perf_counter()
    solution = solve()
    solved = time.perf_counter()
    residual = float(np.linalg.norm(matrix @ solution - load) / np.linalg.norm(load))
    if not residual < RESIDUAL_LIMIT:
        raise RuntimeError(f"the bonded solution is wrong: relative residual {residual:.1e}")
    return BondedSolve(assembled - start, factored - assembled, solved - factored, len(load), tied)


def _spd_solver(
    matrix: sparse.csr_matrix, load: FloatArray
) -> tuple[Callable[[], None], Callable[[], FloatArray]]:
    """Return the two steps of a plain solve by the backend that the product chooses here."""
    backend = choose_backend()
    if backend == "pardiso":
        assert pardiso.available()
        from pypardiso import PyPardisoSolver

        solver, upper = PyPardisoSolver(mtype=2), sparse.triu(matrix, format="csr")
        upper.sort_indices()

        def solve() -> FloatArray:
            solution = np.asarray(solver.solve(upper, load))
            solver.free_memory(everything=True)
            return solution

        return lambda: solver.factorize(upper), solve
    held: list[CholmodCondensed | SuperluCondensed] = []
    kind = CholmodCondensed if backend == "cholmod" else SuperluCondensed
    # One coupling row costs one back-substitution, which stands for the factorisation's own check.
    row = sparse.csr_matrix(load[None, :])
    nothing = np.zeros((1, 1))
    return (
        lambda: held.append(kind(matrix, row)),
        lambda: held[0].displacement(load[:, None], nothing)[:, 0],
    )
