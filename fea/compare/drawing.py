"""The unrolled interfaces side by side on one scale, and what the second has more than the first."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import BoundaryNorm, LinearSegmentedColormap, ListedColormap, Normalize
from matplotlib.figure import Figure
from numpy.typing import NDArray

from fea.compare.maps import Maps
from fea.post import tokens
from fea.post.flank_grid import Grid

FloatArray = NDArray[np.float64]

#: Inches of a panel at its widest, and of the text above and beside it.
PANEL, TEXT = 1.75, 0.75
#: Steps to which the limits of a difference are rounded up.
_STEPS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0)


def micromotion_picture(maps: Maps, names: Sequence[str]) -> bytes:
    """Draw micromotion of all, and of each but the first what it has more than the first; a PNG."""
    return _picture(maps, maps.micromotion, names, "Micromotion", "µm", bands=True)


def pressure_picture(maps: Maps, names: Sequence[str]) -> bytes:
    """Draw the pressure after press-fit in the same way; a PNG."""
    return _picture(maps, maps.pressure, names, "Pressure after press-fit", "MPa", bands=False)


def difference_limit(differences: Sequence[FloatArray]) -> float:
    """Return the limit of a symmetric scale: a round number above 98 % of all changes."""
    sizes = np.abs(np.concatenate([field[np.isfinite(field)] for field in differences]))
    wanted = float(np.percentile(sizes, 98)) if len(sizes) else 0.0
    return next((step for step in _STEPS if step >= wanted), _STEPS[-1])


def _picture(
    maps: Maps, fields: Sequence[FloatArray], names: Sequence[str], what: str, unit: str, *, bands: bool
) -> bytes:
    grid = maps.grid
    differences = [field - fields[0] for field in fields[1:]]
    limit = difference_limit(differences)
    panels = len(fields) + len(differences)
    width, height = 2 * np.pi * grid.radius, float(np.ptp(grid.depth))
    inches = PANEL * height / width
    with mpl.rc_context(tokens.style()):
        figure = Figure(
            figsize=(panels * (PANEL + TEXT) + 1.6, min(max(inches, 2.6), 6.5) + 1.3), layout="constrained"
        )
        FigureCanvasAgg(figure)
        axes = list(figure.subplots(1, panels, sharey=True, squeeze=False)[0])
        for panel, field, name in zip(axes, fields, names, strict=False):
            own = _map(panel, grid, field, name, *_scale(bands=bands))
        for panel, field, name in zip(axes[len(fields) :], differences, names[1:], strict=True):
            scale = _diverging(), Normalize(-limit, limit)
            change = _map(panel, grid, field, f"{name}\nminus {names[0]}", *scale)
        axes[0].set_ylabel("depth from the cut, mm")
        bar = figure.colorbar(own, ax=axes[: len(fields)], shrink=0.8, extend="max", label=f"{what}, {unit}")
        if bands:
            bar.set_ticks(list(tokens.BAND_EDGES))
        figure.colorbar(change, ax=axes[len(fields) :], shrink=0.8, extend="both", label=f"change, {unit}")
        stream = io.BytesIO()
        figure.savefig(
            stream, format="png", dpi=tokens.CSS_DPI * tokens.PIXEL_RATIO, metadata={"Software": None}
        )
    return stream.getvalue()


def _map(axes: Any, grid: Grid, field: FloatArray, title: str, colours: Any, norm: Any) -> Any:
    axes.set_facecolor(tokens.NO_CONTACT)
    axes.patch.set(hatch="////", edgecolor=tokens.HATCH)
    drawn = axes.pcolormesh(
        grid.angle, grid.depth, field, cmap=colours, norm=norm, shading="nearest", rasterized=True
    )
    # Seen from outside with the cut at the top, so that the patient's left is to the left of anterior.
    axes.set_xlim(180.0, -180.0)
    axes.set_ylim(grid.depth[-1], grid.depth[0])
    # Lengths are true: a degree is as wide as it is on the stem.
    axes.set_aspect(1.0 / (np.radians(1.0) * grid.radius))
    axes.set_xticks([180, 90, 0, -90, -180], ["post.", "left", "ant.", "right", "post."])
    axes.set_title(title, fontsize=tokens.SIZE_TEXT)
    return drawn


def _scale(*, bands: bool) -> tuple[Any, Any]:
    if bands:
        colours = ListedColormap(tokens.BAND_COLOURS[:-1]).with_extremes(over=tokens.BAND_COLOURS[-1])
        return colours, BoundaryNorm(tokens.BAND_EDGES, len(tokens.BAND_EDGES) - 1)
    map_ = LinearSegmentedColormap.from_list("magnitude", tokens.SEQUENTIAL).with_extremes(over=tokens.ABOVE)
    return map_, Normalize(0.0, tokens.PRESSURE.upper)


def _diverging() -> Any:
    return mpl.colormaps[tokens.DIVERGING]
