"""Press fit of a titanium tube in a cortical tube (A2).

As A1, with a bore of radius 3 in the stem: the stem gives way more and the pressure falls to
56.62606 MPa. The formula stands in `p_a1`.
"""

from __future__ import annotations

from tests.verification.case import Answer
from tests.verification.lame import flush_press_fit

SOURCE = "Lamé; project's verification cases, section 1"
SLOW = False


def solve() -> Answer:
    """Solve `cases/verification/a2_*.toml`."""
    return flush_press_fit("a2")
