"""What one mesh of a study said, kept in a file of its own as soon as it is known."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from fea.post.quantities import study_quantities
from fea.post.quantity import Quantity
from fea.post.rim_peaks import rim_peaks
from fea.solution import Loss
from fea.study import Study

#: Rises when a file changes its meaning, so that older ones are computed again.
FORMAT = 1


@dataclass(frozen=True)
class Solved:
    """A mesh, solved.

    Attributes
    ----------
    factor
        On the case's element sizes.
    size : float, mm
        Effective element size: cube root of volume over elements.
    unknowns, elements, interface_vertices
    quantities : tuple of Quantity
        Without discretisation errors.
    at_rims : tuple of Quantity
        The largest values at singular rims, never judged.
    loss : Loss, or None
    times : mapping of str to float, s
        Wall-clock time by phase.
    peak_memory_GB : float, GB
        Of the process up to this mesh; coarser meshes are solved first.
    """

    factor: float
    size: float
    unknowns: int
    elements: int
    interface_vertices: int
    quantities: tuple[Quantity, ...]
    at_rims: tuple[Quantity, ...]
    loss: Loss | None
    times: Mapping[str, float]
    peak_memory_GB: float

    @property
    def seconds(self) -> float:
        """Wall-clock time of mesh, model, history and fields together, s."""
        return sum(self.times.values())

    def value(self, name: str) -> float | None:
        """Return a quantity's value by name, or None; those at rims too."""
        every = (*self.quantities, *self.at_rims)
        return next((quantity.value for quantity in every if quantity.name == name), None)


def solved_of(study: Study, factor: float, times: Mapping[str, float]) -> Solved:
    """Write down what a solved mesh said.

    Parameters
    ----------
    study : Study
    factor
        On the case's element sizes.
    times : mapping of str to float, s

    Returns
    -------
    Solved
    """
    mesh = study.mesh
    return Solved(
        factor=factor,
        size=mesh.element_size,
        unknowns=mesh.unknowns,
        elements=len(mesh.stem.tets) + len(mesh.bone.tets),
        interface_vertices=study.record.interface_vertices,
        quantities=study_quantities(study),
        at_rims=rim_peaks(study),
        loss=study.walk.loss,
        times=dict(times),
        peak_memory_GB=study.record.peak_memory_GB,
    )


def write_solved(solved: Solved, path: Path) -> None:
    """Write a solved mesh whole or not at all, into an existing folder."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    with draft.open("w", encoding="utf-8") as file:
        file.write(f"{json.dumps(asdict(solved), indent=1, ensure_ascii=False)}\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def read_solved(path: Path) -> Solved | None:
    """Return a kept mesh; None where there is none or it is damaged."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        solved = Solved(**told)
        return replace(
            solved,
            quantities=_quantities(told["quantities"]),
            at_rims=_quantities(told["at_rims"]),
            loss=told["loss"] and Loss(**{**told["loss"], "direction": tuple(told["loss"]["direction"])}),
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _quantities(told: list[dict[str, Any]]) -> tuple[Quantity, ...]:
    return tuple(Quantity(**{**entry, "place": entry["place"] and tuple(entry["place"])}) for entry in told)
