"""Two routes to a solved history: condensed to the interface, or by iteration on everything.

The direct route factors both bodies and holds the interface's compliance dense; it serves any
number of histories. Where the compliance does not fit into memory the same laws are solved by
iteration, with a factorisation of the tied bodies as preconditioner; where that does not fit
either, with two-level multigrid. The choice follows from the planned memory.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from fea.contact.operators import Operators
from fea.contact.point import Point
from fea.errors import SolverError
from fea.mesh.parts import Mesh
from fea.model.body import Body
from fea.model.build import Model
from fea.model.iterative import IterativeModel, walk_iterative
from fea.model.preload import Preload
from fea.model.recover import displacements
from fea.model.superposition import Superposition
from fea.model.walk import Plan, Track, track_of, walk_history
from fea.solve.memory import MemoryPlan, plan_memory

FloatArray = NDArray[np.float64]
RouteName = Literal["direct", "factored", "multigrid"]

#: In words, as the log and the record say them.
ROUTES: Mapping[RouteName, str] = {
    "direct": "direct, interface compliance dense",
    "factored": "Newton-Krylov on back-substitutions",
    "multigrid": "Newton-Krylov with two-level p-multigrid",
}


class Route(Protocol):
    """A case's mechanics, ready for histories."""

    @property
    def side_by_side(self) -> bool:
        """Whether histories can be walked in forked processes."""
        ...

    @property
    def operators(self) -> Operators:
        """The paired interface."""
        ...

    @property
    def bodies(self) -> tuple[Body, Body]:
        """Stem and bone."""
        ...

    @property
    def loads(self) -> FloatArray:
        """Nodal forces on the stem of unit loads, ndarray, shape (3 n, 6 + p)."""
        ...

    @property
    def bone_loads(self) -> FloatArray:
        """Nodal forces on the bone of unit preloads, ndarray, shape (3 m, p)."""
        ...

    @property
    def preloads(self) -> tuple[Preload, ...]:
        """What is in place with the fit."""
        ...

    @property
    def solver(self) -> tuple[str, bool]:
        """Name of the sparse solver, and whether its factor was taken from the store."""
        ...

    def walk(
        self, gap: FloatArray, friction: Mapping[str, float], plan: Plan, like: Track | None = None
    ) -> Track:
        """Seat the stem and walk, with a weak gap at every vertex and a friction a zone."""
        ...

    def displacements(self, points: Sequence[Point]) -> tuple[Superposition, Superposition]:
        """Return the nodal displacements of stem and bone at points of a walk."""
        ...


@dataclass(frozen=True, eq=False)
class DirectRoute:
    """By the condensed model; histories can be walked side by side in forked processes."""

    model: Model
    side_by_side: bool = True

    @property
    def operators(self) -> Operators:
        """The paired interface."""
        return self.model.operators

    @property
    def bodies(self) -> tuple[Body, Body]:
        """Stem and bone."""
        return self.model.stem, self.model.bone

    @property
    def loads(self) -> FloatArray:
        """Nodal forces on the stem of unit loads, ndarray, shape (3 n, 6 + p)."""
        return self.model.loads

    @property
    def bone_loads(self) -> FloatArray:
        """Nodal forces on the bone of unit preloads, ndarray, shape (3 m, p)."""
        return self.model.bone_loads

    @property
    def preloads(self) -> tuple[Preload, ...]:
        """What is in place with the fit."""
        return self.model.preloads

    @property
    def solver(self) -> tuple[str, bool]:
        """Name of the sparse solver, and whether its factor was taken from the store."""
        return self.model.solver.name, self.model.solver.reused

    def walk(
        self, gap: FloatArray, friction: Mapping[str, float], plan: Plan, like: Track | None = None
    ) -> Track:
        """Seat the stem and walk."""
        self.model.require_held(plan.wrenches)
        return walk_history(self.model, self.model.problem(gap, friction), plan, like)

    def displacements(self, points: Sequence[Point]) -> tuple[Superposition, Superposition]:
        """Return the nodal displacements of stem and bone."""
        return displacements(self.model, points)


@dataclass(frozen=True, eq=False)
class IterativeRoute:
    """By iteration; its solver's threads forbid forked processes."""

    model: IterativeModel
    side_by_side: bool = False

    @property
    def operators(self) -> Operators:
        """The paired interface."""
        return self.model.operators

    @property
    def bodies(self) -> tuple[Body, Body]:
        """Stem and bone."""
        return self.model.stem, self.model.bone

    @property
    def loads(self) -> FloatArray:
        """Nodal forces on the stem of unit loads, ndarray, shape (3 n, 6 + p)."""
        return self.model.loads[: 3 * len(self.model.mesh.stem.points)]

    @property
    def bone_loads(self) -> FloatArray:
        """Nodal forces on the bone of unit preloads, ndarray, shape (3 m, p)."""
        return self.model.loads[3 * len(self.model.mesh.stem.points) :, 6:]

    @property
    def preloads(self) -> tuple[Preload, ...]:
        """What is in place with the fit."""
        return self.model.preloads

    @property
    def solver(self) -> tuple[str, bool]:
        """Name of the preconditioner; nothing is stored."""
        return self.model.preconditioner.name, False

    def walk(
        self, gap: FloatArray, friction: Mapping[str, float], plan: Plan, like: Track | None = None
    ) -> Track:
        """Seat the stem and walk; first guesses are this history's own."""
        found = walk_iterative(self.model, gap, friction, plan)
        residual = np.asarray(found.residual)
        area = self.model.operators.area
        return track_of(found.seated, found.cycles, plan.percent, found.loss, area, residual, found.imbalance)

    def displacements(self, points: Sequence[Point]) -> tuple[Superposition, Superposition]:
        """Return the nodal displacements of stem and bone."""
        stem, bone = self.model.displacements(points)  # type: ignore[arg-type]
        every = np.eye(len(points))
        return Superposition(stem, every), Superposition(bone, every)


def plan_route(mesh: Mesh, instants: int) -> tuple[RouteName, MemoryPlan]:
    """Choose the route by the memory that it would take.

    Parameters
    ----------
    mesh
        The mesh.
    instants
        Instants at which fields are kept.

    Returns
    -------
    name
        One of `ROUTES`; the environment's ``OSSEOFIT_ROUTE`` where that is set.
    plan
        Of the direct route.

    Raises
    ------
    SolverError
        When the environment names another route.
    """
    corners = np.unique(np.concatenate([mesh.stem.facets[name][:, :3].ravel() for name in mesh.zones]))
    plan = plan_memory(mesh.unknowns, 3 * len(corners), instants)
    wanted = os.environ.get("OSSEOFIT_ROUTE", "")
    for name in ROUTES:
        if wanted == name:
            return name, plan
    if wanted:
        raise SolverError(f"OSSEOFIT_ROUTE is '{wanted}'; choose one of {', '.join(ROUTES)}")
    return ("direct" if plan.fits else "factored" if plan.factor_fits else "multigrid"), plan
