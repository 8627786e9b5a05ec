"""How the fit becomes moved nodes where faces meet at edges, as on a thread."""

from __future__ import annotations

import math

import numpy as np
import pytest

from fea.export.seating import facet_normals, seat_by_nodes
from fea.mesh.build import build_mesh
from fea.mesh.sizes import MeshSizes
from geometry.bone import Bone, Station
from geometry.fit import Fit, ZoneFit
from geometry.reaming import Reaming
from geometry.stem import Stem
from geometry.thread import Thread

INTERFERENCE = 0.01  # mm, along the normal


@pytest.mark.parametrize(("form", "run_out"), [("rings", 0.0), ("helix", 2.5)])
def test_every_face_of_a_thread_overlaps_by_the_interference_up_to_its_edges(form, run_out):
    """Three faces meet at each vertex; the mean of their normals would leave 87 % of it and less."""
    lean = math.radians(30.0)
    ridge = Thread(2.5, 1.0, 0.4, 2.0, 12.0, run_out, lean, lean, 1, form)
    bone, reaming = Bone(24.0, (Station(0.0, 14.0, 14.0, 7.0, 7.0),)), Reaming(16.0, 18.0, 4.0)
    stem = Stem(16.0, 14.0, 2.0, thread=ridge)
    mesh = build_mesh(bone, reaming, stem, MeshSizes(5.0, 6.0))
    fits = {"uncoated": ZoneFit(0.0, 0.3), "thread": ZoneFit(INTERFERENCE, 0.3)}
    move = seat_by_nodes(mesh, Fit(bone, reaming, stem, fits).gap)
    facets = mesh.stem.facets["thread"]
    plain = np.unique(mesh.stem.facets["uncoated"])
    facets = facets[~np.isin(facets, plain).any(axis=1)]
    normals = facet_normals(mesh.stem.points, facets)
    area = np.linalg.norm(normals, axis=2)
    overlap = np.einsum("kad,kad->ka", move[facets], normals) / area
    leaning = np.abs(normals[:, 3:, 2] / area[:, 3:]).max(axis=1) > 0.5
    assert leaning.sum() > 50
    assert overlap[leaning] == pytest.approx(INTERFERENCE, rel=0.05)
    assert np.average(overlap, weights=area) == pytest.approx(INTERFERENCE, rel=0.01)
