"""Pictures of a bone as it is stated: sections where they are, materials with their moduli."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest

from fea.case.reader import read_case
from fea.post import tokens
from fea.post.render.bone_source import (
    _cut_levels,
    _lifted,
    matter_picture,
    moduli,
    section_of,
    shape_picture,
    shown_levels,
    source_words,
)
from fea.study import Study
from geometry.bone import Bone, Station
from materials.elasticity import Isotropic, TransverselyIsotropic
from tests.unit.post.synthetic_mesh import BONE_LENGTH, BONE_RADIUS

CASES = Path(__file__).parents[3] / "cases"


def test_sections_of_the_picture_are_those_of_the_bone_at_one_scale(study: Study) -> None:
    """A tube: four circles filled to the bone's radius, at the scale of the bar that stands below them.

    With each goes its natural canal.
    """
    with mpl.rc_context(tokens.style()):
        drawn = shape_picture(study.case, study.mesh)
    filled = [patch.get_xy() for patch in drawn.axes.patches if hasattr(patch, "get_xy")]
    widths = [float(np.ptp(np.asarray(places)[:, 0])) for places in filled if np.ndim(places) == 2]
    bars = [line for line in drawn.axes.lines if line.get_linewidth() == pytest.approx(2.2)]
    words = [text.get_text() for text in drawn.axes.texts]
    lengths = [float(each.split()[0]) for each in words if each.endswith(" mm") and each[0].isdigit()]
    scale = float(np.ptp(bars[-1].get_xdata())) / lengths[-1]
    assert len(widths) == 8
    assert max(widths) / scale == pytest.approx(2 * BONE_RADIUS, rel=1e-3)
    assert f"z = {BONE_LENGTH * 0.99:.0f} mm" in words


def test_a_canal_that_has_left_the_implant_s_axis_is_still_drawn() -> None:
    """An oval whose middle lies 9 mm in front: its canal, of 6 by 5 mm, does not hold the axis."""
    bone = Bone(80.0, (Station(0.0, 14.0, 12.0, 6.0, 5.0),), axis_offset=-9.0)
    canal, outer = section_of(bone, 40.0, "canal"), section_of(bone, 40.0)
    assert np.hypot((canal[:, 0] - 9.0) / 6.0, canal[:, 1] / 5.0) == pytest.approx(1.0, abs=1e-9)
    assert np.hypot((outer[:, 0] - 9.0) / 14.0, outer[:, 1] / 12.0) == pytest.approx(1.0, abs=1e-9)
    assert section_of(bone, 40.0, "core").shape == (0, 3)


def test_levels_run_from_the_cut_to_the_held_end(study: Study) -> None:
    levels = shown_levels(study.case.bone)
    assert 0.0 < levels[0] < levels[-1] < BONE_LENGTH
    np.testing.assert_allclose(np.diff(levels), np.diff(levels)[0])


def test_the_words_of_a_bone_name_its_stations_and_its_bow(study: Study) -> None:
    stations = (Station(0.0, 14.0, 14.0, 7.0, 7.0), Station(BONE_LENGTH, 14.0, 14.0, 6.0, 6.0))
    bone = replace(study.case.bone, stations=stations, bow_radius=1000.0)
    assert source_words(replace(study.case, bone=bone)) == "ellipses at 2 stations on a bow of 1,000 mm"


def test_moduli_are_told_with_their_direction() -> None:
    assert moduli(Isotropic(2080.0, 0.3)) == [("Young's modulus", "2.08 GPa, all directions")]
    law = TransverselyIsotropic(11500.0, 17000.0, 0.4, 0.3, 3300.0)
    assert dict(moduli(law)) == {
        "Young's modulus across": "11.5 GPa",
        "Young's modulus along the bone": "17 GPa",
    }


def test_the_material_s_picture_says_modulus_and_material(study: Study) -> None:
    with mpl.rc_context(tokens.style()):
        drawn = matter_picture(study.case, study.mesh)
    assert drawn.question == "What is the bone made of?"
    assert "GPa" in drawn.says
    assert study.case.bone_material.name in " ".join(text.get_text() for text in drawn.axes.texts)


def test_lines_on_a_whole_bone_stand_off_its_surface() -> None:
    """Of a square, the solid on the left of its pieces: each side moves outwards by the lift."""
    corners = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    pieces = np.stack([corners, np.roll(corners, -1, axis=0)], axis=1)
    found = _lifted(pieces, 7.0, 0.25)
    assert (found[..., 2] == 7.0).all()
    np.testing.assert_allclose(np.abs(found[..., :2].mean(axis=1)).max(axis=1), 1.25)


def test_sections_of_a_whole_bone_lie_along_its_hole() -> None:
    """Beyond, a ray across the axis leaves the bone more than once; here each section has a line about it."""
    case = read_case(CASES / "femur_proximal.toml")
    assert case.reaming is not None
    levels = _cut_levels(case)
    assert 0 < levels[0] < levels[-1] < case.reaming.depth
    assert all(len(section_of(case.bone, level)) for level in levels.tolist())
    assert "itself" in source_words(case)
