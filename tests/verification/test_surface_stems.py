"""An oval stem from triangles presses as it does from STEP (`cases.p_surface`: a cylinder as Lamé says)."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from fea.case.case import Case
from fea.case.reader import read_case
from fea.study import Study
from geometry.cad_stem import CadStem
from tests.unit.surface_shapes import Shape
from tests.verification.cases.p_surface import read_back
from tests.verification.press_fits import CASES, solved


@cache
def oval() -> Case:
    """The example from STEP, seated alone, its coated zone with another 20 um of diameter."""
    case = read_case(CASES.parent / "femur_custom.toml")
    fit = {
        zone: replace(stated, radial_interference=0.01 if zone == "coated" else 0.0)
        for zone, stated in case.fit.items()
    }
    return replace(case, activity=None, bands=(), fit=fit, mesh=replace(case.mesh, companion=False))


def finely(stem: CadStem) -> Shape:
    """The triangles of its surface, each cut in four at the middles of its edges."""
    rows = stem.surface.triangles
    quarters = [rows[:, corners] for corners in ([0, 3, 5], [3, 1, 4], [5, 4, 2], [3, 4, 5])]
    return np.asarray(stem.surface.points), np.concatenate(quarters)


def coated(study: Study) -> tuple[float, float, float]:
    """Area in mm^2, mean pressure in MPa, and share that is pressed more than 6 mm from the zone's ends."""
    interface = study.interface
    rows = np.array(interface.zones)[interface.zone] == "coated"
    area = interface.area[rows]
    pressure, level = study.walk.press_fit.traction[rows, 0], interface.points[rows, 2]
    away = (level > 21.0) & (level < 74.0)
    pressed = area[away & (pressure > 0)].sum() / area[away].sum()
    return float(area.sum()), float(area @ pressure / area.sum()), float(pressed)


@pytest.mark.slow
def test_an_oval_stem_presses_from_stl_as_from_step() -> None:
    """Meshed in different ways; area and mean pressure of the coating agree to 1 %.

    All of it is pressed but for rings of vertices at its ends, where the interference steps.
    """
    case = oval()
    stem = case.stem
    assert isinstance(stem, CadStem)
    surface = replace(read_back(finely(stem)), coatings=stem.coatings)
    assert surface.sheet.surface.volume == pytest.approx(stem.surface.volume, rel=2e-5)
    off = surface.surface.points - stem.surface.closest(surface.surface.points)[0]
    assert np.linalg.norm(off, axis=1).max() < 3e-3
    found, exact = coated(solved(replace(case, stem=surface))), coated(solved(case))
    assert found[:2] == pytest.approx(exact[:2], rel=1e-2)
    assert (found[2], exact[2]) == (1.0, 1.0)
