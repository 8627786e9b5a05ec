"""A site's bone as TOML, to be edited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from fea.case.shape_tables import BoneTable
from fea.case.site_filling import Filled, SiteError, fill
from fea.errors import CaseError
from fea.loads.sentences import mistakes, sentence, shown

#: What a bone is made of where nothing else is stated.
MATERIAL = "cortical_reilly_burstein_1975"
_VERB = "osseofit bone"


def bone_as_toml(stated: Mapping[str, Any], *, left: bool = False) -> str:
    """Return the tables of a site's bone, each value with its source and grade.

    Parameters
    ----------
    stated : mapping of str to object
        The site and what else of `SITE_KEYS` and ``length_mm`` is stated.
    left : bool
        Whether the limb is a left one.

    Returns
    -------
    str

    Raises
    ------
    CaseError
        When there is no such bone.
    """
    try:
        BoneTable.model_validate({"material": MATERIAL, "length_mm": 100.0} | dict(stated))
        filled = fill(stated, left=left)
    except ValidationError as error:
        raise CaseError(mistakes(error, BoneTable, _VERB)) from None
    except SiteError as error:
        raise CaseError(sentence(_VERB, *error.mistake)) from None
    return "\n".join([*_comments(filled, stated), *_tables(filled, stated), ""])


def _comments(filled: Filled, stated: Mapping[str, Any]) -> list[str]:
    lines = ["# A starting point, not a measurement: replace what an image of the patient shows.", "#"]
    for value in filled.values:
        amount = f"{value.value}" if value.unit == "1" else f"{value.value:g} {value.unit}"
        origin = "stated" if value.grade is None else f"{value.source}, grade {value.grade}"
        note = f"; {value.note}" if value.note else ""
        lines.append(f"# {value.name:<18} {amount}: {origin}{note}")
    return lines


def _tables(filled: Filled, stated: Mapping[str, Any]) -> list[str]:
    keys = {"length_mm": stated["length_mm"]} if "length_mm" in stated else {}
    keys |= filled.keys
    lines = ["[bone]", *(f"{key} = {shown(value)}" for key, value in keys.items() if key != "station")]
    lines.append(f'material = "{MATERIAL}"')
    for station in keys["station"]:
        lines += ["", "[[bone.station]]", *(f"{key} = {shown(value)}" for key, value in station.items())]
    return lines
