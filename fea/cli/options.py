"""The words of the command line: every verb with its options."""

from __future__ import annotations

import argparse
from pathlib import Path

from fea import __version__, doctor
from fea.cli import verbs
from fea.sweep.parameters import PARAMETERS


def parser() -> argparse.ArgumentParser:
    """Return the command line's parser; its options carry the verb."""
    words = argparse.ArgumentParser(
        prog="osseofit",
        description="Primary stability of press-fit limb stems: from a case file to a verdict.",
    )
    words.add_argument("--version", action="version", version=f"osseofit {__version__}")
    add_verb = words.add_subparsers(required=True, metavar="VERB")
    for name, verb, said in (
        ("run", verbs.run, "solve a case, judge it, write its results"),
        ("mesh", verbs.mesh, "mesh a case and write mesh and STEP files, without solving"),
        ("check", verbs.check, "read a case file and say what is wrong with it"),
        ("report", verbs.report, "write pictures and report of a solved case again"),
        (
            "sweep",
            verbs.sweep,
            "walk samples of the uncertain inputs on one factorisation, and map the verdict",
        ),
        (
            "converge",
            verbs.converge,
            "solve a case on three or more meshes: order and error of every quantity",
        ),
        ("uncertain", verbs.uncertain, "propagate ranges of the inputs: bands, probabilities, sensitivities"),
    ):
        add = add_verb.add_parser(name, help=said, description=said)
        add.add_argument("case", type=Path, help="the case file (TOML)")
        add.add_argument("--results", type=Path, default=Path("results"), help="folder of results")
        add.add_argument("--quiet", action="store_true", help="print the outcome only")
        add.add_argument(
            "--fail-on-verdict", action="store_true", help="exit 3 unless the verdict is stable and safe"
        )
        if verb is verbs.report:
            add.add_argument("--pdf", action="store_true", help="print the report as PDF, too")
        if verb is verbs.sweep:
            _add_axes(add)
        if verb is verbs.converge:
            _add_meshes(add)
        if verb is verbs.uncertain:
            _add_counts(add)
        add.set_defaults(verb=verb)
    said = "say how the stem is seated: canal fill, wall, contact, a breach with its place; nothing is solved"
    fit = add_verb.add_parser("fit", help=said, description=said)
    fit.add_argument("case", type=Path, help="the case file (TOML)")
    fit.add_argument("--plot", type=Path, help="file for the plot over the level (SVG)")
    fit.set_defaults(verb=verbs.fit)
    said = "write a case, its mesh, its shapes or its results in another program's format"
    export = add_verb.add_parser("export", help=said, description=said)
    export.add_argument("case", type=Path, help="the case file (TOML)")
    export.add_argument(
        "--format", required=True, help="calculix, abaqus, febio, gmsh, vtu, csv, gltf or step"
    )
    export.add_argument("--output", type=Path, help="folder for the files (default: in the case's results)")
    export.add_argument("--results", type=Path, default=Path("results"), help="folder of results")
    export.add_argument(
        "--instants", type=int, help="of a deck: one cycle at so many instants (default: as the case says)"
    )
    export.add_argument("--quiet", action="store_true", help="print the outcome only")
    export.set_defaults(verb=verbs.export)
    said = "build one document on the credibility of a computed case"
    dossier = add_verb.add_parser("dossier", help=said, description=said)
    dossier.add_argument("case", type=Path, help="the case file (TOML)")
    dossier.add_argument("--results", type=Path, default=Path("results"), help="folder of results")
    dossier.add_argument(
        "--template", action="store_true", help="write the file of what only people can state, empty"
    )
    dossier.set_defaults(verb=verbs.dossier)
    said = "write one page over all results: verdicts, key numbers, what is stale"
    board = add_verb.add_parser("board", help=said, description=said)
    board.add_argument("--results", type=Path, default=Path("results"), help="folder of results")
    board.add_argument("--cases", type=Path, default=Path("cases"), help="folder of case files")
    board.set_defaults(verb=verbs.board)
    said = "put computed cases side by side: what differs, what it did, maps of the change"
    compare = add_verb.add_parser("compare", help=said, description=said)
    compare.add_argument(
        "cases", type=Path, nargs="+", help="case files (TOML), the first is compared with each other"
    )
    compare.add_argument("--results", type=Path, default=Path("results"), help="folder of results")
    compare.set_defaults(verb=verbs.compare)
    said = "print the bone of a site as tables of a case file, to be edited"
    bone = add_verb.add_parser("bone", help=said, description=said)
    _add_site(bone)
    bone.set_defaults(verb=verbs.bone)
    schema = add_verb.add_parser("schema", help="print the JSON Schema of case files")
    schema.add_argument("--taper-joint", action="store_true", help="that of a taper joint's case file")
    schema.set_defaults(verb=verbs.schema)
    healthy = add_verb.add_parser("doctor", help="look for what this machine lacks")
    healthy.set_defaults(verb=lambda options: doctor.main())
    return words


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
