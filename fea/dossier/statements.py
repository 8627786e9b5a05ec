"""What a dossier needs and the program cannot know: every item by name, read from a statements file."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from fea.loads.tables import Table

#: A level on the scale of the file; empty while it is not stated.
Level = Literal["low", "medium", "high", ""]


class DeviceTable(Table):
    """``[device]``."""

    name: str = Field(
        default="", title="device", description="name, type and sizes of the device that the case stands for"
    )
    maker: str = Field(default="", title="maker", description="who makes the device")
    description: str = Field(
        default="",
        title="device description",
        description="materials, surfaces and features of the device, and which of them the case leaves out",
    )
    intended_use: str = Field(
        default="", title="intended use", description="what the device is meant to be used for"
    )


class PeopleTable(Table):
    """``[people]``."""

    analyst: str = Field(
        default="",
        title="who made the analysis",
        description="name, affiliation and qualification of who made the analysis, and when",
    )
    reviewer: str = Field(
        default="",
        title="who reviewed the analysis",
        description="name and affiliation of an independent reviewer, what was reviewed, and when",
    )
    input_check: str = Field(
        default="",
        title="who checked the inputs",
        description="who compared the case file with drawings and measurements, and how",
    )


class SoftwareTable(Table):
    """``[software]``."""

    quality_system: str = Field(
        default="",
        title="software quality system",
        description="the quality system under which the program is installed, checked, changed and used",
    )


class ContextTable(Table):
    """``[context]``."""

    question_of_interest: str = Field(
        default="",
        title="question of interest",
        description="the question, decision or concern that the model helps to answer",
    )
    context_of_use: str = Field(
        default="",
        title="context of use",
        description="what the model does in answering it: scope, quantities used, and beside what evidence",
    )
    patient_population: str = Field(
        default="",
        title="patient population",
        description="whom the answer is about: bones, body weights, activities, what is excluded",
    )
    other_evidence: str = Field(
        default="",
        title="other evidence",
        description="bench, animal or clinical evidence on the same question, or that there is none",
    )


class RiskTable(Table):
    """``[risk]``."""

    model_influence: Level = Field(
        default="",
        title="model influence",
        description="weight of the model in the decision: low, medium, high",
    )
    model_influence_rationale: str = Field(
        default="", title="rationale of the model influence", description="why the model has this influence"
    )
    decision_consequence: Level = Field(
        default="",
        title="decision consequence",
        description="harm that a wrong decision can do: low, medium, high",
    )
    decision_consequence_rationale: str = Field(
        default="",
        title="rationale of the decision consequence",
        description="why a wrong decision has this consequence, and for whom",
    )
    model_risk: Level = Field(
        default="", title="model risk", description="influence and consequence together: low, medium, high"
    )
    model_risk_rationale: str = Field(
        default="",
        title="rationale of the model risk",
        description="how influence and consequence were combined, and by whose rule",
    )


class AcceptanceTable(Table):
    """``[acceptance]``."""

    criteria: str = Field(
        default="",
        title="acceptance criteria agreed beforehand",
        description="what verdict, error bars and agreement with the comparator were asked for",
    )
    agreed: str = Field(
        default="",
        title="when the acceptance criteria were agreed",
        description="who agreed these criteria, and on which date, before the analysis was made",
    )


class ComparatorTable(Table):
    """``[comparator]``."""

    test_samples: str = Field(
        default="",
        title="test samples of the comparator",
        description="number, range and measurements of specimens or persons",
    )
    test_conditions: str = Field(
        default="",
        title="test conditions of the comparator",
        description="loads, supports, ranges and how they were measured",
    )
    input_equivalency: str = Field(
        default="",
        title="equivalency of model and comparator inputs",
        description="which inputs are alike in the model and in the comparator, and which are not",
    )
    output_comparison: str = Field(
        default="",
        title="comparison of model and comparator outputs",
        description="quantities compared, how closely they agree, with the uncertainty of both",
    )


class ApplicabilityTable(Table):
    """``[applicability]``."""

    quantities_of_interest: str = Field(
        default="",
        title="relevance of the quantities of interest",
        description="how the quantities that were validated relate to those of the context of use",
    )
    validation_activities: str = Field(
        default="",
        title="relevance of the validation activities",
        description="how near the validation's conditions are to the context of use",
    )


class GoalTable(Table):
    """``[goal.<factor>]``."""

    rigour: str = Field(
        default="", title="goal", description="how rigorously this factor is to be treated, on your own scale"
    )
    rationale: str = Field(
        default="", title="rationale of the goal", description="why this is enough for the model risk"
    )


def _goal(title: str) -> GoalTable:
    return Field(default=GoalTable(), title=title, description=f"goal for the factor: {title}")


class GoalsTable(Table):
    """``[goal]``: one table for each credibility factor, in the standard's order."""

    software_quality_assurance: GoalTable = _goal("software quality assurance")
    numerical_code_verification: GoalTable = _goal("numerical code verification")
    discretization_error: GoalTable = _goal("discretization error")
    numerical_solver_error: GoalTable = _goal("numerical solver error")
    use_error: GoalTable = _goal("use error")
    model_form: GoalTable = _goal("model form")
    model_inputs: GoalTable = _goal("model inputs")
    test_samples: GoalTable = _goal("test samples")
    test_conditions: GoalTable = _goal("test conditions")
    equivalency_of_inputs: GoalTable = _goal("equivalency of input parameters")
    output_comparison: GoalTable = _goal("output comparison")
    relevance_of_quantities: GoalTable = _goal("relevance of the quantities of interest")
    relevance_of_validation: GoalTable = _goal("relevance of the validation activities to the context of use")


class ConclusionsTable(Table):
    """``[conclusions]``."""

    discussion: str = Field(
        default="",
        title="discussion",
        description="what the results mean for the question of interest, and where they may mislead",
    )
    conclusions: str = Field(
        default="", title="conclusions", description="the answer to the question of interest"
    )
    adequacy: str = Field(
        default="",
        title="adequacy of the credibility",
        description="whether the credibility is adequate for the context of use, and who decided so",
    )


class StatementsFile(Table):
    """A statements file as it stands; what is left out or empty is missing."""

    schema_version: Literal[1] = Field(description="the version of this format, 1")
    device: DeviceTable = Field(default=DeviceTable(), description="the device")
    people: PeopleTable = Field(default=PeopleTable(), description="who did what")
    software: SoftwareTable = Field(default=SoftwareTable(), description="the software's quality")
    context: ContextTable = Field(default=ContextTable(), description="question and context of use")
    risk: RiskTable = Field(default=RiskTable(), description="model risk")
    acceptance: AcceptanceTable = Field(default=AcceptanceTable(), description="what was agreed beforehand")
    comparator: ComparatorTable = Field(
        default=ComparatorTable(), description="what the model is held against"
    )
    applicability: ApplicabilityTable = Field(
        default=ApplicabilityTable(), description="validation and context of use"
    )
    goal: GoalsTable = Field(default=GoalsTable(), description="goals of the credibility factors")
    conclusions: ConclusionsTable = Field(default=ConclusionsTable(), description="what follows")
