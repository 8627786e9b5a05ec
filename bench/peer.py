"""The product beside CalculiX: same mesh, materials, interference, friction, supports and history.

Usage: peer.py [CASE] [--unknowns N] [--instants N]; ``make bench-peer`` runs the defaults. Either code is a
process of its own on one thread; the table is printed and renewed in ``docs/peer.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import numpy as np
from peer_history import one_cycle
from peer_quantities import Row, Solution, compare
from run import _commit, _cores, _memory, _processor, _table

from fea.cache import Cache
from fea.case.case import Case
from fea.case.reader import read_case
from fea.contact.operators import Operators
from fea.export.calculix_results import read_frd, read_sta
from fea.export.deck import Contact, Deck, assemble_deck
from fea.export.writer import write_deck
from fea.mesh.parts import Mesh
from fea.model.interface import pair_surfaces
from fea.progress import Clock
from fea.solving import Tools, mesh_case
from geometry.fit import Fit

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "peer.md"
WALKED = ROOT / "cases" / "femur_press_fit.toml"
EXACT = ROOT / "cases" / "verification" / "a1_titanium_in_cortical.toml"

#: The stiffest penalties, MPa/mm, with which CalculiX finds its way: with friction, and without.
RUBBING, SMOOTH = Contact(1e5, 1e4), Contact(1e6, 1e5)

_NO_CCX = (
    "there is no command {command}: install CalculiX, on Debian and Ubuntu with "
    "apt-get install calculix-ccx, or name its program with --ccx"
)


@dataclass(frozen=True)
class Cost:
    """What a process took: CPU is user and system time together."""

    cpu_s: float
    wall_s: float
    memory_GB: float
    iterations: int
    failed: str = ""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    if shutil.which(options.ccx) is None:
        print(f"bench-peer: {_NO_CCX.format(command=options.ccx)}", file=sys.stderr)
        return 1
    cases = [options.case] if options.case else [EXACT, WALKED]
    good = True
    for case in cases:
        with tempfile.TemporaryDirectory(prefix="osseofit-peer-") as folder:
            work = Path(options.work).resolve() / case.stem if options.work else Path(folder)
            work.mkdir(parents=True, exist_ok=True)
            text, met = _compare_codes(case, work, options)
        print(text)
        good &= met
        _renew(options.output, f"{case.stem} {options.unknowns} {options.instants} {options.fit}", text)
    return 0 if good else 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="The product beside CalculiX.")
    parser.add_argument("case", type=Path, nargs="?", help="case file; both default cases without")
    parser.add_argument("--unknowns", type=int, default=38_500, help="displacement unknowns, about")
    parser.add_argument(
        "--instants", type=int, default=20, help="of the one cycle; 0 for the press-fit alone"
    )
    parser.add_argument(
        "--fit",
        choices=("deck", "case"),
        default="deck",
        help="our fit: as the deck states it, or the case's own",
    )
    parser.add_argument("--ccx", default="ccx", help="CalculiX's program")
    parser.add_argument("--solver", default="", help="its equation solver, as *STATIC names it")
    parser.add_argument("--stiffness", type=float, help="MPa/mm; by default what CalculiX bears")
    parser.add_argument("--stick-slope", type=float, help="MPa/mm; the same")
    parser.add_argument("--work", help="keep decks and results here, and take up what is finished there")
    parser.add_argument("--output", type=Path, default=PAGE, help="the page whose table is renewed")
    options = parser.parse_args(arguments)
    if options.case and not options.case.is_file():
        parser.error(f"there is no case file {options.case}")
    return options


def _compare_codes(path: Path, work: Path, options: argparse.Namespace) -> tuple[str, bool]:
    case = one_cycle(read_case(path), options.instants)
    coarsening, mesh = _mesh_of_size(case, work, options.unknowns)
    operators = pair_surfaces(mesh, Fit(case.bone, case.reaming, case.stem, case.fit).gap)
    ours, mine = _solve_ours(path, mesh, coarsening, work, options)
    deck = assemble_deck(case, mesh, None, _contact(case, options))
    theirs, cost = _solve_theirs(deck, work, options)
    rows: list[Row] = []
    if not cost.failed:
        peer = _read_theirs(mesh, operators, theirs, deck.points[: deck.stem_nodes])
        rows = compare(case, mesh, operators, coarsening * case.mesh.interface, (ours, peer))
    return _text(path, mesh, case, rows, (mine, cost), options), not cost.failed


def _mesh_of_size(case: Case, work: Path, unknowns: int) -> tuple[float, Mesh]:
    """Find the coarsening that gives about so many unknowns: within 5 percent, or the best of 6 tries."""
    tools = Tools(Cache(work / "cache"), Clock())
    coarsening, tried = 1.0, []
    for _ in range(6):
        mesh = mesh_case(case, tools, coarsening)
        tried.append((abs(np.log(mesh.unknowns / unknowns)), coarsening, mesh))
        if tried[-1][0] < 0.05:
            break
        coarsening = round(coarsening * (mesh.unknowns / unknowns) ** (1 / 2.5), 3)
    _, coarsening, mesh = min(tried, key=lambda one: one[0])
    return coarsening, mesh


def _solve_ours(
    path: Path, mesh: Mesh, coarsening: float, work: Path, options: argparse.Namespace
) -> tuple[Solution, Cost]:
    found = work / "ours.npz"
    script = Path(__file__).with_name("peer_ours.py")
    words = [
        sys.executable,
        script,
        path.resolve(),
        coarsening,
        options.instants,
        options.fit,
        work / "cache",
        found,
    ]
    cost = _measured([str(word) for word in words], work, "ours")
    if cost.failed:
        raise SystemExit(f"bench-peer: our own run of {path} failed: {cost.failed}")
    with np.load(found) as saved:
        fields = {name: saved[name] for name in saved.files}
    iterations = int(fields.pop("iterations").sum())
    return Solution(**fields, places=mesh.stem.points), Cost(
        cost.cpu_s, cost.wall_s, cost.memory_GB, iterations
    )


def _solve_theirs(deck: Deck, work: Path, options: argparse.Namespace) -> tuple[Path, Cost]:
    """Write the deck and run it, or take up a finished run."""
    name, record = work / "peer", work / "peer.json"
    if record.exists():
        return name, Cost(**json.loads(record.read_text(encoding="utf-8")))
    write_deck(deck, work, name.name, "calculix")
    if options.solver:
        history = work / "peer_history.inc"
        said = history.read_text(encoding="ascii")
        history.write_text(said.replace("*STATIC", f"*STATIC, SOLVER={options.solver}"), encoding="ascii")
    cost = _measured([options.ccx, "-i", name.name], work, "peer")
    steps = 1 + deck.cycles * len(deck.cycle.percent)
    done = read_sta(name.with_suffix(".sta")) if name.with_suffix(".sta").exists() else ()
    failed = cost.failed
    if not failed and (not done or done[-1].step != steps or not done[-1].converged):
        failed = f"it converged in {len({i.step for i in done if i.converged})} of {steps} steps"
    cost = Cost(cost.cpu_s, cost.wall_s, cost.memory_GB, sum(i.iterations for i in done), failed)
    record.write_text(json.dumps(asdict(cost)), encoding="utf-8")
    return name, cost


def _contact(case: Case, options: argparse.Namespace) -> Contact:
    taken = RUBBING if any(zone.friction > 0.0 for zone in case.fit.values()) else SMOOTH
    return Contact(options.stiffness or taken.stiffness, options.stick_slope or taken.stick_slope)


def _measured(words: list[str], work: Path, log: str) -> Cost:
    """Run a process on one thread and return what it took."""
    threads = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    environment = {**os.environ, **dict.fromkeys(threads, "1"), "PYTHONPATH": str(ROOT)}
    if words[0] != sys.executable:
        environment["MKL_THREADING_LAYER"] = "SEQUENTIAL"  # for one that was built with MKL
    start = time.perf_counter()
    with (work / f"{log}.log").open("wb") as file:
        process = subprocess.Popen(words, cwd=work, env=environment, stdout=file, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    failed = f"exit code {process.returncode}" if process.returncode else ""
    cpu, memory = usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e9
    return Cost(cpu, time.perf_counter() - start, memory, 0, failed)


def _read_theirs(mesh: Mesh, operators: Operators, name: Path, places: np.ndarray) -> Solution:
    fields = read_frd(name.with_suffix(".frd"))
    count, both = len(mesh.stem.points), len(mesh.stem.points) + len(mesh.bone.points)
    numbers = np.arange(1, both + 1)

    def stacked(kind: str, nodes: np.ndarray) -> np.ndarray:
        return np.stack([field.at(nodes) for field in fields if field.name == kind])

    moved = stacked("DISP", numbers)
    return Solution(
        stem=moved[:, :count],
        bone=moved[:, count:],
        pressure=stacked("CONTACT", operators.vertices + 1)[:, :, 3],
        stress=stacked("STRESS", numbers[:count]),
        places=places,
    )


def _text(
    path: Path, mesh: Mesh, case: Case, rows: list[Row], costs: tuple[Cost, Cost], options: argparse.Namespace
) -> str:
    ours, peer = costs
    contact = _contact(case, options)
    after = (
        f"press-fit and {case.activity.instants_per_cycle} instants" if case.activity else "press-fit alone"
    )
    lines = [
        f"### `{path.name}`, {mesh.unknowns:,} unknowns, {after}",
        "",
        f"{date.today().isoformat()}, revision {_commit()}; {_processor()}, {_cores()} cores, {_memory()}, "
        f"one thread for either code. {_version(options.ccx)}, equation solver "
        f"{options.solver or 'its default'}, surface-to-surface penalty contact with "
        f"{contact.stiffness:g} MPa/mm, stick slope {contact.stick_slope:g} MPa/mm. "
        f"Ours with the fit of the {options.fit}.",
        "",
    ]
    if peer.failed:
        lines += [f"**CalculiX did not converge: {peer.failed}. There is no result to compare.**", ""]
    if rows:
        lines += [
            _table(("quantity", "unit", "osseofit", "CalculiX", "difference", "exact"), _words(rows)),
            "",
        ]
    cost = [
        ("CPU time, s", f"{ours.cpu_s:.1f}", f"{peer.cpu_s:.1f}", f"{peer.cpu_s / ours.cpu_s:.1f}"),
        ("wall time, s", f"{ours.wall_s:.1f}", f"{peer.wall_s:.1f}", f"{peer.wall_s / ours.wall_s:.1f}"),
        (
            "peak memory, GB",
            f"{ours.memory_GB:.2f}",
            f"{peer.memory_GB:.2f}",
            f"{peer.memory_GB / ours.memory_GB:.1f}",
        ),
        ("iterations", f"{ours.iterations}", f"{peer.iterations}", ""),
        ("factorisations", "2 (one a body)", f"{peer.iterations} (one an iteration)", ""),
    ]
    return "\n".join([*lines, _table(("cost", "osseofit", "CalculiX", "ratio"), cost), ""])


def _words(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    table = []
    for row in rows:
        compared = np.isfinite(row.difference)
        exact = ""
        if row.exact is not None:
            errors = [f"{100.0 * (value / row.exact - 1.0):+.2f} %" for value in (row.ours, row.peer)]
            exact = f"{row.exact:.5g} ({', '.join(errors)})"
        ours, difference = (f"{row.ours:.4g}", f"{row.difference:+.2f} %") if compared else ("", "")
        table.append((row.name, row.unit, ours, f"{row.peer:.4g}", difference, exact))
    return table


def _version(ccx: str) -> str:
    said = subprocess.run([ccx, "-v"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"Version\s+(\S+)", said)
    return f"CalculiX {found.group(1)}" if found else "CalculiX"


def _renew(page: Path, name: str, text: str) -> None:
    """Put a block of results into the page: in the place of its forerunner, or at the end."""
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    block = f"{begin}\n{text}\n{end}"
    old = page.read_text(encoding="utf-8") if page.exists() else "# The product beside a peer\n"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    new = pattern.sub(lambda _: block, old) if pattern.search(old) else f"{old.rstrip()}\n\n{block}\n"
    page.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
