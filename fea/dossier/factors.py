"""Annex A: the credibility factors of ASME V&V 40, each with its goal, what was done and what was not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fea.dossier import assessed
from fea.dossier.assessed import Assessed
from fea.dossier.blocks import Block, Bullets, Grid, Heading, Section, Words, asked
from fea.dossier.gathered import Gathered


@dataclass(frozen=True)
class Factor:
    """One credibility factor.

    Attributes
    ----------
    key
        Of its goal in the statements file.
    activity, element, title
        Where the standard has it, and its name.
    assess
        Says what was done and what was not.
    asks
        Items of the statements file that belong to it, beside its goal.
    """

    key: str
    activity: str
    element: str
    title: str
    assess: Callable[[Gathered], Assessed]
    asks: tuple[str, ...] = ()


_CODE, _CALCULATION = ("Verification", "code"), ("Verification", "calculation")
_MODEL, _COMPARATOR = ("Validation", "computational model"), ("Validation", "comparator")
_ASSESSMENT, _APPLICABILITY = ("Validation", "assessment"), ("Applicability", "")

#: In the standard's order.
FACTORS = (
    Factor(
        "software_quality_assurance", *_CODE, "Software quality assurance",
        assessed.software_quality, ("software.quality_system",),
    ),
    Factor(
        "numerical_code_verification", *_CODE, "Numerical code verification", assessed.code_verification
    ),
    Factor("discretization_error", *_CALCULATION, "Discretization error", assessed.discretization),
    Factor("numerical_solver_error", *_CALCULATION, "Numerical solver error", assessed.solver_error),
    Factor("use_error", *_CALCULATION, "Use error", assessed.use_error, ("people.input_check",)),
    Factor("model_form", *_MODEL, "Model form", assessed.model_form),
    Factor("model_inputs", *_MODEL, "Model inputs", assessed.model_inputs),
    Factor(
        "test_samples", *_COMPARATOR, "Test samples", assessed.test_samples, ("comparator.test_samples",)
    ),
    Factor(
        "test_conditions", *_COMPARATOR, "Test conditions",
        assessed.test_conditions, ("comparator.test_conditions",),
    ),
    Factor(
        "equivalency_of_inputs", *_ASSESSMENT, "Equivalency of input parameters",
        assessed.input_equivalency, ("comparator.input_equivalency",),
    ),
    Factor(
        "output_comparison", *_ASSESSMENT, "Output comparison",
        assessed.output_comparison, ("comparator.output_comparison",),
    ),
    Factor(
        "relevance_of_quantities", *_APPLICABILITY, "Relevance of the quantities of interest",
        assessed.quantities_of_interest, ("applicability.quantities_of_interest",),
    ),
    Factor(
        "relevance_of_validation", *_APPLICABILITY,
        "Relevance of the validation activities to the context of use",
        assessed.validation_relevance, ("applicability.validation_activities",),
    ),
)  # fmt: skip


def factors_section(gathered: Gathered) -> Section:
    """Return annex A.

    Parameters
    ----------
    gathered : Gathered

    Returns
    -------
    Section
    """
    found = [(factor, factor.assess(gathered)) for factor in FACTORS]
    blocks: list[Block] = [
        Words(
            "How rigorously a factor has to be treated follows from the model risk (section 2.3) and is for"
            " people to state; whether what was done reaches that goal is for people to judge. This annex"
            " gives no score."
        ),
        Grid(
            ("Factor", "Part of", "Goal", "Points done", "Points not done"),
            tuple(
                (
                    f"A.{index} {factor.title}",
                    ": ".join(filter(None, (factor.activity, factor.element))),
                    gathered.statements.texts.get(f"goal.{factor.key}.rigour", "MISSING"),
                    str(len(result.done)),
                    str(len(result.undone)),
                )
                for index, (factor, result) in enumerate(found, 1)
            ),
            small=True,
            widths=(34, 22, 24, 10, 10),
        ),
    ]
    for index, (factor, result) in enumerate(found, 1):
        blocks += _factor(gathered, index, factor, result)
    return Section("A", "Credibility factors (ASME V&V 40)", tuple(blocks))


def _factor(gathered: Gathered, index: int, factor: Factor, result: Assessed) -> Iterator[Block]:
    yield Heading(f"A.{index}", factor.title)
    yield asked(gathered.statements, f"goal.{factor.key}.rigour", f"goal.{factor.key}.rationale")
    yield Bullets(
        "Done", result.done or ("Nothing that the program knows of.",), "done" if result.done else "open"
    )
    yield Bullets("Not done", result.undone, "open")
    if factor.asks:
        yield asked(gathered.statements, *factor.asks)
