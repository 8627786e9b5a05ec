"""From a site to the tables of a bone: length, bow and stations as a starting point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.interpolate import PchipInterpolator

from fea.case.mistake import Mistake
from fea.case.site_library import Sex, SiteTable, read_sites
from fea.loads.sentences import nearest
from materials.entry import ASSUMPTION

#: Keys of [bone] that say which bone is filled in.
SITE_KEYS = ("site", "sex", "percentile", "stump_length_mm", "whole_length_mm")
#: The shortest bone between the cut and the end of the shaft, mm.
LEAST_LENGTH = 10.0
#: Distance of the first or last section of the site from an end of the bone below which it is left out, mm.
_TOO_NEAR = 1.0


@dataclass(frozen=True)
class SiteValue:
    """One value that a site gave.

    Attributes
    ----------
    name, value, unit
        ``"1"`` for no unit; a value may be a text.
    source, grade, note
    """

    name: str
    value: float | str
    unit: str
    source: str
    grade: str | None
    note: str = ""


@dataclass(frozen=True)
class Filled:
    """What a site gives a case.

    Attributes
    ----------
    keys : dict
        Keys of ``[bone]`` that the case leaves to the site.
    values : tuple of SiteValue
    moved : tuple of str
        Names of the values that the percentile moved.
    """

    keys: dict[str, Any]
    values: tuple[SiteValue, ...]
    moved: tuple[str, ...]


class SiteError(Exception):
    """A mistake in what a site is asked for."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(mistake.message)
        self.mistake = mistake


def fill(bone: Mapping[str, Any], *, left: bool = False) -> Filled:
    """Fill in a bone from its site.

    Parameters
    ----------
    bone : mapping of str to object
        ``[bone]`` as it is stated, with sound values of `SITE_KEYS` and of ``length_mm``.
    left : bool
        Whether the limb is a left one, whose apexes are mirrored.

    Returns
    -------
    Filled

    Raises
    ------
    SiteError
        When there is no such site, sex or percentile, or the cut does not lie in the shaft.
    """
    site = _site(bone)
    _require_stations(bone, site)
    sex: Sex | None = bone.get("sex")
    percentile: float | None = bone.get("percentile")
    if sex and getattr(site, sex) is None:
        message = f"no numbers of one sex are known for the {site.title}; leave this out"
        raise SiteError(Mistake("bone.sex", message, sex))
    values = [SiteValue("site", site.title, "1", "stated in the case file", None)]
    moved: list[str] = []

    def known(name: str, unit: str) -> float | None:
        found = site.known(name, sex)
        if found is None:
            return None
        value = round(found.at(percentile), 2)
        notes = [found.note] if found.note else []
        if found.sd is not None:
            notes.append(f"mean {found.value:g}, standard deviation {found.sd:g}")
            if percentile is not None:
                moved.append(name.rpartition("_")[0].replace("_", " "))
                notes.append(f"percentile {percentile:g} of a normal distribution")
        values.append(SiteValue(name, value, unit, found.source, found.grade, "; ".join(notes)))
        return value

    whole = bone.get("whole_length_mm") or known("whole_length_mm", "mm")
    assert whole is not None
    for name in ("whole_length_mm", "stump_length_mm"):
        if name in bone:
            values.append(SiteValue(name, float(bone[name]), "mm", "stated in the case file", None))
    cut, length = _extent(bone, site, float(whole), values)
    keys: dict[str, Any] = {} if "length_mm" in bone else {"length_mm": length}
    if "bow_radius_mm" not in bone and (radius := known("bow_radius_mm", "mm")):
        keys["bow_radius_mm"] = radius
    if "station" not in bone:
        canal = known("canal_width_mm", "mm")
        keys["station"] = _stations(site, float(whole), cut, length, canal, left)
        origin = site.sections
        values.append(SiteValue("sections", "by level", "1", origin.source, origin.grade, origin.note))
    if percentile is not None and not moved:
        message = (
            f"of what the site of the {site.title} fills in here nothing has a standard deviation, so that a"
            " percentile moves nothing; leave this out"
        )
        raise SiteError(Mistake("bone.percentile", message, percentile))
    values[0] = replace(values[0], note=_who(sex, percentile, moved))
    return Filled(keys, tuple(values), tuple(moved))


def _site(bone: Mapping[str, Any]) -> SiteTable:
    sites, name = read_sites(), str(bone["site"])
    if name in sites:
        return sites[name]
    meant = nearest(name, sites)
    advice = f"did you mean '{meant}'?" if meant else "see the list"
    message = f"there is no such site; {advice} Known are {', '.join(sites)}".replace("? K", "; k")
    raise SiteError(Mistake("bone.site", message, name))


def _require_stations(bone: Mapping[str, Any], site: SiteTable) -> None:
    """Refuse what sections of a site cannot stand beside."""
    for other in ("jaw", "surface"):
        if other in bone:
            message = f"a site has sections, and the shape comes from bone.{other}; leave one of them out"
            raise SiteError(Mistake("bone.site", message, bone["site"]))
    if "core" in bone and "station" not in bone and site.section[0].canal_share is None:
        message = (
            f"sections of the {site.title} have a cortical wall, which a cancellous core cannot lie in; leave"
            " bone.core out, or state stations with the canal's widths"
        )
        raise SiteError(Mistake("bone.site", message, bone["site"]))


def _who(sex: Sex | None, percentile: float | None, moved: Sequence[str]) -> str:
    """Say whose bone it is, and which values a percentile moved."""
    whose = sex or "both sexes"
    if percentile is None:
        return f"{whose}, means"
    return (
        f"{whose}; percentile {percentile:g} moved {' and '.join(moved)}, the only values with a standard"
        " deviation"
    )


def _extent(
    bone: Mapping[str, Any], site: SiteTable, whole: float, values: list[SiteValue]
) -> tuple[float, float]:
    """Return the cut's place above the distal end and the length from there to the held end, mm."""
    low, high = (share * whole for share in site.shaft)
    stump, stated = bone.get("stump_length_mm"), bone.get("length_mm")
    if stump is not None:
        cut, place = whole - float(stump), "bone.stump_length_mm"
    elif stated is not None:
        cut, place = high - float(stated), "bone.length_mm"
    else:
        cut, place = whole * (1.0 - site.stump_share.value), "bone.whole_length_mm"
        origin = site.stump_share
        values.append(
            SiteValue("stump_length_mm", round(whole - cut, 2), "mm", origin.source, origin.grade,
                      f"{origin.value:g} of the whole length")
        )  # fmt: skip
    most, least = whole - low, whole - high + LEAST_LENGTH
    if not low - 1e-9 <= cut <= high - LEAST_LENGTH + 1e-9:
        if place == "bone.length_mm":
            message = (
                f"the shaft of a {site.title} of {whole:g} mm is {high - low:.4g} mm long; give between"
                f" {LEAST_LENGTH:g} and {high - low:.4g}, or state stations instead of a site"
            )
            raise SiteError(Mistake(place, message, stated))
        message = (
            f"the cut must lie in the shaft, so that of a {site.title} of {whole:g} mm between {least:.4g}"
            f" and {most:.4g} mm are left; give such a length, or state stations instead of a site"
        )
        raise SiteError(Mistake(place, message, stump if stump is not None else ...))
    room = round(high - cut, 2)
    if stated is not None and float(stated) > room + 1e-6:
        message = f"the shaft ends {room:.4g} mm above this cut; give at most {room:.4g}, or leave this out"
        raise SiteError(Mistake("bone.length_mm", message, stated))
    length = room if stated is None else float(stated)
    if stated is None:
        note = f"from the cut to the end of the shaft, at {site.shaft[1]:g} of the whole length"
        values.append(SiteValue("length_mm", length, "mm", ASSUMPTION, "C3", note))
    return cut, length


def _stations(
    site: SiteTable, whole: float, cut: float, length: float, canal: float | None, left: bool
) -> list[dict[str, float]]:
    """Return stations at both ends of the bone and where the site has sections between them."""
    places = [part.share * whole - cut for part in site.section]
    inside = [level for level in places if _TOO_NEAR < level < length - _TOO_NEAR]
    levels = np.array([0.0, *(round(level, 2) for level in inside), length])

    def course(key: str, factor: float = 1.0, digits: int = 2) -> list[float]:
        through = PchipInterpolator(places, [factor * getattr(part, key) for part in site.section])
        ends = np.clip(levels, places[0], places[-1])
        return [round(float(value), digits) for value in through(ends)]

    columns = {key: course(key) for key in ("outer_anteroposterior_mm", "outer_mediolateral_mm")}
    if site.section[0].canal_share is not None:
        columns["canal_diameter_mm"] = course("canal_share", canal or 0.0)
    else:
        columns["cortical_wall_mm"] = course("cortical_wall_mm")
    if any(part.outer_triangularity for part in site.section):
        columns["outer_triangularity"] = course("outer_triangularity", digits=4)
        columns["outer_apex_deg"] = course("outer_apex_deg", -1.0 if left else 1.0)
    return [
        {"level_mm": float(level)} | {key: column[row] + 0.0 for key, column in columns.items()}
        for row, level in enumerate(levels)
    ]
