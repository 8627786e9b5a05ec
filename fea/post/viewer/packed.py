"""The view's data as text for a page: arrays as base64, values in 16 bits over their own range."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fea.post import tokens
from fea.post.viewer.scene import CUTS, Patch, Scene

FloatArray = NDArray[np.float64]

#: Steps between the least and the largest value.
STEPS = 65535


def packed(scene: Scene) -> str:
    """Return the view as JSON.

    Parameters
    ----------
    scene : Scene

    Returns
    -------
    str
        Coordinates in mm as little-endian 32-bit floats, normals as 8-bit integers over 127, corners as
        32-bit integers, values as 16-bit integers over the range that stands beside them.
    """
    return json.dumps(
        {
            "patches": [_patch(patch) for patch in scene.patches],
            "shades": [
                {
                    "key": shade.key, "title": shade.title, "unit": shade.unit, "edges": shade.edges,
                    "colours": shade.colours, "banded": shade.banded, "moving": shade.moving,
                }
                for shade in scene.shades
            ],
            "cuts": [{"name": name, "title": title, "away": away} for name, title, away in CUTS],
            "instants": scene.instants,
            "start": scene.start,
            "load": np.round(scene.load, 3).tolist(),
            "actsAt": scene.acts_at.tolist(),
            "axes": [
                {"name": name, "colour": colour}
                for name, colour in (
                    ("anterior", tokens.ANTERIOR), ("left", tokens.LEFT), ("proximal", tokens.PROXIMAL)
                )
            ],
            "loadColour": tokens.LOAD,
        },
        ensure_ascii=False,
        allow_nan=False,
    ).replace("<", "\\u003c")  # fmt: skip


def _patch(patch: Patch) -> Mapping[str, Any]:
    return {
        "part": patch.part,
        "name": patch.name,
        "colour": patch.colour,
        "cut": patch.cut,
        "instead": patch.instead,
        "points": as_text(patch.points.astype("<f4")),
        "normals": as_text(np.round(127 * patch.normals).astype("i1")),
        "triangles": as_text(patch.triangles.astype("<u4")),
        "fields": {key: _values(rows) for key, rows in patch.fields.items()},
    }


def _values(rows: FloatArray) -> Mapping[str, Any]:
    low, high = float(rows.min()), float(rows.max())
    scaled = np.round((rows - low) * (STEPS / (high - low))) if high > low else np.zeros_like(rows)
    return {"low": low, "high": high, "rows": len(rows), "data": as_text(scaled.astype("<u2"))}


def as_text(array: NDArray[Any]) -> str:
    """Return an array's bytes as base64."""
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")
