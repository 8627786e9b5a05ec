"""The mistakes of a case file, gathered while it is read, and files that it names beside itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from fea.case.mistake import Mistake
from fea.errors import CaseError
from fea.loads.sentences import sentence
from geometry.errors import GeometryError
from materials.errors import MaterialError

Made = TypeVar("Made")


class Report:
    """The mistakes found so far."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.problems: list[str] = []

    def add(self, mistake: Mistake) -> None:
        """Take a mistake up, as a sentence with file, key and value."""
        self.problems.append(sentence(self.source, mistake.path, mistake.message, mistake.value))

    def attempt(self, path: str, value: object, make: Callable[[], Made]) -> Made | None:
        """Return what `make` makes, or None after reporting why it cannot be."""
        try:
            return make()
        except CaseError as error:
            self.problems.extend(error.problems)
        except (GeometryError, MaterialError) as error:
            message = str(error).rstrip(".")
            self.add(Mistake(path, message[:1].lower() + message[1:], value))
        return None


def stated_name(raw: Mapping[str, Any], table: str, key: str) -> str | None:
    """Return a name that the file states, even where its table is otherwise unsound."""
    entries = raw.get(table)
    value = entries.get(key) if isinstance(entries, dict) else None
    return value if isinstance(value, str) and value else None


def read_beside(
    stated: str | None, key: str, kind: str, folder: Path, read: Callable[[Path], Made], report: Report
) -> Made | None:
    """Read a file that the case names relative to its own folder."""
    if stated is None:
        return None
    path = folder / stated
    if not path.is_file():
        report.add(Mistake(key, f"there is no {kind} at {path}; paths are relative to the case file", stated))
        return None
    return report.attempt(key, stated, partial(read, path))
