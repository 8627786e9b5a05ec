"""Press fit in a transversely isotropic bone tube (A6).

Bone with the constants of Reilly and Burstein, stiff along the axis: E 11.5 GPa across and 17 GPa along
it, nu_12 0.58, nu_31 0.46, G_13 3.3 GPa. In plane stress only the transverse constants count, so that
the formula of `p_a1` holds with E_h = 11 500 and nu_h = 0.58: at a = 8, b = 14 and delta = 0.025 the
pressure is 13.7 and the hoop stress 27.0 MPa, which a wrong axis of isotropy, or the axial modulus,
would miss by far. The references have more digits than the published ones, by that formula.
"""

from __future__ import annotations

from tests.verification.case import Answer
from tests.verification.lame import flush_press_fit

SOURCE = "Lamé; project's verification cases, section 1; constants: Reilly and Burstein 1975"
SLOW = False


def solve() -> Answer:
    """Solve `cases/verification/a6_*.toml`."""
    return flush_press_fit("a6")
