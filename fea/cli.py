"""The command ``osseofit``: verbs that are one function each."""

from __future__ import annotations

import argparse
import errno
import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fea import __version__, doctor
from fea.errors import CaseError, OsseofitError
from fea.sweep.parameters import PARAMETERS

#: Exit codes: a wrong input or a failed computation, and a verdict that was asked to count.
FAILED, VERDICT_NOT_MET = 1, 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments
        Words after the command's name; the process's own by default.

    Returns
    -------
    int
        0 when the analysis is valid, whatever the verdict; 1 on an error; 3 when
        ``--fail-on-verdict`` is given and the stem is not shown stable and safe.
    """
    options = _parser().parse_args(arguments)
    _show_progress(quiet=getattr(options, "quiet", False))
    try:
        return int(options.verb(options))
    except (OsseofitError, ValueError) as error:
        for sentence in getattr(error, "problems", (str(error),)):
            print(f"osseofit: {sentence}", file=sys.stderr)
    except OSError as error:
        print(f"osseofit: {_file_words(error, options)}", file=sys.stderr)
    except MemoryError:
        print(
            "osseofit: not enough memory for this mesh; choose a coarser [mesh] interface_size_mm",
            file=sys.stderr,
        )
    except KeyboardInterrupt:
        print("osseofit: interrupted; what was finished before is kept", file=sys.stderr)
        return 130
    return FAILED


def _file_words(error: OSError, options: argparse.Namespace) -> str:
    """Say which file or disk cannot be used, and what to do about a full one."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        where = error.filename or getattr(options, "results", "the results")
        return (
            f"the disk of {where} is full; free some space, or give another folder with --results, and run"
            " again: what is incomplete is not taken for a result"
        )
    return f"{error.filename or 'a file'} cannot be used: {error.strerror}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="osseofit",
        description="Primary stability of press-fit limb stems: from a case file to a verdict.",
    )
    parser.add_argument("--version", action="version", version=f"osseofit {__version__}")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    for name, verb, said in (
        ("run", _run, "solve a case, judge it, write its results"),
        ("mesh", _mesh, "mesh a case and write mesh and STEP files, without solving"),
        ("check", _check, "read a case file and say what is wrong with it"),
        ("report", _report, "write pictures and report of a solved case again"),
        ("sweep", _sweep, "walk samples of the uncertain inputs on one factorisation, and map the verdict"),
        ("converge", _converge, "solve a case on three or more meshes: order and error of every quantity"),
        ("uncertain", _uncertain, "propagate ranges of the inputs: bands, probabilities, sensitivities"),
    ):
        add = verbs.add_parser(name, help=said, description=said)
        add.add_argument("case", type=Path, help="the case file (TOML)")
        add.add_argument("--results", type=Path, default=Path("results"), help="folder of results")
        add.add_argument("--quiet", action="store_true", help="print the outcome only")
        add.add_argument(
            "--fail-on-verdict", action="store_true", help="exit 3 unless the verdict is stable and safe"
        )
        if verb is _sweep:
            _add_axes(add)
        if verb is _converge:
            _add_meshes(add)
        if verb is _uncertain:
            _add_counts(add)
        add.set_defaults(verb=verb)
    said = "say how the stem is seated: canal fill, wall, contact, a breach with its place; nothing is solved"
    fit = verbs.add_parser("fit", help=said, description=said)
    fit.add_argument("case", type=Path, help="the case file (TOML)")
    fit.add_argument("--plot", type=Path, help="file for the plot over the level (SVG)")
    fit.set_defaults(verb=_fit)
    said = "write a case as a deck for CalculiX or Abaqus"
    export = verbs.add_parser("export", help=said, description=said)
    export.add_argument("case", type=Path, help="the case file (TOML)")
    export.add_argument("--format", required=True, help="calculix or abaqus")
    export.add_argument("--output", type=Path, help="folder for the deck (default: in the case's results)")
    export.add_argument("--results", type=Path, default=Path("results"), help="folder of results")
    export.add_argument(
        "--instants", type=int, help="one cycle at so many instants (default: as the case says)"
    )
    export.add_argument("--quiet", action="store_true", help="print the outcome only")
    export.set_defaults(verb=_export)
    said = "build one document on the credibility of a computed case"
    dossier = verbs.add_parser("dossier", help=said, description=said)
    dossier.add_argument("case", type=Path, help="the case file (TOML)")
    dossier.add_argument("--results", type=Path, default=Path("results"), help="folder of results")
    dossier.add_argument(
        "--template", action="store_true", help="write the file of what only people can state, empty"
    )
    dossier.set_defaults(verb=_dossier)
    said = "print the bone of a site as tables of a case file, to be edited"
    bone = verbs.add_parser("bone", help=said, description=said)
    _add_site(bone)
    bone.set_defaults(verb=_bone)
    schema = verbs.add_parser("schema", help="print the JSON Schema of case files")
    schema.add_argument("--taper-joint", action="store_true", help="that of a taper joint's case file")
    schema.set_defaults(verb=_schema)
    healthy = verbs.add_parser("doctor", help="look for what this machine lacks")
    healthy.set_defaults(verb=lambda options: doctor.main())
    return parser


def _add_axes(parser: argparse.ArgumentParser) -> None:
    """Give the verb ``sweep`` an option for each parameter, and those that say how."""
    axes = parser.add_argument_group(
        "what varies", "Values as first:last:number or with commas; every combination is walked."
    )
    for parameter in PARAMETERS.values():
        axes.add_argument(parameter.option, dest=parameter.name, metavar="VALUES", help=parameter.help)
    axes.add_argument("--study", type=Path, help="a study file (TOML) instead of these options")
    axes.add_argument(
        "--zone", help="name of a zone, or all (default: the first zone with bands, else the first)"
    )
    axes.add_argument("--errors", help="judge with the discretisation error of the case, or of each sample")
    axes.add_argument("--name", help="name of the folder of results (default: the study's, or a digest)")


def _add_site(parser: argparse.ArgumentParser) -> None:
    """Give the verb ``bone`` the options that say whose bone and how long."""
    add = parser.add_argument
    add("--site", required=True, help="femur, tibia, humerus, radius, ulna or phalanx")
    add("--sex", help="male or female, where numbers are known by sex")
    add("--percentile", type=float, help="1 to 99, of the values that have a standard deviation")
    add("--stump-length", dest="stump_length_mm", type=float, help="proximal end to cut, mm")
    add("--whole-length", dest="whole_length_mm", type=float, help="length of the whole bone, mm")
    add("--length", dest="length_mm", type=float, help="cut to held end, mm")
    add("--limb-side", choices=("right", "left"), default="right", help="default right")


def _add_meshes(parser: argparse.ArgumentParser) -> None:
    """Give the verb ``converge`` the options that say which meshes."""
    parser.add_argument("--meshes", default="3", help="how many meshes, 3 to 6 (default 3)")
    parser.add_argument("--ratio", default="1.26", help="ratio of the sizes of neighbours (default 1.26)")
    parser.add_argument(
        "--finest", default="1", help="factor on the case's sizes for the finest mesh; below 1 goes finer"
    )


def _add_counts(parser: argparse.ArgumentParser) -> None:
    """Give the verb ``uncertain`` the options that say how much is computed."""
    add = parser.add_argument
    add("--models", type=int, default=8, help="factorised models (default 8)")
    add("--samples", type=int, default=16, help="samples on each model (default 16)")
    add("--size-factor", type=float, default=1.0, help="factor on the element sizes, 1 to 4 (default 1)")
    add("--seed", type=int, default=1, help="what the samples are drawn from (default 1)")


def _show_progress(*, quiet: bool) -> None:
    level = logging.WARNING if quiet else logging.INFO
    logger = logging.getLogger("osseofit")
    logger.setLevel(level)
    if logger.handlers:
        return
    if sys.stderr.isatty():
        from rich.logging import RichHandler

        logger.addHandler(RichHandler(show_path=False, show_level=False))
    else:
        logger.addHandler(logging.StreamHandler())


def _require_healthy_machine() -> None:
    problems = doctor.check().problems
    if problems:
        raise CaseError(problems)
    doctor.prepare_rendering()


def _run(options: argparse.Namespace) -> int:
    _require_healthy_machine()
    from fea.pipeline import run

    outcome = run(options.case, options.results)
    return _tell(outcome.folder, outcome.assessment, options)


def _report(options: argparse.Namespace) -> int:
    _require_healthy_machine()
    from fea.pipeline import report

    outcome = report(options.case, options.results)
    return _tell(outcome.folder, outcome.assessment, options)


def _tell(folder: Path, assessment: object, options: argparse.Namespace) -> int:
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


def _tell_joint(folder: Path, assessment: Any, options: argparse.Namespace) -> int:
    print(f"results            {folder}")
    print(f"report             {folder / 'report.html'}")
    for name in ("fretting", "safety"):
        print(f"{name:<18} {getattr(assessment, name)}")
        for sentence in getattr(assessment, f"{name}_sentences"):
            print(f"                   {sentence}")
    good = assessment.fretting == assessment.safety == "met"
    return VERDICT_NOT_MET if options.fail_on_verdict and not good else 0


def _sweep(options: argparse.Namespace) -> int:
    from fea.sweep.request import question_of

    stated = {name: getattr(options, name) for name in (*PARAMETERS, "zone", "errors", "name")}
    question = question_of(stated, options.study)
    _require_healthy_machine()
    from fea.pipeline import sweep

    outcome = sweep(options.case, question, options.results)
    print(f"results            {outcome.folder}")
    print(f"page               {outcome.folder / 'index.html'}")
    print(f"samples            {outcome.answer.counts}")
    print(f"answer             {outcome.answer.sentence}")
    for note in outcome.sweep.notes:
        print(f"                   {note}")
    shown = set(outcome.sweep.counts) == {"stable"}
    return VERDICT_NOT_MET if options.fail_on_verdict and not shown else 0


def _converge(options: argparse.Namespace) -> int:
    from fea.converge.request import meshes_of

    meshes = meshes_of(options.meshes, options.ratio, options.finest)
    _require_healthy_machine()
    from fea.converge.table import terminal_lines
    from fea.pipeline import converge

    study, folder = converge(options.case, meshes, options.results)
    print(f"results            {folder}")
    print(f"page               {folder / 'index.html'}")
    print(f"answer             {study.answer}")
    for line in terminal_lines(study):
        print(f"  {line}")
    met = all(traced.result is not None and traced.result.verdict == "met" for traced in study.judged)
    return VERDICT_NOT_MET if options.fail_on_verdict and not (met and study.judged) else 0


def _uncertain(options: argparse.Namespace) -> int:
    from fea.uncertain.design import Options
    from fea.uncertain.words import answer_of, decides, notes_of

    asked = Options(options.models, options.samples, options.size_factor, options.seed)
    _require_healthy_machine()
    from fea.pipeline import uncertain

    outcome = uncertain(options.case, asked, options.results)
    judged = outcome.judged
    print(f"results            {outcome.folder}")
    print(f"page               {outcome.folder / 'index.html'}")
    print(f"answer             {answer_of(judged)}")
    for sentence in filter(None, (decides(judged.bands), *notes_of(judged))):
        print(f"                   {sentence}")
    good = all(result.stability == "stable" and result.safety == "met" for result in judged.results)
    return VERDICT_NOT_MET if options.fail_on_verdict and not good else 0


def _mesh(options: argparse.Namespace) -> int:
    _require_healthy_machine()
    from fea.pipeline import mesh

    made, folder = mesh(options.case, options.results)
    quality = made.quality
    print(f"displacement unknowns   {made.unknowns}")
    print(f"least scaled Jacobian   {quality.least_scaled_jacobian:.3f} at {quality.worst_place} mm")
    print(f"written to              {folder}")
    if not (folder / "stem.step").exists() and not (folder / "mesh_cone.vtu").exists():
        print("no STEP files           a bowed stem is bent after it is drawn, one of triangles is no solid")
    return 0


def _check(options: argparse.Namespace) -> int:
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


def _fit(options: argparse.Namespace) -> int:
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


def _export(options: argparse.Namespace) -> int:
    _require_healthy_machine()
    from fea.export.verb import export_case

    main_file, deck = export_case(
        options.case, options.format, options.output, options.results, options.instants
    )
    print(f"displacement unknowns   {3 * len(deck.points)}")
    print(f"steps                   1 press-fit, {len(deck.cycle.percent) * deck.cycles} instants")
    print(f"written to              {main_file}")
    return 0


def _dossier(options: argparse.Namespace) -> int:
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


def _bone(options: argparse.Namespace) -> int:
    from fea.case.site_words import bone_as_toml

    names = ("site", "sex", "percentile", "stump_length_mm", "whole_length_mm", "length_mm")
    stated = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    print(bone_as_toml(stated, left=options.limb_side == "left"), end="")
    return 0


def _schema(options: argparse.Namespace) -> int:
    from fea.case.schema import case_schema
    from fea.case.taper_tables import taper_schema

    print(json.dumps(taper_schema() if options.taper_joint else case_schema(), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
