"""The picture of the mesh at the interface."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fea.case.case import Case
from fea.mesh.parts import Mesh, Part
from fea.mesh.regions import element_regions
from fea.post import tokens
from fea.post.render.assembly import BONE_SHADES, shades_of, spot_at, upper_spot
from fea.post.render.bodies import elements, facets_of
from fea.post.render.layout import DEFORMATION, TOP
from fea.post.render.look import look_at
from fea.post.render.sheet import Panel, Sheet
from fea.post.render.shot import Body, Lines, Window


def _behind(part: Part, axis: int = 1) -> NDArray[np.bool_]:
    """Choose the elements whose middle lies behind the plane of the cut."""
    return np.asarray(part.points[part.tets[:, :4], axis].mean(axis=1) < 0.0)


def mesh_picture(case: Case, mesh: Mesh) -> Sheet:
    """Draw the elements at the mouth of the canal and at the tip of the stem.

    Parameters
    ----------
    case : Case
    mesh : Mesh

    Returns
    -------
    Sheet
    """
    look = look_at(case)
    count = len(mesh.stem.tets) + len(mesh.bone.tets)
    cut = "elements" if mesh.stem.regions else "bone elements"
    words = f"{count:,} curved 10-node tetrahedra, {mesh.unknowns:,} unknowns; {cut} behind the cut only"
    sheet = Sheet(tokens.PICTURE_WIDTH, 700.0)
    sheet.title("How fine is the mesh at the interface?", words)
    spots = (
        spot_at("", look.mouth, case, 12.0 * look.share),
        upper_spot("", "tip of the stem", case, -4.0 * look.share),
    )
    points = mesh.bone.points[np.unique(facets_of(mesh.bone))]
    flat = look.view.flat(points)[:, 0]
    wide = spots[0].across if spots[0].across else float(np.ptp(flat)) + 4.0 * look.share
    scale = min(10.0 / look.share, 380.0 / wide)
    tall = 500.0 / scale
    things: list[Body | Lines] = []
    inside = element_regions(mesh.bone)
    for number, name in enumerate(("bone", *mesh.bone.regions)):
        chosen = _behind(mesh.bone, look.axis) & (inside == number)
        things += elements(mesh.bone, chosen, BONE_SHADES[name], fold=15.0)
    if mesh.stem.regions:
        code, shades = element_regions(mesh.stem), shades_of(case)
        things += elements(mesh.stem, _behind(mesh.stem, look.axis) & (code == 0), tokens.STEM, fold=15.0)
        for number, name in enumerate(mesh.stem.regions, start=1):
            things += elements(
                mesh.stem, _behind(mesh.stem, look.axis) & (code == number), shades[name], fold=15.0
            )
    else:
        things += elements(mesh.stem, np.ones(len(mesh.stem.tets), dtype=bool), tokens.STEM)
    for index, spot in enumerate(spots):
        middle = spot.aside if spot.across else (flat.max() + flat.min()) / 2
        window = Window(middle - wide / 2, middle + wide / 2, spot.level - tall / 2, spot.level + tall / 2)
        panel = Panel(look.view, window, 92.0 + 420.0 * index, TOP + 20.0, scale)
        sheet.text(panel.x, TOP - 4.0, spot.words, weight="bold")
        sheet.shot(panel, things)
        sheet.levels(panel, panel.x - 8.0, step=look.fine_step, words=index == 0)
        sheet.caption(panel)
    bar = look.fine_step
    sheet.scale_bar(92.0, sheet.height - 34.0, scale, length=bar)
    worst = mesh.quality.least_scaled_jacobian
    words_below = f"{DEFORMATION}; least scaled Jacobian {worst:.2f}"
    sheet.text(
        92.0 + max(bar * scale, 60.0) + 20,
        sheet.height - 34.0,
        words_below,
        va="center",
        size=tokens.SIZE_SMALL,
    )
    sheet.says = (
        "Element edges of stem and halved bone at the mouth of the canal and at the"
        f" {'tip of the stem' if case.stem.anchor is None else 'holes of the pins'}: {words}."
        f" The least scaled Jacobian is {worst:.2f}."
    )
    return sheet
