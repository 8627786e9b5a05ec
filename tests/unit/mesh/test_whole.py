"""Meshes of whole bones: a rod with a round end against the loft; support, shell, same bits."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from fea.mesh.build import build_mesh
from fea.mesh.parts import Mesh
from fea.mesh.sizes import MeshSizes
from fea.mesh.whole_sizes import whole_field
from fea.model.cancellous import core_shares
from fea.surface.mending import Closed
from fea.surface.smooth import smooth_sheet
from geometry.bone import Bone, Station
from geometry.canal import Canal
from geometry.coating import Coating
from geometry.core import Core
from geometry.curved import CurvedSurface
from geometry.reaming import Reaming
from geometry.scanned.closed import ClosedCanal
from geometry.scanned.splined import fit_outline
from geometry.scanned.whole import Head, Held, Whole
from geometry.stem import Collar, Stem
from geometry.wall import least_wall
from tests.bodies.one_body import volume
from tests.bodies.scans import rod
from tests.unit.mesh.test_abutment import area

RADIUS, STRAIGHT = 13.0, 60.0
REAMED = Reaming(14.0, 50.0, 4.0)
STEM = Stem(14.0, 46.0, 10.0, tip_radius=3.0, coatings=(Coating(0.0, 30.0),), collar=Collar(20.0, 3.0, 0.1))
SIZES = MeshSizes(3.5, 4.5)
HOLE = np.pi * 49.0 * 46.0 + np.pi * (2 / 3 * 64.0 + np.pi / 2 * 16.0 * 3.0 + 4.0 * 9.0)


def whole(held: Held, thickness: tuple[tuple[float, float], ...] = ()) -> Whole:
    found = rod(RADIUS, STRAIGHT, -10.0)
    return Whole(smooth_sheet(Closed(found.points, found.corners, ()), "rod.stl"), held, thickness)


def bone(**changes: object) -> Bone:
    return replace(Bone(STRAIGHT + RADIUS, (), outline=whole(Held(above=62.0))), **changes)


@cache
def meshed() -> Mesh:
    return build_mesh(bone(), REAMED, STEM, SIZES)


def test_the_volume_is_that_of_the_rod_above_the_cut_less_the_hole() -> None:
    """A cylinder, half a ball and the reamed hole in closed form, within 1e-4: half of it is the hole's."""
    mesh = meshed()
    exact = np.pi * RADIUS**2 * STRAIGHT + 2 / 3 * np.pi * RADIUS**3 - HOLE
    assert volume(mesh.bone) == pytest.approx(exact, rel=1e-4)
    assert mesh.quality.inverted == 0
    assert mesh.quality.least_scaled_jacobian > 0.1


def test_a_loft_of_the_same_rod_has_the_same_wall_volume_and_cut() -> None:
    """An ellipse's loft cut flat at 60 mm: what the ball adds is half of one."""
    lofted = Bone(STRAIGHT, (Station(0.0, RADIUS, RADIUS, 0.0, 0.0),))
    mesh = build_mesh(lofted, REAMED, STEM, SIZES)
    ball = 2 / 3 * np.pi * RADIUS**3
    assert volume(meshed().bone) - ball == pytest.approx(volume(mesh.bone), rel=2e-4)
    walls = [least_wall(Canal(each, REAMED)).thickness for each in (bone(), lofted)]
    assert walls[0] == pytest.approx(walls[1], abs=1e-4)
    cuts = [area(each.bone, each.bone.facets["cut"]) for each in (meshed(), mesh)]
    assert cuts[0] == pytest.approx(cuts[1], rel=1e-4)
    assert area(meshed().bone, meshed().bone.facets["canal"]) == pytest.approx(
        area(mesh.bone, mesh.bone.facets["canal"]), rel=1e-3
    )


def test_every_facet_has_its_name_and_stem_and_bone_share_the_wall() -> None:
    """Outer nodes, middles too, lie on the rod; those of the canal on its wall, at the stem's own places."""
    mesh = meshed()
    part = mesh.bone
    assert set(part.facets) == {"canal", "cut", "outer", "proximal"}
    outer = part.points[np.unique(np.concatenate([part.facets["outer"], part.facets["proximal"]]))]
    up = np.maximum(outer[:, 2] - STRAIGHT, 0.0)
    assert np.abs(np.hypot(np.hypot(outer[:, 0], outer[:, 1]), up) - RADIUS).max() < 0.015
    assert np.abs(part.points[np.unique(part.facets["cut"]), 2]).max() < 1e-9
    canal = part.points[np.unique(part.facets["canal"])]
    assert np.abs(Canal(bone(), REAMED).outside(canal)).max() < 1e-6
    shared = {tuple(place) for place in mesh.stem.points[np.unique(mesh.stem.facets["coated"])].round(9)}
    assert shared <= {tuple(place) for place in canal.round(9)}


def test_what_is_held_is_the_surface_above_its_level_or_within_its_distance() -> None:
    """All that is held lies within; its area is that of the ball's cap to the size of an element."""
    part = meshed().bone
    held = part.points[np.unique(part.facets["proximal"][:, :3])]
    assert held[:, 2].min() >= 62.0
    cap = 2 * np.pi * RADIUS * (RADIUS - 2.0)
    assert area(part, part.facets["proximal"]) == pytest.approx(cap, rel=0.25)
    about = Held(Head((0.0, 0.0, STRAIGHT), RADIUS), 13.5)
    mesh = build_mesh(bone(outline=whole(about)), REAMED, STEM, SIZES)
    places = mesh.bone.points[np.unique(mesh.bone.facets["proximal"][:, :3])]
    assert np.linalg.norm(places - np.array([0.0, 0.0, STRAIGHT]), axis=1).max() < 13.5


def test_the_shell_is_a_share_of_each_element_and_its_volume_is_right() -> None:
    """A shell of 3 mm: what is cancellous is the rod of 10 mm less the hole, by share within 1 %.

    Elements are 4.5 mm large: with the border as a plane in whole elements 3 % would be missing.
    """
    mesh = build_mesh(bone(outline=whole(Held(above=62.0), ((0.0, 3.0),)), core=Core()), REAMED, STEM, SIZES)
    part = mesh.bone
    distance = bone(outline=whole(Held(above=62.0), ((0.0, 3.0),)), core=Core()).outside_core(part.points)
    share = core_shares(part, distance, parts=True)
    assert ((share > 0.0) & (share < 1.0)).any()
    corners = part.points[part.tets[:, :4]]
    volumes = np.abs(np.linalg.det(corners[:, 1:] - corners[:, :1])) / 6
    inner = np.pi * 100.0 * STRAIGHT + 2 / 3 * np.pi * 1000.0 - HOLE
    assert float(share @ volumes) == pytest.approx(inner, rel=0.01)
    assert len(part.regions["cancellous"]) > 0


def test_a_natural_canal_that_ends_in_the_bone_is_taken_out_with_the_reamed_hole() -> None:
    """An oval canal, closed at 28 mm, about a hole of 7 mm: the volume of both, united."""
    angles, levels = np.linspace(-np.pi, np.pi, 48, endpoint=False), np.linspace(0.0, 28.0, 29)
    oval = np.tile(7.2 + 1.0 * np.cos(2 * angles)[:, None], 29)
    canal = ClosedCanal(fit_outline(angles, levels, oval, 12, 15.0), 20.0, 28.0)
    mesh = build_mesh(bone(canal_outline=canal), REAMED, STEM, SIZES)
    turn, z = (
        grid.ravel() for grid in np.meshgrid(np.linspace(0, 2 * np.pi, 721)[:-1], np.linspace(0, 28, 2001))
    )
    beside = np.maximum(canal.radius(turn, z) ** 2 - 49.0, 0.0).reshape(2001, 720).mean(axis=1)
    more = np.pi * np.trapezoid(beside, np.linspace(0, 28, 2001))
    assert volume(meshed().bone) - volume(mesh.bone) == pytest.approx(more, rel=1e-2)
    assert mesh.quality.inverted == 0


def test_elements_are_smaller_where_the_surface_bends() -> None:
    """0.8 of a radius of 13 mm asks for nothing; on a rod of 4 mm it is 3.2 mm, growing away from it."""
    assert whole_field(whole(Held(above=62.0)), 4.0)(13.0, 0.0, 30.0) == 4.0
    thin = rod(4.0, 30.0, -5.0, 48, 1.0)
    field = whole_field(
        Whole(smooth_sheet(Closed(thin.points, thin.corners, ()), "a"), Held(above=31.0)), 6.0
    )
    assert 2.4 <= field(4.0, 0.0, 15.0) <= 4.2
    assert field(4.0, 0.0, 15.0) < field(20.0, 0.0, 15.0) <= 6.0


def test_the_mesh_encloses_what_its_surface_does() -> None:
    part = meshed().bone
    facets = np.concatenate(list(part.facets.values()))
    surface = CurvedSurface(part.points, facets, np.zeros(len(part.points)))
    assert surface.volume == pytest.approx(volume(part), rel=1e-9)


_PRINT = """
import hashlib, numpy as np
from tests.unit.mesh.test_whole import meshed
m = meshed()
print(hashlib.sha256(m.bone.points.tobytes() + m.bone.tets.tobytes() + m.stem.points.tobytes()).hexdigest())
"""


def test_the_mesh_repeats_bit_for_bit() -> None:
    found = {
        subprocess.run([sys.executable, "-c", _PRINT], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    }
    assert len(found) == 1
