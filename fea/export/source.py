"""What a format is written from: a case, its mesh, and its study where it is solved."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from fea.cache import kept_study
from fea.case.case import Case
from fea.case.reader import read_case
from fea.case.taper import is_taper, read_taper
from fea.errors import CaseError
from fea.export.deck import Contact, Deck, assemble_deck
from fea.mesh.parts import Mesh
from fea.solving import Tools, mesh_case
from fea.study import Study


@dataclass(frozen=True, eq=False)
class Source:
    """A case to be exported; mesh and study are made or taken up when they are asked for.

    Attributes
    ----------
    case, path
        The case, and the file that states it.
    joint
        True where it is a taper joint.
    instants
        Sample one cycle at this many instants; None takes the case's own instants and cycles.
    tools
        Where meshes and studies are kept, and the clock.
    """

    case: Case
    path: Path
    joint: bool
    instants: int | None
    tools: Tools

    @property
    def name(self) -> str:
        """Stem of the file names."""
        return self.path.stem

    @property
    def bodies(self) -> tuple[str, str]:
        """What the inner and the outer body are called."""
        return ("cone", "socket") if self.joint else ("stem", "bone")

    @cached_property
    def mesh(self) -> Mesh:
        """The case's mesh."""
        return mesh_case(self.case, self.tools)

    @cached_property
    def study(self) -> Study | None:
        """The case as it was solved; None where it is not, or has changed since."""
        found = kept_study(self.tools.cache, self.name)
        return found if isinstance(found, Study) and found.case == self.case else None

    def solved(self) -> Study:
        """Return the study of a case that must be solved; refuse one that is not."""
        if self.study is None:
            raise CaseError(
                f"{self.path}: this case is not solved as it stands; run 'osseofit run {self.path}' first"
            )
        return self.study

    @cached_property
    def deck(self) -> Deck:
        """The case as a deck."""
        return assemble_deck(self.case, self.mesh, self.instants, Contact())


@dataclass(frozen=True)
class Written:
    """What a format left.

    Attributes
    ----------
    main
        Name of the file to open or to run.
    facts : tuple of (str, str)
        What the terminal says: a word and its value.
    """

    main: str
    facts: tuple[tuple[str, str], ...] = ()


def source_of(case_path: Path, instants: int | None, tools: Tools) -> Source:
    """Read a case file for export.

    Parameters
    ----------
    case_path, instants, tools
        As in `Source`.

    Raises
    ------
    CaseError
        When the file cannot be used, or the number of instants samples nothing.
    """
    joint = is_taper(case_path)
    case = read_taper(case_path).case if joint else read_case(case_path)
    return Source(case, case_path, joint, instants, tools)
