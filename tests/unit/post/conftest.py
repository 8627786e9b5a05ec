"""Studies of closed forms that the tests of the post room share."""

from __future__ import annotations

import pytest

from fea.study import Study
from tests.unit.post.synthetic import loosened_study, synthetic_study


@pytest.fixture(scope="session")
def study() -> Study:
    return synthetic_study()


@pytest.fixture(scope="session")
def loosened() -> Study:
    return loosened_study()
