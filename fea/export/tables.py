"""Results as tables: one row a zone, one an instant, one a vertex of the interface.

Units stand in the names of the columns; a cell is empty where there is no number, as of micromotion where
there is no contact. Numbers have all their digits.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from fea.export.source import Source, Written
from fea.post.micromotion import judged_states, micromotion
from fea.post.series import Series, series
from fea.post.vtk_arrays import interface_arrays, interface_constants, interface_cycle_arrays
from fea.post.zones import ZoneValues, zone_names, zone_table
from fea.study import Study

#: Columns of a table by name, of one length.
Table = Mapping[str, Iterable[Any]]

_WRENCH = ("force_x_N", "force_y_N", "force_z_N", "moment_x_N_mm", "moment_y_N_mm", "moment_z_N_mm")


def tables(source: Source, folder: Path) -> Written:
    """Write ``<case>_zones.csv``, ``<case>_instants.csv`` and ``<case>_interface.csv``."""
    study = source.solved()
    found = {"zones": zones(study), "instants": instants(study), "interface": interface(study)}
    facts = []
    for name, table in found.items():
        path = folder / f"{source.name}_{name}.csv"
        facts.append((path.name, f"{_write(table, path)} rows"))
    return Written(facts[0][0], tuple(facts))


def zones(study: Study) -> Table:
    """Return what each zone of levels and quadrants reports, over the whole judged cycle."""
    motion = micromotion(study.walk) if judged_states(study.walk) else None
    rows = zone_table(study.interface, study.case.stem, study.walk.press_fit, motion)
    bands = next((row.bands for row in rows if row.bands is not None), {})

    def column(attribute: str) -> list[Any]:
        return [getattr(row, attribute) for row in rows]

    def share(row: ZoneValues, band: str) -> float | None:
        return None if row.bands is None else row.bands[band]

    return {
        "zone": column("name"),
        "level": column("level"),
        "quadrant": column("quadrant"),
        "area_mm2": column("area"),
        "contact_area_press_fit_percent": column("contact_percent"),
        "mean_pressure_press_fit_MPa": column("mean_pressure"),
        "micromotion_mean_um": column("micromotion_mean_um"),
        "micromotion_p95_um": column("micromotion_p95_um"),
        "micromotion_max_um": column("micromotion_max_um"),
        **{f"micromotion_area_{band}_percent": [share(row, band) for row in rows] for band in bands},
        "migration_mean_um": column("migration_mean_um"),
        "largest_opening_um": column("largest_opening_um"),
    }


def instants(study: Study) -> Table:
    """Return the course of the judged cycle, or with loss of fixation of the last instants before it."""
    course: Series = series(study)
    return {
        "activity_percent": course.percent,
        **dict(zip(_WRENCH, course.wrench.T, strict=True)),
        **{f"moment_at_cut_{axis}_N_mm": course.moment_at_cut[:, k] for k, axis in enumerate("xyz")},
        "contact_area_percent": course.contact_area_percent,
        "slip_area_percent": course.slip_area_percent,
        **{
            f"micromotion_area_{band}_percent": values
            for band, values in course.micromotion_area_percent.items()
        },
        "pressure_p50_MPa": course.pressure_p50_MPa,
        "pressure_p95_MPa": course.pressure_p95_MPa,
        "pressure_p99_MPa": course.pressure_p99_MPa,
        "collar_force_N": course.collar_force_N,
        "collar_axial_share_percent": course.collar_share_percent,
        "friction_work_N_mm": course.dissipation,
    }


def interface(study: Study) -> Table:
    """Return every vertex of the interface: place, zone, press-fit, and what the judged cycle did there."""
    surface, constants = study.interface, interface_constants(study)
    seated = interface_arrays(study, study.walk.press_fit)
    straight, names = surface.straight, (*zone_names(study.case.stem), "")
    states = judged_states(study.walk)
    pressures = np.array([state.traction[:, 0] for state in states])
    angle = np.degrees(np.arctan2(straight[:, 1], straight[:, 0]))
    return {
        "vertex": np.arange(1, len(surface.points) + 1),
        **{f"{axis}_mm": surface.points[:, k] for k, axis in enumerate("xyz")},
        **{f"normal_{axis}": surface.normal[:, k] for k, axis in enumerate("xyz")},
        "level_mm": straight[:, 2],
        "angle_from_anterior_deg": angle,
        "contact_zone": [surface.zones[code] for code in surface.zone],
        "zone": [names[code] for code in constants["gruen_zone"]],
        "area_mm2": surface.area,
        "friction": surface.friction,
        "radial_interference_um": constants["radial_interference_um"],
        "near_rim": constants["near_rim"],
        "pressure_press_fit_MPa": seated["contact_pressure_MPa"],
        "gap_press_fit_um": seated["gap_um"],
        **interface_cycle_arrays(study),
        **(
            {"pressure_least_MPa": pressures.min(axis=0), "pressure_largest_MPa": pressures.max(axis=0)}
            if states
            else {}
        ),
    }


def _write(table: Table, path: Path) -> int:
    rows = list(zip(*(map(_cell, column) for column in table.values()), strict=True))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table)
        writer.writerows(rows)
    return len(rows)


def _cell(value: Any) -> Any:
    """Return what a cell holds: a word, a whole number, all digits of a number, or nothing."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return repr(value) if np.isfinite(value) else ""
    return "" if value is None else value
