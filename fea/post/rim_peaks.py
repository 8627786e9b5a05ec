"""What the singular rims hide: the largest values there, told and never judged."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from fea.case.case import Case
from fea.post.body_parts import bone_pieces, stem_core
from fea.post.quantity import CYCLE, PRESS_FIT, Quantity, peak_row, place_of
from fea.post.rims import near_rim, rims
from fea.post.tensors import envelope, hoop
from fea.study import Study

FloatArray = NDArray[np.float64]

NOT_JUDGED = "not estimated: a singular place has no converged peak"


def rim_peaks(study: Study) -> tuple[Quantity, ...]:
    """Return the largest values at rims, one for each peak that leaves them out.

    Parameters
    ----------
    study : Study

    Returns
    -------
    tuple of Quantity
        Named after the quantity that leaves the rims out, with ``_at_rims`` before the unit; `zone` is
        the rim. None where the case has no rim or, under a load, where fixation was lost.
    """
    return tuple(_peaks(study))


def rim_at(point: FloatArray, case: Case, body: str) -> str:
    """Return the name of the rim whose reach holds a point, shape (3,), of a body; empty where none does."""
    at = point[None, :]
    return next((rim.name for rim in rims(case) if body in rim.bodies and rim.covers(at)[0]), "")


def _peaks(study: Study) -> Iterator[Quantity]:
    part, rows = bone_pieces(study.mesh.bone)["bone"]
    pressed = hoop(study.bone.stress[0][rows], part.points, study.mesh.axis)
    yield from _peak(study, "insertion_hoop_stress_at_rims_MPa", "hoop stress in the bone", "MPa", "bone",
                     PRESS_FIT, pressed)  # fmt: skip
    interface, pressure = study.interface, study.walk.press_fit.traction[:, 0]
    row = peak_row(pressure, interface.rim)
    if row is not None:
        yield Quantity(
            "peak_pressure_at_rims_MPa", "largest contact pressure at a rim", float(pressure[row]), "MPa",
            rim_at(interface.points[row], study.case, "stem") or "edge of a contact zone", PRESS_FIT,
            place=place_of(interface.points[row]), error_origin=NOT_JUDGED,
        )  # fmt: skip
    if study.walk.loss is not None:
        return
    found = envelope(study.bone)
    for sense, values in (("tension", found.tension.value), ("compression", found.compression.value)):
        yield from _peak(study, f"bone_{sense}_strain_at_rims_percent", f"principal strain in {sense}", "%",
                         "bone", CYCLE, 100 * values[rows])  # fmt: skip
    yield from _peak(study, "stem_von_mises_at_rims_MPa", "von Mises stress in the stem", "MPa", "stem",
                     CYCLE, envelope(study.stem).von_mises.value[stem_core(study.mesh.stem)[1]])  # fmt: skip


def _peak(
    study: Study, name: str, title: str, unit: str, body: str, when: str, values: FloatArray
) -> Iterator[Quantity]:
    pieces = bone_pieces(study.mesh.bone)["bone"] if body == "bone" else stem_core(study.mesh.stem)
    points = pieces[0].points
    row = peak_row(values, near_rim(points, study.case, body))
    if row is None:
        return
    yield Quantity(
        name, f"largest {title} at a rim", float(values[row]), unit,
        rim_at(points[row], study.case, body), when, place=place_of(points[row]), error_origin=NOT_JUDGED,
    )  # fmt: skip
