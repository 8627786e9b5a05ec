"""The unrolled interface to be pointed at: its fields and zones on a flat grid, as text for the page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fea.post import tokens
from fea.post.flank_grid import Grid, grid_over, laid
from fea.post.micromotion import judged_states, micromotion
from fea.post.viewer.packed import as_text
from fea.post.zones import QUADRANTS, levels, zone_names
from fea.study import Study
from geometry.stem import Stem

FloatArray = NDArray[np.float64]

#: Steps between the least and the largest value; the one above says that there is none.
STEPS = 65534


def flat_map(study: Study) -> str | None:
    """Return the map of a study as JSON.

    Parameters
    ----------
    study : Study

    Returns
    -------
    str or None
        Fields with how they are shown, each over its own range in 16 bits; None where the stem has no flank
        that faces bone.
    """
    interface = study.interface
    grid = grid_over([interface])
    if grid is None:
        return None
    names, zones = zone_names(study.case.stem), _zones(grid, study.case.stem)
    return json.dumps(
        {
            "angles": len(grid.angle),
            "depths": [round(float(level), 4) for level in grid.depth],
            "radius": grid.radius,
            "zones": names,
            "zone": as_text(zones.astype("u1")),
            "fields": [
                {**shown, **_packed(laid(grid, interface, values, says))}
                for shown, values, says in _fields(study)
            ],
            "none": tokens.NO_CONTACT,
        },
        ensure_ascii=False, allow_nan=False,
    ).replace("<", "\\u003c")  # fmt: skip


def _zones(grid: Grid, stem: Stem) -> NDArray[np.int64]:
    """Return the row of `zone_names` at each place: by the level's stretch and the nearest quadrant."""
    start, end = np.array([[level.start, level.end] for level in levels(stem)]).T
    away = np.maximum(np.maximum(start - grid.depth[:, None], grid.depth[:, None] - end), 0.0)
    quadrant = np.round(grid.angle / 90.0).astype(np.int64) % len(QUADRANTS)
    return np.asarray(len(QUADRANTS) * np.argmin(away, axis=1)[:, None] + quadrant)


def _fields(study: Study) -> Iterator[tuple[dict[str, Any], FloatArray, NDArray[np.bool_] | None]]:
    interface, seated = study.interface, study.walk.press_fit
    bands: dict[str, Any] = {
        "edges": tokens.BAND_EDGES,
        "colours": tokens.BAND_COLOURS,
        "banded": True,
        "unit": "µm",
    }
    if judged_states(study.walk):
        motion = micromotion(study.walk)
        title = "Micromotion over the judged cycle"
        yield {"title": title} | bands, 1000 * motion.resulting, motion.touching
        yield {"title": "Largest opening over the judged cycle"} | bands, 1000 * motion.opening, None
    pressure = tokens.PRESSURE
    scale: dict[str, Any] = {
        "edges": (0.0, pressure.upper), "colours": (*tokens.SEQUENTIAL, tokens.ABOVE), "banded": False,
        "unit": pressure.unit,
    }  # fmt: skip
    yield {"title": f"{pressure.quantity} after the press-fit"} | scale, seated.traction[:, 0], None
    gap = 1000 * np.maximum(interface.fit + seated.jump[:, 0], 0.0)
    yield {"title": "Gap after the press-fit"} | bands, gap, None


def _packed(values: FloatArray) -> Mapping[str, Any]:
    told = np.isfinite(values)
    low, high = (float(values[told].min()), float(values[told].max())) if told.any() else (0.0, 0.0)
    steps = np.full(values.shape, STEPS + 1)
    steps[told] = np.round((values[told] - low) * (STEPS / (high - low))) if high > low else 0
    return {"low": low, "high": high, "data": as_text(steps.astype("<u2"))}
