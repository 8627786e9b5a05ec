"""Sources that the tests of the formats share: a coarse femur, and the study of closed forms."""

from __future__ import annotations

from pathlib import Path

import pytest

from fea.cache import Cache, keep_study
from fea.export.source import Source, source_of
from fea.progress import Clock
from fea.solving import Tools
from tests.unit.export.test_deck import CASE, ROOT
from tests.unit.post.synthetic import synthetic_study


@pytest.fixture(scope="session")
def femur(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """The bowed femur of the decks, sampled at five instants."""
    folder = tmp_path_factory.mktemp("femur")
    history = (ROOT / "cases" / "loads" / "level_walking.toml").read_text(encoding="utf-8")
    (folder / "walking.toml").write_text(history, encoding="utf-8")
    (folder / "femur.toml").write_text(CASE, encoding="utf-8")
    return source_of(folder / "femur.toml", 5, Tools(Cache(folder / "cache"), Clock()))


@pytest.fixture(scope="session")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """The study of closed forms, kept as a run keeps it."""
    cache, study = Cache(tmp_path_factory.mktemp("solved")), synthetic_study(coarse=False, variants=False)
    keep_study(cache, "synthetic", study)
    source = Source(study.case, Path("cases/synthetic.toml"), False, None, Tools(cache, Clock()))
    source.__dict__["mesh"] = study.mesh  # no mesher made it
    return source
