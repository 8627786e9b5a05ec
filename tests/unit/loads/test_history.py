"""Load histories: what stands in the files, and what runs between their points."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fea.loads.history import COMPONENTS, read_history, sample

LOADS = Path(__file__).parents[3] / "cases" / "loads"
FILES = sorted(LOADS.glob("*.toml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_sampled_cycle_goes_through_its_points_and_never_beyond_them(path: Path) -> None:
    history = read_history(path)
    percent, components = sample(history, 100)
    for column, points in enumerate(history.points):
        values = [value for _, value in points]
        assert components[:, column].max() <= max(values) + 1e-12
        assert components[:, column].min() >= min(values) - 1e-12
        for at, value in points[:-1]:
            assert components[percent == at, column] == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_synthetic_history_says_so_in_its_title(path: Path) -> None:
    history = read_history(path)
    assert history.synthetic
    assert "synthetic" in history.title
    assert history.grade == "D"
    assert history.moment_level is None


def test_a_cycle_begins_at_0_and_stops_short_of_100_percent() -> None:
    percent, components = sample(read_history(LOADS / "level_walking.toml"), 50)
    assert percent.tolist() == [2.0 * index for index in range(50)]
    assert components.shape == (50, len(COMPONENTS))
    assert np.all(components[0] == 0.0)


def test_the_interpolation_is_smooth_across_the_end_of_the_cycle() -> None:
    # A cycle whose slope at 0 is not zero: the steps on both sides of the seam must agree.
    history = read_history(LOADS / "level_walking.toml")
    _, components = sample(history, 20000)
    force = components[:, COMPONENTS.index("force_proximal")]
    assert force[1] - force[0] == pytest.approx(force[0] - force[-1], rel=0.01)


def test_level_walking_is_the_typical_cycle_of_800_newton() -> None:
    percent, components = sample(read_history(LOADS / "level_walking.toml"), 50)
    force = components[:, 2] * 8.0  # N
    moment = components[:, 3:] * 8.0  # N m
    assert force[percent == 14] == pytest.approx(600.0)
    assert force[percent == 46] == pytest.approx(600.0)
    assert force.min() == pytest.approx(-40.0)
    assert moment[:, 1].max() == pytest.approx(20.0)
    assert moment[:, 1].min() == pytest.approx(-25.0)
    assert moment[:, 0].max() == pytest.approx(17.0)
    assert np.abs(moment[:, 2]).max() == pytest.approx(4.0)
    assert np.all(moment[percent >= 62] == 0.0)


def test_stair_ascent_reaches_the_upper_ends_of_the_published_means() -> None:
    _, components = sample(read_history(LOADS / "stair_ascent.toml"), 50)
    bending = np.hypot(components[:, 3], components[:, 4]).max() * 8.0
    assert components[:, 2].max() * 8.0 == pytest.approx(684.0)
    assert bending == pytest.approx(39.8, rel=1e-3)
    assert components[:, 5].max() * 8.0 == pytest.approx(5.5)


def test_rehabilitation_loads_and_unloads_five_times_along_the_implant() -> None:
    _, components = sample(read_history(LOADS / "rehabilitation_axial.toml"), 50)
    force = components[:, 2]
    assert force[5::10].tolist() == pytest.approx([24.5, 36.8, 50.0, 75.0, 100.0])
    assert force[::10].tolist() == pytest.approx([0.0] * 5)
    assert np.all(np.delete(components, 2, axis=1) == 0.0)


@pytest.mark.parametrize(
    ("stated", "level"), [('"cut"', 0.0), ("{ level_mm = -45.0 }", -45.0), ('"reference_point"', None)]
)
def test_the_moment_point_is_a_level_on_the_axis(tmp_path: Path, stated: str, level: float | None) -> None:
    text = (LOADS / "level_walking.toml").read_text(encoding="utf-8")
    path = tmp_path / "history.toml"
    path.write_text(text.replace('moment_point = "reference_point"', f"moment_point = {stated}"), "utf-8")
    assert read_history(path).moment_level == level


def test_the_bite_is_150_newtons_at_30_degrees_to_the_axis() -> None:
    history = read_history(LOADS / "bite_oblique.toml")
    assert history.absolute
    _, components = sample(history, 20)
    force = components[10, :3]
    assert np.linalg.norm(force) == pytest.approx(150.0, rel=1e-6)
    assert np.degrees(np.arctan2(abs(force[1]), force[2])) == pytest.approx(30.0, abs=1e-5)


def test_the_peaks_of_the_upper_limb_come_one_after_another() -> None:
    """Drew 2017: 174.5 N along the bone, 57.6 N m of bending, 57.2 N m of torsion; each alone."""
    history = read_history(LOADS / "upper_limb_peaks.toml")
    assert history.absolute
    assert history.synthetic
    _, components = sample(history, 20)
    assert components[3] == pytest.approx([0.0, 0.0, -174.5, 0.0, 0.0, 0.0])
    assert np.abs(components[10, 3:5]).max() == pytest.approx(57.6)
    assert abs(components[16, 5]) == pytest.approx(57.2)
    loaded = np.abs(components) > 1e-9
    assert loaded.sum(axis=1).max() == 1


def test_the_grip_s_moment_is_that_of_its_force_20_mm_nearer_to_the_bone() -> None:
    history = read_history(LOADS / "pinch_and_grip.toml")
    _, components = sample(history, 20)
    grip = components[15]
    # On a right limb M_y = -M_lateral, and (0, 0, 20) x (F_x, 0, F_z) has the y component 20 F_x.
    assert -grip[4] == pytest.approx(20.0 * grip[0])
    assert components[5, 0] == -75.0


def test_a_history_in_percent_of_body_weight_is_not_absolute() -> None:
    assert not read_history(LOADS / "level_walking.toml").absolute
