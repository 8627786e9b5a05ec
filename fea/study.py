"""What a run leaves for the post room: the case, its mesh, its solution, and how it was computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from fea.case.case import Case
from fea.mesh.parts import Mesh
from fea.solution import Balance, Fields, Interface, Variant, Walk
from geometry.wall import Wall

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Record:
    """How the run was computed.

    Attributes
    ----------
    times : mapping of str to float, s
        Wall-clock time by phase, in the order of the run.
    backend
        Name of the sparse solver.
    route
        How the history was solved: by the condensed interface, or by iteration.
    memory_plan
        What the direct route was expected to take, in words.
    threads
        Threads that it was given.
    unknowns
        Displacement unknowns before any support.
    interface_vertices
    peak_memory_GB : float, GB
        Largest resident set of the process.
    versions : mapping of str to str
        Versions of Python and of the libraries.
    digests : mapping of str to str
        Hexadecimal digests of ``case``, ``mesh`` and ``factor``.
    code_version
        Version of this program.
    commit
        Revision of the checkout that ran, or None where it is not known.
    newton_iterations
        Summed over every increment of the default history.
    factorisations_done, factorisations_reused
        Factorisations computed in this run, and taken from the store.
    """

    times: Mapping[str, float]
    backend: str
    route: str
    memory_plan: str
    threads: int
    unknowns: int
    interface_vertices: int
    peak_memory_GB: float
    versions: Mapping[str, str]
    digests: Mapping[str, str]
    code_version: str
    commit: str | None
    newton_iterations: int
    factorisations_done: int
    factorisations_reused: int


class Solved(Protocol):
    """What the quantities of the bodies are taken from; attributes as in `Study`."""

    @property
    def case(self) -> Case:
        """What was asked."""
        ...

    @property
    def mesh(self) -> Mesh:
        """On which mesh."""
        ...

    @property
    def walk(self) -> Walk:
        """The history, of which loss and instants are read."""
        ...

    @property
    def stem(self) -> Fields:
        """Fields of the stem."""
        ...

    @property
    def bone(self) -> Fields:
        """Fields of the bone."""
        ...

    @property
    def wall(self) -> Wall:
        """Least remaining wall."""
        ...


@dataclass(frozen=True, eq=False)
class Loop:
    """Loads of the judged cycle and what they work on, from the instant before the cycle on.

    Attributes
    ----------
    loads : ndarray, shape (k + 1, 6 + p), N and N mm
        The wrench, then the preloads.
    moved : ndarray, shape (k + 1, 6 + p), mm and rad
        What belongs to them: their work is the sum of products.
    stored : ndarray, shape (k + 1,), N mm
        Elastic energy of both bodies.
    """

    loads: FloatArray
    moved: FloatArray
    stored: FloatArray


@dataclass(frozen=True, eq=False)
class Study:
    """A solved case with everything that its judgement needs.

    Attributes
    ----------
    case, mesh, interface, walk
        What was asked, on which mesh, and the history of states.
    stem, bone
        Nodal fields: the press-fit first, then the instants of the judged cycle (fewer
        with loss of fixation, when no cycle is complete).
    balance
        Audit of equilibrium and contact law.
    variants
        The corners of the uncertain bands, and ``"collar open"``; may be empty.
    coarse
        The same case on a mesh 1.5 times coarser; None where it was switched off.
    wall
        Least remaining wall of the reamed bone and its place.
    record
        Times, versions, digests.
    pressed
        Fields of stem and bone at the greatest force of an assembly by force, one instant; None without.
    loop
        What the loads of the judged cycle work on; None where that was not asked for.
    """

    case: Case
    mesh: Mesh
    interface: Interface
    walk: Walk
    stem: Fields
    bone: Fields
    balance: Balance
    variants: tuple[Variant, ...]
    coarse: Study | None
    wall: Wall
    record: Record
    pressed: tuple[Fields, Fields] | None = None
    loop: Loop | None = None
