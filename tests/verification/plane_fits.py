"""A round stem in a bone of any section that is symmetric about x, in plane strain, by a code of its own.

Half the section, 0 to 180 degrees, in polar coordinates about the stem's axis: biquadratic quadrilaterals
(scikit-fem), the compliance of both rings at the common angles of their surfaces' nodes, and contact without
friction as a linear complementarity problem, solved by its active set; the stem's way along x is one more
unknown, with equilibrium as its equation. Forces act along the radius, which is the stem's normal. Nothing
of the program's meshing, elements or contact is used.

`tests/verification/test_plane_fits.py` holds it against Lamé's and Michell's rings and against Persson's
cylinder in the hole of an infinite plate (`persson_load`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import splu
from skfem import Basis, BilinearForm, ElementQuad2, ElementVector, MeshQuad, MeshQuad2

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
#: Radius in mm about the stem's axis at angles in rad.
Shape = Callable[[FloatArray], FloatArray]
#: Young's modulus in MPa and Poisson's ratio.
Law = tuple[float, float]


def circle(radius: float, offset: float = 0.0) -> Shape:
    """A circle whose centre lies at x = -offset; radius and offset in mm."""
    return lambda angle: np.sqrt(radius**2 - (offset * np.sin(angle)) ** 2) - offset * np.cos(angle)


def ellipse(along_x: float, along_y: float) -> Shape:
    """An ellipse by its semi-axes, mm."""
    return lambda angle: 1.0 / np.hypot(np.cos(angle) / along_x, np.sin(angle) / along_y)


@dataclass(frozen=True)
class Section:
    """Two bodies and how they are held.

    Attributes
    ----------
    bore, radius : float, mm
        Of the stem.
    canal, outer : Shape
        Of the bone.
    stem, bone : Law
    interference : float, mm
        Radial, beside what the shapes overlap.
    rigid
        Whether the stem's bore is rigid and does not turn, and the bone's outer surface is held; else
        both are free, and nothing but contact acts.
    force : float or None, N/mm
        Of a rigid bore along x; None where it is held in place.
    cut
        Whether bone that the nominal stem overlaps is taken out of the stem before it is meshed, as the
        program does, and forces act along the normal of the surface that is left. Both are conventions of
        small deformations, whose answers differ by shares of the order of overlap and gap over radius.
    """

    bore: float
    radius: float
    canal: Shape
    outer: Shape
    stem: Law
    bone: Law
    interference: float = 0.0
    rigid: bool = False
    force: float | None = None
    cut: bool = False

    def surface(self, angle: FloatArray) -> FloatArray:
        """Radius of the stem as it is meshed, mm."""
        nominal = np.full_like(angle, self.radius)
        return np.minimum(nominal, self.canal(angle)) if self.cut else nominal

    def gap(self, angle: FloatArray) -> FloatArray:
        """Gap less interference along the radius, mm."""
        return self.canal(angle) - self.radius - self.interference


@dataclass(frozen=True, eq=False)
class PlaneContact:
    """What contact came to.

    Attributes
    ----------
    angle, pressure : ndarray, shape (n,), rad and MPa
        From 0 to pi; at a node its force over what Simpson's rule gives it of the length.
    mean : float, MPa
        Over the whole circumference of the stem's nominal radius.
    resultant : float, N/mm
        Of the pressure on the stem's whole circumference, against x.
    shift : float, mm
        Way of a rigid bore along x.
    wider : tuple of 2 floats, mm
        Growth of the bone's outer width along x and along y (twice what the half has).
    """

    angle: FloatArray
    pressure: FloatArray
    mean: float
    resultant: float
    shift: float
    wider: tuple[float, float]

    def at(self, angle: FloatArray) -> FloatArray:
        """Pressure at any angle, MPa."""
        return np.interp(np.abs((angle + np.pi) % (2 * np.pi) - np.pi), self.angle, self.pressure)

    @property
    def closed(self) -> float:
        """Angle over which the half is in contact, rad."""
        marks = np.r_[0.0, self.edges, np.pi]
        first = 0 if self.pressure[0] > 0.0 else 1
        return float(np.diff(marks)[first::2].sum())

    @property
    def edges(self) -> FloatArray:
        """Angles at which contact begins or ends, rad: half-way between the last node and the next."""
        closed = self.pressure > 0.0
        at = np.flatnonzero(closed[1:] != closed[:-1])
        return 0.5 * (self.angle[at] + self.angle[at + 1])


def press(section: Section, cells: int, layers: int = 10) -> PlaneContact:
    """Bring the bodies into contact.

    Parameters
    ----------
    section
    cells
        Elements round the half.
    layers
        Elements along the radius of either body; their thickness grows with the radius.

    Returns
    -------
    PlaneContact
    """
    angle = np.linspace(0.0, np.pi, 2 * cells + 1)
    surface = section.surface(angle)
    normal, stretch = _normal(surface, angle)
    stem = _Half(np.full_like(angle, section.bore), surface, normal, section.stem, layers, section.rigid)
    bone = _Half(section.outer(angle), section.canal(angle), normal, section.bone, layers, section.rigid)
    compliance = stem.compliance + bone.compliance
    held = section.rigid and section.force is None
    force, shift = _complementary(
        compliance, section.gap(angle), None if held else normal[0], (section.force or 0.0) / 2
    )
    along = stretch * (angle[1] - angle[0]) * np.where(np.arange(len(angle)) % 2, 4.0, 2.0) / 3.0
    along[[0, -1]] /= 2.0
    moved = bone.far_response @ force
    return PlaneContact(
        angle,
        force / along,
        float(force.sum() / (np.pi * section.radius)),
        float(2.0 * force @ normal[0]),
        shift,
        (float(moved[0] - moved[1]), float(2.0 * moved[2])),
    )


def persson_load(half_angle: float) -> float:
    """Load of a cylinder in the hole of an infinite plate of its material over E / (1 - nu^2) and clearance.

    A. Persson, thesis, Chalmers 1964, as M. Ciavarella and P. Decuzzi, Int. J. Solids Struct. 38 (2001)
    4507-4523, write it; from general knowledge. The clearance is the difference of the radii, the load is
    that on a unit of length.

    Parameters
    ----------
    half_angle : float, rad
        Half the angle of contact.
    """
    b = np.tan(half_angle / 2)
    return float(np.pi * b**2 * (b**2 + 1) / (2.0 - (np.log(b**2 + 1) + 2 * b**4)))


def _complementary(
    compliance: FloatArray, gap: FloatArray, carried: FloatArray | None, load: float
) -> tuple[FloatArray, float]:
    """Find forces f >= 0 with gap + C f - carried shift >= 0 and carried . f = load."""
    count = len(gap)
    force, shift = np.zeros(count), 0.0
    active = gap < 0.0 if carried is None or not load else carried > 0.5
    for _ in range(200):
        rows = np.flatnonzero(active)
        matrix, right = compliance[np.ix_(rows, rows)], -gap[rows]
        if carried is not None:
            matrix = np.block([[matrix, -carried[rows, None]], [carried[None, rows], np.zeros((1, 1))]])
            right = np.r_[right, load]
        found = np.linalg.solve(matrix, right)
        force[:] = 0.0
        force[rows] = found[: len(rows)]
        shift = float(found[-1]) if carried is not None else 0.0
        rest = gap + compliance @ force - (0.0 if carried is None else shift * carried)
        now = (active & (force > 0.0)) | (~active & (rest < -1e-12))
        if np.array_equal(now, active):
            return force, shift
        active = now
    raise AssertionError("the active set of the plane code did not settle")


class _Half:
    """One body's compliance along the radius at the nodes of its contact surface."""

    def __init__(
        self, far: FloatArray, near: FloatArray, normal: FloatArray, law: Law, layers: int, rigid: bool
    ) -> None:
        count = len(near)
        plain = MeshQuad2.from_mesh(
            MeshQuad.init_tensor(np.linspace(0.0, 1.0, layers + 1), np.arange(0.0, count, 2.0))
        )
        share, row = plain.doflocs[0], np.round(plain.doflocs[1]).astype(int)
        angle = np.linspace(0.0, np.pi, count)
        radius = far[row] * (near[row] / far[row]) ** share
        mesh = MeshQuad2(radius * np.array([np.cos(angle[row]), np.sin(angle[row])]), plain.t)
        basis = Basis(mesh, ElementVector(ElementQuad2()), intorder=5)
        stiffness = _energy(*law).assemble(basis).tocsr()
        # The same elements on the plain strip tell which unknown lies where.
        strip = Basis(plain, ElementVector(ElementQuad2()), intorder=5).doflocs
        place, row = strip[0], np.round(strip[1]).astype(int)
        one, two = (np.sort(part) for part in basis.split_indices())
        on_axis = two[(row[two] == 0) | (row[two] == count - 1)]
        at_far = np.abs(place) < 1e-9
        if rigid:
            held = np.r_[on_axis, np.flatnonzero(at_far)]
        else:
            held = np.r_[on_axis, one[at_far[one] & (row[one] == 0)]]
        free = np.setdiff1d(np.arange(basis.N), held)
        near_rows = [_by_row(part[np.abs(place[part] - 1.0) < 1e-9], row) for part in (one, two)]
        far_rows = [_by_row(part[at_far[part]], row) for part in (one, two)]
        loads = np.zeros((basis.N, count))
        for part, component in zip(near_rows, normal, strict=True):
            loads[part, np.arange(count)] = component
        moved = np.zeros_like(loads)
        moved[free] = splu(stiffness[free][:, free].tocsc()).solve(loads[free])
        self.compliance = loads.T @ moved
        #: Displacement along x of the far surface at 0 and at 180 degrees, and along y at 90, per force.
        self.far_response = np.stack(
            [moved[far_rows[0][0]], moved[far_rows[0][-1]], moved[far_rows[1][count // 2]]]
        )


def _normal(radius: FloatArray, angle: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Unit normals of a curve in polar coordinates, shape (2, n), and its length on a unit of angle, mm."""
    slope = np.gradient(radius, angle, edge_order=2)
    slope[[0, -1]] = 0.0
    along = np.array(
        [radius * np.cos(angle) + slope * np.sin(angle), radius * np.sin(angle) - slope * np.cos(angle)]
    )
    stretch = np.hypot(radius, slope)
    return along / stretch, stretch


def _by_row(unknowns: IntArray, row: IntArray) -> IntArray:
    return unknowns[np.argsort(row[unknowns])]


def _energy(modulus: float, poisson: float) -> BilinearForm:
    shear = modulus / (2 * (1 + poisson))
    lame = modulus * poisson / ((1 + poisson) * (1 - 2 * poisson))

    @BilinearForm
    def energy(u, v, _):
        (a, c), (d, b) = u.grad
        (e, g), (h, f) = v.grad
        return lame * (a + b) * (e + f) + 2 * shear * (a * e + b * f) + shear * (c + d) * (g + h)

    return energy
