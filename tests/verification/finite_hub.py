"""A hub centred on a longer stem: the course of the pressure near its edges against two other codes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from fea.case.case import MeshSizes
from fea.study import Study
from tests.verification.case import Answer, Check, FloatArray, Profile
from tests.verification.press_fits import case_of, press_fit, pressure, solved, unknowns

#: Distances from the hub's edge, mm, at which the pressure is published.
DISTANCES = np.array([0.25, 0.5, 1.0, 2.0, 3.0, 5.0])
#: From here on the pressure is held to a gate; nearer to the singular edge it is only shown.
JUDGED = 2.0


@dataclass(frozen=True, eq=False)
class FiniteHub:
    """A public case and what two codes agree on.

    Attributes
    ----------
    name
    mean : float, MPa
    course : ndarray, shape (6,), MPa
        Pressure at `DISTANCES`.
    sizes
        A finer mesh, for the course.
    """

    name: str
    mean: float
    course: FloatArray
    sizes: MeshSizes


def ring_means(study: Study, places: FloatArray) -> FloatArray:
    """Pressure averaged round the circumference and over 1 mm of length.

    Parameters
    ----------
    places : ndarray, shape (k,), mm
        Distances from the edge; vertices less than half a millimetre away count.

    Returns
    -------
    ndarray, shape (2, k)
        Mean distance and mean pressure.
    """
    interface, length = study.interface, study.case.bone.length
    distance = np.minimum(interface.points[:, 2], length - interface.points[:, 2])
    found = []
    for place in places:
        near = np.abs(distance - place) < 0.5
        weight = interface.area[near]
        values = study.walk.press_fit.traction[near, 0]
        found.append((np.average(distance[near], weights=weight), np.average(values, weights=weight)))
    return np.array(found).T


def finite_hub(hub: FiniteHub) -> Answer:
    """Solve at the recommended size for the mean, and on a finer mesh for the course."""
    study = press_fit(hub.name)
    fine = solved(replace(case_of(hub.name), mesh=hub.sizes))
    judged = DISTANCES[DISTANCES >= JUDGED]
    where, found = ring_means(fine, judged)
    expected = np.interp(where, DISTANCES, hub.course)
    course = [
        Check(f"pressure {place:.2f} mm from the edge, MPa", float(reference), float(value), 0.03)
        for place, reference, value in zip(where, expected, found, strict=True)
    ]
    places = np.arange(0.75, 8.0, 0.5)
    return Answer(
        checks=(
            Check("mean pressure, MPa", hub.mean, pressure(study, hub.mean, 0.0).mean, 5e-3),
            Check("mean pressure, finer mesh, MPa", hub.mean, pressure(fine, hub.mean, 0.0).mean, 5e-3),
            *course,
        ),
        mesh=f"{unknowns(study)} unknowns, recommended size {study.case.mesh.interface:.3g} mm; "
        f"{unknowns(fine)} unknowns, {hub.sizes.interface} mm and {hub.sizes.edge} mm at the edges",
        profile=Profile(
            "distance from the hub's edge, mm",
            "pressure, MPa",
            DISTANCES,
            hub.course,
            *ring_means(fine, places),
        ),
        note="mean round the circumference over 1 mm of length, against the published course at the mean "
        "distance; at the edge itself the pressure is singular and has no value, and within an element of it "
        "vertices swing round the course",
    )
