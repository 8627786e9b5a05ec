"""Stem, graded lattice and bone: a modulus that varies across the layer.

A solid stem of radius a carries a lattice up to the radius b, and both are pressed into a tube of outer
radius c with the radial interference delta, without friction, between rigid walls (plane strain). The
relative density falls from 0.8 at the core to 0.2 at the surface, linearly in the radius, so that
E(r) = E_s rho(r)^2 falls to a sixteenth. Within the layer, with lambda and mu those of E(r),

    sigma_r = (lambda + 2 mu) u' + lambda u / r,     sigma_t = lambda u' + (lambda + 2 mu) u / r,
    sigma_r' = (sigma_t - sigma_r) / r,

which is solved as a boundary value problem for u and sigma_r to 1e-9 (SciPy's collocation), with the stem
and the tube as in `p_coating_layer` on either side. That solver itself is held against the closed form for
a power law E = E_0 r^k, whose solutions are powers of r (Horgan & Chan, J. Elasticity 55, 1999; C):
u = A r^{m_1} + B r^{m_2} with m the roots of m^2 + k m + k nu' - 1 = 0, nu' = nu / (1 - nu).

The pressure is 58.1 MPa. It is solved through the public case file at the recommended mesh size, with the
six elements through the layer that this grading asks for. On the same mesh a stem without Poisson's ratio
whose density falls along its axis alone, from 0.9 to 0.7, is stretched: bars in series, exact however wide,
give the force A stretch / integral of dz / E(z). The layer's mean density is held against its integral.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_bvp

from fea.mesh.parts import Part
from fea.model.graded import element_density, element_stiffness
from materials.lattice import Grading, Lattice, lattice_of
from tests.bodies.one_body import displacement
from tests.bodies.two_bodies import held_body, plane
from tests.verification.case import Answer, Check
from tests.verification.cases.p_coating_layer import Ring
from tests.verification.loads import traction
from tests.verification.press_fits import canal, nodal_mean, press_fit, pressure, unknowns

SOURCE = "Radial equation with E(r); bars in series"
SLOW = False

FloatArray = NDArray[np.float64]
Modulus = Callable[[FloatArray], FloatArray]

#: Radii of stem, lattice and bone, length and radial interference, mm.
A, B, C, LENGTH, INTERFERENCE = 5.5, 7.0, 14.0, 7.0, 0.05
#: Young's modulus in MPa and Poisson's ratio of the stem, which is the lattice's solid, and of the bone.
STEM, BONE = (110000.0, 0.34), (17000.0, 0.3)
#: Relative density at core and surface, and the law's exponent.
CORE, SURFACE, EXPONENT = 0.8, 0.2, 2.0
#: Relative density at the distal and the proximal end of the bar, and its stretch.
DISTAL, PROXIMAL, STRETCH = 0.9, 0.7, 1e-3


def modulus(radius: FloatArray) -> FloatArray:
    """Young's modulus of the lattice, MPa."""
    density = SURFACE + (CORE - SURFACE) * (B - radius) / (B - A)
    return STEM[0] * density**EXPONENT


def graded(law: Modulus, poisson: float) -> tuple[float, float]:
    """Pressures between stem and layer and between layer and bone, MPa, in plane strain."""

    def slopes(radius: FloatArray, state: FloatArray) -> FloatArray:
        moved, radial = state
        shear = law(radius) / (2 * (1 + poisson))
        lame = 2 * shear * poisson / (1 - 2 * poisson)
        strain = (radial - lame * moved / radius) / (lame + 2 * shear)
        around = lame * strain + (lame + 2 * shear) * moved / radius
        return np.vstack([strain, (around - radial) / radius])

    def ends(inner: FloatArray, outer: FloatArray) -> FloatArray:
        stem = Ring(0.0, A, STEM).displacement(0, -inner[1], A)
        bone = Ring(B, C, BONE).displacement(-outer[1], 0, B)
        return np.array([inner[0] - stem, bone - outer[0] - INTERFERENCE])

    radius = np.linspace(A, B, 41)
    guess = np.vstack([np.full_like(radius, -1e-3), np.full_like(radius, -50.0)])
    found = solve_bvp(slopes, ends, radius, guess, tol=1e-9, max_nodes=10**5)
    assert found.success
    return float(-found.y[1, 0]), float(-found.y[1, -1])


def power_law(start: float, power: float, poisson: float) -> float:
    """Pressure between layer and bone, MPa, where E = start (r / A)^power: closed form."""
    ratio = poisson / (1 - poisson)
    roots = np.roots([1.0, power, power * ratio - 1.0]).real

    def stiffness(radius: float) -> float:
        young = start * (radius / A) ** power
        return young * (1 - poisson) / ((1 + poisson) * (1 - 2 * poisson))

    def rows(radius: float) -> tuple[FloatArray, FloatArray]:
        """Displacement and radial stress of both solutions."""
        return radius**roots, stiffness(radius) * (roots + ratio) * radius ** (roots - 1)

    (at_a, stress_a), (at_b, stress_b) = rows(A), rows(B)
    give_stem = Ring(0.0, A, STEM).displacement(0, 1, A)
    give_bone = Ring(B, C, BONE).displacement(1, 0, B)
    system = np.array([at_a + give_stem * stress_a, -give_bone * stress_b - at_b])
    return float(-stress_b @ np.linalg.solve(system, [0.0, INTERFERENCE]))


def solve() -> Answer:
    """Press the stem in; then stretch it with a density that changes along its axis."""
    study = press_fit("gl1")
    part, lattice = study.mesh.stem, study.case.layer_materials["coated"]
    assert isinstance(lattice, Lattice)
    _, exact = graded(modulus, STEM[1])
    found = pressure(study, exact, 0.1 * LENGTH)
    widened, _ = canal(study)
    closed = power_law(STEM[0], -4.0, STEM[1])
    _, solver = graded(lambda radius: STEM[0] * (radius / A) ** -4.0, STEM[1])
    density, volume = element_density(part, part.regions["coated"], lattice)
    whole, force = series(part, lattice)
    through = study.case.stem.coatings[0].elements
    return Answer(
        checks=(
            Check("mean pressure, MPa", exact, found.mean, 5e-3),
            Check("pointwise error of the pressure away from the ends, root mean square", 0.0, found.rms,
                  0.02, relative=False),
            Check("radial displacement of the bone, mm", Ring(B, C, BONE).displacement(exact, 0, B),
                  nodal_mean(study, widened), 5e-3),
            Check("the reference's own solver: pressure for a power law, MPa", closed, solver, 1e-6),
            Check("mean relative density of the layer's elements", mean_density(),
                  float(density @ volume / volume.sum()), 1e-4),
            Check("mean relative density of the layer's exact volume", mean_density(), lattice.mean_density,
                  1e-12),
            Check("density along the axis, bars in series: force at a stretch of 7 um, N", force, whole,
                  5e-3),
        ),
        mesh=f"{unknowns(study)} unknowns, recommended size {study.case.mesh.interface:.3g} mm,"
        f" {len(part.regions['coated'])} elements in the layer, {through} through it",
        note="With the modulus taken at the elements' centroids instead of its mean over them, the pressure"
        " would be 0.6 % too high.",
    )  # fmt: skip


def mean_density() -> float:
    """Mean of the density over the ring, by hand: (SURFACE + CORE) / 2 and the part that leans on r dr."""
    middle, half = (A + B) / 2, (B - A) / 2
    return (SURFACE + CORE) / 2 + (SURFACE - CORE) / 2 * half / (3 * middle)


def series(part: Part, lattice: Lattice) -> tuple[float, float]:
    """Force, N, that stretches a bar whose modulus changes along it: found and exact."""
    along = lattice_of(
        "along", lattice.solid, lattice.law, Grading((DISTAL, PROXIMAL), (DISTAL, PROXIMAL)),
        lattice.places, 0.0,
    )  # fmt: skip
    everything = np.arange(len(part.tets))
    material = element_stiffness(part, everything, along)
    end = part.facets["proximal_end"]
    area = np.pi * B**2

    def pull(places: FloatArray, normals: FloatArray) -> FloatArray:
        return normals * np.ones_like(places[:, :1])

    loads = traction(part, end, pull)
    symmetry = plane(part, 2, 0.0, (2,))
    held = np.r_[symmetry, held_body(part, material, symmetry).pins]
    moved = displacement(part, material, held, loads)
    face = np.abs(part.points[:, 2] - LENGTH) < 1e-9
    mean = float(loads.reshape(-1, 3)[face, 2] @ moved[face, 2] / loads.reshape(-1, 3)[face, 2].sum())
    force = float(loads.reshape(-1, 3)[:, 2].sum())
    # The integral of dz / (E_s rho^2), rho linear in z, is LENGTH / (E_s rho_0 rho_1).
    exact = area * STEM[0] * DISTAL * PROXIMAL * STRETCH
    return force * STRETCH * LENGTH / mean, exact
