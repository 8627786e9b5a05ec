"""The socket of a taper joint: its profile, what it is not, and how a cone stands in it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from fea.mesh.build import build_mesh
from fea.mesh.sizes import MeshSizes
from fea.mesh.store import digest_of
from geometry.bone import Bone
from geometry.canal import Canal
from geometry.engagement import engage
from geometry.errors import GeometryError
from geometry.socket import Socket
from geometry.station import Station
from geometry.stem import Stem

SLOPE = math.tan(math.radians(2.5))
STATIONS = (
    Station(0.0, 11.0, 11.0, 7.0, 7.0),
    Station(16.0, 10.0, 10.0, 7.0 - 16.0 * SLOPE, 7.0 - 16.0 * SLOPE),
)
SOCKET = Socket(24.0, STATIONS)
CONE = Stem(14.0, 12.0, protrusion=5.0, tip_diameter=14.0 - 24.0 * SLOPE, bore_diameter=4.0)
SIZES = MeshSizes(4.0, 5.0)


def test_a_socket_tells_its_cone_and_where_its_profile_bends() -> None:
    assert SOCKET.slope == pytest.approx(SLOPE)
    assert SOCKET.mouth_radius == 7.0
    assert SOCKET.depth == 16.0
    assert [corner[0] for corner in SOCKET.corners] == [0.0, 16.0, 24.0]
    assert SOCKET.corners[-1][1:] == SOCKET.corners[-2][1:]


def test_a_straight_tube_is_a_socket_of_no_angle() -> None:
    tube = Socket(10.0, (Station(0.0, 8.0, 8.0, 5.0, 5.0),))
    assert tube.slope == 0.0
    assert tube.depth == 10.0


@pytest.mark.parametrize(
    "wrong",
    [
        {"stations": (Station(0.0, 11.0, 10.0, 7.0, 7.0),)},
        {"stations": (Station(0.0, 11.0, 11.0, 7.0, 6.0),)},
        {"stations": (*STATIONS, Station(20.0, 10.0, 10.0, 5.0, 5.0))},
        {"stations": STATIONS, "bow_radius": 1000.0},
        {"stations": STATIONS, "axis_offset": 1.0},
    ],
)
def test_what_is_not_turned_about_the_axis_is_no_socket(wrong: dict[str, object]) -> None:
    with pytest.raises(GeometryError, match="turned about the implant's axis"):
        Socket(24.0, **wrong)  # type: ignore[arg-type]


def test_a_cone_stands_on_the_sockets_own_surface_whatever_its_angle() -> None:
    steeper = Stem(14.0, 12.0, tip_diameter=14.0 - 25.0 * SLOPE)
    found = engage(Canal(SOCKET, None), steeper)
    assert found.shared
    assert not found.clipped
    assert found.blank.slope == pytest.approx(SLOPE)


def test_both_bodies_are_meshed_as_cones_and_share_their_facets() -> None:
    """Corners of the contact lie on the cone to round-off, and are the socket's own."""
    mesh = build_mesh(SOCKET, None, CONE, SIZES)
    corners = mesh.stem.points[mesh.stem.facets["uncoated"][:, :3]].reshape(-1, 3)
    off = np.hypot(corners[:, 0], corners[:, 1]) - (7.0 - SLOPE * corners[:, 2])
    assert np.abs(off).max() < 1e-12
    theirs = {tuple(np.round(point, 9)) for point in mesh.bone.points}
    assert {tuple(np.round(point, 9)) for point in corners} <= theirs
    assert mesh.quality.inverted == 0


def test_the_mesh_of_a_socket_is_not_that_of_a_lofted_bone_of_the_same_numbers() -> None:
    bone = Bone(24.0, STATIONS)
    assert digest_of(bone, None, CONE, SIZES) != digest_of(SOCKET, None, CONE, SIZES)
