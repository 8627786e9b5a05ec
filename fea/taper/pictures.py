"""The pictures of a solved joint, as files, and the plots of its page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray

from fea.case.taper import TaperCase
from fea.post import tokens
from fea.post.micromotion import judged_states
from fea.post.plots import Plot, figure, svg_of
from fea.post.quantity import Quantity
from fea.post.render.gallery import Picture
from fea.post.render.sheet import Sheet
from fea.post.render.taper_views import (
    Field,
    JointView,
    contact_picture,
    joint_mesh_picture,
    joint_picture,
    joint_stress_picture,
)
from fea.post.tensors import von_mises
from fea.solution import State
from fea.status import Status
from fea.study import Study
from fea.taper.fretting import PER_AREA, fretting
from fea.taper.quantities import CONTACT, cycle_before, near_ends, normal_force

FloatArray = NDArray[np.float64]


def draw_joint(
    joint: TaperCase, study: Study, quantities: tuple[Quantity, ...], folder: Path,
    progress: Callable[[str], None] | None = None,
) -> tuple[Picture, ...]:  # fmt: skip
    """Draw every picture that a joint can show, as PNG files.

    Parameters
    ----------
    joint : TaperCase
    study : Study
    quantities : tuple of Quantity
        What the legends tell.
    folder : Path
        An existing folder.
    progress : callable, optional
        Told the name of each picture when it is written.
    """
    pictures = []
    with mpl.rc_context(tokens.style()):
        for name, sheet in _sheets(joint, study, quantities):
            path = sheet.save(folder / f"{name}.png")
            pictures.append(Picture(name, path, sheet.question, sheet.says, sheet.width, sheet.height))
            if progress is not None:
                progress(name)
    return tuple(pictures)


def view_of(joint: TaperCase, study: Study) -> JointView:
    """Return a joint as it is drawn."""
    forces = [state.wrench[:3] for cycle in study.walk.cycles for state in cycle]
    words = f"pushed in by {joint.force:g} N" if joint.force else (
        f"pulled in by a screw of {joint.screw_preload:g} N" if joint.screw_preload
        else f"pushed in by {1000 * (joint.seating or 0.0):g} µm"
    )  # fmt: skip
    return JointView(
        mesh=study.mesh,
        engagement=joint.case.stem.length,
        depth=joint.socket.depth,
        length=joint.socket.length,
        reference=joint.case.reference_point,
        load=max(forces, key=lambda force: float(np.linalg.norm(force)), default=None),
        assembled=words,
    )


def _sheets(joint: TaperCase, study: Study, quantities: tuple[Quantity, ...]) -> Iterator[tuple[str, Sheet]]:
    view, told = view_of(joint, study), {quantity.name: quantity for quantity in quantities}
    yield "assembly", joint_picture(view)
    yield "mesh", joint_mesh_picture(view)
    seated, interface = study.walk.press_fit, study.interface
    states = judged_states(study.walk)
    shown = [Field("after assembly", seated.traction[:, 0], [seated])]
    instant = "After assembly, before any load"
    if states:
        row, loaded = _worst(study, states)
        shown.append(Field(f"at {row:.3g} % of the cycle", loaded.traction[:, 0], [loaded]))
        instant = f"After assembly, and where bending is greatest: {_activity(study)}"
    yield (
        "unrolled_pressure",
        contact_picture(
            "Where is the cone pressed?", instant, interface, shown, tokens.TAPER_PRESSURE,
            _rows(told, "contact_area_percent", "mean_pressure_MPa", "peak_pressure_MPa"),
        ),
    )  # fmt: skip
    if not states:
        return
    done = fretting(interface, seated, states, cycle_before(study.walk))
    words = f"Over the judged cycle, number {len(study.walk.cycles)} of: {_activity(study)}"
    yield (
        "unrolled_slip",
        contact_picture(
            "Where does the joint fret?", words, interface,
            [Field("", 1000 * done.slip, states)], tokens.SLIP,
            _rows(told, "slip_p95_um", "slip_max_um", "slip_area_above_5um_percent", "crevice_area_percent"),
        ),
    )  # fmt: skip
    yield (
        "unrolled_energy",
        contact_picture(
            "Where is work lost to friction?", words, interface,
            [Field("", PER_AREA * done.energy, states)], tokens.FRICTION_WORK,
            _rows(told, "fretting_energy_mJ", "fretting_energy_p95_J_m2", "fretting_energy_max_J_m2",
                  "wear_index_p95_MPa_um"),
        ),
    )  # fmt: skip
    worst = told.get("socket_von_mises_MPa")
    if worst is not None and worst.instant_percent is not None:
        row = int(np.argmin(np.abs(study.walk.percent - worst.instant_percent)))
        stress = tuple(von_mises(fields.stress[row + 1]) for fields in (study.stem, study.bone))
        ends = near_ends(joint, study.mesh.stem), near_ends(joint, study.mesh.bone)
        when = f"{_activity(study)}: {worst.instant_percent:.3g} % of the cycle, the worst for the socket"
        yield "von_mises", joint_stress_picture(view, (stress[0], stress[1]), ends, when)


#: What legends call quantities.
_SHORT = {
    "contact_area_percent": "Contact area after assembly",
    "mean_pressure_MPa": "Mean pressure after assembly",
    "peak_pressure_MPa": "Largest then, off the ends",
    "slip_p95_um": "95 % of the contact slips less than",
    "slip_max_um": "Largest",
    "slip_area_above_5um_percent": "Area that slips by more than 5 µm",
    "crevice_area_percent": "Area that opens again",
    "fretting_energy_mJ": "Of the whole joint",
    "fretting_energy_p95_J_m2": "95 % of the contact lose less than",
    "fretting_energy_max_J_m2": "Largest",
    "wear_index_p95_MPa_um": "p × slip, 95 % of the contact",
}


def _rows(told: dict[str, Quantity], *names: str) -> list[tuple[str, str]]:
    units = {"um": "µm", "MPa um": "MPa µm", "J/m2": "J/m²"}
    shown = [told[name] for name in names if name in told]
    return [(_SHORT[q.name], f"{q.value:.3g} {units.get(q.unit, q.unit)}") for q in shown]


def _worst(study: Study, states: tuple[State, ...]) -> tuple[float, State]:
    """Return percent and state of the instant at which the joint is bent most."""
    moments = [float(np.linalg.norm(state.wrench[3:5])) for state in states]
    row = int(np.argmax(moments))
    return float(study.walk.percent[row]), states[row]


def _activity(study: Study) -> str:
    activity = study.case.activity
    return "no activity" if activity is None else activity.history.title


def joint_plots(joint: TaperCase, study: Study) -> tuple[Plot, ...]:
    """Draw normal force, contact and friction work over the judged cycle."""
    states = judged_states(study.walk)
    if len(states) < 2:
        return ()
    percent, interface = study.walk.percent, study.interface
    seated = normal_force(interface, study.walk.press_fit)
    area = interface.area
    courses = (
        (
            "normal_force", "How much of its press does the joint keep?",
            "normal force, % of that after assembly",
            [100 * normal_force(interface, state) / max(seated, 1e-12) for state in states], 100.0,
        ),
        (
            "contact", "How much of the cone touches?", "area in contact, %",
            [100 * float(area[state.status != Status.OPEN].sum()) / float(area.sum()) for state in states],
            None,
        ),
        (
            "work", "When is work lost to friction?", "friction work since the cycle's begin, mJ",
            np.cumsum([state.dissipation for state in states]).tolist(), None,
        ),
    )  # fmt: skip
    plots = []
    with mpl.rc_context(tokens.style()):
        for name, title, label, values, level in courses:
            drawn, (axes,) = figure(240.0)
            axes.plot(percent, values, color=tokens.LINES[0])
            if level is not None:
                axes.axhline(level, color=tokens.QUIET, lw=tokens.HAIR, ls="--")
            axes.set_xlim(0.0, 100.0)
            if level is None:
                axes.set_ylim(bottom=0.0)
            axes.set_xlabel(f"percent of the cycle: {_activity(study)}")
            axes.set_ylabel(label)
            alt = f"{label[0].upper()}{label[1:]}, over {CONTACT}: {min(values):.3g} to {max(values):.3g}."
            plots.append(Plot(name, title, svg_of(drawn), alt))
    return tuple(plots)
