"""The drawings of a study: probabilities, bands, indices, and every quantity against every input."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np

from fea.case.uncertainty import CHOICE, KINDS, LOG_UNIFORM, Uncertain
from fea.post import tokens
from fea.post.plots import Plot, figure, svg_of
from fea.post.report_words import number, unit, unit_of
from fea.sweep.drawing import panels
from fea.uncertain.drawing import SHAPES, beyond_words, by_verdict, grounds, scale
from fea.uncertain.indices import Index
from fea.uncertain.probability import Probability
from fea.uncertain.results import Band, Judged
from fea.uncertain.words import interval, likely, percent, shown, stated_values

_ROW = 27.0
#: Of the band over all samples.
_BAND_COLOUR = "#a4adb5"
#: Colours of first-order and total index.
FIRST, TOTAL = tokens.LINES[0], "#a9cbe6"


def verdict_plot(judged: Judged) -> Plot:
    """Draw the probability of each verdict with its interval."""
    groups = [("Primary stability", judged.stability), ("Safety of bone and implant", judged.safety)]
    if judged.lost.count:
        groups[0] = (groups[0][0], (*judged.stability, judged.lost))
    told = [(title, found) for title, found in groups if found]
    rows = sum(len(found) + 1 for _, found in told)
    with mpl.rc_context(tokens.style()):
        drawn, (axes,) = figure(_ROW * rows + 60.0)
        place = 0
        for title, found in told:
            axes.text(0.0, -place, title, size=tokens.SIZE_TEXT, weight="bold", va="center")
            for entry in found:
                place += 1
                _probability(axes, -place, entry)
            place += 1
        axes.set(xlim=(0.0, 100.0), ylim=(-rows + 0.4, 0.6), xlabel="probability, %")
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        text = svg_of(drawn)
    count = len(judged.solved)
    alt = ". ".join(f"{title}: {'; '.join(likely(entry, count) for entry in found)}" for title, found in told)
    return Plot("verdicts", "How likely is each verdict?", text, f"{alt}.")


def _probability(axes: Any, place: float, found: Probability) -> None:
    """Draw one probability as a bar with its interval, named and told at its left."""
    mark = tokens.MARKS[found.verdict]
    of_these = "of these " if found.verdict == "fixation lost" else ""
    axes.barh(place, 100 * found.share, 0.5, color=mark.colour, alpha=0.85, lw=0.0, clip_on=False)
    ends = (100 * found.low, 100 * found.high)
    axes.plot(ends, (place, place), color=tokens.INK, lw=1.6, solid_capstyle="butt", clip_on=False)
    for end in ends:
        axes.plot((end, end), (place - 0.14, place + 0.14), color=tokens.INK, lw=1.6, clip_on=False)
    beside = {"textcoords": "offset points", "va": "center", "ha": "right", "annotation_clip": False}
    words = f"{percent(found.share)}  ({interval(found)})"
    axes.annotate(words, (0.0, place), xytext=(-8, 0), size=tokens.SIZE_SMALL, **beside)
    name = f"{of_these}{mark.symbol} {mark.word}"
    axes.annotate(name, (0.0, place), xytext=(-98, 0), color=mark.colour, **beside)


def band_plots(judged: Judged) -> tuple[Plot, ...]:
    """Draw each judged quantity: every sample in a row of its model, and the band over all."""
    with mpl.rc_context(tokens.style()):
        return tuple(_band(judged, band) for band in judged.bands if band.middle is not None)


def _band(judged: Judged, band: Band) -> Plot:
    models = judged.design.options.models
    drawn, (axes,) = figure(118.0 + 6.0 * min(models, 16))
    scale(axes, band, vertical=False)
    grounds(axes, band.criterion, vertical=False)
    for verdict, found in by_verdict(judged, band):
        x = [value for _, value in found]
        y = [0.15 + 0.8 * (result.model - 0.5) / models for result, _ in found]
        colour = tokens.MARKS[verdict].colour
        axes.plot(x, y, SHAPES[verdict], color=colour, ms=4.0, mec=tokens.PAPER, mew=0.4, zorder=3)
    assert band.low is not None, "a drawn band has values"
    assert band.high is not None, "a drawn band has values"
    assert band.middle is not None, "a drawn band has values"
    axes.plot(
        (band.low, band.high), (-0.12, -0.12), color=_BAND_COLOUR, lw=7.0, solid_capstyle="butt", zorder=3
    )
    axes.plot([band.middle], [-0.12], "|", ms=13, mew=2.4, color=tokens.INK, zorder=4)
    if band.stated is not None:
        axes.plot([band.stated], [-0.12], "*", ms=11, color=tokens.INK, mec=tokens.PAPER, mew=0.9, zorder=5)
    axes.set(ylim=(-0.3, 1.0), xlabel=f"{unit(band.title)}, {unit_of(band.unit) or 'no unit'}")
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    if words := beyond_words(axes, band.criterion):
        axes.set_title(words, size=tokens.SIZE_SMALL, color=tokens.QUIET, weight="normal", loc="right")
    return Plot(band.name, _heading(band), svg_of(drawn), band_words(judged, band))


def band_words(judged: Judged, band: Band) -> str:
    """Say a band in words."""
    shown_unit = unit_of(band.unit)
    words = (
        f"From {number(band.low)} (5 %) over {number(band.middle)} (median) to {number(band.high)}"
        f" {shown_unit} (95 %)"
    )
    if band.stated is not None:
        words += f"; {number(band.stated)} {shown_unit} as stated"
    if band.missing:
        lost = f"{band.missing} of {len(judged.solved)} samples have no value, for their fixation is lost"
        words += f"; {lost}"
    told = "; ".join(likely(found, len(judged.solved)) for found in band.verdicts if found.count)
    return f"{words}. The criterion is {told}." if told else f"{words}."


def index_plots(judged: Judged) -> tuple[Plot, ...]:
    """Draw first-order and total indices of each quantity whose surrogate predicts."""
    with mpl.rc_context(tokens.style()):
        return tuple(_indices(band) for band in judged.bands if band.sensitivity.indices)


def _indices(band: Band) -> Plot:
    indices = sorted(band.sensitivity.indices, key=lambda index: index.total)
    drawn, (axes,) = figure(_ROW * len(indices) + 52.0)
    for row, index in enumerate(indices):
        _bar(axes, row + 0.17, index.total, index.total_interval, TOTAL)
        _bar(axes, row - 0.17, index.first, index.first_interval, FIRST)
    axes.set_yticks(range(len(indices)), [KINDS[index.name].title for index in indices])
    axes.tick_params(axis="y", length=0, labelsize=tokens.SIZE_TEXT, labelcolor=tokens.INK)
    most = max(index.total_interval[1] for index in indices)
    axes.set(
        xlim=(0.0, 100.0 * max(1.0, most)),
        ylim=(-0.55, len(indices) - 0.45),
        xlabel="share of the variance, %",
    )
    name, alt = f"indices_{band.name}", _index_words(indices[::-1])
    return Plot(name, _heading(band), svg_of(drawn), alt)


def _bar(axes: Any, place: float, value: float, ends: tuple[float, float], colour: str) -> None:
    axes.barh(place, 100 * value, 0.32, color=colour, lw=0.0)
    axes.plot((100 * ends[0], 100 * ends[1]), (place, place), color=tokens.INK, lw=1.0)


def _index_words(indices: Sequence[Index]) -> str:
    told = "; ".join(
        f"{KINDS[index.name].title} {percent(index.first)} by itself, {percent(min(index.total, 1.0))}"
        " with others"
        for index in indices
    )
    return f"{told[:1].upper()}{told[1:]}."


def input_plots(judged: Judged) -> tuple[Plot, ...]:
    """Draw each judged quantity against each input, all samples."""
    with mpl.rc_context(tokens.style()):
        return tuple(_against(judged, band) for band in judged.bands if band.middle is not None)


def _against(judged: Judged, band: Band) -> Plot:
    inputs = judged.design.uncertainty.inputs
    drawn, every = panels(len(inputs), min(len(inputs), 3), 205.0, share_y=True)
    stated = stated_values(judged)
    for column, (axes, item) in enumerate(zip(every, inputs, strict=True)):
        scale(axes, band, vertical=True)
        grounds(axes, band.criterion, vertical=True)
        for verdict, found in by_verdict(judged, band):
            x = [_place(item, result.values[item.name]) for result, _ in found]
            y, colour = [value for _, value in found], tokens.MARKS[verdict].colour
            axes.plot(x, y, SHAPES[verdict], color=colour, ms=3.4, mec=tokens.PAPER, mew=0.4, zorder=3)
        own = stated[item.name]
        if band.stated is not None and isinstance(own, float):
            axes.plot([own], [band.stated], "*", ms=10, color=tokens.INK, mec=tokens.PAPER, mew=0.8, zorder=5)
        _label(axes, item)
        if column % 3 == 0:
            axes.set_ylabel(unit_of(band.unit) or "no unit")
    name, alt = (
        f"inputs_{band.name}",
        f"{_heading(band)} against {', '.join(item.kind.title for item in inputs)}.",
    )
    return Plot(name, _heading(band), svg_of(drawn), alt)


def _place(item: Uncertain, value: float | str) -> float:
    return float(item.choices.index(value)) if isinstance(value, str) else value


def _label(axes: Any, item: Uncertain) -> None:
    """Name an input below its panel."""
    printed = unit_of(item.kind.unit)
    axes.set_xlabel(f"{item.kind.title}{f', {printed}' if printed else ''}", size=tokens.SIZE_SMALL)
    if item.distribution == CHOICE:
        names = [shown(item.kind, choice).replace(" ", "\n") for choice in item.choices]
        axes.set_xticks(range(len(names)), names)
        axes.set_xlim(-0.5, len(names) - 0.5)
    elif item.distribution == LOG_UNIFORM and item.most > 4.0 * item.least:
        axes.set_xscale("log")
        axes.minorticks_off()
        ticks = [item.least, float(np.sqrt(item.least * item.most)), item.most]
        axes.set_xticks(ticks, [f"{tick:.2g}" for tick in ticks])


def _heading(band: Band) -> str:
    title = unit(band.title)
    return f"{title[:1].upper()}{title[1:]}"
