"""Plots over the cycle, as SVG text: one message each, labelled where the eye is."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from numpy.typing import NDArray

from fea.post import tokens
from fea.post.series import Series

FloatArray = NDArray[np.float64]

#: Shares of the area in the order of stacking: key, words, colour.
_BANDS = (
    ("below_40um", "below 40 µm", tokens.BAND_COLOURS[1]),
    ("40_to_50um", "40 to 50 µm", tokens.BAND_COLOURS[3]),
    ("50_to_150um", "50 to 150 µm", tokens.BAND_COLOURS[5]),
    ("above_150um", "above 150 µm", tokens.BAND_COLOURS[6]),
    ("no_contact", "no contact", tokens.NO_CONTACT),
)
_COMPONENTS = ("anterior", "left", "proximal")
_COMPONENT_COLOURS = (tokens.ANTERIOR, tokens.LEFT, tokens.PROXIMAL)


@dataclass(frozen=True)
class Plot:
    """A plot.

    Attributes
    ----------
    name
    title
        Its message's question.
    svg
        The drawing.
    alt
        What it shows, in a sentence.
    """

    name: str
    title: str
    svg: str
    alt: str


def cycle_plots(series: Series, activity: str) -> tuple[Plot, ...]:
    """Draw the course of the activity.

    Parameters
    ----------
    series : Series
    activity : str
        Its name; a synthetic load is named so.

    Returns
    -------
    tuple of Plot
        Empty where there is no instant to show.
    """
    if len(series.percent) < 2:
        return ()
    with mpl.rc_context(tokens.style()):
        plots = [*_micromotion(series, activity), _contact(series, activity)]
        plots += [_load(series, activity), _at_cut(series, activity)]
        plots += _collar(series, activity)
    return tuple(plots)


def figure(height: float, panels: int = 1) -> tuple[Figure, list[Any]]:
    """Return an empty plot of the page's width.

    Parameters
    ----------
    height : float, CSS px
    panels : int
        Side by side.

    Returns
    -------
    figure : Figure
    axes : list of Axes
    """
    drawn = Figure(
        figsize=(tokens.PLOT_WIDTH / tokens.CSS_DPI, height / tokens.CSS_DPI), layout="constrained"
    )
    FigureCanvasSVG(drawn)
    axes = drawn.subplots(1, panels, squeeze=False)
    return drawn, list(axes[0])


def svg_of(drawn: Figure) -> str:
    """Return a figure as SVG text without a date, from its ``<svg`` tag on.

    Parameters
    ----------
    drawn : Figure

    Returns
    -------
    str
    """
    stream = io.StringIO()
    drawn.savefig(stream, format="svg", metadata={"Date": None})
    text = stream.getvalue()
    return text[text.index("<svg") :]


def _micromotion(series: Series, activity: str) -> Iterator[Plot]:
    """Yield the stacked shares of micromotion, where a cycle is judged."""
    shares = series.micromotion_area_percent
    if not shares:
        return
    drawn, (axes,) = figure(300.0)
    base = np.zeros(len(series.percent))
    labels = []
    for key, words, colour in _BANDS:
        hatch = "////" if key == "no_contact" else None
        axes.fill_between(series.percent, base, base + shares[key], fc=colour, hatch=hatch, lw=0.0)
        if shares[key].max() > 0.05:
            labels.append((base[-1] + shares[key][-1] / 2, f"■ {words}", colour))
        base = base + shares[key]
    axes.set(xlabel=f"{activity}, % of the cycle", ylabel="share of the judged area, %", ylim=(0.0, 100.0))
    _cycle_axis(axes, series)
    _label_ends(axes, labels)
    title = "How much of the interface moves, and how far from the cycle's first instant?"
    least = float(shares["below_40um"].min())
    yield Plot(
        "micromotion_shares", title, svg_of(drawn),
        f"Shares of the judged area by distance from the cycle's first instant: at least {least:.0f} % stays"
        f" below 40 µm at every instant, at most {float(shares['above_150um'].max()):.0f} % exceeds 150 µm.",
    )  # fmt: skip


def _contact(series: Series, activity: str) -> Plot:
    drawn, (axes,) = figure(260.0)
    curves = (
        ("in contact", series.contact_area_percent, tokens.LINES[0]),
        ("slipping", series.slip_area_percent, tokens.STATUS_COLOURS[2]),
    )
    _curves(axes, series, curves, 102.0)
    axes.set(xlabel=f"{activity}, % of the cycle", ylabel="share of the judged area, %")
    least, most = series.contact_area_percent.min(), series.slip_area_percent.max()
    alt = f"Contact over the cycle: at least {least:.0f} % touches; at most {most:.0f} % slips at once."
    return Plot("contact_area", "Does the stem stay in contact?", svg_of(drawn), alt)


def _load(series: Series, activity: str) -> Plot:
    drawn, (left, right) = figure(280.0, panels=2)
    for axes, values, unit, what in (
        (left, series.wrench[:, :3], "N", "force on the implant"),
        (right, series.wrench[:, 3:] / 1000.0, "N m", "moment at the reference point"),
    ):
        curves = list(zip(_COMPONENTS, values.T, _COMPONENT_COLOURS, strict=True))
        _curves(axes, series, curves)
        axes.axhline(0.0, color=tokens.QUIET, lw=tokens.HAIR)
        axes.set(xlabel="% of the cycle", ylabel=f"{what}, {unit}")
    force = float(np.linalg.norm(series.wrench[:, :3], axis=1).max())
    bending = float(np.linalg.norm(series.moment_at_cut[:, :2], axis=1).max()) / 1000.0
    alt = (
        f"Force and moment on the implant over the cycle of {activity}: the greatest force is {force:.0f} N,"
        f" the greatest bending moment at the cut {bending:.1f} N m. The support's reactions are equal and"
        " opposite."
    )
    return Plot("load", f"What load acts? {activity}", svg_of(drawn), alt)


def _at_cut(series: Series, activity: str) -> Plot:
    """Draw resultant bending and torque at the cut, which the bone must carry."""
    drawn, (axes,) = figure(260.0)
    bending = np.linalg.norm(series.moment_at_cut[:, :2], axis=1) / 1000.0
    torque = series.moment_at_cut[:, 2] / 1000.0
    _curves(axes, series, (("bending", bending, tokens.LINES[0]), ("torque", torque, tokens.LINES[1])))
    axes.axhline(0.0, color=tokens.QUIET, lw=tokens.HAIR)
    axes.set(xlabel=f"{activity}, % of the cycle", ylabel="moment at the cut, N m")
    strongest, twisted = int(bending.argmax()), int(np.abs(torque).argmax())
    alt = (
        f"Resultant bending and torque at the bone's cut: bending reaches {bending[strongest]:.1f} N m at"
        f" {series.percent[strongest]:.3g} %, torque {abs(torque[twisted]):.1f} N m at"
        f" {series.percent[twisted]:.3g} % of the cycle."
    )
    return Plot("moment_at_cut", "What must the bone carry at the cut?", svg_of(drawn), alt)


def _collar(series: Series, activity: str) -> Iterator[Plot]:
    """Yield the collar's force beside the whole axial load, where the collar ever bears."""
    if not np.any(series.collar_force_N):
        return
    drawn, (axes,) = figure(260.0)
    curves = (
        ("whole axial load", series.wrench[:, 2], tokens.QUIET),
        ("through the collar", series.collar_force_N, tokens.LOAD),
    )
    _curves(axes, series, curves)
    axes.axhline(0.0, color=tokens.QUIET, lw=tokens.HAIR)
    axes.set(xlabel=f"{activity}, % of the cycle", ylabel="axial force, N")
    share = series.collar_share_percent[np.isfinite(series.collar_share_percent)]
    told = f"at most {share.max():.0f} % passes through it" if len(share) else (
        f"{series.collar_force_N.min():.0f} to {series.collar_force_N.max():.0f} N"
    )  # fmt: skip
    alt = f"Axial force through the collar beside the whole load: {told}."
    yield Plot("collar", "How much does the collar carry?", svg_of(drawn), alt)


def _curves(
    axes: Any, series: Series, curves: Sequence[tuple[str, FloatArray, str]], top: float | None = None
) -> None:
    """Draw lines, each named at its right end; `top` is the upper limit of shares."""
    for _, values, colour in curves:
        axes.plot(series.percent, values, color=colour)
    _cycle_axis(axes, series)
    if top is not None:
        axes.set_ylim(0.0, top)
    _label_ends(axes, [(float(values[-1]), name, colour) for name, values, colour in curves])


def _cycle_axis(axes: Any, series: Series) -> None:
    """Let the axis run over the instants, or over the whole cycle with the mark where fixation was lost."""
    last = float(series.percent[-1])
    axes.set_xlim(0.0, last if series.judged else 100.0)
    if series.judged:
        return
    axes.axvspan(last, 100.0, color=tokens.NO_CONTACT, lw=0.0, zorder=0)
    axes.axvline(last, color=tokens.NOT_MET.colour)
    axes.text(last, 0.98, " fixation lost", transform=axes.get_xaxis_transform(), va="top",
              color=tokens.NOT_MET.colour, size=tokens.SIZE_SMALL)  # fmt: skip


def _label_ends(axes: Any, labels: Sequence[tuple[float, str, str]]) -> None:
    """Write names beside the right edge, moved apart so that none covers another.

    A name that begins with a square has only the square in its colour.
    """
    bottom, top = axes.get_ylim()
    span = top - bottom
    least = 0.075 * span
    ordered = sorted(labels, key=lambda label: label[0])
    heights: list[float] = []
    for height, _, _ in ordered:
        heights.append(height if not heights else max(height, heights[-1] + least))
    over = max(heights[-1] - ordered[-1][0], 0.0) if heights else 0.0
    low = bottom + 0.03 * span
    shift = min(over / 2, max(heights[0] - low, 0.0)) if heights else 0.0
    for (_, name, colour), height in zip(ordered, heights, strict=True):
        spot = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "center",
                "annotation_clip": False, "size": tokens.SIZE_SMALL}  # fmt: skip
        place = (1.0, height - shift)
        if name.startswith("■"):
            axes.annotate("■", place, xytext=(6, 0), color=colour, **spot)
            axes.annotate(name[2:], place, xytext=(16, 0), color=tokens.INK, **spot)
        else:
            axes.annotate(name, place, xytext=(6, 0), color=colour, **spot)
