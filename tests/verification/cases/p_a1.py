"""Press fit of a solid titanium stem in a cortical tube (A1).

A frictionless fit of a stem and a hub of equal length with free ends is exactly plane stress in three
dimensions: no axial stress anywhere, no edge effect, the same pressure everywhere. With delta the
radial interference, a the radius of the interface, b the hub's and ri the stem's bore,

    p = delta / { a [ ((b^2+a^2)/(b^2-a^2) + nu_h)/E_h + ((a^2+ri^2)/(a^2-ri^2) - nu_s)/E_s ] },

the hub's hoop stress is p (b^2+a^2)/(b^2-a^2), and the canal widens by a times its hoop strain. In A1
a = 7, b = 14, ri = 0, delta = 0.05, so that p = 58.52407 MPa. It is solved through the public case file
at the mesh size that the program recommends, as are A2 to A6.
"""

from __future__ import annotations

from tests.verification.case import Answer
from tests.verification.lame import flush_press_fit

SOURCE = "Lamé; project's verification cases, section 1"
SLOW = False


def solve() -> Answer:
    """Solve `cases/verification/a1_*.toml`."""
    return flush_press_fit("a1")
