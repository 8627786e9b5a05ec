"""The product beside published experiments: ``docs/validation.md`` and its figures.

Usage: validation.py [--samples N] [--drawn-only]; ``make validation`` runs the defaults, some six minutes
on one core. Numbers are kept in ``results/validation.json``; ``--drawn-only`` writes page and figures from
them again.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import validation_bending as bending
from validation_axial import length_effect, pull_out
from validation_figures import draw_bending, draw_length, draw_pull_out
from validation_inputs import BONES, SYNTHETIC
from validation_numbers import Numbers, read_numbers
from validation_page import page

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "results" / "validation.json"
#: The sample that is solved on a finer mesh, too, and how much finer.
CHECKED, FINER = 0, 1.5


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="The product beside published experiments.")
    parser.add_argument("--samples", type=int, default=24, help="of bending, for each kind of bone")
    parser.add_argument("--drawn-only", action="store_true", help="take the numbers that are kept")
    parser.add_argument("--output", type=Path, default=ROOT / "docs", help="folder of page and figures")
    options = parser.parse_args(arguments)
    if options.samples < 12:
        parser.error(f"--samples is {options.samples}: give 12 or more, the fit of nine inputs needs them")
    if options.drawn_only and not KEPT.exists():
        parser.error(f"there are no numbers in {KEPT}: run without --drawn-only first")
    if not options.drawn_only:
        KEPT.write_text(json.dumps(compute(options.samples), indent=1), encoding="utf-8")
    numbers = read_numbers(json.loads(KEPT.read_text(encoding="utf-8")))
    publish(numbers, options.output)
    return 0


def compute(count: int) -> dict[str, Any]:
    """Solve everything; plain numbers for a JSON file."""
    inputs = {bone.words: bending.samples(bone, count) for bone in BONES}
    found: dict[str, list[dict[str, float]]] = {bone.words: [] for bone in BONES}
    unknowns = []
    for number in range(count):
        mesh = bending.specimen_of(inputs[SYNTHETIC.words][number], SYNTHETIC).mesh()
        unknowns.append(mesh.unknowns)
        for bone in BONES:
            found[bone.words].append(asdict(bending.solve(inputs[bone.words][number], bone, mesh)))
        _say(f"bending, sample {number + 1} of {count}")
    checked, size = inputs[SYNTHETIC.words][CHECKED], bending.SIZE / FINER
    fine = bending.specimen_of(checked, SYNTHETIC, size).mesh()
    _say(f"bending, finer mesh of {fine.unknowns} unknowns")
    finer = asdict(bending.solve(checked, SYNTHETIC, fine, size))
    pulled = pull_out()
    _say("pull-out")
    pushed = length_effect()
    _say("length effect")
    return {
        "bending": {
            "inputs": inputs,
            "found": found,
            "unknowns": unknowns,
            "finer": {"unknowns": fine.unknowns, "number": CHECKED, "found": finer},
        },
        "pull_out": [_plain(asdict(one)) for one in pulled],
        "length": [_plain(asdict(one)) for one in pushed],
    }


def publish(numbers: Numbers, folder: Path) -> None:
    """Write page and figures."""
    figures = folder / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    draw_bending(numbers, figures / "validation_bending.svg")
    draw_pull_out(numbers, figures / "validation_pull_out.svg")
    draw_length(numbers, figures / "validation_length.svg")
    (folder / "validation.md").write_text(page(numbers), encoding="utf-8")


def _plain(value: Any) -> Any:
    """Arrays as lists, whatever holds them."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value.tolist() if hasattr(value, "tolist") else value


def _say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    sys.exit(main())
