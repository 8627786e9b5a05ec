"""What is wrong with a load as case and load file state it together."""

from __future__ import annotations

from collections.abc import Iterator

from fea.case.mistake import Mistake
from fea.case.schema import ActivityTable
from fea.loads.history import History


def acts_at_mistakes(activity: ActivityTable | None, history: History | None) -> Iterator[Mistake]:
    """Yield a point at which a load acts that already says where it does."""
    if activity is None or activity.acts_at is None or history is None:
        return
    if history.moment_point is not None:
        message = (
            f"the load file takes its moments about a point of its own at level {history.moment_level:g} mm;"
            ' leave this table out, or write moment_point = "reference_point" in the load file'
        )
        yield Mistake("activity.acts_at", message)
