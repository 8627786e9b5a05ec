"""The project's own errors: one family, each with a message for its user.

Bad input is a `CaseError` (a ``ValueError``) that lists every mistake as one sentence;
a computation that failed is a `SolverError` or a `MeshError` (a ``RuntimeError``) that
carries its record. What cannot happen is an ``assert``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

_EMPTY: Mapping[str, Any] = MappingProxyType({})


class OsseofitError(Exception):
    """Base of everything this project raises on purpose."""


class CaseError(OsseofitError, ValueError):
    """Wrong input: a case, load or criteria file that cannot be used.

    Parameters
    ----------
    problems : iterable of str
        One sentence a mistake, with the file, the key path, the value and what would
        be right.

    Attributes
    ----------
    problems : tuple of str
        The same sentences, none of them with a line break.
    """

    def __init__(self, problems: Iterable[str] | str) -> None:
        listed = (problems,) if isinstance(problems, str) else tuple(problems)
        self.problems: tuple[str, ...] = tuple(" ".join(problem.splitlines()) for problem in listed)
        super().__init__("\n".join(self.problems))

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep the sentences apart across processes."""
        return (type(self), (self.problems,))


class _RecordedError(OsseofitError, RuntimeError):
    """A computation that failed, with what was known when it did."""

    def __init__(self, message: str, record: Mapping[str, Any] = _EMPTY) -> None:
        self.record: dict[str, Any] = dict(record)
        super().__init__(message)

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep the record across processes."""
        return (type(self), (str(self), self.record))


class SolverError(_RecordedError):
    """No converged state was found.

    Parameters
    ----------
    message : str
        What failed, where in the history, and what to try.
    record : mapping, optional
        What was known then: residuals, step, increment, cut-backs.

    Attributes
    ----------
    record : dict
        The same, as plain values.
    """


class MeshError(_RecordedError):
    """No mesh that may be computed on.

    Parameters
    ----------
    message : str
        What failed and which key to change.
    record : mapping, optional
        What was measured: quality, sizes, the mesher's own message.

    Attributes
    ----------
    record : dict
        The same, as plain values.
    """
