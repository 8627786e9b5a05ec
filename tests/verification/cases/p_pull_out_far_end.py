"""Pull-out of A1 with its hub held at the far end.

The stem is pulled at the hub's mouth and the hub is held at the other end, so that both are in
tension: the stem thins, which loosens the fit, and the hub closes on it, which tightens it,

    p = p0 + (-nu_s sigma_s/E_s + nu_h sigma_h/E_h) / (k_s + k_h),    dN/dz = -mu p 2 pi a,

with sigma_s = N/A_s and sigma_h = (F - N)/A_h. The soft hub prevails: of 61.8 kN without the coupling
become 66.4 kN, or 65.8 kN by axisymmetric finite elements, which are the reference. Length 60 mm,
friction 0.4; the force grows in steps of 0.4 % until no equilibrium exists.
"""

from __future__ import annotations

from tests.verification.case import Answer
from tests.verification.pull_out import FAR_END, pull_out

SOURCE = "axisymmetric finite elements; project's verification cases, section 1"
SLOW = True


def solve() -> Answer:
    """Pull at the mouth, hold at the far end."""
    return pull_out(65.8, FAR_END)
