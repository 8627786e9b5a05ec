"""A deck read back by other means states the case that it was written from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import meshio
import numpy as np
import pytest
from numpy.typing import NDArray

from fea.cache import Cache
from fea.case.case import Case
from fea.case.reader import read_case
from fea.export.deck import Contact, assemble_deck
from fea.export.writer import write_deck
from fea.mesh.parts import Mesh
from fea.model.build import element_materials
from fea.progress import Clock
from fea.solving import Tools, mesh_case
from geometry.coating import Coating
from geometry.fit import ZoneFit
from materials.elasticity import Isotropic

FloatArray = NDArray[np.float64]

CASE = """
schema_version = 1
title = "A bowed femur, coarse"

[bone]
length_mm = 70.0
bow_radius_mm = 400.0
material = "cortical_reilly_burstein_1975"

[[bone.station]]
outer_diameter_mm = 28.0
canal_diameter_mm = 14.0

[reaming]
diameter_mm = 16.0
depth_mm = 50.0
end_radius_mm = 8.0
path = "straight"

[stem]
diameter_mm = 16.0
length_mm = 40.0
protrusion_mm = 15.0
tip_radius_mm = 5.0
material = "ti_6al_4v"

[stem.coating]
from_mm = 0.0
to_mm = 25.0

[stem.collar]
diameter_mm = 22.0
thickness_mm = 4.0
gap_um = 100.0

[fit.coated]
diametral_interference_um = 40.0
friction = 0.5

[fit.uncoated]
diametral_interference_um = 0.0
friction = 0.3

[supports]
bone_proximal = "clamped"

[activity]
history = "walking.toml"
body_weight_N = 800.0
limb_side = "left"

[mesh]
interface_size_mm = 6.0
far_size_mm = 8.0
edge_size_mm = 6.0
"""
ROOT = Path(__file__).parents[3]
DIALECTS = ("calculix", "abaqus")


@dataclass(frozen=True, eq=False)
class Written:
    """A case, its mesh, and the folder with the deck in each dialect."""

    case: Case
    mesh: Mesh
    folder: Path

    def text(self, dialect: str, part: str = "") -> list[str]:
        name = f"femur_{part}.inc" if part else "femur.inp"
        return (self.folder / dialect / name).read_text(encoding="ascii").splitlines()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("export")
    history = (ROOT / "cases" / "loads" / "level_walking.toml").read_text(encoding="utf-8")
    (folder / "walking.toml").write_text(history, encoding="utf-8")
    (folder / "femur.toml").write_text(CASE, encoding="utf-8")
    case = read_case(folder / "femur.toml")
    mesh = mesh_case(case, Tools(Cache(folder / "cache"), Clock()))
    deck = assemble_deck(case, mesh, 5, Contact())
    for dialect in DIALECTS:
        (folder / dialect).mkdir()
        write_deck(deck, folder / dialect, "femur", dialect)
    return Written(case, mesh, folder)


def card(lines: list[str], start: str) -> list[list[str]]:
    """Words of the data lines under the only card that starts so."""
    (first,) = [k for k, line in enumerate(lines) if line.startswith(start)]
    rows = []
    for line in lines[first + 1 :]:
        if line.startswith("*"):
            break
        rows.append([word.strip() for word in line.split(",")])
    return rows


@pytest.mark.parametrize("dialect", DIALECTS)
def test_another_reader_finds_every_node_and_every_element_with_its_nodes_in_order(
    written: Written, dialect: str
) -> None:
    """Straight corners make positive volumes, and each middle node lies on its edge.

    Edges of C3D10 as the keyword manuals number them: 12, 23, 31, 14, 24, 34. A curved edge's
    middle is at most 0.25 of the edge off the chord's; a wrong order would be 0.5 off or more.
    """
    found = meshio.read(written.folder / dialect / "femur.inp")
    parts = (written.mesh.stem, written.mesh.bone)
    assert len(found.points) == sum(len(part.points) for part in parts)
    assert [len(block.data) for block in found.cells] == [len(part.tets) for part in parts]
    for block in found.cells:
        corners = found.points[block.data]
        sides = corners[:, 1:4] - corners[:, :1]
        assert np.linalg.det(sides).min() > 0.0
        for middle, (a, b) in enumerate(((0, 1), (1, 2), (2, 0), (0, 3), (1, 3), (2, 3)), start=4):
            length = np.linalg.norm(corners[:, a] - corners[:, b], axis=1)
            away = np.linalg.norm(corners[:, middle] - 0.5 * (corners[:, a] + corners[:, b]), axis=1)
            assert (away / length).max() < 0.25


def test_the_stem_overlaps_by_the_interference_and_keeps_the_collar_gap(written: Written) -> None:
    """Away from limits of zones: 20 um radial on the coating, 100 um under the collar."""
    found, stem = meshio.read(written.folder / "calculix" / "femur.inp").points, written.mesh.stem
    moved = found[: len(stem.points)] - stem.points
    nodes = {name: set(np.unique(facets).tolist()) for name, facets in stem.facets.items()}
    inner = sorted(nodes["coated"] - nodes["uncoated"] - nodes["collar"])
    outward = stem.points[inner, :2] / np.linalg.norm(stem.points[inner, :2], axis=1)[:, None]
    # The facet's normal at a node misses the cylinder's by a degree or so on this coarse mesh.
    assert np.einsum("nd,nd->n", moved[inner, :2], outward) == pytest.approx(0.02, rel=2e-3)
    assert np.linalg.norm(moved[inner], axis=1) == pytest.approx(0.02, abs=1e-10)
    under = sorted(nodes["collar"] - nodes["coated"] - nodes["free"])
    assert moved[under, 2] == pytest.approx(-0.1, abs=1e-10)
    limit = sorted(nodes["coated"] & nodes["uncoated"])
    assert np.linalg.norm(moved[limit], axis=1) == pytest.approx(0.01, abs=1e-4)
    others = np.ones(len(moved), dtype=bool)
    others[sorted(nodes["coated"] | nodes["uncoated"] | nodes["collar"])] = False
    assert np.abs(moved[others]).max() < 1e-11


def test_each_of_several_coatings_is_a_contact_pair_with_its_own_overlap(
    written: Written, tmp_path: Path
) -> None:
    """10 and 40 um radial on coatings that touch, the mean on the limit between them."""
    case = written.case
    coatings = (Coating(0.0, 12.0, "sprayed"), Coating(12.0, 25.0, "printed"))
    fit = {"sprayed": ZoneFit(0.01, 0.5), "printed": ZoneFit(0.04, 0.9), "uncoated": ZoneFit(0.0, 0.3)}
    case = replace(case, stem=replace(case.stem, coatings=coatings, collar=None), fit=fit)
    mesh = mesh_case(case, Tools(Cache(tmp_path), Clock()))
    deck = assemble_deck(case, mesh, 2, Contact())
    assert deck.friction == {"sprayed": 0.5, "printed": 0.9, "uncoated": 0.3}
    assert set(deck.surfaces) == {"sprayed", "printed", "uncoated", "canal"}
    moved = np.linalg.norm(deck.points[: len(mesh.stem.points)] - mesh.stem.points, axis=1)
    nodes = {name: set(np.unique(facets).tolist()) for name, facets in mesh.stem.facets.items()}
    for name, others in (("sprayed", ("printed", "free")), ("printed", ("sprayed", "uncoated"))):
        inner = sorted(nodes[name].difference(*(nodes[other] for other in others)))
        assert moved[inner] == pytest.approx(fit[name].radial_interference, abs=1e-10)
    limit = sorted(nodes["sprayed"] & nodes["printed"])
    assert moved[limit] == pytest.approx(0.025, abs=1e-4)
    text = write_deck(deck, tmp_path, "two", "calculix").read_text(encoding="ascii")
    for zone in ("SPRAYED", "PRINTED", "UNCOATED"):
        assert f"*SURFACE INTERACTION, NAME={zone}_LAW\n" in text
        assert f"\n{zone}, CANAL\n" in text


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_stiffness_of_every_element_is_in_the_deck(written: Written, dialect: str) -> None:
    """Engineering constants, turned by each element's axes as a tensor; round-off of 12 digits."""
    lines, axes = (
        written.text(dialect),
        card(written.text(dialect, "axes"), "*DISTRIBUTION, NAME=BONE_FRAMES"),
    )
    constants = card(lines, "*ELASTIC, TYPE=ENGINEERING CONSTANTS")
    e1, e2, e3, nu12, nu13, nu23, g12, g13, g23 = (float(word) for row in constants for word in row)
    compliance = np.diag([1 / e1, 1 / e2, 1 / e3, 1 / g12, 1 / g23, 1 / g13])
    compliance[0, 1] = compliance[1, 0] = -nu12 / e1
    compliance[0, 2] = compliance[2, 0] = -nu13 / e1
    compliance[1, 2] = compliance[2, 1] = -nu23 / e2
    pairs = ((0, 0), (1, 1), (2, 2), (0, 1), (1, 2), (0, 2))
    tensor = np.zeros((3, 3, 3, 3))
    for row, (i, j) in enumerate(pairs):
        for column, (k, m) in enumerate(pairs):
            value = np.linalg.inv(compliance)[row, column]
            for place in ((i, j, k, m), (j, i, k, m), (i, j, m, k), (j, i, m, k)):
                tensor[place] = value
    assert axes[0][0] == ""
    numbers = np.array([int(row[0]) for row in axes[1:]])
    bone, offset = written.mesh.bone, len(written.mesh.stem.tets)
    assert np.array_equal(numbers, offset + 1 + np.arange(len(bone.tets)))
    first, second = (np.array([row[k : k + 3] for row in axes[1:]], dtype=float) for k in (1, 4))
    frames = np.stack([first, second, np.cross(first, second)], axis=2)
    assert frames[:, 0, 2].std() > 1e-3, "the axes do not follow the bow"
    turned = np.einsum("nia,njb,nkc,nmd,abcd->nijkm", frames, frames, frames, frames, tensor, optimize=True)
    found = np.stack([[turned[:, i, j, k, m] for k, m in pairs] for i, j in pairs], axis=0).transpose(2, 0, 1)
    centres = bone.points[bone.tets[:, :4]].mean(axis=1)
    expected = element_materials(bone, written.case.bone_material, written.case.bone.material_frames(centres))
    assert np.abs(found - expected).max() < 1e-9 * np.abs(expected).max()
    law = written.case.stem_material.elasticity
    assert isinstance(law, Isotropic)
    words = lines[lines.index("*ELASTIC") + 1].split(",")
    assert [float(word) for word in words] == pytest.approx(
        [law.youngs_modulus, law.poisson_ratio], rel=1e-12
    )


def test_the_nodal_forces_of_every_step_sum_to_its_wrench(written: Written) -> None:
    """About the reference point; the forces of all nodes are written with 12 digits."""
    points = meshio.read(written.folder / "calculix" / "femur.inp").points
    steps = "\n".join(written.text("calculix", "history")).split("*CLOAD\n")[1:]
    deck = assemble_deck(written.case, written.mesh, 5, Contact())
    assert len(steps) == 5
    for wrench, step in zip(deck.cycle.wrenches, steps, strict=True):
        rows = [line.split(",") for line in step.split("*END STEP")[0].splitlines()]
        force, moment = np.zeros(3), np.zeros(3)
        for node, direction, value in rows:
            one = float(value) * np.eye(3)[int(direction) - 1]
            force += one
            moment += np.cross(points[int(node) - 1] - np.array(written.case.reference_point), one)
        assert np.r_[force, moment] == pytest.approx(wrench, abs=1e-9 * max(np.abs(wrench).max(), 1.0))


def test_the_faces_of_every_surface_are_the_facets_of_the_mesh(written: Written) -> None:
    """Corners of faces S1 to S4 as the keyword manuals number them: 123, 142, 243, 341."""
    cells = np.concatenate(
        [block.data for block in meshio.read(written.folder / "calculix" / "femur.inp").cells]
    )
    corners = {"S1": (0, 1, 2), "S2": (0, 3, 1), "S3": (1, 3, 2), "S4": (2, 3, 0)}
    offset = len(written.mesh.stem.points)
    lines = written.text("calculix", "mesh")
    for part, names, shift in (
        (written.mesh.stem, ("coated", "uncoated", "collar"), 0),
        (written.mesh.bone, ("canal", "cut"), offset),
    ):
        for name in names:
            rows = card(lines, f"*SURFACE, NAME={name.upper()},")
            found = {tuple(sorted(cells[int(e) - 1, list(corners[face])].tolist())) for e, face in rows}
            assert found == {tuple(sorted(f)) for f in (part.facets[name][:, :3] + shift).tolist()}


def test_supports_hold_the_nodes_of_the_clamped_face_and_no_pin_is_needed(written: Written) -> None:
    rows = np.array(card(written.text("calculix"), "*BOUNDARY"), dtype=int)
    held = np.unique(written.mesh.bone.facets["proximal"]) + 1 + len(written.mesh.stem.points)
    assert set(map(tuple, rows.tolist())) == {(int(n), d, d) for n in held for d in (1, 2, 3)}


def test_the_header_says_units_and_what_is_not_the_same(written: Written) -> None:
    for dialect, words in (("calculix", "penalty"), ("abaqus", "not run")):
        text = " ".join(line.lstrip("* ") for line in written.text(dialect) if line.startswith("**"))
        for needed in ("N, mm, MPa", "NOT THE SAME", written.case.title, written.mesh.digest[:32], words):
            assert needed in text
        assert all(len(line) <= 256 for line in written.text(dialect)), "Abaqus reads 256 characters"


def test_a_round_stem_without_friction_or_supports_gets_two_pins_and_a_free_bone_six(tmp_path: Path) -> None:
    case = read_case(ROOT / "cases" / "verification" / "a1_titanium_in_cortical.toml")
    mesh = mesh_case(case, Tools(Cache(tmp_path), Clock()), 3.0)
    deck = assemble_deck(case, mesh, None, Contact())
    assert len(deck.fixed) == 0
    stem = deck.pinned[:, 0] <= deck.stem_nodes
    assert (stem.sum(), (~stem).sum()) == (2, 6)
    assert deck.bone_axes is None
    assert deck.cycle.percent.size == 0
