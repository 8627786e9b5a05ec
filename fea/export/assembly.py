"""The assembly for slides, as binary glTF: bone, stem by zones, and micromotion where a case is solved.

No two surfaces lie on one another, or a viewer would show them flickering: the bone's wall is left out
where the stem lies on it, and the stem's surface where micromotion is shown. Of a facet with its curved
edges four flat triangles are drawn, with smooth normals that break at edges sharper than 30 degrees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from fea import __version__
from fea.export.glb import Shape, glb, linear
from fea.export.seating import COINCIDENT, facet_normals
from fea.export.source import Source, Written
from fea.mesh.parts import Mesh, Part
from fea.post import tokens
from fea.post.micromotion import judged_states, micromotion
from fea.post.vtk_arrays import quadratic_surface
from fea.study import Study
from geometry.zones import ABUTMENT, porous

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: The bone is seen through.
_OPACITY = 0.35
#: Cosine of the angle beyond which normals are not averaged.
_SHARP = np.cos(np.radians(30.0))
#: A facet's four triangles, by its vertices and the middles of its edges.
_FOUR = np.array([[0, 3, 5], [3, 1, 4], [5, 4, 2], [3, 4, 5]])


def gltf(source: Source, folder: Path) -> Written:
    """Write ``<case>.glb``."""
    study = None if source.joint else source.study
    moved = study is not None and bool(judged_states(study.walk))
    shapes = list(assembly(source.mesh, study if moved else None, source.bodies))
    path = folder / f"{source.name}.glb"
    path.write_bytes(glb(source.case.title, f"osseofit {__version__}", shapes))
    told = ", ".join(shape.name for shape in shapes)
    if not (moved or source.joint):
        told += "; no micromotion, for no judged cycle of this case is kept: 'osseofit run' solves it"
    return Written(path.name, (("parts", told),))


def assembly(mesh: Mesh, study: Study | None, names: tuple[str, str] = ("stem", "bone")) -> Iterator[Shape]:
    """Yield the parts of an assembly.

    Parameters
    ----------
    mesh : Mesh
    study : Study, or None
        With a judged cycle, whose micromotion is shown.
    names
        What the bodies are called.

    Yields
    ------
    Shape
        The outer body, the inner one, each of its coatings, its abutment, and ``micromotion``.
    """
    joint = names != ("stem", "bone")
    on_stem = cKDTree(mesh.stem.points)
    outer = _all_facets(mesh.bone.facets)
    outer = outer[~_within(mesh.bone, outer, on_stem)]
    yield _shape(names[1], mesh.bone, outer, tokens.SOCKET if joint else tokens.CORTICAL, _OPACITY)
    stem = mesh.stem
    rest = dict(stem.facets)
    if study is not None:
        shown = _interface_rows(stem, study)
        rest = {name: facets[~_listed(facets, shown)] for name, facets in rest.items()}
    if ABUTMENT in stem.regions:
        inside = np.unique(stem.tets[stem.regions[ABUTMENT]])
        apart = _all_facets({name: f[np.isin(f, inside).all(axis=1)] for name, f in rest.items()})
        rest = {name: f[~np.isin(f, inside).all(axis=1)] for name, f in rest.items()}
        yield _shape(ABUTMENT, stem, apart, tokens.ABUTMENT)
    coatings = porous(mesh.zones) if not joint else ()
    bare = _all_facets({name: facets for name, facets in rest.items() if name not in coatings})
    yield _shape(names[0], stem, bare, tokens.ADAPTER if joint else tokens.STEM)
    for row, zone in enumerate(coatings):
        if len(rest[zone]):
            yield _shape(zone, stem, rest[zone], tokens.coating_colour(row))
    if study is not None:
        yield _micromotion(study)


def _shape(name: str, part: Part, facets: IntArray, colour: str, opacity: float = 1.0) -> Shape:
    points = part.points[facets].reshape(-1, 3)
    normals = corner_normals(part.points, facets).reshape(-1, 3)
    triangles = (6 * np.arange(len(facets))[:, None, None] + _FOUR).reshape(-1, 3)
    return Shape(name, points, normals, triangles, colour, opacity)


def _micromotion(study: Study) -> Shape:
    """Return the interface, each triangle in the colour of its own band; none is a mixture of two."""
    motion = micromotion(study.walk)
    points, facets, spread = quadratic_surface(study.interface)
    moved = spread(np.where(motion.touching, 1000 * motion.resulting, np.nan))
    corners = facets[:, _FOUR].reshape(-1, 3)
    normals = corner_normals(points, facets)[:, _FOUR].reshape(-1, 3)
    colours = np.repeat(band_colours(moved[corners].mean(axis=1)), 3, axis=0)
    triangles = np.arange(3 * len(corners)).reshape(-1, 3)
    extras = {
        "quantity": "resulting micromotion over the judged cycle",
        "unit": "um",
        "band_edges": tokens.BAND_EDGES,
        "band_colours_sRGB": tokens.BAND_COLOURS,
        "no_contact_colour_sRGB": tokens.NO_CONTACT,
    }
    place = points[corners].reshape(-1, 3)
    return Shape("micromotion", place, normals, triangles, tokens.PAPER, colours=colours, extras=extras)


def band_colours(moved: FloatArray) -> FloatArray:
    """Return the linear colour of the band of each value.

    Parameters
    ----------
    moved : ndarray, shape (k,), um
        Not a number where there is no contact.

    Returns
    -------
    ndarray, shape (k, 3)
    """
    shades = np.array([linear(colour) for colour in (*tokens.BAND_COLOURS, tokens.NO_CONTACT)])
    band = np.searchsorted(tokens.BAND_EDGES[1:], moved, side="right")
    return shades[np.where(np.isnan(moved), len(tokens.BAND_COLOURS), band)]


def corner_normals(points: FloatArray, facets: IntArray) -> FloatArray:
    """Average the normals of curved facets at their nodes with those of neighbours that are not bent away.

    Parameters
    ----------
    points : ndarray, shape (n, 3), mm
    facets : ndarray, shape (k, 6)

    Returns
    -------
    ndarray, shape (k, 6, 3)
        Unit vectors.
    """
    own = facet_normals(points, facets).reshape(-1, 3)
    unit = own / np.linalg.norm(own, axis=1)[:, None]
    count = len(own)
    here = csr_array((np.ones(count), (np.arange(count), facets.ravel())), shape=(count, len(points)))
    row, column = (here @ here.T).nonzero()
    smooth = np.einsum("kd,kd->k", unit[row], unit[column]) > _SHARP
    row, column = row[smooth], column[smooth]
    summed = np.column_stack([np.bincount(row, own[column, k], count) for k in range(3)])
    return np.asarray((summed / np.linalg.norm(summed, axis=1)[:, None]).reshape(-1, 6, 3))


def _all_facets(facets: Mapping[str, IntArray]) -> IntArray:
    return np.concatenate(list(facets.values()))


def _within(part: Part, facets: IntArray, tree: cKDTree) -> NDArray[np.bool_]:
    """Tell which facets have every corner where the other body has a node."""
    near = tree.query(part.points)[0] < COINCIDENT
    return np.asarray(near[facets[:, :3]].all(axis=1))


def _interface_rows(stem: Part, study: Study) -> IntArray:
    """Return the interface's facets as sorted nodes of the stem, shape (k, 3)."""
    nodes = cKDTree(stem.points).query(study.interface.points)[1]
    return np.sort(nodes[study.interface.facets], axis=1)


def _listed(facets: IntArray, wanted: IntArray) -> NDArray[np.bool_]:
    """Tell which facets have their corners among sorted triples, shape (k, 3)."""
    weights = np.array([1 << 42, 1 << 21, 1])
    return np.isin(np.sort(facets[:, :3], axis=1) @ weights, wanted @ weights)
