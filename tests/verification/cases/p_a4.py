"""Press fit of steel on steel (A4).

As A1 with a = 10, b = 20, delta = 0.01 and one material: p = delta E (b^2 - a^2) / (2 a b^2) = 75 MPa.
`p_a4_plane_strain` has the same fit between rigid walls. The formula stands in `p_a1`.
"""

from __future__ import annotations

from tests.verification.case import Answer
from tests.verification.lame import flush_press_fit

SOURCE = "Lamé; project's verification cases, section 1"
SLOW = False


def solve() -> Answer:
    """Solve `cases/verification/a4_*.toml`."""
    return flush_press_fit("a4")
