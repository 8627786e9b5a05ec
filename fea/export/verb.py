"""The command ``osseofit export``: a case file in, a folder with a deck out."""

from __future__ import annotations

from pathlib import Path

from fea.cache import Cache
from fea.case.case import Case
from fea.case.reader import read_case
from fea.errors import CaseError
from fea.export.deck import Contact, Deck, assemble_deck
from fea.export.writer import write_deck
from fea.progress import Clock
from fea.solving import Tools, mesh_case

FORMATS = ("calculix", "abaqus")

_FEBIO = (
    "--format febio: FEBio cannot state this problem: it has no small-sliding contact at infinitesimal "
    "strain, no interference but overlap, and its penalty friction forgets the tangential traction at every "
    "converged step, so that micromotion grows with the number of instants; give calculix or abaqus"
)


def export_case(
    case_path: Path, kind: str, output: Path | None, results: Path, instants: int | None
) -> tuple[Path, Deck]:
    """Read a case, mesh it, and write it for another solver.

    Parameters
    ----------
    case_path
        The case file.
    kind
        ``"calculix"`` or ``"abaqus"``.
    output
        Folder for the deck; by default one in the folder of the case's results.
    results
        Folder of results; meshes are kept below it.
    instants
        Sample one cycle at this many instants; None takes the case's own instants and cycles.

    Returns
    -------
    main : Path
        The file to run.
    deck : Deck

    Raises
    ------
    CaseError, GeometryError, MeshError
        Each with one sentence.
    """
    require_format(kind)
    case = read_case(case_path)
    require_instants(case, instants)
    folder = output if output is not None else results / case_path.stem / kind
    _prepare(folder)
    mesh = mesh_case(case, Tools(Cache(results / ".cache"), Clock()))
    deck = assemble_deck(case, mesh, instants, Contact())
    return write_deck(deck, folder, case_path.stem, kind), deck


def require_format(kind: str) -> None:
    """Refuse a format that cannot be written, saying why."""
    if kind == "febio":
        raise CaseError(_FEBIO)
    if kind not in FORMATS:
        raise CaseError(f"--format {kind}: there is no such format; give {' or '.join(FORMATS)}")


def require_instants(case: Case, instants: int | None) -> None:
    """Refuse a number of instants that samples nothing."""
    if instants is None:
        return
    if case.activity is None:
        raise CaseError(
            f"--instants {instants}: {case.path} has no [activity] to export; leave the option out for the "
            "press-fit alone"
        )
    if instants < 2:
        raise CaseError(f"--instants {instants}: a cycle needs at least 2 instants")


def _prepare(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise CaseError(
            f"{folder}: the folder for the deck cannot be written ({error.strerror}); "
            "give another one with --output"
        ) from error
