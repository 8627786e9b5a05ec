"""Pull-out against effective interference, and push-in against the stem's length, by the product."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from validation_closed_forms import Cylinders
from validation_inputs import BENDING, FRICTION, LENGTH_BONE, LENGTH_STEM, SYNTHETIC, human
from validation_reading import Climb
from validation_specimen import HELD_AT_MOUTH, HELD_FAR, Specimen, walk

from fea.model.build import Model
from fea.post.micromotion import area_percentile
from materials.elasticity import Isotropic

FloatArray = NDArray[np.float64]

#: Diametral interferences at which the product is solved, um.
INTERFERENCES_um = (1.0, 10.0, 50.0)
LENGTHS = (75.0, 90.0, 110.0, 130.0)
POISSON = 0.3
#: Young's modulus in MPa and Poisson's ratio of the stem of the length effect.
TITANIUM = (112000.0, 0.32)
#: Halvings of a rung: its height bounds the answer anyway, and every further one costs as much as the climb.
_CUT_BACKS = 3


class NotBracketed(RuntimeError):
    """All loads of a ladder were held, or not even its first."""


def climb(model: Model, interference_um: float, friction: float, ladder: FloatArray) -> Climb:
    """Climb a ladder of axial forces until there is no equilibrium.

    Parameters
    ----------
    model
    interference_um, friction
    ladder : ndarray, shape (k,), N
        Along z: negative pulls the stem out.

    Raises
    ------
    NotBracketed
        When the ladder does not hold the answer.
    """
    wrenches = np.zeros((len(ladder), 6))
    wrenches[:, 2] = ladder
    track = walk(model, interference_um, friction, wrenches, _CUT_BACKS)
    cycle = track.cycles[0] if track.cycles else ()
    if track.walk.loss is None or not cycle:
        raise NotBracketed(f"no loss, or no hold, between {ladder[0]:.0f} and {ladder[-1]:.0f} N")
    area, seated = model.operators.area, track.seated.jump[:, 1:]
    slid = [
        area_percentile(np.linalg.norm(point.jump[:, 1:] - seated, axis=1), area, 95.0) for point in cycle
    ]
    return Climb(
        interference_um,
        np.abs(np.r_[0.0, ladder[: len(cycle)]]),
        1e3 * np.r_[0.0, slid],
        float(abs(ladder[len(cycle)])),
    )


@dataclass(frozen=True, eq=False)
class PullOut:
    """One set of inputs: the closed form as a slope, the product at `INTERFERENCES_um`.

    Attributes
    ----------
    words
    friction
    slope : float, N/um
    climbs : tuple of Climb
    """

    words: str
    friction: float
    slope: float
    climbs: tuple[Climb, ...]

    @property
    def solved_slopes(self) -> list[float]:
        """Force at loss over interference as solved, N/um."""
        return [found.at_loss(found.interference_um) / found.interference_um for found in self.climbs]


def pull_out() -> tuple[PullOut, ...]:
    """Return the weakest corner, the middle of all ranges at either friction, the strongest corner."""
    by_key = {r.key: r for r in (*BENDING, SYNTHETIC.modulus)}
    weak = {"outer": 0, "stem": 1, "length": 0, "modulus": 0, "stem_modulus": 0}
    middle = dict.fromkeys(weak, 0.5)
    strong = {key: 1 - share for key, share in weak.items()}
    sets = (
        ("weakest corner", weak, HELD_AT_MOUTH, (FRICTION.low,)),
        ("middle", middle, HELD_FAR, (FRICTION.low, FRICTION.high)),
        ("strongest corner", strong, HELD_FAR, (FRICTION.high,)),
    )
    found = []
    for words, shares, supports, frictions in sets:
        size = {key: by_key[key].at(share) for key, share in shares.items()}
        specimen = Specimen(
            outer=size["outer"], canal=size["stem"], bone_length=size["length"] + 20.0,
            stem=size["stem"], stem_length=size["length"],
            bone_elasticity=Isotropic(size["modulus"], POISSON),
            stem_elasticity=Isotropic(size["stem_modulus"], POISSON), supports=supports,
        )  # fmt: skip
        model = specimen.model(specimen.mesh())
        closed = Cylinders(
            size["stem"] / 2, size["outer"] / 2, size["length"],
            (size["stem_modulus"], POISSON), (size["modulus"], POISSON),
        )  # fmt: skip
        for mu in frictions:
            slope = closed.slip_force(1.0, mu, at_mouth=supports is HELD_AT_MOUTH)
            rungs = -slope * np.r_[0.5, 0.8, np.arange(0.92, 1.1201, 0.01)]
            climbs = tuple(climb(model, um, mu, um * rungs) for um in INTERFERENCES_um)
            found.append(PullOut(words, mu, slope, climbs))
    return tuple(found)


@dataclass(frozen=True, eq=False)
class LengthRow:
    """Push-in at one friction, by length; bone held at its far end."""

    friction: float
    climbs: tuple[Climb, ...]

    def forces(self, interference_um: float, limit_um: float = np.inf) -> FloatArray:
        """Admissible forces, shape (4,), N; those at loss without a limit."""
        return np.array([found.admissible(interference_um, limit_um) for found in self.climbs])


def length_effect() -> tuple[LengthRow, ...]:
    """Push stems of every length in, at either end of the range of friction."""
    found: dict[float, list[Climb]] = {FRICTION.low: [], FRICTION.high: []}
    for length in LENGTHS:
        specimen = Specimen(
            outer=LENGTH_BONE, canal=LENGTH_STEM, bone_length=length + 20.0,
            stem=LENGTH_STEM, stem_length=length, bone_elasticity=human(17000.0),
            stem_elasticity=Isotropic(*TITANIUM), size=5.0,
        )  # fmt: skip
        model = specimen.model(specimen.mesh())
        for friction, climbs in found.items():
            ladder = length_estimate(length, friction) * np.r_[0.4, 0.7, np.arange(0.9, 1.5, 0.02)]
            climbs.append(climb(model, 10.0, friction, ladder))
    return tuple(LengthRow(friction, tuple(climbs)) for friction, climbs in found.items())


def length_estimate(length: float, friction: float, *, at_mouth: bool = False) -> float:
    """Push-in at 10 um in closed form, N; isotropic, with the modulus across the bone's axis."""
    closed = Cylinders(LENGTH_STEM / 2, LENGTH_BONE / 2, length, TITANIUM, (11500.0, 0.46))
    return closed.slip_force(10.0, friction, pulled=False, at_mouth=at_mouth)
