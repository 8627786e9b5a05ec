"""The route by iteration: from a mesh to a history without condensing or factoring the bodies.

For meshes whose interface compliance or whose factor does not fit into memory. Both bodies
are assembled side by side on two levels; what carries the stem is the interface alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from fea.contact.history import LostFixation
from fea.contact.iterative import FieldPoint, IterativeHistory, audit
from fea.contact.linearised import Surface
from fea.contact.monolithic import TwoBodies
from fea.contact.operators import GapFunction, Operators
from fea.contact.problem import with_preloads
from fea.elasticity.levels import assemble_levels
from fea.elasticity.rigid import LEVER, describe_motion, name_motion, null_space, rigid_fields
from fea.elasticity.wrench import end_face_loads
from fea.errors import SolverError
from fea.mesh.parts import Mesh
from fea.model.body import Body, hold
from fea.model.build import bone_supports
from fea.model.interface import friction_by_vertex, pair_surfaces
from fea.model.preload import Preload, amplitudes, bone_columns, require_balanced, stem_columns
from fea.model.walk import Plan
from fea.solution import Loss
from fea.solve.multigrid import (
    ExactPreconditioner,
    Preconditioner,
    TiedMatrix,
    TwoLevelPreconditioner,
)

FloatArray = NDArray[np.float64]

#: Augmentation of the laws and ties of the preconditioner, in bone stiffness over vertex spacing.
_SCALE, _TIE = 0.1, 1.0
#: Share of the interface's resistance below which a motion counts as not resisted.
_UNRESISTED = 1e-5
#: From amplitudes of the rigid fields to mm and rad.
_RADIANS = np.array([1.0, 1.0, 1.0, 1.0 / LEVER, 1.0 / LEVER, 1.0 / LEVER])


@dataclass(frozen=True)
class Method:
    """How the linear systems are solved.

    Attributes
    ----------
    backend
        Sparse solver of the coarse level, or of the whole.
    exact
        Factor both bodies tied together as the preconditioner, in place of multigrid: each
        iteration is then a back-substitution.
    """

    backend: str
    exact: bool = False


@dataclass(frozen=True, eq=False)
class IterativeModel:
    """Two assembled bodies and their interface; unknowns of the stem first.

    Attributes
    ----------
    mesh, operators
        Mesh and paired surfaces.
    stem, bone
        The bodies.
    matrix
        Stiffness and jump rows of both bodies.
    loads : ndarray, shape (n, 6 + p)
        Nodal forces of unit wrenches on the stem at the reference point, then of unit preloads.
    preconditioner
        Of the tied stiffness; one serves every friction and every fit.
    motions : ndarray, shape (n, m)
        Rigid motions of both bodies that their supports leave free.
    amplitudes : ndarray, shape (12, m)
        The stem's rigid motion, then the bone's, in each of them.
    stiffness
        Bone's modulus over the vertex spacing, MPa/mm.
    preloads : tuple of Preload
        In place with the fit.
    """

    mesh: Mesh
    operators: Operators
    stem: Body
    bone: Body
    matrix: TiedMatrix
    loads: FloatArray
    preconditioner: Preconditioner
    motions: FloatArray
    amplitudes: FloatArray
    stiffness: float
    preloads: tuple[Preload, ...] = ()

    @cached_property
    def free_loads(self) -> FloatArray:
        """The same where no support holds, ndarray, shape (n, 6 + p)."""
        found = self.loads.copy()
        found[self.stem.fixed] = 0.0
        found[3 * len(self.mesh.stem.points) + self.bone.fixed] = 0.0
        return found

    def bodies(self, gap: FloatArray, friction: Mapping[str, float]) -> TwoBodies:
        """State the contact problem for a fit and friction.

        Parameters
        ----------
        gap : ndarray, shape (v,), mm
            Weak gap minus interference at the interface vertices.
        friction : mapping of zone name to float
        """
        surface = Surface(
            self.operators.area,
            friction_by_vertex(self.operators.zone, self.mesh.zones, friction),
            _SCALE * self.stiffness,
            _TIE * self.stiffness,
        )
        return TwoBodies(self.matrix, self.free_loads, surface, gap, amplitudes(self.preloads))

    def require_held(self, friction: Mapping[str, float], wrenches: FloatArray) -> None:
        """Refuse bodies that fly together, and loads that drive a motion which nothing resists.

        Parameters
        ----------
        friction : mapping of zone name to float
        wrenches : ndarray, shape (k, 6), N and N mm
            Beside the preloads.

        Raises
        ------
        SolverError
            Naming the motion.
        """
        together = self._loose(np.ones(len(self.operators.area), dtype=bool))
        if together.shape[1]:
            worst = self.amplitudes[6:] @ together[:, 0]
            raise SolverError(
                f"nothing holds stem and bone together against {name_motion(worst)}; "
                "hold an end face of the bone in [supports]"
            )
        loose = self._loose(friction_by_vertex(self.operators.zone, self.mesh.zones, friction) > 0.0)
        loads = with_preloads(np.vstack([np.zeros(6), wrenches]), amplitudes(self.preloads))
        drive = np.abs(loose.T @ (self.motions.T @ self.loads) @ loads.T).max(axis=1, initial=0.0)
        if len(drive) and drive.max() > 1e-6 * float(np.abs(loads).max(initial=0.0)):
            worst = self.amplitudes[:6] @ loose[:, int(np.argmax(drive))]
            raise SolverError(
                f"nothing holds the stem against {name_motion(worst)}, which the load drives; "
                "give the fit friction, add a collar, or hold an end face in [supports]"
            )

    def displacements(self, points: Sequence[FieldPoint]) -> tuple[FloatArray, FloatArray]:
        """Return the nodal displacements of stem and bone, each shape (3 n, k), mm."""
        both = np.column_stack([point.displacement for point in points])
        count = 3 * len(self.mesh.stem.points)
        return both[:count], both[count:]

    def _loose(self, resists: NDArray[np.bool_]) -> FloatArray:
        """Find the combinations of motions against which the interface does nothing."""
        weight = np.repeat(self.operators.area, 3).reshape(-1, 3).copy()
        weight[~resists, 1:] = 0.0
        jumps = self.matrix.rows @ self.motions
        gram = jumps.T @ (weight.reshape(-1, 1) * jumps) / self.operators.area.sum()
        return null_space(gram, _UNRESISTED) if len(gram) else np.zeros((0, 0))


@dataclass(frozen=True, eq=False)
class IterativeTrack:
    """A history solved by iteration.

    Attributes
    ----------
    seated
        The press-fit.
    cycles : tuple of tuple of FieldPoint
        One tuple a cycle, one point an instant; the last is short where fixation was lost.
    loss : Loss or None
        Where equilibrium ended, cycle 0 for a press-fit without one.
    residual, imbalance : ndarray, shape (k,)
        As `fea.contact.iterative.audit` measures them, press-fit first.
    """

    seated: FieldPoint
    cycles: tuple[tuple[FieldPoint, ...], ...]
    loss: Loss | None
    residual: FloatArray
    imbalance: FloatArray

    @property
    def points(self) -> tuple[FieldPoint, ...]:
        """The press-fit and every instant, in order."""
        return (self.seated, *(point for cycle in self.cycles for point in cycle))

    @property
    def linear_iterations(self) -> int:
        """Applications of the preconditioner in all."""
        return sum(point.linear_iterations for point in self.points)


def build_iterative(
    mesh: Mesh,
    materials: tuple[FloatArray, FloatArray],
    supports: Mapping[str, str],
    gap: GapFunction,
    reference_point: tuple[float, float, float],
    method: Method,
    preloads: Sequence[Preload] = (),
) -> IterativeModel:
    """Hold and assemble both bodies, and make the preconditioner.

    Parameters
    ----------
    mesh
        The mesh.
    materials : tuple of two ndarray, shape (m, 6, 6), MPa
        Element stiffness of stem and bone in global axes.
    supports
        Kind of support by key of the case (``bone_proximal``, ...).
    gap
        Gap function, for the pairing.
    reference_point : tuple of 3 floats, mm
        Where wrenches act.
    method
        Preconditioner and sparse solver.
    preloads
        In place with the fit.
    """
    operators = pair_surfaces(mesh, gap)
    stem = hold(
        mesh.stem,
        materials[0],
        {"distal_end": supports["stem_distal"], "proximal_end": supports["stem_proximal"]},
    )
    bone = hold(mesh.bone, materials[1], bone_supports(supports))
    split = 3 * len(mesh.stem.points)
    fixed = np.r_[stem.fixed, split + bone.fixed]
    levels = assemble_levels((mesh.stem, mesh.bone), materials, fixed)
    size = levels.fine.shape[0]
    keep = np.ones(size)
    keep[fixed] = 0.0
    rows = sparse.hstack([operators.stem, operators.bone], format="csr")
    matrix = TiedMatrix(levels.fine, rows.multiply(keep).tocsr())
    preconditioner: Preconditioner
    if method.exact:
        preconditioner = ExactPreconditioner(matrix, method.backend)
    else:
        preconditioner = TwoLevelPreconditioner(
            matrix, levels.coarse.tocsr(), levels.prolongation, method.backend
        )
    require_balanced(mesh, preloads)
    wrenches = end_face_loads(mesh.stem.points, mesh.stem.facets["distal_end"], np.array(reference_point))
    loads = np.zeros((size, 6 + len(preloads)))
    loads[:split] = stem_columns(wrenches, preloads)
    loads[split:, 6:] = bone_columns(size - split, preloads)
    motions, shares = _free_motions(stem, bone)
    stiffness = float(bone.material[:, 0, 0].mean()) / float(np.sqrt(operators.area.mean()))
    return IterativeModel(
        mesh, operators, stem, bone, matrix, loads, preconditioner, motions, shares, stiffness,
        tuple(preloads),
    )  # fmt: skip


def walk_iterative(
    model: IterativeModel,
    gap: FloatArray,
    friction: Mapping[str, float],
    plan: Plan,
    report: Callable[[FieldPoint], None] = lambda point: None,
) -> IterativeTrack:
    """Seat the stem, then walk.

    Parameters
    ----------
    model
        The model.
    gap : ndarray, shape (v,), mm
        Weak gap minus interference at the interface vertices.
    friction : mapping of zone name to float
    plan
        The history.
    report
        Told every converged point.

    Returns
    -------
    IterativeTrack
        Ends early where fixation is lost.

    Raises
    ------
    SolverError
        When nothing holds a body against the loads, or a wedge is to be followed.
    """
    if len(plan.assembly) or plan.farthest < math.inf:
        raise SolverError(
            "a taper joint is solved on the direct route alone, which follows a wedge closely: choose a"
            " coarser interface size, or leave OSSEOFIT_ROUTE out"
        )
    model.require_held(friction, plan.wrenches)
    bodies = model.bodies(gap, friction)
    history = IterativeHistory(bodies, model.preconditioner, model.motions, plan.cut_backs, plan.loose)
    try:
        seated = history.press_fit(plan.press_fit_increments)
    except LostFixation as error:
        return IterativeTrack(history.unloaded, (), _loss(model, error, 0, 0.0), np.zeros(1), np.zeros(1))
    report(seated)
    cycles: list[list[FieldPoint]] = []
    last, loss = seated, None
    for cycle in range(plan.cycles if len(plan.wrenches) else 0):
        cycles.append([])
        try:
            for point in history.walk(last, plan.wrenches, cycles[cycle - 1] if cycle else ()):
                cycles[-1].append(point)
                last = point
                report(point)
        except LostFixation as error:
            loss = _loss(model, error, cycle + 1, float(plan.percent[len(cycles[-1])]))
            break
    points = [seated, *(point for cycle in cycles for point in cycle)]
    return IterativeTrack(seated, tuple(tuple(cycle) for cycle in cycles), loss, *audit(bodies, points))


def _free_motions(stem: Body, bone: Body) -> tuple[FloatArray, FloatArray]:
    """Return the fields, shape (n, m), of what supports leave free, and their amplitudes, (12, m)."""
    fields = [body.rigid @ body.motions for body in (stem, bone)]
    return linalg.block_diag(*fields), linalg.block_diag(stem.motions, bone.motions)


def _loss(model: IterativeModel, error: LostFixation, cycle: int, percent: float) -> Loss:
    amplitudes = model.amplitudes @ error.direction
    motion = amplitudes[:6] - amplitudes[6:]
    thrust = rigid_fields(model.mesh.stem.points).T @ (
        model.loads[: 3 * len(model.mesh.stem.points)] @ error.loads
    )
    sense = describe_motion(motion, thrust)
    return Loss(cycle, percent, sense, tuple((motion * _RADIANS).tolist()))
