"""The history that both codes walk: the press-fit, then one cycle."""

from __future__ import annotations

from dataclasses import replace

from fea.case.case import Case


def one_cycle(case: Case, instants: int) -> Case:
    """Return the case with one cycle of so many instants; the press-fit alone for none."""
    if case.activity is None or not instants:
        return replace(case, activity=None)
    return replace(case, activity=replace(case.activity, instants_per_cycle=instants, cycles=1))
