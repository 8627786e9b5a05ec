"""Meshes of stems from triangulated surfaces: walls, zones, volumes, quality, the same bits each time."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from fea.errors import MeshError
from fea.mesh.build import build_mesh
from fea.mesh.parts import Mesh
from fea.mesh.sheet_pieces import NONE, cut_to_pieces
from fea.mesh.sheet_remesh import lines_of
from fea.mesh.sizes import MeshSizes
from fea.surface.smooth import smooth_sheet
from geometry.bone import Bone, Station
from geometry.coating import Coating
from geometry.fit import Fit, ZoneFit
from geometry.reaming import Reaming
from geometry.sheet_stem import SheetStem
from tests.bodies.one_body import volume
from tests.unit.mesh.test_abutment import area
from tests.unit.surface_shapes import box, closed, cylinder, ring, surface_stem

BONE = Bone(50.0, (Station(0.0, 14.0, 14.0, 6.0, 6.0),))
REAMED = Reaming(16.0, 45.0, 5.0)
SIZES = MeshSizes(3.0, 4.0)
COATINGS = (Coating(5.0, 25.0),)


def stem(radius: float) -> SheetStem:
    return surface_stem(cylinder(64, radius, -10.0, 35.0), COATINGS)


@cache
def meshed(radius: float) -> Mesh:
    return build_mesh(BONE, REAMED, stem(radius), SIZES)


@pytest.mark.parametrize("radius", [7.95, 8.0, 8.05])
def test_where_stem_and_wall_are_near_the_mesh_has_the_wall(radius: float) -> None:
    mesh = meshed(radius)
    part = mesh.stem
    assert mesh.quality.inverted == 0
    assert mesh.quality.least_scaled_jacobian > 0.2
    assert mesh.quality.least_gamma > 0.05
    nodes = part.points[np.unique(np.concatenate([part.facets[name] for name in mesh.zones]))]
    assert np.abs(np.hypot(nodes[:, 0], nodes[:, 1]) - 8.0).max() < 1e-9
    below = part.points[np.unique(part.facets["distal_end"])]
    assert np.hypot(below[:, 0], below[:, 1]).max() == pytest.approx(radius, abs=1e-5)
    assert area(part, part.facets["coated"]) == pytest.approx(2 * np.pi * 8 * 20, rel=1e-4)
    assert area(part, part.facets["uncoated"]) == pytest.approx(2 * np.pi * 8 * 15, rel=1e-4)
    assert area(part, part.facets["distal_end"]) == pytest.approx(np.pi * radius**2, rel=1e-4)
    assert volume(mesh.bone) == pytest.approx(volume(meshed(8.0).bone), rel=1e-5)


def test_the_gap_stays_that_of_the_shapes() -> None:
    """On the wall, where the mesh is, the gap is the difference of the radii, 0.05 mm either way."""
    for radius in (7.95, 8.05):
        found = stem(radius)
        fit = Fit(BONE, REAMED, found, {zone: ZoneFit(0.0, 0.4) for zone in found.zones})
        part = meshed(radius).stem
        nodes = part.points[np.unique(part.facets["coated"])]
        gap = fit.gap(nodes, np.zeros_like(nodes), np.zeros(len(nodes), dtype=int))
        assert gap == pytest.approx(np.full(len(nodes), 8.0 - radius), abs=2e-5)


def test_away_from_the_wall_the_stem_keeps_its_own_curved_surface() -> None:
    mesh = meshed(7.7)
    part = mesh.stem
    nodes = part.points[np.unique(np.concatenate([part.facets[name] for name in mesh.zones]))]
    assert np.hypot(nodes[:, 0], nodes[:, 1]) == pytest.approx(np.full(len(nodes), 7.7), abs=1e-5)
    assert volume(part) == pytest.approx(45 * np.pi * 7.7**2, rel=1e-4)


def test_between_the_band_and_its_own_surface_the_stem_fades() -> None:
    """A gap of 0.15 mm, halfway between the band and where it has faded, is halved."""
    part = meshed(7.85).stem
    nodes = part.points[np.unique(part.facets["coated"])]
    assert np.hypot(nodes[:, 0], nodes[:, 1]) == pytest.approx(np.full(len(nodes), 7.925), abs=1e-4)


def test_edges_and_limits_of_zones_stay_where_they_are() -> None:
    part = meshed(8.05).stem
    for name, low, high in (("coated", 5.0, 25.0),):
        level = part.points[np.unique(part.facets[name]), 2]
        assert (level.min(), level.max()) == (low, high)
    assert (part.points[:, 2].min(), part.points[:, 2].max()) == pytest.approx((-10.0, 35.0), abs=1e-12)


def test_a_mesh_repeats_bit_for_bit_in_another_process() -> None:
    script = (
        "import hashlib; from tests.unit.mesh.test_sheet import meshed; m = meshed(8.05);"
        "d = hashlib.sha256();"
        "[d.update(a.tobytes()) for p in (m.stem, m.bone) for a in (p.points, p.tets)]; print(d.hexdigest())"
    )
    found = {
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
        for _ in range(2)
    }
    assert len(found) == 1


def test_the_digest_holds_the_unit() -> None:
    assert replace(stem(8.0), unit="cm").stated() != stem(8.0).stated()
    assert repr(replace(stem(8.0), unit="cm")) != repr(stem(8.0))


def test_pieces_are_disks_that_meet_in_lines() -> None:
    sheet = smooth_sheet(closed(ring(24, 0.5)), "a.stl")
    pieces = cut_to_pieces(sheet, [0.0], 3.0)
    lines = lines_of(pieces)
    edges = np.unique(np.sort(pieces.triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1), axis=0)
    assert len(pieces.vertices) - len(edges) + len(pieces.triangles) == 0
    assert sum(len(line.vertices) - 1 for line in lines) == len(pieces.edges)
    on_level = [line for line in lines if line.level != NONE]
    assert on_level
    for line in on_level:
        spacing = 8.0 * 2 * np.pi / 24
        assert np.abs(pieces.vertices[line.vertices, 2]).max() < 0.25 * spacing
    assert not any(line.sharp for line in lines)


def test_a_box_has_its_own_volume() -> None:
    shape = surface_stem(box((-7.0, -5.0, -10.0), (7.0, 5.0, 35.0)), COATINGS)
    mesh = build_mesh(Bone(50.0, (Station(0.0, 14.0, 14.0, 9.0, 9.0),)), None, replace(shape), SIZES)
    assert volume(mesh.stem) == pytest.approx(14.0 * 10.0 * 45.0, rel=2e-3)
    assert area(mesh.stem, mesh.stem.facets["distal_end"]) == pytest.approx(140.0, rel=1e-9)


def test_a_surface_that_no_cut_lays_flat_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fea.mesh.sheet_pieces._MOST", 4)
    with pytest.raises(MeshError, match="too intricate to be meshed anew, as at x = "):
        cut_to_pieces(smooth_sheet(closed(ring(24)), "a.stl"), [0.0], 3.0)
