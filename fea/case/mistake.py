"""A mistake in a case file."""

from __future__ import annotations

from typing import NamedTuple


class Mistake(NamedTuple):
    """One mistake: where, what would be right, and what stands there (``...`` for nothing to show)."""

    path: str
    message: str
    value: object = ...
