"""Time functions of the product where they are called, without changing them."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Path = tuple[str, ...]


class Stopwatch:
    """Seconds by path: a span inside another one has the outer one's label before its own."""

    def __init__(self) -> None:
        self._seconds: dict[Path, float] = {}
        self._open: list[str] = []

    @contextmanager
    def span(self, label: str) -> Iterator[None]:
        """Time a stretch; stretches of one path add up."""
        self._open.append(label)
        path, start = tuple(self._open), time.perf_counter()
        try:
            yield
        finally:
            self._seconds[path] = self._seconds.get(path, 0.0) + time.perf_counter() - start
            self._open.pop()

    def wrap(
        self,
        owner: Any,
        name: str,
        label: str,
        seen: Callable[[Path, tuple[Any, ...], Any], None] | None = None,
    ) -> None:
        """Time every call of a module's or class's function.

        Parameters
        ----------
        owner
            The module or class through which the function is called.
        name
            Of the function.
        label
            Of the span.
        seen
            Told the path, the arguments and the result of each call.
        """
        function = getattr(owner, name)

        @functools.wraps(function)
        def timed(*arguments: Any, **options: Any) -> Any:
            with self.span(label):
                path = tuple(self._open)
                result = function(*arguments, **options)
            if seen is not None:
                seen(path, arguments, result)
            return result

        setattr(owner, name, timed)

    def __getitem__(self, path: str) -> float:
        """Return the seconds of a path, labels joined by ``/``; 0 where it was never taken."""
        return self._seconds.get(tuple(path.split("/")), 0.0)
