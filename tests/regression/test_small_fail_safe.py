"""A small femur with a fail-safe, solved: a limit above the load changes no bit, corners walk their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fea.pipeline import run
from tests.regression.test_small_femur import CASE, ROOT

DEVICE = "length_mm = 60.0\n[stem.adapter.fail_safe]\ndistal_mm = 40.0\n"


def solved(folder: Path, device: str) -> dict[str, Any]:
    text = CASE.format(root=ROOT, friction=0.5, gap=5.0)
    changes = (
        ("rehabilitation_axial", "stumble"),
        ("instants_per_cycle = 12", "instants_per_cycle = 5"),
        ("body_weight_N = 800.0", "body_weight_N = 400.0"),
        ("diametral_interference_um = 2.0", "diametral_interference_um = 20.0"),
    )
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    path = folder / "small.toml"
    path.write_text(text.replace("length_mm = 60.0\n", device, 1), encoding="utf-8")
    found: dict[str, Any] = json.loads((run(path, folder / "results").folder / "summary.json").read_text())
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fail_safe")


@pytest.fixture(scope="module")
def plain(folder: Path) -> dict[str, Any]:
    return solved(folder, "length_mm = 60.0\n")


def values(summary: dict[str, Any]) -> dict[str, float]:
    return {entry["name"]: entry["value"] for entry in summary["quantities"]}


def test_a_limit_above_all_loads_changes_no_bit_of_the_results(folder: Path, plain: dict[str, Any]) -> None:
    high = solved(folder, f"{DEVICE}bending_limit_Nm = 500.0\ntorque_limit_Nm = 500.0\n")
    own = {name: value for name, value in values(high).items() if not name.startswith("fail_safe_")}
    assert own == values(plain)
    assert high["series"] == plain["series"]
    assert high["series"]["judged"] is True
    assert high["fail_safe"]["slips"] is False
    assert plain["fail_safe"] is None


def test_a_release_unloads_the_stem_and_its_corners_bracket_it(folder: Path, plain: dict[str, Any]) -> None:
    capped = solved(folder, f"{DEVICE}bending_limit_Nm = 30.0\nbending_limit_band_Nm = [20.0, 40.0]\n")
    assert capped["fail_safe"]["slips"] is True
    percent = capped["series"]["percent_of_activity"]
    first = capped["fail_safe"]["releases"][0]
    # Begin and end of the slip are instants of the walk, and between them the device's limit is what passes.
    assert first["from_percent"] in percent
    assert first["to_percent"] in percent
    assert len(percent) > 5
    assert values(capped)["stem_von_mises_MPa"] < values(plain)["stem_von_mises_MPa"]
    by_name = {entry["name"]: entry for entry in capped["variants"]}
    low, high = (by_name[f"bending limit {side}"]["values"]["micromotion_p95_um"] for side in ("low", "high"))
    assert low < values(capped)["micromotion_p95_um"] < high
    assert by_name["bending limit low"]["inputs"] == {"stem.adapter.fail_safe.bending_limit_Nm": 20.0}
    # The audited balance holds the supports' reactions against what was walked.
    assert capped["balance"]["reaction"] < 1e-8
