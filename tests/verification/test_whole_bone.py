"""A press fit in a bone that is its own triangulated surface: Lamé's pressure, and the loft of the same rod.

A rod of 13 mm with half a ball on top, 96 chords round it and 2 mm along, with a reamed hole of 14 mm that
ends in it, against a loft of the same section that is cut flat. Far from both ends the pressure of a long
press fit is that of Lamé in plane stress, with delta the radial interference, b and c the radii of the tube:

    p = delta / (b ((1 - nu) / E + ((c^2 + b^2) / (c^2 - b^2) + nu') / E'))
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from fea.case.reader import read_case
from fea.study import Study
from fea.surface.mending import Closed
from fea.surface.smooth import smooth_sheet
from geometry.bone import Bone, Station
from geometry.coating import Coating
from geometry.reaming import Reaming
from geometry.scanned.whole import Held, Whole
from geometry.stem import Stem
from tests.bodies.scans import rod
from tests.verification.press_fits import case_of, solved

CASES = Path(__file__).parents[2] / "cases"
RADIUS, STRAIGHT, HOLE = 13.0, 84.0, 7.0
REAMED = Reaming(2 * HOLE, 72.0, 4.0)
STEM = Stem(2 * HOLE, 68.0, 10.0, tip_radius=3.0, coatings=(Coating(0.0, 50.0),))
INTERFERENCE = 0.05


def bones() -> dict[str, Bone]:
    """The rod both ways, with the same straight part; what is held lies above it."""
    found = rod(RADIUS, STRAIGHT, -10.0)
    sheet = smooth_sheet(Closed(found.points, found.corners, ()), "rod.stl")
    whole = Whole(sheet, Held(above=STRAIGHT))
    return {
        "whole": Bone(STRAIGHT + RADIUS, (), outline=whole),
        "loft": Bone(STRAIGHT, (Station(0.0, RADIUS, RADIUS, 0.0, 0.0),)),
    }


@cache
def pressed(name: str) -> Study:
    """The titanium stem of case A1, without friction, 100 um of diametral interference."""
    case = case_of("a1")
    (fit,) = set(case.fit.values())
    return solved(
        replace(
            case,
            bone=bones()[name],
            reaming=REAMED,
            stem=STEM,
            fit={"coated": fit, "uncoated": fit},
            supports=replace(case.supports, bone_proximal="clamped"),
            mesh=replace(case.mesh, companion=False, interface=2.6, far=3.0, edge=2.4),
        )
    )


def middle(study: Study) -> float:
    """Mean pressure between 25 and 40 mm, some three radii from the cut and from the hole's end, MPa."""
    interface = study.interface
    corners = interface.points[interface.facets]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1) / 2
    level = corners[:, :, 2].mean(axis=1)
    rows = (level > 25.0) & (level < 40.0)
    found = study.walk.press_fit.traction[:, 0][interface.facets].mean(axis=1)
    return float(area[rows] @ found[rows] / area[rows].sum())


def lame() -> float:
    """Pressure of case A1's solid titanium stem in a cortical tube, both in plane stress, MPa."""
    ratio = (RADIUS**2 + HOLE**2) / (RADIUS**2 - HOLE**2)
    return INTERFERENCE / (HOLE * ((1 - 0.3) / 110000.0 + (ratio + 0.3) / 17000.0))


def test_the_pressure_is_that_of_lame_and_of_the_loft() -> None:
    """Of the loft within 0.1 % (0.01 %), of Lamé's within 0.3 % (0.13 %): both ends are three radii away."""
    whole, loft = middle(pressed("whole")), middle(pressed("loft"))
    assert whole == pytest.approx(loft, rel=1e-3)
    assert whole == pytest.approx(lame(), rel=3e-3)


def test_contact_forces_are_in_equilibrium() -> None:
    """Of a walk whose load passes into the head's end: reactions and tractions to round-off."""
    balance = walked("whole").balance
    assert balance.reaction < 1e-8
    assert balance.contact < 1e-8


@cache
def walked(name: str) -> Study:
    """Level walking on coarse meshes, the stem of the press fit with friction."""
    case = read_case(CASES / "femur_proximal.toml")
    plain = replace(case.mesh, interface=3.2, far=4.0, edge=2.8, companion=False)
    activity = replace(case.activity, instants_per_cycle=12, cycles=2)
    return solved(
        replace(
            case,
            bone=bones()[name],
            core_material=None,
            scanned=None,
            reaming=REAMED,
            stem=STEM,
            fit={zone: case.fit[zone] for zone in ("coated", "uncoated")},
            bands=(),
            mesh=plain,
            activity=activity,
        )
    )


def percentile(study: Study) -> float:
    """95th percentile of the coating's micromotion over vertices that touch in the last cycle, um."""
    walk = study.walk
    jumps = np.array([state.jump for state in walk.cycles[-1]])
    rows = study.interface.points[:, 2] < 50.0
    slip = np.linalg.norm(jumps[:, rows, 1:] - jumps[:1, rows, 1:], axis=2).max(axis=0)
    return 1e3 * float(np.percentile(slip, 95))


def test_a_held_round_end_gives_the_micromotion_of_the_clamped_loft() -> None:
    """What lies above the hole is stiff: the 95th percentile differs by less than 1 % (0.4 %)."""
    assert percentile(walked("whole")) == pytest.approx(percentile(walked("loft")), rel=0.01)
