"""A taper joint from its case file to a folder of results; what its verbs do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import numpy as np

from fea.cache import Cache, keep_study, kept_study
from fea.case.taper import TaperCase, read_taper
from fea.errors import CaseError, MeshError, SolverError
from fea.mesh.parts import Mesh
from fea.post.summary import write_summary
from fea.post.vtk_output import write_mesh
from fea.progress import Clock
from fea.provenance import peak_memory_GB
from fea.publish import SUMMARY
from fea.solving import Tools, mesh_case, solve_case
from fea.study import Study
from fea.taper.assessment import TaperAssessment, assess_taper
from fea.taper.page import write_page
from fea.taper.pictures import draw_joint, joint_plots
from fea.taper.summary import summarise_taper
from fea.taper.vtk import write_joint
from fea.taper.words import JointClock, in_words_of_a_joint
from geometry.errors import GeometryError

Arguments = ParamSpec("Arguments")
Returned = TypeVar("Returned")


def _spoken(verb: Callable[Arguments, Returned]) -> Callable[Arguments, Returned]:
    """Let errors of the rooms below speak of cone and socket."""

    @wraps(verb)
    def spoken(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Returned:
        try:
            return verb(*args, **kwargs)
        except (MeshError, SolverError) as error:
            raise type(error)(in_words_of_a_joint(str(error))) from error
        except GeometryError as error:
            raise GeometryError(in_words_of_a_joint(str(error))) from error

    return spoken


@_spoken
def run_taper(case_path: Path, folder: Path, cache: Cache) -> TaperAssessment:
    """Read a joint's case, solve it, judge it, publish it.

    Parameters
    ----------
    case_path
        The case file.
    folder
        Of the results, existing.
    cache
        Where meshes, factors and studies are kept.

    Raises
    ------
    CaseError, GeometryError, MeshError, SolverError
        Each with one sentence.
    """
    joint = read_taper(case_path)
    (folder / SUMMARY).unlink(missing_ok=True)
    tools = Tools(cache, JointClock())
    study = solve_case(joint.case, tools)
    keep_study(cache, case_path.stem, study)
    assessment = assess_taper(joint, study)
    with tools.clock.phase("VTK files"):
        write_joint(joint, study, worst_row(study, assessment), folder)
    timed = _pages(joint, study, assessment, folder, tools.clock)
    write_summary(summarise_taper(joint, timed, assessment), folder / SUMMARY)
    return assessment


@_spoken
def report_taper(case_path: Path, folder: Path, cache: Cache) -> TaperAssessment:
    """Draw the pictures and write the page of a solved joint again; parameters as for `run_taper`."""
    joint, study = read_taper(case_path), kept_study(cache, case_path.stem)
    if not isinstance(study, Study) or study.case != joint.case:
        raise CaseError(
            f"{case_path}: this case is not solved as it stands; run 'osseofit run {case_path}' first"
        )
    assessment = assess_taper(joint, study)
    _pages(joint, study, assessment, folder, JointClock())
    return assessment


@_spoken
def mesh_taper(case_path: Path, folder: Path, cache: Cache) -> Mesh:
    """Mesh a joint and write ``mesh_cone.vtu`` and ``mesh_socket.vtu``; parameters as for `run_taper`."""
    joint = read_taper(case_path)
    made = mesh_case(joint.case, Tools(cache, JointClock()))
    write_mesh(made, folder, ("cone", "socket"))
    return made


def worst_row(study: Study, assessment: TaperAssessment) -> int:
    """Return the row of the fields at which the socket is stressed most in the cycle; 0 without one."""
    for quantity in assessment.quantities:
        if quantity.name == "socket_von_mises_MPa" and quantity.instant_percent is not None:
            return 1 + int(np.argmin(np.abs(study.walk.percent - quantity.instant_percent)))
    return 0


def _pages(joint: TaperCase, study: Study, assessment: TaperAssessment, folder: Path, clock: Clock) -> Study:
    with clock.phase("pictures"):
        drawn = joint.case.output.renders
        pictures = draw_joint(joint, study, assessment.quantities, folder) if drawn else ()
    with clock.phase("report"):
        record = replace(study.record, times=clock.times, peak_memory_GB=peak_memory_GB())
        timed = replace(study, record=record)
        write_page(folder, joint, timed, assessment, pictures, joint_plots(joint, study))
    return replace(timed, record=replace(record, times=clock.times))
