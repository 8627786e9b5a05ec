"""A study says of every quantity how it converges, and judges it with its own bar."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from fea.converge.plots import study_plots
from fea.converge.publish import publish_convergence
from fea.converge.results import ConvergenceStudy, Traced
from fea.converge.solved import Solved
from fea.converge.table import SUMMARY, summary_of, table_text, terminal_lines
from fea.post.rims import rims
from fea.progress import Clock
from tests.unit.converge.conftest import LOSS, SIZES, MakeStudy, solved


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("micromotion_p95_um", "order observed", "observed order 1.50 towards 38 µm"),
        ("micromotion_area_below_40um_percent", "oscillating", "Oscillates: 91, 92, 90 %"),
        ("micromotion_area_above_150um_percent", "does not change", "Does not change with the mesh"),
        ("insertion_hoop_stress_MPa", "singular place", "rim 'coating limit'"),
        ("bone_tension_strain_percent", "order observed", "observed order 2.00 towards 0.2 %"),
        ("bone_compression_strain_percent", "too fast for an order", "give the order 6.00, trusted are"),
        ("stem_von_mises_MPa", "too slow", "give the order 0.20, trusted are 0.5 to 4"),
        ("migration_p95_um", "within its local error", "less than its local error of 0.5 µm"),
        ("micromotion_mean_um", "within its local error", "may differ by chance"),
        ("least_wall_mm", "measured on exact shapes", "not on the mesh"),
        ("insertion_hoop_stress_at_rims_MPa", "singular place", "Singular place: collar edge"),
    ],
)  # fmt: skip
def test_every_way_to_converge_has_its_words(
    traced: dict[str, Traced], name: str, kind: str, words: str
) -> None:
    assert traced[name].kind == kind
    assert words in traced[name].statement
    assert traced[name].statement.endswith(".")


def test_a_bar_that_crosses_the_limit_is_not_shown(traced: dict[str, Traced]) -> None:
    """The 95th percentile is 39 um on the finest mesh, 1.25 um of bar, and the limit 40 um."""
    found = traced["micromotion_p95_um"]
    assert found.quantity.error == pytest.approx(1.25, rel=1e-6)
    assert found.result is not None
    assert found.result.verdict == "not shown"
    assert "crosses the limit" in found.result.sentence


def test_no_bar_is_less_than_the_local_error(study: ConvergenceStudy) -> None:
    """Spreads of three meshes have been seen to miss what the next finer mesh gave; the local error held."""
    for item in study.every:
        if item.convergence is not None and item.quantity.local_error is not None:
            assert item.quantity.error is not None
            assert item.quantity.error >= item.quantity.local_error
            if item.by_chance:
                assert item.convergence.extrapolated is None


def told_as(mesh: Solved, name: str, **changes: float) -> Solved:
    """The mesh with one of its quantities changed."""
    told = (replace(item, **changes) if item.name == name else item for item in mesh.quantities)
    return replace(mesh, quantities=tuple(told))


def test_a_change_within_the_local_error_keeps_the_factor_of_safety(make_study: MakeStudy) -> None:
    """Values from 3.2 to 3.338 and a local error of 0.15: chance, and the bar is 1.25 of the spread."""
    meshes = (told_as(solved(size), "micromotion_mean_um", local_error=0.15) for size in SIZES)
    found = {item.quantity.name: item for item in make_study(*meshes).every}["micromotion_mean_um"]
    assert found.by_chance
    assert found.quantity.error == pytest.approx(1.25 * 0.138)


def test_no_bar_is_told_below_one_percent_of_the_value(make_study: MakeStudy) -> None:
    """Values that agree to 0.2 % by chance have missed the truth by more."""
    meshes = (told_as(solved(size), "stem_von_mises_MPa", value=79.0 + 0.1 * size) for size in SIZES)
    found = {item.quantity.name: item for item in make_study(*meshes).every}["stem_von_mises_MPa"]
    assert found.quantity.error == pytest.approx(0.01 * 79.1)
    assert found.statement.endswith(
        "No bar is told below 1 % of the value, so that it is raised to 0.79 MPa."
    )


def test_a_fourth_mesh_that_strays_further_widens_the_bar_of_what_oscillates(make_study: MakeStudy) -> None:
    """90, 92, 91 and then 95 %: 1.25 times 5."""
    name = "micromotion_area_below_40um_percent"
    four = make_study(*(solved(size) for size in SIZES), told_as(solved(2.5), name, value=95.0))
    found = {item.quantity.name: item for item in four.every}[name]
    assert found.kind == "oscillating"
    assert found.quantity.error == pytest.approx(1.25 * 5.0)


def test_every_criterion_is_judged_and_nothing_at_a_rim_is(study: ConvergenceStudy) -> None:
    assert len(study.judged) == len(study.case.criteria)
    assert all(item.result is not None for item in study.judged)
    assert all(item.result is None for item in (*study.others, *study.singular))
    assert study.answer.startswith(f"{len(study.judged)} judged quantities on 3 meshes: ")


def test_a_fourth_mesh_widens_a_spread_but_changes_no_order(make_study: MakeStudy) -> None:
    four = make_study(*(solved(size) for size in (*SIZES, 2.5)))
    three = make_study(*(solved(size) for size in SIZES))
    by_name = {item.quantity.name: item for item in three.every}
    for item in four.every:
        before = by_name[item.quantity.name]
        if item.convergence is not None and before.convergence is not None:
            assert item.convergence.order == before.convergence.order
            assert item.quantity.error >= before.quantity.error  # type: ignore[operator]


def test_fixation_that_is_lost_on_one_mesh_is_said(make_study: MakeStudy) -> None:
    """On the finest mesh there is no micromotion: nothing is extrapolated, and the criterion is not shown."""
    study = make_study(solved(1.0, LOSS), *(solved(size) for size in SIZES[1:]))
    found = {item.quantity.name: item for item in study.judged}["micromotion_p95_um"]
    assert found.kind == "not on every mesh"
    assert "at an element size of 1 mm, Fixation is lost at 12 %" in found.statement
    assert found.result is not None
    assert found.result.verdict == "not shown"
    assert "fixation is lost" in found.result.sentence
    for told in (terminal_lines(study), table_text(study), study_plots(study)):
        assert told


def test_the_table_has_a_row_a_quantity_and_a_column_a_mesh(study: ConvergenceStudy) -> None:
    rows = list(csv.DictReader(io.StringIO(table_text(study))))
    assert [row["quantity"] for row in rows] == [item.quantity.name for item in study.every]
    (p95,) = (row for row in rows if row["quantity"] == "micromotion_p95_um")
    assert float(p95["order"]) == pytest.approx(1.5)
    assert float(p95["extrapolated"]) == pytest.approx(38.0)
    assert float(p95["value_at_1.0000_mm"]) == pytest.approx(39.0)
    assert p95["verdict"] == "not shown"


def test_the_terminal_says_value_bar_verdict_and_statement(study: ConvergenceStudy) -> None:
    text = "\n".join(terminal_lines(study))
    assert "39 ± 1.2 µm: not shown" in text
    assert "Converges with the observed order 1.50" in text
    assert text.count(" mm ") >= 3


def test_every_key_of_the_summary_is_documented(study: ConvergenceStudy) -> None:
    """As for summary.json: what a program may read is explained, and what is explained exists."""
    document = (Path(__file__).parents[3] / "docs" / "converge.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `([^`]+)` \|", document, flags=re.MULTILINE))
    summary = summary_of(study, {"a": 1.0})
    keys = set(summary)
    keys |= {f"meshes[].{key}" for key in summary["meshes"][0]}
    keys |= {f"quantities[].{key}" for key in summary["quantities"][0]}
    assert keys <= told
    assert {key for key in told if key in keys or "[]" in key} <= keys


def test_what_a_study_leaves_is_whole(study: ConvergenceStudy, tmp_path: Path) -> None:
    publish_convergence(study, tmp_path, Clock())
    assert {path.name for path in tmp_path.iterdir()} == {SUMMARY, "index.html", "table.csv"}
    summary = json.loads((tmp_path / SUMMARY).read_text(encoding="utf-8"))
    assert [mesh["element_size_mm"] for mesh in summary["meshes"]] == list(SIZES)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    for rim in rims(study.case):
        assert rim.name in page
    assert page.count("<figure") == len(study.judged) + len(study.singular)
    assert not re.findall(r'(?:src|href)="https?:', page)
    for alt in re.findall(r'alt="([^"]*)"', page):
        assert len(alt) > 40


def test_a_study_that_fails_while_it_is_published_leaves_no_summary(
    study: ConvergenceStudy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device", "index.html")

    monkeypatch.setattr("fea.converge.publish.write_page", fails)
    with pytest.raises(OSError, match="No space"):
        publish_convergence(study, tmp_path, Clock())
    assert not (tmp_path / SUMMARY).exists()
    assert not list(tmp_path.glob("*.part"))
