"""The states of an interface vertex."""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """State of an interface vertex."""

    OPEN = 0
    STICK = 1
    SLIP = 2
