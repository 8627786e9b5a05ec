"""What a run tells while it works, and how long each phase took."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

logger = logging.getLogger("osseofit")


class Clock:
    """Times the phases of a run and logs each when it ends."""

    def __init__(self) -> None:
        self._times: dict[str, float] = {}

    @property
    def times(self) -> dict[str, float]:
        """Seconds of wall-clock time by phase, in order."""
        return dict(self._times)

    @contextmanager
    def phase(self, name: str, detail: str = "") -> Iterator[None]:
        """Time a phase; phases of the same name add up."""
        logger.info("%s ...", f"{name}: {detail}" if detail else name)
        start = time.perf_counter()
        yield
        spent = time.perf_counter() - start
        self._times[name] = self._times.get(name, 0.0) + spent
        logger.info("%s: %.1f s", name, spent)
