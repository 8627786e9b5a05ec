"""Data files: TOML read to validated tables, every mistake one plain sentence.

Case, load and criteria files share this: strict numbers without inf or nan, no unknown
key, and sentences that name file, key path, value and what would be right.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError

from fea.errors import CaseError
from fea.loads.sentences import mistakes

Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Positive = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0)]
#: mm; the ends catch a length in metres or micrometres, and no limb bone is longer.
Length = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0.001, le=2000)]
LengthOrZero = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=2000)]
#: um; likewise.
Micrometres = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=100_000)]
#: A coefficient of friction; a million stands for sticking.
Coefficient = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=1_000_000)]
#: Percent of body weight, or that times metre.
Percent = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-10_000, le=10_000)]
Count = Annotated[int, Field(strict=True, ge=1, le=1000)]
CountOrZero = Annotated[int, Field(strict=True, ge=0, le=1000)]
Text = Annotated[str, Field(strict=True, min_length=1)]
Switch = StrictBool


class Table(BaseModel):
    """A TOML table: frozen, and no key but its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")


SomeTable = TypeVar("SomeTable", bound=Table)


def read_toml(path: Path, kind: str) -> tuple[dict[str, Any], str]:
    """Read a TOML file.

    Parameters
    ----------
    path : Path
    kind : str
        What the file is, for the sentence: ``"case file"``, ``"load file"``, ...

    Returns
    -------
    tables : dict
    text : str
        The file as it stands.

    Raises
    ------
    CaseError
        Where there is no such file, or it is no TOML.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise CaseError(f"{path}: there is no such file; give the path of a {kind}.") from None
    except (IsADirectoryError, PermissionError, NotADirectoryError, OSError) as error:
        reason = "this is a folder" if path.is_dir() else f"it cannot be read ({error.strerror})"
        raise CaseError(f"{path}: {reason}; give the path of a {kind}.") from None
    except UnicodeDecodeError as error:
        message = f"{path}: the byte at position {error.start} is not UTF-8; save the {kind} as UTF-8 text."
        raise CaseError(message) from None
    if not text.strip():
        raise CaseError(f"{path}: the file is empty; a {kind} has at least a title.")
    try:
        return tomllib.loads(text), text
    except (ValueError, RecursionError) as error:
        reason = str(error).rstrip(".") if isinstance(error, ValueError) else "tables are nested too deeply"
        raise CaseError(f"{path}: this is not valid TOML: {reason}.") from None


def read_table(path: Path, kind: str, model: type[SomeTable]) -> SomeTable:
    """Read a TOML file into one validated table.

    Parameters
    ----------
    path : Path
    kind : str
        What the file is, for the sentence.
    model : type of Table

    Returns
    -------
    Table

    Raises
    ------
    CaseError
        Every mistake in the file, one sentence each.
    """
    raw, _ = read_toml(path, kind)
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise CaseError(mistakes(error, model, str(path))) from None
