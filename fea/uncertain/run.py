"""Walk every sample of a study, model by model; what is finished is not walked again.

Row 0 is the case as stated, walked on the companion mesh too where the case has one; its
discretisation error stands for every sample's.
"""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from fea.cache import digest_of
from fea.case.case import Case
from fea.parallel import map_forked, workers
from fea.progress import logger
from fea.solving import COARSENING, Tools
from fea.sweep.rows import LOST, Row, read_row, write_row
from fea.sweep.run import mechanics_digest
from fea.uncertain.bench import Bench, Walked, recover, set_up, walk_sample
from fea.uncertain.design import Design, Values
from fea.uncertain.sampling import coarsened, model_case, sample_case

#: What a row's numbers come from, beside what a sweep's do: a row of another program is walked again.
_SOURCES = (
    "fea/uncertain/bench.py", "fea/uncertain/sampling.py", "fea/post/body_quantities.py",
    "fea/post/joint.py", "fea/post/tensors.py", "fea/post/rims.py",
)  # fmt: skip
#: Folder of the rows inside the study's folder.
ROWS = "samples"
#: Samples for each process that are on their way to the factor at once.
_BATCH = 4


@dataclass(frozen=True)
class StudyRows:
    """A study whose every sample has its row.

    Attributes
    ----------
    case
        As stated, with the element sizes of the study.
    design
    stated
        Row of the case as stated.
    rows : tuple of Row
        One for each sample of the design.
    walked
        Samples walked in this call, the case as stated among them.
    factored
        Models set up in this call, companion and case as stated among them.
    seconds
        Wall-clock time of this call's setting up and walking.
    workers
        Processes side by side.
    """

    case: Case
    design: Design
    stated: Row
    rows: tuple[Row, ...]
    walked: int
    factored: int
    seconds: float
    workers: int


def walk_study(case: Case, design: Design, tools: Tools, folder: Path) -> StudyRows:
    """Walk what is not walked yet.

    Parameters
    ----------
    case : Case
        As stated.
    design : Design
    tools : Tools
        Cache and clock.
    folder : Path
        The study's folder; each row is written below it as soon as it is known.

    Returns
    -------
    StudyRows
    """
    kept, start = folder / ROWS, time.perf_counter()
    kept.mkdir(parents=True, exist_ok=True)
    for draft in kept.glob(".*.part"):
        draft.unlink(missing_ok=True)
    own = coarsened(case, design.options.size_factor)
    cases = [sample_case(own, design.uncertainty, values) for values in design.values]
    paths = [kept / f"{row_digest(varied)[:24]}.json" for varied in cases]
    stated_path = kept / f"{row_digest(own, companion=True)[:24]}.json"
    todo = [row for row, path in enumerate(paths) if read_row(path) is None]
    if len(todo) < len(paths):
        logger.info("%d of %d samples are finished already", len(paths) - len(todo), len(paths))
    factored, fresh = 0, read_row(stated_path) is None
    if fresh:
        write_row(_stated(own, design, tools), stated_path, {})
        factored += 2 if own.mesh.companion else 1
    for model in sorted({int(design.model[row]) for row in todo}):
        here = [row for row in todo if design.model[row] == model]
        bench = _bench(own, design, tools, here[0], len(here))
        _walk_model(bench, design, [(row, cases[row], paths[row]) for row in here], tools)
        factored += 1
        if bench.case != own:
            tools.cache.drop_factor(bench.factor)  # a model of this study alone: it would push others out
    rows = tuple(row for row in (read_row(path) for path in paths) if row is not None)
    stated = read_row(stated_path)
    assert stated is not None, "the case as stated was written"
    assert len(rows) == len(paths), "every row was written"
    for other in set(kept.glob("*.json")) - {*paths, stated_path}:
        other.unlink()  # of another case, design or version: the folder holds this study alone
    spent = time.perf_counter() - start
    return StudyRows(own, design, stated, rows, len(todo) + fresh, factored, spent, workers())


def row_digest(case: Case, *, companion: bool = False) -> str:
    """Return the digest under which a sample's row is kept: of all that it hangs on."""
    return digest_of("uncertain", program_digest(), mechanics_digest(case), companion and case.mesh.companion)


@lru_cache(maxsize=1)
def program_digest() -> str:
    """Return the digest of the sources that a row's numbers come from, beside those of a sweep."""
    root = Path(__file__).parents[2]
    return digest_of(*((root / source).read_bytes() for source in _SOURCES))


def _grips(case: Case, design: Design) -> bool:
    """Tell whether friction acts anywhere in the study."""
    return any(fit.friction > 0.0 for fit in case.fit.values()) or any(
        float(values.get("friction", 0.0)) > 0.0 for values in design.values
    )


def _stated(case: Case, design: Design, tools: Tools) -> Row:
    """Walk the case as stated, and on the companion mesh where it has one."""
    rows, sizes = [], []
    for coarsening in (1.0, COARSENING) if case.mesh.companion else (1.0,):
        own = coarsened(case, coarsening)
        with tools.clock.phase("case as stated", "companion mesh" if coarsening > 1.0 else ""):
            bench = set_up(own, tools, grips=_grips(case, design))
            rows.append(recover(bench, own, walk_sample(bench, own)))
            sizes.append(bench.model.mesh.element_size)
    if len(rows) == 1:
        return rows[0]
    return replace(rows[0], coarse=rows[1].quantities, ratio=sizes[1] / sizes[0])


def _bench(case: Case, design: Design, tools: Tools, row: int, count: int) -> Bench:
    """Set a model up for its samples."""
    values, model = design.values[row], int(design.model[row])
    own = {item.name: values[item.name] for item in design.uncertainty.inputs if item.kind.model}
    said = ", ".join(f"{name} {value}" for name, value in own.items()) or "as stated"
    with tools.clock.phase("models", f"{model + 1} of {design.options.models}: {said}; {count} samples"):
        return set_up(model_case(case, design.uncertainty, own), tools, grips=_grips(case, design))


def _walk_model(bench: Bench, design: Design, todo: Sequence[tuple[int, Case, Path]], tools: Tools) -> None:
    """Walk the samples of one model in batches: side by side, then their bodies one by one."""

    def work(item: tuple[int, Case, Path]) -> Walked:
        if multiprocessing.parent_process() is not None:
            # An interrupt ends the parent, which ends its workers: they say nothing of their own.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        return walk_sample(bench, item[1])

    size = _BATCH * workers()
    for start in range(0, len(todo), size):
        batch = todo[start : start + size]
        with tools.clock.phase("walks", f"{len(batch)} samples"):
            walked = map_forked(work, batch)
        with tools.clock.phase("fields", f"{len(batch)} samples"):
            for (row, varied, path), found in zip(batch, walked, strict=True):
                said = recover(bench, varied, found)
                write_row(said, path, design.values[row])
                _tell(row, len(design.values), design.values[row], said)


def _tell(row: int, count: int, values: Values, said: Row) -> None:
    """Log a sample."""
    found = {quantity.name: quantity.value for quantity in said.quantities}
    moved = found.get("micromotion_p95_um")
    outcome = said.outcome if moved is None else f"95 % of the area moves less than {max(moved, 1e-3):.3g} um"
    if said.outcome == LOST and said.loss is not None:
        outcome = f"fixation lost: {said.loss.motion}"
    inputs = ", ".join(f"{name} {value:.4g}" for name, value in values.items() if isinstance(value, float))
    logger.info("sample %d of %d: %s: %s (%.1f s)", row + 1, count, inputs, outcome, said.seconds)
