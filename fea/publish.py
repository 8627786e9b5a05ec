"""Leave a study's results in its folder: VTK files, pictures, report, and last the summary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from fea.post.assessment import Assessment
from fea.post.paraview import write_state
from fea.post.quantity import Quantity
from fea.post.render.gallery import draw_pictures
from fea.post.report import write_report
from fea.post.series import series
from fea.post.summary import summarise, write_summary
from fea.post.vtk_output import write_vtk
from fea.progress import Clock
from fea.provenance import peak_memory_GB
from fea.study import Study

SUMMARY = "summary.json"


def publish(
    study: Study, quantities: Sequence[Quantity], assessment: Assessment, folder: Path, clock: Clock
) -> None:
    """Write everything that a reviewer opens.

    The summary comes last, so that a folder with a summary is a finished one.

    Parameters
    ----------
    study, quantities, assessment
        What was solved and how it was judged.
    folder
        The case's results folder.
    clock
        The run's clock.
    """
    with clock.phase("VTK files"):
        write_vtk(study, folder)
        write_state(study, folder)
    write_pages(study, quantities, assessment, folder, clock)
    timed = replace(study, record=replace(study.record, times=clock.times, peak_memory_GB=peak_memory_GB()))
    write_summary(summarise(timed, quantities, assessment), folder / SUMMARY)


def write_pages(
    study: Study, quantities: Sequence[Quantity], assessment: Assessment, folder: Path, clock: Clock
) -> None:
    """Draw the pictures and write the report."""
    with clock.phase("pictures"):
        pictures = draw_pictures(study, folder) if study.case.output.renders else ()
    with clock.phase("report"):
        timed = replace(
            study, record=replace(study.record, times=clock.times, peak_memory_GB=peak_memory_GB())
        )
        write_report(folder, timed, quantities, assessment, series(study), pictures)
