"""Draw what a stumble asks of the fail-safe of the example and what passes; ``make figures`` runs it.

The drawing is the report's own plot of ``cases/femur_fail_safe.toml``.
"""

from __future__ import annotations

from pathlib import Path

from fea.case.reader import read_case
from fea.post.plot_fail_safe import fail_safe_plots

FOLDER = Path(__file__).parent
CASE = FOLDER.parents[2] / "cases" / "femur_fail_safe.toml"


def main() -> None:
    """Write the drawing by rename."""
    case = read_case(CASE)
    assert case.activity is not None, "the example has an activity"
    (plot,) = fail_safe_plots(case, case.activity.history.title)
    path, draft = FOLDER / "fail_safe.svg", FOLDER / ".fail_safe.svg"
    draft.write_text(plot.svg, encoding="utf-8")
    draft.replace(path)


if __name__ == "__main__":
    main()
