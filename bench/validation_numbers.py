"""The computed numbers of the validation as those see them who draw and write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from validation_axial import LengthRow, PullOut
from validation_inputs import PULL_OUT, Bone
from validation_reading import Climb

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Numbers:
    """Everything that was solved.

    Attributes
    ----------
    inputs : mapping of a bone's words to the samples
    rigidity : mapping of a bone's words to arrays by the names of `Rigidity`, N m^2
    unknowns : tuple of 2 ints
        Least and largest mesh of the samples.
    finer_unknowns, finer_change : int, mapping of name to float
        The finer mesh, and by how much it changed the sample's rigidities, as shares.
    pull_out : tuple of PullOut
    length : tuple of LengthRow
    """

    inputs: Mapping[str, list[dict[str, float]]]
    rigidity: Mapping[str, Mapping[str, FloatArray]]
    unknowns: tuple[int, int]
    finer_unknowns: int
    finer_change: Mapping[str, float]
    pull_out: tuple[PullOut, ...]
    length: tuple[LengthRow, ...]

    def band(self, bone: Bone, name: str) -> tuple[float, float, float]:
        """Least, median and largest rigidity of the samples, N m^2."""
        found = self.rigidity[bone.words][name]
        return float(np.nanmin(found)), float(np.nanmedian(found)), float(np.nanmax(found))

    @property
    def corners(self) -> tuple[PullOut, PullOut]:
        """Weakest and strongest corner of the pull-out's inputs."""
        return self.pull_out[0], self.pull_out[-1]

    @property
    def middles(self) -> tuple[PullOut, PullOut]:
        """All inputs in the middle but friction, at its lower and upper end."""
        return self.pull_out[1], self.pull_out[2]


def effective_interference(weak: PullOut, strong: PullOut, force: tuple[float, float]) -> tuple[float, float]:
    """Interval of diametral interference that gives an interval of pull-out forces, um.

    The slope is the product's at 10 um, where sliding is small.
    """
    return force[0] / strong.solved_slopes[1], force[1] / weak.solved_slopes[1]


def measured_interval() -> tuple[float, float]:
    """Mean pull-out force less and more a standard deviation, N."""
    return PULL_OUT.mean - PULL_OUT.deviation, PULL_OUT.mean + PULL_OUT.deviation


def read_numbers(kept: Mapping[str, Any]) -> Numbers:
    """Build the numbers from a JSON file's content."""
    bending = kept["bending"]
    rigidity = {
        words: {name: np.array([row[name] for row in rows]) for name in rows[0]}
        for words, rows in bending["found"].items()
    }
    finer = bending["finer"]
    coarse = next(iter(bending["found"].values()))[finer["number"]]
    return Numbers(
        inputs=bending["inputs"],
        rigidity=rigidity,
        unknowns=(min(bending["unknowns"]), max(bending["unknowns"])),
        finer_unknowns=finer["unknowns"],
        finer_change={
            name: finer["found"][name] / coarse[name] - 1.0 for name in ("through_stem", "through_bone")
        },
        pull_out=tuple(
            PullOut(row["words"], row["friction"], row["slope"], _climbs(row)) for row in kept["pull_out"]
        ),
        length=tuple(LengthRow(row["friction"], _climbs(row)) for row in kept["length"]),
    )


def _climbs(row: Mapping[str, Any]) -> tuple[Climb, ...]:
    return tuple(
        Climb(one["interference_um"], np.array(one["force"]), np.array(one["slide_um"]), one["lost"])
        for one in row["climbs"]
    )
