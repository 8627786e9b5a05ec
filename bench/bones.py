"""Time and memory from a scan to a mesh: a bone's surface and a CT volume, both at full size.

Usage: bones.py [--runs N] [--output FILE]; ``make bench-bones``. Both are made here, from the synthetic femur
of ``cases/bones``, at the size that scanners deliver. Every run is a process of its own with empty
caches: the case is read (bone found, aligned, fitted), meshed with its stem, and the bone's elements
get their modulus, which from a volume is the mean over each element of what its density gives.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
BONES = ROOT / "cases" / "bones"
PAGE = ROOT / "bench" / "bones.md"
#: Seconds and GB that either may take at most on two cores.
TARGETS = {"surface": (60.0, 6.0), "volume": (120.0, 6.0)}
#: Voxels of the volume, and their spacing, mm.
VOXELS, SPACING = (512, 512, 300), (0.7, 0.7, 0.8)
#: Scanner noise, HU.
NOISE = 20.0
#: Corners of the surface round and along the shaft, outer wall and canal.
GRIDS = ((160, 170), (110, 110))
#: What each case is derived from, and the line of it that names the scan's file.
CASES = {
    "surface": ("femur_scanned", "bones/residual_femur.ply"),
    "volume": ("femur_ct", "bones/femur_ct.nii.gz"),
}

Run = dict[str, Any]

_PAGE = """# From a scan to a mesh

`make bench-bones` wrote this page on {date}, on {processor}, {cores} cores, {memory}; medians of {runs},
each in a process of its own with empty caches. Surface and volume are the synthetic femur of `cases/bones` at
the size that scanners deliver.

{table}

The last column takes the machine out: everything, in multiples of what gmsh takes for the mesh alone in the
same run. Peak memory is that of the process; reading includes finding, aligning and fitting the bone.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Time and memory from a scan to a mesh.")
    parser.add_argument("--runs", type=int, default=3, help="number of runs; the table shows medians")
    parser.add_argument("--output", type=Path, default=PAGE, help="where the page goes")
    options = parser.parse_args(arguments)
    if options.runs < 1:
        parser.error("--runs must be 1 or more")
    with tempfile.TemporaryDirectory(prefix="osseofit-bench-") as folder:
        cases = prepared(Path(folder))
        measured = {kind: [one_run(case) for _ in range(options.runs)] for kind, case in cases.items()}
    text = page(measured)
    options.output.write_text(text, encoding="utf-8")
    print(text)
    return 0


def prepared(folder: Path) -> dict[str, Path]:
    """Write surface, volume and their cases."""
    sys.path.insert(0, str(BONES))
    _write_surface(folder / "surface.ply")
    _write_volume(folder / "volume.nii.gz")
    found = {}
    for kind, (name, scan) in CASES.items():
        case = folder / f"{kind}.toml"
        text = (ROOT / "cases" / f"{name}.toml").read_text(encoding="utf-8")
        text = text.replace(scan, f"{kind}.ply" if kind == "surface" else f"{kind}.nii.gz")
        for room in ("loads/", "criteria/"):
            text = text.replace(f'"{room}', f'"{(ROOT / "cases").as_posix()}/{room}')
        case.write_text(text, encoding="utf-8")
        found[kind] = case
    return found


def _write_surface(path: Path) -> None:
    import make_residual_femur as femur

    points, faces, many = [], [], 0
    for radius, (around, along), low, inward in zip(
        (femur.outer, femur.canal), GRIDS, (0.0, 1.5), (False, True), strict=True
    ):
        angle = np.linspace(-np.pi, np.pi, around, endpoint=False)[:, None]
        levels = np.linspace(low, femur.LENGTH - low, along)
        made, corners = femur.shell(radius(angle, levels), levels, inward=inward)
        points.append(made)
        faces.append(corners + many)
        many += len(made)
    femur.write_ply(path, femur.in_scanner(femur.bowed(np.vstack(points))), np.vstack(faces))


def _write_volume(path: Path) -> None:
    """Write a volume that a body fills: the femur in soft tissue, a bone beside it, noise everywhere."""
    import make_femur_ct as femur
    import SimpleITK

    spacing, counts = np.array(SPACING), np.array(VOXELS)
    origin = femur.PLACE + np.array([-0.55, -0.5, 0.0]) * counts * spacing + [0.0, 0.0, 5.0]
    x, y = (origin[i] + np.arange(counts[i]) * spacing[i] for i in (0, 1))
    grid = np.stack(np.meshgrid(x, y), -1).reshape(-1, 2)
    seed = np.random.default_rng(20260101)
    values = np.zeros(VOXELS[::-1], dtype=np.int16)
    for k in range(VOXELS[2]):
        level = np.full(len(grid), origin[2] + k * spacing[2])
        number = np.full(len(grid), femur.SOFT)
        near = np.hypot(grid[:, 0] - femur.PLACE[0], grid[:, 1] - femur.PLACE[1]) < 70.0
        number[near] = femur.hounsfield(femur.in_shaft(np.column_stack([grid[near], level[near]])))
        other = np.hypot(grid[:, 0] - femur.PLACE[0] + 110.0, grid[:, 1] - femur.PLACE[1])
        number[other < 9.0] = 1200.0
        number[np.hypot(grid[:, 0] - x.mean(), grid[:, 1] - y.mean()) > 175.0] = -1000.0
        number += NOISE * seed.standard_normal(len(number))
        values[k] = np.round(number).reshape(counts[1], counts[0])
    image = SimpleITK.GetImageFromArray(values)
    image.SetSpacing(spacing.tolist())
    image.SetOrigin(origin.tolist())
    SimpleITK.WriteImage(image, str(path), useCompression=True, compressionLevel=1)


def one_run(case: Path) -> Run:
    """Measure a case in a new process."""
    answer = case.with_suffix(".json")
    subprocess.run(
        [sys.executable, __file__, "--measure", str(case), str(answer)],
        env={"OPENBLAS_NUM_THREADS": "1", **os.environ},
        check=True,
    )
    found: Run = json.loads(answer.read_text(encoding="utf-8"))
    print(f"{case.stem}: {sum(found['seconds'].values()):.1f} s, {found['peak_GB']:.2f} GB", flush=True)
    return found


def measured_here(case_file: Path, answer: Path) -> None:
    """Read, mesh and give the bone its modulus, and write what that took."""
    start = time.perf_counter()
    from fea.case.reader import read_case
    from fea.mesh.build import build_mesh
    from fea.mesh.sizes import MeshSizes
    from fea.model.cancellous import bone_materials
    from fea.provenance import peak_memory_GB

    ticks = [start, time.perf_counter()]
    case = read_case(case_file)
    ticks.append(time.perf_counter())
    mesh = build_mesh(case.bone, case.reaming, case.stem, MeshSizes(*case.mesh.scaled(1.0)))
    ticks.append(time.perf_counter())
    stiffness = bone_materials(case, mesh)
    ticks.append(time.perf_counter())
    names = ("imports", "reading", "mesh", "modulus")
    found = {
        "seconds": dict(zip(names, np.diff(ticks).tolist(), strict=True)),
        "peak_GB": peak_memory_GB(),
        "unknowns": 3 * (len(mesh.stem.points) + len(mesh.bone.points)),
        "jacobian": mesh.quality.least_scaled_jacobian,
        "elements": len(stiffness),
    }
    answer.write_text(json.dumps(found), encoding="utf-8")


def page(measured: dict[str, list[Run]]) -> str:
    """Write the results as one page of Markdown."""
    from run import _cores, _memory, _processor, _table

    rows = []
    sizes = {
        "surface": f"{2 * sum(a * b for a, b in GRIDS):,} triangles",
        "volume": " x ".join(map(str, VOXELS)) + " voxels, density",
    }
    for kind, runs in measured.items():
        spent = {name: median(run["seconds"][name] for run in runs) for name in runs[0]["seconds"]}
        whole = median(sum(run["seconds"].values()) for run in runs)
        peak, (seconds, memory) = max(run["peak_GB"] for run in runs), TARGETS[kind]
        rows.append((
            sizes[kind],
            f"{runs[0]['unknowns']:,}",
            *(f"{spent[name]:.1f}" for name in ("reading", "mesh", "modulus")),
            f"{whole:.1f}",
            f"{seconds:g}",
            f"{peak:.2f}",
            f"{memory:g}",
            f"{median(sum(run['seconds'].values()) / run['seconds']['mesh'] for run in runs):.1f}",
        ))  # fmt: skip
    heads = (
        "scan", "unknowns", "reading, s", "mesh, s", "modulus, s", "whole, s", "at most, s", "peak, GB",
        "at most, GB", "whole / mesh",
    )  # fmt: skip
    runs = len(measured["surface"])
    return _PAGE.format(
        date=date.today().isoformat(), processor=_processor(), cores=_cores(), memory=_memory(),
        runs="one run" if runs == 1 else f"{runs} runs", table=_table(heads, rows),
    )  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measured_here(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        sys.exit(main())
