"""What is kept between runs: by digest, whole, and within its room."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from fea import cache as room
from fea.cache import KEPT_STUDIES, Cache, digest_of, keep_study, kept_study


def filled(cache: Cache, digest: str, size: int, age: float) -> Path:
    folder = cache.factor(digest)
    (folder / "factor").write_bytes(b"0" * size)
    os.utime(folder, (1e9 - age, 1e9 - age))
    return folder


def test_factors_unused_for_longest_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Room for 2500 bytes and three factors of 1000: the oldest goes when another is asked for."""
    monkeypatch.setattr(room, "ROOM_GB", 2.5e-6)
    cache = Cache(tmp_path)
    old, middle, new = (
        filled(cache, name * 40, 1000, age) for name, age in (("a", 30), ("b", 20), ("c", 10))
    )
    cache.factor("d" * 40)
    assert not old.exists()
    assert middle.exists()
    assert new.exists()


def test_a_factor_that_is_used_again_counts_as_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path)
    first, second = (filled(cache, name * 40, 1000, age) for name, age in (("a", 30), ("b", 20)))
    monkeypatch.setattr(room, "ROOM_GB", 1.5e-6)
    assert cache.factor("a" * 40) == first
    assert first.exists()
    assert not second.exists()


def test_a_factor_larger_than_the_room_is_kept_while_it_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = Cache(tmp_path)
    folder = filled(cache, "a" * 40, 1000, 0)
    monkeypatch.setattr(room, "ROOM_GB", 1e-9)
    assert cache.factor("a" * 40) == folder
    assert (folder / "factor").exists()


@dataclass(frozen=True)
class _Number:
    value: float


def test_digests_tell_neighbouring_numbers_apart() -> None:
    """The `repr` of a float is all of it: one unit in the last place is another digest."""
    assert digest_of(_Number(0.1), "x") == digest_of(_Number(0.1), "x")
    assert digest_of(_Number(0.1), "x") != digest_of(_Number(0.1 + 1.4e-17), "x")
    assert digest_of("a", "b") != digest_of("b", "a")
    assert digest_of("ab") != digest_of("a", "b")


def test_a_kept_study_comes_back(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    keep_study(cache, "case", {"value": 1.5})
    assert kept_study(cache, "case") == {"value": 1.5}
    assert kept_study(cache, "another") is None


@pytest.mark.parametrize("damage", [b"", b"\x80\x05garbage", b"cnowhere\nNothing\n."])
def test_a_damaged_study_is_no_study(tmp_path: Path, damage: bytes) -> None:
    cache = Cache(tmp_path)
    keep_study(cache, "case", 1)
    (tmp_path / "studies" / "case.pickle").write_bytes(damage)
    assert kept_study(cache, "case") is None


def test_only_a_few_studies_are_kept_and_nothing_is_left_half_written(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for number in range(KEPT_STUDIES + 2):
        keep_study(cache, f"case{number}", number)
        os.utime(tmp_path / "studies" / f"case{number}.pickle", (1e9 + number,) * 2)
    assert kept_study(cache, "case0") is None
    assert kept_study(cache, f"case{KEPT_STUDIES + 1}") == KEPT_STUDIES + 1
    assert len(list((tmp_path / "studies").iterdir())) == KEPT_STUDIES


def test_a_study_that_cannot_be_kept_leaves_the_old_one(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    keep_study(cache, "case", "old")
    with pytest.raises(Exception, match="pickle"):
        keep_study(cache, "case", lambda: None)
    assert kept_study(cache, "case") == "old"


def test_a_dropped_factor_is_gone_and_no_other(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    first, second = cache.factor("a" * 64), cache.factor("b" * 64)
    cache.drop_factor("a" * 64)
    cache.drop_factor("c" * 64)  # was never there
    assert not first.exists()
    assert second.exists()
