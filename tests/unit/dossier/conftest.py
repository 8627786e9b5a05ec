"""One case with its run for the tests of the dossier."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.dossier.made import Place, copy_of, make_place


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return make_place(tmp_path_factory.mktemp("dossier"))


@pytest.fixture
def place(made_once: Place, tmp_path: Path) -> Place:
    """A copy of the case with its run, and nothing else, for one test."""
    return copy_of(made_once, tmp_path)
