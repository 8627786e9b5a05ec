"""The whole way of a case, as one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fea.cache import Cache, keep_study, kept_study
from fea.case.reader import read_case
from fea.case.taper import is_taper
from fea.converge.publish import publish_convergence
from fea.converge.request import Meshes
from fea.converge.results import ConvergenceStudy, judge_convergence
from fea.converge.run import solve_meshes
from fea.converge.table import SUMMARY as CONVERGENCE_SUMMARY
from fea.errors import CaseError
from fea.mesh.parts import Mesh
from fea.post.assessment import Assessment, assess_study
from fea.progress import Clock
from fea.publish import SUMMARY, publish, write_pages
from fea.solving import Tools, mesh_case, solve_case
from fea.study import Study
from fea.sweep.answer import Answer
from fea.sweep.design import Question, design_of
from fea.sweep.publish import publish_sweep
from fea.sweep.results import Sweep, judge_sweep
from fea.sweep.run import walk_design
from fea.sweep.table import SUMMARY as SWEEP_SUMMARY
from fea.taper.assessment import TaperAssessment
from fea.taper.run import mesh_taper, report_taper, run_taper
from fea.uncertain.defaults import uncertainty_of
from fea.uncertain.design import Options
from fea.uncertain.design import design_of as design_of_uncertainty
from fea.uncertain.publish import publish_uncertainty
from fea.uncertain.results import Judged, judge_uncertainty
from fea.uncertain.run import walk_study
from fea.uncertain.table import SUMMARY as UNCERTAIN_SUMMARY


@dataclass(frozen=True)
class Outcome:
    """What a run leaves.

    Attributes
    ----------
    folder
        Where the results are.
    assessment
        The verdict.
    """

    folder: Path
    assessment: Assessment | TaperAssessment


@dataclass(frozen=True)
class SweepOutcome:
    """What a sweep leaves.

    Attributes
    ----------
    folder
        Where its page, table and drawings are.
    sweep, answer
        The judged samples, and what they say.
    """

    folder: Path
    sweep: Sweep
    answer: Answer


@dataclass(frozen=True)
class UncertainOutcome:
    """What a study of the uncertain inputs leaves.

    Attributes
    ----------
    folder
        Where its page, table and drawings are.
    judged
        Samples, bands, probabilities and sensitivities.
    """

    folder: Path
    judged: Judged


def run(case_path: Path, results: Path = Path("results")) -> Outcome:
    """Read a case, solve it, judge it, publish it.

    Parameters
    ----------
    case_path
        The case file.
    results
        Folder of results; each case has one below it, named after its file.

    Returns
    -------
    Outcome

    Raises
    ------
    CaseError, GeometryError, MeshError, SolverError
        Each with one sentence; nothing is left that looks like a result.
    """
    if is_taper(case_path):
        folder = prepare(results, case_path)
        return Outcome(folder, run_taper(case_path, folder, Cache(results / ".cache")))
    case = read_case(case_path)
    folder = prepare(results, case_path)
    (folder / SUMMARY).unlink(missing_ok=True)
    tools = Tools(Cache(results / ".cache"), Clock())
    study = solve_case(case, tools)
    keep_study(tools.cache, case_path.stem, study)
    quantities, assessment = assess_study(study)
    publish(study, quantities, assessment, folder, tools.clock)
    return Outcome(folder, assessment)


def report(case_path: Path, results: Path = Path("results")) -> Outcome:
    """Draw the pictures and write the report of a solved case again.

    Parameters
    ----------
    case_path, results
        As for `run`.

    Returns
    -------
    Outcome

    Raises
    ------
    CaseError
        When the case was not solved as it stands now.
    """
    if is_taper(case_path):
        folder = prepare(results, case_path)
        return Outcome(folder, report_taper(case_path, folder, Cache(results / ".cache")))
    case = read_case(case_path)
    study = kept_study(Cache(results / ".cache"), case_path.stem)
    if not isinstance(study, Study) or study.case != case:
        raise CaseError(
            f"{case_path}: this case is not solved as it stands; run 'osseofit run {case_path}' first"
        )
    quantities, assessment = assess_study(study)
    folder = prepare(results, case_path)
    write_pages(study, quantities, assessment, folder, Clock())
    return Outcome(folder, assessment)


def sweep(case_path: Path, question: Question, results: Path = Path("results")) -> SweepOutcome:
    """Walk samples of a case's uncertain inputs on one factorisation, judge them, publish them.

    Parameters
    ----------
    case_path, results
        As for `run`.
    question
        What varies.

    Returns
    -------
    SweepOutcome

    Raises
    ------
    CaseError, GeometryError, MeshError, SolverError
        Each with one sentence; samples that were finished are kept and not walked again.
    """
    case = read_case(case_path)
    design = design_of(question, case)
    folder = prepare(results, case_path) / f"sweep-{design.name}"
    (folder / SWEEP_SUMMARY).unlink(missing_ok=True)
    tools = Tools(Cache(results / ".cache"), Clock())
    judged = judge_sweep(case, walk_design(case, design, tools, folder))
    return SweepOutcome(folder, judged, publish_sweep(judged, folder, tools.clock))


def converge(
    case_path: Path, meshes: Meshes, results: Path = Path("results")
) -> tuple[ConvergenceStudy, Path]:
    """Solve a case on three or more meshes, and say how every quantity converges.

    Parameters
    ----------
    case_path, results
        As for `run`.
    meshes
        Which meshes.

    Returns
    -------
    study : ConvergenceStudy
    folder : Path

    Raises
    ------
    CaseError, GeometryError, MeshError, SolverError
        Each with one sentence; meshes that were solved are kept and not solved again.
    """
    case = read_case(case_path)
    folder = prepare(results, case_path) / "convergence"
    (folder / CONVERGENCE_SUMMARY).unlink(missing_ok=True)
    tools = Tools(Cache(results / ".cache"), Clock())
    study = judge_convergence(case, meshes, solve_meshes(case, meshes, tools, folder))
    publish_convergence(study, folder, tools.clock)
    return study, folder


def uncertain(case_path: Path, options: Options, results: Path = Path("results")) -> UncertainOutcome:
    """Propagate the ranges of a case's unknown inputs: samples on few models, judged and published.

    Parameters
    ----------
    case_path, results
        As for `run`.
    options
        How many models and samples, and on which mesh.

    Returns
    -------
    UncertainOutcome

    Raises
    ------
    CaseError, GeometryError, MeshError, SolverError
        Each with one sentence; samples that were finished are kept and not walked again.
    """
    case = read_case(case_path)
    ranges, stated = uncertainty_of(case)
    design = design_of_uncertainty(ranges, options)
    folder = prepare(results, case_path) / "uncertainty"
    (folder / UNCERTAIN_SUMMARY).unlink(missing_ok=True)
    tools = Tools(Cache(results / ".cache"), Clock())
    judged = judge_uncertainty(walk_study(case, design, tools, folder), from_case=stated)
    publish_uncertainty(judged, folder, tools.clock)
    return UncertainOutcome(folder, judged)


def mesh(case_path: Path, results: Path = Path("results")) -> tuple[Mesh, Path]:
    """Read a case and mesh it, for a look at the mesh before anything is solved.

    Parameters
    ----------
    case_path, results
        As for `run`.

    Returns
    -------
    mesh : Mesh
    folder : Path
        Holds ``mesh_stem.vtu``, ``mesh_bone.vtu``, ``stem.step`` and ``bone.step``; the last two not
        where `fea.mesh.step.why_no_step` says why.
        Of a taper joint ``mesh_cone.vtu`` and ``mesh_socket.vtu``.
    """
    if is_taper(case_path):
        folder = prepare(results, case_path)
        return mesh_taper(case_path, folder, Cache(results / ".cache")), folder
    from fea.mesh.step import export_step, why_no_step
    from fea.post.vtk_output import write_mesh

    case = read_case(case_path)
    folder = prepare(results, case_path)
    made = mesh_case(case, Tools(Cache(results / ".cache"), Clock()))
    write_mesh(made, folder)
    if why_no_step(case.bone, case.stem) is None:
        export_step(case.bone, case.reaming, case.stem, folder)
    else:
        for name in ("stem.step", "bone.step"):
            (folder / name).unlink(missing_ok=True)
    return made, folder


def prepare(results: Path, case_path: Path) -> Path:
    """Make the case's results folder and see that it can be written.

    Raises
    ------
    CaseError
        When it cannot.
    """
    folder = results / case_path.stem
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise CaseError(
            f"{folder}: the results folder cannot be written ({error.strerror}); "
            "give another one with --results"
        ) from error
    return folder
