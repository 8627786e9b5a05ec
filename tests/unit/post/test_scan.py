"""What is told of a bone from a surface: sections, distances, and a warning where the fit is not close."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fea.post.scan import CLOSE, scan_page, scan_table
from fea.study import Study
from tests.unit.post.synthetic import equipped


def test_a_close_fit_is_told_with_its_distance_and_draws_no_warning(study: Study) -> None:
    case = equipped(study).case
    page = scan_page(case)
    assert page is not None
    assert page.warning == ""
    facts = dict(page.facts)
    assert facts["File"] == "tube.stl, 4,592 triangles"
    assert facts["Distance between given and fitted surface, 95th percentile"] == "0.00 mm"
    assert facts["Cut"].startswith("10.0 mm above")
    assert facts["Canal"].startswith("by the second shell of the file")
    assert facts["Mended"] == "2 triangles were taken out"
    assert [plot.name for plot in page.plots] == ["scan_sections", "scan_distance"]
    assert all(plot.svg.startswith("<svg") for plot in page.plots)
    table = scan_table(case)
    assert table is not None
    assert (table["canal"], table["cut_above_distal_end_mm"]) == ("file", pytest.approx(10.0))


def test_a_fit_that_is_not_close_is_a_warning(study: Study) -> None:
    case = equipped(study).case
    assert case.scanned is not None
    closeness = replace(case.scanned.scan.closeness, percentile_95=CLOSE + 0.01)
    far = replace(case, scanned=replace(case.scanned, scan=replace(case.scanned.scan, closeness=closeness)))
    page = scan_page(far)
    assert page is not None
    assert "0.31 mm from the given one at the 95th percentile, more than 0.3 mm" in page.warning


def test_of_a_bone_that_is_not_from_a_surface_nothing_is_told(study: Study) -> None:
    assert scan_page(study.case) is None
    assert scan_table(study.case) is None
