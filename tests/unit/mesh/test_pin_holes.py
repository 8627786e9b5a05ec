"""The mesh of an anchor: holes of exact size and place, a spindle that touches nothing."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from fea.errors import MeshError
from fea.mesh import estimate
from fea.mesh.build import build_mesh
from fea.mesh.parts import Mesh
from fea.mesh.pin_holes import PIN_HOLES
from fea.mesh.sizes import MeshSizes
from fea.mesh.step import export_step
from fea.mesh.store import digest_of, load_mesh, save_mesh
from geometry.anchor import Anchor, Pin
from geometry.bone import Bone, Station
from geometry.reaming import Reaming
from geometry.sectioned_bone import SectionedBone
from geometry.station import Triangle
from geometry.stem import Collar, Stem
from tests.verification.cases import p_anchor

BONE = Bone(70.0, (Station(0.0, 14.0, 13.0, 6.0, 6.5),), axis_offset=0.5)
REAMING = Reaming(15.0, 65.0, 7.0)
PINS = (Pin(24.0, 0.3), Pin(36.0, np.pi / 2))
STEM = Stem(10.0, 12.0, collar=Collar(24.0, 5.0, 0.0), anchor=Anchor(4.0, PINS, 500.0))
SIZES = MeshSizes(4.0, 5.0)


@cache
def meshed() -> Mesh:
    return build_mesh(BONE, REAMING, STEM, SIZES)


def test_holes_have_the_area_and_volume_of_crossing_cylinders() -> None:
    mesh = p_anchor.model().mesh
    found = p_anchor.facet_area(mesh.bone, PIN_HOLES)
    # Three curved elements a quarter turn: the surface to 1e-3.
    assert found == pytest.approx(p_anchor.hole_area(), rel=1e-3)
    assert len(mesh.bone.facets[PIN_HOLES]) >= 4 * 12 * 2


def test_every_facet_of_the_bone_has_one_name() -> None:
    bone = meshed().bone
    rows = np.concatenate([np.sort(facets[:, :3], axis=1) for facets in bone.facets.values()])
    assert len(np.unique(rows, axis=0)) == len(rows)
    off = np.abs(STEM.anchor.outside_holes(bone.points[bone.facets[PIN_HOLES]].reshape(-1, 3)))
    assert off.max() < 1e-4
    for name in ("canal", "outer", "cut", "proximal"):
        middle = bone.points[bone.facets[name]].mean(axis=1)
        assert STEM.anchor.outside_holes(middle).min() > 0


def test_the_spindle_has_no_zone_and_a_flat_end_for_the_bar() -> None:
    stem = meshed().stem
    assert set(stem.facets) == {"collar", "distal_end", "proximal_end", "free"}
    end = stem.points[stem.facets["proximal_end"]]
    np.testing.assert_allclose(end[..., 2], 12.0, atol=1e-9)
    rounded = build_mesh(BONE, REAMING, replace(STEM, tip_radius=2.0), SIZES).stem
    assert len(rounded.facets["proximal_end"])
    across = np.hypot(*rounded.points[rounded.facets["proximal_end"]].reshape(-1, 3)[:, :2].T)
    assert across.max() == pytest.approx(3.0, abs=1e-9)


def test_no_element_is_inverted_and_the_mesh_repeats() -> None:
    mesh = meshed()
    assert mesh.quality.inverted == 0
    assert mesh.quality.least_scaled_jacobian > 0.1
    again = build_mesh(BONE, REAMING, STEM, SIZES)
    np.testing.assert_array_equal(again.bone.points, mesh.bone.points)
    np.testing.assert_array_equal(again.bone.tets, mesh.bone.tets)


def test_a_coarser_mesh_is_coarser_at_the_holes() -> None:
    fine = build_mesh(BONE, REAMING, STEM, MeshSizes(2.0, 5.0))
    assert len(fine.bone.facets[PIN_HOLES]) > 1.8 * len(meshed().bone.facets[PIN_HOLES])


def test_the_digest_knows_the_pins_and_not_the_washers() -> None:
    softer = replace(STEM, anchor=replace(STEM.anchor, washer_stiffness=None))
    turned = replace(STEM, anchor=replace(STEM.anchor, pins=(PINS[0], Pin(36.0, 1.0))))
    assert digest_of(BONE, REAMING, STEM, SIZES) == digest_of(BONE, REAMING, softer, SIZES)
    assert digest_of(BONE, REAMING, STEM, SIZES) != digest_of(BONE, REAMING, turned, SIZES)


def test_a_kept_mesh_has_its_holes(tmp_path) -> None:
    save_mesh(meshed(), tmp_path / "mesh.npz")
    kept = load_mesh(tmp_path / "mesh.npz")
    assert kept is not None
    np.testing.assert_array_equal(kept.bone.facets[PIN_HOLES], meshed().bone.facets[PIN_HOLES])


def test_the_step_file_of_the_bone_has_the_holes(tmp_path) -> None:
    plain = export_step(BONE, REAMING, replace(STEM, anchor=None, diameter=15.0), tmp_path / "plain")[1]
    drilled = export_step(BONE, REAMING, STEM, tmp_path / "drilled")[1]
    # Four strips a hole, two holes a pin.
    assert (
        drilled.read_text().count("CYLINDRICAL_SURFACE")
        >= plain.read_text().count("CYLINDRICAL_SURFACE") + 16
    )


def test_a_mesh_that_would_be_too_large_names_the_pins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimate, "MOST_TETS", 100)
    with pytest.raises(MeshError, match=r"stem\.anchor\.pin_diameter_mm"):
        build_mesh(BONE, REAMING, STEM, SIZES)


def test_pins_from_back_to_front_go_through_a_bone_that_is_lofted_through_splines() -> None:
    """Its loft would begin posterior, and the kernel could not cut holes there."""
    triangle = Triangle(0.06, 0.2)
    stations = (
        Station(0.0, 13.5, 13.0, 0.0, 0.0, triangle=triangle, wall=5.5),
        Station(90.0, 14.5, 14.0, 0.0, 0.0, triangle=replace(triangle, share=0.08), wall=6.0),
    )
    pins = (Pin(24.0, 0.0), Pin(34.0, np.pi / 2), Pin(44.0, 0.0), Pin(54.0, np.pi / 2))
    stem = Stem(9.0, 12.0, collar=Collar(34.0, 5.0, 0.0), anchor=Anchor(4.0, pins, 500.0))
    mesh = build_mesh(
        SectionedBone(90.0, stations, axis_offset=1.0), Reaming(13.0, 80.0, 6.0), stem, MeshSizes(2.2, 4.5)
    )
    assert mesh.quality.inverted == 0
    assert mesh.quality.least_scaled_jacobian > 0.1
    assert len(mesh.bone.facets[PIN_HOLES]) > 100
