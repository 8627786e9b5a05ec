"""Benchmark of the route by iteration: press-fit and 20 instants of walking at a wanted size.

Usage: iterative.py UNKNOWNS [--interference-um D] [--press-fit] [--exact] [--case CASE]. The mesh
sizes of the case are scaled to about the wanted number of unknowns. A table is printed.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from fea.cache import Cache
from fea.case.case import Case
from fea.case.loading import load_of
from fea.case.reader import read_case
from fea.contact.iterative import FieldPoint
from fea.mesh.parts import Mesh
from fea.model.build import element_materials
from fea.model.iterative import IterativeModel, IterativeTrack, Method, build_iterative, walk_iterative
from fea.model.walk import Plan
from fea.progress import Clock
from fea.solve.backends import choose_backend
from fea.solving import Tools, mesh_case
from fea.status import Status
from geometry.fit import Fit

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_CASE = ROOT / "cases" / "femur_press_fit.toml"
#: Unknowns of the default case with its own sizes.
DEFAULT_UNKNOWNS = 126e3
INSTANTS = 20


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Benchmark of the route by iteration.")
    parser.add_argument("unknowns", type=float, help="about how many displacement unknowns, e.g. 1e6")
    parser.add_argument("--case", type=Path, default=DEFAULT_CASE, help="case file (TOML)")
    parser.add_argument("--interference-um", type=float, help="diametral interference of the coated zone")
    parser.add_argument("--press-fit", action="store_true", help="no walking")
    parser.add_argument("--exact", action="store_true", help="a factorisation as the preconditioner")
    parser.add_argument(
        "--cache", type=Path, default=ROOT / "results" / ".cache", help="where meshes are kept"
    )
    options = parser.parse_args(arguments)
    case = read_case(options.case)
    if options.interference_um is not None:
        zone = replace(case.fit["coated"], radial_interference=0.5e-3 * options.interference_um)
        case = replace(case, fit={**case.fit, "coated": zone})
    factor = (DEFAULT_UNKNOWNS / options.unknowns) ** (1.0 / 3.0)
    mesh = mesh_case(case, Tools(Cache(options.cache), Clock()), factor)
    start = time.perf_counter()
    model = _model(case, mesh, Method(choose_backend(), options.exact))
    built = time.perf_counter()
    plan = _plan(case, walks=not options.press_fit)
    friction = {name: zone.friction for name, zone in case.fit.items()}
    track = walk_iterative(model, model.operators.gap, friction, plan, _progress)
    sys.stdout.write(_table(model, track, built - start, time.perf_counter() - built))
    return 0 if track.loss is None else 1


def _progress(point: FieldPoint) -> None:
    slipping = float((point.status == Status.SLIP).mean())
    sys.stdout.write(
        f"{time.process_time():8.0f} s CPU: {point.linear_iterations} iterations, "
        f"{point.iterations} Newton steps, {slipping:.2f} slipping\n"
    )
    sys.stdout.flush()


def _model(case: Case, mesh: Mesh, method: Method) -> IterativeModel:
    centres = mesh.bone.points[mesh.bone.tets[:, :4]].mean(axis=1)
    materials = (
        element_materials(mesh.stem, case.stem_material, None, case.layer_materials),
        element_materials(mesh.bone, case.bone_material, case.bone_frames(centres)),
    )
    keys = ("stem_distal", "stem_proximal", "bone_distal", "bone_proximal")
    supports = {key: getattr(case.supports, key) for key in keys}
    gap = Fit(case.bone, case.reaming, case.stem, case.fit).gap
    return build_iterative(mesh, materials, supports, gap, case.reference_point, method)


def _plan(case: Case, *, walks: bool) -> Plan:
    steps = case.steps
    if case.activity is None or not walks:
        return Plan(np.zeros(0), np.zeros((0, 6)), 0, steps.press_fit_increments, steps.max_cut_backs)
    cycle = load_of(case, INSTANTS)
    return Plan(cycle.percent, cycle.wrenches, 1, steps.press_fit_increments, steps.max_cut_backs)


def _table(model: IterativeModel, track: IterativeTrack, building: float, walking: float) -> str:
    slipping = [float((point.status == Status.SLIP).mean()) for point in track.points]
    closed = [
        float((p.status == Status.SLIP).sum() / max(int((p.status != Status.OPEN).sum()), 1))
        for p in track.points
    ]
    counts = [point.linear_iterations for point in track.points]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    rows = {
        "preconditioner": model.preconditioner.name,
        "unknowns": f"{model.mesh.unknowns}",
        "interface vertices": f"{len(model.operators.area)}",
        "iterations of each instant": " ".join(map(str, counts)),
        "Newton steps of each instant": " ".join(str(point.iterations) for point in track.points),
        "iterations in all": f"{sum(counts)}",
        "seconds of assembly and pairing": f"{building:.0f}",
        "seconds of the history": f"{walking:.0f}",
        "peak memory, GB": f"{peak:.2f}",
        "largest residual of the laws": f"{track.residual.max():.1e}",
        "largest residual of equilibrium": f"{track.imbalance.max():.1e}",
        "most slipping, share of all vertices": f"{max(slipping):.2f}",
        "most slipping, share of closed vertices": f"{max(closed):.2f}",
        "lost fixation": "no" if track.loss is None else track.loss.motion,
    }
    return "".join(f"| {name} | {value} |\n" for name, value in rows.items())


if __name__ == "__main__":
    raise SystemExit(main())
