"""Cost against size: the direct route at several sizes, as multiples of one bonded solve of the same mesh.

Usage: scaling.py [CASE] [--sizes 30000x3,126000x3,300000x3] [--output FOLDER]; part of ``make bench``. Each
run is a process of its own. ``scaling.md`` and ``scaling.svg`` are written to the folder of this file.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from run import DEFAULT_CASE, ROOT, _cores, _memory, _processor, _table

Run = dict[str, Any]

_PAGE = """# Cost against size

`make bench` wrote this page on {date}, on {processor}, {cores} cores, {memory}; medians of {runs}
runs at these sizes, each in a process of its own. The case is `{case}` with its mesh sizes
scaled: press-fit, two cycles of 50 instants, displacement, strain and stress of both bodies at all 101
states. The unit U is one bonded linear solve of the same mesh in the same process (assembly, plain
factorisation as symmetric positive definite, one back-substitution; median of 3).

{table}

![Cost of the whole against unknowns](scaling.svg)

The whole grows with the unknowns to the power {exponent:.2f} over these sizes.

## Targets

{targets}

The nonlinear part is everything but assembly, pairing, factorisation and fields: the interface's stiffness
(the inverse of its compliance, once for all histories), press-fit, history and the audit of every state on
all vertices.

## One more sample

Press-fit and one cycle of 50 instants with the whole audit, on the same model, {workers} processes side by
side; the time of a sample is the time of all over their number. CPU seconds are of one sample in its process.

{samples}
"""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Cost against size.")
    parser.add_argument("case", type=Path, nargs="?", default=DEFAULT_CASE)
    parser.add_argument(
        "--sizes",
        default="30000x3,126000x3,300000x3",
        help="unknowns and runs at each size; the table shows medians",
    )
    parser.add_argument("--output", type=Path, default=ROOT / "bench", help="folder of page and plot")
    options = parser.parse_args(arguments)
    found: list[list[Run]] = []
    with tempfile.TemporaryDirectory(prefix="osseofit-bench-") as folder:
        for size, runs in (words.split("x") for words in options.sizes.split(",")):
            found.append([])
            for number in range(int(runs)):
                found[-1].append(one_run(options.case, float(size), Path(folder)))
                run = found[-1][-1]
                said = f"{run['unknowns']:,} unknowns, run {number + 1}: {whole(run) / run['unit']:.2f} U"
                print(f"{said}, U = {run['unit']:.1f} s", flush=True)
    options.output.joinpath("scaling.md").write_text(page(options.case, found), encoding="utf-8")
    draw(found, options.output / "scaling.svg")
    return 0


def one_run(case: Path, size: float, folder: Path) -> Run:
    """Measure in a process of its own, and the unit's peak memory in another."""
    script, answer = Path(__file__).with_name("scaling_run.py"), folder / "answer.json"
    command = [sys.executable, str(script), str(case), str(size), str(folder / "cache")]
    threads = {"OPENBLAS_NUM_THREADS": "1", **os.environ}
    subprocess.run([*command, str(answer)], check=True, env=threads)
    alone = subprocess.run([*command, "UNIT"], check=True, env=threads, capture_output=True, text=True)
    found: Run = json.loads(answer.read_text(encoding="utf-8"))
    found["unit_peak_GB"] = float(alone.stdout.split()[-1])
    return found


def _seconds(run: Run, *words: str) -> float:
    return float(sum(spent for name, spent in run["seconds"].items() if any(word in name for word in words)))


def whole(run: Run, label: str = "as stated") -> float:
    """Seconds of everything for one history."""
    return _seconds(run, "assembly", "factorisation", "interface stiffness", label)


def nonlinear(run: Run, label: str = "as stated") -> float:
    """Seconds of the interface's stiffness, press-fit, history and audit."""
    return _seconds(run, "interface stiffness", f"{label}: press-fit")


def each_sample(run: Run) -> float:
    """Seconds of one more sample, over all samples."""
    return float(run["samples"][0]["each"])


def _ratio(runs: list[Run], seconds: Callable[[Run], float]) -> str:
    ratios = [seconds(run) / run["unit"] for run in runs]
    return f"{median(ratios):.2f} U ({median([seconds(run) for run in runs]):.1f} s)"


def page(case: Path, found: list[list[Run]]) -> str:
    """Write the results as one page of Markdown."""
    head = ("", *(f"{runs[0]['unknowns']:,} unknowns" for runs in found))
    rows: list[tuple[str, ...]] = [("interface vertices", *(f"{runs[0]['vertices']:,}" for runs in found))]
    rows.append(("U, s", *(f"{median(run['unit'] for run in runs):.2f}" for runs in found)))
    for name in found[0][0]["seconds"]:
        rows.append((name, *(_ratio(runs, lambda run, name=name: run["seconds"][name]) for runs in found)))
    rows.append(("**as stated, all together**", *(_ratio(runs, whole) for runs in found)))
    rows.append(
        ("**weak fit, all together**", *(_ratio(runs, lambda r: whole(r, "weak fit")) for runs in found))
    )
    for label in ("as stated", "weak fit"):
        for key, words in (
            ("newton_iterations", "Newton iterations"),
            ("changing_vertices", "vertices that change state in the judged cycle"),
        ):
            rows.append((f"{label}: {words}", *(f"{runs[0][label][key]:,}" for runs in found)))
        rows.append(
            (
                f"{label}: most slipping, of closed vertices",
                *(f"{100 * runs[0][label]['most_slipping']:.0f} %" for runs in found),
            )
        )
        rows.append(
            (
                f"{label}: largest residual",
                *(f"{max(run[label]['residual'] for run in runs):.1e}" for runs in found),
            )
        )
    rows.append(
        ("peak memory of the run, GB", *(f"{max(run['peak_GB'] for run in runs):.2f}" for runs in found))
    )
    rows.append(
        (
            "peak memory of the unit alone, GB",
            *(f"{max(run['unit_peak_GB'] for run in runs):.2f}" for runs in found),
        )
    )
    return _PAGE.format(
        date=date.today().isoformat(), processor=_processor(), cores=_cores(), memory=_memory(),
        runs=", ".join(str(len(runs)) for runs in found), case=case.name,
        table=_table(head, rows), exponent=exponent(found),
        targets=_table(("what", "target", *head[1:]), _targets(found)), workers=found[0][0]["workers"],
        samples=_table(("sample of the coated zone", *head[1:]), _samples(found)),
    )  # fmt: skip


def exponent(found: list[list[Run]]) -> float:
    """Slope of the whole's seconds over the unknowns, both as logarithms."""
    sizes = [np.log(runs[0]["unknowns"]) for runs in found]
    costs = [np.log(median(whole(run) for run in runs)) for runs in found]
    return float(np.polyfit(sizes, costs, 1)[0]) if len(found) > 1 else float("nan")


def _targets(found: list[list[Run]]) -> list[tuple[str, ...]]:
    def row(words: str, limit: float, value: Callable[[Run], float], unit: str = "U") -> tuple[str, ...]:
        values = [median(value(run) for run in runs) for runs in found]
        return (
            words,
            f"at most {limit:g} {unit}",
            *(f"{v:.2f}, {'met' if v <= limit else 'missed'}" for v in values),
        )

    return [
        row("press-fit, 2 x 50 instants, all fields", 2.0, lambda run: whole(run) / run["unit"]),
        row("the nonlinear part alone", 0.3, lambda run: nonlinear(run) / run["unit"]),
        row("the same with a weak fit (5 um)", 3.0, lambda run: whole(run, "weak fit") / run["unit"]),
        row("one more sample, mean of those below", 0.2, lambda run: each_sample(run) / run["unit"]),
        row(
            "peak memory over the plain factorisation's",
            1.5,
            lambda run: run["peak_GB"] / run["unit_peak_GB"],
            "times",
        ),
    ]


def _samples(found: list[list[Run]]) -> list[tuple[str, ...]]:
    rows = []
    for index, sample in enumerate(found[0][0]["samples"]):
        cells = []
        for runs in found:
            cpu = median(run["samples"][index]["cpu"] / run["unit"] for run in runs)
            cells.append(f"{runs[0]['samples'][index]['changing']} change state, {cpu:.2f} U of CPU")
        rows.append((f"friction {sample['friction']:g}, {sample['um']:g} um", *cells))
    times = (_ratio(runs, each_sample) for runs in found)
    return [*rows, ("**time of one, all of them side by side**", *times)]


def draw(found: list[list[Run]], path: Path) -> None:
    """Draw seconds against unknowns, with the target as a line."""
    figure = Figure(figsize=(6.4, 4.2), layout="constrained")
    axes = figure.add_subplot()
    sizes = np.array([runs[0]["unknowns"] for runs in found])
    for words, value, colour, style in (
        ("one bonded solve, U", lambda run: run["unit"], "#4d4d4d", "s-"),
        ("as stated, everything", whole, "#0072b2", "o-"),
        ("weak fit, everything", lambda run: whole(run, "weak fit"), "#d55e00", "^-"),
        ("nonlinear part as stated", nonlinear, "#009e73", "v-"),
        ("one more sample", each_sample, "#cc79a7", "D-"),
    ):
        costs = np.array([median(value(run) for run in runs) for runs in found])
        axes.plot(sizes, costs, style, color=colour, linewidth=1.2, markersize=5)
        axes.annotate(
            words,
            (sizes[-1], costs[-1]),
            xytext=(7, 0),
            textcoords="offset points",
            va="center",
            color=colour,
        )
    axes.set(xscale="log", yscale="log", xlabel="displacement unknowns", ylabel="wall-clock time, s")
    axes.set_xlim(sizes[0] / 1.2, sizes[-1] * 4.0)
    axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle("Press-fit and 2 x 50 instants with all fields", x=0.02, ha="left", fontsize=11)
    FigureCanvasSVG(figure).print_svg(str(path))


if __name__ == "__main__":
    sys.exit(main())
