"""A case file's bone filled in from its site, before its tables are validated."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from fea.case.mistake import Mistake
from fea.case.shape_tables import BoneTable
from fea.case.site_filling import SITE_KEYS, SiteError, SiteValue, fill

#: What a bone that cannot be filled in is validated with.
_STAND_IN = {"length_mm": 100.0}


def with_site(raw: dict[str, Any]) -> tuple[dict[str, Any], tuple[SiteValue, ...], Mistake | None]:
    """Fill the bone of a case in from its site.

    Parameters
    ----------
    raw : dict
        The file as it was read.

    Returns
    -------
    raw : dict
        With what the site gives; keys that are stated stay.
    values : tuple of SiteValue
        What it gave; empty without a site.
    mistake : Mistake or None
        Why there is no such bone. A key of the wrong kind is left to the validation of all tables.
    """
    bone = raw.get("bone")
    if not isinstance(bone, dict) or "site" not in bone:
        return raw, (), None
    keys = {key: bone[key] for key in (*SITE_KEYS, "length_mm") if key in bone}
    stands_in = raw | {"bone": _STAND_IN | bone}
    try:
        BoneTable.model_validate(_STAND_IN | keys | {"material": "any"})
    except ValidationError:
        return stands_in, (), None
    activity = raw.get("activity")
    left = isinstance(activity, dict) and activity.get("limb_side") == "left"
    try:
        filled = fill(bone, left=left)
    except SiteError as error:
        return stands_in, (), error.mistake
    return raw | {"bone": filled.keys | bone}, filled.values, None
