"""Annexes B and C: what was computed by what, and every check of the verification suite."""

from __future__ import annotations

from fea.dossier.blocks import Block, Grid, Open, Section, Source, Words
from fea.dossier.front import check_cells
from fea.dossier.gathered import Gathered, revision_words
from fea.post import tokens


def record_section(gathered: Gathered) -> Section:
    """Return annex B: digests, versions, the case file."""
    record, program = gathered.run.summary["record"], gathered.run.summary["program"]
    statements = gathered.statements
    rows = [
        ("Program of the run", f"osseofit {program['version']}, {revision_words(gathered.run.revision)}"),
        ("Program of this document", f"osseofit {gathered.version}, {revision_words(gathered.revision)}"),
        *((f"Digest of the {name}", digest) for name, digest in record["digests"].items()),
        (
            f"Digest of the statements ({statements.path.name})",
            statements.digest or "there is no statements file: every item in it is missing",
        ),
        *((name, version) for name, version in record["versions"].items()),
        *((f"Time: {name}", f"{seconds:.1f} s") for name, seconds in record["times_s"].items()),
    ]
    blocks: list[Block] = [
        Grid(("Record", "Value"), tuple(rows), small=True),
        Source(f"The case file {gathered.case.path.name} as it was read", gathered.case.text),
    ]
    return Section("B", "Record", tuple(blocks))


def checks_section(gathered: Gathered) -> Section:
    """Return annex C: every check."""
    study = gathered.project.verification
    if study.found is None:
        return Section("C", "Every check of the verification suite", (Open("Verification suite", study.why),))
    rows: list[tuple[str | tokens.Mark, ...]] = []
    for case in study.found.cases:
        name = f"{case.title} ({case.name})"
        if not case.checks:
            rows.append((name, f"not solved: {case.failure}", "–", "–", "–", "–", tokens.NOT_MET))
        for check in case.checks:
            mark = tokens.MET if check.passed else tokens.NOT_MET
            rows.append((name, check.quantity, *check_cells(check), mark))
            name = ""
    blocks: list[Block] = [
        Words("Numbers as the suite wrote them; round-off is told as a bound."),
        Grid(("Case", "Check", "Reference", "Ours", "Error", "Gate", "Result"), tuple(rows), small=True),
    ]
    return Section("C", "Every check of the verification suite", tuple(blocks))
