"""Independent pieces of work side by side, in forked processes that share what is there already."""

from __future__ import annotations

import multiprocessing
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_job: Callable[[Any], Any] | None = None


def workers() -> int:
    """Count the processes that may work at once: the threads that the environment grants, else all cores."""
    granted = os.environ.get("OMP_NUM_THREADS", "")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(int(granted), cores) if granted.isdigit() and int(granted) > 0 else cores


def map_forked(work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """Apply a function to each item, in order of the items.

    Parameters
    ----------
    work
        May be a closure: the processes are forked and inherit it.
    items
        Must be sendable between processes, and so must the results.

    Returns
    -------
    list
        One after the other in this process where forking is not safe (other systems than
        Linux) or there is one worker.
    """
    global _job
    count = min(workers(), len(items))
    if count < 2 or not sys.platform.startswith("linux"):
        return [work(item) for item in items]
    _job = work
    try:
        with warnings.catch_warnings():
            # Python 3.12 warns of forking beside threads; the solvers' threads idle here.
            warnings.simplefilter("ignore", DeprecationWarning)
            with multiprocessing.get_context("fork").Pool(count) as pool:
                return pool.map(_call, items, chunksize=1)
    finally:
        _job = None


def _call(item: Any) -> Any:
    assert _job is not None
    return _job(item)
