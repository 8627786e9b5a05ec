"""What the joint of fixture and abutment reports: whether the screw's preload holds it together.

Fixture and abutment are computed as one solid, which cannot open. The nominal pressure on the joint's
annulus, linear over it, is least at its edge: p = N/A - M r/I, with N what presses the two together,
preload included, and M the bending moment. Where it is not positive the joint would open.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from fea.case.abutment_tables import SCREW
from fea.model.abutment_screw import joint_wrenches
from fea.model.build import element_materials
from fea.post.quantity import EXACT, NOT_ESTIMATED, PRESS_FIT, Quantity
from fea.solution import CombinedField
from fea.study import Solved
from geometry.abutment import Joint

FloatArray = NDArray[np.float64]

#: Name of the quantity that says whether the joint stays closed.
JOINT = "abutment_joint_least_pressure_MPa"
#: Why its mesh makes no error, unless a support holds the abutment.
BALANCED = "none: the loads on the abutment alone set it, on any mesh"


def joint_quantities(study: Solved) -> Iterator[Quantity]:
    """Yield the least pressure on the joint and, where its core is stated, the screw's mean stress.

    Parameters
    ----------
    study : Solved
    """
    joint, abutment = study.case.stem.joint, study.case.stem.abutment
    if joint is None or abutment is None:
        return
    pressure, side = joint_pressures(study, joint)
    row = int(np.argmin(pressure))
    angle, value, preload = side[row], float(pressure[row]), study.case.preloads[SCREW]
    percent = None if row == 0 else float(study.walk.percent[row - 1])
    when = PRESS_FIT if percent is None else f"at {percent:g} % of the activity"
    yield Quantity(
        JOINT,
        "least nominal pressure on the joint of fixture and abutment",
        value,
        "MPa",
        f"joint at level {joint.level:g} mm, linear over its annulus; {opening(value, when, preload)}",
        when,
        place=(
            joint.outer_radius * math.cos(angle),
            joint.outer_radius * math.sin(angle),
            joint.level,
        ),
        instant_percent=percent,
        error=0.0 if study.case.supports.stem_distal == "free" else None,
        error_origin=BALANCED if study.case.supports.stem_distal == "free" else NOT_ESTIMATED,
    )
    if abutment.screw.core_diameter is not None:
        area = math.pi * abutment.screw.core_diameter**2 / 4
        yield Quantity(
            "abutment_screw_mean_stress_MPa",
            "mean stress in the core of the abutment's screw from its preload",
            preload / area,
            "MPa",
            f"core of {abutment.screw.core_diameter:g} mm diameter; the activity's part is not computed",
            PRESS_FIT,
            error=0.0,
            error_origin=EXACT,
        )


def opening(pressure: float, when: str, preload: float) -> str:
    """Say whether the joint stays closed.

    Parameters
    ----------
    pressure : float, MPa
        The least of the history.
    when
        Its instant, in words.
    preload : float, N
        Of the screw.
    """
    if pressure > 0.0:
        return "positive: the joint stays closed"
    return (
        f"the joint would open {when}: the preload of {preload:g} N does not hold it;"
        " what is computed holds it together"
    )


def joint_pressures(study: Solved, joint: Joint) -> tuple[FloatArray, FloatArray]:
    """Return the least nominal pressure on the joint at each instant, and where.

    Parameters
    ----------
    study : Solved
    joint : Joint

    Returns
    -------
    pressure : ndarray, shape (k,), MPa
        The press-fit first, then the instants of the judged cycle.
    angle : ndarray, shape (k,), rad
        About the axis, of the edge where it stands.
    """
    wrenches = _wrenches(study)
    # Towards the hip the abutment presses on the fixture; M_x lifts where y < 0, M_y where x > 0.
    bending = np.hypot(wrenches[:, 3], wrenches[:, 4])
    found = [joint.least_pressure(float(n), float(m)) for n, m in zip(wrenches[:, 2], bending, strict=True)]
    return np.array(found), np.arctan2(-wrenches[:, 3], wrenches[:, 4])


def _wrenches(study: Solved) -> FloatArray:
    case, part, moved = study.case, study.mesh.stem, study.stem.displacement
    material = element_materials(part, case.stem_material, None, case.layer_materials)
    count = len(part.points)  # where the stem is taken apart its own nodes come first
    if isinstance(moved, CombinedField) and moved.ends is None and moved.law is None:
        basis = joint_wrenches(part, material, case.stem, moved.basis[:count])
        return np.asarray(moved.coefficients.T @ basis)
    every = np.stack([moved[instant][:count] for instant in range(len(moved))], axis=2)
    return joint_wrenches(part, material, case.stem, every)
