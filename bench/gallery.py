"""Compute the example cases and draw the galleries of the documentation.

Usage: python bench/gallery.py [CASES] [--results FOLDER]; ``make gallery`` runs it on every example.
Of an implant the pictures of assembly, mesh and unrolled micromotion, of a joint unrolled slip, stand side by
side in docs/figures/implants/CASE.png. Of a bone its surface with sections, mesh, density or material, and
micromotion stand two by two in docs/figures/bones/CASE.png.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from PIL import Image

from fea.cache import Cache
from fea.case.reader import read_case
from fea.pipeline import run
from fea.post import tokens
from fea.post.render.bone_source import matter_picture, shape_picture
from fea.post.render.sheet import LARGEST_FILE, encode
from fea.progress import Clock
from fea.solving import Tools, mesh_case

ROOT = Path(__file__).resolve().parents[1]
#: Case files of the gallery, in the order of the documentation.
CASES = (
    "femur_press_fit",
    "femur_varus",
    "femur_proud",
    "femur_flexible_reamer",
    "femur_bowed",
    "femur_two_zones",
    "femur_coated_layer",
    "femur_graded_lattice",
    "femur_splined",
    "femur_threaded",
    "femur_pretensioned",
    "femur_distal_porous",
    "femur_short_lag_screw",
    "femur_custom",
    "femur_fail_safe",
    "femur_custom_surface",
    "adapter_taper",
    "femur_scanned",
    "jaw_dental_screw",
    "finger_fixture",
    "femur_ct",
    "tibia_press_fit",
    "humerus_press_fit",
    "radius_press_fit",
    "ulna_press_fit",
    "femur_proximal",
)
#: Those that are shown as bones too, in the order of docs/bones.md.
BONES = (
    "femur_press_fit",
    "femur_varus",
    "tibia_press_fit",
    "humerus_press_fit",
    "finger_fixture",
    "jaw_dental_screw",
    "femur_scanned",
    "femur_proximal",
    "femur_ct",
    "radius_press_fit",
    "ulna_press_fit",
)
PICTURES = ("assembly", "mesh", "unrolled_micromotion")
#: Those of a joint, in which slip stands for micromotion.
JOINT = ("assembly", "mesh", "unrolled_slip")
FOLDER = ROOT / "docs" / "figures" / "implants"
OF_BONES = ROOT / "docs" / "figures" / "bones"
#: Height of the pictures in pixels.
HEIGHT = 720
#: Size of each of a bone's four pictures in pixels, and by how much it shrinks where the file is too large.
CELL, SMALLER = (1000, 778), 0.93


def main(arguments: Sequence[str] | None = None) -> int:
    """Compute what is asked for; return 0."""
    parser = argparse.ArgumentParser(description="Draw the gallery of implants.")
    parser.add_argument("names", nargs="*", default=CASES, help="cases without their ending; all by default")
    parser.add_argument("--results", type=Path, default=ROOT / "results", help="folder of the results")
    options = parser.parse_args(arguments)
    for name in options.names:
        outcome = run(ROOT / "cases" / f"{name}.toml", options.results)
        print(f"written: {side_by_side(outcome.folder, name)}", flush=True)
        if name in BONES:
            print(f"written: {two_by_two(outcome.folder, name)}", flush=True)
    return 0


def two_by_two(results: Path, name: str) -> Path:
    """Put shape, mesh, density or material, and micromotion of a bone on one sheet."""
    case = read_case(ROOT / "cases" / f"{name}.toml")
    mesh = mesh_case(case, Tools(Cache(results.parent / ".cache"), Clock()))
    with mpl.rc_context(tokens.style()):
        shape, matter = (draw(case, mesh).image() for draw in (shape_picture, matter_picture))
    stored = [Image.open(results / f"{picture}.png").convert("RGB") for picture in PICTURES[1:]]
    pictures = (Image.fromarray(shape), stored[0], Image.fromarray(matter), stored[1])
    share = 1.0
    while len(encode(np.asarray(sheet := _of_four(pictures, share)))) > LARGEST_FILE:
        share *= SMALLER
    return _written(sheet, OF_BONES / f"{name}.png")


def _of_four(pictures: Sequence[Image.Image], share: float) -> Image.Image:
    """Put four pictures two by two, white round them."""
    wide, high = (round(share * side) for side in CELL)
    sheet = Image.new("RGB", (2 * wide, 2 * high), "white")
    for number, picture in enumerate(pictures):
        size = min(wide / picture.width, high / picture.height)
        scaled = picture.resize((round(size * picture.width), round(size * picture.height)), Image.LANCZOS)
        sheet.paste(scaled, (wide * (number % 2), high * (number // 2)))
    return sheet


def side_by_side(results: Path, name: str) -> Path:
    """Put a case's pictures beside one another, white behind them, and write them by rename."""
    drawn = JOINT if (results / "cone.vtu").exists() else PICTURES
    pictures = [Image.open(results / f"{picture}.png").convert("RGB") for picture in drawn]
    widths = [round(picture.width * HEIGHT / picture.height) for picture in pictures]
    scaled = [picture.resize((wide, HEIGHT)) for picture, wide in zip(pictures, widths, strict=True)]
    sheet = Image.new("RGB", (sum(picture.width for picture in scaled), HEIGHT), "white")
    left = 0
    for picture in scaled:
        sheet.paste(picture, (left, 0))
        left += picture.width
    return _written(sheet, FOLDER / f"{name}.png")


def _written(sheet: Image.Image, path: Path) -> Path:
    """Write a sheet by rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}")
    draft.write_bytes(encode(np.asarray(sheet)))
    draft.replace(path)
    return path


if __name__ == "__main__":
    sys.exit(main())
