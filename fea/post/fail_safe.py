"""What a fail-safe in the adapter did over the cycle: when it slipped, in which sense, what it withheld."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fea.case.case import Case
from fea.case.loading import device_course
from fea.loads.fail_safe import SENSES, Course, FailSafe, Release
from fea.loads.wrench import MIRROR
from fea.post.quantity import CYCLE, STATICS, Quantity

#: A margin beyond this is told as this: hardly any moment is asked for.
MOST_MARGIN = 1000.0
#: A part of a bending moment that is smaller than this share of it is not named.
LEAST_SHARE = 0.38
#: Words of what a moment does to the distal end, by component of the load file and sign.
_BENDING = (("adducting", "abducting"), ("flexing", "extending"))
_TORQUE = ("internal rotation", "external rotation")
#: Bending at which implanted femora failed, N m: mean and standard deviation.
FEMUR_FAILS, FEMUR_SPREAD = 100.4, 38.5
CONTEXT = "Welke 2013, four-point bending of human femora with a stem, abstract read, grade A"


def _margin(found: Course, sense: str, limit: float) -> float:
    """Return the least factor between a limit, N mm, and the moment asked for over the cycle."""
    peak = found.peak(sense)[0]
    return MOST_MARGIN if peak * MOST_MARGIN <= limit else limit / peak


def fail_safe_quantities(case: Case) -> Iterator[Quantity]:
    """Yield the margins of a fail-safe over the cycle, and the largest moments that it withholds.

    Parameters
    ----------
    case : Case
    """
    device, found = case.fail_safe, device_course(case)
    if device is None or found is None:
        return
    zone = f"fail-safe {device.distal:g} mm distal of the cut"
    least: list[tuple[float, float]] = []
    for sense in SENSES:
        limit, band = device.limit(sense), device.band(sense)
        if limit is None:
            continue
        value, (_, percent) = _margin(found, sense, limit), found.peak(sense)
        least.append((value if band is None else _margin(found, sense, band[0]), percent))
        yield Quantity(
            f"fail_safe_{sense}_margin", f"least factor between {sense} limit and {sense} asked for", value,
            "1", zone, f"at {percent:.4g} % of the activity", device.place, percent, error=0.0,
            error_origin=STATICS,
        )  # fmt: skip
        largest = max((item for item in found.releases if item.sense == sense), key=_withheld, default=None)
        yield Quantity(
            f"fail_safe_{sense}_withheld_Nm", f"largest {sense} that the fail-safe withholds",
            0.0 if largest is None else largest.withheld / 1000.0, "N m", zone,
            CYCLE if largest is None else f"at {largest.peak_percent:.4g} % of the activity", device.place,
            None if largest is None else largest.peak_percent, error=0.0, error_origin=STATICS,
        )  # fmt: skip
    value, percent = min(least)
    yield Quantity(
        "fail_safe_margin",
        "least factor between any limit, at the low end of its band, and what is asked for",
        value, "1", zone, f"at {percent:.4g} % of the activity", device.place, percent, error=0.0,
        error_origin=STATICS,
    )  # fmt: skip


def _withheld(release: Release) -> float:
    return release.withheld


def sense_words(release: Release, limb_side: str) -> str:
    """Say what the moment of a release does to the distal end, as anatomy names it.

    Parameters
    ----------
    release : Release
    limb_side : str
        ``"right"`` or ``"left"``.
    """
    about = MIRROR[limb_side][3:] * release.moment
    if release.sense == "torque":
        return _TORQUE[int(about[2] < 0.0)]
    size = float((about[0] ** 2 + about[1] ** 2) ** 0.5)
    words = [
        names[int(part < 0.0)]
        for names, part in zip(_BENDING, about[:2], strict=True)
        if abs(part) >= LEAST_SHARE * size
    ]
    return " and ".join(words[::-1])


def fail_safe_sentences(case: Case) -> list[str]:
    """Say what a fail-safe did over the cycle; empty without one.

    Parameters
    ----------
    case : Case
    """
    device, found, activity = case.fail_safe, device_course(case), case.activity
    if device is None:
        return []
    limits = [_limit_words(device, sense) for sense in SENSES if device.limit(sense) is not None]
    told = [f"{device.distal:g} mm distal of the cut, limits: {' and '.join(limits)}."]
    if found is None or activity is None:
        return [*told, "The case states no activity, so that nothing is asked of it."]
    for sense in SENSES:
        limit = device.limit(sense)
        if limit is None:
            continue
        own = [release for release in found.releases if release.sense == sense]
        told += [_release_words(release, limit, activity.limb_side) for release in own]
        if not own:
            peak, percent = found.peak(sense)
            told.append(
                f"It does not slip in {sense}: at most {peak / 1000:.3g} N m are asked for, at"
                f" {percent:.4g} % of the activity, and its limit is {_margin(found, sense, limit):.3g} times"
                " that."
            )
    if found.releases:
        told.append(
            "While it slips the limit passes in the direction of the moment asked for, and forces pass; each"
            " cycle is alike, as if the device stood at rest again before the next."
        )
    if device.bending is not None:
        told.append(_context(device))
    return told


def _limit_words(device: FailSafe, sense: str) -> str:
    limit, band = device.limit(sense), device.band(sense)
    assert limit is not None, "only stated limits are told"
    within = "" if band is None else f" ({band[0] / 1000:g} to {band[1] / 1000:g})"
    return f"{sense} {limit / 1000:g} N m{within}"


def _release_words(release: Release, limit: float, limb_side: str) -> str:
    over = "" if release.start < release.end else " over the end of the cycle"
    return (
        f"It slips in {release.sense} from {release.start:.4g} to {release.end:.4g} % of the activity{over},"
        f" {sense_words(release, limb_side)}: {release.peak / 1000:.4g} N m are asked for at"
        f" {release.peak_percent:.4g} %, {limit / 1000:g} N m pass, {release.withheld / 1000:.3g} N m are"
        " withheld."
    )


def _context(device: FailSafe) -> str:
    """Hold the largest bending limit beside what bones carried in a test: context, no verdict."""
    most = (device.bending_band or (0.0, device.bending or 0.0))[1] / 1000.0
    side = "below" if most < FEMUR_FAILS else "not below"
    low = FEMUR_FAILS - FEMUR_SPREAD
    weak = f", and {'below' if most < low else 'not below'} {low:g} N m, one standard deviation less"
    return (
        f"Context, not judged: its largest bending limit, {most:g} N m, is {side} the {FEMUR_FAILS:g} ±"
        f" {FEMUR_SPREAD:g} N m at which femora broke{weak} ({CONTEXT}). The cut lies {device.distal:g} mm"
        " from the device, and shear forces add to bending on the way."
    )


def fail_safe_table(case: Case) -> dict[str, Any] | None:
    """Return what a fail-safe did, for the summary; None without one.

    Parameters
    ----------
    case : Case
    """
    device, found, activity = case.fail_safe, device_course(case), case.activity
    if device is None:
        return None
    senses = [sense for sense in SENSES if device.limit(sense) is not None]
    limits: Mapping[str, Any] = {
        f"{sense}_limit_Nm": None if device.limit(sense) is None else (device.limit(sense) or 0.0) / 1000.0
        for sense in SENSES
    }
    bands: Mapping[str, Any] = {
        f"{sense}_limit_band_Nm": None if band is None else [end / 1000.0 for end in band]
        for sense in SENSES
        for band in [device.band(sense)]
    }
    releases = [] if found is None or activity is None else [
        {
            "sense": release.sense, "from_percent": release.start, "to_percent": release.end,
            "direction": sense_words(release, activity.limb_side), "asked_Nm": release.peak / 1000.0,
            "asked_at_percent": release.peak_percent, "withheld_Nm": release.withheld / 1000.0,
        }
        for release in found.releases
    ]  # fmt: skip
    margins = {} if found is None else {s: _margin(found, s, device.limit(s) or 0.0) for s in senses}
    return {
        "place_mm": device.place, **limits, **bands, "slips": bool(releases), "releases": releases,
        "margins": margins, "told": fail_safe_sentences(case),
    }  # fmt: skip
