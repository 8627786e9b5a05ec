"""Leave a study in its folder: table, drawings, page, and last the summary."""

from __future__ import annotations

from pathlib import Path

from fea.progress import Clock
from fea.uncertain.page import Pictures, write_page
from fea.uncertain.plots import band_plots, index_plots, input_plots, verdict_plot
from fea.uncertain.results import Judged
from fea.uncertain.table import summary_of, write_study_summary, write_table


def publish_uncertainty(judged: Judged, folder: Path, clock: Clock) -> None:
    """Write everything that a reviewer opens.

    Parameters
    ----------
    judged : Judged
    folder : Path
        The study's folder.
    clock : Clock
        The run's clock.
    """
    with clock.phase("table, plots and page"):
        for old in folder.glob("*.svg"):
            old.unlink()  # of quantities that this study may not judge
        write_table(judged, folder / "samples.csv")
        pictures = Pictures(
            verdict_plot(judged), band_plots(judged), index_plots(judged), input_plots(judged)
        )
        for plot in pictures.every:
            (folder / f"{plot.name}.svg").write_text(plot.svg, encoding="utf-8")
        write_page(judged, pictures, folder / "index.html")
    write_study_summary(summary_of(judged, clock.times), folder)
