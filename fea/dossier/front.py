"""Sections 1 to 3: executive summary, background with question and risk, code verification."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fea.dossier.blocks import (
    Answers,
    Block,
    Bullets,
    Grid,
    Heading,
    Open,
    RiskGrid,
    Section,
    Words,
    asked,
)
from fea.dossier.gathered import Gathered, counted, micro, revision_words, sentence
from fea.dossier.project import Check, Verification
from fea.dossier.studies import Study
from fea.post import tokens
from fea.post.report_words import number, unit

DONE, NOT_DONE, PART = (
    tokens.Mark(tokens.MET.colour, tokens.MET.symbol, "done"),
    tokens.Mark(tokens.NOT_MET.colour, tokens.NOT_MET.symbol, "not done"),
    tokens.Mark(tokens.NOT_SHOWN.colour, tokens.NOT_SHOWN.symbol, "in part"),
)


def summary_section(gathered: Gathered) -> Section:
    """Return section 1."""
    blocks: list[Block] = [
        asked(gathered.statements, "context.question_of_interest", "context.context_of_use"),
        Words(
            f"One case was analysed: {gathered.case.title} ({gathered.case.path.name}). Its verdict, in the"
            " words of the run:"
        ),
        verdict_cards(gathered),
        *flagged(gathered),
        Heading("1.1", "Evidence at a glance"),
        Grid(("Evidence", "State", "What it says"), tuple(evidence_rows(gathered)), widths=(27, 13, 60)),
        asked(gathered.statements, "conclusions.conclusions"),
    ]
    return Section("1", "Executive Report Summary", tuple(blocks))


def verdict_cards(gathered: Gathered) -> Answers:
    """Return the run's two verdicts with its own words and reasons."""
    verdict = gathered.run.summary["verdict"]
    lost = verdict.get("fixation_lost")
    first = (
        (f"Fixation is lost in cycle {lost['cycle']} at {number(lost['percent'])} %: {lost['motion']}.",)
        if lost
        else ()
    )
    return Answers(
        tuple(
            (title, tokens.MARKS[verdict[key]], tuple(micro(why) for why in (*more, *verdict[f"{key}_why"])))
            for title, key, more in (
                ("Primary stability", "primary_stability", first),
                ("Safety of bone and implant", "safety", ()),
            )
        )
    )


def flagged(gathered: Gathered) -> Iterator[Block]:
    """Yield warnings that belong beside the verdict: no error bars, a load that nobody measured."""
    without, every = gathered.run.without_error, gathered.run.quantities
    if without:
        yield Words(
            f"No error bar: {len(without)} of {len(every)} numbers of this run have no estimate of their"
            " discretisation error. They are marked wherever they stand.",
            "warning",
        )
    if gathered.synthetic:
        assert gathered.case.activity is not None
        yield Words(
            f"Synthetic load: nobody measured this load history ({gathered.case.activity.history.title}).",
            "warning",
        )


def evidence_rows(gathered: Gathered) -> Iterator[tuple[str | tokens.Mark, ...]]:
    """Yield one row for each kind of evidence: what it is, whether it is there, what it says."""
    run, studies, project = gathered.run, gathered.studies, gathered.project
    without = len(run.without_error)
    bars = counted(len(run.quantities) - without, "number") + f" of {len(run.quantities)} with an error bar"
    yield "The run", PART if without else DONE, f"{revision_words(run.revision)}; {bars}"
    found = project.verification.found
    if found is None:
        yield "Verification suite", NOT_DONE, project.verification.why
    else:
        whole = found.missed == 0 and len(found.cases) == found.of
        yield "Verification suite", DONE if whole else PART, verification_words(found)
    blocks = project.peer.found
    yield (
        "Comparison with another code",
        DONE if blocks else NOT_DONE,
        counted(len(blocks), "comparison") + ", section 3.3" if blocks else project.peer.why,
    )
    convergence, uncertainty = studies.convergence, studies.uncertainty
    yield (
        "Convergence study",
        DONE if convergence.found else NOT_DONE,
        convergence.found.answer if convergence.found else convergence.why,
    )
    yield (
        "Uncertainty study",
        DONE if uncertainty.found else NOT_DONE,
        uncertainty.found.answer if uncertainty.found else uncertainty.why,
    )
    sweeps = [study.found for study in studies.sweeps if study.found]
    yield (
        "Sweeps of uncertain inputs",
        DONE if sweeps else NOT_DONE,
        " ".join(sentence(sweep.answer) for sweep in sweeps)
        if sweeps
        else f"not done: run 'osseofit sweep {gathered.case.path}'",
    )
    page = project.validation
    yield (
        "Comparison with published experiments",
        PART if page.found else NOT_DONE,
        "of the program, not of this device; section 10.2" if page.found else page.why,
    )
    yield (
        "Comparison with tests of this device",
        NOT_DONE,
        "the program has none; what a comparator shows is asked for by name in section 10.1",
    )


def background_section(gathered: Gathered) -> Section:
    """Return section 2."""
    stated = gathered.statements
    levels = [stated.texts.get(f"risk.{key}") for key in ("model_influence", "decision_consequence")]
    grid = [RiskGrid(levels[0], levels[1])] if levels[0] and levels[1] else []
    blocks: list[Block] = [
        Heading("2.1", "Device and use"),
        asked(stated, "device.name", "device.maker", "device.intended_use", "context.patient_population"),
        Heading("2.2", "Question of interest and context of use"),
        asked(stated, "context.question_of_interest", "context.context_of_use", "context.other_evidence"),
        Heading("2.3", "Model risk"),
        Words(
            "Model risk is model influence and decision consequence together. The program knows neither: what"
            " stands here is stated by people, and nothing is derived from it."
        ),
        asked(stated, "risk.model_influence", "risk.model_influence_rationale"),
        asked(stated, "risk.decision_consequence", "risk.decision_consequence_rationale"),
        *grid,
        asked(stated, "risk.model_risk", "risk.model_risk_rationale"),
        Heading("2.4", "What was agreed beforehand"),
        asked(stated, "acceptance.criteria", "acceptance.agreed"),
        Words(
            "The criteria that the program judged the run by stand in section 11, each with its source and"
            " grade. They are data of the case; that they were agreed beforehand is not known to the program."
        ),
        Heading("2.5", "Who made and who reviewed it"),
        asked(stated, "people.analyst", "people.reviewer"),
    ]
    return Section("2", "Background/Introduction", tuple(blocks))


def verification_section(gathered: Gathered) -> Section:
    """Return section 3."""
    run = gathered.run
    program = run.summary["program"]
    blocks: list[Block] = [
        Heading("3.1", "Software quality assurance"),
        Words(
            f"The run was made by osseofit {program['version']}, {revision_words(run.revision)}, with the"
            " libraries in Annex B. Formats, styles, types and import directions are checked, and tests run,"
            " by commands of the checkout (make check, make test); no record of such a call belongs to this"
            " run."
        ),
        *_revisions(gathered),
        asked(gathered.statements, "software.quality_system"),
        Heading("3.2", "Numerical code verification"),
        *_suite(gathered),
        Heading("3.3", "Comparison with another code"),
        *_peer(gathered),
    ]
    return Section("3", "Code Verification", tuple(blocks))


def _revisions(gathered: Gathered) -> Iterator[Block]:
    """Yield what was computed by which revision, and a warning where these differ."""
    studies: list[tuple[str, Study[Any]]] = [
        ("verification suite", gathered.project.verification),
        ("convergence study", gathered.studies.convergence),
        ("uncertainty study", gathered.studies.uncertainty),
        *((f"sweep {index + 1}", study) for index, study in enumerate(gathered.studies.sweeps)),
    ]
    made = [("this run", gathered.run.revision), ("this document", gathered.revision)]
    made += [(name, study.revision) for name, study in studies if study.found is not None]
    yield Grid(
        ("Made by", "Revision"),
        tuple((name, revision_words(revision)) for name, revision in made),
        small=True,
    )
    others = [name for name, revision in made[1:] if revision != gathered.run.revision]
    if others:
        yield Words(
            f"Not of the same revision as the run: {', '.join(others)}. Whether what changed in between"
            " matters is not known to this document.",
            "warning",
        )


def verification_words(found: Verification) -> str:
    """Say how the verification suite ended."""
    met = f"{found.gates - found.missed} of {found.gates} gates met in {len(found.cases)} of {found.of} cases"
    return f"{met}; {found.missed} missed" if found.missed else met


def _suite(gathered: Gathered) -> Iterator[Block]:
    study = gathered.project.verification
    if study.found is None:
        yield Open("Verification suite", study.why)
        return
    found = study.found
    yield Words(
        f"{verification_words(found)}. A gate is the largest error that passes. The table shows the check"
        " that is nearest to its gate; every check stands in Annex C."
    )
    if len(found.cases) < found.of:
        yield Open("Verification suite", f"{found.of - len(found.cases)} of {found.of} cases were not solved")
    missed = [case for case in found.cases if case.missed]
    if missed:
        yield Bullets(
            "Missed gates",
            tuple(
                f"{case.title}: {case.failure or ', '.join(c.quantity for c in case.checks if not c.passed)}"
                for case in missed
            ),
            "open",
        )
    for group in dict.fromkeys(case.group for case in found.cases):
        rows = []
        for case in found.cases:
            if case.group != group:
                continue
            nearest = max(case.checks, key=lambda check: check.used, default=None)
            met = len(case.checks) - sum(not check.passed for check in case.checks)
            mark = tokens.NOT_MET if case.missed else tokens.MET
            rows.append(
                (
                    case.title,
                    case.source,
                    case.failure if nearest is None else nearest.quantity,
                    *((("–",) * 4) if nearest is None else check_cells(nearest)),
                    tokens.Mark(mark.colour, mark.symbol, f"{met} of {len(case.checks)}"),
                )
            )
        head = ("Case", "Source", "Nearest check", "Reference", "Ours", "Error", "Gate", "Gates met")
        yield Grid(head, tuple(rows), title=group, small=True, widths=(17, 21, 17, 9, 9, 9, 8, 10))


def check_cells(check: Check) -> tuple[str, str, str, str]:
    """Return reference, found value, error and gate of a check as they are printed."""
    below = "below " if check.error_is_a_bound else ""
    return (
        _digits(check.reference),
        _digits(check.found),
        f"{below}{_part(check.error, relative=check.relative)}",
        _part(check.gate, relative=check.relative),
    )


def _digits(value: float | None) -> str:
    return "not a number" if value is None else f"{value:.6g}".replace("-", "−", 1)


def _part(value: float | None, *, relative: bool) -> str:
    if value is None:
        return "not a number"
    return f"{100.0 * value:.2g} %" if relative else f"{value:.2g}"


def _peer(gathered: Gathered) -> Iterator[Block]:
    study = gathered.project.peer
    if study.found is None:
        yield Open("Comparison with another code", study.why)
        return
    yield Words(
        "The same mesh, materials, friction, supports and loads were solved by this program and by another"
        " one; what is not the same in the two is told in docs/peer.md. Agreement of two codes verifies"
        " neither: an error that both share is not seen."
    )
    for block in study.found:
        told = [any(row[column] for row in block.results.rows) for column in range(len(block.results.head))]
        head, *rows = (
            tuple(unit(cell) for cell, there in zip(row, told, strict=True) if there)
            for row in (block.results.head, *block.results.rows)
        )
        yield Grid(head, tuple(rows), title=block.title, note=block.setting, small=True)
