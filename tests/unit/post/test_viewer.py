"""The view to be turned: its shapes and values are the study's, packed and unpacked."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from fea.post import tokens
from fea.post.micromotion import micromotion
from fea.post.tensors import principal_strain, von_mises
from fea.post.viewer import library
from fea.post.viewer.flat_map import flat_map
from fea.post.viewer.packed import packed
from fea.post.viewer.page import viewer
from fea.post.viewer.scene import CUTS, INSTANTS, Patch, Scene, scene
from fea.post.zones import zone_codes
from fea.study import Study
from geometry.zones import OFF_FLANK
from tests.unit.post.synthetic import seated_study
from tests.unit.post.synthetic_mesh import BONE_LENGTH, BONE_RADIUS, STEM_RADIUS


@pytest.fixture(scope="module")
def view(study: Study) -> Scene:
    return scene(study)


def one(view: Scene, part: str, cut: str = "", key: str = "") -> Patch:
    (found,) = (
        p
        for p in view.patches
        if p.part == part and p.cut == cut and not p.instead and key in {"", *p.fields}
    )
    return found


def area(patch: Patch) -> float:
    a, b, c = (patch.points[patch.triangles[:, k]] for k in range(3))
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)


def rows_of(points: NDArray[np.float64], places: NDArray[np.float64]) -> NDArray[np.int64]:
    """Row of the place that lies at each point, -1 for none."""
    away = np.linalg.norm(points[:, None] - places[None], axis=2)
    return np.where(away.min(axis=1) < 1e-3, away.argmin(axis=1), -1)


@pytest.mark.parametrize(("cut", "away"), [(name, way) for name, _, way in CUTS])
def test_a_cut_face_is_the_section_of_the_tube(view: Scene, cut: str, away: tuple[float, ...]) -> None:
    """Two strips of bone, b - a wide and L long, facing what was taken away."""
    face = one(view, "bone", cut)
    assert area(face) == pytest.approx(2 * (BONE_RADIUS - STEM_RADIUS) * BONE_LENGTH, rel=2e-3)
    a, b, c = (face.points[face.triangles[:, k]] for k in range(3))
    assert (np.cross(b - a, c - a) @ np.array(away) >= 0).all()
    assert np.abs(face.points @ np.array(away)).max() < 1e-3


def test_the_skin_of_the_bone_is_its_whole_surface(view: Scene) -> None:
    """2 pi (b + a) L + 2 pi (b^2 - a^2), drawn as chords between nodes."""
    a, b = STEM_RADIUS, BONE_RADIUS
    exact = 2 * np.pi * (a + b) * BONE_LENGTH + 2 * np.pi * (b**2 - a**2)
    assert area(one(view, "bone")) == pytest.approx(exact, rel=5e-3)


def test_values_at_nodes_are_those_of_the_fields(study: Study, view: Scene) -> None:
    skin = one(view, "bone")
    rows = rows_of(skin.points, study.mesh.bone.points)
    assert (rows >= 0).mean() > 0.9
    for shown, row in (
        (0, 0),
        (view.start, int(np.argmax([abs(s.wrench[2]) for s in study.walk.judged])) + 1),
    ):
        strain = 100 * principal_strain(study.bone.strain[row])[:, 0]
        np.testing.assert_allclose(
            skin.fields["strain"][shown][rows >= 0], strain[rows[rows >= 0]], atol=1e-12
        )
    (flank,) = (p for p in view.patches if p.instead == "von_mises")
    stem = von_mises(study.stem.stress[0])
    at = rows_of(flank.points, study.mesh.stem.points)
    np.testing.assert_allclose(flank.fields["von_mises"][0][at >= 0], stem[at[at >= 0]], atol=1e-9)
    assert np.hypot(*flank.points[:, :2].T).max() > STEM_RADIUS  # the collar's face belongs to it


def test_micromotion_is_shown_where_there_is_contact_and_the_rest_apart(study: Study, view: Scene) -> None:
    motion, interface = micromotion(study.walk), study.interface
    patch = one(view, "interface", key="micromotion")
    at = rows_of(patch.points, interface.points)
    # Vertices of two zones lie at one place: there either value may stand.
    alone = np.array([np.sum(np.linalg.norm(interface.points - p, axis=1) < 1e-3) == 1 for p in patch.points])
    pick = (at >= 0) & alone
    np.testing.assert_allclose(
        patch.fields["micromotion"][0][pick], 1000 * motion.resulting[at[pick]], atol=1e-9
    )
    assert motion.touching[at[pick]].all()
    (lost,) = (p for p in view.patches if p.part == "interface" and "micromotion" not in p.fields)
    assert lost.colour == tokens.NO_CONTACT
    facets = interface.facets[~motion.touching[interface.facets].all(axis=1)]
    assert len(lost.triangles) == 4 * len(facets)
    assert len(lost.triangles) + len(patch.triangles) == 4 * len(interface.facets)


def test_motion_since_the_cycle_began_is_0_at_its_start(study: Study, view: Scene) -> None:
    rows = one(view, "interface", key="motion").fields["motion"]
    assert (rows[0] == 0).all()
    assert (rows[1] == 0).all()
    assert rows[view.start].max() > 0


def test_instants_are_few_named_and_hold_the_largest_load(study: Study, view: Scene) -> None:
    assert view.instants[0] == "press-fit"
    assert view.instants[1] == "0 % of the activity"
    assert len(view.instants) <= INSTANTS
    force = np.linalg.norm(view.load, axis=1)
    assert force[view.start] == force.max() == max(np.linalg.norm(s.wrench[:3]) for s in study.walk.judged)


def test_a_long_cycle_shows_few_of_its_instants(study: Study) -> None:
    """100 instants: press-fit, and at most 24 of them, the one of the largest force among them."""
    states, count = study.walk.judged, 100
    cycle = tuple(states[row * len(states) // count] for row in range(count))
    fields = replace(study.bone, strain=np.repeat(study.bone.strain[:1], count + 1, axis=0))
    stem = replace(study.stem, stress=np.repeat(study.stem.stress[:1], count + 1, axis=0))
    walk = replace(study.walk, percent=np.arange(100.0), cycles=(cycle,))
    view = scene(replace(study, walk=walk, bone=fields, stem=stem))
    assert len(view.instants) == INSTANTS
    assert np.linalg.norm(view.load[view.start]) == max(np.linalg.norm(state.wrench[:3]) for state in cycle)


def test_a_stem_that_came_loose_shows_no_micromotion(loosened: Study) -> None:
    view = scene(loosened)
    assert {shade.key for shade in view.shades} == {"pressure", "gap"}
    assert len(view.instants) > 1
    assert all("micromotion" not in patch.fields for patch in view.patches)


def test_a_press_fit_without_an_activity_is_one_instant() -> None:
    view = scene(seated_study())
    assert view.instants == ("press-fit",)
    assert {len(rows) for patch in view.patches for rows in patch.fields.values()} == {1}


def test_what_is_packed_can_be_unpacked(view: Scene) -> None:
    found = json.loads(packed(view))
    assert found["instants"] == list(view.instants)
    for text, patch in zip(found["patches"], view.patches, strict=True):
        points = np.frombuffer(base64.b64decode(text["points"]), "<f4").reshape(-1, 3)
        np.testing.assert_allclose(points, patch.points, atol=1e-4)
        corners = np.frombuffer(base64.b64decode(text["triangles"]), "<u4").reshape(-1, 3)
        np.testing.assert_array_equal(corners, patch.triangles)
        normals = np.frombuffer(base64.b64decode(text["normals"]), "i1").reshape(-1, 3) / 127
        np.testing.assert_allclose(normals, patch.normals, atol=0.005)
        for key, rows in patch.fields.items():
            field = text["fields"][key]
            steps = np.frombuffer(base64.b64decode(field["data"]), "<u2").reshape(field["rows"], -1)
            back = field["low"] + (field["high"] - field["low"]) / 65535 * steps
            np.testing.assert_allclose(back, rows, atol=(field["high"] - field["low"]) / 131000 + 1e-12)


def test_the_flat_map_has_the_fields_and_the_zones_of_the_flank(study: Study) -> None:
    found = json.loads(flat_map(study) or "")
    shape = (len(found["depths"]), found["angles"])
    assert [field["title"] for field in found["fields"]] == [
        "Micromotion over the judged cycle", "Largest opening over the judged cycle",
        "Contact pressure after the press-fit", "Gap after the press-fit",
    ]  # fmt: skip
    zone = np.frombuffer(base64.b64decode(found["zone"]), "u1").reshape(shape)
    codes = zone_codes(study.interface, study.case.stem)
    places = study.interface.straight
    flank = (codes >= 0) & ~study.interface.within(*OFF_FLANK)
    # At a vertex in the middle of its zone, the map's zone is the vertex's.
    for place, code in zip(places[flank], codes[flank], strict=True):
        row = int(np.argmin(np.abs(np.array(found["depths"]) - place[2])))
        angle = np.degrees(np.arctan2(place[1], place[0]))
        if abs((angle + 45) % 90 - 45) < 40 and len(set(zone[max(row - 3, 0) : row + 4, 0].tolist())) == 1:
            assert zone[row, round((angle + 180) / 3) % 120] == code
    steps = np.frombuffer(base64.b64decode(found["fields"][0]["data"]), "<u2").reshape(shape)
    motion = micromotion(study.walk)
    assert (steps == 65535).any()
    assert found["fields"][0]["high"] == pytest.approx(
        1000 * motion.resulting[motion.touching].max(), rel=0.05
    )
    assert "<" not in (flat_map(study) or "")


def test_what_faces_no_bone_has_no_flat_map(study: Study) -> None:
    plate = replace(study.interface, zones=("collar",) * len(study.interface.zones))
    assert flat_map(replace(study, interface=plate)) is None


def test_nothing_in_the_data_ends_the_script_that_holds_it(view: Scene) -> None:
    """A title may hold anything; the page's parser must not see a tag in it."""
    odd = replace(view, instants=("</script><b>", *view.instants[1:]))
    text = packed(odd)
    assert "<" not in text
    assert json.loads(text)["instants"][0] == "</script><b>"


def test_the_library_is_that_of_the_installed_package() -> None:
    code = library.vtk_js()
    assert code is not None
    assert "vtkPolyData" in code
    assert "</script" not in code
    assert "vtk.js 3" in library.library_words()


def test_without_the_package_there_is_a_sentence_instead(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.vtk_js.cache_clear()
    monkeypatch.setattr(library, "PACKAGE", "a_package_that_is_not_there")
    found = viewer(study)
    library.vtk_js.cache_clear()
    assert found.data == found.library == ""
    assert "is not installed here" in found.words
