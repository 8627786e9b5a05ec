"""The collar's face, drawn apart from the flank: a ring seen from the hip."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import Normalize
from matplotlib.tri import Triangulation

from fea.post import tokens
from fea.post.micromotion import area_percent
from fea.post.render.contact import contact_level
from fea.post.render.layout import LEGEND
from fea.post.render.paint import sequential
from fea.post.render.sheet import Sheet
from fea.post.render.surface import contact_surface
from fea.solution import Interface, State
from geometry.zones import COLLAR


def collar_ring(sheet: Sheet, interface: Interface, y: float, state: State, words: str) -> None:
    """Draw the collar's face apart, seen from the hip, or say that there is none.

    Parameters
    ----------
    sheet : Sheet
    interface : Interface
    y : float, CSS px
        Upper edge of what is drawn.
    state : State
    words : str
        The instant.
    """
    collar = interface.within(COLLAR)
    sheet.text(
        LEGEND, y, "Collar: pressure" if collar.any() else "No collar", weight="bold", size=tokens.SIZE_SMALL
    )
    if not collar.any():
        return
    surface, facets = contact_surface(interface, collar)
    radius = float(np.hypot(surface.points[:, 0], surface.points[:, 1]).max())
    scale, x0, y0 = 46.0 / radius, LEGEND + 48.0, y + 84.0
    ring = Triangulation(
        x0 - surface.points[:, 1] * scale, y0 - surface.points[:, 0] * scale, surface.triangles
    )
    pressure = surface.from_corners(state.traction[facets, 0])
    level = surface.from_corners(contact_level([state], interface.fit)[facets])
    sheet.axes.tripcolor(
        ring, pressure, shading="gouraud", cmap=sequential(), norm=Normalize(0.0, tokens.PRESSURE.upper)
    )
    if (level < 0.0).any():
        sheet.axes.tricontourf(ring, level, levels=[-1e9, 0.0], colors=[tokens.NO_CONTACT], hatches=["////"])
    sheet.axes.set_xlim(0.0, sheet.width)
    sheet.axes.set_ylim(sheet.height, 0.0)
    sheet.text(x0, y + 20.0, "anterior", ha="center", size=tokens.SIZE_SMALL, color=tokens.ANTERIOR)
    touching = area_percent(contact_level([state], interface.fit) > 0.0, interface.area, collar)
    lines = f"{words}\nseen from the hip,\nleft on the left;\n{touching:.0f} % in contact"
    sheet.text(x0 + 60.0, y + 52.0, lines, size=tokens.SIZE_SMALL)
