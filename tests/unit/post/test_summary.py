"""The summary: plain JSON, complete, documented, written by rename."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fea.case.reader import read_case
from fea.post.assessment import assess_study
from fea.post.scan import scan_table
from fea.post.summary import SCHEMA_VERSION, summarise, write_summary
from fea.study import Study
from tests.unit.post.synthetic import equipped, seated_study, synthetic_study

DOCUMENT = Path(__file__).parents[3] / "docs" / "summary.md"


def _summary(study: Study) -> dict[str, Any]:
    return summarise(study, *assess_study(study))


def _undecided() -> Study:
    """A study whose corners differ: friction decides."""
    study = synthetic_study(coarse=True)
    criteria = tuple(
        replace(criterion, met_at_most=55.5, not_met_above=55.5)
        if criterion.quantity == "micromotion_p95_um"
        else criterion
        for criterion in study.case.criteria
    )
    return replace(study, case=replace(study.case, criteria=criteria))


def _paths(value: Any, path: str = "") -> Iterator[str]:
    """Every key of nested objects and lists of objects, as the document writes it."""
    if isinstance(value, dict):
        for key, part in value.items():
            here = f"{path}.{key}" if path else key
            yield here
            yield from _paths(part, here)
    elif isinstance(value, list):
        for part in value:
            if isinstance(part, dict):
                yield from _paths(part, f"{path}[]")


def _documented() -> list[str]:
    return re.findall(r"^\| `([^`]+)` \|", DOCUMENT.read_text(encoding="utf-8"), flags=re.MULTILINE)


def _pattern(documented: str) -> re.Pattern[str]:
    return re.compile(re.escape(documented).replace(r"\*", r"[^\[\]]+"))


@pytest.fixture(scope="module")
def every_path(loosened: Study) -> set[str]:
    found: set[str] = set()
    undecided = _undecided()
    for study in (undecided, loosened, equipped(undecided)):
        found |= set(_paths(_summary(study)))
    for name in ("femur_ct", "femur_proximal"):
        case = read_case(DOCUMENT.parents[1] / "cases" / f"{name}.toml")
        found |= set(_paths({"bone_surface": scan_table(case)}))
    return found


def test_every_key_is_documented(every_path: set[str]) -> None:
    patterns = [_pattern(path) for path in _documented()]
    parents = {path.rpartition(".")[0] for path in _documented()}
    missing = [
        path
        for path in every_path
        if not any(pattern.fullmatch(path) for pattern in patterns)
        and path not in parents
        and not any(parent.startswith((f"{path}.", f"{path}[")) for parent in parents)
    ]
    assert missing == []


def test_every_documented_key_exists(every_path: set[str]) -> None:
    absent = [path for path in _documented() if not any(map(_pattern(path).fullmatch, every_path))]
    assert absent == []


def test_the_numbers_are_those_of_quantities_and_verdict(study: Study) -> None:
    quantities, assessment = assess_study(study)
    summary = summarise(study, quantities, assessment)
    assert summary["schema_version"] == SCHEMA_VERSION
    assert [entry["value"] for entry in summary["quantities"]] == [entry.value for entry in quantities]
    assert summary["verdict"]["primary_stability"] == assessment.stability
    assert summary["verdict"]["safety"] == assessment.safety
    judged = {entry["quantity"]: entry["margin"] for entry in summary["criteria"]}
    assert judged["least_wall_mm"] == pytest.approx(6.0 - 2.0)
    assert len(summary["variants"]) == 5
    assert len(summary["series"]["percent_of_activity"]) == 12
    assert summary["mesh"]["bodies"]["bone"]["elements"] == len(study.mesh.bone.tets)
    # Quadratic arcs of 22.5 degrees are not quite a circle.
    assert summary["reference_area"]["area_mm2"] == pytest.approx(2 * math.pi * 8 * 100, rel=1e-3)
    assert summary["reference_area"]["facing_bone_mm2"] == pytest.approx(
        summary["reference_area"]["area_mm2"]
    )


def test_the_inputs_carry_bands_sources_and_grades(study: Study) -> None:
    inputs = {entry["name"]: entry for entry in _summary(study)["inputs"]}
    fit = inputs["fit.coated.diametral_interference"]
    assert (fit["value"], fit["low"], fit["high"], fit["unit"]) == pytest.approx((10.0, 2.5, 50.0, "um"))
    assert inputs["fit.coated.friction"]["high"] == 0.9
    assert inputs["fit.uncoated.friction"]["low"] is None
    assert inputs["bone_material.youngs_modulus"]["grade"] == "C3"
    assert inputs["activity.history"]["note"].startswith("synthetic history")
    assert inputs["stem.coating.end"]["value"] == 100.0
    assert "stem.coating.name" not in inputs


def test_a_loss_of_fixation_stands_in_the_summary_and_micromotion_does_not(loosened: Study) -> None:
    summary = _summary(loosened)
    assert summary["verdict"]["fixation_lost"]["percent"] == 75.0
    assert summary["verdict"]["fixation_lost"]["motion"] == "pull-out along z"
    assert summary["verdict"]["primary_stability"] == "unstable"
    assert not any(entry["name"].startswith("micromotion") for entry in summary["quantities"])
    assert summary["series"]["judged"] is False
    assert summary["series"]["micromotion_area_percent"] == {}
    assert len(summary["series"]["percent_of_activity"]) == 9


def test_a_share_of_no_load_is_null_and_never_nan(study: Study, tmp_path: Path) -> None:
    summary = _summary(study)
    assert summary["series"]["collar_share_percent"][0] is None
    share = 100 * math.pi * (11**2 - 8**2) / 600  # 1 MPa on the collar, of 600 N
    assert summary["series"]["collar_share_percent"][6] == pytest.approx(share, rel=1e-3)
    write_summary(summary, tmp_path / "summary.json")
    text = (tmp_path / "summary.json").read_text(encoding="utf-8")
    assert json.loads(text) == summary
    assert "NaN" not in text
    assert "Infinity" not in text


def test_a_summary_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "summary.json"
    write_summary({"schema_version": 1}, path)
    with pytest.raises(ValueError, match="Out of range"):
        write_summary({"schema_version": math.nan}, path)
    assert json.loads(path.read_text(encoding="utf-8")) == {"schema_version": 1}
    assert [entry.name for entry in tmp_path.iterdir()] == ["summary.json"]


def test_a_summary_appears_only_when_it_is_complete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        write_summary({"schema_version": 1}, tmp_path / "summary.json")
    assert not (tmp_path / "summary.json").exists()


def test_a_press_fit_alone_has_a_summary() -> None:
    summary = _summary(seated_study())
    assert summary["verdict"]["primary_stability"] == "not shown"
    assert "the case states no activity" in " ".join(summary["verdict"]["primary_stability_why"])
    assert summary["series"]["percent_of_activity"] == []
    assert all(zone["bands"] is None for zone in summary["zones"])
