"""Press fit of cobalt-chromium in bone of another Poisson's ratio (A3).

As A1 with a = 6, b = 13, delta = 0.03 and Poisson's ratios of 0.3 and 0.36: p = 42.66691 MPa. The two
bodies want to lengthen by different amounts; without friction nothing keeps them from it. The formula
stands in `p_a1`.
"""

from __future__ import annotations

from tests.verification.case import Answer
from tests.verification.lame import flush_press_fit

SOURCE = "Lamé; project's verification cases, section 1"
SLOW = False


def solve() -> Answer:
    """Solve `cases/verification/a3_*.toml`."""
    return flush_press_fit("a3")
