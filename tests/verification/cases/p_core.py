"""Bone of two materials: a cancellous core within a cortical shell.

A solid stem is pressed without friction into a tube of two bonded rings, Lamé's equations for three parts
(`three_rings`): between rigid walls, plane strain; and with free ends, where with one Poisson's ratio of the
core plane stress is exact. Taken for one material, cortical bone, the pressure between rigid walls would be
61.1 MPa instead of 20.6.

The bone's mesh is then bent, as in `l_composite_bending`: with one Poisson's ratio pure bending is exact and
its stiffness is pi (E_core (b^4 - a^4) + E_shell (c^4 - b^4)) / 4. At last its boundary is displaced by a
linear field, which with one material the inside must follow to round-off; and the core's volume is that of
the ring.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fea.mesh.parts import Part
from fea.model.cancellous import bone_materials
from fea.study import Study
from geometry.zones import CANCELLOUS
from tests.bodies.one_body import displacement
from tests.bodies.structured import isotropic
from tests.bodies.two_bodies import held_body, plane
from tests.verification.case import Answer, Check
from tests.verification.lame import FITS
from tests.verification.loads import traction
from tests.verification.norms import sample
from tests.verification.press_fits import canal, nodal_mean, press_fit, pressure, unknowns
from tests.verification.three_rings import ThreeRings

SOURCE = "Lamé, three parts; closed form, composite beam"
SLOW = False

FloatArray = NDArray[np.float64]

#: The sections of the two public cases.
STRAIN = ThreeRings(7, 10, 14, (110000, 0.3), (2000, 0.2), (17000, 0.3), 0.05).plane_strain
STRESS = ThreeRings(7, 12, 14, (110000, 0.3), (8000, 0.2), (17000, 0.2), 0.05).matched()
#: In bending: radii in mm, moduli in MPa, one Poisson's ratio, curvature in 1/mm.
A, B, C, LENGTH = 7.0, 10.0, 14.0, 14.0
CORE, SHELL, POISSON, CURVATURE = 2000.0, 17000.0, 0.3, 1e-5


def solve() -> Answer:
    """Press the stem in twice; then bend the bone, and displace its boundary."""
    checks, strain = [], press_fit("ct1")
    for study, exact, words in (
        (strain, STRAIN, "plane strain"),
        (press_fit("ct2"), STRESS, "plane stress"),
    ):
        checks += held(study, exact, words)
    part = strain.mesh.bone
    stiffness, stress = bent(part)
    checks += [
        Check("bending stiffness of core and shell, N m^2", composite() * 1e-6, stiffness * 1e-6, 1e-3),
        Check("L2 error of axial stress in bending, of its size", 0.0, stress, 0.01, relative=False),
        Check(
            "linear displacement, one material: largest error of strain, of its size",
            0.0,
            linear(part),
            1e-9,
            relative=False,
        ),
        Check("volume of the core, mm^3", np.pi * (B**2 - A**2) * LENGTH, core_volume(part), 1e-4),
        Check("laws of elements beside those of core and shell", 0.0, crossed(strain), 0.5, relative=False),
    ]
    return Answer(
        checks=tuple(checks),
        mesh=f"{unknowns(strain)} unknowns, recommended size {strain.case.mesh.interface:.3g} mm,"
        f" {len(part.regions[CANCELLOUS])} elements in the core",
        note=f"With the whole bone taken as cortical the closed form says"
        f" {FITS['a1'].plane_strain.pressure:.4g} MPa between rigid walls.",
    )


def held(study: Study, exact: ThreeRings, words: str) -> list[Check]:
    """Gates on pressure and widening."""
    p, _ = exact.pressures
    found = pressure(study, p, 0.1 * study.case.bone.length)
    widened, _ = canal(study)
    off = f"pointwise error of the pressure away from the ends, root mean square, {words}"
    moved = f"radial displacement of the bone, {words}, mm"
    return [
        Check(f"mean pressure, {words}, MPa", p, found.mean, 5e-3),
        Check(off, 0.0, found.rms, 0.02, relative=False),
        Check(moved, exact.widening, nodal_mean(study, widened), 2e-3),
    ]


def materials(part: Part, shell: FloatArray, core: FloatArray) -> FloatArray:
    """Stiffness of each element, MPa."""
    found = np.broadcast_to(shell, (len(part.tets), 6, 6)).copy()
    found[part.regions[CANCELLOUS]] = core
    return found


def composite() -> float:
    """Bending stiffness of the section, N mm^2."""
    return float(np.pi / 4 * (CORE * (B**4 - A**4) + SHELL * (C**4 - B**4)))


def bent(part: Part) -> tuple[float, float]:
    """Bending stiffness, N mm^2, and L2 error of the axial stress, under each material's exact traction."""
    material = materials(part, isotropic(SHELL, POISSON), isotropic(CORE, POISSON))
    end = part.facets["proximal"]
    across = np.hypot(*part.points[end[:, :3]].mean(axis=1)[:, :2].T)
    loads = np.zeros(part.points.size)
    for modulus, facets in ((CORE, end[across < B]), (SHELL, end[across > B])):

        def pull(places: FloatArray, normals: FloatArray, modulus: float = modulus) -> FloatArray:
            return modulus * CURVATURE * places[:, 1:2] * normals

        loads += traction(part, facets, pull)
    symmetry = plane(part, 2, 0.0, (2,))
    held_at = np.r_[symmetry, held_body(part, material, symmetry).pins]
    moved = displacement(part, material, held_at, loads)
    face = np.abs(part.points[:, 2] - LENGTH) < 1e-9
    slope, _ = np.polyfit(part.points[face, 1], moved[face, 2], 1)
    sampled = sample(part, moved)
    stress = np.einsum("mj,mqj->mq", material[:, 2], sampled.strain)
    exact = (1 / np.linalg.inv(material)[:, 2, 2])[:, None] * CURVATURE * sampled.places[..., 1]
    error = np.sqrt((sampled.volume * (stress - exact) ** 2).sum() / (sampled.volume * exact**2).sum())
    return float(part.points[:, 1] @ loads.reshape(-1, 3)[:, 2] * LENGTH / slope), float(error)


def linear(part: Part) -> float:
    """Largest error of strain, over the prescribed one, where the boundary follows a linear field."""
    gradient = 1e-4 * np.array([[1.0, 0.3, -0.2], [0.1, -0.7, 0.4], [0.5, 0.2, 0.6]])
    exact = part.points @ gradient.T
    skin = np.unique(np.concatenate(list(part.facets.values())))
    fixed = (3 * skin[:, None] + np.arange(3)).ravel()
    law = isotropic(SHELL, POISSON)
    moved = displacement(part, materials(part, law, law), fixed, np.zeros(exact.size), exact.ravel())
    whole = gradient + gradient.T
    wanted = np.array([*np.diag(gradient), whole[0, 1], whole[1, 2], whole[0, 2]])
    return float(np.abs(sample(part, moved).strain - wanted).max() / np.abs(wanted).max())


def core_volume(part: Part) -> float:
    """Volume of the core's curved elements, mm^3."""
    core = Part("core", part.points, part.tets[part.regions[CANCELLOUS]], {})
    return float(sample(core, np.zeros_like(part.points)).volume.sum())


def crossed(study: Study) -> float:
    """How many laws the elements have beside those of the two materials: none on a conforming mesh."""
    found = bone_materials(study.case, study.mesh)
    laws = {round(float(value), 3) for value in found[:, 5, 5]}
    return float(len(laws) - 2)
