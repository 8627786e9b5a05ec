"""What differs from a case: every corner of its bands, in one zone or several."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fea.case.case import Bands, Case
from fea.variants import Inputs, variants_of
from tests.unit.post.synthetic import synthetic_case


@pytest.fixture(scope="module")
def case() -> Case:
    case = synthetic_case()
    return replace(case, stem=replace(case.stem, collar=None))


def test_the_bands_of_one_zone_need_not_name_it(case: Case) -> None:
    found = variants_of(case)
    assert [inputs.name for inputs in found] == [
        "interference low, friction low",
        "interference low, friction high",
        "interference high, friction low",
        "interference high, friction high",
    ]
    assert found[1] == Inputs("interference low, friction high", {"coated": 0.00125}, {"coated": 0.9})


def test_bands_of_several_zones_make_every_corner_by_the_zones_names(case: Case) -> None:
    bands = (Bands("mesh", (0.001, 0.02), None), Bands("spray", None, (0.3, 0.6)))
    found = variants_of(replace(case, bands=bands))
    assert [inputs.name for inputs in found] == [
        "mesh interference low, spray friction low",
        "mesh interference low, spray friction high",
        "mesh interference high, spray friction low",
        "mesh interference high, spray friction high",
    ]
    assert [(dict(item.radial_interference), dict(item.friction)) for item in found] == [
        ({"mesh": radial}, {"spray": friction}) for radial in (0.001, 0.02) for friction in (0.3, 0.6)
    ]


def test_without_bands_only_the_collar_is_varied(case: Case) -> None:
    assert variants_of(replace(case, bands=())) == ()
    (opened,) = variants_of(replace(synthetic_case(), bands=()))
    assert opened == Inputs("collar open", collar_open=True)
