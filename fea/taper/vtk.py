"""VTK files of a taper joint: ``cone.vtu``, ``socket.vtu``, ``contact.vtu`` and the series ``activity.pvd``.

Bodies hold the state after assembly (suffix ``_assembled``), where there is an activity the instant at
which the socket is stressed most (plain names), and where a force assembles the joint that of its greatest
value (``_pressed``). The contact holds what is judged of a cycle.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fea.case.taper import TaperCase
from fea.mesh.parts import Part
from fea.post.micromotion import judged_states
from fea.post.tensors import von_mises
from fea.post.vtk_output import write_body, write_contact, write_series
from fea.solution import Fields, Interface, State
from fea.study import Study
from fea.taper.fretting import PER_AREA, fretting
from fea.taper.quantities import cycle_before, near_ends

Arrays = dict[str, NDArray[np.generic]]
#: Folder of the time series' files, below the results of a case.
SERIES_FOLDER = "activity"


def write_joint(joint: TaperCase, study: Study, worst: int, folder: Path) -> tuple[Path, ...]:
    """Write every VTK file of a joint.

    Parameters
    ----------
    joint : TaperCase
    study : Study
    worst
        Row of the fields at the instant that is worst for the socket; 0 without an activity.
    folder : Path
        Made where it does not exist; files of an earlier run are replaced.

    Returns
    -------
    tuple of Path
    """
    (folder / SERIES_FOLDER).mkdir(parents=True, exist_ok=True)
    for old in (*(folder / SERIES_FOLDER).glob("*.vtu"), *folder.glob("activity*.pvd")):
        old.unlink()
    pressed = study.pressed or (None, None)
    found = [
        write_body(part, _body_arrays(joint, part, fields, hard, worst), folder / f"{name}.vtu")
        for name, part, fields, hard in (
            ("cone", study.mesh.stem, study.stem, pressed[0]),
            ("socket", study.mesh.bone, study.bone, pressed[1]),
        )
    ]
    interface, states = study.interface, judged_states(study.walk)
    arrays = _contact_arrays(interface, study.walk.press_fit, "_assembled")
    if states:
        arrays |= _contact_arrays(interface, states[max(worst - 1, 0)], "")
        done = fretting(interface, study.walk.press_fit, states, cycle_before(study.walk))
        arrays |= {
            "slip_um": np.where(done.touching, 1000 * done.slip, np.nan),
            "slip_path_um": 1000 * done.path,
            "friction_work_J_m2": PER_AREA * done.energy,
            "pressure_times_slip_MPa_um": PER_AREA * done.index,
            "largest_opening_um": 1000 * done.opening,
        }
    found.append(write_contact(interface, arrays, folder / "contact.vtu"))
    if states:
        entries = []
        for row, state in enumerate(states):
            path = folder / SERIES_FOLDER / f"contact_{row:04d}.vtu"
            write_contact(interface, _contact_arrays(interface, state, ""), path)
            entries.append((float(study.walk.percent[row]), "contact", path))
        found.append(write_series(folder / "activity.pvd", entries))
    return tuple(found)


def _body_arrays(joint: TaperCase, part: Part, fields: Fields, pressed: Fields | None, worst: int) -> Arrays:
    found = _state(fields, 0, "_assembled")
    if worst > 0:
        found |= _state(fields, worst, "")
    if pressed is not None:
        found |= _state(pressed, 0, "_pressed")
    found["near_ends_of_contact"] = near_ends(joint, part).astype(np.uint8)
    return found


def _state(fields: Fields, row: int, suffix: str) -> Arrays:
    return {
        f"displacement_mm{suffix}": fields.displacement[row],
        f"stress_MPa{suffix}": fields.stress[row],
        f"von_Mises_MPa{suffix}": von_mises(fields.stress[row]),
    }


def _contact_arrays(interface: Interface, state: State, suffix: str) -> Arrays:
    return {
        f"pressure_MPa{suffix}": state.traction[:, 0],
        f"friction_axial_MPa{suffix}": state.traction[:, 1],
        f"friction_circumferential_MPa{suffix}": state.traction[:, 2],
        f"gap_um{suffix}": 1000 * np.maximum(interface.fit + state.jump[:, 0], 0.0),
        f"slide_axial_um{suffix}": 1000 * state.jump[:, 1],
        f"slide_circumferential_um{suffix}": 1000 * state.jump[:, 2],
        f"status{suffix}": state.status.astype(np.int64),
    }
