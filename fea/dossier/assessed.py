"""What the records show for each credibility factor, and what they do not: sentences with numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from fea.dossier.front import verification_words
from fea.dossier.gathered import Gathered, counted, listed, micro, revision_words
from fea.post.inputs import case_inputs
from fea.post.report_words import input_words, number


@dataclass(frozen=True)
class Assessed:
    """What was done for a factor and what was not, each in sentences."""

    done: tuple[str, ...]
    undone: tuple[str, ...]


def software_quality(gathered: Gathered) -> Assessed:
    """Software quality assurance."""
    run = gathered.run
    done = [
        f"Program version {run.summary['program']['version']}, {revision_words(run.revision)};"
        f" {counted(len(run.summary['record']['versions']), 'version')} of Python and libraries recorded"
        " (Annex B).",
        "Case, mesh and factor are identified by digests; this document refuses a run whose case file,"
        " criteria, inputs or loads have changed since.",
    ]
    undone = ["The program is under no certified quality system that it knows of."]
    if run.revision is None or run.revision.endswith("-dirty"):
        undone.append("The run cannot be traced to a revision: none is known, or files differed from it.")
    found = gathered.project.verification
    if found.found is not None and found.revision != run.revision:
        undone.append(
            f"The verification suite was solved at {revision_words(found.revision)}, not at the run's."
        )
    undone.append("No record of the tests of this installation (make test) is part of the run.")
    return Assessed(tuple(done), tuple(undone))


def code_verification(gathered: Gathered) -> Assessed:
    """Numerical code verification."""
    done, undone = [], []
    suite, peer = gathered.project.verification, gathered.project.peer
    if suite.found is None:
        undone.append(f"Verification suite: {suite.why}.")
    else:
        found = suite.found
        groups = Counter(case.group for case in found.cases)
        done.append(f"Verification suite: {verification_words(found)} (section 3.2, Annex C).")
        done.append(f"Cases: {', '.join(f'{group.lower()} {count}' for group, count in groups.items())}.")
        orders = [f"{case.title}: {case.order}" for case in found.cases if case.order]
        if orders:
            done.append(f"Observed orders of convergence: {'; '.join(orders)}.")
        if found.missed:
            undone.append(f"{counted(found.missed, 'gate')} missed; listed in section 3.2.")
        if len(found.cases) < found.of:
            undone.append(f"{found.of - len(found.cases)} of {found.of} cases were not solved.")
    if peer.found:
        titles = "; ".join(block.title for block in peer.found)
        done.append(f"Solved beside another code ({titles}); differences in section 3.3.")
        undone.append("An error that both codes share would not be seen; the other code is no reference.")
    else:
        undone.append(f"Comparison with another code: {peer.why}.")
    return Assessed(tuple(done), tuple(undone))


def discretization(gathered: Gathered) -> Assessed:
    """Discretization error."""
    run, done, undone = gathered.run, [], []
    companion = run.summary["record"].get("companion_mesh")
    barred = len(run.quantities) - len(run.without_error)
    if companion:
        done.append(
            f"Error bars for {barred} of {len(run.quantities)} numbers from a companion mesh of"
            f" {number(companion['unknowns'])} unknowns beside {number(run.summary['mesh']['unknowns'])};"
            " criteria are judged with them."
        )
    else:
        undone.append("No companion mesh: no error bar comes from a second mesh.")
    if run.without_error:
        undone.append(f"{counted(len(run.without_error), 'number')} without an error bar (section 8.3).")
    study = gathered.studies.convergence
    if study.found is None:
        undone.append(f"Convergence study on three or more meshes: {study.why}.")
    else:
        done.append(f"Convergence study: {study.found.answer}")
        unsure = [item for item in study.found.judged if item.order is None and item.kind not in _SETTLED]
        if unsure:
            told = "; ".join(f"{micro(item.title)} ({item.kind})" for item in unsure)
            undone.append(f"No order was observed for: {told}.")
    if run.summary["singular_rims"]:
        undone.append("At singular rims no peak converges: they are left out and not judged (section 8.3).")
    undone.append("Increments of the history were not refined in this run.")
    return Assessed(tuple(done), tuple(undone))


#: Ways to converge that need no order.
_SETTLED = ("does not change", "measured on exact shapes", "within round-off")


def solver_error(gathered: Gathered) -> Assessed:
    """Numerical solver error."""
    balance, record = gathered.run.summary["balance"], gathered.run.summary["record"]
    return Assessed(
        (
            f"Largest residual of the laws over every vertex and instant {number(balance['residual'])},"
            f" relative; friction beyond its cone {number(balance['cone'])}, tension"
            f" {number(balance['tension'])}.",
            f"Reactions against load within {number(balance['reaction'])}, contact forces against load within"
            f" {number(balance['contact'])}, relative.",
            f"{number(record['newton_iterations'])} Newton iterations in all; every factorisation was checked"
            " by a residual before it was used.",
        ),
        (
            "Tolerances of the solver were not varied in this run.",
            "That the solution is the only one is not shown: Coulomb's law can have more than one.",
        ),
    )


def use_error(gathered: Gathered) -> Assessed:
    """Use error."""
    done = (
        "Every key of the case file carries its unit; unknown keys and values out of range are refused.",
        f"All {len(case_inputs(gathered.case))} inputs of the run stand in sections 4, 6 and 7 as they were"
        " used, the case file itself in Annex B.",
    )
    undone = ["That the inputs are those of the device and the bone is not known to the program."]
    for key, words in (("people.input_check", "who checked the inputs"), ("people.reviewer", "who reviewed")):
        if key not in gathered.statements.texts:
            undone.append(f"It is not stated {words}.")
    return Assessed(done, tuple(undone))


def model_form(gathered: Gathered) -> Assessed:
    """Model form."""
    done, undone = [], []
    variants = gathered.run.summary["variants"]
    opened = next((item for item in variants if item["name"] == "collar open"), None)
    if opened:
        done.append(f"Solved with the collar open, too: primary stability {opened['primary_stability']}.")
    done.append("Assumptions are named with what they mean for the verdict (section 13, docs/limits.md).")
    undone = [
        "No other form of the model was solved: bone that yields or creeps, friction that depends on"
        " pressure, a bone from CT, muscles, an adapter that bends.",
        "Insertion is not followed; the stem is seated in place.",
    ]
    return Assessed(tuple(done), tuple(undone))


def model_inputs(gathered: Gathered) -> Assessed:
    """Model inputs."""
    inputs = case_inputs(gathered.case)
    banded = [entry for entry in inputs if entry.low is not None and entry.high is not None]
    grades = Counter(entry.grade for entry in inputs if entry.grade is not None)
    graded = ", ".join(f"{count} of grade {grade}" for grade, count in sorted(grades.items()))
    done = [
        f"{len(inputs)} inputs; {len(banded)} with a range, {sum(grades.values())} with a graded source"
        f" ({graded or 'none'})."
    ]
    undone = [f"{len(inputs) - sum(grades.values())} inputs are stated in the case file without a source."]
    corners = [item for item in gathered.run.summary["variants"] if item["name"] != "collar open"]
    if corners:
        keys = sorted({key for item in corners for key in item["inputs"]})
        done.append(f"{counted(len(corners), 'corner')} of the ranges of {listed(keys)} solved.")
    else:
        undone.append("No corners of uncertain inputs were solved.")
    study = gathered.studies.uncertainty
    if study.found is None:
        undone.append(f"Uncertainty study: {study.why}.")
    else:
        names = listed([str(item["title"]) for item in study.found.inputs], 12)
        done.append(f"Uncertainty study over {names}. {study.found.answer} {study.found.decides}".strip())
    sweeps = [item.found for item in gathered.studies.sweeps if item.found]
    if sweeps:
        done.append("Sweeps: " + " ".join(f"{item.question} {item.answer}" for item in sweeps))
    loose = [
        entry.name
        for entry in banded
        if entry.name.startswith(("bone_material", "core_material", "stem_material"))
    ]
    if loose and study.found is None:
        undone.append(f"Ranges that were not propagated: {listed([input_words(name) for name in loose], 8)}.")
    if gathered.synthetic:
        undone.append("The load history is synthetic: nobody measured it.")
    return Assessed(tuple(done), tuple(undone))


def _stated(gathered: Gathered, key: str, what: str) -> Assessed:
    """Say that something is stated, or that it is not; the program knows no more."""
    known = "The program knows nothing of this beyond what is stated."
    if key in gathered.statements.texts:
        return Assessed((f"Stated by people: {what}.",), (known,))
    return Assessed((), (f"Not stated: {what}.", known))


def _with_page(gathered: Gathered, found: Assessed) -> Assessed:
    """Add the comparison with published experiments, which is of the program and not of the device."""
    page = gathered.project.validation
    if page.found is None:
        return Assessed(found.done, (*found.undone, f"Comparison with published experiments: {page.why}."))
    return Assessed(
        (*found.done, "The program was held against published experiments (section 10.2)."),
        (*found.undone, "Those are no tests of this device."),
    )


def test_samples(gathered: Gathered) -> Assessed:
    """Test samples."""
    return _with_page(gathered, _stated(gathered, "comparator.test_samples", "test samples"))


def test_conditions(gathered: Gathered) -> Assessed:
    """Test conditions."""
    return _with_page(gathered, _stated(gathered, "comparator.test_conditions", "test conditions"))


def input_equivalency(gathered: Gathered) -> Assessed:
    """Equivalency of input parameters."""
    return _stated(gathered, "comparator.input_equivalency", "which inputs of model and test are alike")


def output_comparison(gathered: Gathered) -> Assessed:
    """Output comparison."""
    what = "how outputs of model and test agree"
    return _with_page(gathered, _stated(gathered, "comparator.output_comparison", what))


def quantities_of_interest(gathered: Gathered) -> Assessed:
    """Relevance of the quantities of interest."""
    found = _stated(gathered, "applicability.quantities_of_interest", "how they relate to the context of use")
    judged = [result.criterion.title for result in gathered.run.criteria]
    done = f"What the run judged: {listed([micro(title) for title in judged], 12)}." if judged else ""
    return Assessed((*filter(None, (done,)), *found.done), found.undone)


def validation_relevance(gathered: Gathered) -> Assessed:
    """Relevance of the validation activities to the context of use."""
    return _stated(gathered, "applicability.validation_activities", "how near validation is to the use")
