"""Picture of the singular rims: what every maximum leaves out, named and drawn on both bodies."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import to_rgba_array

from fea.case.case import Case
from fea.mesh.parts import Mesh, Part
from fea.post import tokens
from fea.post.render import legend
from fea.post.render.bodies import facets_of, half, skin
from fea.post.render.layout import LEGEND, TOP, Board, Heading, Stand, board
from fea.post.render.paint import Paint
from fea.post.render.sheet import Panel, Sheet
from fea.post.render.shot import LEFT
from fea.post.rim_shapes import Rim
from fea.post.rims import inside_rims, rims

#: Least distance between two names, CSS px, and where the first may stand.
BETWEEN, FIRST = 40.0, TOP + 56.0


def rim_picture(case: Case, mesh: Mesh) -> Sheet:
    """Draw the stem and the halved bone with what lies within the reach of a rim.

    Parameters
    ----------
    case : Case
    mesh : Mesh

    Returns
    -------
    Sheet
    """
    stem, bone = mesh.stem, mesh.bone
    stands = [
        Stand(LEFT, "stem, outside", skin(stem, None, _paint(tokens.STEM), _depth(stem, case))),
        Stand(
            LEFT, "bone, right half, inside", half(bone, -1.0, _paint(tokens.CORTICAL), _depth(bone, case))
        ),
    ]
    seen = np.vstack([part.points[np.unique(facets_of(part))] for part in (stem, bone)])
    found = rims(case)
    drawn = board(
        Heading("Where has stress no converged peak?", "left out of every maximum, whatever the load"),
        seen, stands,
    )  # fmt: skip
    legend.swatch(drawn.sheet, LEGEND, TOP, "singular rim: within its reach", tokens.RIM)
    _name(drawn, found)
    told = "; ".join(f"{rim.name} at {rim.level:g} mm, within {rim.reach:g} mm" for rim in found)
    drawn.sheet.says = (
        "Stem and right half of the bone, with what lies within the reach of a singular rim coloured:"
        f" {told}. Linear elasticity has no finite stress there, and the judged maxima leave it out."
    )
    return drawn.sheet


def _depth(part: Part, case: Case) -> np.ndarray:
    return inside_rims(part.points, case, part.name)


def _paint(colour: str) -> Paint:
    """Return the paint of `inside_rims`: the body's own colour below 0, the rims' above."""
    table = (255 * to_rgba_array([colour, tokens.RIM])).round().astype(np.uint8)
    return Paint(table=np.repeat(table, 64, axis=0), limits=(-1.0, 1.0))


def _name(drawn: Board, found: tuple[Rim, ...]) -> None:
    """Write the names of the rims, from the hip to the cut, each joined to its place."""
    spots = sorted(((_spot(drawn, rim), rim) for rim in found), key=lambda spot: spot[0][1])
    free = FIRST
    for place, rim in spots:
        y = max(place[1], free)
        where = ", ".join(rim.bodies)
        words = f"{rim.name}\n{where}: within {rim.reach:g} mm"
        drawn.sheet.callout(place, LEGEND, y, words)
        free = y + BETWEEN


def _spot(drawn: Board, rim: Rim) -> tuple[float, float]:
    """Return where a rim stands on the sheet: on the bone where it is there and in the half that is drawn."""
    panel: Panel = drawn.panels[1 if "bone" in rim.bodies and rim.spot[1] <= 0.0 else 0]
    return panel.place(rim.spot)
