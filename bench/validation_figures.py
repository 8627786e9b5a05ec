"""The validation's figures: measured and computed on one axis, both with their uncertainty."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from validation_axial import LENGTHS
from validation_inputs import ADMISSIBLE, BONES, PULL_OUT, Bone
from validation_numbers import Numbers, effective_interference, measured_interval

from fea.post.tokens import INK, QUIET, SIZE_SMALL, style

#: Measured, computed, closed form: Okabe and Ito's colours, told apart by marks and words too.
MEASURED, MODEL, FORMULA = "#d55e00", "#0072b2", "#4d4d4d"
#: Rows of the bending figure: words, name in `Rigidity`, colour.
ROWS = (
    ("computed, moment through the stem", "through_stem", MODEL),
    ("computed, moment through the bone", "through_bone", MODEL),
    ("closed form: composite beam", "composite", FORMULA),
    ("closed form: reamed bone alone", "bone_alone", FORMULA),
)


def _draw(path: Path, size: tuple[float, float], paint: Callable[[Figure], None]) -> None:
    """Paint a figure in the product's style; the file is the same for the same numbers."""
    with rc_context(style()):
        figure = Figure(figsize=size, layout="constrained")
        paint(figure)
        FigureCanvasSVG(figure).print_svg(str(path), metadata={"Date": None})


def draw_bending(numbers: Numbers, path: Path) -> None:
    """Flexural rigidity: samples, their median and range, and the measured mean with its deviation."""

    def paint(figure: Figure) -> None:
        for axes, bone in zip(figure.subplots(len(BONES), 1, sharex=True), BONES, strict=True):
            _rows(axes, numbers, bone)
        axes.set_xlabel("flexural rigidity over the span, N m²")
        axes.set_xlim(0.0)

    _draw(path, (7.5, 5.2), paint)


def _rows(axes: Axes, numbers: Numbers, bone: Bone) -> None:
    mean, deviation = bone.measured.mean, bone.measured.deviation
    axes.axvspan(mean - deviation, mean + deviation, color=MEASURED, alpha=0.18, linewidth=0)
    axes.errorbar(
        mean, len(ROWS), xerr=deviation, fmt="D", color=MEASURED, markersize=6, capsize=4, elinewidth=1.6
    )
    axes.annotate(
        f"{mean:g} ± {deviation:g}", (mean + deviation, len(ROWS)), xytext=(8, 0),
        textcoords="offset points", va="center", color=MEASURED,
    )  # fmt: skip
    labels = [f"measured, mean ± SD, n = {bone.measured.count}"]
    for height, (words, name, colour) in zip(range(len(ROWS) - 1, -1, -1), ROWS, strict=True):
        low, median, high = numbers.band(bone, name)
        axes.plot([low, high], [height, height], color=colour, linewidth=7, alpha=0.22, solid_capstyle="butt")
        found = numbers.rigidity[bone.words][name]
        axes.plot(found, np.full(len(found), height), "o", color=colour, markersize=3, alpha=0.8)
        axes.plot(median, height, "|", color=colour, markersize=15, markeredgewidth=2)
        axes.annotate(
            f"{low:.0f} to {high:.0f}, median {median:.0f}", (high, height), xytext=(8, 0),
            textcoords="offset points", va="center", color=colour, fontsize=SIZE_SMALL,
        )  # fmt: skip
        labels.append(words)
    axes.set_yticks(range(len(ROWS), -1, -1), labels)
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    axes.set_ylim(-0.6, len(ROWS) + 0.6)
    axes.set_title(f"Bending of implanted {bone.words}")


def draw_pull_out(numbers: Numbers, path: Path) -> None:
    """Force at loss against effective interference, the measured force as a band across."""

    def paint(figure: Figure) -> None:
        axes = figure.subplots()
        (weak, strong), (low, high) = numbers.corners, numbers.middles
        um = np.geomspace(0.5, 50.0, 50)
        for pair, alpha, words in (
            ((weak, strong), 0.16, "all unknown inputs"),
            ((low, high), 0.38, "friction alone, 0.3 to 0.6"),
        ):
            axes.fill_between(
                um, pair[0].slope * um, pair[1].slope * um, color=MODEL, alpha=alpha, linewidth=0
            )
            axes.annotate(
                words, (50.0, 50.0 * pair[1].slope), xytext=(5, 0), textcoords="offset points",
                va="center", color=MODEL,
            )  # fmt: skip
        marks = {"weakest corner": "v", "middle": "o", "strongest corner": "^"}
        for one in numbers.pull_out:
            axes.plot(um, one.slope * um, color=FORMULA, linewidth=0.7, linestyle=(0, (4, 2)))
            solved = [found.interference_um for found in one.climbs]
            forces = [found.at_loss(found.interference_um) for found in one.climbs]
            axes.plot(solved, forces, marks[one.words], color=MODEL, markersize=5.5, zorder=3, clip_on=False)
        axes.annotate(
            "marks under their line:\nslid 0.5 mm", (50.0, 5.5e4), xytext=(5, 0), textcoords="offset points",
            va="center", color=MODEL, fontsize=SIZE_SMALL,
        )  # fmt: skip
        least, largest = measured_interval()
        axes.axhspan(least, largest, color=MEASURED, alpha=0.25, linewidth=0)
        axes.axhline(PULL_OUT.mean, color=MEASURED, linewidth=1.4)
        axes.annotate(
            f"measured {PULL_OUT.mean:.0f}\n± {PULL_OUT.deviation:.0f} N, n = {PULL_OUT.count}",
            (50.0, PULL_OUT.mean), xytext=(5, 0), textcoords="offset points", va="center", color=MEASURED,
        )  # fmt: skip
        _interval(axes, effective_interference(weak, strong, (least, largest)), 4.5e1, "with all inputs")
        _interval(axes, effective_interference(low, high, (least, largest)), 7.5e1, "with friction alone")
        axes.set(xscale="log", yscale="log", xlim=(0.5, 50.0), ylim=(3e1, 3e5))
        axes.set_xticks([0.5, 1, 2, 5, 10, 20, 50], ["0.5", "1", "2", "5", "10", "20", "50"])
        axes.minorticks_off()
        axes.set_xlabel("effective diametral interference, µm")
        axes.set_ylabel("pull-out force, N")
        axes.set_title("Pull-out: marks solved, dashed lines closed form")

    _draw(path, (7.5, 4.6), paint)


def _interval(axes: Axes, interval: tuple[float, float], height: float, words: str) -> None:
    """Mark the interference that would reproduce the measured force."""
    axes.plot([*interval], [height, height], color=MEASURED, linewidth=3, solid_capstyle="butt")
    axes.annotate(
        f"reproduced by {interval[0]:.1f} to {interval[1]:.1f} µm {words}", (interval[1], height),
        xytext=(6, 0), textcoords="offset points", va="center", color=MEASURED, fontsize=SIZE_SMALL,
    )  # fmt: skip


def draw_length(numbers: Numbers, path: Path) -> None:
    """Left: force over that at 75 mm. Right: the forces themselves."""

    def paint(figure: Figure) -> None:
        left, right = figure.subplots(1, 2)
        lengths, paper = np.array(LENGTHS), np.array(ADMISSIBLE)
        _relative(left, numbers, lengths, paper)
        _absolute(right, numbers, lengths, paper)
        for axes in (left, right):
            axes.set_xticks(LENGTHS)
            axes.set_xlabel("length of the stem in the bone, mm")

    _draw(path, (8.4, 4.2), paint)


def _relative(axes: Axes, numbers: Numbers, lengths: np.ndarray, paper: np.ndarray) -> None:
    shares = [row.forces(10.0) / row.forces(10.0)[0] for row in numbers.length]
    axes.fill_between(lengths, *shares, color=MODEL, alpha=0.3, linewidth=0)
    for row, share, place in zip(numbers.length, shares, (4, -4), strict=True):
        axes.plot(lengths, share, "o-", color=MODEL, markersize=4.5)
        axes.annotate(
            f"computed, friction {row.friction:g}", (lengths[-1], share[-1]), xytext=(6, place),
            textcoords="offset points", va="center", color=MODEL, fontsize=SIZE_SMALL,
        )  # fmt: skip
    axes.plot(lengths, lengths / lengths[0], color=FORMULA, linewidth=0.9, linestyle=(0, (4, 2)))
    axes.annotate(
        "as the length", (lengths[-1], lengths[-1] / lengths[0]), xytext=(6, 6),
        textcoords="offset points", va="center", color=FORMULA, fontsize=SIZE_SMALL,
    )  # fmt: skip
    axes.plot(paper[:, 0], paper[:, 1] / paper[0, 1], "D:", color=MEASURED, markersize=6, linewidth=1.0)
    axes.annotate(
        "Prochor & Sajewicz,\ncomputed too", paper[1] / [1.0, paper[0, 1]], xytext=(6, 0),
        textcoords="offset points", va="center", color=MEASURED, fontsize=SIZE_SMALL,
    )  # fmt: skip
    axes.set(xlim=(70.0, 172.0), ylim=(0.0, 4.5), ylabel="force over that at 75 mm")
    axes.set_title("Growth with length")


def _absolute(axes: Axes, numbers: Numbers, lengths: np.ndarray, paper: np.ndarray) -> None:
    interval = effective_interference(*numbers.corners, measured_interval())
    ends = [row.forces(um, 40.0) for row in numbers.length for um in interval]
    least, largest = np.min(ends, axis=0), np.max(ends, axis=0)
    axes.fill_between(lengths, least, largest, color=MODEL, alpha=0.3, linewidth=0)
    axes.annotate(
        f"computed,\n{interval[0]:.1f} to {interval[1]:.1f} µm",
        (lengths[-1], np.sqrt(least[-1] * largest[-1])), xytext=(6, 0), textcoords="offset points",
        va="center", color=MODEL, fontsize=SIZE_SMALL,
    )  # fmt: skip
    axes.plot(paper[:, 0], paper[:, 1], "D:", color=MEASURED, markersize=6, linewidth=1.0)
    for (length, force), offset in zip(paper, ((8, -6), (7, 0)), strict=True):
        axes.annotate(
            f"{force:.0f} N", (length, force), xytext=offset, textcoords="offset points",
            va="center", color=MEASURED, fontsize=SIZE_SMALL,
        )  # fmt: skip
    axes.set(yscale="log", xlim=(70.0, 165.0), ylim=(5e1, 2e4), ylabel="admissible axial force, N")
    axes.set_title("Admissible force")
    axes.tick_params(which="minor", length=0, color=QUIET)
