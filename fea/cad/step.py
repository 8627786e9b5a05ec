"""STEP files: one sound solid, seated, in mm."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import gmsh
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from fea.cad.session import session
from geometry.cad_stem import Pose
from geometry.curved import CurvedSurface, FloatArray, IntArray
from geometry.errors import GeometryError

DimTag = tuple[int, int]

#: Endings of files that are read, and of those that are known but not.
STEP_ENDINGS = (".step", ".stp")
SURFACE_ENDINGS = (".obj", ".off", ".3mf", ".amf")

#: Longest extents that an implant's stem may have, mm: beyond them the file's unit is wrong.
SHORTEST, LONGEST = 10.0, 1000.0

#: Triangles on a full circle, and their largest and least edge, mm, on the surface that stands for
#: the solid. Quadratic triangles of a thirty-second of a circle are off it by 4e-6 of its radius.
_ON_CIRCLE, _LARGEST, _LEAST = 32, 2.5, 0.1


def read_step(content: bytes, file: str, pose: Pose) -> CurvedSurface:
    """Read a solid's surface out of a STEP file.

    Parameters
    ----------
    content : bytes
    file : str
        Its name, for the sentences.
    pose : Pose

    Returns
    -------
    CurvedSurface
        Of the solid where it is seated.

    Raises
    ------
    GeometryError
        When the file is no STEP file, does not hold one closed solid of positive volume alone, or
        its size is none of an implant.
    """
    ending = Path(file).suffix.lower()
    if ending in SURFACE_ENDINGS:
        raise GeometryError(
            f"The stem in {file} is a triangulated surface of a format that is not read: export it as STL,"
            " PLY or VTP, or the solid from CAD as STEP."
        )
    if ending not in STEP_ENDINGS:
        raise GeometryError(
            f"The stem's file {file} is none that is read: give a STEP file, which ends in .step or .stp, or"
            " a triangulated surface in .stl, .ply or .vtp."
        )
    if not content.strip():
        raise GeometryError(f"The stem's file {file} is empty: export the stem from CAD as STEP again.")
    if b"ISO-10303-21" not in content[:1024]:
        raise GeometryError(
            f"The stem's file {file} is not a STEP file, which begins with ISO-10303-21: export the stem from"
            " CAD as STEP."
        )
    with session():
        solid = seated_solid(content, file, pose)
        extent = _extent(solid)
        if not SHORTEST <= extent <= LONGEST:
            raise GeometryError(
                f"The stem in {file} is {_told(extent)} long, and stems are {SHORTEST:g} to {LONGEST:g} mm"
                " long: the unit that the file states may be wrong; export it from CAD in mm."
            )
        volume = gmsh.model.occ.getMass(*solid)
        surface = _surface(solid, file)
    if not volume > 0:
        raise GeometryError(
            f"The solid in {file} has a volume of {volume:.4g} mm^3, which must be positive: its faces point"
            " inwards; mend it in CAD."
        )
    return surface


def seated_solid(content: bytes, file: str, pose: Pose) -> DimTag:
    """Put the solid of a STEP file into the running gmsh session, seated.

    Parameters
    ----------
    content : bytes
    file : str
    pose : Pose

    Returns
    -------
    tuple
        Of gmsh's OCC kernel, synchronised.

    Raises
    ------
    GeometryError
        When the file does not hold one solid alone.
    """
    occ = gmsh.model.occ
    gmsh.option.setString("Geometry.OCCTargetUnit", "MM")
    gmsh.option.setNumber("Geometry.OCCImportLabels", 0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "stem.step"
        path.write_bytes(content)
        try:
            with quiet():
                shapes = occ.importShapes(str(path), highestDimOnly=False)
        except Exception as error:  # gmsh raises nothing narrower
            raise GeometryError(
                f"The stem's file {file} could not be read as STEP: it is damaged or of another dialect;"
                " export it from CAD again, as AP203, AP214 or AP242."
            ) from error
    occ.synchronize()
    solids: list[DimTag] = [shape for shape in shapes if shape[0] == 3]
    if not solids:
        faces = len(gmsh.model.getEntities(2))
        found = f"{faces} faces that enclose nothing" if faces else "no shape at all"
        raise GeometryError(
            f"The stem's file {file} holds no solid, but {found}: close the shell to a solid in CAD."
        )
    if len(solids) > 1:
        places = ", ".join(f"({x:.4g}, {y:.4g}, {z:.4g})" for x, y, z in map(_centre, solids[:4]))
        raise GeometryError(
            f"The stem's file {file} holds {len(solids)} solids, with centres at {places} mm, and a stem is"
            " one: join them in CAD, or leave the others out."
        )
    (solid,) = solids
    own = set(gmsh.model.getBoundary([solid], oriented=False))
    loose = [face for face in gmsh.model.getEntities(2) if face not in own]
    if loose:
        x, y, z = _centre(loose[0])
        raise GeometryError(
            f"The stem's file {file} holds {len(loose)} faces beside its solid, the first about"
            f" ({x:.4g}, {y:.4g}, {z:.4g}) mm: leave them out in CAD."
        )
    for axis, angle in zip(np.eye(3).tolist(), pose.rotation, strict=True):
        if angle:
            occ.rotate([solid], 0, 0, 0, *axis, angle)
    if any(pose.translation):
        occ.translate([solid], *pose.translation)
    occ.synchronize()
    return solid


def _surface(solid: DimTag, file: str) -> CurvedSurface:
    """Cover the solid with curved triangles."""
    for name, value in (
        ("Mesh.Algorithm", 5),
        ("Mesh.MeshSizeFromCurvature", _ON_CIRCLE),
        ("Mesh.MeshSizeMax", _LARGEST),
        ("Mesh.MeshSizeMin", _LEAST),
    ):
        gmsh.option.setNumber(name, value)
    try:
        gmsh.model.mesh.generate(2)
        gmsh.model.mesh.setOrder(2)
        tags, places, _ = gmsh.model.mesh.getNodes()
    except Exception as error:  # gmsh raises nothing narrower
        raise GeometryError(
            f"The faces of the solid in {file} could not be covered with triangles, as where they cross or"
            " are torn: mend them in CAD."
        ) from error
    row = np.zeros(int(tags.max()) + 1, dtype=np.int64)
    row[np.asarray(tags, dtype=np.int64)] = np.arange(len(tags))
    points, curvature = np.asarray(places, dtype=np.float64).reshape(-1, 3), np.zeros(len(tags))
    triangles = []
    for _, face in gmsh.model.getBoundary([solid], oriented=False):
        nodes = gmsh.model.mesh.getElementsByType(9, face)[1]
        triangles.append(row[np.asarray(nodes, dtype=np.int64)].reshape(-1, 6))
        inside, _, parameters = gmsh.model.mesh.getNodes(2, face)
        if len(inside):
            bent = np.abs(gmsh.model.getCurvature(2, face, parameters))
            curvature[row[np.asarray(inside, dtype=np.int64)]] = np.nan_to_num(bent, posinf=1e6)
    found = np.concatenate(triangles)
    _require_closed(points, found, file)
    found = outward(points, found)
    used, compact = np.unique(found, return_inverse=True)
    return _frozen(points[used], compact.reshape(-1, 6), curvature[used])


def _require_closed(points: FloatArray, triangles: IntArray, file: str) -> None:
    """Refuse a surface with an edge that not exactly two triangles share."""
    pairs = triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2)
    _, row, count = np.unique(np.sort(pairs, axis=1), axis=0, return_index=True, return_counts=True)
    wrong = row[count != 2]
    if len(wrong):
        x, y, z = points[pairs[wrong[0]]].mean(axis=0)
        raise GeometryError(
            f"The solid in {file} is not closed: {len(wrong)} edges of its triangles do not have two faces,"
            f" the first at ({x:.4g}, {y:.4g}, {z:.4g}) mm; close the shell in CAD."
        )


def outward(points: FloatArray, triangles: IntArray) -> IntArray:
    """Turn the triangles of a closed surface so that all point out of the solid.

    gmsh orients the triangles of a face as the face's parameters run, whichever side the solid lies on.

    Parameters
    ----------
    points : ndarray, shape (n, 3), mm
    triangles : ndarray, shape (m, 6)
        Each edge in two of them.

    Returns
    -------
    ndarray, shape (m, 6)
    """
    count = len(triangles)
    pairs = triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2)
    order = np.lexsort(np.sort(pairs, axis=1).T)
    one, other = order[::2], order[1::2]
    # Two neighbours agree where they run along their edge in opposite directions.
    differ = (pairs[one, 0] == pairs[other, 0]).astype(np.int64)
    # Each triangle stands twice, as it is and turned: what agrees is connected.
    a, b = one // 3, other // 3
    row, column = (
        np.concatenate([a, a + count]),
        np.concatenate([b + differ * count, b + (1 - differ) * count]),
    )
    graph = coo_array((np.ones(len(row)), (row, column)), shape=(2 * count, 2 * count))
    _, label = connected_components(graph, directed=False)
    shells: dict[tuple[int, int], IntArray] = {}
    for plain, turned in {(int(x), int(y)) for x, y in zip(label[:count], label[count:], strict=True)}:
        if (turned, plain) not in shells:
            shells[plain, turned] = np.flatnonzero((label[:count] == plain) | (label[:count] == turned))
    turn = np.zeros(count, dtype=bool)
    volumes = {}
    for (plain, turned), rows in shells.items():
        turn[rows] = label[rows] == turned
        volumes[plain, turned] = _enclosed(points, triangles[rows], turn[rows])
    largest = max(volumes, key=lambda shell: abs(volumes[shell]))
    for shell, rows in shells.items():
        # The outer shell encloses its volume, cavities point into theirs.
        if (volumes[shell] > 0) != (shell == largest):
            turn[rows] = ~turn[rows]
    return np.where(turn[:, None], triangles[:, [0, 2, 1, 5, 4, 3]], triangles)


def _enclosed(points: FloatArray, triangles: IntArray, turn: NDArray[np.bool_]) -> float:
    a, b, c = points[triangles[:, :3]].transpose(1, 0, 2)
    return float((np.einsum("td,td->t", a, np.cross(b, c)) * np.where(turn, -1.0, 1.0)).sum() / 6)


def _frozen(points: FloatArray, triangles: IntArray, curvature: FloatArray) -> CurvedSurface:
    for array in (points, triangles, curvature):
        array.flags.writeable = False
    return CurvedSurface(points, triangles, curvature)


def _centre(shape: DimTag) -> tuple[float, ...]:
    box = gmsh.model.getBoundingBox(*shape)
    return tuple((low + high) / 2 for low, high in zip(box[:3], box[3:], strict=True))


def _extent(shape: DimTag) -> float:
    box = gmsh.model.getBoundingBox(*shape)
    return max(float(high - low) for low, high in zip(box[:3], box[3:], strict=True))


def _told(length: float) -> str:
    return f"{length / 1000:.4g} m" if length > LONGEST else f"{length:.4g} mm"


@contextmanager
def quiet() -> Iterator[None]:
    """Keep OCC's readers and writers, which know no option for it, from talking on standard output."""
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
