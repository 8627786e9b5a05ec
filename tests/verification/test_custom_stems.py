"""A stem from a STEP file presses as the parametric one does: Lamé's pressure, however the fit is given."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geometry.fit import ZoneFit
from tests.unit.cad_shapes import cylinder, stem_of
from tests.verification.lame import FITS
from tests.verification.press_fits import case_of, pressure, solved

#: Gates of the flush press fits: mean and root mean square.
MEAN, RMS = 5e-3, 2e-2


@pytest.mark.parametrize("overlap", [0.0, 0.05])
def test_a_cylinder_from_a_file_presses_as_lame_says(overlap: float) -> None:
    """The interference of 0.05 mm is stated, or the shape itself is 0.05 mm larger than the canal."""
    case, exact = case_of("a1"), FITS["a1"]
    stem = stem_of(cylinder(exact.radius + overlap, 0.0, case.stem.length))
    fit = {zone: ZoneFit(exact.interference - overlap, stated.friction) for zone, stated in case.fit.items()}
    study = solved(replace(case, stem=stem, fit=fit))
    found = pressure(study, exact.pressure, 0.1 * case.bone.length)
    assert found.mean == pytest.approx(exact.pressure, rel=MEAN)
    assert found.rms < RMS
