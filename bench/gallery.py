"""Compute the example cases and draw the gallery of the documentation: shapes, cut mesh, micromotion.

Usage: python bench/gallery.py [CASES] [--results FOLDER]; ``make gallery`` runs it on every example.
The pictures of assembly, mesh and unrolled micromotion, of a joint unrolled slip, stand side by side in
docs/figures/implants/CASE.png.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from fea.pipeline import run
from fea.post.render.sheet import encode

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
)
PICTURES = ("assembly", "mesh", "unrolled_micromotion")
#: Those of a joint, in which slip stands for micromotion.
JOINT = ("assembly", "mesh", "unrolled_slip")
FOLDER = ROOT / "docs" / "figures" / "implants"
#: Height of the pictures in pixels.
HEIGHT = 720


def main(arguments: Sequence[str] | None = None) -> int:
    """Compute what is asked for; return 0."""
    parser = argparse.ArgumentParser(description="Draw the gallery of implants.")
    parser.add_argument("names", nargs="*", default=CASES, help="cases without their ending; all by default")
    parser.add_argument("--results", type=Path, default=ROOT / "results", help="folder of the results")
    options = parser.parse_args(arguments)
    for name in options.names:
        outcome = run(ROOT / "cases" / f"{name}.toml", options.results)
        print(f"written: {side_by_side(outcome.folder, name)}", flush=True)
    return 0


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
    FOLDER.mkdir(parents=True, exist_ok=True)
    path, draft = FOLDER / f"{name}.png", FOLDER / f".{name}.png"
    draft.write_bytes(encode(np.asarray(sheet)))
    draft.replace(path)
    return path


if __name__ == "__main__":
    sys.exit(main())
