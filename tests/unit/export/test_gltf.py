"""A binary glTF of the assembly, read back with json and struct."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from fea.export.assembly import band_colours, gltf
from fea.export.glb import Shape, glb
from fea.export.source import Source
from fea.post import tokens
from tests.unit.post.synthetic_mesh import BONE_LENGTH, BONE_RADIUS, COLLAR_RADIUS, STEM_LENGTH, STEM_RADIUS

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Model:
    """What a file states: its JSON and its arrays."""

    told: dict[str, Any]
    content: bytes

    def array(self, number: int) -> NDArray[Any]:
        accessor = self.told["accessors"][number]
        view = self.told["bufferViews"][accessor["bufferView"]]
        kind = {5126: "<f4", 5125: "<u4"}[accessor["componentType"]]
        width = {"SCALAR": 1, "VEC3": 3}[accessor["type"]]
        assert view["byteOffset"] % 4 == 0
        assert view["byteLength"] == 4 * width * accessor["count"]
        found = np.frombuffer(self.content, kind, width * accessor["count"], view["byteOffset"])
        return found.reshape(-1, width) if width > 1 else found

    def part(self, name: str) -> dict[str, Any]:
        (node,) = [each for each in self.told["nodes"] if each["name"] == name]
        (primitive,) = self.told["meshes"][node["mesh"]]["primitives"]
        arrays = {key: self.array(row) for key, row in primitive["attributes"].items()}
        arrays["triangles"] = self.array(primitive["indices"]).reshape(-1, 3)
        return arrays | {"material": self.told["materials"][primitive["material"]], "node": node}


def opened(path: Path) -> Model:
    content = path.read_bytes()
    magic, version, length = struct.unpack_from("<4sII", content)
    assert (magic, version, length) == (b"glTF", 2, len(content))
    size, kind = struct.unpack_from("<I4s", content, 12)
    assert (kind, size % 4) == (b"JSON", 0)
    told = json.loads(content[20 : 20 + size])
    arrays, kind = struct.unpack_from("<I4s", content, 20 + size)
    assert (kind, arrays) == (b"BIN\0", told["buffers"][0]["byteLength"])
    return Model(told, content[28 + size :])


@pytest.fixture(scope="module")
def model(solved: Source, tmp_path_factory: pytest.TempPathFactory) -> Model:
    folder = tmp_path_factory.mktemp("gltf")
    assert gltf(solved, folder).main == "synthetic.glb"
    return opened(folder / "synthetic.glb")


@pytest.fixture(scope="module")
def unsolved(solved: Source, tmp_path_factory: pytest.TempPathFactory) -> Model:
    folder = tmp_path_factory.mktemp("gltf")
    source = replace(solved, case=replace(solved.case, title="another"))
    source.__dict__["mesh"] = solved.mesh
    written = gltf(source, folder)
    assert "no micromotion" in dict(written.facts)["parts"]
    return opened(folder / "synthetic.glb")


@pytest.mark.parametrize("title", ["a", "ab", "abc", "abcd", "µ"])
def test_chunks_are_padded_to_four_bytes(title: str, tmp_path: Path) -> None:
    """Whatever the length of the JSON; `opened` checks it."""
    corner = np.eye(3)
    shape = Shape("corner", 1000 * corner, corner, np.array([[0, 1, 2]]), "#ffffff")
    (tmp_path / "one.glb").write_bytes(glb(title, title, [shape]))
    model = opened(tmp_path / "one.glb")
    assert model.told["scenes"][0]["name"] == title
    assert np.array_equal(model.part("corner")["POSITION"], corner[:, [1, 2, 0]].astype(np.float32))


def shown(colour: NDArray[Any]) -> str:
    """A linear colour as the sRGB that a screen shows, by the standard's formula."""
    value = np.where(colour <= 0.0031308, 12.92 * colour, 1.055 * np.maximum(colour, 0) ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(255 * float(each)):02x}" for each in value)


def volume(*parts: dict[str, Any]) -> float:
    """Signed volume within triangles, mm^3."""
    found = 0.0
    for part in parts:
        a, b, c = np.moveaxis(1000 * part["POSITION"].astype(float)[part["triangles"]], 1, 0)
        found += float(np.einsum("kd,kd->", a, np.cross(b, c))) / 6
    return found


def test_parts_are_named_nodes_under_one_root(model: Model, solved: Source) -> None:
    told = model.told
    (root,) = told["scenes"][told["scene"]]["nodes"]
    children = [told["nodes"][row]["name"] for row in told["nodes"][root]["children"]]
    assert told["nodes"][root]["name"] == solved.case.title
    assert children == ["bone", "stem", "micromotion"]


def test_bounds_are_metres_with_proximal_up_and_are_told(model: Model, unsolved: Model) -> None:
    bone = unsolved.part("bone")["POSITION"]
    assert np.ptp(bone, axis=0) == pytest.approx(
        [2e-3 * BONE_RADIUS, 1e-3 * BONE_LENGTH, 2e-3 * BONE_RADIUS], rel=1e-6
    )
    assert bone[:, 1].min() == 0.0
    coated = unsolved.part("coated")["POSITION"]
    assert (coated[:, 1].min(), coated[:, 1].max()) == pytest.approx((0.0, 0.1), abs=1e-7)
    stem = unsolved.part("stem")["POSITION"]
    assert (stem[:, 1].min(), stem[:, 1].max()) == pytest.approx((-0.004, STEM_LENGTH / 1000), abs=1e-7)
    for each in (model, unsolved):
        for mesh in each.told["meshes"]:
            number = mesh["primitives"][0]["attributes"]["POSITION"]
            accessor, values = each.told["accessors"][number], each.array(number)
            assert np.array_equal(np.float32(accessor["min"]), values.min(axis=0))
            assert np.array_equal(np.float32(accessor["max"]), values.max(axis=0))


def test_the_stem_is_closed_and_its_triangles_face_out(unsolved: Model) -> None:
    """Chords of 32 sides: half a 16-sector's angle; sin(a)/a of the circle's area. No mirror image."""
    found = volume(unsolved.part("stem"), unsolved.part("coated"))
    angle = 2 * np.pi / 32
    share = np.sin(angle) / angle
    circles = np.pi * (STEM_RADIUS**2 * (STEM_LENGTH + 4) + (COLLAR_RADIUS**2 - STEM_RADIUS**2) * 4)
    assert found == pytest.approx(share * circles, rel=1e-5)


def test_the_solved_stem_and_its_interface_close_one_another(model: Model, unsolved: Model) -> None:
    """The interface takes the place of the stem's own surface: nothing is doubled, nothing is lacking."""
    whole = volume(unsolved.part("stem"), unsolved.part("coated"))
    assert volume(model.part("stem"), model.part("micromotion")) == pytest.approx(whole, rel=1e-6)


def test_normals_are_of_unit_length_and_on_the_side_of_their_triangles(model: Model, unsolved: Model) -> None:
    for part in (
        model.part("stem"),
        model.part("micromotion"),
        unsolved.part("bone"),
        unsolved.part("coated"),
    ):
        normals = part["NORMAL"].astype(float)
        assert np.linalg.norm(normals, axis=1) == pytest.approx(1.0, abs=1e-6)
        a, b, c = np.moveaxis(part["POSITION"].astype(float)[part["triangles"]], 1, 0)
        flat = np.cross(b - a, c - a)
        flat /= np.linalg.norm(flat, axis=1)[:, None]
        assert np.einsum("kd,kjd->kj", flat, normals[part["triangles"]]).min() > 0.9
    # On the cylinder they are radial: triangles of a turned surface are smooth.
    place, normal = unsolved.part("coated")["POSITION"], unsolved.part("coated")["NORMAL"]
    radial = place[:, [0, 2]] / np.linalg.norm(place[:, [0, 2]], axis=1)[:, None]
    assert np.einsum("kd,kd->k", radial, normal[:, [0, 2]]).min() > 0.995


def test_colours_of_parts_are_the_projects(unsolved: Model) -> None:
    for name, colour in (("bone", tokens.CORTICAL), ("stem", tokens.STEM), ("coated", tokens.COATINGS[0])):
        factor = unsolved.part(name)["material"]["pbrMetallicRoughness"]["baseColorFactor"]
        assert shown(np.array(factor[:3])) == colour
    assert unsolved.part("bone")["material"]["alphaMode"] == "BLEND"


def test_each_triangle_of_the_interface_has_the_colour_of_its_band(model: Model) -> None:
    """Twice 5 um at the middle of the stem, twice 27 um from 60 mm off it; grey where it never touches.

    Posterior is -Z and proximal +Y: only there vertices never touch.
    """
    part = model.part("micromotion")
    centre = 1000 * part["POSITION"][part["triangles"]].mean(axis=1)
    colours = part["COLOR_0"][part["triangles"]]
    assert np.array_equal(colours[:, 0], colours[:, 1])
    assert np.array_equal(colours[:, 0], colours[:, 2])
    words = np.array([shown(colour) for colour in colours[:, 0]])
    assert set(words.tolist()) <= {*tokens.BAND_COLOURS, tokens.NO_CONTACT}
    flank = np.linalg.norm(centre[:, [0, 2]], axis=1) < STEM_RADIUS + 0.01
    assert set(words[flank & (np.abs(centre[:, 1] - 70) < 9)].tolist()) == {"#dbe9f6"}
    assert set(words[flank & (centre[:, 1] > 1) & (centre[:, 1] < 9)].tolist()) == {"#f3bf72"}
    apart = words == tokens.NO_CONTACT
    assert apart.any()
    assert centre[apart, 1].min() > 110
    assert centre[apart, 2].max() < 1.0
    assert part["node"]["extras"]["band_edges"] == list(tokens.BAND_EDGES)


def test_limits_belong_to_the_band_above() -> None:
    found = [
        shown(colour) for colour in band_colours(np.array([0.0, 13.9, 14.0, 149.9, 150.0, 900.0, np.nan]))
    ]
    first, second, *_, last_but_one, last = tokens.BAND_COLOURS
    assert found == [first, first, second, last_but_one, last, last, tokens.NO_CONTACT]


def test_the_wall_that_the_stem_covers_is_not_drawn_twice(unsolved: Model) -> None:
    """Of the canal only what lies above the stem's tip is left."""
    part = unsolved.part("bone")
    centre = 1000 * part["POSITION"][part["triangles"]].mean(axis=1)
    inner = np.linalg.norm(centre[:, [0, 2]], axis=1) < STEM_RADIUS + 0.01
    assert inner.any()
    assert centre[inner, 1].min() > STEM_LENGTH


def test_a_joint_has_its_own_bodies_and_no_micromotion(solved: Source, tmp_path: Path) -> None:
    joint = replace(solved, joint=True)
    joint.__dict__["mesh"] = solved.mesh
    gltf(joint, tmp_path)
    told = opened(tmp_path / "synthetic.glb").told
    assert [node["name"] for node in told["nodes"]][:-1] == ["socket", "cone"]
