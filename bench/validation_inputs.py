"""What the validation is held against, and what it had to assume: each number with source and grade.

Grades: A read in the primary source, B second-hand, C1 C2 C3 engineering assumption from confident to
placeholder, D derived.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from materials.elasticity import Elasticity, Isotropic, TransverselyIsotropic


@dataclass(frozen=True)
class Measured:
    """Mean and standard deviation of a series, grade A."""

    what: str
    mean: float
    deviation: float
    unit: str
    count: str


#: Welke 2013, BioMed Eng OnLine 12:70, abstract.
PULL_OUT = Measured("pull-out force, synthetic femora", 3571.0, 919.0, "N", "8")
SYNTHETIC_FAILURE = Measured("failure moment, synthetic femora", 160.6, 27.5, "N m", "8 or 16")
HUMAN_FAILURE = Measured("failure moment, human femora", 100.4, 38.5, "N m", "8")

#: Prochor and Sajewicz 2019, BioMed Res Int 2019:6067952, abstract: length in mm, admissible force in N.
ADMISSIBLE = ((75.0, 140.0), (130.0, 560.0))
#: The same paper's table 3 (a), diameter 19 mm: length in mm, sliding under 1000 N in um.
SLIDING = (
    (75, 557.38), (80, 511.78), (85, 478.15), (90, 414.31), (95, 355.50), (100, 327.29),
    (105, 180.78), (110, 77.68), (115, 77.58), (120, 76.88), (125, 76.20), (130, 76.02),
)  # fmt: skip


@dataclass(frozen=True)
class Range:
    """An input that could not be read, uniform between two values or between their logarithms."""

    key: str
    words: str
    unit: str
    low: float
    high: float
    grade: str
    source: str
    logarithmic: bool = False

    def at(self, share: float) -> float:
        """Value at a share of the range."""
        if self.logarithmic:
            return float(self.low * (self.high / self.low) ** share)
        return float(self.low + share * (self.high - self.low))

    def position(self, value: float) -> float:
        """Share of the range at a value."""
        if self.logarithmic:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


_FIELD = "general knowledge of the field"
_PLACEHOLDER = "placeholder; the implant was not named in what was read"

FRICTION = Range("friction", "friction", "1", 0.3, 0.6, "C2", f"{_FIELD}: the low part of 0.3 to 1.3")
#: Inputs of bending but for the bone's modulus; those of the pull-out are among them.
BENDING = (
    Range("outer", "outer diameter of the shaft", "mm", 26.0, 30.0, "C2", f"{_FIELD}, mid-shaft"),
    Range("wall", "wall before reaming", "mm", 5.0, 8.0, "C2", f"{_FIELD}, mid-shaft"),
    Range("stem", "diameter of stem and reamed canal", "mm", 14.0, 20.0, "C3", _PLACEHOLDER),
    Range("length", "length of the stem in the bone", "mm", 120.0, 160.0, "C3", _PLACEHOLDER),
    Range("stem_modulus", "modulus of the stem", "MPa", 110e3, 230e3, "C1",
          f"{_FIELD}: titanium alloy to cobalt-chromium"),
    Range("interference", "effective diametral interference", "µm", 2.5, 50.0, "D",
          "band of the default case, uniform in the logarithm", logarithmic=True),
    FRICTION,
    Range("span", "length over which the rotation is read", "mm", 100.0, 160.0, "C3",
          "placeholder; the rig's spans were not in what was read"),
)  # fmt: skip


@dataclass(frozen=True)
class Bone:
    """A kind of specimen in bending.

    Attributes
    ----------
    words
    modulus : Range
        Along the axis.
    elasticity
        Law of an axial modulus in MPa.
    moment : float, N mm
        At which the rigidity is read: half the measured failure moment.
    measured : Measured
    """

    words: str
    modulus: Range
    elasticity: Callable[[float], Elasticity]
    moment: float
    measured: Measured


def human(axial: float) -> Elasticity:
    """Return Reilly and Burstein's set, all moduli scaled to an axial one in MPa."""
    scale = axial / 17000.0
    return TransverselyIsotropic(11500.0 * scale, axial, 0.58, 0.46, 3300.0 * scale)


def synthetic(modulus: float) -> Elasticity:
    """Return an isotropic composite."""
    return Isotropic(modulus, 0.3)


SYNTHETIC = Bone(
    "synthetic femora",
    Range("modulus", "modulus of synthetic bone", "MPa", 10700.0, 16700.0, "A and C1",
          "A: 10.7 GPa, mean of bending tests on the cortical part of a fourth-generation femur (University "
          "of Strathclyde, World Congress of Biomechanics 2014, abstract); C1: the maker's 16.0 to 16.7 GPa"),
    synthetic,
    500.0 * SYNTHETIC_FAILURE.mean,
    Measured("flexural rigidity, synthetic femora", 189.0, 22.6, "N m²", "8 or 16"),
)  # fmt: skip
HUMAN = Bone(
    "human femora",
    Range("modulus", "axial modulus of human bone", "MPa", 17000.0, 20000.0, "B",
          "sets of Reilly and Burstein, Knets, Ashman in Cowin 1989, table 3; Yoon and Katz's 27400 MPa, the "
          "stiffest, left out"),
    human,
    500.0 * HUMAN_FAILURE.mean,
    Measured("flexural rigidity, human femora", 137.8, 29.4, "N m²", "8"),
)  # fmt: skip
BONES = (SYNTHETIC, HUMAN)

#: Stem of the length effect, mm: the thinnest of the paper's, the one whose table was read. Grade A.
LENGTH_STEM = 19.0
#: Outer diameter of the bone round it, mm. Grade C2.
LENGTH_BONE = 30.0
