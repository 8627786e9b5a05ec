"""The number of tetrahedra, foretold."""

import pytest

from fea.errors import MeshError
from fea.mesh import estimate
from fea.mesh.build import build_mesh
from fea.mesh.sizes import MeshSizes, size_field
from geometry.bone import Bone, Station
from geometry.canal import Canal
from geometry.grooves import Flutes
from geometry.stem import Stem
from tests.unit.mesh.test_grooves import EXAMPLES, SIZES, meshed


@pytest.mark.parametrize("name", ["run out", "bored", "tapered", "collared"])
def test_the_number_is_foretold_to_a_third(name):
    bone, stem = EXAMPLES[name]
    field = size_field(bone, stem, stem.profile, SIZES)
    mesh = meshed(name)
    expected = estimate.expected_tets(field, Canal(bone, None), stem)
    assert expected == pytest.approx(len(mesh.stem.tets) + len(mesh.bone.tets), rel=0.33)


def test_a_mesh_that_would_explode_is_refused_before_it_is_made(monkeypatch):
    """Thirty flutes of 1 mm over half a metre: nothing is built."""
    monkeypatch.setattr("fea.mesh.build.session", lambda: pytest.fail("gmsh was started"))
    bone = Bone(500.0, (Station(0.0, 14.0, 14.0, 8.0, 8.0),))
    stem = Stem(16.0, 450.0, flutes=Flutes(30, 0.51, 1.0, 0.0, 450.0))
    with pytest.raises(MeshError, match=r"about \d\.\d million tetrahedra, .* larger stem\.flutes\.width_mm"):
        build_mesh(bone, None, stem, MeshSizes(2.5, 4.0))
