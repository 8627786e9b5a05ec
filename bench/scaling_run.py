"""One measured run at one size: the direct route phase by phase, a weak fit, samples, and the unit.

Usage: scaling_run.py CASE UNKNOWNS CACHE OUTPUT.json. The mesh sizes of the case are scaled to about the
wanted number of unknowns; the mesh is taken from the cache folder, factors are not. With UNIT in place of
OUTPUT.json only the unit is solved, for its peak memory, which is printed.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from bonded import bonded_solve
from stopwatch import Stopwatch

import fea.model.body
import fea.model.build
from fea.cache import Cache
from fea.case.case import Case
from fea.case.reader import read_case
from fea.mesh.parts import Mesh
from fea.model.build import Model, element_materials
from fea.model.recover import displacements, recover_fields
from fea.model.walk import Plan, Track, walk_history
from fea.parallel import map_forked, workers
from fea.progress import Clock
from fea.provenance import peak_memory_GB
from fea.solution import instants_of
from fea.solve.pardiso import PardisoCondensed
from fea.solving import Tools, factor_case, friction_of, mesh_case, plan_of
from fea.status import Status
from materials.rotation import rotate_stiffness

#: Unknowns of the default case with its own sizes.
DEFAULT_UNKNOWNS = 126_060
#: Diametral interference of the weak fit, um.
WEAK_um = 5.0
#: Samples of friction and diametral interference in um of the coated zone.
SAMPLES = (
    (0.4, 10.0),
    (0.6, 10.0),
    (0.5, 8.0),
    (0.5, 12.0),
    (0.5, 50.0),
    (0.9, 50.0),
    (0.5, 100.0),
    (0.9, 100.0),
)
#: Times that the unit is solved.
REPEATS = 3


def mesh_of(case: Case, unknowns: float, cache: Path) -> Mesh:
    """Mesh a case to about a number of unknowns."""
    factor = (DEFAULT_UNKNOWNS / unknowns) ** (1.0 / 3.0)
    return mesh_case(case, Tools(Cache(cache), Clock()), factor)


def unit(case: Case, mesh: Mesh) -> list[float]:
    """Solve the bonded body some times and return the seconds of each."""
    centres = mesh.bone.points[mesh.bone.tets[:, :4]].mean(axis=1)
    materials = (
        element_materials(mesh.stem, case.stem_material, None, case.layer_materials),
        element_materials(mesh.bone, case.bone_material, case.bone_frames(centres)),
    )
    keys = ("stem_distal", "stem_proximal", "bone_distal", "bone_proximal")
    supports = {key: getattr(case.supports, key) for key in keys}
    solves = (bonded_solve(mesh, materials, supports, case.reference_point) for _ in range(REPEATS))
    return [solve.seconds for solve in solves]


class Bench:
    """A factored model with its phases timed."""

    def __init__(self, case: Case, mesh: Mesh) -> None:
        self.case, self.seconds, watch = case, {}, Stopwatch()
        watch.wrap(fea.model.body, "stiffness_matrix", "assembly")
        watch.wrap(fea.model.build, "pair_surfaces", "pairing")
        watch.wrap(PardisoCondensed, "_save", "store")
        with tempfile.TemporaryDirectory(prefix="osseofit-bench-") as folder, watch.span("model"):
            self.model, _ = factor_case(case, mesh, Tools(Cache(Path(folder)), Clock()))
        inside = {name: watch[f"model/{name}"] for name in ("assembly", "pairing", "store")}
        self.seconds["assembly and pairing"] = inside["assembly"] + inside["pairing"]
        self.seconds["factorisation"] = watch["model"] - sum(inside.values())
        start = time.perf_counter()
        _ = self.model.equilibrium.stiffness
        self.seconds["interface stiffness"] = time.perf_counter() - start
        self.plan = plan_of(case)

    def walk(self, friction: float, interference_um: float, plan: Plan, like: Track | None = None) -> Track:
        """Walk with another fit of the coated zone."""
        model: Model = self.model
        gap, zone = model.operators.gap.copy(), model.operators.zone == model.mesh.zones.index("coated")
        gap[zone] += self.case.fit["coated"].radial_interference - 0.5e-3 * interference_um
        problem = model.problem(gap, {**friction_of(self.case), "coated": friction})
        return walk_history(model, problem, plan, like)

    def history(self, label: str, friction: float, interference_um: float) -> Track:
        """Walk the whole history and recover the fields of every instant, timed."""
        start = time.perf_counter()
        track = self.walk(friction, interference_um, self.plan)
        walked = time.perf_counter()
        points = [track.seated, *(point for cycle in track.cycles for point in cycle)]
        moved = displacements(self.model, points)
        frames = self.case.bone_frames(self.model.bone.part.points)
        stem = recover_fields(self.model.stem, moved[0], self.case.stem_material.elasticity.stiffness())
        at_nodes = rotate_stiffness(self.case.bone_material.elasticity.stiffness(), frames)
        bone = recover_fields(self.model.bone, moved[1], at_nodes)
        every = (stem.displacement, stem.strain, stem.stress, bone.displacement, bone.strain, bone.stress)
        for field in every:
            for instant in instants_of(field):
                assert instant.size, "a field has no nodes"
        self.seconds[f"{label}: press-fit, history, audit"] = walked - start
        self.seconds[f"{label}: fields of {len(points)} instants"] = time.perf_counter() - walked
        return track


def changing(track: Track) -> int:
    """Count the vertices that change state in the last cycle."""
    status = np.stack([point.status for point in track.cycles[-1]])
    return int((status != status[0]).any(axis=0).sum())


def told(track: Track) -> dict[str, Any]:
    """Say what a history was like."""
    closed = [point.status[point.status != Status.OPEN] for point in track.cycles[-1]]
    slips = [np.mean(status == Status.SLIP) for status in closed]
    iterations = track.walk.press_fit.iterations + sum(s.iterations for c in track.walk.cycles for s in c)
    return {
        "residual": track.residual,
        "newton_iterations": iterations,
        "changing_vertices": changing(track),
        "most_slipping": float(max(slips)),
        "lost": track.walk.loss is not None,
    }


def samples(bench: Bench, like: Track) -> list[dict[str, float]]:
    """Walk samples, press-fit and one cycle, side by side."""
    once = replace(bench.plan, cycles=1)

    def one(sample: tuple[float, float]) -> dict[str, float]:
        start = time.process_time()
        track = bench.walk(*sample, once, like)
        spent = time.process_time() - start
        return {"friction": sample[0], "um": sample[1], "changing": changing(track), "cpu": spent}

    start = time.perf_counter()
    found = map_forked(one, SAMPLES)
    for sample in found:
        sample["each"] = (time.perf_counter() - start) / len(found)
    return found


def measure(case: Case, mesh: Mesh) -> Mapping[str, Any]:
    """Measure everything at one size."""
    bench = Bench(case, mesh)
    track = bench.history(
        "as stated", case.fit["coated"].friction, 2e3 * case.fit["coated"].radial_interference
    )
    weak = bench.history("weak fit", case.fit["coated"].friction, WEAK_um)
    peak = peak_memory_GB()
    walked = samples(bench, track)
    unknowns, vertices = mesh.unknowns, len(bench.model.operators.area)
    plan, seconds = bench.model.solver.plan, bench.seconds
    del bench
    return {
        "unknowns": unknowns,
        "vertices": vertices,
        "seconds": seconds,
        "as stated": told(track),
        "weak fit": told(weak),
        "samples": walked,
        "workers": workers(),
        "peak_GB": peak,
        "memory_plan": plan.sentence(),
        "unit": median(unit(case, mesh)),
    }


if __name__ == "__main__":
    stated = read_case(Path(sys.argv[1]))
    body = mesh_of(stated, float(sys.argv[2]), Path(sys.argv[3]))
    if sys.argv[4] == "UNIT":
        unit(stated, body)
        print(peak_memory_GB())
    else:
        Path(sys.argv[4]).write_text(json.dumps(measure(stated, body), indent=1), encoding="utf-8")
