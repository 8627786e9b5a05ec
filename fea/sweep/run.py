"""Walk every sample of a sweep on one factorisation; what is finished is not walked again."""

from __future__ import annotations

import multiprocessing
import signal
import time
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from fea.cache import digest_of
from fea.case.case import Case
from fea.parallel import map_forked, workers
from fea.progress import logger
from fea.solving import COARSENING, Tools
from fea.sweep.bench import Bench, measure, set_up
from fea.sweep.design import ERRORS_OF_SAMPLE, Design, Sample
from fea.sweep.rows import FORMAT, LOST, Row, read_row, write_row

#: What a row's numbers come from: a row of another program is walked again.
_SOURCES = (
    "geometry/*.py", "materials/*.py", "fea/contact/*.py", "fea/elasticity/*.py", "fea/loads/*.py",
    "fea/mesh/*.py", "fea/model/*.py", "fea/solve/*.py", "fea/solving.py", "fea/sweep/bench.py",
    "fea/sweep/patterns.py", "fea/post/interface_quantities.py", "fea/post/micromotion.py",
    "fea/post/reference.py",
)  # fmt: skip
#: Folder of the rows inside a sweep's folder.
ROWS = "samples"


@dataclass(frozen=True)
class Walked:
    """A sweep whose every sample has its row.

    Attributes
    ----------
    design : Design
    rows : tuple of Row
        One for each sample of the design.
    walked, seconds
        Samples walked in this call, and the wall-clock time that they took together.
    workers
        Processes side by side.
    digests : mapping of str to str
        Of the mechanics (all that a walk hangs on but the sample), the mesh and the factors;
        the last two are empty where nothing had to be walked.
    """

    design: Design
    rows: tuple[Row, ...]
    walked: int
    seconds: float
    workers: int
    digests: dict[str, str]


def walk_design(case: Case, design: Design, tools: Tools, folder: Path) -> Walked:
    """Walk what is not walked yet.

    Parameters
    ----------
    case : Case
    design : Design
    tools : Tools
        Cache and clock.
    folder : Path
        The sweep's folder; each row is written below it as soon as it is known.

    Returns
    -------
    Walked
    """
    kept = folder / ROWS
    kept.mkdir(parents=True, exist_ok=True)
    for draft in kept.glob(".*.part"):
        draft.unlink(missing_ok=True)
    mechanics = mechanics_digest(case)
    paths = [kept / f"{row_digest(case, design, row)[:24]}.json" for row in range(len(design.samples))]
    todo = [row for row, path in enumerate(paths) if read_row(path) is None]
    if len(todo) < len(paths):
        logger.info("%d of %d samples are finished already", len(paths) - len(todo), len(paths))
    digests, start = {"mechanics": mechanics}, time.perf_counter()
    if todo:
        bench, companion = _benches(case, design, tools, todo)
        digests |= {"mesh": bench.model.mesh.digest, "factor": bench.factor}
        start = time.perf_counter()
        with tools.clock.phase("samples", f"{len(todo)} on one factorisation"):
            _walk_all(design, bench, companion, paths, todo)
    rows = tuple(read_row(path) for path in paths)
    found = tuple(row for row in rows if row is not None)
    assert len(found) == len(paths), "every row was written"
    for other in set(kept.glob("*.json")) - set(paths):
        other.unlink()  # of another case, design or version: the folder holds this sweep alone
    return Walked(design, found, len(todo), time.perf_counter() - start, workers(), digests)


def mechanics_digest(case: Case) -> str:
    """Return the digest of all that a walk hangs on but its sample: criteria, title and output are not."""
    return digest_of(
        FORMAT, program_digest(), case.bone, case.reaming, case.stem,
        case.bone_material.mechanics, case.stem_material.elasticity,
        None if case.core_material is None else case.core_material.mechanics,
        {zone: material.mechanics for zone, material in case.layer_materials.items()},
        dict(case.fit), case.supports, case.activity, case.reference_point, case.mesh, case.steps,
        dict(case.preloads), case.fail_safe,
    )  # fmt: skip


@lru_cache(maxsize=1)
def program_digest() -> str:
    """Return the digest of the sources that a row's numbers come from."""
    root = Path(__file__).parents[2]
    files = sorted(file for source in _SOURCES for file in root.glob(source))
    return digest_of(*(file.read_bytes() for file in files))


def row_digest(case: Case, design: Design, row: int) -> str:
    """Return the digest under which a sample's row is kept."""
    sample = design.samples[row]
    name = sample.get("activity")
    history = None if name is None else design.histories[str(name)]
    return digest_of(
        mechanics_digest(case), design.zones, sample.values, history, _with_companion(case, design, row)
    )


def _with_companion(case: Case, design: Design, row: int) -> bool:
    return case.mesh.companion and (row == design.stated or design.errors == ERRORS_OF_SAMPLE)


def _benches(case: Case, design: Design, tools: Tools, todo: list[int]) -> tuple[Bench, Bench | None]:
    """Mesh and factor; the friction of the model only says whether anything resists sliding."""
    able = case
    if any(float(sample.get("friction") or 0.0) > 0.0 for sample in design.samples):
        gripped = {zone: replace(fit, friction=fit.friction or 1.0) for zone, fit in case.fit.items()}
        able = replace(case, fit=gripped)
    found = [set_up(able, tools, design.zones, design.histories, 1.0)]
    if any(_with_companion(case, design, row) for row in todo):
        found.append(set_up(able, tools, design.zones, design.histories, COARSENING))
    with tools.clock.phase("case as stated"):
        found = [replace(bench, case=case).guided() for bench in found]
    return found[0], found[1] if len(found) > 1 else None


def _walk_all(
    design: Design, bench: Bench, companion: Bench | None, paths: list[Path], todo: list[int]
) -> None:
    """Walk samples side by side; each process writes its rows and returns nothing."""

    def work(row: int) -> None:
        if multiprocessing.parent_process() is not None:
            # An interrupt ends the parent, which ends its workers: they say nothing of their own.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        sample = design.samples[row]
        own = companion if _with_companion(bench.case, design, row) else None
        said = measure(bench, own, sample)
        write_row(said, paths[row], dict(sample.values))
        _tell(row, len(paths), sample, said)

    map_forked(work, todo)


def _tell(row: int, count: int, sample: Sample, said: Row) -> None:
    """Log a sample, of many samples every fiftieth part."""
    if row % max(count // 50, 1):
        return
    found = {quantity.name: quantity.value for quantity in said.quantities}
    moved = found.get("micromotion_p95_um")
    outcome = said.outcome if moved is None else f"95 % of the area moves less than {max(moved, 1e-3):.3g} um"
    if said.outcome == LOST and said.loss is not None:
        outcome = f"fixation lost: {said.loss.motion}"
    logger.info("sample %d of %d: %s: %s (%.1f s)", row + 1, count, sample.words, outcome, said.seconds)
