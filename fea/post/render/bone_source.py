"""Two pictures of a bone as it is stated: its surface with the sections behind it, and what it is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.patches import Polygon
from numpy.typing import NDArray

from fea.case.case import Case
from fea.ct.density import ImagedMaterial
from fea.mesh.parts import Mesh
from fea.post import tokens
from fea.post.body_parts import bone_pieces
from fea.post.render import legend
from fea.post.render.assembly import BONE_SHADES
from fea.post.render.bodies import border, facets_of, half, skin
from fea.post.render.layout import FOOT, LEFT, TOP
from fea.post.render.look import look_at
from fea.post.render.paint import Paint, magnitude
from fea.post.render.sheet import Panel, Sheet, bar_length, level_step
from fea.post.render.shot import ANTERIOR, Body, Lines, View, Window
from fea.post.render.shot import LEFT as FROM_LEFT
from geometry.bone import Bone
from geometry.canal import Canal
from geometry.jaw import Jaw
from geometry.scanned.slices import section
from geometry.scanned.whole import Whole
from materials.elasticity import Elasticity

FloatArray = NDArray[np.float64]
Outside = Callable[[FloatArray], FloatArray]

#: Size of the pictures, CSS px, and the tallest that their views may be.
HEIGHT = 700.0
TALLEST = 500.0
#: Where sections or legends begin.
BESIDE = 520.0
#: Sections that are drawn across the axis, in columns and rows.
COLUMNS, ROWS = 2, 2
#: Points round a section, and how far the lines stand off the surface, mm of a long bone.
_TURNS, _LIFT = 181, 0.15
CANAL, REAMER = tokens.LINES[3], tokens.LINES[1]


def shape_picture(case: Case, mesh: Mesh) -> Sheet:
    """Draw a bone's surface with sections of it, and some of these across the axis.

    Parameters
    ----------
    case : Case
    mesh : Mesh

    Returns
    -------
    Sheet
    """
    sheet = Sheet(tokens.PICTURE_WIDTH, HEIGHT)
    sheet.title("What shape is the bone?", source_words(case))
    rings = _rings(case, shown_levels(case.bone))
    bodies: list[Body | Lines] = [*skin(mesh.bone, None, Paint(colour=tokens.CORTICAL))]
    bodies += [Lines(rings, tokens.INK, 3.0)]
    _views(sheet, mesh, [bodies, bodies], (look_at(case).view, _across(case)))
    levels = _cut_levels(case)
    _sections(sheet, case, levels[np.linspace(0, len(levels) - 1, COLUMNS * ROWS).round().astype(int)])
    sheet.says = (
        "The surface of the bone from two sides with its sections as lines, and sections across the axis"
        f" with outline, natural canal and reamer: {source_words(case)}."
    )
    return sheet


def matter_picture(case: Case, mesh: Mesh) -> Sheet:
    """Draw a bone cut open and from outside, by density where a volume gives it, else by material.

    Parameters
    ----------
    case : Case
    mesh : Mesh

    Returns
    -------
    Sheet
    """
    sheet, look = Sheet(tokens.PICTURE_WIDTH, HEIGHT), look_at(case)
    material = case.bone_material
    cut: list[Body | Lines]
    if isinstance(material, ImagedMaterial):
        words = f"From the CT numbers; Young's modulus {material.by_place.law.formula} MPa"
        sheet.title("How dense is the bone?", words)
        values = np.asarray(material.by_place.apparent_at(mesh.bone.points))
        paint = magnitude(tokens.DENSITY)
        cut = [*half(mesh.bone, -1.0, paint, values, axis=look.axis)]
        whole = skin(mesh.bone, None, paint, values)
    else:
        sheet.title("What is the bone made of?", "One modulus a material; directions are those of the bone")
        pieces = bone_pieces(mesh.bone)
        cut = [
            body
            for name, (part, _) in pieces.items()
            for body in half(part, -1.0, Paint(colour=BONE_SHADES[name]), axis=look.axis)
        ]
        cut += border(mesh.bone, -1.0, look.axis)
        whole = skin(mesh.bone, None, Paint(colour=tokens.CORTICAL))
    _views(sheet, mesh, [cut, whole], (look.view, _across(case)), (f"cut, {look.plane}", "outside"))
    sheet.says = _matter_legend(sheet, case)
    return sheet


def shown_levels(bone: Bone) -> FloatArray:
    """Return the levels of the sections that are drawn, shape (8,), mm, from the cut to the held end."""
    return np.linspace(0.01, 0.99, 8) * bone.length


def _cut_levels(case: Case) -> FloatArray:
    """Return the levels of the sections across the axis; of a whole bone those along its reamed hole.

    Farther up a ray across the axis leaves a whole bone more than once, so that it has no line about it.
    """
    levels = shown_levels(case.bone)
    if isinstance(case.bone.outline, Whole) and case.reaming is not None:
        return np.asarray(levels * case.reaming.depth / case.bone.length)
    return levels


def source_words(case: Case) -> str:
    """Say what a bone's shape comes from."""
    bone = case.bone
    if case.scanned is not None and case.scanned.whole is not None:
        words = f"the surface of {case.scanned.file} itself"
    elif case.scanned is not None:
        near = case.scanned.fitted.closeness
        kind = "walls found in" if case.scanned.imaging is not None else "the surface"
        words = f"splines through {kind} {case.scanned.file}; 95 % of it within {near.percentile_95:.2g} mm"
    elif isinstance(bone.outline, Jaw):
        words = f"prism of {bone.outline.length:g} mm along the arch"
    else:
        count = len(bone.stations) or 1
        kind = "triangular sections" if bone.outline is not None else "ellipses"
        words = kind if not bone.stations else f"{kind} at {count} station{'s' if count > 1 else ''}"
        if bone.bow_radius is not None:
            words += f" on a bow of {abs(bone.bow_radius):,.0f} mm"
        if case.site:
            words += ", filled in by its site"
    return words + ("; the implant stands askew" if bone.posed else "")


def _across(case: Case) -> View:
    """From where the second view looks: at right angles to the first."""
    if isinstance(case.bone.outline, Jaw):
        return View("from buccal" if _buccal(case) > 0 else "from lingual", (0.0, 1.0, 0.0))
    return FROM_LEFT if look_at(case).view == ANTERIOR else ANTERIOR


def _buccal(case: Case) -> float:
    """Which way y buccal is: outwards, -y on the right side."""
    return 1.0 if case.activity is None or case.activity.limb_side == "left" else -1.0


def _about(centre: FloatArray, radius: FloatArray, turn: FloatArray, level: float) -> FloatArray:
    """Points at a radius about a place of a level, shape (n, 3), mm."""
    x, y = centre[0] + radius * np.cos(turn), centre[1] + radius * np.sin(turn)
    return np.stack([x, y, np.full_like(turn, level)], axis=1)


def _rim(outside: Outside, centre: FloatArray, most: float, level: float, beyond: float = 0.0) -> FloatArray:
    """Where rays from a place of a level leave what `outside` is the outside of, shape (n, 3), mm.

    None, shape (0, 3), where the place does not lie in it.
    """
    turn = np.linspace(-np.pi, np.pi, _TURNS)
    if not outside(np.array([[*centre, level]]))[0] < 0:
        return np.zeros((0, 3))
    low, high = np.zeros(_TURNS), np.full(_TURNS, most)
    for _ in range(40):
        middle = (low + high) / 2
        out = outside(_about(centre, middle, turn, level)) > 0
        low, high = np.where(out, low, middle), np.where(out, middle, high)
    return _about(centre, (low + high) / 2 + beyond, turn, level)


def section_of(bone: Bone, level: float, part: str = "outer", beyond: float = 0.0) -> FloatArray:
    """Return the line round a section of a bone, its core or its natural canal.

    Parameters
    ----------
    bone : Bone
    level : float, mm
        Along the implant's axis.
    part
        ``"outer"``, ``"core"`` or ``"canal"``.
    beyond : float, mm
        How far outside of it.

    Returns
    -------
    ndarray, shape (n, 3), mm
        In the implant's straight frame; none where there is no such part.
    """
    at = np.array([level])
    centre = np.array([float(bone.centre(at)[0]), float(bone.centre_left(at)[0])])
    most = float(bone.reach(at)[0] + np.hypot(*centre)) + 1.0

    def in_core(points: FloatArray) -> FloatArray:
        # A prism's core goes on beyond its cuts.
        return np.maximum(bone.outside_core(points), bone.outside_outer(points))

    outside = {"outer": bone.outside_outer, "core": in_core, "canal": bone.outside_canal}[part]
    return _rim(outside, centre, most, level, beyond)


def _rings(case: Case, levels: FloatArray) -> FloatArray:
    """Lines of the outer sections on the surface, shape (k, n, 3), mm, bent with the implant's axis."""
    lift = _LIFT * look_at(case).share
    if isinstance(whole := case.bone.outline, Whole):
        return np.concatenate([_lifted(section(whole.triangles, z), z, lift) for z in levels.tolist()])
    found = [section_of(case.bone, level, beyond=lift) for level in levels.tolist()]
    return np.stack([case.stem.axis.bend(ring) for ring in found])


def _lifted(pieces: FloatArray, level: float, lift: float) -> FloatArray:
    """Move pieces of a line round a solid off it; (k, 2, 2) in the plane to (k, 2, 3)."""
    along = pieces[:, 1] - pieces[:, 0]
    length = np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-12)
    # The solid lies to the left of a piece.
    off = pieces + lift * (np.stack([along[:, 1], -along[:, 0]], axis=1) / length)[:, None]
    return np.concatenate([off, np.full((*off.shape[:2], 1), level)], axis=2)


def _views(
    sheet: Sheet,
    mesh: Mesh,
    bodies: Sequence[Sequence[Body | Lines]],
    views: Sequence[View],
    words: Sequence[str] = ("", ""),
) -> None:
    """Draw two views of the bone side by side at one scale, with levels and a scale bar."""
    points = mesh.bone.points[np.unique(facets_of(mesh.bone))]
    flat = [view.flat(points) for view in views]
    wide = max(float(np.ptp(f[:, 0])) for f in flat) * 1.06
    tall = float(np.ptp(flat[0][:, 1])) * 1.02
    pitch = (BESIDE - 30.0 - LEFT) / 2
    scale = min(TALLEST / tall, (pitch - 26.0) / wide)
    middles = [(f.min(axis=0) + f.max(axis=0)) / 2 for f in flat]
    for row, (view, things, (across, along)) in enumerate(zip(views, bodies, middles, strict=True)):
        window = Window(across - wide / 2, across + wide / 2, along - tall / 2, along + tall / 2)
        panel = Panel(view, window, LEFT + row * pitch, TOP, scale)
        sheet.shot(panel, things)
        sheet.caption(panel, words[row])
        if row == 0:
            sheet.levels(panel, LEFT - 14.0, level_step(tall))
    sheet.scale_bar(LEFT, TOP + tall * scale + FOOT - 18.0, scale, bar_length(scale))


def _sections(sheet: Sheet, case: Case, levels: FloatArray) -> None:
    """Draw sections across the axis, anterior up, left to the left as from the body, at one scale."""
    outers = [section_of(case.bone, level) for level in levels.tolist()]
    middles = [(ring.min(axis=0) + ring.max(axis=0)) / 2 for ring in outers]
    reach = 1.04 * max(float(np.ptp(ring[:, :2], axis=0).max()) for ring in outers) / 2
    cell = (tokens.PICTURE_WIDTH - BESIDE - 10.0) / COLUMNS
    scale = min((cell - 16.0) / (2 * reach), 210.0 / (2 * reach))
    for number, (level, outer, middle) in enumerate(zip(levels.tolist(), outers, middles, strict=True)):
        x = BESIDE + cell * (number % COLUMNS + 0.5)
        y = TOP + 26.0 + scale * reach + (number // COLUMNS) * (2 * scale * reach + 44.0)
        place = (x + scale * float(middle[1]), y + scale * float(middle[0]), scale)
        core, natural = (section_of(case.bone, level, part) for part in ("core", "canal"))
        filled = ((outer, tokens.CORTICAL), (core, tokens.CANCELLOUS), (natural, tokens.PAPER))
        for ring, colour in filled:
            if len(ring):
                sheet.axes.add_patch(Polygon(_flat(ring, place), fc=colour, lw=0.0, zorder=1))
        _given(sheet, case, level, place)
        for ring, colour in ((outer, tokens.INK), (core, tokens.QUIET), (natural, CANAL)):
            sheet.line(*_flat(ring, place).T, color=colour, lw=1.1, zorder=3)
        if case.reaming is not None and level < case.reaming.depth:
            ring = _reamed(Canal(case.bone, case.reaming), level)
            sheet.line(*_flat(ring, place).T, color=REAMER, lw=1.1, zorder=3)
        sheet.text(x, y - scale * reach - 22.0, f"z = {level:.0f} mm", ha="center", size=tokens.SIZE_SMALL)
    _section_legend(sheet, case, TOP + 26.0 + ROWS * (2 * scale * reach + 44.0), scale)


def _reamed(canal: Canal, level: float) -> FloatArray:
    """Line round the reamer's sweep, shape (n, 3), mm."""
    centre, _, _ = canal.path_frame(np.array([level]))
    most = float(canal.bone.reach(np.array([level]))[0] + np.hypot(*centre[0, :2]))
    return _rim(canal.outside_reamer, centre[0, :2], most, level)


def _flat(ring: FloatArray, place: tuple[float, float, float]) -> FloatArray:
    """Put a section on the sheet, shape (n, 2): anterior up, left to the left."""
    x, y, scale = place
    return np.stack([x - scale * ring[:, 1], y - scale * ring[:, 0]], axis=1)


def _given(sheet: Sheet, case: Case, level: float, place: tuple[float, float, float]) -> None:
    """Draw the given surface's section in grey, where the bone is from one and stands as planned."""
    if case.scanned is None or case.bone.posed:
        return
    for pair in section(case.scanned.surface, level):
        sheet.line(*_flat(pair, place).T, color=tokens.QUIET, lw=3.0, alpha=0.4, zorder=2)


def _section_legend(sheet: Sheet, case: Case, y: float, scale: float) -> None:
    """Say what the lines of the sections are, where anterior is, and how long 10 mm are."""
    given = "found in the volume" if case.scanned and case.scanned.imaging is not None else "surface as given"
    fitted = "fitted" if case.scanned is not None and case.scanned.whole is None else "outer surface"
    rows = [(fitted, tokens.INK, 1.2, 1.0)]
    rows += [(given, tokens.QUIET, 3.0, 0.4)] if case.scanned is not None and not case.bone.posed else []
    rows += [("cancellous core", tokens.QUIET, 1.2, 1.0)] if case.bone.core is not None else []
    rows += [("natural canal", CANAL, 1.2, 1.0)] if case.bone.hollow else []
    rows += [("reamer or drill", REAMER, 1.2, 1.0)] if case.reaming is not None else []
    for number, (words, colour, width, alpha) in enumerate(rows):
        left, low = BESIDE + 14.0 + 180.0 * (number % 2), y + 18.0 * (number // 2)
        sheet.line([left, left + 22.0], [low, low], color=colour, lw=width, alpha=alpha)
        sheet.text(left + 30.0, low, words, va="center", size=tokens.SIZE_SMALL)
    low = y + 18.0 * ((len(rows) + 1) // 2) + 10.0
    sheet.scale_bar(BESIDE + 14.0, low, scale, bar := bar_length(scale))
    sideways = "mesial up" if isinstance(case.bone.outline, Jaw) else "anterior up"
    sheet.text(
        BESIDE + 30.0 + bar * scale, low, f"across the axis; {sideways}, left to the left",
        va="center", size=tokens.SIZE_SMALL,
    )  # fmt: skip


def _matter_legend(sheet: Sheet, case: Case) -> str:
    """Draw the legend of density or materials; return what the picture shows, in words."""
    material = case.bone_material
    if isinstance(material, ImagedMaterial):
        total = material.by_place.summary
        y = legend.colour_bar(sheet, BESIDE, TOP, tokens.DENSITY)
        rows = [
            (f"{what} in the wall", f"{density:.2f} g/cm³, {modulus / 1000:.1f} GPa")
            for what, density, modulus in zip(
                ("Least", "Mean", "Largest"), total.apparent, total.modulus, strict=True
            )
        ]
        legend.notes(sheet, BESIDE, y + 10.0, [*rows, ("Law of the modulus", material.by_place.law.name)])
        return (
            "The bone cut open and from outside, coloured by apparent density:"
            f" {total.apparent[0]:.2f} to {total.apparent[2]:.2f} g/cm³."
        )
    named = [("cortical bone", tokens.CORTICAL, material)]
    if case.core_material is not None:
        named.append(("cancellous bone", tokens.CANCELLOUS, case.core_material))
    y, said = TOP, []
    for words, colour, each in named:
        y = legend.swatch(sheet, BESIDE, y, words, colour) + 4.0
        along = "arch" if isinstance(case.bone.outline, Jaw) else "bone"
        stated = moduli(each.elasticity, f"along the {along}")
        y = legend.notes(sheet, BESIDE, y, [("Material", each.name), *stated]) + 16.0
        said.append(f"{words} ({', '.join(f'{name.lower()} {value}' for name, value in stated)})")
    return f"The bone cut open and from outside, by material: {' and '.join(said)}."


def moduli(elasticity: Elasticity, along: str = "along the bone") -> list[tuple[str, str]]:
    """Return the moduli of an elastic law, each with its direction, in words.

    Parameters
    ----------
    elasticity : Elasticity
    along
        Axis 3, in words.

    Returns
    -------
    list of (str, str)
    """
    law = elasticity.orthotropic()
    ways = {"radial": law.E1, "circumferential": law.E2, along: law.E3}
    if len(set(ways.values())) == 1:
        return [("Young's modulus", f"{law.E3 / 1000:.3g} GPa, all directions")]
    if law.E1 == law.E2:
        ways = {"across": law.E1, along: law.E3}
    return [(f"Young's modulus {way}", f"{value / 1000:.3g} GPa") for way, value in ways.items()]
