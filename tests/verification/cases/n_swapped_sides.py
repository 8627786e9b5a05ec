"""Tractions on the bone's facets instead of the stem's.

Which side carries the unknown tractions is a choice of the method, so that a press fit must hardly see
it: 2 % in the mean pressure and in the resultant force, in a round and in an oval canal, on meshes that
do not match.
"""

from __future__ import annotations

from tests.verification.case import Answer, Check
from tests.verification.cases.n_oval_canal import oval
from tests.verification.tubes import Tubes, seat

SOURCE = "property of the method; project's verification cases, section 5"
SLOW = False


def solve() -> Answer:
    """Seat four times."""
    round_canal = Tubes(stem=(2, 32, 2), bone=(4, 44, 3), turn=0.03)
    checks: list[Check] = []
    for name, tubes in {"round": round_canal, "oval": round_canal.with_(canal_offset=oval)}.items():
        seated, swapped = seat(tubes), seat(tubes.with_(swapped=True))
        force, other = (float(found.point.forces[:, 0].sum()) for found in (seated, swapped))
        checks += [
            Check(f"mean pressure, {name} canal, MPa", seated.mean_pressure, swapped.mean_pressure, 0.02),
            Check(f"normal force, {name} canal, N", force, other, 0.02),
        ]
    return Answer(tuple(checks), mesh="32 facets round the stem, 44 round the canal")
