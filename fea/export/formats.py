"""Every format that a case is written in: its name, what writes it, and whom it refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from fea.errors import CaseError
from fea.export.assembly import gltf
from fea.export.deck import require_deck
from fea.export.decks import abaqus, calculix
from fea.export.febio import febio
from fea.export.meshes import gmsh, vtu
from fea.export.source import Source, Written
from fea.export.step import no_step, step
from fea.export.tables import tables


def _anything(source: Source) -> None:
    """Refuse nothing."""


def _stated(source: Source) -> None:
    """Refuse a bone that no deck can state."""
    require_deck(source.case)


def _solved(source: Source) -> None:
    """Refuse a case that is not solved as it stands."""
    source.solved()


def _solid(source: Source) -> None:
    """Refuse a stem that is no solid of the kernel."""
    why = no_step(source.case)
    if why:
        raise CaseError(f"--format step: {source.path}: {why}; give --format gmsh, vtu or gltf for its mesh")


@dataclass(frozen=True)
class Format:
    """One format.

    Attributes
    ----------
    name
        As ``--format`` takes it.
    write
        Writes a source into an existing, empty folder.
    require
        Raises a `CaseError` where the format cannot state a source; nothing is meshed for it.
    sampled
        Whether it takes ``--instants``.
    joints
        Whether a taper joint is written, too.
    """

    name: str
    write: Callable[[Source, Path], Written]
    require: Callable[[Source], None] = _anything
    sampled: bool = False
    joints: bool = False


_ALL = (
    Format("calculix", calculix, _stated, sampled=True),
    Format("abaqus", abaqus, _stated, sampled=True),
    Format("febio", febio, _stated, sampled=True),
    Format("gmsh", gmsh, joints=True),
    Format("vtu", vtu, joints=True),
    Format("csv", tables, _solved),
    Format("gltf", gltf, joints=True),
    Format("step", step, _solid),
)

#: By name, in the order of the documentation.
FORMATS: Mapping[str, Format] = MappingProxyType({form.name: form for form in _ALL})


def told(names: Iterable[str]) -> str:
    """List names as a sentence does: ``a, b or c``."""
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last
