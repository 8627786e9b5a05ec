"""From a mesh to a contact problem: hold, factor, condense.

The two bodies are held apart and factored in one matrix, which nothing but the common
interface couples, so that their two compliances come out as one sum. What supports leave
free (the stem's six rigid motions, as a rule) is pinned for the factorisation and given back
as unknown motions of the contact problem, together with the equilibrium equations that belong
to them; so nothing but the interface carries the stem, and no stiffness has to be invented.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from fea.contact.operators import GapFunction, Operators
from fea.contact.problem import Equilibrium, InterfaceProblem, with_preloads
from fea.elasticity.rigid import name_motion, null_space
from fea.elasticity.wrench import end_face_loads
from fea.errors import SolverError
from fea.mesh.parts import Mesh, Part
from fea.model.body import Body, hold
from fea.model.graded import element_stiffness
from fea.model.interface import friction_by_vertex, pair_surfaces
from fea.model.preload import Preload, amplitudes, bone_columns, require_balanced, stem_columns
from fea.solve.backends import condense
from fea.solve.condensed import CondensedSolver, block_diagonal
from geometry.zones import ENDS
from materials.lattice import Lattice
from materials.material import Material
from materials.rotation import rotate_stiffness

FloatArray = NDArray[np.float64]

#: Share of the interface's resistance below which a motion counts as not resisted.
_UNRESISTED = 1e-5


@dataclass(frozen=True, eq=False)
class Model:
    """Two bodies, factored together, and their interface.

    Attributes
    ----------
    mesh, operators
        Mesh and paired surfaces.
    bone, stem
        The bodies.
    solver
        Their factorisation: the bone's free unknowns, then the stem's.
    loads : ndarray, shape (3 n, 6 + p)
        Nodal forces on the stem of unit wrenches at the reference point, then of unit preloads.
    basis : ndarray, shape (kb + ks, m)
        Combinations of the bodies' free motions that the interface resists.
    loose : ndarray, shape (kb + ks, j)
        Combinations that nothing resists; they are left at zero.
    preloads : tuple of Preload
        In place with the fit.
    """

    mesh: Mesh
    operators: Operators
    bone: Body
    stem: Body
    solver: CondensedSolver
    loads: FloatArray
    basis: FloatArray
    loose: FloatArray
    preloads: tuple[Preload, ...] = ()

    def problem(self, gap: FloatArray, friction: Mapping[str, float]) -> InterfaceProblem:
        """State the contact problem for a fit and friction.

        Parameters
        ----------
        gap : ndarray, shape (v,), mm
            Weak gap minus interference at the interface vertices.
        friction : mapping of zone name to float

        Returns
        -------
        InterfaceProblem
        """
        return InterfaceProblem(
            equilibrium=self.equilibrium,
            area=self.operators.area,
            friction=friction_by_vertex(self.operators.zone, self.mesh.zones, friction),
            scale=_traction_scale(self.bone, self.operators),
            gap=gap,
            preloads=amplitudes(self.preloads),
        )

    @cached_property
    def equilibrium(self) -> Equilibrium:
        """Both bodies as their interface sees them, whatever fit and friction."""
        return Equilibrium(
            compliance=self.solver.compliance,
            motions=_motion_jumps(self.operators, self.bone, self.stem) @ self.basis,
            load_jump=self.load_jump,
            load_thrust=self.basis.T @ self._thrust(),
        )

    @cached_property
    def bone_loads(self) -> FloatArray:
        """Nodal forces on the bone of unit preloads, ndarray, shape (3 m, p)."""
        return bone_columns(3 * len(self.bone.part.points), self.preloads)

    @cached_property
    def free_loads(self) -> FloatArray:
        """Nodal forces of unit loads on the solver's unknowns, ndarray, shape (N, 6 + p)."""
        on_bone = np.zeros((len(self.bone.free), self.loads.shape[1]))
        on_bone[:, 6:] = self.bone_loads[self.bone.free]
        return np.vstack([on_bone, self.loads[self.stem.free]])

    @cached_property
    def load_jump(self) -> FloatArray:
        """Jump of the held bodies under unit loads, ndarray, shape (3 v, 6 + p), mm.

        Kept, so that forked processes never call a solver whose threads stayed behind.
        """
        return self.solver.response(self.free_loads)

    def split_motion(self, motion: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the rigid motions, shape (6,), of bone and stem."""
        amplitudes = self.basis @ motion
        count = self.bone.motions.shape[1]
        return self.bone.motions @ amplitudes[:count], self.stem.motions @ amplitudes[count:]

    def require_held(self, wrenches: FloatArray) -> None:
        """Refuse loads that drive a motion which nothing resists.

        Parameters
        ----------
        wrenches : ndarray, shape (k, 6), N and N mm
            Beside the preloads.

        Raises
        ------
        SolverError
            Naming the motion.
        """
        loads = with_preloads(np.vstack([np.zeros(6), wrenches]), amplitudes(self.preloads))
        drive = np.abs(self.loose.T @ self._thrust() @ loads.T).max(axis=1, initial=0.0)
        size = float(np.abs(loads).max(initial=0.0))
        if len(drive) and drive.max() > 1e-6 * size:
            worst = self.loose[:, int(np.argmax(drive))]
            count = self.bone.motions.shape[1]
            motion = self.stem.motions @ worst[count:]
            raise SolverError(
                f"nothing holds the stem against {name_motion(motion)}, which the load drives; "
                "give the fit friction, add a collar, or hold an end face in [supports]"
            )

    def _thrust(self) -> FloatArray:
        bone = np.zeros((self.bone.motions.shape[1], self.loads.shape[1]))
        bone[:, 6:] = self.bone.motions.T @ (self.bone.rigid.T @ self.bone_loads)
        return np.vstack([bone, self.stem.motions.T @ (self.stem.rigid.T @ self.loads)])


def build_model(
    mesh: Mesh,
    materials: tuple[FloatArray, FloatArray],
    supports: Mapping[str, str],
    gap: GapFunction,
    resists_sliding: bool,
    reference_point: tuple[float, float, float],
    backend: str,
    store: Path | None = None,
    preloads: Sequence[Preload] = (),
) -> Model:
    """Hold, factor and condense both bodies.

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
    resists_sliding
        Whether the interface has friction anywhere.
    reference_point : tuple of 3 floats, mm
        Where wrenches act.
    backend
        Sparse solver.
    store
        Folder for the factor; None keeps it in memory.
    preloads
        In place with the fit.

    Returns
    -------
    Model
    """
    operators = pair_surfaces(mesh, gap)
    stem_kinds = {"distal_end": supports["stem_distal"], "proximal_end": supports["stem_proximal"]}
    bone_kinds = bone_supports(supports)
    stem, bone = hold(mesh.stem, materials[0], stem_kinds), hold(mesh.bone, materials[1], bone_kinds)
    solver = condense(
        block_diagonal([body.stiffness[body.free][:, body.free] for body in (bone, stem)]),
        sparse.hstack([operators.bone[:, bone.free], operators.stem[:, stem.free]], format="csr"),
        backend,
        store,
    )
    require_balanced(mesh, preloads)
    wrenches = end_face_loads(mesh.stem.points, mesh.stem.facets["distal_end"], np.array(reference_point))
    loads = stem_columns(wrenches, preloads)
    jumps = _motion_jumps(operators, bone, stem)
    resisting = np.repeat(operators.area, 3)
    if not resists_sliding:
        resisting[np.arange(len(resisting)) % 3 > 0] = 0.0
    gram = jumps.T @ (resisting[:, None] * jumps) / operators.area.sum()
    loose = null_space(gram, _UNRESISTED) if len(gram) else np.zeros((0, 0))
    basis = null_space(loose @ loose.T) if len(gram) else np.zeros((0, 0))
    return Model(mesh, operators, bone, stem, solver, loads, basis, loose, tuple(preloads))


def bone_supports(supports: Mapping[str, str]) -> dict[str, str]:
    """Return the kind of support by the name of the bone's facets.

    Parameters
    ----------
    supports : mapping of str to str
        By key of the case; ``bone_ends`` may be missing.
    """
    kinds = {"proximal": supports["bone_proximal"], "cut": supports["bone_distal"]}
    ends = supports.get("bone_ends", "free")
    return kinds if ends == "free" else kinds | {ENDS: ends}


def element_materials(
    part: Part,
    material: Material,
    frames: FloatArray | None,
    regions: Mapping[str, Material] | None = None,
) -> FloatArray:
    """Return the stiffness of each element in global axes.

    Parameters
    ----------
    part
        The body.
    material
        Its material.
    frames : ndarray, shape (m, 3, 3), or None
        Columns are the material's axes; None where they are the global ones.
    regions : mapping of str to Material, optional
        Materials of the part's regions, whose axes are the global ones.

    Returns
    -------
    ndarray, shape (m, 6, 6), MPa
    """
    stiffness = material.elasticity.stiffness()
    if frames is None:
        found = np.broadcast_to(stiffness, (len(part.tets), 6, 6))
    else:
        found = rotate_stiffness(stiffness, frames)
    if part.regions:
        found = found.copy()
        for name, rows in part.regions.items():
            law = (regions or {})[name]
            if isinstance(law, Lattice):
                found[rows] = element_stiffness(part, rows, law)
            else:
                found[rows] = law.elasticity.stiffness()
    return found


def _motion_jumps(operators: Operators, bone: Body, stem: Body) -> FloatArray:
    return np.hstack(
        [operators.bone @ (bone.rigid @ bone.motions), operators.stem @ (stem.rigid @ stem.motions)]
    )


def _traction_scale(bone: Body, operators: Operators) -> float:
    """Return a tenth of the bone's stiffness over the vertex spacing, MPa/mm.

    Newton's full steps converge in 6 to 10 iterations with it; with the whole stiffness,
    vertices at the edge of slip flip to and fro.
    """
    modulus = float(bone.material[:, 0, 0].mean())
    return 0.1 * modulus / float(np.sqrt(operators.area.mean()))
