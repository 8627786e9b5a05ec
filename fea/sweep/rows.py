"""The row of a sample: what its walk said, kept in a file of its own as soon as it is known."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from fea.post.quantity import Quantity
from fea.solution import Loss

#: Rises when a row changes its meaning, so that older ones are computed again.
FORMAT = 2

SOLVED, LOST, FAILED = "solved", "fixation lost", "not solved"


@dataclass(frozen=True)
class Row:
    """What a sample's walk said, before anything is judged.

    Attributes
    ----------
    outcome
        `SOLVED`, `LOST` or `FAILED`.
    quantities : tuple of Quantity
        Without discretisation errors. With loss of fixation those of the press-fit only, and
        none where the press-fit itself has no equilibrium.
    coarse : tuple of Quantity, or None
        Of the same sample on the companion mesh, where it was walked there.
    ratio
        Of the element sizes of companion and mesh; None without a companion.
    loss : Loss, or None
    problem
        Why it was not solved; empty otherwise.
    changing_vertices
        Interface vertices whose state is not the same through the judged cycle; None
        without one.
    newton_iterations
        Over the whole history.
    residual, imbalance
        Largest nonsmooth residual, relative to the largest traction of the history, and largest
        imbalance of contact forces, relative to the largest load; None where not known.
    seconds
        Wall-clock time of the sample.
    """

    outcome: str
    quantities: tuple[Quantity, ...] = ()
    coarse: tuple[Quantity, ...] | None = None
    ratio: float | None = None
    loss: Loss | None = None
    problem: str = ""
    changing_vertices: int | None = None
    newton_iterations: int | None = None
    residual: float | None = None
    imbalance: float | None = None
    seconds: float = 0.0


def write_row(row: Row, path: Path, inputs: Mapping[str, Any]) -> None:
    """Write a row whole or not at all.

    Parameters
    ----------
    row : Row
    path : Path
        In an existing folder.
    inputs : mapping
        The sample's values, for a reader of the file.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    text = json.dumps({"inputs": dict(inputs), **asdict(row)}, indent=1, ensure_ascii=False)
    with draft.open("w", encoding="utf-8") as file:
        file.write(f"{text}\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def read_row(path: Path) -> Row | None:
    """Return a kept row; None where there is none or it is damaged."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        told.pop("inputs")
        row = Row(**told)
        return replace(
            row,
            quantities=_quantities(told["quantities"]),
            coarse=None if told["coarse"] is None else _quantities(told["coarse"]),
            loss=told["loss"] and Loss(**{**told["loss"], "direction": tuple(told["loss"]["direction"])}),
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _quantities(told: list[dict[str, Any]]) -> tuple[Quantity, ...]:
    return tuple(Quantity(**{**entry, "place": entry["place"] and tuple(entry["place"])}) for entry in told)
