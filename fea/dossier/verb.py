"""The command ``osseofit dossier``: a computed case in, one document out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import fea
from fea import __version__
from fea.case.reader import read_case
from fea.case.taper import is_taper
from fea.case.taper_tables import no_stem_in_bone
from fea.dossier.figures import figures_of
from fea.dossier.gathered import Gathered
from fea.dossier.page import NAME, write_page
from fea.dossier.project import read_project
from fea.dossier.run import read_run
from fea.dossier.stated import Item, read_statements, statements_path, write_template
from fea.dossier.studies import read_studies
from fea.errors import CaseError
from fea.provenance import checkout_commit

#: The checkout's documents.
DOCS = Path(fea.__file__).parent.parent / "docs"


@dataclass(frozen=True)
class Written:
    """What a call left.

    Attributes
    ----------
    path
        Of the document.
    statements
        Where statements are looked for.
    missing : tuple of Item
        What only a person can state, and nobody has.
    """

    path: Path
    statements: Path
    missing: tuple[Item, ...]


def dossier(case_path: Path, results: Path = Path("results"), docs: Path = DOCS) -> Written:
    """Build the dossier of a computed case.

    Parameters
    ----------
    case_path
        The case file.
    results
        Folder of results.
    docs
        Folder of the checkout's documents.

    Returns
    -------
    Written

    Raises
    ------
    CaseError
        Every mistake in the case and in the statements file, one sentence each; or that there
        is no run of the case as it stands.
    """
    case = read_case(case_path)
    statements = read_statements(statements_path(case_path))
    run = read_run(case, results)
    figures, figures_why = figures_of(case, run)
    gathered = Gathered(
        case=case,
        run=run,
        studies=read_studies(case, run.folder),
        project=read_project(docs),
        statements=statements,
        figures=figures,
        figures_why=figures_why,
        revision=checkout_commit(),
        version=__version__,
    )
    path = run.folder / NAME
    write_page(gathered, path)
    return Written(path, statements.path, statements.missing)


def template(case_path: Path) -> Path:
    """Write the statements file of a case, empty.

    Parameters
    ----------
    case_path
        The case file.

    Returns
    -------
    Path
        Of the new file.

    Raises
    ------
    CaseError
        Where there is no such case, it is a taper joint's, or the file exists.
    """
    if not case_path.is_file():
        raise CaseError(f"{case_path}: there is no such file; give the path of a case file.")
    if is_taper(case_path):
        raise CaseError(no_stem_in_bone(case_path))
    path = statements_path(case_path)
    write_template(path, case_path)
    return path
