"""Bodies of revolution by a code of their own: torsion with friction, and contact without it.

Sections in (r, z), biquadratic quadrilaterals (scikit-fem). In torsion only u_theta = r w exists; the energy
is half the integral of G r^3 |grad w|^2 over the section, times 2 pi, and the work of a friction t on the
interface that of 2 pi r^2 t over w. Torsion changes no pressure, so that Coulomb's limit is a given course
along the interface. Under pressure u_r and u_z exist, and the contact is a linear complementarity problem on
the nodes of the interface. Nothing of the program's meshing, elements or contact is used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import splu
from skfem import Basis, BilinearForm, ElementQuad2, ElementVector, FacetBasis, LinearForm, MeshQuad

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
#: Radius in mm at levels in mm.
Line = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True, eq=False)
class Ring:
    """A section between two lines r = inner(z) and r = outer(z).

    Attributes
    ----------
    inner, outer : Line
    levels : ndarray
        Of the grid's corners, mm.
    cells : int
        Over the radius.
    modulus, poisson : float
    """

    inner: Line
    outer: Line
    levels: FloatArray
    cells: int
    modulus: float
    poisson: float

    @property
    def mesh(self) -> MeshQuad:
        """The grid, r first."""
        flat = MeshQuad.init_tensor(np.linspace(0.0, 1.0, self.cells + 1), self.levels)
        share, z = flat.p
        low = self.inner(z)
        return MeshQuad(np.stack([low + (self.outer(z) - low) * share, z]), flat.t)

    def on(self, line: Line, places: FloatArray) -> IntArray:
        """Rows of places, shape (2, n), on a line, in rising order of level."""
        rows = np.flatnonzero(np.abs(places[0] - line(places[1])) < 1e-8)
        return rows[np.argsort(places[1][rows])]


@dataclass(frozen=True, eq=False)
class Twisted:
    """A ring in torsion: compliance between twists and torques on a line.

    Attributes
    ----------
    levels : ndarray, shape (n,), mm
        Of the line's nodes.
    weights : ndarray, shape (n,), mm^3
        2 pi int r^2 N_i dz: torque per unit of friction.
    compliance : ndarray, shape (n, n)
        Twist at nodes under unit torques, rad / (N mm).
    loaded : ndarray, shape (n,)
        Twist under a unit torque on the end face at z = 0.
    """

    levels: FloatArray
    weights: FloatArray
    compliance: FloatArray
    loaded: FloatArray


def twisted(ring: Ring, line: Line, held_at: float) -> Twisted:
    """Solve a ring in torsion.

    Parameters
    ----------
    ring : Ring
    line : Line
        Its inner or outer one, where friction acts.
    held_at : float, mm
        Level of the face that does not turn.
    """
    mesh = ring.mesh
    basis = Basis(mesh, ElementQuad2(), intorder=6)
    shear = ring.modulus / (2 * (1 + ring.poisson))

    @BilinearForm
    def stiffness(w, v, at):
        r = at.x[0]
        return 2 * np.pi * shear * r**3 * (w.grad[0] * v.grad[0] + w.grad[1] * v.grad[1])

    @LinearForm
    def end_torque(v, at):
        return 2 * np.pi * at.x[0] ** 3 * v

    @LinearForm
    def friction(v, at):
        # Along the generator, whose length is hypot(1, slope) dz: skfem's facet measure.
        return 2 * np.pi * at.x[0] ** 2 * v

    matrix = stiffness.assemble(basis).tocsc()
    z = basis.doflocs[1]
    rows = ring.on(line, basis.doflocs)
    facets = mesh.facets_satisfying(lambda x: np.abs(x[0] - line(x[1])) < 1e-8, boundaries_only=True)
    weights = friction.assemble(FacetBasis(mesh, ElementQuad2(), facets=facets, intorder=6))[rows]
    ends = mesh.facets_satisfying(lambda x: np.abs(x[1] - ring.levels[0]) < 1e-9, boundaries_only=True)
    torque = end_torque.assemble(FacetBasis(mesh, ElementQuad2(), facets=ends, intorder=6))
    torque /= torque.sum()
    free = np.flatnonzero(np.abs(z - held_at) > 1e-9)
    factor = splu(matrix[free][:, free].tocsc())
    loads = np.zeros((len(z), len(rows) + 1))
    loads[rows, np.arange(len(rows))] = 1.0
    loads[:, -1] = torque
    found = np.zeros_like(loads)
    found[free] = factor.solve(loads[free])
    return Twisted(z[rows], weights, found[np.ix_(rows, range(len(rows)))], found[rows, -1])


@dataclass(frozen=True, eq=False)
class Turning:
    """A cyclic torque on a rod in a tube.

    Attributes
    ----------
    slip : ndarray, shape (n,), rad
        Peak to peak, of the last cycle.
    energy : ndarray, shape (n,), N mm
        Friction work of each node in the last cycle.
    """

    slip: FloatArray
    energy: FloatArray


def turn(
    compliance: FloatArray, loaded: FloatArray, limit: FloatArray, torques: FloatArray, cycle: int
) -> Turning:
    """Walk torques with Coulomb friction of a given limit at every node.

    Parameters
    ----------
    compliance : ndarray, shape (n, n)
        Relative twist under unit torques on the interface.
    loaded : ndarray, shape (n,)
        Relative twist under a unit torque on the rod.
    limit : ndarray, shape (n,), N mm
    torques : ndarray, shape (k,), N mm
    cycle : int
        Number of the last torques that make the judged cycle.
    """
    count = len(limit)
    forces, slip = np.zeros(count), np.zeros(count)
    stiffness = np.linalg.inv(compliance)
    slips, works = [], []
    for torque in torques:
        state = np.zeros(count, dtype=int)
        before = slip.copy()
        for _ in range(200):
            stuck = state == 0
            slip = before.copy()
            # forces = -K (slip - loaded T); slipping nodes carry their limit.
            base = stiffness @ (loaded * torque)
            moving = ~stuck
            if moving.any():
                right = base[moving] - state[moving] * limit[moving]
                right -= stiffness[np.ix_(moving, stuck)] @ before[stuck]
                slip[moving] = np.linalg.solve(stiffness[np.ix_(moving, moving)], right)
            forces = base - stiffness @ slip
            new = state.copy()
            new[stuck & (forces > limit * (1 + 1e-10))] = 1
            new[stuck & (forces < -limit * (1 + 1e-10))] = -1
            new[moving & ((slip - before) * state < -1e-16)] = 0
            if (new == state).all():
                break
            state = new
        else:
            raise RuntimeError("the states of friction cycle")
        slips.append(slip.copy())
        works.append(forces * (slip - before))
    last = np.array(slips[-cycle:])
    return Turning(last.max(axis=0) - last.min(axis=0), np.sum(works[-cycle:], axis=0))


@dataclass(frozen=True, eq=False)
class Pressed:
    """A ring under pressure on a line.

    Attributes
    ----------
    levels : ndarray, shape (n,), mm
    weights : ndarray, shape (n,), mm^2
        2 pi int r N_i ds: area of each node.
    compliance : ndarray, shape (n, n), mm/N
        Displacement along the normal under unit normal forces.
    """

    levels: FloatArray
    weights: FloatArray
    compliance: FloatArray


def pressed(ring: Ring, line: Line, slope: float, held_at: float) -> Pressed:
    """Solve a ring under normal forces on a line whose radius falls by `slope` a length.

    The face at `held_at` does not move along the axis.
    """
    mesh = ring.mesh
    basis = Basis(mesh, ElementVector(ElementQuad2()), intorder=6)
    nu = ring.poisson
    lame = ring.modulus * nu / ((1 + nu) * (1 - 2 * nu))
    shear = ring.modulus / (2 * (1 + nu))

    @BilinearForm
    def stiffness(u, v, at):
        r = at.x[0]

        def strains(w):
            return w.grad[0, 0], w.grad[1, 1], w[0] / r, w.grad[0, 1] + w.grad[1, 0]

        (a, b, c, d), (e, f, g, h) = strains(u), strains(v)
        return (
            2
            * np.pi
            * r
            * (lame * (a + b + c) * (e + f + g) + 2 * shear * (a * e + b * f + c * g) + shear * d * h)
        )

    scalar = Basis(mesh, ElementQuad2(), intorder=6)
    rows = ring.on(line, scalar.doflocs)
    facets = mesh.facets_satisfying(lambda x: np.abs(x[0] - line(x[1])) < 1e-8, boundaries_only=True)

    @LinearForm
    def area(v, at):
        return 2 * np.pi * at.x[0] * v

    weights = area.assemble(FacetBasis(mesh, ElementQuad2(), facets=facets, intorder=6))[rows]
    matrix = stiffness.assemble(basis).tocsc()
    places = basis.doflocs
    radial, axial = (_dofs(basis, name) for name in ("u^1", "u^2"))
    level = scalar.doflocs[:, rows]
    order = [
        (radial[_nearest(places[:, radial], place)], axial[_nearest(places[:, axial], place)])
        for place in level.T
    ]
    held = axial[np.abs(places[1, axial] - held_at) < 1e-9]
    free = np.setdiff1d(np.arange(matrix.shape[0]), held)
    normal = np.array([1.0, slope]) / np.hypot(1.0, slope)
    loads = np.zeros((matrix.shape[0], len(rows)))
    for column, (r, z) in enumerate(order):
        loads[[r, z], column] = normal
    found = np.zeros_like(loads)
    found[free] = splu(matrix[free][:, free].tocsc()).solve(loads[free])
    return Pressed(level[1], weights, loads.T @ found)


def _dofs(basis: Basis, name: str) -> IntArray:
    """Unknowns of one component at vertices, edges and middles."""
    kinds = (basis.nodal_dofs, basis.facet_dofs, basis.interior_dofs)
    row = 0 if name == "u^1" else 1
    return np.concatenate([dofs[row::2].ravel() for dofs in kinds])


def _nearest(places: FloatArray, place: FloatArray) -> int:
    return int(np.argmin(np.hypot(*(places - place[:, None]))))


def contact(give: FloatArray, gap: FloatArray) -> FloatArray:
    """Return the normal forces, shape (n,), N, that close a gap (negative: overlap) with a compliance."""
    closed = gap < 0.0
    for _ in range(200):
        forces = np.zeros(len(gap))
        forces[closed] = np.linalg.solve(give[np.ix_(closed, closed)], -gap[closed])
        left = gap + give @ forces
        new = (closed & (forces > 0.0)) | (~closed & (left < -1e-15))
        if (new == closed).all():
            return forces
        closed = new
    raise RuntimeError("the states of contact cycle")
