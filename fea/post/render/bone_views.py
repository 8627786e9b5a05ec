"""Pictures of the bone, cut open and from outside: hoop stress and largest principal strain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from fea.mesh.parts import Part
from fea.post import tokens
from fea.post.render import legend
from fea.post.render.bodies import facets_of, half
from fea.post.render.extremes import Words, extremes, rows, sentence
from fea.post.render.layout import LEGEND, TOP, Heading, Stand, board
from fea.post.render.paint import magnitude
from fea.post.render.sheet import Sheet
from fea.post.render.shot import ANTERIOR, LEFT, POSTERIOR, RIGHT
from geometry.axis import STRAIGHT, Axis

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class BoneField:
    """A scalar field of the bone at one instant.

    Attributes
    ----------
    values, weight : ndarray, shape (n,)
        At the nodes, in the unit of the scale; the volume that belongs to each.
    rim : ndarray of bool, shape (n,)
        True near a singular rim.
    scale : Scale
    heading : Heading
    form : str
        Format of the numbers.
    axis : Axis
        The implant's.
    """

    values: FloatArray
    weight: FloatArray
    rim: BoolArray
    scale: tokens.Scale
    heading: Heading
    form: str = ".1f"
    axis: Axis = STRAIGHT


def bone_picture(bone: Part, field: BoneField) -> Sheet:
    """Draw a field on both halves of the bone, and on its outside.

    Parameters
    ----------
    bone : Part
    field : BoneField

    Returns
    -------
    Sheet
    """
    paint = magnitude(field.scale)
    right = half(bone, -1.0, paint, field.values)
    left = half(bone, 1.0, paint, field.values)
    whole = [right[0], left[0]]
    stands = [
        Stand(LEFT, "right half, inside", right),
        Stand(RIGHT, "left half, inside", left),
        Stand(ANTERIOR, "whole, outside", whole),
        Stand(POSTERIOR, "whole, outside", whole),
    ]
    seen = bone.points[np.unique(facets_of(bone))]
    drawn = board(field.heading, seen, stands)
    words = Words(field.scale.unit, form=field.form, axis=field.axis)
    found = extremes(field.values, bone.points, field.weight, ~field.rim)
    drawn.mark(found, _facing(bone), words.form)
    drawn.rims(bone.points, field.rim)
    y = legend.colour_bar(drawn.sheet, LEGEND, TOP, field.scale)
    y = legend.rim(drawn.sheet, LEGEND, y)
    legend.notes(drawn.sheet, LEGEND, y + 8.0, rows(found, words))
    drawn.sheet.says = (
        f"Both halves of the bone cut open, and its outside from anterior and posterior, coloured by"
        f" {field.scale.quantity.lower()}. {sentence(found, words)}"
    )
    return drawn.sheet


def _facing(bone: Part) -> Callable[[FloatArray], int]:
    """Return the rule which of the four views shows a place: outside ones only for the outer surface."""
    outer = cKDTree(bone.points[np.unique(bone.facets["outer"])])
    canal = cKDTree(bone.points[np.unique(bone.facets["canal"])])

    def facing(point: FloatArray) -> int:
        if canal.query(point)[0] <= outer.query(point)[0]:
            return 0 if point[1] <= 0.0 else 1
        return 2 if point[0] >= 0.0 else 3

    return facing
