"""What each verb does: one function each, which asks, tells and returns the exit code.

Modules that need a healthy machine are imported where they are used.
"""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path
from typing import Any

from fea import doctor
from fea.errors import CaseError
from fea.sweep.parameters import PARAMETERS

#: Exit codes: a wrong input or a failed computation, and a verdict that was asked to count.
FAILED, VERDICT_NOT_MET = 1, 3


def _require_healthy_machine() -> None:
    problems = doctor.check().problems
    if problems:
        raise CaseError(problems)
    doctor.prepare_rendering()


def run(options: Namespace) -> int:
    """Solve a case, judge it, write its results."""
    _require_healthy_machine()
    from fea import pipeline

    outcome = pipeline.run(options.case, options.results)
    return _tell(outcome.folder, outcome.assessment, options)


def report(options: Namespace) -> int:
    """Write pictures and report of a solved case again."""
    _require_healthy_machine()
    from fea import pipeline

    outcome = pipeline.report(options.case, options.results)
    if options.pdf:
        from fea.post.pdf import print_pdf

        print(f"pdf                {print_pdf(outcome.folder / 'report.html')}")
    return _tell(outcome.folder, outcome.assessment, options)


def _tell(folder: Path, assessment: object, options: Namespace) -> int:
    if hasattr(assessment, "fretting"):
        return _tell_joint(folder, assessment, options)
    stability, safety = assessment.stability, assessment.safety  # type: ignore[attr-defined]
    print(f"results            {folder}")
    print(f"report             {folder / 'report.html'}")
    print(f"primary stability  {stability}")
    for sentence in assessment.stability_sentences:  # type: ignore[attr-defined]
        print(f"                   {sentence}")
    print(f"safety             {safety}")
    for sentence in assessment.safety_sentences:  # type: ignore[attr-defined]
        print(f"                   {sentence}")
    good = stability == "stable" and safety == "met"
    return VERDICT_NOT_MET if options.fail_on_verdict and not good else 0


def _tell_joint(folder: Path, assessment: Any, options: Namespace) -> int:
    print(f"results            {folder}")
    print(f"report             {folder / 'report.html'}")
    for name in ("fretting", "safety"):
        print(f"{name:<18} {getattr(assessment, name)}")
        for sentence in getattr(assessment, f"{name}_sentences"):
            print(f"                   {sentence}")
    good = assessment.fretting == assessment.safety == "met"
    return VERDICT_NOT_MET if options.fail_on_verdict and not good else 0


def sweep(options: Namespace) -> int:
    """Walk samples of the uncertain inputs."""
    from fea.sweep.request import question_of

    stated = {name: getattr(options, name) for name in (*PARAMETERS, "zone", "errors", "name")}
    question = question_of(stated, options.study)
    _require_healthy_machine()
    from fea import pipeline

    outcome = pipeline.sweep(options.case, question, options.results)
    print(f"results            {outcome.folder}")
    print(f"page               {outcome.folder / 'index.html'}")
    print(f"samples            {outcome.answer.counts}")
    print(f"answer             {outcome.answer.sentence}")
    for note in outcome.sweep.notes:
        print(f"                   {note}")
    shown = set(outcome.sweep.counts) == {"stable"}
    return VERDICT_NOT_MET if options.fail_on_verdict and not shown else 0


def converge(options: Namespace) -> int:
    """Solve a case on three or more meshes."""
    from fea.converge.request import meshes_of

    meshes = meshes_of(options.meshes, options.ratio, options.finest)
    _require_healthy_machine()
    from fea import pipeline
    from fea.converge.table import terminal_lines

    study, folder = pipeline.converge(options.case, meshes, options.results)
    print(f"results            {folder}")
    print(f"page               {folder / 'index.html'}")
    print(f"answer             {study.answer}")
    for line in terminal_lines(study):
        print(f"  {line}")
    met = all(traced.result is not None and traced.result.verdict == "met" for traced in study.judged)
    return VERDICT_NOT_MET if options.fail_on_verdict and not (met and study.judged) else 0


def uncertain(options: Namespace) -> int:
    """Propagate ranges of the inputs."""
    from fea.uncertain.design import Options
    from fea.uncertain.words import answer_of, decides, notes_of

    asked = Options(options.models, options.samples, options.size_factor, options.seed)
    _require_healthy_machine()
    from fea import pipeline

    outcome = pipeline.uncertain(options.case, asked, options.results)
    judged = outcome.judged
    print(f"results            {outcome.folder}")
    print(f"page               {outcome.folder / 'index.html'}")
    print(f"answer             {answer_of(judged)}")
    for sentence in filter(None, (decides(judged.bands), *notes_of(judged))):
        print(f"                   {sentence}")
    good = all(result.stability == "stable" and result.safety == "met" for result in judged.results)
    return VERDICT_NOT_MET if options.fail_on_verdict and not good else 0


def mesh(options: Namespace) -> int:
    """Mesh a case."""
    _require_healthy_machine()
    from fea import pipeline

    made, folder = pipeline.mesh(options.case, options.results)
    quality = made.quality
    print(f"displacement unknowns   {made.unknowns}")
    print(f"least scaled Jacobian   {quality.least_scaled_jacobian:.3f} at {quality.worst_place} mm")
    print(f"written to              {folder}")
    if not (folder / "stem.step").exists() and not (folder / "mesh_cone.vtu").exists():
        from fea.case.reader import read_case
        from fea.mesh.step import why_no_step

        case = read_case(options.case)
        print(f"no STEP files           {why_no_step(case.bone, case.stem)}")
    return 0


def check(options: Namespace) -> int:
    """Read a case file and say what is wrong with it."""
    from fea.case.reader import read_case
    from fea.case.taper import is_taper, read_taper
    from geometry.sheet_stem import SheetStem

    case = read_taper(options.case).case if is_taper(options.case) else read_case(options.case)
    print(f"{options.case}: a valid case, '{case.title}'")
    if isinstance(case.stem, SheetStem):
        sheet = case.stem.sheet
        x, y, z = sheet.chord_place
        print(f"triangles          {len(sheet.straight)} in {sheet.patches} smooth parts of {case.stem.file}")
        print(f"straight facets    would miss the surface by {1000 * sheet.chord_error:.3g} um,"
              f" as at ({x:.4g}, {y:.4g}, {z:.4g}) mm")  # fmt: skip
        print(f"curved facets      may be off by {1000 * float(sheet.remainder.max()):.2g} um at the most")
        for change in case.stem.mended:
            print(f"mended             {change}")
    return 0


def fit(options: Namespace) -> int:
    """Say how the stem is seated."""
    from fea.case.reader import read_shapes
    from fea.post.seating import seating_page

    case, faults = read_shapes(options.case)
    page = seating_page(case)
    print(f"{options.case}: '{case.title}'")
    for what, value in page.facts:
        print(f"{what:<52} {value}")
    print()
    widths = [max(map(len, cells)) for cells in zip(page.columns, *page.rows, strict=True)]
    for row in (page.columns, *page.rows):
        print("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)))
    print()
    for sentence in page.warnings:
        print(sentence)
    for sentence in faults:
        print(f"does not go together: {sentence}")
    if options.plot is not None:
        options.plot.write_text(page.plot.svg, encoding="utf-8")
        print(f"written to {options.plot}")
    return FAILED if faults else 0


def export(options: Namespace) -> int:
    """Write a case in another program's format."""
    _require_healthy_machine()
    from fea.export.verb import export_case

    done = export_case(options.case, options.format, options.output, options.results, options.instants)
    for what, value in done.facts:
        print(f"{what:<23} {value}")
    print(f"written to              {done.main}")
    return 0


def dossier(options: Namespace) -> int:
    """Build one document on a case's credibility."""
    from fea.dossier import verb

    if options.template:
        print(f"written to              {verb.template(options.case)}")
        return 0
    written = verb.dossier(options.case, options.results)
    print(f"dossier                 {written.path}")
    print(f"missing statements      {len(written.missing)}, asked for in {written.statements}")
    if not written.statements.exists():
        print(f"                        write that file with: osseofit dossier {options.case} --template")
    return 0


def board(options: Namespace) -> int:
    """Write one page over all results."""
    from fea.board.page import write_board

    path, entries, unread = write_board(options.results, options.cases)
    stale = sum(bool(entry.stale) for entry in entries)
    print(f"board              {path}")
    print(f"cases              {len(entries)}, of which {stale} may be stale")
    for one in unread:
        print(f"not shown          {one.name}: {one.why}")
    return 0


def compare(options: Namespace) -> int:
    """Put computed cases side by side."""
    _require_healthy_machine()
    from fea.compare import verb

    written = verb.compare(options.cases, options.results)
    print(f"page               {written.path}")
    for other in written.others:
        for sentence in other.sentences:
            print(f"                   {sentence}")
    return 0


def bone(options: Namespace) -> int:
    """Print the bone of a site."""
    from fea.case.site_words import bone_as_toml

    names = ("site", "sex", "percentile", "stump_length_mm", "whole_length_mm", "length_mm")
    stated = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    print(bone_as_toml(stated, left=options.limb_side == "left"), end="")
    return 0


def schema(options: Namespace) -> int:
    """Print the JSON Schema of case files."""
    from fea.case.schema import case_schema
    from fea.case.taper_tables import taper_schema

    print(json.dumps(taper_schema() if options.taper_joint else case_schema(), indent=2))
    return 0
