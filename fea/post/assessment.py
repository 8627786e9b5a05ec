"""The verdict: every criterion, primary stability, safety, and what decides them.

Primary stability is judged by its criteria and by whether the stem stays fixed, for the
case as stated and for the corners of its uncertain inputs; where these differ the verdict
is "not shown" and names the input that decides. Corners are judged by the interface alone
and with the discretisation error of the default.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from fea.case.abutment_tables import SCREW
from fea.case.case import Case
from fea.post.corners import (
    CornerVerdict,
    DecidingInput,
    Stability,
    deciding_inputs,
    judge_corner,
    stability_of,
)
from fea.post.criteria import SAFETY, CriterionResult, in_group, judge_all, reasons, worst_verdict
from fea.post.joint import JOINT, opening
from fea.post.quantities import VariantResult, judged_quantities, variant_results
from fea.post.quantity import Quantity
from fea.solution import Loss
from fea.study import Study

Safety = Literal["met", "not shown", "not met", "not judged"]

#: Name of the variant whose collar never bears.
COLLAR_OPEN = "collar open"


@dataclass(frozen=True)
class Assessment:
    """What a run concludes.

    Attributes
    ----------
    criteria : tuple of CriterionResult
        In the order of the criteria file.
    stability
        ``"stable"``, ``"not shown"``, ``"unstable"``, or ``"not judged"`` where no
        criterion of that group is stated.
    stability_sentences : tuple of str
        Why, the decisive one first.
    safety
        ``"met"``, ``"not shown"``, ``"not met"`` or ``"not judged"``.
    safety_sentences : tuple of str
    nominal_stability
        The verdict on the case as stated, before its uncertain inputs are looked at.
    corners : tuple of CornerVerdict
        The corners of the uncertain inputs, and the open collar.
    deciding : tuple of DecidingInput
        Inputs whose change alone flips the verdict; empty where the corners agree.
    depends_on_collar
        True where the verdict is another one with the collar open; None where that was
        not computed.
    """

    criteria: tuple[CriterionResult, ...]
    stability: Stability
    stability_sentences: tuple[str, ...]
    safety: Safety
    safety_sentences: tuple[str, ...]
    nominal_stability: Stability
    corners: tuple[CornerVerdict, ...]
    deciding: tuple[DecidingInput, ...]
    depends_on_collar: bool | None


def assess_study(study: Study) -> tuple[tuple[Quantity, ...], Assessment]:
    """Return the quantities of a study and their assessment.

    Parameters
    ----------
    study : Study

    Returns
    -------
    quantities : tuple of Quantity
    assessment : Assessment
    """
    quantities = judged_quantities(study)
    return quantities, assess(study.case, quantities, variant_results(study), study.walk.loss)


def assess(
    case: Case, quantities: Sequence[Quantity], variants: Sequence[VariantResult], loss: Loss | None
) -> Assessment:
    """Judge a case.

    Parameters
    ----------
    case : Case
    quantities : sequence of Quantity
    variants : sequence of VariantResult
        May be empty.
    loss : Loss, or None

    Returns
    -------
    Assessment
    """
    results = judge_all(case, quantities, loss)
    nominal, sentences = stability_of(results, loss)
    corners = tuple(judge_corner(case, quantities, variant) for variant in variants)
    bands = tuple(corner for corner in corners if corner.name != COLLAR_OPEN)
    opened = next((corner for corner in corners if corner.name == COLLAR_OPEN), None)
    deciding = deciding_inputs(bands)
    stability, sentences = _overall(nominal, sentences, bands, deciding, loss)
    depends = None if opened is None or nominal == "not judged" else opened.stability != nominal
    if depends and opened is not None:
        sentences += (
            f"Stability depends on the collar: with the collar open the verdict is {opened.stability}"
            f" instead of {nominal}. {opened.sentence}",
        )
    safety, why = _safety(results)
    why += tuple(
        f"Not judged: {opening(quantity.value, quantity.when, case.preloads[SCREW])}."
        for quantity in quantities
        if quantity.name == JOINT and quantity.value <= 0.0
    )
    return Assessment(results, stability, sentences, safety, why, nominal, corners, deciding, depends)


def _safety(results: Sequence[CriterionResult]) -> tuple[Safety, tuple[str, ...]]:
    group = in_group(results, SAFETY)
    if not group:
        return "not judged", ("The case states no criterion of safety.",)
    overall = worst_verdict(group)
    return overall, reasons(group, overall)


def _overall(
    nominal: Stability,
    why: tuple[str, ...],
    bands: Sequence[CornerVerdict],
    deciding: Sequence[DecidingInput],
    loss: Loss | None,
) -> tuple[Stability, tuple[str, ...]]:
    """Judge the case as stated with its uncertain inputs."""
    named = tuple(decision.sentence for decision in deciding)
    if loss is not None:
        return "unstable", (*why, *named)
    others = sorted({corner.stability for corner in bands} - {nominal})
    if nominal == "not judged" or not others:
        return nominal, why
    if not named:
        named = (f"The case as stated is {nominal}, but a corner of its uncertain inputs is {others[0]}.",)
    return "not shown", (*named, *why)
