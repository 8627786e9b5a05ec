"""How the implant is seated: fill, contact and wall by level, breach, passes; words, table, plot.

All of it follows from the stated shapes alone, for ``osseofit fit`` before anything is solved, and for
the report and ``summary.json`` of a run.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import matplotlib as mpl
import numpy as np

from fea.case.case import Case
from fea.contact.operators import REACH
from fea.post import tokens
from fea.post.plots import Plot, figure, svg_of
from geometry.canal import Canal
from geometry.errors import direction_in_words
from geometry.posed import PosedBone
from geometry.removed import removed_volumes
from geometry.seated import QUADRANTS, TOUCH, Seated, seated

#: Step of diameter from pass to pass above which a train gets advice, mm: an engineering assumption.
ADVISED_STEP = 1.0
#: Rows of the table of levels.
_ROWS = 8


@dataclass(frozen=True)
class SeatingPage:
    """What is told of the seating.

    Attributes
    ----------
    plot : Plot
    facts : tuple of pairs of str
        In rows: what, and how much.
    warnings : tuple of str
        A breach first, then advice.
    columns : tuple of str
        Headings of the table of levels.
    rows : tuple of tuple of str
    """

    plot: Plot
    facts: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def seating_page(case: Case) -> SeatingPage:
    """Return what is told of how a case's implant is seated.

    Parameters
    ----------
    case : Case
    """
    canal = Canal(case.bone, case.reaming)
    found = seated(canal, case.stem)
    with mpl.rc_context(tokens.style()):
        plot = _plot(found)
    warnings = tuple(filter(None, (breach(case, found), *advice(case))))
    return SeatingPage(plot, tuple(_facts(case, canal, found)), warnings, *_levels(found))


def seating_table(case: Case) -> dict[str, Any]:
    """Return the same for ``summary.json``.

    Parameters
    ----------
    case : Case
    """
    canal = Canal(case.bone, case.reaming)
    found = seated(canal, case.stem)
    pose = case.bone.pose if isinstance(case.bone, PosedBone) else None
    return {
        "pose": None
        if pose is None
        else {
            "tip_leans_to_the_front_deg": math.degrees(pose.tilt_front),
            "tip_leans_to_the_left_deg": math.degrees(pose.tilt_left),
            "front_turned_to_the_left_deg": math.degrees(pose.turn),
            "entry_in_front_mm": pose.entry_front,
            "entry_to_the_left_mm": pose.entry_left,
        },
        "depth_mm": case.depth,
        "levels_mm": found.levels.tolist(),
        "canal_fill": found.fill.tolist(),
        "canal_fill_mean": float(found.fill.mean()),
        "canal_fill_anteroposterior": found.width_fill[:, 0].tolist(),
        "canal_fill_mediolateral": found.width_fill[:, 1].tolist(),
        "wall_mm": found.walls.tolist(),
        "cortical_contact_share": dict(zip(QUADRANTS, found.contact.mean(axis=0).tolist(), strict=True)),
        "least_wall_mm": found.least.thickness,
        "least_wall_place_mm": list(found.least.place),
        "breached": found.breached,
        "passes": [
            {"diameter_mm": each.diameter, "depth_mm": each.depth, "removed_mm3": volume}
            for each, volume in zip(_passes(case), removed_volumes(canal), strict=True)
        ],
    }


def breach(case: Case, found: Seated) -> str:
    """Say where and by how much the canal breaks through the bone; empty where it does not."""
    if not found.breached:
        return ""
    return (
        f"The canal breaks through the bone by {-found.least.thickness:.2f} mm at z ="
        f" {found.least.place[2]:.0f} mm ({_side(case, found)}): such a bone is not meshed; ream narrower or"
        " less deep, or correct the pose."
    )


def advice(case: Case) -> tuple[str, ...]:
    """Return what a surgeon may want to change, a sentence each; nothing is refused for it."""
    wide = [
        f"{before.diameter:g} to {after.diameter:g} mm"
        for before, after in pairwise(_passes(case))
        if after.diameter - before.diameter > ADVISED_STEP + 1e-9
    ]
    found = [upside_down(case)] if upside_down(case) else []
    if case.depth < 0.0 and case.stem.collar is not None and case.stem.collar.gap > REACH:
        found.append(
            f"The stem stands proud, its collar {case.stem.collar.gap:.3g} mm off the cut: farther than the"
            f" {REACH:g} mm within which contact is looked for, so that it bears nowhere."
        )
    if wide:
        found.append(
            f"Steps of the reamer's train above {ADVISED_STEP:g} mm ({', '.join(wide)}): what a pass takes"
            " heats the bone, which is not computed; a reamer between them takes less at once."
        )
    return tuple(found)


def upside_down(case: Case) -> str:
    """Say that a bone from a file may stand upside down; empty where its shape does not say so."""
    if case.scanned is None or not case.scanned.flare:
        return ""
    table = "surface" if case.scanned.imaging is None else "ct"
    return (
        f"Distal of the cut the bone's section becomes {case.scanned.flare:.1f} times that of its shaft, as"
        " an epiphysis does, and its proximal end is no wider than the shaft, as a saw leaves it: the bone"
        " may stand upside down, or the image ends in the shaft; look at its sections, and turn"
        f" bone.{table}.proximal round if it does."
    )


def _passes(case: Case) -> tuple[Any, ...]:
    return () if case.reaming is None else case.reaming.passes


def _side(case: Case, found: Seated) -> str:
    x, y, z = found.least.place
    level = np.array([z])
    return direction_in_words(
        x - float(case.bone.centre(level)[0]), y - float(case.bone.centre_left(level)[0])
    )


def _facts(case: Case, canal: Canal, found: Seated) -> list[tuple[str, str]]:
    rows = []
    if isinstance(case.bone, PosedBone):
        pose = case.bone.pose
        front, left = math.degrees(pose.tilt_front), math.degrees(pose.tilt_left)
        words = f"tip {abs(front):.3g}° to the {'front' if front >= 0 else 'back'} and {abs(left):.3g}°"
        words += f" to the patient's {'left' if left >= 0 else 'right'}"
        if pose.turn:
            words += f", turned by {abs(math.degrees(pose.turn)):.3g}°"
        entry = f"{pose.entry_front:+.3g} mm forwards, {pose.entry_left:+.3g} mm to the left"
        rows += [("Implant in the bone", words), ("Its axis enters the cut", entry)]
    if case.depth:
        words = (
            f"{abs(case.depth):.3g} mm {'deeper than' if case.depth > 0 else 'proud of where it was'} planned"
        )
        rows.append(("Stem in the reamed hole", words))
    least = found.least
    rows.append(
        ("Least wall", f"{least.thickness:.2f} mm at z = {least.place[2]:.0f} mm ({_side(case, found)})")
    )
    low = int(found.fill.argmin())
    rows.append(
        (
            "Canal fill, area of the stem over that of the canal",
            f"{100 * found.fill.mean():.0f} % in the mean,"
            f" {100 * found.fill[low]:.0f} % at z = {found.levels[low]:.0f} mm",
        )
    )
    shares = found.contact.mean(axis=0)
    words = ", ".join(f"{name} {100 * share:.0f} %" for name, share in zip(QUADRANTS, shares, strict=True))
    rows.append((f"Flank within {TOUCH:g} mm of cortical bone, nominally", words))
    for row, (each, volume) in enumerate(zip(_passes(case), removed_volumes(canal), strict=True)):
        words = f"{each.diameter:g} mm to {each.depth:g} mm takes {volume / 1000:.2f} cm³ of bone"
        rows.append((f"Pass {row + 1}" if len(_passes(case)) > 1 else "Reamer", words))
    return rows


def _levels(found: Seated) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Headings and rows of the table of levels: the thinnest wall of a row's slices, means of the rest."""
    columns = ("z, mm", "fill, %", "front to back, %", "side to side, %", "least wall, mm", "towards",
               *(f"contact {name}, %" for name in QUADRANTS))  # fmt: skip
    half = (found.levels[1] - found.levels[0]) / 2
    rows = []
    for part in np.array_split(np.arange(len(found.levels)), _ROWS):
        thinnest = part[int(found.walls[part].argmin())]
        angle = float(found.wall_angles[thinnest])
        shares = [found.fill[part].mean(), *found.width_fill[part].mean(axis=0)]
        rows.append(
            (
                f"{found.levels[part[0]] - half:.0f} to {found.levels[part[-1]] + half:.0f}",
                *(f"{100 * share:.0f}" for share in shares),
                f"{found.walls[thinnest]:.2f}",
                direction_in_words(math.cos(angle), math.sin(angle)),
                *(f"{100 * share:.0f}" for share in found.contact[part].mean(axis=0)),
            )
        )
    return columns, tuple(rows)


def _plot(found: Seated) -> Plot:
    """Draw fill and wall over the level."""
    drawn, (fill, wall) = figure(250.0, 2)
    lines = (
        (found.width_fill[:, 0], "front to back", tokens.ANTERIOR),
        (found.width_fill[:, 1], "side to side", tokens.LEFT),
        (found.fill, "area", tokens.INK),
    )
    for values, words, colour in lines:
        fill.plot(found.levels, 100 * values, color=colour, lw=1.6, label=words)
    fill.set(ylim=(0, max(105.0, 105 * float(found.width_fill.max()))), xlabel="level z, mm")
    fill.set_title("stem over canal, %", loc="left", size=tokens.SIZE_SMALL)
    fill.legend(frameon=False, fontsize=tokens.SIZE_SMALL, loc="lower right")
    wall.plot(found.levels, found.walls, color=tokens.INK, lw=1.6)
    wall.axhline(0.0, color=tokens.QUIET, lw=0.8)
    wall.fill_between(found.levels, found.walls, 0.0, where=found.walls < 0, color=tokens.LINES[1], lw=0)
    wall.plot(found.least.place[2], found.least.thickness, "o", color=tokens.LINES[1], ms=5)
    wall.set(
        ylim=(min(-0.5, 1.2 * found.least.thickness), 1.1 * float(found.walls.max())), xlabel="level z, mm"
    )
    words = f"{found.least.thickness:.2f}".replace("-", "−")
    title = f"least wall round the canal, mm; least of all {words}"
    wall.set_title(title, loc="left", size=tokens.SIZE_SMALL)
    return Plot(
        "seating",
        "How does the stem fill the canal, and what wall is left?",
        svg_of(drawn),
        "Left, the stem's area and its widths over those of the canal along the level; right, the least wall"
        " round the canal at each level, negative where the canal breaks through the bone, with the least of"
        " all marked.",
    )
