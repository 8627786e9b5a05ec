"""The page of the validation: what was held against what, what was assumed, what it can and cannot show."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from run import _table
from validation_axial import LENGTHS, INTERFERENCES_um, length_estimate
from validation_bending import N_M2, correlations, effects
from validation_closed_forms import composite_rigidity
from validation_inputs import (
    ADMISSIBLE,
    BENDING,
    BONES,
    FRICTION,
    HUMAN,
    LENGTH_BONE,
    LENGTH_STEM,
    PULL_OUT,
    SLIDING,
    SYNTHETIC,
    Bone,
)
from validation_numbers import Numbers, effective_interference, measured_interval

_TEMPLATE = Path(__file__).with_name("validation_template.md")


def page(numbers: Numbers) -> str:
    """Fill the template, in Markdown."""
    words = {**_bending_words(numbers), **_pull_out_words(numbers), **_length_words(numbers)}
    text = _TEMPLATE.read_text(encoding="utf-8").format(**words, summary=_summary(numbers))
    return "\n\n".join(map(_wrapped, text.split("\n\n")))


def _wrapped(block: str) -> str:
    """Wrap a paragraph; tables, headings and figures stay."""
    if block.startswith(("|", "#", "!")):
        return block
    end = "\n" if block.endswith("\n") else ""
    return textwrap.fill(block, 116, break_long_words=False, break_on_hyphens=False) + end


def _table_of_inputs() -> str:
    rows = [
        (r.words, f"{r.low:g} to {r.high:g} {r.unit if r.unit != '1' else ''}".strip(), r.grade, r.source)
        for r in (*BENDING, SYNTHETIC.modulus, HUMAN.modulus)
    ]
    return _table(("input that could not be read", "range", "grade", "source of the range"), rows)


def _summary(numbers: Numbers) -> str:
    rows = []
    for bone in BONES:
        low, high = _overall(numbers, bone)
        rows.append(
            (
                f"{bone.measured.what}, N m²",
                f"{bone.measured.mean:g} ± {bone.measured.deviation:g}",
                f"{low:.0f} to {high:.0f}",
                _meeting(numbers, bone),
            )
        )
    all_interval = effective_interference(*numbers.corners, measured_interval())
    rows.append(
        (
            "pull-out force, N",
            f"{PULL_OUT.mean:.0f} ± {PULL_OUT.deviation:.0f}",
            f"{numbers.corners[0].slope:.0f} to {numbers.corners[1].slope:.0f} for each µm",
            f"calibrates: {_um(all_interval)} effective",
        )
    )
    ratios = _ratios(numbers)
    rows.append(
        (
            "force at 130 mm over that at 75 mm",
            f"{_paper_ratio():.1f} (computed by others)",
            f"{min(ratios):.2f} to {max(ratios):.2f}",
            "same sense, **does not meet**" if max(ratios) < _paper_ratio() else "within",
        )
    )
    return _table(("quantity", "published", "model's band", "outcome"), rows)


def _overall(numbers: Numbers, bone: Bone) -> tuple[float, float]:
    bands = [numbers.band(bone, name) for name in ("through_stem", "through_bone")]
    return min(band[0] for band in bands), max(band[2] for band in bands)


def _meeting(numbers: Numbers, bone: Bone) -> str:
    """Whether band and measurement overlap, and how far they are apart."""
    low, high = _overall(numbers, bone)
    mean, deviation = bone.measured.mean, bone.measured.deviation
    if low > mean + deviation:
        return f"**does not meet**: {low / mean:.1f} to {high / mean:.1f} times the mean"
    if high < mean - deviation:
        return f"**does not meet**: {high / mean:.2f} times the mean at most"
    return "overlaps"


def _bending_words(numbers: Numbers) -> dict[str, object]:
    count = len(next(iter(numbers.inputs.values())))
    medians = {bone.words: numbers.band(bone, "through_bone")[1] for bone in BONES}
    shares = [bone.measured.mean / medians[bone.words] for bone in BONES]
    above = [1 - share for share in shares]
    slimmer = [100 * (1 - share**0.25) for share in shares]
    factors = [numbers.rigidity[bone.words] for bone in BONES]
    fall = max(
        float(np.nanmax(1 - one[f"through_{way}"] / one[f"first_{way}"]))
        for one in factors for way in ("stem", "bone")
    )  # fmt: skip
    weights, unexplained = _correlation_table(numbers)
    finer = [100 * change for change in numbers.finer_change.values()]
    return {
        "count": count,
        "moments": " and ".join(f"{1e-3 * bone.moment:.0f} N m for {bone.words}" for bone in BONES),
        "unknowns": f"{numbers.unknowns[0]:,} to {numbers.unknowns[1]:,}",
        "finer_unknowns": f"{numbers.finer_unknowns:,}",
        "finer": " and ".join(f"{change:+.2f} %" for change in finer),
        "inputs": _table_of_inputs(),
        "bending": _table(
            (
                "N m²",
                "measured",
                "through the stem",
                "through the bone",
                "composite beam",
                "reamed bone alone",
            ),
            list(_bending_rows(numbers)),
        ),
        "bounds": _bounds(numbers),
        "falls": f"{100 * fall:.0f} %",
        "chance": 1.96 / np.sqrt(count - 1),
        "correlations": weights,
        "unexplained": unexplained,
        "bending_shows": _bending_shows(numbers),
        "outside": " and ".join(
            f"{100 * one:.0f} % ({bone.words})" for one, bone in zip(above, BONES, strict=True)
        ),
        "slimmer": f"{slimmer[0]:.0f} and {slimmer[1]:.0f} % less in every diameter would do.",
        "softer": _softer(numbers),
        "human_ratio": f"{HUMAN.measured.mean / SYNTHETIC.measured.mean:.2f} times",
        "model_ratio": f"{medians[HUMAN.words] / medians[SYNTHETIC.words]:.2f}",
    }


def _bending_rows(numbers: Numbers) -> Iterator[tuple[str, ...]]:
    for bone in BONES:
        cells = [
            "{0:.0f} to {2:.0f}, median {1:.0f}".format(*numbers.band(bone, name))
            for name in ("through_stem", "through_bone", "composite", "bone_alone")
        ]
        yield bone.words, f"{bone.measured.mean:g} ± {bone.measured.deviation:g}", *cells


def _bounds(numbers: Numbers) -> str:
    over, total = 0, 0
    for bone in BONES:
        found = numbers.rigidity[bone.words]
        for name in ("through_stem", "through_bone"):
            known = np.isfinite(found[name])
            total += int(known.sum())
            inside = (found[name] <= found["composite"]) & (found[name] >= found["bone_alone"])
            over += int((inside & known).sum())
    return f"{over} of {total} results lie between the two."


def _bending_shows(numbers: Numbers) -> str:
    stiff = all(_overall(numbers, bone)[0] > bone.measured.mean + bone.measured.deviation for bone in BONES)
    if not stiff:
        return "At least one computed band overlaps the measurement; with such inputs that proves little."
    words = "The model does not meet the experiment: every sample is stiffer than measured, in either bone. "
    alone = [numbers.band(bone, "bone_alone")[0] for bone in BONES]
    if all(low > bone.measured.mean for low, bone in zip(alone, BONES, strict=True)):
        words += "So is the reamed bone by itself, without any stem, in all samples. "
    words += (
        "However little the interface does, the bone that carries the moment keeps its own rigidity, at the "
        "softest corner of the ranges (thinnest shaft, widest canal, least modulus) "
    )
    corners = []
    for bone in BONES:
        soft, mean, deviation = softest_bone(bone), bone.measured.mean, bone.measured.deviation
        outside = soft > mean + deviation
        corners.append(
            f"{soft:.0f} N m² for {bone.words}, "
            + ("above the measurement: contact is not the cause" if outside else "which is within reach")
        )
    return words + "; ".join(corners) + "."


def softest_bone(bone: Bone) -> float:
    """Rigidity of the reamed bone at the softest corner of the ranges, N m^2."""
    by_key = {r.key: r for r in (*BENDING, bone.modulus)}
    tube = by_key["modulus"].low, by_key["outer"].low, by_key["stem"].high
    return N_M2 * composite_rigidity([tube])


def _softer(numbers: Numbers) -> str:
    found = numbers.rigidity[SYNTHETIC.words]["bone_alone"]
    inputs = numbers.inputs[SYNTHETIC.words]
    moduli = np.array([row["modulus"] for row in inputs]) * SYNTHETIC.measured.mean / found
    return (
        f"the synthetic bone alone reaches the measured mean with a modulus of {1e-3 * moduli.min():.0f} to "
        f"{1e-3 * moduli.max():.0f} GPa, and then the stem must carry nothing."
    )


def _correlation_table(numbers: Numbers) -> tuple[str, str]:
    """Table of the inputs' weights, and what a linear fit leaves unexplained, in words."""
    ways = [(bone, name) for bone in BONES for name in ("through_stem", "through_bone")]
    columns, left = [], []
    for bone, name in ways:
        ranges = (*BENDING, bone.modulus)
        inputs, found = numbers.inputs[bone.words], numbers.rigidity[bone.words][name]
        change, unexplained = effects(inputs, found, ranges)
        columns.append((correlations(inputs, found, ranges), change))
        left.append(100 * unexplained)
    rows = [
        (
            r.words if r.key != "modulus" else "modulus of the bone",
            *(f"{rank[r.key]:+.2f}, {100 * change[r.key]:+.0f} %" for rank, change in columns),
        )
        for r in (*BENDING, SYNTHETIC.modulus)
    ]
    head = [f"{bone.words.split()[0]}, through the {name.split('_')[1]}" for bone, name in ways]
    return _table(("input", *head), rows), f"{min(left):.0f} to {max(left):.0f} %"


def _um(interval: tuple[float, float]) -> str:
    return f"{interval[0]:.1f} to {interval[1]:.1f} µm"


def _pull_out_words(numbers: Numbers) -> dict[str, object]:
    by_key = {r.key: r for r in (*BENDING, SYNTHETIC.modulus)}
    corner = (
        "outer diameter {outer:g} mm, stem {stem:g} mm by {length:g} mm, moduli {modulus:g} and "
        "{stem_modulus:g} GPa"
    )

    def values(*, strong: bool) -> dict[str, float]:
        low = {key: by_key[key].high if strong else by_key[key].low for key in ("outer", "length")}
        moduli = {
            key: 1e-3 * (by_key[key].high if strong else by_key[key].low)
            for key in ("modulus", "stem_modulus")
        }
        return {**low, **moduli, "stem": by_key["stem"].low if strong else by_key["stem"].high}

    rows = []
    for one in numbers.pull_out:
        forces = [found.at_loss(found.interference_um) for found in one.climbs]
        off = [100 * (slope / one.slope - 1) for slope in one.solved_slopes]
        cells = [f"{force:,.0f} ({share:+.1f} %)" for force, share in zip(forces, off, strict=True)]
        rows.append((f"{one.words}, friction {one.friction:g}", f"{one.slope:,.0f}", *cells))
    interval = measured_interval()
    in_all = effective_interference(*numbers.corners, interval)
    fifty = [50.0 * one.slope / PULL_OUT.mean for one in numbers.middles]
    inside = in_all[0] <= 2.5 <= in_all[1]
    return {
        "pull_mean": PULL_OUT.mean, "pull_deviation": PULL_OUT.deviation, "pull_count": PULL_OUT.count,
        "friction_low": FRICTION.low, "friction_high": FRICTION.high,
        "weak": corner.format(**values(strong=False)) + f", friction {FRICTION.low:g}",
        "strong": corner.format(**values(strong=True)) + f", friction {FRICTION.high:g}",
        "pull_out": _table(
            ("inputs", "closed form, N for each µm", *(f"solved at {um:g} µm, N" for um in INTERFERENCES_um)),
            rows,
        ),
        "all_interval": _um(in_all),
        "friction_interval": _um(effective_interference(*numbers.middles, interval)),
        "at_fifty": f"{min(fifty):.0f} to {max(fifty):.0f} times",
        "lower_end": "lies within" if inside else "lies outside",
        "limits_lie": "within the wider one" if in_all[0] <= 2.5 and in_all[1] >= 6.0 else "within neither",
    }  # fmt: skip


def _paper_ratio() -> float:
    return ADMISSIBLE[-1][1] / ADMISSIBLE[0][1]


def _ratios(numbers: Numbers) -> list[float]:
    """Of the force at 130 mm over that at 75 mm: at loss, and within 40 um over the calibrated interval."""
    found = []
    for row in numbers.length:
        for um, limit in ((10.0, np.inf), *((um, 40.0) for um in _calibrated(numbers))):
            forces = row.forces(um, limit)
            found.append(float(forces[-1] / forces[0]))
    return found


def _calibrated(numbers: Numbers) -> tuple[float, float]:
    return effective_interference(*numbers.corners, measured_interval())


def _length_words(numbers: Numbers) -> dict[str, object]:
    rows = []
    interval = _calibrated(numbers)
    for row in numbers.length:
        for words, um, limit in (
            ("lost at 10 µm", 10.0, np.inf),
            *((f"within 40 µm at {um:.1f} µm", um, 40.0) for um in interval),
        ):
            forces = row.forces(um, limit)
            cells = [f"{force:,.0f}" for force in forces]
            rows.append((f"friction {row.friction:g}, {words}", *cells, f"{forces[-1] / forces[0]:.2f}"))
    paper = [f"{force:.0f}" for _, force in ADMISSIBLE]
    rows.append(("Prochor and Sajewicz", paper[0], "", "", paper[1], f"{_paper_ratio():.1f}"))
    ratios = _ratios(numbers)
    mouth = [
        length_estimate(LENGTHS[-1], mu, at_mouth=True) / length_estimate(LENGTHS[0], mu, at_mouth=True)
        for mu in (FRICTION.low, FRICTION.high)
    ]
    needed = [
        sorted(force * 10.0 / row.forces(10.0)[index] for row in numbers.length)
        for index, (_, force) in ((0, ADMISSIBLE[0]), (-1, ADMISSIBLE[1]))
    ]
    shown = {length: slid for length, slid in SLIDING if length in (75, 100, 110, 130)}
    meets = "does not meet" if max(ratios) < _paper_ratio() else "meets"
    return {
        "paper": " and ".join(f"{force:.0f} N at {length:.0f} mm" for length, force in ADMISSIBLE)
        + f", a ratio of {_paper_ratio():.1f}",
        "stem": LENGTH_STEM, "bone": LENGTH_BONE,
        "length": _table(("force in N", *(f"{length:.0f} mm" for length in LENGTHS), "130 over 75 mm"), rows),
        "length_shows": (
            f"A longer stem bears more, as in the paper. The model {meets} the paper's ratio: its force "
            f"grows by {min(ratios):.2f} to {max(ratios):.2f}, against {LENGTHS[-1] / LENGTHS[0]:.2f} for "
            f"the length itself and {_paper_ratio():.1f} in the paper. It grows less than the length "
            "because the bone, held at its far end, is compressed beside the stem and widens. With the bone "
            f"held at its mouth the closed form has {mouth[0]:.1f} and {mouth[1]:.1f} (friction "
            f"{FRICTION.low:g} and {FRICTION.high:g}): how the bone is held matters more than friction."
        ),
        "sliding": ", ".join(f"{slid:.0f} µm at {length} mm" for length, slid in shown.items()),
        "needed": f"{needed[0][0]:.1f} to {needed[0][1]:.1f} µm at 75 mm and {needed[1][0]:.1f} to "
        f"{needed[1][1]:.1f} µm at 130 mm",
    }  # fmt: skip
