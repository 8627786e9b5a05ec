"""Pictures of a taper joint: what was analysed, its mesh, its stress, and its contact unrolled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fea.mesh.parts import Mesh, Part
from fea.post import tokens
from fea.post.render import legend
from fea.post.render.bodies import elements, half
from fea.post.render.contact import contact_level
from fea.post.render.layout import DEFORMATION, LEGEND, TOP
from fea.post.render.paint import Paint, magnitude
from fea.post.render.sheet import HALO, Panel, Sheet
from fea.post.render.shot import LEFT, RIGHT, Body, Lines, Window
from fea.post.render.unrolled_maps import Map
from fea.post.unrolled import unroll
from fea.solution import Interface, State

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: What levels count from.
ORIGIN = "socket's mouth"
#: Room round the joint, mm.
ROUND = 4.0
#: Upper edge of an unrolled map and its left one, CSS px.
MAP_TOP, MAP_LEFT, BETWEEN = 132.0, 92.0, 78.0


@dataclass(frozen=True, eq=False)
class JointView:
    """A meshed joint as it is drawn.

    Attributes
    ----------
    mesh : Mesh
        The cone as its stem, the socket as its bone.
    engagement, depth, length : float, mm
        Levels at which contact, conical bore and socket end.
    reference : tuple of 3 floats, mm
    load : ndarray, shape (3,), N, or None
        Greatest force of the activity.
    assembled
        How, in a few words.
    """

    mesh: Mesh
    engagement: float
    depth: float
    length: float
    reference: tuple[float, float, float]
    load: FloatArray | None
    assembled: str


def joint_picture(joint: JointView) -> Sheet:
    """Draw cone and socket cut open, with hold, lever and load.

    Parameters
    ----------
    joint : JointView

    Returns
    -------
    Sheet
    """
    things = [
        *half(joint.mesh.bone, -1.0, Paint(colour=tokens.SOCKET)),
        *half(joint.mesh.stem, -1.0, Paint(colour=tokens.ADAPTER)),
    ]
    sheet = Sheet(tokens.PICTURE_WIDTH, 800.0)
    sheet.title(
        "What was analysed?", f"Cone and socket cut along the antero-posterior plane; {joint.assembled}"
    )
    points = np.concatenate([joint.mesh.stem.points, joint.mesh.bone.points])
    wide = float(np.abs(points[:, 0]).max()) + ROUND
    low = min(joint.reference[2], float(points[:, 2].min())) - 20.0
    window = Window(-wide, wide, low, joint.length + ROUND)
    scale = 650.0 / window.height
    panel = Panel(LEFT, window, 108.0, TOP, scale)
    sheet.shot(panel, things)
    sheet.levels(panel, 94.0, origin=ORIGIN)
    sheet.caption(panel)
    _lever(sheet, panel, joint, float(points[:, 2].min()))
    _hold(sheet, panel, joint)
    near = Window(-wide, wide, -8.0, joint.depth + 6.0)
    zoom = min(260.0 / near.width, 520.0 / near.height)
    close = Panel(LEFT, near, 490.0, TOP + 34.0, zoom)
    sheet.shot(close, things)
    sheet.text(close.x, TOP + 8.0, "the joint", weight="bold", size=tokens.SIZE_SMALL)
    sheet.levels(close, close.x - 4.0, step=10.0, words=False)
    sheet.caption(close)
    for words, level, across in (
        ("socket", 0.75 * joint.engagement, -0.97),
        ("cone", -5.0, -0.6),
    ):
        place = close.place((across * (wide - ROUND), 0.0, level))
        sheet.callout(place, close.right + 2.0, place[1], words)
    for words, level in (
        ("mouth", 0.0),
        ("end of the contact", joint.engagement),
        ("cylinder begins", joint.depth),
    ):
        y = close.place((0.0, 0.0, level))[1]
        sheet.line([close.right - 22.0, close.right - 2.0], [y, y], color=tokens.QUIET, ls=(0, (4, 3)))
        sheet.text(close.right + 2.0, y, words, va="center", size=tokens.SIZE_SMALL, color=tokens.QUIET)
    foot = sheet.height - 34.0
    sheet.scale_bar(close.x, foot, zoom, length=10.0)
    words = f"in the close-up; {DEFORMATION}"
    sheet.text(close.x + 10.0 * zoom + 16.0, foot, words, va="center", size=tokens.SIZE_SMALL)
    sheet.says = (
        f"The cone in its socket, both cut open: in contact from the mouth to {joint.engagement:g} mm, the"
        f" socket held at {joint.length:g} mm, and the load at the reference point"
        f" {-joint.reference[2]:g} mm distal of the mouth; {joint.assembled}."
    )
    return sheet


def _lever(sheet: Sheet, panel: Panel, joint: JointView, end: float) -> None:
    x, y = panel.place(joint.reference)
    top = panel.place((0.0, 0.0, end))
    if y > top[1] + 1.0:
        sheet.line([top[0], x], [top[1], y], color=tokens.ADAPTER, lw=5.0, zorder=0)
        sheet.line([top[0], x], [top[1], y], color=tokens.QUIET, lw=0.8, ls=(0, (4, 3)), zorder=2)
    sheet.axes.plot([x], [y], "o", ms=7, mfc=tokens.PAPER, mec=tokens.LOAD, mew=1.6, zorder=4)
    sheet.callout((x, y), panel.right + 8.0, y, "reference point: the load acts here\nthrough a rigid lever")
    if joint.load is None or not np.any(joint.load):
        return
    along = panel.view.flat(joint.load) / np.linalg.norm(joint.load)
    reach = 14.0 * panel.scale
    tail = (x - along[0] * reach, y + along[1] * reach)
    arrow = {"arrowstyle": "-|>", "color": tokens.LOAD, "lw": 2.0, "shrinkA": 0, "shrinkB": 4}
    sheet.axes.annotate("", (x, y), tail, arrowprops=arrow, zorder=4)
    words = f"greatest load {np.linalg.norm(joint.load):.0f} N"
    sheet.text(panel.right + 8.0, y + 24.0, words, size=tokens.SIZE_SMALL, color=tokens.LOAD)


def _hold(sheet: Sheet, panel: Panel, joint: JointView) -> None:
    held = joint.mesh.bone.points[np.unique(joint.mesh.bone.facets["proximal"])]
    left, right = (panel.place((x, 0.0, joint.length)) for x in (held[:, 0].max(), held[:, 0].min()))
    sheet.line([left[0] - 4.0, right[0] + 4.0], [left[1]] * 2, color=tokens.SUPPORT, lw=2.2, zorder=3)
    for x in np.arange(left[0] - 2.0, right[0] + 4.0, 6.0):
        sheet.line([x, x + 5.0], [left[1], left[1] - 6.0], color=tokens.SUPPORT, lw=0.9)
    sheet.callout((right[0] + 4.0, left[1]), panel.right + 8.0, left[1], "held: no displacement")


def joint_mesh_picture(joint: JointView) -> Sheet:
    """Draw the elements of both bodies on one side of the cut.

    Parameters
    ----------
    joint : JointView

    Returns
    -------
    Sheet
    """
    things: list[Body | Lines] = []
    for part, colour in ((joint.mesh.bone, tokens.SOCKET), (joint.mesh.stem, tokens.ADAPTER)):
        behind = part.points[part.tets[:, :4], 1].mean(axis=1) < 0.0
        things += elements(part, behind, colour)
    points = np.concatenate([joint.mesh.stem.points, joint.mesh.bone.points])
    wide = float(np.abs(points[:, 0]).max()) + 2.0
    window = Window(-wide, wide, float(points[:, 2].min()) - 2.0, joint.length + 2.0)
    scale = min(640.0 / window.height, 520.0 / window.width)
    sheet = Sheet(tokens.PICTURE_WIDTH, TOP + window.height * scale + 96.0)
    sheet.title("How fine is the mesh?", "Elements of cone and socket whose middles lie to the right")
    panel = Panel(LEFT, window, 220.0, TOP, scale)
    sheet.shot(panel, things)
    sheet.levels(panel, 206.0, step=10.0, origin=ORIGIN)
    sheet.caption(panel)
    mesh, quality = joint.mesh, joint.mesh.quality
    y = legend.swatch(sheet, LEGEND, TOP, "cone", tokens.ADAPTER)
    y = legend.swatch(sheet, LEGEND, y, "socket", tokens.SOCKET)
    legend.notes(
        sheet, LEGEND, y + 8.0,
        [
            ("Elements, cone and socket", f"{len(mesh.stem.tets)} and {len(mesh.bone.tets)}"),
            ("Displacement unknowns", f"{mesh.unknowns}"),
            ("Least scaled Jacobian", f"{quality.least_scaled_jacobian:.2f}"),
        ],
    )  # fmt: skip
    sheet.scale_bar(LEGEND, sheet.height - 40.0, scale, length=10.0)
    sheet.says = (
        f"The mesh of cone and socket, {mesh.unknowns} displacement unknowns: curved tetrahedra that share"
        " the surface of the cone."
    )
    return sheet


def joint_stress_picture(
    joint: JointView, stress: tuple[FloatArray, FloatArray], ends: tuple[BoolArray, BoolArray], instant: str
) -> Sheet:
    """Draw von Mises stress on those halves of cone and socket that are stressed most, apart.

    Parameters
    ----------
    joint : JointView
    stress : pair of ndarray, shape (n,), MPa
        At the nodes of cone and socket.
    ends : pair of ndarray of bool, shape (n,)
        Near the ends of the contact, where there is no finite peak.
    instant : str

    Returns
    -------
    Sheet
    """
    paint = magnitude(tokens.TAPER_VON_MISES)
    bodies: Sequence[tuple[str, Part, FloatArray, BoolArray]] = (
        ("cone", joint.mesh.stem, stress[0], ends[0]),
        ("socket", joint.mesh.bone, stress[1], ends[1]),
    )
    points = np.concatenate([joint.mesh.stem.points, joint.mesh.bone.points])
    wide = float(np.abs(points[:, 0]).max()) + 1.5
    window = Window(-wide, wide, float(points[:, 2].min()) - 1.5, joint.length + 1.5)
    scale = min(640.0 / window.height, 260.0 / window.width)
    sheet = Sheet(tokens.PICTURE_WIDTH, max(TOP + window.height * scale + 96.0, 560.0))
    sheet.title("Where are cone and socket stressed most?", instant)
    said = []
    for index, (name, part, values, near) in enumerate(bodies):
        row = int(np.argmax(np.where(near, -np.inf, values)))
        # The half with the largest stress is drawn, from its inside.
        right = bool(part.points[row, 1] <= 0.0)
        side, view, which = (-1.0, LEFT, "right half") if right else (1.0, RIGHT, "left half")
        panel = Panel(view, window, 92.0 + index * (window.width * scale + 44.0), TOP, scale)
        sheet.shot(panel, half(part, side, paint, values))
        sheet.caption(panel, f"{name}, {which}")
        x, y = panel.place(part.points[row])
        sheet.axes.plot(
            [x], [y], "o", ms=8, mfc="none", mec=tokens.INK, mew=1.3, path_effects=[HALO], zorder=3
        )
        if index == 0:
            sheet.levels(panel, 78.0, step=10.0, origin=ORIGIN)
        said.append((f"Largest in the {name}, away from the ends", f"○ {values[row]:.0f} MPa"))
    y = legend.colour_bar(sheet, LEGEND, TOP, tokens.TAPER_VON_MISES)
    legend.notes(sheet, LEGEND, y + 8.0, said)
    sheet.scale_bar(LEGEND, sheet.height - 40.0, scale, length=10.0)
    sheet.says = (
        "Halves of cone and socket, cut open and drawn apart, coloured by von Mises stress. "
        + "; ".join(f"{name.lower()} {value}" for name, value in said) + "."
    )  # fmt: skip
    return sheet


@dataclass(frozen=True, eq=False)
class Field:
    """A field of the contact to be unrolled.

    Attributes
    ----------
    words
        Its instant, above the map.
    values : ndarray, shape (n,)
        In the scale's unit.
    states : sequence of State
        Where none of them touches, the map is hatched.
    """

    words: str
    values: FloatArray
    states: Sequence[State]


def contact_picture(
    question: str, instant: str, interface: Interface, fields: Sequence[Field], scale: tokens.Scale,
    said: Sequence[tuple[str, str]],
) -> Sheet:  # fmt: skip
    """Draw fields of the cone's surface unrolled, one or two below each other.

    Parameters
    ----------
    question, instant : str
    interface : Interface
    fields : sequence of Field
    scale : Scale
    said : sequence of (str, str)
        Numbers beside the legend.

    Returns
    -------
    Sheet
    """
    flat, count = unroll(interface), len(fields)
    low, high = float(flat.depth.min()), float(flat.depth.max())
    pixels = min(460.0 / (count * (high - low)), (LEGEND - 30.0 - MAP_LEFT) / (2.0 * np.pi * flat.radius))
    step = (high - low) * pixels + BETWEEN
    foot = MAP_TOP + count * step - BETWEEN + 24.0
    sheet = Sheet(tokens.PICTURE_WIDTH, max(foot + 56.0, 590.0))
    sheet.title(question, instant)
    for index, field in enumerate(fields):
        place = Map(sheet, flat, MAP_LEFT, MAP_TOP + index * step, pixels, low, high, ORIGIN)
        place.frame(field.words, depths=True)
        place.magnitude(field.values, scale)
        place.hatch_open(contact_level(field.states, interface.fit))
        _largest(place, interface, field.values)
    sheet.scale_bar(MAP_LEFT, foot, pixels, length=10.0)
    sheet.text(
        MAP_LEFT + 10.0 * pixels + 16.0, foot,
        f"true depths, angles at a radius of {flat.radius:.3g} mm, seen from outside;\n"
        "mouth at the top; ○ largest",
        va="center", size=tokens.SIZE_SMALL,
    )  # fmt: skip
    y = legend.colour_bar(sheet, LEGEND, TOP, scale)
    y = legend.no_contact(sheet, LEGEND, y, "no contact")
    legend.notes(sheet, LEGEND, y + 8.0, said)
    sheet.says = (
        f"The cone's surface unrolled, coloured by {scale.quantity[0].lower()}{scale.quantity[1:]}. "
        + "; ".join(f"{name[0].lower()}{name[1:]}: {value}" for name, value in said) + "."
    )  # fmt: skip
    return sheet


def _largest(place: Map, interface: Interface, values: FloatArray) -> None:
    """Mark where a field is largest."""
    row = int(np.argmax(values))
    x, y, z = interface.straight[row]
    across, down = float(place.x(np.degrees(np.arctan2(y, x)))), float(place.y(z))
    place.sheet.axes.plot(
        [across], [down], "o", ms=8, mfc="none", mec=tokens.INK, mew=1.3, path_effects=[HALO], zorder=6
    )
