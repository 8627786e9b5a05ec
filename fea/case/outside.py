"""What is wrong outside the bone: with the adapter's fail-safe, and with where a load acts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fea.case.adapter_tables import FailSafeTable
from fea.case.criteria import Criterion
from fea.case.mistake import Mistake
from fea.case.schema import ActivityTable
from fea.case.shape_tables import StemTable
from fea.loads.fail_safe import SENSES
from fea.loads.history import History
from geometry.stem import Stem

_PLACE = "stem.adapter.fail_safe"


def acts_at_mistakes(activity: ActivityTable | None, history: History | None) -> Iterator[Mistake]:
    """Yield a point at which a load acts that already says where it does."""
    if activity is None or activity.acts_at is None or history is None:
        return
    if history.moment_point is not None:
        message = (
            f"the load file takes its moments about a point of its own at level {history.moment_level:g} mm;"
            ' leave this table out, or write moment_point = "reference_point" in the load file'
        )
        yield Mistake("activity.acts_at", message)


def fail_safe_mistakes(stem: StemTable | None, shape: Stem | None, depth: float = 0.0) -> Iterator[Mistake]:
    """Yield a fail-safe without a limit or outside the adapter, and bands that do not hold their limit.

    Levels in the file are those of the stem as planned; the shape stands deeper by `depth`, mm.
    """
    if stem is None or stem.adapter is None or stem.adapter.fail_safe is None:
        return
    device = stem.adapter.fail_safe
    if device.bending_limit_Nm is None and device.torque_limit_Nm is None:
        yield Mistake(_PLACE, "a fail-safe has a limit; state bending_limit_Nm, torque_limit_Nm or both")
    most = stem.adapter.length_mm
    if device.distal_mm > most:
        message = f"the device must lie within the adapter, whose end is {most:g} mm distal of the cut"
        yield Mistake(f"{_PLACE}.distal_mm", message, device.distal_mm)
    elif shape is not None and device.distal_mm - depth < -shape.distal_level:
        end = depth - shape.distal_level
        message = f"the device must lie distal of the implant's end, {end:g} mm from the cut"
        yield Mistake(f"{_PLACE}.distal_mm", message, device.distal_mm)
    for sense in SENSES:
        yield from _band_mistakes(device, sense)


def _band_mistakes(device: FailSafeTable, sense: str) -> Iterator[Mistake]:
    limit, band = getattr(device, f"{sense}_limit_Nm"), getattr(device, f"{sense}_limit_band_Nm")
    if band is None:
        return
    if limit is None:
        message = f"a band goes with its limit; state {sense}_limit_Nm or leave the band out"
        yield Mistake(f"{_PLACE}.{sense}_limit_band_Nm", message, list(band))
    elif not band[0] <= limit <= band[1]:
        message = f"the band must rise and hold the value {sense}_limit_Nm = {limit:g}"
        yield Mistake(f"{_PLACE}.{sense}_limit_band_Nm", message, list(band))


def margin_mistakes(tables: Mapping[str, Any], criteria: Sequence[Criterion] | None) -> Iterator[Mistake]:
    """Yield criteria on a fail-safe's margins where the case has no such limit."""
    stem: StemTable | None = tables.get("stem")
    if stem is None:
        return
    device = stem.adapter.fail_safe if stem.adapter else None
    for criterion in criteria or ():
        if not criterion.quantity.startswith("fail_safe_"):
            continue
        sense = criterion.quantity.removeprefix("fail_safe_").removesuffix("margin").rstrip("_")
        if device is None:
            message = f"the criterion {criterion.id} judges a fail-safe; add [{_PLACE}] or leave it out"
        elif sense and getattr(device, f"{sense}_limit_Nm") is None:
            message = f"the criterion {criterion.id} judges a {sense} limit; add {_PLACE}.{sense}_limit_Nm"
        else:
            continue
        yield Mistake("criteria.file", message, tables["criteria"].file if tables.get("criteria") else ...)
