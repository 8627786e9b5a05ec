"""Benchmark of a case: seconds of every phase, peak memory, and the ratio to one bonded solve.

Usage: run.py [CASE] [--runs N] [--output FILE]; ``make bench`` runs the default case. Each run is a process
of its own with empty caches. The table is printed and written to ``bench/results.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_CASE = ROOT / "cases" / "femur_press_fit.toml"

#: What the ratio to the bonded solve counts: everything after assembly, for the case as stated.
AFTER_ASSEMBLY = ("factorisation", "press-fit", "activity", "recovery")

#: Targets for the default case on two quiet cores.
RATIO_TARGET, TOTAL_TARGET_s, MEMORY_TARGET_GB = 6.0, 180.0, 4.0

#: Between two looks at the memory.
SAMPLING_s = 0.2

Run = dict[str, Any]

_PAGE = """# Benchmark

`make bench` wrote this page on {date}: {runs} of `{case}`, each a process of its own with
empty caches. Medians, and the least and the largest value where they differ.
{lost}
{machine}

## Targets

{targets}

A bonded solve is the unit that takes the machine out of the numbers: stem and bone tied where their
interface nodes coincide, one assembly, one plain factorisation (symmetric positive definite), one
back-substitution, in the same process as the run. After assembly come the factorisation with the
interface's compliance, press-fit, activity, and the recovery of displacements, strains and stresses of
the judged cycle with the audit of the balance; they are counted for the case as stated, without its
variants and its companion mesh. Storing the factors for later runs is not counted.

## Bonded solve

{bonded}

## Phases

{phases}

Interface pairing is the assembly of the weak jumps. The factorisation includes the check of its residual.
Variants are the corners of the uncertain inputs and the open collar, on the same factors. The companion
mesh is the whole solution on a mesh 1.5 times coarser, for the error bars. Peak memory is that of the run and
of the processes that it forks, shared pages counted once.
"""

_LOST = "\n**Fixation was lost in this case: its activity ended early, so its times compare with nothing.**\n"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Benchmark of a case.")
    parser.add_argument("case", type=Path, nargs="?", default=DEFAULT_CASE, help="case file (TOML)")
    parser.add_argument("--runs", type=int, default=3, help="number of runs; the table shows medians")
    parser.add_argument(
        "--output", type=Path, default=ROOT / "bench" / "results.md", help="where the table goes"
    )
    options = parser.parse_args(arguments)
    if options.runs < 1:
        parser.error("--runs must be 1 or more")
    if not options.case.is_file():
        parser.error(f"there is no case file {options.case}")
    runs = []
    for number in range(1, options.runs + 1):
        runs.append(one_run(options.case))
        took = f"{runs[-1]['total']:.1f} s, {ratio(runs[-1]):.2f} bonded solves after assembly"
        print(f"run {number} of {options.runs}: {took}", flush=True)
    table = page(options.case, runs)
    options.output.write_text(table, encoding="utf-8")
    print(table)
    return 0


def one_run(case: Path) -> Run:
    """Run a case once in a new process, watching the memory that it and its children hold."""
    with tempfile.TemporaryDirectory(prefix="osseofit-bench-") as folder:
        answer, finished = Path(folder) / "run.json", Path(folder) / "finished"
        script = Path(__file__).with_name("measure.py")
        peak = 0.0
        with subprocess.Popen(
            [sys.executable, str(script), str(case), str(answer), str(finished)],
            # As the program itself sets it, which comes too late where numpy is loaded first.
            env={"OPENBLAS_NUM_THREADS": "1", **os.environ},
        ) as process:
            while process.poll() is None:
                if not finished.exists():
                    peak = max(peak, memory_GB(process.pid))
                time.sleep(SAMPLING_s)
        if process.returncode:
            raise SystemExit(f"the run of {case} failed with exit code {process.returncode}")
        found: Run = json.loads(answer.read_text(encoding="utf-8"))
    found["peak_memory_GB"] = max(peak, found["peak_memory_GB"])
    return found


def memory_GB(process: int) -> float:
    """Memory of a process and its descendants, shared pages counted once; 0 where that is not told."""
    try:
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8")
        tasks = [Path(path) / "children" for path in Path(f"/proc/{process}/task").iterdir()]
        children = " ".join(path.read_text(encoding="utf-8") for path in tasks).split()
    except OSError:
        return 0.0
    own = next((line.split()[1] for line in rollup.splitlines() if line.startswith("Pss:")), "0")
    return int(own) * 1024 / 1e9 + sum(memory_GB(int(child)) for child in children)


def after_assembly(run: Run) -> float:
    """Seconds of everything after assembly, for the case as stated."""
    return float(sum(run["phases"][name] for name in AFTER_ASSEMBLY))


def ratio(run: Run) -> float:
    """Everything after assembly in bonded solves of the same run."""
    return after_assembly(run) / float(run["bonded"]["seconds"])


def page(case: Path, runs: Sequence[Run]) -> str:
    """Write the results as one page of Markdown."""
    return _PAGE.format(
        date=date.today().isoformat(),
        runs="one run" if len(runs) == 1 else f"{len(runs)} runs",
        case=case.name,
        lost=_LOST if runs[0]["lost"] else "",
        machine=_table(("what", "value"), _machine(runs[0]["record"])),
        targets=_table(("what", "target", "measured", "met"), _targets(runs)),
        bonded=_table(("step", "median, s", "range, s"), _bonded(runs)),
        phases=_table(("phase", "median, s", "range, s", "bonded solves"), _phases(runs)),
    )


def _machine(record: dict[str, Any]) -> list[tuple[str, ...]]:
    versions = ", ".join(f"{name} {number}" for name, number in record["versions"].items())
    return [
        ("processor", f"{_processor()}, {_cores()} cores to this process"),
        ("memory", _memory()),
        ("system", f"{platform.system()} {platform.machine()}"),
        ("solver, threads", f"{record['backend']}, {record['threads']}"),
        ("displacement unknowns", f"{record['unknowns']:,}"),
        ("interface vertices", f"{record['interface_vertices']:,}"),
        ("Newton iterations, case as stated", f"{record['newton_iterations']:,}"),
        ("revision", _commit()),
        ("versions", versions),
    ]


def _targets(runs: Sequence[Run]) -> list[tuple[str, ...]]:
    solves = [ratio(run) for run in runs]
    seconds = [run["total"] for run in runs]
    memory = [run["peak_memory_GB"] for run in runs]
    written = [run["written_MB"] for run in runs]
    instants = " + ".join(map(str, runs[0]["instants"])) or "no"
    return [
        (
            f"everything after assembly ({instants} instants), in bonded solves",
            f"at most {RATIO_TARGET:g}",
            _spread(solves, "{:.2f}"),
            _met(median(solves), RATIO_TARGET),
        ),
        (
            "of which press-fit and activity",
            "",
            _spread(
                [(r["phases"]["press-fit"] + r["phases"]["activity"]) / r["bonded"]["seconds"] for r in runs],
                "{:.2f}",
            ),
            "",
        ),
        (
            "whole run, s",
            f"at most {TOTAL_TARGET_s:g}",
            _spread(seconds),
            _met(median(seconds), TOTAL_TARGET_s),
        ),
        (
            "peak memory, GB",
            f"at most {MEMORY_TARGET_GB:g}",
            _spread(memory, "{:.2f}"),
            _met(max(memory), MEMORY_TARGET_GB),
        ),
        ("results on disk, MB", "at most 150", _spread(written, "{:.0f}"), _met(max(written), 150.0)),
    ]


def _bonded(runs: Sequence[Run]) -> list[tuple[str, ...]]:
    rows = [
        (words, *_seconds([run["bonded"][name] for run in runs]))
        for words, name in (
            ("assembly", "assembly"),
            ("factorisation", "factorisation"),
            ("back-substitution", "back_substitution"),
            ("**together**", "seconds"),
        )
    ]
    first = runs[0]["bonded"]
    words = f"{first['unknowns']:,} free unknowns, {first['tied_nodes']:,} tied nodes"
    return [*rows, (words, "", "")]


def _phases(runs: Sequence[Run]) -> list[tuple[str, ...]]:
    rows = []
    for name in runs[0]["phases"]:
        rows.append(_phase(name, runs, lambda run, name=name: run["phases"][name]))
    rows.append(_phase("**after assembly**", runs, after_assembly))
    rows.append(_phase("**whole run**", runs, lambda run: run["total"]))
    return rows


def _phase(name: str, runs: Sequence[Run], seconds: Callable[[Run], float]) -> tuple[str, ...]:
    taken = [seconds(run) for run in runs]
    solves = median(value / run["bonded"]["seconds"] for value, run in zip(taken, runs, strict=True))
    return (name, *_seconds(taken), f"{solves:.2f}")


def _seconds(values: Sequence[float]) -> tuple[str, str]:
    span = f"{min(values):.2f} to {max(values):.2f}" if len(values) > 1 else ""
    return f"{median(values):.2f}", span


def _spread(values: Sequence[float], style: str = "{:.1f}") -> str:
    words = style.format(median(values))
    if len(values) > 1:
        words += f" ({style.format(min(values))} to {style.format(max(values))})"
    return words


def _met(value: float, limit: float) -> str:
    return "yes" if value <= limit else "no"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, ("---",) * len(head), *rows))


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory() -> str:
    try:
        return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.0f} GB"
    except (ValueError, OSError, AttributeError):
        return "unknown"


def _commit() -> str:
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=12"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() or "unknown"
    except (OSError, subprocess.SubprocessError):
        return "unknown"


if __name__ == "__main__":
    sys.exit(main())
