"""Leave a sweep in its folder: table, drawings, page, and last the summary."""

from __future__ import annotations

from pathlib import Path

from fea.post import tokens
from fea.progress import Clock
from fea.sweep.answer import Answer, answer_of
from fea.sweep.map import verdict_map
from fea.sweep.page import Pictures, plot_files, write_page
from fea.sweep.plots import sweep_plots
from fea.sweep.results import Sweep
from fea.sweep.table import summary_of, write_sweep_summary, write_table


def publish_sweep(sweep: Sweep, folder: Path, clock: Clock) -> Answer:
    """Write everything that a reviewer opens.

    Parameters
    ----------
    sweep : Sweep
    folder : Path
        The sweep's folder.
    clock : Clock
        The run's clock.

    Returns
    -------
    Answer
    """
    answer = answer_of(sweep)
    with clock.phase("table, plots and page"):
        write_table(sweep, folder / "table.csv")
        drawn = verdict_map(sweep)
        pictures = Pictures(drawn.plot, sweep_plots(sweep))
        for name, text in plot_files(pictures):
            (folder / name).write_text(text, encoding="utf-8")
        drawn.figure.savefig(folder / "map.png", dpi=tokens.CSS_DPI * tokens.PIXEL_RATIO)
        write_page(sweep, answer, pictures, folder / "index.html")
    write_sweep_summary(summary_of(sweep, answer, clock.times), folder)
    return answer
