"""Stem and bone round a thread: exact volumes, shared facets, sound elements, the same every time."""

import math

import numpy as np
import pytest

from fea.contact.surface import facet_points
from fea.elasticity.gradients import element_gradients
from fea.errors import MeshError
from fea.mesh.build import build_mesh
from fea.mesh.naming import boundary_facets
from fea.mesh.quality import jacobian_determinants
from fea.mesh.sizes import MeshSizes
from geometry.bone import Bone, Station
from geometry.lag_screw import LagScrew
from geometry.reaming import Reaming
from geometry.slot import Slot
from geometry.stem import Collar, Stem
from tests.unit.mesh.test_thread_net import thread

SIZES = MeshSizes(4.0, 5.0)
BONE = Bone(40.0, (Station(0.0, 14.0, 14.0, 6.0, 6.0),))
OVAL = Bone(40.0, (Station(0.0, 14.0, 13.0, 6.0, 6.5),), 500.0, 0.3)
LONG = thread(end=22.0)


def fixture(ridge, **changed):
    stated = {"diameter": 16.0, "length": 26.0, "protrusion": 4.0, "tip_radius": 1.0, "thread": ridge}
    return Stem(**(stated | changed))


EXAMPLES = {
    "helix": (BONE, Reaming(16.0, 30.0, 4.0), fixture(LONG, bore_diameter=6.0)),
    "rings": (BONE, Reaming(16.0, 30.0, 4.0), fixture(thread(form="rings"))),
    "drilled wider": (BONE, Reaming(16.8, 30.0, 4.0), fixture(thread(starts=2, run_out=2.5))),
    "in an oval": (OVAL, Reaming(16.0, 30.0, 4.0), fixture(LONG, collar=Collar(22.0, 3.0, 0.1))),
}
_KEPT = {}


def meshed(name):
    if name not in _KEPT:
        _KEPT[name] = build_mesh(*EXAMPLES[name], SIZES)
    return _KEPT[name]


def volume(part):
    return float(element_gradients(part, 6).volume.sum())


def ring(ridge, core, drilled=0.0):
    """Volume between core and ridge, mm^3, or between the wider of core and drill and the ridge.

    Half the difference of the squared radii over angle and level, by 4 million points.
    """
    angle = math.tau * (np.arange(1000) + 0.5) / 1000
    level = ridge.start + (ridge.end - ridge.start) * (np.arange(4000) + 0.5) / 4000
    height = ridge.height(angle[:, None], level[None])
    inner = max(core, drilled)
    outer = np.maximum(core + height, inner)
    return float(((outer**2 - inner**2) / 2).mean()) * math.tau * (ridge.end - ridge.start)


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_element_round_a_thread_is_inverted(name):
    mesh = meshed(name)
    assert mesh.quality.inverted == 0
    assert mesh.quality.least_scaled_jacobian > 0.1
    for part in (mesh.stem, mesh.bone):
        assert jacobian_determinants(part.points, part.tets).min() > 0


@pytest.mark.parametrize(("name", "form"), [("helix", "helix"), ("rings", "rings"), ("in an oval", "helix")])
def test_the_ridge_is_what_the_stem_has_more_and_the_bone_has_less(name, form):
    """Exact where the ridge is whole; over the run-outs triangles cross its edges."""
    bone, reaming, stem = EXAMPLES[name]
    plain = build_mesh(bone, reaming, Stem(16.0, 26.0, 4.0, tip_radius=1.0, bore_diameter=stem.bore_diameter,
                                           collar=stem.collar), SIZES)  # fmt: skip
    wanted = ring(stem.thread, 8.0)
    assert stem.thread.form == form
    assert volume(meshed(name).stem) - volume(plain.stem) == pytest.approx(wanted, rel=0.02)
    assert volume(plain.bone) - volume(meshed(name).bone) == pytest.approx(wanted, rel=0.02)


def test_the_bone_ends_at_the_drill_where_the_ridge_is_lower():
    bone, reaming, stem = EXAMPLES["drilled wider"]
    plain = build_mesh(bone, reaming, Stem(16.0, 26.0, 4.0, tip_radius=1.0), SIZES)
    less = volume(plain.bone) - volume(meshed("drilled wider").bone)
    assert less == pytest.approx(ring(stem.thread, 8.0, 8.4), rel=0.03)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_facet_of_the_thread_is_one_of_the_bone(name):
    """All six nodes to a picometre: both bodies copy one net."""
    mesh = meshed(name)

    def keys(part, rows):
        return {tuple(sorted(map(tuple, np.round(part.points[row], 9).tolist()))) for row in rows}

    thread_facets = keys(mesh.stem, mesh.stem.facets["thread"])
    assert len(thread_facets) > 300
    assert thread_facets <= keys(mesh.bone, mesh.bone.facets["canal"])


@pytest.mark.parametrize("name", EXAMPLES)
def test_bodies_are_closed(name):
    """The integral of the normal over the whole surface vanishes."""
    mesh = meshed(name)
    for part in (mesh.stem, mesh.bone):
        points = facet_points(part.points, boundary_facets(part.tets))
        total = (points.normals * points.area[:, None]).sum(axis=0)
        assert np.abs(total).max() < 1e-9 * points.area.sum()


def test_the_root_is_free_where_it_clears_the_drill():
    """Only what stands beyond 8.4 mm touches bone."""
    part = meshed("drilled wider").stem
    corners = part.points[part.facets["thread"][:, :3]]
    assert np.hypot(corners[..., 0], corners[..., 1]).min() > 8.4 - 1e-9
    free = part.points[part.facets["free"]].mean(axis=1)
    assert ((free[:, 2] > 5.0) & (free[:, 2] < 19.0)).sum() > 200


@pytest.mark.parametrize(("name", "lead"), [("helix", 2.5), ("rings", 0.0)])
def test_a_whole_thread_may_be_screwed_along_itself(name, lead):
    """Normals are square to the motion lead / 2 pi along the axis and once round it.

    On curved facets of 4 mm to 0.4 %, on those of 2 mm to 0.2 %; a thread without lead is 5 % off.
    """
    mesh = meshed(name)
    points = facet_points(mesh.stem.points, mesh.stem.facets["thread"])
    x, y, z = points.places.T
    low, high = LONG.full
    whole = (z > low + 0.5) & (z < high - 0.5)
    motion = np.stack([-y, x, np.full(len(x), lead / math.tau)], axis=1)
    along = np.abs(np.einsum("pd,pd->p", points.normals, motion))[whole]
    size = np.linalg.norm(motion, axis=1)[whole]
    assert (along / size).max() < 0.006
    assert (along / size * points.area[whole]).sum() / points.area[whole].sum() < 0.0015


def test_a_thread_of_too_many_elements_is_refused_before_it_is_meshed():
    """A pitch of 0.5 mm with 0.5 mm round the crest."""
    bone, reaming, _ = EXAMPLES["helix"]
    fine = fixture(thread(pitch=0.5, depth=0.2, crest=0.05, run_out=0.5))
    with pytest.raises(MeshError, match=r"thousand tetrahedra, more than .* stem\.thread\.pitch_mm"):
        build_mesh(bone, reaming, fine, MeshSizes(0.5, 4.0))


@pytest.mark.parametrize(
    ("changed", "key"), [({"start": 0.5}, "from_mm"), ({"end": 24.7}, "to_mm"), ({"end": 24.98}, "to_mm")]
)
def test_a_thread_that_ends_beside_an_edge_is_refused_before_it_is_meshed(changed, key):
    """Half a millimetre above the cut, beside the tip's rounding: gmsh would not come to an end."""
    bone, reaming, _ = EXAMPLES["helix"]
    with pytest.raises(MeshError, match=rf"too near for elements of this size: .*stem\.thread\.{key}"):
        build_mesh(bone, reaming, fixture(thread(**changed)), MeshSizes(5.0, 7.0))


@pytest.mark.parametrize(
    "beside",
    [
        {"slot": Slot(3.0, 6.0, "sagittal")},
        {"slot": Slot(3.0, 6.0, "coronal")},
        {"lag_screw": LagScrew(5.0, 18.0, 18.0, 18.0, math.pi / 2, 0.4)},
    ],
    ids=["slot", "coronal slot", "lag screw"],
)
def test_slots_and_lag_screws_stand_beside_a_thread(beside):
    """They turn the seams of both bodies, and the net's with them."""
    bone, reaming, _ = EXAMPLES["helix"]
    mesh = build_mesh(bone, reaming, fixture(thread(end=12.0), **beside), SIZES)
    assert mesh.quality.inverted == 0
    assert len(mesh.stem.facets["thread"]) > 200


def test_a_threaded_mesh_repeats_bit_for_bit():
    first, again = meshed("helix"), build_mesh(*EXAMPLES["helix"], SIZES)
    for one, two in ((first.stem, again.stem), (first.bone, again.bone)):
        assert np.array_equal(one.points, two.points)
        assert np.array_equal(one.tets, two.tets)
