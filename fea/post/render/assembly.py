"""The picture of what was analysed: the assembly cut open."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fea.case.abutment_tables import SCREW
from fea.case.anchor_tables import BAR
from fea.case.case import Case
from fea.mesh.parts import Mesh
from fea.post import tokens
from fea.post.body_parts import bone_pieces, stem_core, stem_layers
from fea.post.lattices import lattices
from fea.post.render.bodies import border, half, skin
from fea.post.render.layout import DEFORMATION, TOP
from fea.post.render.look import Look, look_at
from fea.post.render.paint import Paint
from fea.post.render.sheet import MARGIN, Panel, Sheet
from fea.post.render.shot import Body, Lines, Window
from fea.post.render.whole import draw_support, whole_labels
from geometry.cad_stem import CadStem
from geometry.errors import direction_in_words
from geometry.jaw import Jaw
from geometry.scanned.whole import Whole
from geometry.stem import Stem
from geometry.zones import ABUTMENT, CANCELLOUS

FloatArray = NDArray[np.float64]

#: Room round the whole assembly and height of a close-up, mm, of a bone of a hundred millimetres or more.
ROUND = 6.0
CLOSE = 44.0


@dataclass(frozen=True)
class Spot:
    """A close-up: its letter, its words, and the height of its middle in mm.

    Where the stem is bowed or a lag screw is looked at, also how far the axis stands to the right there,
    and how wide what is shown is.
    """

    letter: str
    words: str
    level: float
    aside: float = 0.0
    across: float = 0.0


#: Colours of the bone's materials by name.
BONE_SHADES = {"bone": tokens.CORTICAL, CANCELLOUS: tokens.CANCELLOUS}


def spot_at(letter: str, words: str, case: Case, level: float) -> Spot:
    """Look from the left at a level of the axis.

    Parameters
    ----------
    letter, words : str
        Its letter, and what is seen.
    case : Case
    level : float, mm
    """
    x, _, z = case.stem.axis.bend(np.array([0.0, 0.0, level]))
    bowed, look = case.stem.bow_radius is not None, look_at(case)
    if isinstance(case.bone.outline, Whole):
        wide = 2 * float(case.bone.outer_semi_axes(np.array([level]))[0, 1])
        return Spot(letter, words, level, 0.0, wide + 2 * ROUND)
    across = 2 * float(case.bone.outer_semi_axes(np.array([level]))[0, 0]) + 2 * ROUND * look.share
    return Spot(letter, words, float(z), float(-x), across if bowed else 0.0)


def upper_spot(letter: str, words: str, case: Case, off: float) -> Spot:
    """Look at the tip of the stem, or where pins hold an anchor at their holes.

    Parameters
    ----------
    letter, words : str
        Its letter, and what is seen of a tip.
    case : Case
    off : float, mm
        From the tip.
    """
    anchor = case.stem.anchor
    if anchor is None:
        return spot_at(letter, words, case, case.stem.length + off)
    levels = sorted(pin.level for pin in anchor.pins)[:3]
    return spot_at(letter, "holes of the pins", case, sum(levels) / len(levels))


def assembly_picture(case: Case, mesh: Mesh, load: FloatArray | None) -> Sheet:
    """Draw stem, bone, supports and load, the bone halved.

    Parameters
    ----------
    case : Case
    mesh : Mesh
    load : ndarray, shape (3,), N, or None
        Force at the reference point at the instant of the greatest load.

    Returns
    -------
    Sheet
    """
    things = _assembly(case, mesh)
    sheet = Sheet(tokens.PICTURE_WIDTH, 850.0)
    look = look_at(case)
    cut = f"Bone and stem cut along the {look.plane} plane" if mesh.stem.regions else (
        f"Bone cut along the {look.plane} plane, stem whole"
    )  # fmt: skip
    sheet.title("What was analysed?", f"{cut}; before insertion")
    points = mesh.bone.points
    low = min(case.reference_point[2], float(mesh.stem.points[:, 2].min())) - 34.0 * look.share
    room = ROUND * look.share
    flat = look.view.flat(points)[:, 0]
    window = Window(flat.min() - room, flat.max() + room, low, points[:, 2].max() + room)
    scale = min(690.0 / window.height, 200.0 / window.width)
    panel = Panel(look.view, window, 108.0, TOP, scale)
    sheet.shot(panel, things)
    sheet.levels(panel, 94.0, step=look.step)
    sheet.caption(panel)
    _load_path(sheet, panel, case, float(mesh.stem.points[:, 2].min()), load)
    _supports(sheet, panel, case, mesh)
    _labels(sheet, panel, case)
    canal = "canal" if case.reaming is None else "reamed canal"
    spots = [
        (upper_spot("A", f"tip of the stem in the {canal}", case, 0.0), things),
        (spot_at("B", look.mouth, case, 0.0), things),
    ]
    if case.stem.lag_screw is not None:
        spots[0] = (screw_spot(case), _assembly(case, turned_to_screw(case, mesh)))
    for index, (spot, bodies) in enumerate(spots):
        _close_up(sheet, panel, bodies, spot, TOP + 366.0 * index, look)
    sheet.scale_bar(MARGIN + 88.0, sheet.height - 34.0, scale, look.step)
    limb = case.activity is not None and not isinstance(case.bone.outline, Jaw)
    said = f"{DEFORMATION}; {case.activity.limb_side} limb" if limb and case.activity else DEFORMATION
    beside = MARGIN + 88.0 + max(look.step * scale + 16.0, 72.0)
    sheet.text(beside, sheet.height - 34.0, said, va="center", size=tokens.SIZE_SMALL)
    whole = "" if mesh.stem.regions else "whole "
    shown = ", cut likewise to show its materials" if mesh.stem.regions else ""
    sheet.says = (
        f"The bone of {case.bone.length:g} mm cut open along the {look.plane} plane, with the {whole}"
        f"{_sized(case.stem)} in it{shown}, the supports, and the"
        f" load at the reference point {-case.reference_point[2]:g} mm distal of the cut. Two close-ups:"
        f" {' and '.join(spot.words for spot, _ in spots)}."
    )
    return sheet


def shades_of(case: Case) -> dict[str, str]:
    """Colours of the coatings, and of an abutment that is of another material, by name.

    Parameters
    ----------
    case : Case
    """
    found = {zone.name: tokens.coating_colour(row) for row, zone in enumerate(case.stem.coatings)}
    return found | {ABUTMENT: tokens.ABUTMENT}


def _assembly(case: Case, mesh: Mesh) -> list[Body | Lines]:
    stem, shades = mesh.stem, shades_of(case)
    axis = look_at(case).axis
    things: list[Body | Lines] = [*border(mesh.bone, -1.0, axis)]
    for name, (piece, _) in bone_pieces(mesh.bone).items():
        things += half(piece, -1.0, Paint(colour=BONE_SHADES[name]), axis=axis)
    if stem.regions:
        things += half(stem_core(stem)[0], -1.0, Paint(colour=tokens.STEM), axis=axis)
        for name, (layer, _) in stem_layers(stem).items():
            things += half(layer, -1.0, Paint(colour=shades[name]), axis=axis)
        return things
    others = [name for name in stem.facets if name not in shades]
    for zone in case.stem.coatings:
        things += skin(stem, [zone.name], Paint(colour=shades[zone.name]))
    return [*things, *skin(stem, others, Paint(colour=tokens.STEM))]


def _front_of_screw(case: Case) -> float:
    """Angle about z from which the plane of the lag screw is seen, rad: rather from the front or the left."""
    assert case.stem.lag_screw is not None
    side = case.stem.lag_screw.direction + math.pi / 2
    return side if math.cos(side) + 0.5 * math.sin(side) > 0 else side + math.pi


def turned_to_screw(case: Case, mesh: Mesh) -> Mesh:
    """Turn a mesh so that its lag screw lies in the antero-posterior plane and is seen from the left."""
    turn = math.pi / 2 - _front_of_screw(case)
    cosine, sine = math.cos(turn), math.sin(turn)
    about_z = np.array([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]])
    parts = [replace(part, points=part.points @ about_z.T) for part in (mesh.stem, mesh.bone)]
    return replace(mesh, stem=parts[0], bone=parts[1])


def screw_spot(case: Case) -> Spot:
    """Look at the lag screw across its own plane."""
    screw, front = case.stem.lag_screw, _front_of_screw(case)
    assert screw is not None
    words = f"lag screw in its own plane, from {direction_in_words(math.cos(front), math.sin(front))}"
    ends = np.abs(np.array([screw.tip, screw.head])) * math.sin(screw.angle) + screw.radius
    reach = max(2 * float(ends.max()), 2 * float(case.bone.outer_semi_axes(np.array([screw.level])).max()))
    return Spot("A", words, screw.level, across=reach + 2 * ROUND)


def _load_path(sheet: Sheet, panel: Panel, case: Case, end: float, load: FloatArray | None) -> None:
    """Draw the rigid lever to the reference point, and the load that acts there."""
    x, y = panel.place(case.reference_point)
    top = panel.place((0.0, 0.0, end))
    if y > top[1] + 1.0:
        sheet.line([top[0], x], [top[1], y], color=tokens.ADAPTER, lw=5.0, zorder=0)
        sheet.line([top[0], x], [top[1], y], color=tokens.QUIET, lw=0.8, ls=(0, (4, 3)), zorder=2)
    sheet.axes.plot([x], [y], "o", ms=7, mfc=tokens.PAPER, mec=tokens.LOAD, mew=1.6, zorder=4)
    told = "reference point: the load acts here\nthrough a rigid lever"
    if isinstance(case.bone.outline, Whole):
        told = "reference point:\nthe load acts here\nthrough a rigid lever"
    activity = case.activity
    if activity is not None and (point := activity.history.moment_point or activity.acts_at) is not None:
        where = point.name if point.name not in ("", "point") else "a point"
        told = f"reference point; the load acts at {where},\n{0.0 - point.level:g} mm distal of the cut"
    sheet.callout((x, y), panel.right + 8.0, y, told)
    if (device := case.fail_safe) is not None:
        spot = panel.place(device.place)
        sheet.axes.plot(
            *[[part] for part in spot], "D", ms=8, mfc=tokens.PAPER, mec=tokens.INK, mew=1.6, zorder=4
        )
        limits = [
            f"{sense} {limit / 1000:g} N m"
            for sense in ("bending", "torque")
            if (limit := device.limit(sense)) is not None
        ]
        words = " and ".join(limits)
        sheet.callout(spot, panel.right + 8.0, spot[1], f"fail-safe: slips above\n{words}")
    if load is None or not np.any(load):
        return
    along = panel.view.flat(load) / np.linalg.norm(load)
    reach = 26.0 * look_at(case).share * panel.scale
    tail = (x - along[0] * reach, y + along[1] * reach)
    arrow = {"arrowstyle": "-|>", "color": tokens.LOAD, "lw": 2.0, "shrinkA": 0, "shrinkB": 4}
    sheet.axes.annotate("", (x, y), tail, arrowprops=arrow, zorder=4)
    words = f"greatest load {np.linalg.norm(load):.0f} N"
    sheet.text(
        panel.right + 8.0, max(tail[1] - 10.0, y + 22.0), words, size=tokens.SIZE_SMALL, color=tokens.LOAD
    )


def _supports(sheet: Sheet, panel: Panel, case: Case, mesh: Mesh) -> None:
    """Draw how the bone's upper end is held, and say it."""
    kind, ends = case.supports.bone_proximal, case.supports.bone_ends
    if ends != "free":
        place = panel.place((0.0, float(mesh.bone.points[:, 1].max()), 0.9 * case.bone.length))
        sheet.callout(place, panel.right + 8.0, place[1], f"mesial and distal cuts {ends}")
        return
    end = mesh.bone.points[np.unique(mesh.bone.facets["proximal"])]
    if isinstance(case.bone.outline, Whole):
        draw_support(sheet, panel, case.bone.outline, kind, end)
        return
    # The face leans where the stem is bowed.
    left, right = (np.array(panel.place(end[row])) for row in (end[:, 0].argmax(), end[:, 0].argmin()))
    if kind != "free":
        along = (right - left) / np.linalg.norm(right - left)
        up = np.array([along[1], -along[0]])
        low, high = left - 4.0 * along, right + 4.0 * along
        sheet.line([low[0], high[0]], [low[1], high[1]], color=tokens.SUPPORT, lw=2.2, zorder=3)
        for step in np.arange(0.0, np.linalg.norm(high - low), 6.0):
            foot = low + step * along
            top = foot + 6.0 * along + 7.0 * up
            sheet.line([foot[0], top[0]], [foot[1], top[1]], color=tokens.SUPPORT, lw=0.9, zorder=3)
    sheet.callout((right[0], right[1]), panel.right + 8.0, right[1] + 6.0, f"proximal end {kind}")


def _sized(stem: Stem) -> str:
    """Say how large the stem is."""
    if isinstance(stem, CadStem):
        return f"stem from {stem.file}, {stem.length:.4g} mm long and at most {stem.diameter:.4g} mm wide,"
    return f"stem of {stem.diameter:g} mm by {stem.length:g} mm"


def _stem_label(stem: Stem) -> str:
    if isinstance(stem, CadStem):
        return f"stem from {stem.file}\n{stem.length:.4g} mm, at most {stem.diameter:.4g} mm wide"
    return f"stem {stem.diameter:g} mm × {stem.length:g} mm"


def _labels(sheet: Sheet, panel: Panel, case: Case) -> None:
    """Name the parts, each beside its place."""
    stem, bone, bend, look = case.stem, case.bone, case.stem.axis.bend, look_at(case)
    radius = stem.diameter / 2
    across = (
        bone.outer_semi_axes(np.array([0.8 * bone.length]))[0, 0]
        - bone.centre(np.array([0.8 * bone.length]))[0]
    )
    if bone.core is None:
        named = [((-0.8 * across, 0.0, 0.82 * bone.length), f"cortical bone\n{bone.length:g} mm long")]
    else:
        named = _of_two_materials(case)
    named.append(((-0.7 * radius, 0.0, stem.length - min(12.0, 0.25 * stem.length)), _stem_label(stem)))
    for zone in stem.coatings:
        lattice = lattices(case).get(zone.name)
        what = "porous coating" if len(stem.coatings) == 1 else f"coating “{zone.name}”"
        if lattice is not None:
            what = lattice.name if len(stem.coatings) == 1 else f"{what}, {lattice.name}"
        words, depth = f"{what}\n{zone.start:g} to {zone.end:g} mm", 0.3 * radius
        if zone.thickness is not None:
            words, depth = f"{words}, layer {zone.thickness:g} mm", 0.5 * zone.thickness
        if lattice is not None:
            words = f"{words}\nrelative density {lattice.grading.words()}"
        named.append(((depth - radius, 0.0, (zone.start + zone.end) / 2), words))
    for name, stated in (("flutes", stem.flutes), ("splines", stem.splines)):
        if stated is not None:
            words = f"{stated.number} {name}\n{max(stated.start, 0.0):g} to {stated.end:g} mm"
            named.append(((-0.7 * radius, 0.0, (max(stated.start, 0.0) + stated.end) / 2), words))
    if stem.thread is not None:
        what = "thread" if stem.thread.form == "helix" else "rings"
        words = f"{what} {stem.diameter + 2 * stem.thread.depth:g} mm × {stem.thread.pitch:g} mm"
        words = f"{words}\n{stem.thread.start:g} to {stem.thread.end:g} mm"
        named.append(((-0.9 * radius, 0.0, (stem.thread.start + stem.thread.end) / 2), words))
    if stem.slot is not None:
        place = (-0.4 * radius, 0.0, stem.length - 0.6 * stem.slot.depth)
        named.append((place, f"slot {stem.slot.width:g} mm × {stem.slot.depth:g} mm"))
    if stem.lag_screw is not None:
        screw = stem.lag_screw
        words = (
            f"lag screw {screw.diameter:g} mm\nat {screw.level:g} mm, {math.degrees(screw.angle):.4g} degrees"
        )
        tip = screw.centre + (screw.tip if screw.axis[1] >= 0 else -screw.head) * screw.axis
        named.append((tuple(tip.tolist()), words))
    if stem.collar is not None:
        place = (-stem.collar.diameter / 2, 0.0, -stem.collar.thickness / 2)
        held = f"gap {1000 * stem.collar.gap:g} µm, not drawn"
        if stem.anchor is not None:
            held = f"pressed on the cut by {case.preloads[BAR]:g} N"
        what = "collar" if stem.anchor is None else "plate"
        named.append((place, f"{what} {stem.collar.diameter:g} mm\n{held}"))
    if stem.anchor is not None:
        pins, width = stem.anchor.pins, stem.anchor.pin_diameter
        wall = -float(bone.outer_semi_axes(np.array([pins[-1].level]))[0, 0]) + 2.0
        words = f"holes of {len(pins)} pins of {width:g} mm\n{pins[0].level:g} to {pins[-1].level:g} mm"
        named.append(((wall, 0.0, pins[-1].level), words))
    if stem.abutment is not None:
        abutment = stem.abutment
        place = (-0.45 * abutment.diameter, 0.0, (abutment.seat + abutment.distal_level) / 2)
        held = f"{case.preloads[SCREW]:g} N from {abutment.screw.start:g} to {abutment.screw.end:g} mm"
        named.append((place, f"abutment {abutment.diameter:g} mm × {abutment.length:g} mm\nits screw {held}"))
    spots = sorted(
        ((panel.place(look.turned(bend(np.array(place)))), words) for place, words in named),
        key=lambda spot: spot[0][1],
    )
    free = panel.place(bend(np.array((0.0, 0.0, bone.length))))[1] + 30.0
    for (x, y), words in spots:
        level = max(y, free)
        sheet.callout((x, y), panel.right + 8.0, level, words)
        free = level + 38.0 + 13.0 * max(0, words.count("\n") - 1)


def _of_two_materials(case: Case) -> list[tuple[tuple[float, float, float], str]]:
    """Places and words of shell and core, above the stem's tip where there is room."""
    bone, stem = case.bone, case.stem
    assert bone.core is not None
    core = (max(bone.core.start, 0.0), min(bone.core.end, bone.length))
    level = min(max(0.5 * (stem.length + bone.length), core[0]), core[1])
    if isinstance(bone.outline, Whole):
        return whole_labels(bone, bone.outline, stem.length)
    outer = float(bone.outer_semi_axes(np.array([level]))[0, 1 if bone.outline is not None else 0])
    jaw = bone.outline if isinstance(bone.outline, Jaw) else None
    shift = -float(bone.centre(np.array([level]))[0]) if jaw is None else float(jaw.shift)
    shell = bone.least_shell or 0.0
    varies = jaw is not None or len(bone.stations) > 1
    words = f"{shell:g} mm or more" if varies else f"{shell:g} mm"
    named = [((-(outer - 0.5 * shell + shift), 0.0, level - 0.05 * bone.length), f"cortical shell\n{words}")]
    named.append(((-(0.6 * (outer - shell) + shift), 0.0, level + 0.05 * bone.length), "cancellous bone"))
    return named


def _close_up(
    sheet: Sheet, panel: Panel, things: Sequence[Body | Lines], spot: Spot, y: float, look: Look
) -> None:
    """Draw a part of the assembly larger, and frame it in the whole."""
    tall = CLOSE * look.share
    scale = 7.4 / look.share
    middle, wide = (panel.window.left + panel.window.right) / 2, panel.window.width - 4.0 * look.share
    if spot.across:
        middle, wide = spot.aside, spot.across
    wide = max(wide, tall)
    window = Window(middle - wide / 2, middle + wide / 2, spot.level - tall / 2, spot.level + tall / 2)
    scale = min(scale, 390.0 / wide)
    close = Panel(look.view, window, 490.0, y + 20.0, scale)
    sheet.text(close.x, y - 4.0, f"{spot.letter}   {spot.words}", weight="bold")
    sheet.shot(close, things)
    sheet.box(close.x, close.y, wide * scale, tall * scale, fc="none", ec=tokens.FAINT, lw=0.8, zorder=3)
    sheet.levels(close, close.x - 6.0, step=look.fine_step, words=False)
    top, bottom = (panel.place((0.0, 0.0, spot.level + side * tall / 2))[1] for side in (1, -1))
    sheet.box(panel.x - 2, top, panel.right - panel.x + 4, bottom - top, fc="none", ec=tokens.QUIET, lw=0.7,
              ls=(0, (3, 2)), zorder=3)  # fmt: skip
    sheet.text(panel.x + 3, top + 2, spot.letter, size=tokens.SIZE_SMALL, weight="bold")
