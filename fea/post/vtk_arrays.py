"""The arrays that a reviewer opens in ParaView: names with quantity and unit, plain numpy.

At the worst instant an array has its plain name, after the press-fit the suffix
``_press_fit``; without an activity the plain name is the press-fit. Tensors stand as XX YY
ZZ XY YZ XZ, principal values the largest first. Micromotion is not a number where there
is no contact at any instant of the cycle, so that it is drawn apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from fea.mesh.parts import Part
from fea.post.body_parts import field_part
from fea.post.micromotion import judged_states, micromotion
from fea.post.rims import near_rim
from fea.post.tensors import envelope, hoop, principal, principal_strain, von_mises
from fea.post.zones import zone_codes
from fea.solution import Fields, Interface, State
from fea.study import Study
from geometry.axis import Axis

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Arrays = Mapping[str, NDArray[np.generic]]

PRESS_FIT = "_press_fit"


def body_arrays(study: Study, body: str, worst: int) -> dict[str, NDArray[np.generic]]:
    """Return the nodal arrays of a body's main file.

    Parameters
    ----------
    study : Study
    body
        ``"bone"`` or ``"stem"``.
    worst
        Row of the body's fields at the worst instant; 0 where there is no activity.

    Returns
    -------
    dict of str to ndarray, shape (n,) or (n, c)
        At the nodes of `fea.post.body_parts.field_part`.
    """
    part, fields = field_part(study, body), study.bone if body == "bone" else study.stem
    found = _body_state(part, study.mesh.axis, fields, worst)
    if worst > 0:
        found |= {
            f"{name}{PRESS_FIT}": array
            for name, array in _body_state(part, study.mesh.axis, fields, 0).items()
        }
    peaks = envelope(fields)
    return found | {
        "peak_von_Mises_MPa": peaks.von_mises.value,
        "peak_principal_strain_tension": peaks.tension.value,
        "peak_principal_strain_compression": peaks.compression.value,
        "stress_error_MPa": fields.stress_error,
        "near_rim": near_rim(part.points, study.case, body).astype(np.uint8),
    }


def body_series_arrays(fields: Fields, row: int) -> dict[str, NDArray[np.generic]]:
    """Return the nodal arrays (n,) or (n, c) of one row of the fields, in single precision."""
    found = {
        "displacement_mm": fields.displacement[row],
        "stress_MPa": fields.stress[row],
        "stress_von_Mises_MPa": von_mises(fields.stress[row]),
        "principal_strain": principal_strain(fields.strain[row]),
    }
    return {name: array.astype(np.float32) for name, array in found.items()}


def interface_arrays(study: Study, state: State) -> dict[str, NDArray[np.generic]]:
    """Return the arrays of the interface at one state, one value a vertex.

    Parameters
    ----------
    study : Study
    state : State

    Returns
    -------
    dict of str to ndarray, shape (n,) or (n, 3)
        ``slip_um`` is the tangential jump since the stem was seated from zero slip.
    """
    interface = study.interface
    pressure, axial, around = state.traction.T[:, :, None]
    vector = pressure * interface.normal + axial * interface.axial + around * interface.circumferential
    return {
        "gap_um": 1000 * (interface.fit + state.jump[:, 0]),
        "contact_pressure_MPa": state.traction[:, 0],
        "contact_traction_MPa": vector,
        "status": state.status.astype(np.int32),
        "slip_um": 1000 * np.linalg.norm(state.jump[:, 1:], axis=1),
    }


def interface_cycle_arrays(study: Study) -> dict[str, NDArray[np.generic]]:
    """Return micromotion by its three definitions, migration and opening, one value a vertex.

    Parameters
    ----------
    study : Study

    Returns
    -------
    dict of str to ndarray, shape (n,)
        Empty where no cycle is judged; NaN where there is no contact.
    """
    if not judged_states(study.walk):
        return {}
    motion = micromotion(study.walk)

    def in_contact(values: FloatArray) -> FloatArray:
        return np.where(motion.touching, 1000 * values, np.nan)

    return {
        "micromotion_resulting_um": in_contact(motion.resulting),
        "micromotion_reference_um": in_contact(motion.reference),
        "micromotion_incremental_um": in_contact(motion.incremental),
        "migration_um": in_contact(motion.migration),
        "opening_um": 1000 * motion.opening,
        "touching": motion.touching.astype(np.uint8),
    }


def interface_constants(study: Study) -> dict[str, NDArray[np.generic]]:
    """Return what does not change along the history, one value a vertex.

    Parameters
    ----------
    study : Study

    Returns
    -------
    dict of str to ndarray, shape (n,) or (n, 3)
        ``zone`` is a row of the interface's `zones`, ``gruen_zone`` one of
        `fea.post.zones.zone_names` or -1 on the collar and on a lag screw.
    """
    interface = study.interface
    return {
        "normal": interface.normal,
        "zone": interface.zone.astype(np.int32),
        "gruen_zone": zone_codes(interface, study.case.stem).astype(np.int32),
        "friction": interface.friction,
        "radial_interference_um": -1000 * interface.fit,
        "near_rim": interface.rim.astype(np.uint8),
    }


def quadratic_surface(
    interface: Interface,
) -> tuple[FloatArray, IntArray, Callable[[NDArray[np.generic]], NDArray[np.generic]]]:
    """Return the interface as six-node triangles, and how vertex values reach their nodes.

    Parameters
    ----------
    interface : Interface

    Returns
    -------
    points : ndarray, shape (n + m, 3), mm
        The vertices, then the middles of the edges.
    triangles : ndarray, shape (k, 6)
    spread : callable
        Takes vertex values (n, ...) to values at the points: the mean of an edge's ends,
        or of integers the larger one.
    """
    corners = interface.facets
    edges = np.sort(np.stack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]], axis=1), axis=2)
    unique, first, inverse = np.unique(edges.reshape(-1, 2), axis=0, return_index=True, return_inverse=True)
    points = np.vstack([interface.points, interface.middles.reshape(-1, 3)[first]])
    triangles = np.hstack([corners, len(interface.points) + inverse.reshape(-1, 3)])

    def spread(values: NDArray[np.generic]) -> NDArray[np.generic]:
        ends = values[unique]
        floating = np.issubdtype(values.dtype, np.floating)
        return np.concatenate([values, ends.mean(axis=1) if floating else ends.max(axis=1)])

    return points, triangles, spread


def _body_state(part: Part, axis: Axis, fields: Fields, row: int) -> dict[str, NDArray[np.generic]]:
    stress = fields.stress[row]
    return {
        "displacement_mm": fields.displacement[row],
        "stress_MPa": stress,
        "stress_von_Mises_MPa": von_mises(stress),
        "stress_hoop_MPa": hoop(stress, part.points, axis),
        "principal_stress_MPa": principal(stress),
        "principal_strain": principal_strain(fields.strain[row]),
    }
