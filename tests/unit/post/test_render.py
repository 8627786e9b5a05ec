"""Pictures: curved surfaces, honest cuts, readable sheets."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb
from PIL import Image

from fea.mesh.parts import Part
from fea.post import tokens
from fea.post.render import sheet
from fea.post.render.clip import Patch, clip, section
from fea.post.render.contact import band_parts, contact_level
from fea.post.render.extremes import extremes, place_words
from fea.post.render.gallery import Picture, draw_pictures
from fea.post.render.paint import NO_CONTACT, Paint, bands
from fea.post.render.sheet import LARGEST_FILE, encode
from fea.post.render.shot import ANTERIOR, LEFT, POSTERIOR, RIGHT, Body, Window, shoot
from fea.post.render.surface import subdivide
from fea.post.render.unrolled_views import Instant, pressure_map
from fea.post.unrolled import unroll
from fea.study import Study
from geometry.coating import Coating
from tests.unit.post.synthetic_mesh import BONE_LENGTH, BONE_RADIUS, STEM_LENGTH, STEM_RADIUS

EVERY_PICTURE = {
    "assembly", "mesh", "pressure_press_fit", "micromotion", "unrolled_micromotion", "unrolled_pressure",
    "unrolled_status", "bone_hoop_stress_press_fit", "bone_strain_press_fit", "bone_hoop_stress_worst",
    "bone_strain_worst", "stem_von_mises", "rims",
}  # fmt: skip


@pytest.fixture(scope="module")
def pictures(study: Study, tmp_path_factory: pytest.TempPathFactory) -> tuple[Picture, ...]:
    return draw_pictures(study, tmp_path_factory.mktemp("pictures"))


def _flank(part: Part) -> np.ndarray:
    return part.points[np.concatenate([part.facets["coated"], part.facets["uncoated"]])]


def _pixels(picture: Picture) -> np.ndarray:
    with Image.open(picture.path) as image:
        return np.asarray(image.convert("RGB"))


def test_every_picture_is_drawn(pictures: tuple[Picture, ...]) -> None:
    assert {picture.name for picture in pictures} == EVERY_PICTURE


def test_coatings_are_told_apart_on_the_maps_and_in_the_legend(study: Study) -> None:
    """Two coatings: a bar in its shade beside the map over each one's depth, and a swatch with its name."""
    coatings = (Coating(0.0, 60.0, "sprayed"), Coating(60.0, 100.0, "printed"))
    stem = replace(study.case.stem, coatings=coatings)
    instants = [Instant("after press-fit", study.walk.press_fit)]
    drawn = pressure_map(unroll(study.interface), study.interface, stem, instants)
    shades = [tokens.coating_colour(row) for row in range(2)]
    boxes = {
        shade: sorted(
            patch.get_height() for patch in drawn.axes.patches if to_hex(patch.get_facecolor()) == shade
        )
        for shade in shades
    }
    assert [len(heights) for heights in boxes.values()] == [2, 2]
    (_, first), (_, second) = boxes.values()
    assert first / second == pytest.approx(60.0 / 40.0)
    words = " ".join(text.get_text() for text in drawn.axes.texts)
    assert "sprayed, 0 to 60 mm" in words
    assert "printed, 60 to 100 mm" in words
    plain = pressure_map(unroll(study.interface), study.interface, study.case.stem, instants)
    assert not [patch for patch in plain.axes.patches if to_hex(patch.get_facecolor()) in shades]


def test_the_shades_of_coatings_differ_in_lightness() -> None:
    """Told apart without hue: neighbours by 10 of 100 in CIE lightness, all of them from the bare stem."""

    def lightness(colour: str) -> float:
        parts = np.array(to_rgb(colour))
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return float(116 * np.cbrt(linear @ (0.2126, 0.7152, 0.0722)) - 16)

    found = np.array([lightness(colour) for colour in tokens.COATINGS])
    assert np.abs(np.diff(found)).min() > 10.0
    assert np.abs(found - lightness(tokens.STEM)).min() > 9.0
    assert tokens.coating_colour(len(found)) == tokens.COATINGS[0]


def test_no_picture_is_blank(pictures: tuple[Picture, ...]) -> None:
    for picture in pictures:
        image = _pixels(picture)
        colours = image.astype(np.int64) @ (65_536, 256, 1)
        assert len(np.unique(colours)) > 200, picture.name
        assert (image < 250).any(axis=2).mean() > 0.02, picture.name


def test_nothing_is_cut_off_at_the_edge_of_a_picture(pictures: tuple[Picture, ...]) -> None:
    """A margin of 8 CSS px on every side stays white."""
    for picture in pictures:
        image = _pixels(picture)
        rim = 8 * tokens.PIXEL_RATIO
        sides = (image[:rim], image[-rim:], image[:, :rim], image[:, -rim:])
        assert min(int(side.min()) for side in sides) >= 250, picture.name


def test_pictures_are_twice_as_fine_as_they_are_shown(pictures: tuple[Picture, ...]) -> None:
    for picture in pictures:
        assert _pixels(picture).shape[1] == pytest.approx(2 * picture.width, abs=1)


def test_pictures_are_small_files(pictures: tuple[Picture, ...]) -> None:
    assert max(picture.path.stat().st_size for picture in pictures) <= LARGEST_FILE


def test_every_picture_says_what_it_shows(pictures: tuple[Picture, ...]) -> None:
    for picture in pictures:
        assert picture.alt.endswith("."), picture.name
        assert any(sign.isdigit() for sign in picture.alt), picture.name
        assert picture.title.endswith("?"), picture.name


def test_with_loss_of_fixation_no_micromotion_is_drawn(
    loosened: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which pictures there are does not depend on their pixels, which are left out here for speed."""
    monkeypatch.setattr(sheet, "shoot", lambda *_: np.zeros((2, 2, 4), dtype=np.uint8))
    monkeypatch.setattr(sheet.Sheet, "save", lambda _, path: path)
    names = {picture.name for picture in draw_pictures(loosened, tmp_path)}
    assert names == {name for name in EVERY_PICTURE if "micromotion" not in name} - {
        "bone_hoop_stress_worst", "bone_strain_worst", "stem_von_mises",
    }  # fmt: skip


def test_without_a_display_the_window_system_is_named_and_not_empty() -> None:
    """An empty value would end the process; one that the user has set stays."""
    script = "import os, fea.post.render; print(os.environ['VTK_DEFAULT_OPENGL_WINDOW'])"
    key, default = "VTK_DEFAULT_OPENGL_WINDOW", "vtkEGLRenderWindow"
    bare = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", key)}
    for given, expected in (({}, default), ({key: ""}, default), ({key: "other"}, "other")):
        out = subprocess.run([sys.executable, "-c", script], env=bare | given, capture_output=True, text=True)
        assert out.stdout.strip() == expected


def test_subdivided_facets_lie_on_the_cylinder(study: Study) -> None:
    """A quadratic arc of 22.5 degrees leaves its circle by less than 1e-4 of the radius."""
    surface = subdivide(_flank(study.mesh.stem), 4)
    np.testing.assert_allclose(np.hypot(*surface.points[:, :2].T), STEM_RADIUS, rtol=1e-4)


def test_normals_of_subdivided_facets_are_those_of_the_cylinder(study: Study) -> None:
    """Within 1 degree; the rim of the flank is no smooth edge and must not bend them."""
    surface = subdivide(_flank(study.mesh.stem), 4)
    radial = surface.points * (1, 1, 0) / np.hypot(*surface.points[:, :2].T)[:, None]
    assert np.einsum("ij,ij->i", radial, surface.normals).min() > np.cos(np.radians(1.0))


def test_subdivision_reproduces_quadratic_fields(study: Study) -> None:
    nodes = _flank(study.mesh.stem)
    surface = subdivide(nodes, 3)
    np.testing.assert_allclose(surface.from_nodes(nodes), surface.points, atol=1e-12)
    np.testing.assert_allclose(surface.from_corners(nodes[:, :3, 2]), surface.points[:, 2], atol=1e-9)


def test_clipping_keeps_what_is_not_negative() -> None:
    """The unit triangle cut at x = 1/4 keeps (3/4)^2 of its area on the far side."""
    patch = Patch(np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]), np.array([[0, 1, 2]]))
    level = patch.data[:, 0] - 0.25
    assert _area(clip(patch, level)) == pytest.approx(0.5 * 0.75**2)
    assert _area(clip(patch, level)) + _area(clip(patch, -level)) == pytest.approx(0.5)


def test_the_cut_through_the_bone_has_the_area_of_its_wall(study: Study) -> None:
    """Two strips of wall by length; the straight pieces of elements next to the plane cost less than 1 %."""
    bone = study.mesh.bone
    face = section(bone.points, bone.tets, bone.points[:, 1] + 1e-5)
    assert _area(Patch(face.data[:, [0, 2]], face.triangles)) == pytest.approx(
        2 * (BONE_RADIUS - STEM_RADIUS) * BONE_LENGTH, rel=0.01
    )


def _area(patch: Patch) -> float:
    a, b, c = (patch.data[patch.triangles[:, corner]] for corner in range(3))
    return float(np.abs((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]).sum() / 2)


@pytest.mark.parametrize(
    ("view", "right"),
    [(ANTERIOR, (0, 1, 0)), (LEFT, (-1, 0, 0)), (POSTERIOR, (0, -1, 0)), (RIGHT, (1, 0, 0))],
)
def test_views_have_the_hip_up_and_their_right_side_right(view, right) -> None:
    np.testing.assert_allclose(view.right, right, atol=1e-12)
    np.testing.assert_allclose(view.upward, (0, 0, 1), atol=1e-12)


def test_a_shot_has_its_scale_and_its_colour() -> None:
    """A square of 10 mm at 8 px/mm is 80 px wide, and its flat colour facing the eye is the token's."""
    points = np.array([[0.0, -5, -5], [0, 5, -5], [0, 5, 5], [0, -5, 5]])
    normals = np.tile([1.0, 0.0, 0.0], (4, 1))
    square = Body(points, normals, np.array([[0, 1, 2], [0, 2, 3]]), None, Paint(colour=tokens.STEM))
    image = shoot([square], ANTERIOR, Window(-10, 10, -10, 10), 8.0)
    assert image.shape == (160, 160, 4)
    assert np.count_nonzero(image[80, :, 3]) == pytest.approx(80, abs=2)
    np.testing.assert_allclose(image[80, 80, :3] / 255, to_rgb(tokens.STEM), atol=0.06)


def test_a_place_without_contact_is_hatched() -> None:
    points = np.array([[0.0, -5, -5], [0, 5, -5], [0, 5, 5], [0, -5, 5]])
    square = Body(points, np.tile([1.0, 0, 0], (4, 1)), np.array([[0, 1, 2], [0, 2, 3]]), None, NO_CONTACT)
    image = shoot([square], ANTERIOR, Window(-6, 6, -6, 6), 10.0)
    inside = image[20:100, 20:100, :3].reshape(-1, 3)
    assert np.ptp(inside, axis=0).min() > 60


def test_bands_change_colour_at_the_criteria() -> None:
    paint = bands()
    assert paint.table is not None
    for edge, below, above in zip(
        tokens.BAND_EDGES[1:-1], tokens.BAND_COLOURS[:-2], tokens.BAND_COLOURS[1:-1], strict=True
    ):
        row = round(edge / paint.limits[1] * len(paint.table))
        np.testing.assert_allclose(paint.table[row - 1, :3] / 255, to_rgb(below), atol=0.01)
        np.testing.assert_allclose(paint.table[row, :3] / 255, to_rgb(above), atol=0.01)


def test_every_motion_lies_in_one_band() -> None:
    motion = np.array([0.0, 13.9, 14.0, 28.0, 40.0, 50.0, 150.0, 151.0, 1000.0])
    np.testing.assert_array_equal(np.sum(band_parts(motion), axis=0), 1)
    np.testing.assert_array_equal(np.argmax(band_parts(motion), axis=0), [0, 0, 1, 2, 3, 4, 5, 6, 6])


def test_the_border_of_contact_has_the_sign_of_the_status(study: Study) -> None:
    state = study.walk.press_fit
    level = contact_level([state], study.interface.fit)
    np.testing.assert_array_equal(level > 0, state.status != 0)


def test_extremes_are_taken_where_they_are_judged() -> None:
    values, points = np.array([1.0, 5.0, 9.0]), np.diag([1.0, 2.0, 3.0])
    found = extremes(values, points, np.ones(3), np.array([True, True, False]))
    assert found is not None
    assert (found.value, found.elsewhere) == (5.0, 9.0)


@pytest.mark.parametrize(
    ("point", "words"),
    [
        ((8.0, 0.0, 12.0), "12 mm deep, anterior"),
        ((0.0, 8.0, -3.0), "3 mm distal of the cut, left"),
        ((-5.0, -5.0, STEM_LENGTH), "140 mm deep, posterior right"),
        ((0.0, 0.0, 50.0), "50 mm deep, on the axis"),
    ],
)
def test_places_are_said_in_anatomical_words(point, words) -> None:
    assert place_words(np.array(point)) == words


def test_a_compressed_picture_keeps_its_white() -> None:
    """Noise cannot be compressed: the file falls back to coarser colours, and white stays white."""
    noise = np.random.default_rng(1).integers(0, 255, (600, 600, 3)).astype(np.uint8)
    noise[:50] = 255
    image = np.asarray(Image.open(io.BytesIO(encode(noise))).convert("RGB"))
    assert image[:50].min() == 255
