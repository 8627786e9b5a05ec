"""What a taper joint reports: seat and hold after assembly, fretting over the cycle, stress of its metal."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from fea.case.taper import TaperCase
from fea.case.taper_forms import left_for_torque, pull_off
from fea.mesh.parts import Part
from fea.post.body_quantities import nodal_volumes
from fea.post.interface_quantities import roughness
from fea.post.micromotion import area_percent, area_percentile, judged_states
from fea.post.quantity import Quantity, peak_row, place_of, with_errors
from fea.post.tensors import von_mises
from fea.solution import Fields, Interface, State, Walk, instants_of
from fea.status import Status
from fea.study import Study
from fea.taper.fretting import PER_AREA, EnergyBalance, Fretting, energy_balance, fretting
from materials.material import Material

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

SEATED, PRESSED = "after assembly", "at the greatest force of assembly"
CYCLE = "over the judged cycle"
CONTACT = "cone inside the socket"
#: Limits of slip whose areas are told, um.
LIMITS_um = (5.0, 50.0)
#: What peaks leave out.
LEFT_OUT = "the ends of the contact, the held face"
#: Shift of the limit of a share whose effect is its local error.
_SHIFT = 0.05


def taper_quantities(joint: TaperCase, study: Study) -> tuple[Quantity, ...]:
    """Return every quantity of a joint, with errors where a companion mesh tells them.

    Parameters
    ----------
    joint : TaperCase
    study : Study
    """
    found = _all_of(joint, study)
    if study.coarse is None:
        return found
    ratio = study.coarse.mesh.element_size / study.mesh.element_size
    return with_errors(found, _all_of(joint, study.coarse), ratio)


def _all_of(joint: TaperCase, study: Study) -> tuple[Quantity, ...]:
    stresses = stress_quantities(joint, study) if study.walk.loss is None else ()
    balance = balance_of(study)
    missing = None if balance is None else abs(balance.work - balance.stored - balance.friction)
    return (*contact_quantities(joint, study.interface, study.walk, missing), *stresses)


def balance_of(study: Study) -> EnergyBalance | None:
    """Return the energy balance of the judged cycle; None without one."""
    states = judged_states(study.walk)
    if study.loop is None or not states:
        return None
    return energy_balance(study.loop, sum(state.dissipation for state in states))


def contact_quantities(
    joint: TaperCase, interface: Interface, walk: Walk, missing: float | None = None
) -> tuple[Quantity, ...]:
    """Return what interface and history tell; after a loss the seat alone.

    Parameters
    ----------
    joint : TaperCase
    interface : Interface
    walk : Walk
    missing : float, N mm
        What the energy balance of the cycle misses; None where it was not held.
    """
    found = [*_seat(joint, interface, walk)]
    states = judged_states(walk)
    if states:
        found += _hold(joint, interface, walk, states)
        done = fretting(interface, walk.press_fit, states, cycle_before(walk))
        found += _fretting(interface, done, missing)
        found += _settled(interface, walk)
    return tuple(found)


def cycle_before(walk: Walk) -> State | None:
    """Return the instant before the judged cycle; None where the first cycle is judged."""
    whole = [cycle for cycle in walk.cycles if len(cycle) == len(walk.percent)]
    return whole[-2][-1] if len(whole) > 1 else None


def seating(interface: Interface, state: State) -> float:
    """Return how far the cone stands in the socket beyond touching, mean over the contact, mm."""
    along = (
        state.jump[:, 0] * interface.normal[:, 2]
        + state.jump[:, 1] * interface.axial[:, 2]
        + state.jump[:, 2] * interface.circumferential[:, 2]
    )
    return -float(np.average(along, weights=interface.area))


def normal_force(interface: Interface, state: State) -> float:
    """Return the integral of pressure over the contact, N."""
    return float(state.traction[:, 0] @ interface.area)


def torque_capacity(joint: TaperCase, interface: Interface, state: State) -> float:
    """Return the torque that turns the cone, N mm: what friction has left, times p r over the contact."""
    radius = np.hypot(interface.points[:, 0], interface.points[:, 1])
    friction = float(interface.friction.max(initial=0.0))
    share = left_for_torque(joint.half_angle, friction, held=joint.screw_preload is not None)
    return share * float((state.traction[:, 0] * radius) @ interface.area)


def hold_of(joint: TaperCase, interface: Interface, state: State) -> tuple[float, float]:
    """Return pull-off force and torque capacity of a joint as it is pressed at an instant, N and N mm."""
    friction = float(interface.friction.max(initial=0.0))
    force = pull_off(normal_force(interface, state), joint.half_angle, friction)
    # What a screw holds has to be overcome too.
    return force + (joint.screw_preload or 0.0), torque_capacity(joint, interface, state)


def _seat(joint: TaperCase, interface: Interface, walk: Walk) -> Iterator[Quantity]:
    seated, area = walk.press_fit, interface.area
    every = np.ones(len(area), dtype=bool)
    closed = seated.status != Status.OPEN
    if walk.assembly:
        peak = max(walk.assembly, key=lambda state: abs(float(state.wrench[2])))
        pushed = 1000 * seating(interface, peak)
        yield Quantity(
            "seating_pressed_um", "push of the cone beyond touching", pushed, "um", CONTACT, PRESSED
        )
    if joint.seating is None:
        left = 1000 * seating(interface, seated)
        yield Quantity("seating_um", "seat of the cone beyond touching", left, "um", CONTACT, SEATED)
    share = area_percent(closed, area, every)
    yield Quantity("contact_area_percent", "contact area", share, "%", CONTACT, SEATED)
    pressure = seated.traction[:, 0]
    mean = float(np.average(pressure, weights=area))
    yield Quantity("mean_pressure_MPa", "mean contact pressure", mean, "MPa", CONTACT, SEATED)
    row = peak_row(pressure, ~interface.rim)
    if row is not None:
        yield Quantity(
            "peak_pressure_MPa", "largest contact pressure away from the ends", float(pressure[row]), "MPa",
            CONTACT, SEATED, place=place_of(interface.points[row]),
            percentile99=area_percentile(pressure, area, 99.0),
            local_error=roughness(interface, pressure, row), left_out=LEFT_OUT,
        )  # fmt: skip
    if walk.loss is None:
        force, torque = hold_of(joint, interface, seated)
        yield Quantity(
            "pull_off_force_N",
            "pull-off force, N (f cos a - sin a) of the normal force",
            force,
            "N",
            CONTACT,
            SEATED,
        )
        yield Quantity(
            "torque_capacity_Nmm", "torque that turns the cone, by what friction has left", torque, "N mm",
            CONTACT, SEATED,
        )  # fmt: skip


def _hold(
    joint: TaperCase, interface: Interface, walk: Walk, states: tuple[State, ...]
) -> Iterator[Quantity]:
    """Yield what is left of contact and hold over the cycle."""
    area, every = interface.area, np.ones(len(interface.area), dtype=bool)
    at = partial(_at, walk)
    shares = [area_percent(state.status != Status.OPEN, area, every) for state in states]
    row = int(np.argmin(shares))
    yield at("contact_area_least_percent", "least contact area", shares[row], "%", row)
    closed = walk.press_fit.status != Status.OPEN
    opened = [area_percent(closed & (state.status == Status.OPEN), area, every) for state in states]
    row = int(np.argmax(opened))
    yield at("crevice_area_percent", "largest area that opens again after assembly", opened[row], "%", row)
    seated = normal_force(interface, walk.press_fit)
    if seated > 0.0:
        left = [100 * normal_force(interface, state) / seated for state in states]
        row = int(np.argmin(left))
        yield at(
            "normal_force_least_percent",
            "least normal force against that after assembly",
            left[row],
            "%",
            row,
        )
    pull, turn = hold_of(joint, interface, walk.press_fit)
    distraction = [-float(state.wrench[2]) for state in states]
    row = int(np.argmax(distraction))
    reserve = pull - max(distraction[row], 0.0)
    yield at(
        "pull_off_reserve_N", "pull-off force in reserve beyond the largest distraction", reserve, "N", row
    )
    torsion = [abs(float(state.wrench[5])) for state in states]
    row = int(np.argmax(torsion))
    yield at(
        "torque_reserve_Nmm", "torque in reserve beyond the largest torsion", turn - torsion[row], "N mm", row
    )


def _at(walk: Walk, name: str, title: str, value: float, unit: str, row: int) -> Quantity:
    percent = float(walk.percent[row])
    when = f"at {percent:g} % of the activity"
    return Quantity(name, title, value, unit, CONTACT, when, instant_percent=percent)


def _fretting(interface: Interface, done: Fretting, missing: float | None) -> Iterator[Quantity]:
    area, touching = interface.area, done.touching
    every = np.ones(len(area), dtype=bool)
    opened = 1000 * done.opening
    row = int(np.argmax(opened))
    yield Quantity(
        "largest_opening_um", "largest gap of what touched after assembly", float(opened[row]), "um", CONTACT,
        CYCLE, place=place_of(interface.points[row]) if opened[row] > 0 else None,
    )  # fmt: skip
    if not touching.any():
        return
    where = f"{CONTACT}, where it touches"
    for name, unit, words, values in (
        ("slip", "um", "slip, peak to peak", 1000 * done.slip),
        ("fretting_energy", "J_m2", "friction work per area in a cycle", PER_AREA * done.energy),
        ("wear_index", "MPa_um", "pressure times way of slip in a cycle", PER_AREA * done.index),
    ):
        yield from _spread(interface, touching, name, unit, words, where, values)
    for limit in LIMITS_um:
        share = partial(_share_above, done.slip, touching, area, every, limit / 1000)
        error = max(abs(share(factor) - share(1.0)) for factor in (1 - _SHIFT, 1 + _SHIFT))
        yield Quantity(
            f"slip_area_above_{limit:g}um_percent", f"area that slips by more than {limit:g} um", share(1.0),
            "%", CONTACT, CYCLE, local_error=error,
        )  # fmt: skip
    yield Quantity(
        "fretting_energy_mJ", "friction work of the joint in a cycle", done.total(area), "mJ", CONTACT, CYCLE,
        local_error=missing,
    )  # fmt: skip


def _share_above(
    slip: FloatArray, touching: BoolArray, area: FloatArray, every: BoolArray, limit: float, factor: float
) -> float:
    return area_percent(touching & (slip > factor * limit), area, every)


def _spread(
    interface: Interface,
    touching: BoolArray,
    name: str,
    unit: str,
    words: str,
    where: str,
    values: FloatArray,
) -> Iterator[Quantity]:
    """Yield 95th percentile, mean and largest value of a field over the contact."""
    area = interface.area[touching]
    values, points = values[touching], interface.points[touching]
    below, value, above = (area_percentile(values, area, percent) for percent in (94.0, 95.0, 96.0))
    told = {"um": "um", "J_m2": "J/m2", "MPa_um": "MPa um"}[unit]
    fill = partial(Quantity, unit=told, zone=where, when=CYCLE)
    error = max(above - value, value - below)
    yield fill(f"{name}_p95_{unit}", f"95th percentile of {words}", value, local_error=error)
    yield fill(f"{name}_mean_{unit}", f"mean {words}", float(np.average(values, weights=area)))
    row = int(np.argmax(values))
    yield fill(
        f"{name}_max_{unit}", f"largest {words}", float(values[row]), place=place_of(points[row]),
        percentile99=area_percentile(values, area, 99.0),
    )  # fmt: skip


def _settled(interface: Interface, walk: Walk) -> Iterator[Quantity]:
    """Yield what the last cycle still moved: how far the joint has shaken down."""
    whole = [cycle for cycle in walk.cycles if len(cycle) == len(walk.percent)]
    if len(whole) < 2:
        return
    crept = np.linalg.norm(whole[-1][-1].jump[:, 1:] - whole[-2][-1].jump[:, 1:], axis=1)
    yield Quantity(
        "creep_p95_um", "95th percentile of what the last cycle displaced for good",
        1000 * area_percentile(crept, interface.area, 95.0), "um", CONTACT, "between the last two cycles",
    )  # fmt: skip


def stress_quantities(joint: TaperCase, study: Study) -> tuple[Quantity, ...]:
    """Return the stresses of both bodies: in the cycle, and against yield with the assembly.

    Parameters
    ----------
    joint : TaperCase
    study : Study
    """
    found: list[Quantity] = []
    case = study.case
    bodies = (
        ("cone", study.mesh.stem, study.stem, case.stem_material, 0),
        ("socket", study.mesh.bone, study.bone, case.bone_material, 1),
    )
    for name, part, fields, material, side in bodies:
        pressed = None if study.pressed is None else study.pressed[side]
        found += _stresses(joint, study.walk, name, part, fields, material, pressed)
    return tuple(found)


def near_ends(joint: TaperCase, part: Part) -> BoolArray:
    """Tell which nodes lie where stress has no finite peak: the contact's ends, the held face, shape (n,)."""
    case, reach = joint.case, joint.case.mesh.interface
    across, level = np.hypot(part.points[:, 0], part.points[:, 1]), part.points[:, 2]
    near = np.zeros(len(part.points), dtype=bool)
    for end in (0.0, case.stem.length):
        radius = joint.socket.mouth_radius - joint.socket.slope * end
        near |= np.hypot(across - radius, level - end) <= reach
    return near | (level >= joint.socket.length - reach)


def stress_courses(
    walk: Walk, fields: Fields, pressed: Fields | None
) -> Iterator[tuple[FloatArray, str, float | None]]:
    """Yield von Mises stress at the nodes, its instant in words and percent: assembly, then the cycle."""
    if pressed is not None:
        for stress in instants_of(pressed.stress):
            yield von_mises(stress), PRESSED, None
    for row, stress in enumerate(instants_of(fields.stress)):
        percent = None if row == 0 else float(walk.percent[row - 1])
        yield von_mises(stress), SEATED if percent is None else f"at {percent:g} % of the activity", percent


def _stresses(
    joint: TaperCase,
    walk: Walk,
    name: str,
    part: Part,
    fields: Fields,
    material: Material,
    pressed: Fields | None,
) -> Iterator[Quantity]:
    allowed = ~near_ends(joint, part)
    courses = list(_peaks(walk, fields, pressed, allowed))
    strength = material.strengths.get("yield_strength")
    where = f"{name}, away from the ends of the contact"
    largest: Callable[[tuple[float, int, str, float | None]], float] = lambda peak: peak[0]  # noqa: E731
    in_cycle = [peak for peak in courses if peak[3] is not None] or courses[-1:]
    worst = max(in_cycle, key=largest)
    fill = partial(Quantity, zone=where, left_out=LEFT_OUT, local_error=float(fields.stress_error[worst[1]]))
    yield fill(
        name=f"{name}_von_mises_MPa", title=f"largest von Mises stress in the {name} in the cycle",
        value=worst[0], unit="MPa", when=worst[2], place=place_of(part.points[worst[1]]),
        instant_percent=worst[3],
        percentile99=_percentile(walk, fields, pressed, worst, part, allowed),
    )  # fmt: skip
    if strength is not None:
        worst = max(courses, key=largest)
        share = 100 / strength.value
        yield Quantity(
            f"{name}_yield_percent", f"largest von Mises stress in the {name}, of its yield strength",
            share * worst[0], "%", f"{where}; {strength.value:g} MPa, grade {strength.grade}", worst[2],
            place=place_of(part.points[worst[1]]), instant_percent=worst[3],
            local_error=share * float(fields.stress_error[worst[1]]), left_out=LEFT_OUT,
        )  # fmt: skip


def _peaks(
    walk: Walk, fields: Fields, pressed: Fields | None, allowed: BoolArray
) -> Iterator[tuple[float, int, str, float | None]]:
    for stress, when, percent in stress_courses(walk, fields, pressed):
        row = peak_row(stress, allowed)
        assert row is not None, "the reach of the ends is an element's size"
        yield float(stress[row]), row, when, percent


def _percentile(
    walk: Walk, fields: Fields, pressed: Fields | None, worst: tuple[float, int, str, float | None],
    part: Part, allowed: BoolArray,
) -> float:  # fmt: skip
    for stress, when, _ in stress_courses(walk, fields, pressed):
        if when == worst[2]:
            return area_percentile(stress[allowed], nodal_volumes(part)[allowed], 99.0)
    return math.nan
