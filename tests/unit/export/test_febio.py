"""A FEBio model, read back as XML, states the case that it was written from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from numpy.typing import NDArray

from fea.case.loading import load_of
from fea.export.febio import febio
from fea.export.source import Source
from materials.elasticity import Isotropic, Orthotropic

FloatArray = NDArray[np.float64]

#: Stroud's rule of degree 3 on the tetrahedron, and the rule of degree 4 on the triangle.
TETRAHEDRON = [((0.25, 0.25, 0.25), -4 / 5)] + [
    (place, 9 / 20)
    for place in ((1 / 2, 1 / 6, 1 / 6), (1 / 6, 1 / 2, 1 / 6), (1 / 6, 1 / 6, 1 / 2), (1 / 6,) * 3)
]
TRIANGLE = [
    (place, weight)
    for a, weight in ((0.445948490915965, 0.223381589678011), (0.091576213509771, 0.109951743655322))
    for place in ((a, a), (1 - 2 * a, a), (a, 1 - 2 * a))
]


@pytest.fixture(scope="module")
def root(femur: Source, tmp_path_factory: pytest.TempPathFactory) -> ElementTree.Element:
    folder = tmp_path_factory.mktemp("febio")
    assert febio(femur, folder).main == "femur.feb"
    return ElementTree.parse(folder / "femur.feb").getroot()


def numbers(element: ElementTree.Element) -> list[float]:
    assert element.text is not None
    return [float(word) for word in element.text.split(",")]


def points_of(root: ElementTree.Element) -> FloatArray:
    nodes = root.findall("Mesh/Nodes/node")
    assert [int(node.attrib["id"]) for node in nodes] == list(range(1, len(nodes) + 1))
    return np.array([numbers(node) for node in nodes])


def rows_of(element: ElementTree.Element) -> NDArray[np.int64]:
    return np.array([numbers(row) for row in element]).astype(np.int64) - 1


def tetrahedron_slopes(r: float, s: float, t: float) -> FloatArray:
    """Slopes of the shape functions by the manual's numbers: 4 vertices, 12, 23, 31, 14, 24, 34."""
    weight = np.array([1 - r - s - t, r, s, t])
    slope = np.array([[-1, -1, -1], [1, 0, 0], [0, 1, 0], [0, 0, 1]], dtype=float)
    edges = ((0, 1), (1, 2), (2, 0), (0, 3), (1, 3), (2, 3))
    corners = (4 * weight - 1)[:, None] * slope
    middles = [4 * (weight[a] * slope[b] + weight[b] * slope[a]) for a, b in edges]
    return np.vstack([corners, middles])


def triangle_shapes(r: float, s: float) -> tuple[FloatArray, FloatArray]:
    """Shape functions and slopes: 3 vertices, 12, 23, 31."""
    weight = np.array([1 - r - s, r, s])
    slope = np.array([[-1, -1], [1, 0], [0, 1]], dtype=float)
    edges = ((0, 1), (1, 2), (2, 0))
    values = [*(weight * (2 * weight - 1)), *(4 * weight[a] * weight[b] for a, b in edges)]
    middles = [4 * (weight[a] * slope[b] + weight[b] * slope[a]) for a, b in edges]
    return np.array(values), np.vstack([(4 * weight - 1)[:, None] * slope, middles])


def volumes(points: FloatArray, tets: NDArray[np.int64]) -> FloatArray:
    """Volumes of curved tetrahedra, exact."""
    found = np.zeros(len(tets))
    for place, weight in TETRAHEDRON:
        jacobian = np.linalg.det(np.einsum("nd,knc->kdc", tetrahedron_slopes(*place), points[tets]))
        assert jacobian.min() > 0.0
        found += weight * jacobian / 6
    return found


def enclosed(points: FloatArray, facets: NDArray[np.int64]) -> float:
    """Volume within curved facets whose normals point out, by the divergence theorem, exact."""
    found = 0.0
    for place, weight in TRIANGLE:
        values, slopes = triangle_shapes(*place)
        here = np.einsum("n,knc->kc", values, points[facets])
        along = np.einsum("nd,knc->dkc", slopes, points[facets])
        found += weight / 2 * float(np.einsum("kc,kc->", here, np.cross(along[0], along[1]))) / 3
    return found


def test_elements_are_upright_and_named_surfaces_enclose_their_bodies(root: ElementTree.Element) -> None:
    """Orders of nodes and normals all enter; 13 digits are written."""
    points = points_of(root)
    surfaces = {element.attrib["name"]: rows_of(element) for element in root.findall("Mesh/Surface")}
    for element in root.findall("Mesh/Elements"):
        assert element.attrib["type"] == "tet10"
        name = element.attrib["name"]
        own = np.concatenate([rows for key, rows in surfaces.items() if key.startswith(f"{name}_")])
        assert volumes(points, rows_of(element)).sum() == pytest.approx(enclosed(points, own), rel=1e-10)


def test_the_stem_has_the_volume_of_its_shape(root: ElementTree.Element) -> None:
    """Cylinder, a tip of rounding 5 on a flat of radius 3, and a collar; discretisation below 0.5 %.

    The tip is the integral of pi (3 + sqrt(25 - t^2))^2 over t from 0 to 5.
    """
    points = points_of(root)
    (stem,) = [each for each in root.findall("Mesh/Elements") if each.attrib["name"] == "stem"]
    tip = 9 * 5 + 6 * np.pi * 25 / 4 + 125 - 125 / 3
    shape = np.pi * (64 * 50 + tip + (121 - 64) * 4)
    assert volumes(points, rows_of(stem)).sum() == pytest.approx(shape, rel=5e-3)


def test_every_element_has_one_domain_whose_material_is_that_of_the_case(
    root: ElementTree.Element, femur: Source
) -> None:
    """FEBio's v31 / E3 is our nu13 / E1: the compliance that its constants make is the case's."""
    ids = [int(row.attrib["id"]) for row in root.findall("Mesh/Elements/elem")]
    assert sorted(ids) == list(range(1, len(ids) + 1))
    domains = {each.attrib["name"]: each.attrib["mat"] for each in root.findall("MeshDomains/SolidDomain")}
    assert domains == {"stem": "stem_material", "bone": "bone_material"}
    materials = {each.attrib["name"]: each for each in root.findall("Material/material")}
    stem, bone = materials["stem_material"], materials["bone_material"]
    law = femur.case.stem_material.elasticity
    assert isinstance(law, Isotropic)
    assert stem.attrib["type"] == "isotropic elastic"
    assert [float(stem.findtext(key, "")) for key in ("E", "v")] == [law.youngs_modulus, law.poisson_ratio]
    assert bone.attrib["type"] == "orthotropic elastic"
    keys = ("E1", "E2", "E3", "G12", "G23", "G31", "v12", "v23", "v31")
    e1, e2, e3, g12, g23, g31, v12, v23, v31 = (float(bone.findtext(key, "")) for key in keys)
    compliance = np.diag([1 / e1, 1 / e2, 1 / e3, 1 / g12, 1 / g23, 1 / g31])
    compliance[0, 1] = compliance[1, 0] = -v12 / e1
    compliance[1, 2] = compliance[2, 1] = -v23 / e2
    compliance[0, 2] = compliance[2, 0] = -v31 / e3
    expected = femur.case.bone_material.elasticity.compliance()
    assert compliance == pytest.approx(expected, rel=1e-10, abs=1e-20)


def test_the_axes_of_the_bone_are_those_of_the_case_in_every_element(
    root: ElementTree.Element, femur: Source
) -> None:
    (data,) = root.findall("MeshData/ElementData")
    assert (data.attrib["type"], data.attrib["elem_set"]) == ("mat_axis", "bone")
    assert [int(row.attrib["lid"]) for row in data] == list(range(1, len(data) + 1))
    first = np.array([numbers(row.find("a")) for row in data])  # type: ignore[arg-type]
    second = np.array([numbers(row.find("d")) for row in data])  # type: ignore[arg-type]
    bone = femur.mesh.bone
    frames = femur.case.bone_frames(bone.points[bone.tets[:, :4]].mean(axis=1))
    assert np.stack([first, second], axis=2) == pytest.approx(frames[:, :, :2], abs=1e-11)


def test_the_loads_sum_to_the_wrench_of_every_instant(root: ElementTree.Element, femur: Source) -> None:
    """Curve times map over all nodes, about the reference point; nothing acts in the press-fit."""
    points, reference = points_of(root), np.array(femur.case.reference_point)
    sets = {
        each.attrib["name"]: np.array(numbers(each), dtype=int) - 1 for each in root.findall("Mesh/NodeSet")
    }
    maps = {each.attrib["name"]: each for each in root.findall("MeshData/NodeData")}
    curves = {
        each.attrib["id"]: np.array([numbers(point) for point in each.findall("points/pt")])
        for each in root.findall("LoadData/load_controller")
    }
    total = np.zeros((6, 6))
    loads = root.findall("Loads/nodal_load")
    assert len(loads) == 6
    for load in loads:
        value = load.find("value")
        assert value is not None
        assert load.attrib["type"] == "nodal_force"
        data = maps[value.text or ""]
        assert (data.attrib["data_type"], data.attrib["node_set"]) == ("vec3", load.attrib["node_set"])
        forces = np.array([numbers(row) for row in data])
        arms = points[sets[load.attrib["node_set"]]] - reference
        wrench = np.r_[forces.sum(axis=0), np.cross(arms, forces).sum(axis=0)]
        curve = curves[value.attrib["lc"]]
        assert curve[:, 0].tolist() == [1, 2, 3, 4, 5, 6]
        total += np.outer(curve[:, 1], wrench)
    assert np.abs(total[0]).max() == 0.0
    wrenches = load_of(femur.case, 5).wrenches
    assert total[1:] == pytest.approx(wrenches, abs=1e-8 * np.abs(wrenches).max())
    must = curves[root.find("Control/time_stepper/dtmax").attrib["lc"]]  # type: ignore[union-attr]
    assert must[:, 0].tolist() == [1, 2, 3, 4, 5, 6]
    steps, size = (float(root.findtext(f"Control/{key}", "")) for key in ("time_steps", "step_size"))
    assert steps * size == pytest.approx(6.0)


def test_each_zone_is_a_contact_with_its_friction(root: ElementTree.Element, femur: Source) -> None:
    surfaces = {each.attrib["name"] for each in root.findall("Mesh/Surface")}
    pairs = {
        each.attrib["name"]: (each.findtext("primary"), each.findtext("secondary"))
        for each in root.findall("Mesh/SurfacePair")
    }
    found = {}
    for contact in root.findall("Contact/contact"):
        assert contact.attrib["type"] == "sliding-elastic"
        primary, secondary = pairs[contact.attrib["surface_pair"]]
        assert {primary, secondary} <= surfaces
        found[primary] = (secondary, float(contact.findtext("fric_coeff", "")))
    fit = femur.case.fit
    assert found == {
        "stem_coated": ("bone_canal", fit["coated"].friction),
        "stem_uncoated": ("bone_canal", fit["uncoated"].friction),
        "stem_collar": ("bone_cut", fit["collar"].friction),
    }


def test_the_clamped_face_is_held_in_every_direction(root: ElementTree.Element, femur: Source) -> None:
    held = set((np.unique(femur.mesh.bone.facets["proximal"]) + 1 + len(femur.mesh.stem.points)).tolist())
    sets = {each.attrib["name"]: set(map(int, numbers(each))) for each in root.findall("Mesh/NodeSet")}
    directions = set()
    for each in root.findall("Boundary/bc"):
        assert each.attrib["type"] == "zero displacement"
        assert sets[each.attrib["node_set"]] == held
        directions |= {axis for axis in "xyz" if each.findtext(f"{axis}_dof") == "1"}
        assert sum(each.findtext(f"{axis}_dof") == "1" for axis in "xyz") == 1
    assert directions == set("xyz")


def test_sections_stand_in_the_order_that_febio_reads(root: ElementTree.Element) -> None:
    """Data name sets and domains that must have been read."""
    names = [element.tag for element in root]
    assert root.attrib["version"] == "4.0"
    assert names.index("Mesh") < names.index("MeshDomains") < names.index("MeshData") < names.index("Loads")


def test_the_file_says_what_febio_cannot(femur: Source, tmp_path: Path) -> None:
    femur = replace(femur, case=replace(femur.case, title="A femur -- with <hyphens> & more"))
    febio(femur, tmp_path)
    text = (tmp_path / "femur.feb").read_text(encoding="utf-8")
    comment = text[: text.index("<febio_spec")]
    ElementTree.fromstring(text)  # a title cannot break the comment
    for words in ("N, mm, MPa", "NOT THE SAME", "forgets", "Saint Venant", "not run"):
        assert words in comment


def test_an_isotropic_bone_has_no_axes(femur: Source, tmp_path: Path) -> None:
    law = femur.case.bone_material.elasticity.orthotropic()
    assert isinstance(law, Orthotropic)
    bone = replace(femur.case.bone_material, elasticity=Isotropic(17_000.0, 0.3))
    plain = replace(femur, case=replace(femur.case, bone_material=bone))
    febio(plain, tmp_path)
    root = ElementTree.parse(tmp_path / "femur.feb").getroot()
    assert not root.findall("MeshData/ElementData")
    assert {each.attrib["type"] for each in root.findall("Material/material")} == {"isotropic elastic"}
