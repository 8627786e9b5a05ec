"""What a case asks of the walk."""

from __future__ import annotations

from pathlib import Path

import pytest

from fea.case.reader import read_case
from fea.solving import plan_of

CASES = Path(__file__).parents[2] / "cases"


@pytest.mark.parametrize(("name", "loose"), [("femur_press_fit", 0.5), ("finger_fixture", 0.05 * 4.5)])
def test_a_thin_stem_is_loose_after_a_shorter_way(name: str, loose: float) -> None:
    """Half a millimetre, and of stems below 10 mm a twentieth of the diameter."""
    assert plan_of(read_case(CASES / f"{name}.toml")).loose == pytest.approx(loose)
