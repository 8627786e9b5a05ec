"""Press fit of titanium in cancellous bone (A5).

As A1 with a = 8, b = 25, delta = 0.1 and a hub of 400 MPa, 275 times softer than the stem: nearly all
of the interference is taken by the hub, p = 3.376760 MPa. The formula stands in `p_a1`.
"""

from __future__ import annotations

from tests.verification.case import Answer
from tests.verification.lame import flush_press_fit

SOURCE = "Lamé; project's verification cases, section 1"
SLOW = False


def solve() -> Answer:
    """Solve `cases/verification/a5_*.toml`."""
    return flush_press_fit("a5")
