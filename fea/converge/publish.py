"""Leave a study in its folder: table, drawings, page, and last the summary."""

from __future__ import annotations

from pathlib import Path

from fea.converge.page import write_page
from fea.converge.plots import study_plots
from fea.converge.results import ConvergenceStudy
from fea.converge.table import summary_of, write_study, write_table
from fea.progress import Clock


def publish_convergence(study: ConvergenceStudy, folder: Path, clock: Clock) -> None:
    """Write everything that a reviewer opens.

    Parameters
    ----------
    study : ConvergenceStudy
    folder : Path
        The study's folder.
    clock : Clock
        The run's clock.
    """
    with clock.phase("table, plots and page"):
        write_table(study, folder / "table.csv")
        write_page(study, study_plots(study), folder / "index.html")
    write_study(summary_of(study, clock.times), folder)
