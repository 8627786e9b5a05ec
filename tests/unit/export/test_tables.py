"""Tables of a solved case, read back by the csv module, against closed forms and the study's own numbers."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from fea.export.source import Source
from fea.export.tables import tables
from fea.study import Study
from tests.unit.post.synthetic import AXIAL_LOAD, amplitude, never_touching

Rows = list[dict[str, str]]
DOCS = Path(__file__).parents[3] / "docs" / "export.md"


@pytest.fixture(scope="module")
def read(solved: Source, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rows]:
    folder = tmp_path_factory.mktemp("csv")
    assert tables(solved, folder).main == "synthetic_zones.csv"
    found = {}
    for path in folder.iterdir():
        with path.open(encoding="utf-8", newline="") as file:
            found[path.stem.removeprefix("synthetic_")] = list(csv.DictReader(file))
    assert set(found) == {"zones", "instants", "interface"}
    return found


@pytest.fixture(scope="module")
def study(solved: Source) -> Study:
    return solved.solved()


def column(rows: Rows, name: str) -> np.ndarray:
    """A column as numbers, an empty cell as not a number."""
    return np.array([float(row[name] or "nan") for row in rows])


def test_every_vertex_is_a_row_with_all_its_digits(read: dict[str, Rows], study: Study) -> None:
    rows, interface = read["interface"], study.interface
    assert column(rows, "vertex").tolist() == list(range(1, len(interface.points) + 1))
    places = np.stack([column(rows, f"{axis}_mm") for axis in "xyz"], axis=1)
    assert np.array_equal(places, interface.points)
    assert np.array_equal(column(rows, "area_mm2"), interface.area)
    assert np.array_equal(column(rows, "pressure_press_fit_MPa"), study.walk.press_fit.traction[:, 0])
    assert [row["contact_zone"] for row in rows] == [interface.zones[code] for code in interface.zone]


def test_micromotion_is_twice_the_amplitude_and_empty_without_contact(
    read: dict[str, Rows], study: Study
) -> None:
    """Slides go by amplitude times cos 2 pi t, whose greatest difference is 2; round-off."""
    rows, interface = read["interface"], study.interface
    found = column(rows, "micromotion_resulting_um")
    closed = 2000 * amplitude(interface) * (interface.zone != 2)
    apart = never_touching(interface)
    assert np.isnan(found[apart]).all()
    assert found[~apart] == pytest.approx(closed[~apart], rel=1e-12)
    assert np.array_equal(column(rows, "touching") == 1, ~apart)


def test_pressures_of_the_cycle_are_its_extremes(read: dict[str, Rows], study: Study) -> None:
    pressures = np.array([state.traction[:, 0] for state in study.walk.judged])
    assert np.array_equal(column(read["interface"], "pressure_largest_MPa"), pressures.max(axis=0))
    assert np.array_equal(column(read["interface"], "pressure_least_MPa"), pressures.min(axis=0))


def test_zones_gather_their_vertices(read: dict[str, Rows]) -> None:
    """Areas sum, pressures are means by area, the largest micromotion is a vertex's own."""
    vertices = read["interface"]
    area, pressure = column(vertices, "area_mm2"), column(vertices, "pressure_press_fit_MPa")
    moved = column(vertices, "micromotion_resulting_um")
    zone = np.array([row["zone"] for row in vertices])
    assert {row["zone"] for row in read["zones"]} == set(zone.tolist()) - {""}
    for row in read["zones"]:
        here = zone == row["zone"]
        assert row["zone"] == f"{row['level']}, {row['quadrant']}"
        assert float(row["area_mm2"]) == pytest.approx(area[here].sum(), rel=1e-12)
        mean = np.average(pressure[here], weights=area[here])
        assert float(row["mean_pressure_press_fit_MPa"]) == pytest.approx(mean, rel=1e-12)
        assert float(row["micromotion_max_um"]) == np.nanmax(moved[here])
        below = area[here & (moved < 40.0)].sum() / area[here].sum()
        assert float(row["micromotion_area_below_40um_percent"]) == pytest.approx(100 * below, abs=1e-9)


def test_instants_have_the_load_at_the_reference_point_and_at_the_cut(read: dict[str, Rows]) -> None:
    """The axial load goes by sin^2 pi t; at the cut 30 N forward add their arm of -90 mm about y."""
    rows = read["instants"]
    percent = column(rows, "activity_percent")
    load = np.sin(np.pi * percent / 100) ** 2
    assert percent.tolist() == [100 * k / 12 for k in range(12)]
    assert column(rows, "force_z_N") == pytest.approx(AXIAL_LOAD * load, abs=1e-9)
    assert column(rows, "moment_y_N_mm") == pytest.approx(17_000 * load, abs=1e-9)
    assert column(rows, "moment_at_cut_y_N_mm") == pytest.approx((17_000 - 90 * 30) * load, abs=1e-9)
    assert rows[0]["collar_axial_share_percent"] == ""


def test_every_column_is_told_in_the_documentation(read: dict[str, Rows]) -> None:
    text = DOCS.read_text(encoding="utf-8")
    for rows in read.values():
        for name in rows[0]:
            assert f"`{name}`" in text, name
