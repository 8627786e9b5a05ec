"""Stem in a tube of bone, bonded, in bending.

A bored stem fills a tube without play and is bonded to it: once in its axis, once shifted across the plane of
bending. With one Poisson's ratio for both, pure bending by the curvature kappa about x is exact in three
dimensions: with y_0 the neutral axis and z from the middle section,

    u_x = -nu kappa x (y - y_0)
    u_y = -kappa z^2 / 2 - nu kappa ((y - y_0)^2 - x^2) / 2
    u_z = kappa z (y - y_0),        sigma_zz = E kappa (y - y_0), nothing else,

E being the modulus at the place: both bodies want the same strain across the axis, so that neither presses on
the other. The axial force vanishes, and the moment is kappa times the composite stiffness, with

    y_0 = sum E_i A_i y_i / sum E_i A_i,        EI = sum E_i (I_i + A_i (y_i - y_0)^2).

The linear traction of each material acts on the end face; the middle section is a plane of symmetry, and the
motions left free are held at single nodes. Stiffness is the moment of the nodal forces over the curvature
that the end face took; both it and the neutral axis are fits to the displacement of its nodes. Quadratic
displacements hold this solution but for the curved edges of the elements: the gate is 0.1 %, and 1 % for the
element stress in the L2 norm.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fea.mesh.parts import Part
from tests.bodies.one_body import displacement
from tests.bodies.structured import at, isotropic, tube
from tests.bodies.two_bodies import held_body, plane
from tests.verification.case import Answer, Check, Profile
from tests.verification.loads import traction
from tests.verification.norms import sample

SOURCE = "closed form, composite beam; project's verification cases, section 4"
SLOW = False

FloatArray = NDArray[np.float64]

#: Radii of bore, stem and bone, half the length, mm.
BORE, STEM, BONE, HALF = 3.0, 7.0, 14.0, 20.0
#: MPa, titanium and cortical bone; one Poisson's ratio.
E_STEM, E_BONE, POISSON = 110000.0, 17000.0, 0.3
SHIFT, CURVATURE, GATE = 2.5, 1e-5, 1e-3  # mm, 1/mm
#: Points in the figure, some of many.
SHOWN = 40
#: Cells along the radius (half of them in the stem), the circumference and the axis.
CELLS = (6, 24, 4)


@dataclass(frozen=True)
class Section:
    """The composite section with its stem shifted along y, mm: neutral axis in mm, stiffness in N mm^2."""

    shift: float

    def parts(self) -> tuple[tuple[float, float, float, float], ...]:
        """Modulus, area, centre and own second moment of each circle; holes count as negative."""

        def disc(modulus: float, radius: float, centre: float) -> tuple[float, float, float, float]:
            return modulus, np.pi * radius**2, centre, np.pi * radius**4 / 4

        return (
            disc(E_BONE, BONE, 0.0), disc(-E_BONE, STEM, self.shift),
            disc(E_STEM, STEM, self.shift), disc(-E_STEM, BORE, self.shift),
        )  # fmt: skip

    @property
    def neutral(self) -> float:
        """Level of the neutral axis."""
        return sum(e * a * y for e, a, y, _ in self.parts()) / sum(e * a for e, a, _, _ in self.parts())

    @property
    def stiffness(self) -> float:
        """Bending stiffness about the neutral axis."""
        return sum(e * (i + a * (y - self.neutral) ** 2) for e, a, y, i in self.parts())


def solve() -> Answer:
    """Concentric, then shifted; the course of the axial stress is that of the shifted stem."""
    checks = []
    for words, shift in (("concentric", 0.0), ("stem shifted", SHIFT)):
        section = Section(shift)
        part, material = body(shift)
        moved, loads = bent(part, material, section)
        stiffness, neutral = measured(part, moved, loads)
        checks.append(
            Check(f"bending stiffness, {words}, N m^2", section.stiffness * 1e-6, stiffness * 1e-6, GATE)
        )
        if shift:
            checks.append(Check(f"neutral axis, {words}, mm", section.neutral, neutral, GATE))
    y, stress, error = axial_stress(part, material, moved, section)
    checks.append(Check("L2 error of axial stress, stem shifted, of its size", 0.0, error, 10 * GATE, False))
    line = exact_course(section)
    return Answer(
        checks=tuple(checks),
        mesh=f"{moved.size:,} unknowns",
        profile=Profile("y from the axis of the bone, mm", "axial stress, MPa", *line, y, stress),
        note="The figure shows the element stresses of the shifted stem beside the plane of bending.",
    )


def body(shift: float) -> tuple[Part, FloatArray]:
    """Stem and bone as one body, the circles between bone's outside and stem moving off centre; materials."""

    def move(points: FloatArray) -> FloatArray:
        radius, scale = np.hypot(points[:, 0], points[:, 1]), np.array([2.0, 4.0, 6.0])
        new = np.interp(radius, scale, (BORE, STEM, BONE)) / radius
        aside = np.interp(radius, scale, (shift, shift, 0.0))
        return np.column_stack([points[:, 0] * new, points[:, 1] * new + aside, points[:, 2]])

    def in_stem(points: FloatArray) -> NDArray[np.bool_]:
        return np.hypot(points[:, 0], points[:, 1] - shift) < STEM + 1e-9

    rules = {"stem_end": lambda points: at(2, HALF)(points) & in_stem(points), "bone_end": at(2, HALF)}
    part = tube("composite", (2.0, 6.0), (0.0, HALF), CELLS, rules, move)
    inside = in_stem(part.points)[part.tets].all(axis=1)
    stem, bone = isotropic(E_STEM, POISSON), isotropic(E_BONE, POISSON)
    return part, np.where(inside[:, None, None], stem, bone)


def bent(part: Part, material: FloatArray, section: Section) -> tuple[FloatArray, FloatArray]:
    """Displacement, shape (n, 3), under the exact traction of each material, and its nodal forces."""
    loads = np.zeros(part.points.size)
    for name, modulus in (("stem_end", E_STEM), ("bone_end", E_BONE)):

        def pull(places: FloatArray, normals: FloatArray, modulus: float = modulus) -> FloatArray:
            return modulus * CURVATURE * (places[:, 1:2] - section.neutral) * normals

        loads += traction(part, part.facets[name], pull)
    symmetry = plane(part, 2, 0.0, (2,))
    held = np.r_[symmetry, held_body(part, material, symmetry).pins]
    return displacement(part, material, held, loads), loads


def measured(part: Part, moved: FloatArray, loads: FloatArray) -> tuple[float, float]:
    """Bending stiffness, N mm^2, and neutral axis, mm, by a linear fit to u_z of the end face."""
    end = np.abs(part.points[:, 2] - HALF) < 1e-9
    slope, offset = np.polyfit(part.points[end, 1], moved[end, 2], 1)
    moment = part.points[:, 1] @ loads.reshape(-1, 3)[:, 2]
    return float(moment * HALF / slope), float(-offset / slope)


def axial_stress(
    part: Part, material: FloatArray, moved: FloatArray, section: Section
) -> tuple[FloatArray, FloatArray, float]:
    """Height y and element stress beside the plane of bending, and the L2 error of stress everywhere."""
    sampled = sample(part, moved)
    stress = np.einsum("mj,mqj->mq", material[:, 2], sampled.strain)
    y, across = sampled.places[..., 1], np.abs(sampled.places[..., 0])
    modulus = 1 / np.linalg.inv(material)[:, 2, 2]
    exact = modulus[:, None] * CURVATURE * (y - section.neutral)
    error = np.sqrt((sampled.volume * (stress - exact) ** 2).sum() / (sampled.volume * exact**2).sum())
    near = (across < 0.4) & (sampled.places[..., 2] > 0.75 * HALF)
    some = np.argsort(y[near])[:: max(1, near.sum() // SHOWN)]
    return y[near][some], stress[near][some], float(error)


def exact_course(section: Section) -> tuple[FloatArray, FloatArray]:
    """Height y and axial stress in the plane of bending, parted at the bore."""
    low, high = section.shift - STEM, section.shift + STEM
    bore = section.shift - BORE, section.shift + BORE
    y = np.array([-BONE, low, low, bore[0], np.nan, bore[1], high, high, BONE])
    modulus = np.array([E_BONE] * 2 + [E_STEM] * 5 + [E_BONE] * 2)
    return y, modulus * CURVATURE * (y - section.neutral)
