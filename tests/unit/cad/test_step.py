"""STEP files: what is read of a solid, and what is no stem."""

from __future__ import annotations

import math
from collections.abc import Callable

import gmsh
import numpy as np
import pytest

from fea.cad.step import read_step
from geometry.cad_stem import Pose
from geometry.errors import GeometryError
from tests.unit.cad_shapes import cylinder, square, stem_of, step

PLAIN = Pose()


def tube() -> bytes:
    def draw() -> None:
        occ = gmsh.model.occ
        outer, inner = occ.addCylinder(0, 0, 0, 0, 0, 40, 8), occ.addCylinder(0, 0, 0, 0, 0, 40, 3)
        occ.cut([(3, outer)], [(3, inner)])

    return step(draw)


def hollow() -> bytes:
    def draw() -> None:
        occ = gmsh.model.occ
        occ.cut([(3, occ.addCylinder(0, 0, 0, 0, 0, 40, 8))], [(3, occ.addSphere(0, 0, 20, 4))])

    return step(draw)


def test_a_cylinder_is_read_to_less_than_a_tenth_of_a_micrometre() -> None:
    surface = read_step(cylinder(8.0, -10.0, 40.0), "a.step", PLAIN)
    assert surface.volume == pytest.approx(math.pi * 64 * 50, rel=2e-5)
    flank = np.abs(surface.normals[:, 2]) < 0.5
    assert (
        np.abs(np.hypot(*surface.points[surface.triangles[flank]].reshape(-1, 3)[:, :2].T) - 8).max() < 1e-9
    )
    angle, way = np.linspace(0.1, 6.2, 40), np.linspace(-0.3, 0.3, 40)
    points = np.stack([(8 + way) * np.cos(angle), (8 + way) * np.sin(angle), np.linspace(1, 39, 40)], axis=1)
    places, normals = surface.closest(points)
    assert surface.outside(points) == pytest.approx(way, abs=1e-4)
    assert np.hypot(*places[:, :2].T) == pytest.approx(np.full(40, 8.0), abs=1e-4)
    assert normals == pytest.approx(np.stack([np.cos(angle), np.sin(angle), 0 * angle], axis=1), abs=1e-3)
    assert surface.curvature.max() == pytest.approx(1 / 8, rel=1e-6)


@pytest.mark.parametrize(
    ("content", "volume"),
    [(tube, math.pi * (64 - 9) * 40), (hollow, math.pi * 64 * 40 - 4 / 3 * math.pi * 64)],
    ids=["bore", "cavity"],
)
def test_every_face_points_out_of_the_metal(content: Callable[[], bytes], volume: float) -> None:
    surface = read_step(content(), "a.step", PLAIN)
    assert surface.volume == pytest.approx(volume, rel=2e-5)
    outside = surface.outside(np.array([[0.0, 0.5, 20.0], [5.5, 0.0, 20.0], [9.0, 0.0, 20.0]]))
    assert (outside > 0).tolist() == [True, False, True]


def test_a_bore_faces_the_axis() -> None:
    stem = stem_of(tube())
    surface = stem.surface
    across = np.hypot(*surface.middles[:, :2].T)
    flank = np.abs(surface.normals[:, 2]) < 0.5
    assert np.array_equal(stem.faces_out(surface.middles, surface.normals)[flank], (across > 5)[flank])


def test_a_section_is_the_outline_at_its_level() -> None:
    outline = stem_of(square(14.0, 3.0, 0.0, 40.0)).rim(20.0)
    assert np.abs(outline[:, :2]).max() == pytest.approx(7.0, abs=1e-9)
    assert (outline[:, 2] == 20.0).all()
    assert len(outline) > 24


@pytest.mark.parametrize(("unit", "in_mm"), [("M", 1000.0), ("INCH", 25.4)])
def test_a_file_in_metres_or_inches_has_the_size_that_its_unit_says(unit: str, in_mm: float) -> None:
    def draw() -> None:
        gmsh.model.occ.addCylinder(0, 0, 0, 0, 0, 40 / in_mm, 8 / in_mm)

    surface = read_step(step(draw, unit), "a.step", PLAIN)
    assert surface.points.max(axis=0) == pytest.approx([8, 8, 40], rel=1e-3)
    assert surface.points[:, 2].max() == pytest.approx(40, rel=1e-9)


def two() -> None:
    gmsh.model.occ.addCylinder(0, 0, 0, 0, 0, 40, 8)
    gmsh.model.occ.addCylinder(30, 0, 0, 0, 0, 40, 8)


def open_shell() -> None:
    cylinder = gmsh.model.occ.addCylinder(0, 0, 0, 0, 0, 40, 8)
    gmsh.model.occ.synchronize()
    faces = gmsh.model.getBoundary([(3, cylinder)], oriented=False)
    gmsh.model.occ.remove([(3, cylinder)])
    gmsh.model.occ.remove([faces[1]])


def loose_face() -> None:
    gmsh.model.occ.addCylinder(0, 0, 0, 0, 0, 40, 8)
    gmsh.model.occ.addDisk(30, 0, 5, 4, 4)


def in_metres() -> bytes:
    return cylinder(8.0, 0.0, 40.0).replace(b"SI_UNIT(.MILLI.,.METRE.)", b"SI_UNIT($,.METRE.)")


WRONG: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "several bodies": (
        lambda: step(two),
        "a.step",
        r"holds 2 solids, with centres at \(0, 0, 20\), \(30, 0, 20\)",
    ),
    "open shell": (lambda: step(open_shell), "a.step", "holds no solid, but 2 faces that enclose nothing"),
    "loose face": (
        lambda: step(loose_face),
        "a.stp",
        r"holds 1 faces beside its solid, the first about \(30, 0, 5\)",
    ),
    "metres": (in_metres, "a.step", r"is 40 m long, and stems are 10 to 1000 mm long: the unit"),
    "inches": (lambda: cylinder(0.3, 0.0, 5.9), "a.step", r"is 5\.9 mm long, and stems are 10 to 1000 mm"),
    "empty": (lambda: b" \n", "a.step", "is empty"),
    "no STEP": (lambda: b"solid ascii", "a.step", "is not a STEP file, which begins with ISO-10303-21"),
    "damaged": (lambda: cylinder(8.0, 0.0, 40.0)[:900], "a.step", "could not be read as STEP|holds no solid"),
    "surface": (
        lambda: b"v 0 0 0",
        "a.OBJ",
        "a triangulated surface of a format that is not read: export it as STL",
    ),
    "other": (lambda: b"x", "a.iges", "give a STEP file, which ends in .step or .stp"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_told_in_one_sentence(name: str) -> None:
    content, file, words = WRONG[name]
    with pytest.raises(GeometryError, match=words) as caught:
        read_step(content(), file, PLAIN)
    told = str(caught.value)
    assert told.endswith(".")
    assert ". " not in told
    assert "\n" not in told
    assert file in told


@pytest.mark.parametrize(
    ("content", "translation", "rotation", "words"),
    [
        (cylinder(8.0, 0.0, 40.0), (0.0, 0.0, -50.0), (0.0, 0.0, 0.0), "all on the distal side of the cut"),
        (cylinder(8.0, 0.0, 40.0), (0.0, 0.0, 2.0), (0.0, 0.0, 0.0), "begins at z = 2 mm, above the cut"),
        (cylinder(8.0, 0.0, 40.0), (0.0, 0.0, -5.0), (0.0, 20.0, 0.0), "no flat face at its lowest level"),
    ],
)
def test_a_stem_that_is_seated_wrongly_is_refused(content, translation, rotation, words) -> None:
    with pytest.raises(GeometryError, match=words):
        stem_of(content, (), rotation, translation)
