"""Error bars of a run against true errors: every bar covers.

A run shows a bar for each number, from one mesh and its coarser companion: with the ratio r of their
element sizes, the local error l that the mesh itself shows, and the value v,

    bar = max( 1.25 |fine - coarse| / (r - 1) + l,  0.01 |v| ).

Frictionless flush press-fits have closed forms (Lamé, plane stress) for contact area, pressure, the
bone's hoop stress and strains at its bore, and the stem's von Mises stress. A1 to A4 are solved at the
recommended element size and A1 to A5 at 1.25 times it, each as a run solves it. Effectivity is bar over
true error: a bar that misses the true error has less than 1. The share of its bar that a true error
takes, 1 / effectivity, must be at most 1 for every bar. Where a value happens to cross its closed form
the effectivity of a good bar is without bound, so that it is the median that is held from above, to 20,
and the largest bar, to 40 % of the value.
"""

from __future__ import annotations

from statistics import median

import numpy as np

from tests.verification.case import Answer, Check, Profile
from tests.verification.effectivity import LAME, Bar, bars, study_with_companion

SOURCE = "closed forms (Lamé), A1 to A5; project's verification cases, section 1"
SLOW = True

#: Median effectivities lie between these, and no bar is a larger share of its value than this, in percent.
LEAST, MOST, WIDEST = 1.0, 20.0, 40.0
#: The tube of cancellous bone is solved at the coarser size only: it has twice the elements of the others.
PLAN = [(name, 1.0) for name in ("a1", "a2", "a3", "a4")] + [(name, 1.25) for name in LAME]
NAMES = {
    "contact_area_percent": "contact area",
    "mean_pressure_uncoated_MPa": "mean pressure",
    "peak_pressure_MPa": "peak pressure",
    "insertion_hoop_stress_MPa": "hoop stress",
    "bone_tension_strain_percent": "tensile strain",
    "bone_compression_strain_percent": "compressive strain",
    "stem_von_mises_MPa": "von Mises stress",
}


def solve() -> Answer:
    """Hold 63 bars against 63 true errors."""
    found: dict[str, list[Bar]] = {name: [] for name in NAMES}
    for case, coarsening in PLAN:
        for bar in bars(case, study_with_companion(case, coarsening)):
            found[bar.quantity.name].append(bar)
    checks = [check for name, each in found.items() for check in _checks(NAMES[name], each)]
    every = [bar for each in found.values() for bar in each if bar.true_error > 1e-9 * bar.exact]
    true = np.array([100 * bar.true_error / bar.exact for bar in every])
    shown = np.array([100 * bar.bar / bar.exact for bar in every])
    ends = np.array([true.min(), shown.max()])
    effective = [bar.effectivity for bar in every]
    return Answer(
        checks=tuple(checks),
        mesh="recommended sizes and 1.25 times these, each with its companion",
        profile=Profile("true error, %", "error bar, %", ends, ends, true, shown, logarithmic=True),
        note=(
            f"Of {len(every)} bars the least effectivity is {min(effective):.2f}, the median"
            f" {median(effective):.1f}; the line is a bar that is as long as its error."
        ),
    )


def _checks(words: str, each: list[Bar]) -> list[Check]:
    """Coverage and width of one quantity's bars, and, where it has true errors, its median effectivity."""
    shares = [bar.true_error / bar.bar for bar in each]
    widths = [100 * bar.bar / bar.exact for bar in each]
    checks = [
        Check(f"{words}: largest true error over its bar", 0.0, _worst(shares), 1.0, relative=False),
        Check(f"{words}: largest bar, % of the value", 0.0, _worst(widths), WIDEST, relative=False),
    ]
    if max(shares) > 1e-9:
        middle = median(bar.effectivity for bar in each)
        centre, half = (LEAST + MOST) / 2, (MOST - LEAST) / 2
        checks.append(Check(f"{words}: median effectivity, 1 to 20", centre, middle, half, relative=False))
    return checks


def _worst(values: list[float]) -> float:
    """Return the largest; NaN, which no gate passes, where a value is missing or is NaN."""
    return float(np.max(values)) if len(values) == len(PLAN) else float("nan")
