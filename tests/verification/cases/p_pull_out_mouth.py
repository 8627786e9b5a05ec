"""Pull-out of A1 with its hub supported at the mouth.

As `p_pull_out_far_end`, but the hub is supported where the stem is pulled: it is in compression,
sigma_h = -N/A_h, widens, and lets go of the stem earlier. Of 61.8 kN without the coupling 49.0 kN are
left, or 48.7 kN by axisymmetric finite elements, which are the reference. It is the same fit and the
same friction; what differs is how a test machine would hold the bone.
"""

from __future__ import annotations

from tests.verification.case import Answer
from tests.verification.pull_out import MOUTH, pull_out

SOURCE = "axisymmetric finite elements; project's verification cases, section 1"
SLOW = True


def solve() -> Answer:
    """Pull at the mouth, support there too."""
    return pull_out(48.7, MOUTH)
