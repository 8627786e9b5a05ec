"""The one error of the materials room, and how it helps with a wrong name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


class MaterialError(ValueError):
    """Input about materials that cannot be used; the message says what would be right."""


@contextmanager
def located(place: str) -> Iterator[None]:
    """Put the place of the input in front of a refusal."""
    try:
        yield
    except MaterialError as error:
        raise MaterialError(f"{place}: {error}") from error


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the end of a refusal: the known name nearest to a wrong one, and all of them."""
    names = sorted(known)
    likeness = {item: _likeness(name.lower(), item.lower()) for item in names}
    best = max(names, key=likeness.__getitem__, default="")
    # Below that, a suggestion is more likely to mislead than to help.
    suggestion = f"the nearest is '{best}', " if best and likeness[best] > 1 else ""
    return f"{suggestion}known are {', '.join(names) or 'none'}."


def _likeness(name: str, item: str) -> float:
    """Return 0 to 2: how much of the name the item has, plus how much they have in common.

    The first part lets the beginning of a long name find it before a shorter one.
    """
    matcher = difflib.SequenceMatcher(None, name, item)
    common = sum(block.size for block in matcher.get_matching_blocks())
    return common / max(len(name), 1) + matcher.ratio()
