"""One measured run of a case, in a process of its own: the product's pipeline, phase by phase.

Usage: measure.py CASE OUTPUT.json FINISHED. Results and caches go to a temporary folder, so that nothing is
taken from an earlier run. The functions of the product are timed where the product calls them; the
bonded linear solve of the same mesh follows in the same process.
"""

from __future__ import annotations

import time

_START = time.perf_counter()

import json  # noqa: E402 - the clock starts before the imports
import sys  # noqa: E402
import tempfile  # noqa: E402
from dataclasses import asdict  # noqa: E402
from pathlib import Path  # noqa: E402
from statistics import median  # noqa: E402
from typing import Any  # noqa: E402

from bonded import bonded_solve  # noqa: E402
from stopwatch import Stopwatch  # noqa: E402

from fea import doctor  # noqa: E402

doctor.prepare_rendering()

import fea.model.body  # noqa: E402
import fea.model.build  # noqa: E402
import fea.pipeline  # noqa: E402
import fea.publish  # noqa: E402
import fea.solving  # noqa: E402
from fea.contact.history import History  # noqa: E402
from fea.model.routes import DirectRoute  # noqa: E402
from fea.provenance import peak_memory_GB  # noqa: E402
from fea.solution import Walk  # noqa: E402
from fea.solve.pardiso import PardisoCondensed  # noqa: E402

#: Times that the bonded solve is repeated in one run.
BONDED_REPEATS = 3

_WRAPPED: tuple[tuple[Any, str, str], ...] = (
    (fea.pipeline, "read_case", "read"),
    (fea.solving, "mesh_case", "mesh"),
    (fea.solving, "factor_case", "model"),
    (fea.model.build, "pair_surfaces", "pairing"),
    (fea.model.body, "stiffness_matrix", "assembly"),
    (PardisoCondensed, "_save", "store"),
    (fea.model.build.Model, "problem", "problem"),
    (History, "press_fit", "press-fit"),
    (fea.solving, "_variants", "variants"),
    (DirectRoute, "displacements", "displacements"),
    (fea.solving, "_fields", "fields"),
    (fea.solving, "_balance", "balance"),
    (fea.solving, "solve_case", "companion"),
    (fea.pipeline, "keep_study", "keep"),
    (fea.pipeline, "assess_study", "assess"),
    (fea.publish, "write_vtk", "vtk"),
    (fea.publish, "draw_pictures", "pictures"),
    (fea.publish, "write_report", "report"),
    (fea.pipeline, "publish", "publish"),
)


def measure(case: Path, finished: Path) -> dict[str, Any]:
    """Run a case once with empty caches and return what it took.

    Parameters
    ----------
    case
        The case file.
    finished
        Written when the run has ended, before the bonded solves.
    """
    watch = Stopwatch()
    stated: list[tuple[Any, ...]] = []
    walks: list[Walk] = []

    def remember_model(path: tuple[str, ...], arguments: tuple[Any, ...], _: Any) -> None:
        if "companion" not in path:
            stated.append(arguments)

    def remember_walk(path: tuple[str, ...], _: tuple[Any, ...], track: Any) -> None:
        if "companion" not in path:
            walks.append(track.walk)

    for owner, name, label in _WRAPPED:
        watch.wrap(owner, name, label)
    watch.wrap(fea.solving, "build_model", "build", remember_model)
    watch.wrap(DirectRoute, "walk", "walk", remember_walk)
    started = time.perf_counter() - _START
    with tempfile.TemporaryDirectory(prefix="osseofit-bench-") as folder:
        with watch.span("run"):
            outcome = fea.pipeline.run(case, Path(folder))
        summary = json.loads((outcome.folder / "summary.json").read_text(encoding="utf-8"))
        written = sum(file.stat().st_size for file in outcome.folder.rglob("*") if file.is_file())
    peak = peak_memory_GB()
    finished.touch()
    mesh, materials, supports, _, _, reference_point = stated[0][:6]
    solves = [bonded_solve(mesh, materials, supports, reference_point) for _ in range(BONDED_REPEATS)]
    unit = sorted(solves, key=lambda solve: solve.seconds)[BONDED_REPEATS // 2]
    return {
        "phases": _phases(watch, started),
        "total": started + watch["run"],
        "bonded": {**asdict(unit), "seconds": median(solve.seconds for solve in solves)},
        "peak_memory_GB": peak,
        "written_MB": written / 1e6,
        "record": summary["record"],
        "instants": [len(cycle) for cycle in walks[0].cycles],
        "lost": walks[0].loss is not None,
    }


def _phases(watch: Stopwatch, started: float) -> dict[str, float]:
    """Sort the spans into the rows of the table; what is in none of them is the rest."""
    model, walk = watch["run/model"], watch["run/walk"]
    inside = "run/model/build"
    pairing, assembly, store = (watch[f"{inside}/{name}"] for name in ("pairing", "assembly", "store"))
    seated = watch["run/walk/problem"] + watch["run/walk/press-fit"]
    recovery = sum(watch[f"run/{name}"] for name in ("displacements", "fields", "balance"))
    rows = {
        "start and imports": started,
        "case file": watch["run/read"],
        "mesh": watch["run/mesh"],
        "interface pairing": pairing,
        "assembly": assembly,
        "factorisation": model - pairing - assembly - store,
        "press-fit": seated,
        "activity": walk - seated,
        "recovery": recovery,
        "storing the factors": store,
        "variants": watch["run/variants"],
        "companion mesh": watch["run/companion"],
        "VTK files": watch["run/publish/vtk"],
        "pictures": watch["run/publish/pictures"],
        "report and summary": watch["run/publish"] - watch["run/publish/vtk"] - watch["run/publish/pictures"],
        "keeping the study": watch["run/keep"],
        "judging": watch["run/assess"],
    }
    rows["rest"] = started + watch["run"] - sum(rows.values())
    return rows


if __name__ == "__main__":
    result = measure(Path(sys.argv[1]), Path(sys.argv[3]))
    Path(sys.argv[2]).write_text(json.dumps(result, indent=1), encoding="utf-8")
