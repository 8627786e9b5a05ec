"""The command ``osseofit export``: a case file in, a folder with one format out, whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from fea.cache import Cache
from fea.case.case import Case
from fea.case.taper_tables import no_stem_in_bone
from fea.errors import CaseError
from fea.export.formats import FORMATS, Format, told
from fea.export.source import Source, Written, source_of
from fea.progress import Clock
from fea.solving import Tools


@dataclass(frozen=True)
class Exported:
    """What was written.

    Attributes
    ----------
    main : Path
        The file to open or to run.
    facts : tuple of (str, str)
        What the terminal says: a word and its value.
    """

    main: Path
    facts: tuple[tuple[str, str], ...]


def export_case(
    case_path: Path, kind: str, output: Path | None, results: Path, instants: int | None
) -> Exported:
    """Read a case and write it in another program's format.

    Parameters
    ----------
    case_path
        The case file.
    kind
        A name in `fea.export.formats.FORMATS`.
    output
        Folder for the files; by default one in the folder of the case's results.
    results
        Folder of results; meshes and studies are kept below it.
    instants
        Sample one cycle at this many instants; None takes the case's own instants and cycles.

    Returns
    -------
    Exported

    Raises
    ------
    CaseError, GeometryError, MeshError
        Each with one sentence; then no file is left or changed.
    """
    form = require_format(kind)
    source = source_of(case_path, instants, Tools(Cache(results / ".cache"), Clock()))
    require_fitting(form, source)
    folder = output if output is not None else results / case_path.stem / kind
    _prepare(folder)
    with _draft(folder) as draft:
        written = form.write(source, draft)
        _publish(written, draft, folder)
    return Exported(folder / written.main, written.facts)


def require_format(kind: str) -> Format:
    """Return a format by its name; refuse another one, naming the nearest and all."""
    if kind in FORMATS:
        return FORMATS[kind]
    near = get_close_matches(kind.lower(), FORMATS, 1)
    meant = f" ({near[0]}?)" if near else ""
    raise CaseError(f"--format {kind}: there is no such format{meant}; give {told(FORMATS)}")


def require_fitting(form: Format, source: Source) -> None:
    """Refuse what a format cannot state, before anything is meshed."""
    if source.joint and not form.joints:
        able = told(name for name, each in FORMATS.items() if each.joints)
        said = no_stem_in_bone(source.path).removesuffix(".")
        raise CaseError(f"--format {form.name}: {said}; a joint is exported as {able}.")
    if source.instants is not None:
        if not form.sampled:
            able = told(name for name, each in FORMATS.items() if each.sampled)
            raise CaseError(
                f"--instants {source.instants}: --format {form.name} samples no cycle; leave the option out,"
                f" or give --format {able}"
            )
        require_instants(source.case, source.instants)
    form.require(source)


def require_instants(case: Case, instants: int) -> None:
    """Refuse a number of instants that samples nothing."""
    if case.activity is None:
        raise CaseError(
            f"--instants {instants}: {case.path} has no [activity] to export; leave the option out for the "
            "press-fit alone"
        )
    if instants < 2:
        raise CaseError(f"--instants {instants}: a cycle needs at least 2 instants")


@contextmanager
def _draft(folder: Path) -> Iterator[Path]:
    """Make a folder for unfinished files, and take it away again."""
    draft = folder / f".{os.getpid()}.part"
    draft.mkdir()
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _publish(written: Written, draft: Path, folder: Path) -> None:
    """Rename finished files into their folder, the main one last."""
    for file in sorted(draft.iterdir(), key=lambda file: (file.name == written.main, file.name)):
        file.replace(folder / file.name)


def _prepare(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise CaseError(
            f"{folder}: the folder for the export cannot be written ({error.strerror}); "
            "give another one with --output"
        ) from error
