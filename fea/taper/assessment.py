"""The verdict on a taper joint: fretting and hold, safety of its metal, and what friction decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from fea.case.taper import TaperCase
from fea.post.corners import with_errors_of
from fea.post.criteria import SAFETY, CriterionResult, in_group, judge, reasons, worst_verdict
from fea.post.quantity import Quantity
from fea.solution import Loss
from fea.study import Study
from fea.taper.quantities import contact_quantities, taper_quantities

Answer = Literal["met", "not shown", "not met", "not judged"]
#: Group of criteria that needs the interface alone.
FRETTING = "fretting"


@dataclass(frozen=True)
class TaperCorner:
    """One end of the band of friction, judged.

    Attributes
    ----------
    name
    friction
    fretting
        ``"met"``, ``"not shown"``, ``"not met"`` or ``"not judged"``.
    sentence
        Why.
    quantities : tuple of Quantity
        Of the interface.
    """

    name: str
    friction: float
    fretting: Answer
    sentence: str
    quantities: tuple[Quantity, ...]


@dataclass(frozen=True)
class TaperAssessment:
    """What a run concludes.

    Attributes
    ----------
    quantities : tuple of Quantity
    criteria : tuple of CriterionResult
    fretting, safety
        ``"met"``, ``"not shown"``, ``"not met"`` or ``"not judged"``; fretting is not met where the joint
        comes apart, and not shown where the ends of friction disagree with the case as stated.
    fretting_sentences, safety_sentences : tuple of str
        Why.
    corners : tuple of TaperCorner
    """

    quantities: tuple[Quantity, ...]
    criteria: tuple[CriterionResult, ...]
    fretting: Answer
    fretting_sentences: tuple[str, ...]
    safety: Answer
    safety_sentences: tuple[str, ...]
    corners: tuple[TaperCorner, ...]


def assess_taper(joint: TaperCase, study: Study) -> TaperAssessment:
    """Judge a solved joint.

    Parameters
    ----------
    joint : TaperCase
    study : Study
    """
    quantities = taper_quantities(joint, study)
    loss = study.walk.loss
    criteria = judged(joint, quantities, loss)
    fretting, sentences = _answer(criteria, FRETTING, loss)
    safety, why = _answer(criteria, SAFETY, None)
    if loss is not None and safety != "not judged":
        safety, why = "not shown", ("The joint comes apart before its metal can be judged.",)
    corners = _corners(joint, study, quantities)
    if apart := [corner for corner in corners if corner.fretting != fretting]:
        told = " and ".join(f"{corner.fretting} with {corner.friction:g}" for corner in apart)
        stated = f"Friction decides: {fretting} with {joint.friction:g}, {told}."
        fretting, sentences = "not shown", (stated, *sentences)
    return TaperAssessment(quantities, criteria, fretting, sentences, safety, why, corners)


def judged(
    joint: TaperCase, quantities: Iterable[Quantity], loss: Loss | None
) -> tuple[CriterionResult, ...]:
    """Hold every criterion of a joint against its quantity."""
    by_name = {quantity.name: quantity for quantity in quantities}
    reason = "cone and socket do not touch where this is taken, or the metal's yield strength is not known"
    if loss is not None:
        reason = "the joint comes apart before a cycle can be judged"
    elif joint.case.activity is None:
        reason = "the case states no activity"
    return tuple(
        judge(criterion, by_name.get(criterion.quantity), reason) for criterion in joint.case.criteria
    )


def came_apart(loss: Loss) -> str:
    """Say when and how a joint comes apart, in one sentence."""
    motion = loss.motion.replace("sinking in", "pushing in")
    if loss.cycle == 0:
        return f"The joint does not hold: the cone is {motion}."
    when = f"at {loss.percent:.3g} % of the activity in cycle {loss.cycle}"
    return f"The joint comes apart {when}: the cone is {motion}."


def _answer(
    criteria: Sequence[CriterionResult], group: str, loss: Loss | None
) -> tuple[Answer, tuple[str, ...]]:
    if loss is not None:
        return "not met", (came_apart(loss),)
    results = in_group(criteria, group)
    if not results:
        return "not judged", (f"The case states no criterion of {group}.",)
    overall = worst_verdict(results)
    return overall, reasons(results, overall)


def _corners(joint: TaperCase, study: Study, stated: tuple[Quantity, ...]) -> tuple[TaperCorner, ...]:
    found = []
    for variant in study.variants:
        own = contact_quantities(joint, variant.interface, variant.walk)
        own = with_errors_of(stated, own)
        loss = variant.walk.loss
        answer, why = _answer(judged(joint, own, loss), FRETTING, loss)
        (friction,) = (value for key, value in variant.inputs if key.endswith("friction"))
        found.append(TaperCorner(variant.name, friction, answer, " ".join(why), own))
    return tuple(found)
