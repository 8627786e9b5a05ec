"""Grid convergence index of a published example.

Three meshes with the ratios 1.5 and 1.3333 give 6.063, 5.972 and 5.863 (the finest first). The observed
order solves

    p = ln( |e32/e21| (r21^p - 1) / (r32^p - 1) ) / ln r21,

the extrapolated value is (r21^p v1 - v2) / (r21^p - 1), the relative change |e21/v1|, and the index
1.25 |e21/v1| / (r21^p - 1).

The index is stated as 2.18 % (2.2 % in print), which is what p rounded to 1.53 gives; p unrounded gives
2.174 %. Its gate is 0.01 percentage points for that rounding, the other gates half a unit of the last digit.
"""

from __future__ import annotations

from fea.post.gci import observe
from tests.verification.case import Answer, Check

SOURCE = "Celik et al., J. Fluids Eng. 130 (2008) 078001; project's verification cases, section 4"
SLOW = False

SIZES = (1.0, 1.5, 1.5 * 1.3333)
VALUES = (6.063, 5.972, 5.863)


def solve() -> Answer:
    """Judge the published values."""
    found = observe(SIZES, VALUES)
    assert found.order is not None
    assert found.extrapolated is not None
    assert found.change is not None
    return Answer(
        checks=(
            Check("observed order", 1.534, found.order, 5e-4, relative=False),
            Check("extrapolated value", 6.1685, found.extrapolated, 5e-5, relative=False),
            Check("change of the two finest, %", 1.50, 100 * found.change, 5e-3, relative=False),
            Check("grid convergence index, %", 2.18, 100 * found.bar / VALUES[0], 1e-2, relative=False),
        ),
        mesh="none: three published values",
        note="2.18 is published with the order rounded to 1.53; unrounded it is 2.174.",
    )
