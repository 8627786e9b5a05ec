"""Pictures of the interface unrolled: pressure and friction, micromotion, status and gap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fea.post import tokens
from fea.post.face import Face
from fea.post.micromotion import area_percent, reference_zone
from fea.post.render import legend
from fea.post.render.collar import collar_ring
from fea.post.render.contact import band_parts, contact_level
from fea.post.render.face_maps import FaceMap
from fea.post.render.layout import DEFORMATION, LEGEND, Heading
from fea.post.render.sheet import Sheet, bar_length
from fea.post.render.unrolled_maps import Map
from fea.post.unrolled import Unrolled
from fea.post.zones import QUADRANTS, ZoneValues, levels
from fea.solution import Interface, State
from fea.status import Status
from geometry.cad_stem import CadStem
from geometry.stem import Stem
from geometry.zones import LAG_SCREW

FloatArray = NDArray[np.float64]

TOP = 132.0
LEFT = 92.0
BETWEEN = 62.0
TALLEST = 640.0
_LEFT_OUT = "left out: it is no part of the flank"


@dataclass(frozen=True, eq=False)
class Instant:
    """A state with its words."""

    words: str
    state: State


def _sheet(heading: Heading, flat: Unrolled, stem: Stem, count: int) -> tuple[Sheet, list[Map]]:
    if isinstance(flat, Face):
        return _face_sheet(heading, flat, count)
    low, high = float(flat.depth.min()), float(flat.depth.max())
    wide = (LEGEND - 30.0 - LEFT - (count - 1) * BETWEEN) / count
    scale = min(TALLEST / (high - low), wide / (2.0 * np.pi * flat.radius))
    if high - low >= 40.0:
        scale = min(scale, 5.2)
    sheet = Sheet(tokens.PICTURE_WIDTH, max(TOP + (high - low) * scale + 70.0, 700.0))
    sheet.title(heading.question, heading.instant)
    step = 2.0 * np.pi * flat.radius * scale + BETWEEN
    maps = [Map(sheet, flat, LEFT + index * step, TOP, scale, low, high) for index in range(count)]
    below = maps[0].top + maps[0].height + 24.0
    bar = bar_length(scale)
    sheet.scale_bar(LEFT, below, scale, bar)
    lengths = "true lengths on the flank"
    if isinstance(stem, CadStem):
        lengths = f"true depths, angles about the axis at a radius of {flat.radius:.3g} mm"
    words = f"{lengths}, seen from outside; cut at the top; {DEFORMATION}"
    sheet.text(LEFT + bar * scale + 16.0, below, words, va="center", size=tokens.SIZE_SMALL)
    return sheet, maps


def _face_sheet(heading: Heading, face: Face, count: int) -> tuple[Sheet, list[Map]]:
    """Lay out maps of an anchor's plate."""
    wide = (LEGEND - 30.0 - LEFT - (count - 1) * BETWEEN) / count
    scale = min(TALLEST, wide) / (2.0 * face.radius)
    sheet = Sheet(tokens.PICTURE_WIDTH, 700.0)
    sheet.title(heading.question, heading.instant)
    step = 2.0 * face.radius * scale + BETWEEN
    maps: list[Map] = [
        FaceMap(sheet, face, LEFT + index * step, TOP, scale, 0.0, 0.0) for index in range(count)
    ]
    below = maps[0].top + maps[0].height + 44.0
    sheet.scale_bar(LEFT, below, scale, length=10.0)
    words = f"true lengths on the plate, seen from the hip; {DEFORMATION}"
    sheet.text(LEFT + 10.0 * scale + 16.0, below, words, va="center", size=tokens.SIZE_SMALL)
    return sheet, maps


def _what(flat: Unrolled) -> str:
    """Name what the maps show, as the beginning of a sentence."""
    return "The plate's face on the cut" if isinstance(flat, Face) else "The interface unrolled"


def _collar(sheet: Sheet, interface: Interface, flat: Unrolled, y: float, instant: Instant) -> None:
    """Draw the collar apart where the maps do not show it."""
    if not isinstance(flat, Face):
        collar_ring(sheet, interface, y, instant.state, instant.words)


def _coatings(
    maps: Sequence[Map], stem: Stem, y: float, words: Callable[[str], str] = lambda name: ""
) -> float:
    """Tell several coatings apart: bars beside the maps and their meaning; return the level below."""
    if len(stem.coatings) < 2:
        return y
    sheet = maps[0].sheet
    for place in maps:
        place.coatings(stem)
    sheet.text(LEGEND, y + 4.0, "Coatings (bar beside the map)", size=tokens.SIZE_SMALL, color=tokens.QUIET)
    y += 24.0
    for row, zone in enumerate(stem.coatings):
        said = f"{zone.name}, {zone.start:g} to {zone.end:g} mm{words(zone.name)}"
        room = 7.5 * said.count("\n")
        y = legend.swatch(sheet, LEGEND, y + room, said, tokens.coating_colour(row)) - room
    return y + 4.0


def pressure_map(flat: Unrolled, interface: Interface, stem: Stem, instants: Sequence[Instant]) -> Sheet:
    """Draw contact pressure and friction at one or two instants.

    Parameters
    ----------
    flat : Unrolled
    interface : Interface
    stem : Stem
    instants : sequence of Instant

    Returns
    -------
    Sheet
    """
    when = " and ".join(instant.words for instant in instants)
    sheet, maps = _sheet(
        Heading("How does the load pass from stem to bone?", when), flat, stem, len(instants)
    )
    unit = _arrow_unit(maps[0], interface, instants)
    for place, instant in zip(maps, instants, strict=True):
        place.frame(instant.words, depths=place is maps[0])
        place.magnitude(instant.state.traction[:, 0], tokens.PRESSURE)
        place.hatch_open(contact_level([instant.state], interface.fit))
        if unit > 0.0:
            place.arrows(interface, instant.state.traction, unit)
    y = legend.colour_bar(sheet, LEGEND, 74.0, tokens.PRESSURE)
    y = legend.no_contact(sheet, LEGEND, y, "no contact")
    y = _coatings(maps, stem, _bare(sheet, flat, stem, y))
    last = instants[-1]
    notes = [("Arrows: friction on the bone", f"1 mm long = {unit:.2g} MPa")]
    screw = interface.within(LAG_SCREW)
    if screw.any():
        mean = np.average(last.state.traction[screw, 0], weights=interface.area[screw])
        notes.append(
            (f"Lag screw {last.words}", f"{mean:.2g} MPa on average; not on\nthe flank, so not drawn here")
        )
    y = legend.notes(sheet, LEGEND, y + 6.0, notes)
    _collar(sheet, interface, flat, y + 4.0, last)
    zone, name = reference_zone(interface)
    parts = []
    for instant in instants:
        share = area_percent(instant.state.status != Status.OPEN, interface.area, zone)
        mean = np.average(instant.state.traction[zone, 0], weights=interface.area[zone])
        parts.append(f"{instant.words}, {share:.0f} % of the {name} is in contact, {mean:.1f} MPa on average")
    sheet.says = f"{_what(flat)}, coloured by contact pressure with friction arrows: {'; '.join(parts)}."
    return sheet


def _bare(sheet: Sheet, flat: Unrolled, stem: Stem, y: float) -> float:
    """Say what the ground of the map means, where it shows; return the level below."""
    if isinstance(flat, Face):
        return y
    whole = 2.0 * np.pi * flat.radius * float(np.ptp(flat.depth))
    if flat.areas()[~flat.repeated].sum() > 0.998 * whole:
        return y
    words = "no bone opposite" if stem.lag_screw is None else "lag screw, or no bone opposite"
    return legend.swatch(sheet, LEGEND, y, words, tokens.BARE)


def _arrow_unit(place: Map, interface: Interface, instants: Sequence[Instant]) -> float:
    """Return the traction of 1 mm of arrow with which the longest one fills its patch."""
    sizes = [place.patches(interface, instant.state.traction).size for instant in instants]
    return float(max(size.max(initial=0.0) for size in sizes)) / place.patch


def micromotion_map(
    flat: Unrolled, interface: Interface, stem: Stem, motion: FloatArray, states: Sequence[State],
    table: Sequence[ZoneValues], instant: str,
) -> Sheet:  # fmt: skip
    """Draw the resulting micromotion in bands, with each zone's shares on it.

    Parameters
    ----------
    flat : Unrolled
    interface : Interface
    stem : Stem
    motion : ndarray, shape (n,), mm
    states : sequence of State
        The judged cycle.
    table : sequence of ZoneValues
    instant : str

    Returns
    -------
    Sheet
    """
    slide, contact = 1000.0 * motion, contact_level(states, interface.fit)
    sheet, (plain, zoned) = _sheet(
        Heading("Where does the stem move on the bone, and how far?", instant), flat, stem, 2
    )
    stretches = levels(stem)
    edges = [stretches[0].start, *(stretch.end for stretch in stretches)]
    by_name = {zone.name: zone for zone in table}

    def words(number: int, quadrant: str) -> str:
        zone = by_name.get(f"{stretches[number].name}, {quadrant}")
        if zone is None or zone.bands is None:
            return ""
        return f"{zone.bands['below_40um']:.0f}%\n{zone.bands['above_150um']:.0f}%"

    def below(name: str) -> str:
        part = (slide < 40.0) & (contact > 0.0)
        here = interface.within(name)
        return f"\n{area_percent(part, interface.area, here):.0f} % below 40 µm" if here.any() else ""

    for place, title in ((plain, "Field"), (zoned, "Zones")):
        place.frame(title, depths=place is plain)
        place.bands(slide)
        place.hatch_open(contact)
    zoned.zones(edges, words, QUADRANTS)
    zone, name = reference_zone(interface)
    step = plain.isolines(slide, zone)
    shares = [area_percent(part & (contact > 0.0), interface.area, zone) for part in band_parts(slide)]
    y = legend.band_bar(sheet, LEGEND, 74.0, "Resulting micromotion, µm", shares, name)
    open_share = area_percent(contact < 0.0, interface.area, zone)
    y = legend.no_contact(sheet, LEGEND, y, f"no contact at any instant: {open_share:.1f} %")
    y = _coatings((plain, zoned), stem, _bare(sheet, flat, stem, y), below)
    legend.notes(sheet, LEGEND, y + 6.0, [
        ("In each zone", "share below 40 µm, and below it\nshare above 150 µm"),
        ("Field", f"a line every {step:g} µm\nin the {name}" if step > 0.0 else "no lines"),
        *_off_the_map(flat, stem),
    ])  # fmt: skip
    small = sum(share for share, edge in zip(shares, tokens.BAND_EDGES[1:], strict=False) if edge <= 40.0)
    told = [f"{row.name} {row.bands['below_40um']:.0f} %" for row in table if row.bands is not None]
    sheet.says = (
        f"{_what(flat)}, coloured by resulting micromotion in bands: {small:.0f} % of the {name}"
        f" moves less than 40 µm, {shares[-1]:.0f} % more than 150 µm, {open_share:.0f} % never touches."
        f" Shares below 40 µm by zone: {'; '.join(told)}."
    )
    return sheet


def _off_the_map(flat: Unrolled, stem: Stem) -> list[tuple[str, str]]:
    """Say what the map leaves out; the face of an anchor's plate is all that touches."""
    if isinstance(flat, Face):
        return []
    parts = [name for name, part in (("collar", stem.collar), ("lag screw", stem.lag_screw)) if part]
    return [(", ".join(parts).capitalize(), _LEFT_OUT)] if parts else []


def status_map(flat: Unrolled, interface: Interface, stem: Stem, instant: Instant) -> Sheet:
    """Draw where the interface sticks, slips or is open, and how far it is open.

    Parameters
    ----------
    flat : Unrolled
    interface : Interface
    stem : Stem
    instant : Instant

    Returns
    -------
    Sheet
    """
    state, contact = instant.state, contact_level([instant.state], interface.fit)
    gap = 1000.0 * np.maximum(state.jump[:, 0] + interface.fit, 0.0)
    sheet, (status, opened) = _sheet(
        Heading("Where does the stem stick, slip or stand off?", instant.words), flat, stem, 2
    )
    status.frame("Status", depths=True)
    status.classes(state.status, tokens.STATUS_COLOURS)
    status.hatch_open(contact)
    opened.frame("Gap", depths=False)
    opened.bands(gap)
    opened.paint_where(contact, tokens.PAPER)
    zone, name = reference_zone(interface)
    sheet.text(LEGEND, 74.0, "Status", weight="bold")
    y = 98.0
    for code, (word, colour) in enumerate(zip(tokens.STATUS_NAMES, tokens.STATUS_COLOURS, strict=True)):
        share = area_percent(state.status == code, interface.area, zone)
        y = legend.swatch(sheet, LEGEND, y, f"{word}: {share:.0f} % of the {name}", colour, hatched=code == 0)
    shares = [area_percent(part & (contact < 0.0), interface.area, zone) for part in band_parts(gap)]
    y = legend.band_bar(sheet, LEGEND, y + 12.0, "Gap where open, µm", shares, name, step=26.0)
    y = legend.swatch(sheet, LEGEND, y, "in contact: no gap", tokens.PAPER)
    y = _coatings((status, opened), stem, _bare(sheet, flat, stem, y))
    _collar(sheet, interface, flat, y + 8.0, instant)
    parts = [
        f"{area_percent(state.status == code, interface.area, zone):.0f} % {word}"
        for code, word in enumerate(tokens.STATUS_NAMES)
    ]
    sheet.says = (
        f"{_what(flat)}, {instant.words}: of the {name}, {', '.join(parts)}. The largest gap of the"
        f" interface is {gap.max():.0f} µm."
    )
    return sheet
