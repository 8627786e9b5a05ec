"""Pictures of the stem: contact pressure, micromotion in bands, von Mises stress."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fea.mesh.parts import Part
from fea.post import tokens
from fea.post.micromotion import area_percent, reference_zone
from fea.post.render import legend
from fea.post.render.bodies import BELOW_CONTACT, facets_of, painted_contact, skin
from fea.post.render.contact import band_parts, contact_level
from fea.post.render.extremes import Words, extremes, rows, sentence
from fea.post.render.layout import LEGEND, TOP, Board, Heading, Stand, board, round_the_axis
from fea.post.render.paint import Paint, bands, magnitude
from fea.post.render.sheet import Sheet
from fea.post.render.shot import ANTERIOR, LEFT, POSTERIOR, RIGHT, Body
from fea.solution import Interface, State
from geometry.axis import STRAIGHT, Axis

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

VIEWS = (ANTERIOR, LEFT, POSTERIOR, RIGHT)
FACING = round_the_axis(VIEWS)


def _stem_board(heading: Heading, stem: Part, bodies: Sequence[Body]) -> Board:
    seen = stem.points[np.unique(facets_of(stem))]
    return board(heading, seen, [Stand(view, "", bodies) for view in VIEWS])


def pressure_picture(stem: Part, interface: Interface, state: State, instant: str) -> Sheet:
    """Draw the contact pressure on the stem.

    Parameters
    ----------
    stem : Part
    interface : Interface
    state : State
    instant : str
        In words.

    Returns
    -------
    Sheet
    """
    pressure, contact = state.traction[:, 0], contact_level([state], interface.fit)
    touching = contact > 0.0
    zone, name = reference_zone(interface)
    words = Words("MPa", f"in the {name}, away from rims", "elsewhere", axis=interface.axis)
    found = extremes(pressure, interface.points, interface.area * touching, zone & ~interface.rim)
    bodies = painted_contact(interface, pressure, contact, magnitude(tokens.PRESSURE))
    heading = Heading("Where does the bone press on the stem?", instant)
    drawn = _stem_board(heading, stem, bodies + skin(stem, None, Paint(), inset=BELOW_CONTACT))
    drawn.mark(found, FACING, words.form)
    drawn.rims(interface.points, interface.rim)
    y = legend.colour_bar(drawn.sheet, LEGEND, TOP, tokens.PRESSURE)
    y = legend.no_contact(drawn.sheet, LEGEND, y, "no contact")
    y = legend.rim(drawn.sheet, LEGEND, y)
    legend.notes(drawn.sheet, LEGEND, y + 8.0, rows(found, words))
    part = area_percent(touching, interface.area, zone)
    drawn.sheet.says = (
        f"The stem from four sides, coloured by contact pressure, {instant.lower()}."
        f" {part:.0f} % of the {name} is in contact. {sentence(found, words)}"
    )
    return drawn.sheet


def micromotion_picture(
    stem: Part, interface: Interface, states: Sequence[State], motion: FloatArray, instant: str
) -> Sheet:
    """Draw the resulting micromotion on the stem in the bands of the criteria.

    Parameters
    ----------
    stem : Part
    interface : Interface
    states : sequence of State
        The judged cycle.
    motion : ndarray, shape (n,), mm
    instant : str

    Returns
    -------
    Sheet
    """
    slide, contact = 1000.0 * motion, contact_level(states, interface.fit)
    touching = contact > 0.0
    zone, name = reference_zone(interface)
    words = Words("µm", f"in the {name}", f"outside the {name}", axis=interface.axis)
    found = extremes(slide, interface.points, interface.area * touching, zone)
    bodies = painted_contact(interface, slide, contact, bands()) + skin(
        stem, None, Paint(), inset=BELOW_CONTACT
    )
    drawn = _stem_board(Heading("How far does the stem slide on the bone?", instant), stem, bodies)
    drawn.mark(found, FACING, words.form)
    parts = [area_percent(part & touching, interface.area, zone) for part in band_parts(slide)]
    y = legend.band_bar(drawn.sheet, LEGEND, TOP, "Resulting micromotion, µm", parts, name)
    y = legend.no_contact(drawn.sheet, LEGEND, y, "no contact at any instant")
    legend.notes(drawn.sheet, LEGEND, y + 8.0, rows(found, words))
    small = sum(share for share, edge in zip(parts, tokens.BAND_EDGES[1:], strict=False) if edge <= 40.0)
    drawn.sheet.says = (
        f"The stem from four sides, coloured by resulting micromotion in bands. {small:.0f} % of the {name}"
        f" moves less than 40 µm, {parts[-1]:.0f} % more than 150 µm. {sentence(found, words)}"
    )
    return drawn.sheet


def von_mises_picture(
    stem: Part, stress: FloatArray, weight: FloatArray, rim: BoolArray, instant: str, axis: Axis = STRAIGHT
) -> Sheet:
    """Draw the von Mises stress on the stem.

    Parameters
    ----------
    stem : Part
    stress : ndarray, shape (n,), MPa
        At the nodes.
    weight : ndarray, shape (n,), mm^3
        Volume that belongs to each node.
    rim : ndarray of bool, shape (n,)
    instant : str
    axis : Axis
        The implant's.

    Returns
    -------
    Sheet
    """
    words = Words("MPa", axis=axis)
    found = extremes(stress, stem.points, weight, ~rim)
    bodies = skin(stem, None, magnitude(tokens.VON_MISES), stress)
    drawn = _stem_board(Heading("Where is the stem stressed most?", instant), stem, bodies)
    drawn.mark(found, FACING, words.form)
    drawn.rims(stem.points, rim)
    y = legend.colour_bar(drawn.sheet, LEGEND, TOP, tokens.VON_MISES)
    y = legend.rim(drawn.sheet, LEGEND, y)
    legend.notes(drawn.sheet, LEGEND, y + 8.0, rows(found, words))
    drawn.sheet.says = f"The stem from four sides, coloured by von Mises stress. {sentence(found, words)}"
    return drawn.sheet
