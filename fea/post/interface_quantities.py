"""What the interface reports: contact after the press-fit, micromotion, migration, the collar."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from fea.mesh.parts import Part
from fea.post.micromotion import (
    PLATE,
    BAND_EDGES_um,
    Micromotion,
    area_bands,
    area_percentile,
    judged_states,
    micromotion,
)
from fea.post.quantity import CYCLE, PRESS_FIT, Quantity, peak_row, place_of
from fea.post.reference import ReferenceArea, coated_areas, reference_area
from fea.post.rims import RIMS_OF_ZONES
from fea.solution import Interface, State, Walk
from fea.status import Status
from geometry.zones import COLLAR, LAG_SCREW, OFF_FLANK

FloatArray = NDArray[np.float64]

#: Shift of the limit of a judged share whose effect is its local error: what micromotion itself is known to.
SHIFT = 0.05

_BAND_TITLES = {
    "below_28um": "area that moves less than 28 um",
    "below_40um": "area that moves less than 40 um",
    "40_to_50um": "area that moves 40 to 50 um",
    "50_to_150um": "area that moves 50 to 150 um",
    "above_150um": "area that moves more than 150 um",
    "no_contact": "area that is open at every instant",
}


def interface_quantities(interface: Interface, walk: Walk, stem: Part) -> tuple[Quantity, ...]:
    """Return every quantity that interface and walk alone can tell.

    Parameters
    ----------
    interface : Interface
    walk : Walk
        With a loss of fixation, or without an activity, only the press-fit reports.
    stem : Part
        The meshed stem, whose coating is the reference area.

    Returns
    -------
    tuple of Quantity
    """
    reference = reference_area(interface, stem)
    found = [*_press_fit(interface, walk.press_fit, reference)]
    states, coatings = judged_states(walk), coated_areas(interface, stem)
    found += [_contact_of(name, area, walk.press_fit) for name, area in coatings.items()]
    if states:
        motion = micromotion(walk)
        found += _micromotion(interface, motion, reference)
        for name, area in coatings.items():
            found += _micromotion_of(name, interface, motion, area)
        found += _migration(interface, motion, reference)
        found += _contact_over_cycle(interface, walk, states, reference)
    return tuple(found)


def collar_force(interface: Interface, state: State) -> float:
    """Return the axial force (N, along +z on the bone) that passes through the collar."""
    return _axial_force(interface, state, COLLAR)


def _axial_force(interface: Interface, state: State, zone: str) -> float:
    """Return the axial force (N, along +z on the bone) that passes through a zone."""
    here = interface.within(zone)
    pressure, axial, around = state.traction[here].T
    along_z = (
        pressure * interface.normal[here, 2]
        + axial * interface.axial[here, 2]
        + around * interface.circumferential[here, 2]
    )
    return float(interface.area[here] @ along_z)


def _press_fit(interface: Interface, state: State, reference: ReferenceArea) -> Iterator[Quantity]:
    mask, zone = reference.mask, reference.name
    yield Quantity(
        "contact_area_percent",
        "contact area",
        reference.percent(state.status != Status.OPEN),
        "%",
        zone,
        PRESS_FIT,
    )
    pressure = state.traction[:, 0]
    for name in interface.zones:
        here = interface.within(name)
        if (name != COLLAR or zone == PLATE) and here.any():
            mean = float(np.average(pressure[here], weights=interface.area[here]))
            title = "mean contact pressure"
            yield Quantity(
                f"mean_pressure_{name}_MPa", f"{title}, {name} zone", mean, "MPa", f"{name} zone", PRESS_FIT
            )
    judged = mask & ~interface.rim
    row = peak_row(pressure, judged)
    if row is not None:
        yield Quantity(
            "peak_pressure_MPa",
            "largest contact pressure away from rims",
            float(pressure[row]),
            "MPa",
            f"{zone}, away from rims",
            PRESS_FIT,
            place=place_of(interface.points[row]),
            percentile99=area_percentile(pressure[judged], interface.area[judged], 99.0),
            local_error=roughness(interface, pressure, row),
            left_out=RIMS_OF_ZONES,
        )


def _contact_of(name: str, area: ReferenceArea, state: State) -> Quantity:
    """Return the contact area of one of several coatings."""
    share = area.percent(state.status != Status.OPEN)
    return Quantity(
        f"contact_area_{name}_percent", f"contact area, {area.name}", share, "%", area.name, PRESS_FIT
    )


def _micromotion_of(
    name: str, interface: Interface, motion: Micromotion, area: ReferenceArea
) -> Iterator[Quantity]:
    """Yield what is judged of all coatings together, for one of several."""
    bands = area_bands(motion.resulting, motion.touching, interface.area, area.mask, area.area)
    for band, error in _shares_shifted(motion, area).items():
        title = f"{_BAND_TITLES[band]}, {area.name}"
        yield Quantity(
            f"micromotion_area_{band}_{name}_percent", title, bands[band], "%", area.name, CYCLE,
            local_error=error,
        )  # fmt: skip
    touching = area.mask & motion.touching
    if touching.any():
        p95, error = _ninety_fifth(1000 * motion.resulting[touching], interface.area[touching])
        title = f"95th percentile of resulting micromotion, {area.name}"
        where = f"{area.name}, where it touches"
        yield Quantity(f"micromotion_p95_{name}_um", title, p95, "um", where, CYCLE, local_error=error)


def roughness(interface: Interface, values: FloatArray, row: int) -> float:
    """Return how far a vertex stands off the mean of its surroundings.

    Parameters
    ----------
    interface : Interface
    values : ndarray, shape (n,)
    row
        The vertex.

    Returns
    -------
    float
        Difference from the mean by area over it and the vertices that share a facet with it.
    """
    round_it = np.unique(interface.facets[(interface.facets == row).any(axis=1)])
    if not len(round_it):
        return 0.0
    return float(abs(values[row] - np.average(values[round_it], weights=interface.area[round_it])))


def _micromotion(interface: Interface, motion: Micromotion, reference: ReferenceArea) -> Iterator[Quantity]:
    mask, zone = reference.mask, reference.name
    bands = area_bands(motion.resulting, motion.touching, interface.area, mask, reference.area)
    local = _shares_shifted(motion, reference)
    one_vertex = 100 * float(interface.area[mask].max(initial=0.0)) / reference.area
    for band, value in bands.items():
        yield Quantity(
            f"micromotion_area_{band}_percent", _BAND_TITLES[band], value, "%", zone, CYCLE,
            local_error=local.get(band, one_vertex),
        )  # fmt: skip
    touching = mask & motion.touching
    if not touching.any():
        return
    where, area = f"{zone}, where it touches", interface.area[touching]
    fill = partial(Quantity, unit="um", zone=where, when=CYCLE)
    moved = 1000 * motion.resulting[touching]
    ninety_fifth = partial(_ninety_fifth, area=area)
    p95, p95_error = ninety_fifth(moved)
    row = int(np.argmax(moved))
    yield fill("micromotion_p95_um", "95th percentile of resulting micromotion", p95, local_error=p95_error)
    yield fill("micromotion_mean_um", "mean resulting micromotion", float(np.average(moved, weights=area)))
    yield fill(
        "micromotion_max_um",
        "largest resulting micromotion",
        float(moved[row]),
        place=place_of(interface.points[touching][row]),
        percentile99=area_percentile(moved, area, 99.0),
    )
    p95, p95_error = ninety_fifth(1000 * motion.reference[touching])
    title = "95th percentile of reference micromotion"
    yield fill("micromotion_reference_p95_um", title, p95, local_error=p95_error)
    p95, p95_error = ninety_fifth(1000 * motion.incremental[touching])
    step = f"95th percentile of micromotion in increments of {motion.increment_percent:g} % of the activity"
    yield fill("micromotion_incremental_p95_um", step, p95, local_error=p95_error)


def _ninety_fifth(values: FloatArray, area: FloatArray) -> tuple[float, float]:
    """Return the 95th percentile, and as its local error what a percent more or less of the area changes."""
    below, value, above = (area_percentile(values, area, percent) for percent in (94.0, 95.0, 96.0))
    return value, max(above - value, value - below)


def _shares_shifted(motion: Micromotion, reference: ReferenceArea) -> dict[str, float]:
    """Return the largest change of each judged share when its limit is shifted by `SHIFT`."""

    def change(share: Callable[[float], float]) -> float:
        return max(abs(share(factor) - share(1.0)) for factor in (1.0 - SHIFT, 1.0 + SHIFT))

    small, large = BAND_EDGES_um[1] / 1000, BAND_EDGES_um[3] / 1000
    moved, touching = motion.resulting, motion.touching
    return {
        "below_40um": change(lambda factor: reference.percent(touching & (moved < factor * small))),
        "above_150um": change(lambda factor: reference.percent(touching & (moved > factor * large))),
    }


def _migration(interface: Interface, motion: Micromotion, reference: ReferenceArea) -> Iterator[Quantity]:
    mask, zone = reference.mask, reference.name
    plate = zone == PLATE
    flank = mask if plate else ~interface.within(*OFF_FLANK)
    area, when = interface.area, "from press-fit to the judged cycle"
    moved = 1000 * motion.migration[mask]
    p95, p95_error = _ninety_fifth(moved, area[mask])
    yield Quantity(
        "migration_p95_um", "95th percentile of migration", p95, "um", zone, when, local_error=p95_error
    )
    if not plate:  # a plate on the cut cannot migrate along its normal
        sunk = 1000 * float(np.average(motion.axial_migration[flank], weights=area[flank]))
        title = "mean migration of the stem into the bone"
        yield Quantity("migration_axial_mean_um", title, sunk, "um", "stem flank", when)
    row = peak_row(motion.opening, flank)
    assert row is not None, "a stem has a flank"
    yield Quantity(
        "largest_opening_um",
        "largest opening of the gap since the press-fit",
        1000 * float(motion.opening[row]),
        "um",
        zone if plate else "stem flank",
        CYCLE,
        place=place_of(interface.points[row]),
    )


def _contact_over_cycle(
    interface: Interface, walk: Walk, states: Sequence[State], reference: ReferenceArea
) -> Iterator[Quantity]:
    zone = reference.name
    shares = [reference.percent(state.status != Status.OPEN) for state in states]
    row = int(np.argmin(shares))
    percent = float(walk.percent[row])
    yield Quantity(
        "contact_area_least_percent", "least contact area", shares[row], "%", zone, CYCLE,
        instant_percent=percent,
    )  # fmt: skip
    if zone == PLATE:
        # It carries preload and load, whole: how little is left is what counts, not its share.
        forces = [collar_force(interface, state) for state in states]
        row = int(np.argmin(forces))
        yield Quantity(
            "plate_force_least_N", "least axial force that presses the plate on the cut", forces[row], "N",
            zone, f"at {walk.percent[row]:g} % of the activity", instant_percent=float(walk.percent[row]),
        )  # fmt: skip
        return
    axial = np.array([state.wrench[2] for state in states])
    row = int(np.argmax(np.abs(axial)))
    if abs(axial[row]) > 0:
        percent = float(walk.percent[row])
        yield Quantity(
            "collar_axial_share_percent",
            "share of the axial load that the collar carries",
            100 * collar_force(interface, states[row]) / float(axial[row]),
            "%",
            COLLAR if interface.within(COLLAR).any() else "no collar",
            f"at {percent:g} % of the activity, the greatest axial load",
            instant_percent=percent,
        )
        if interface.within(LAG_SCREW).any():
            yield Quantity(
                "lag_screw_axial_share_percent",
                "share of the axial load that the lag screw carries",
                100 * _axial_force(interface, states[row], LAG_SCREW) / float(axial[row]),
                "%",
                LAG_SCREW,
                f"at {percent:g} % of the activity, the greatest axial load",
                instant_percent=percent,
            )
