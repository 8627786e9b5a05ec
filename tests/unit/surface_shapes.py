"""Triangulated surfaces of small solids, and the files that hold them, for tests."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fea.surface.mending import Closed, closed_surface
from fea.surface.raw import Raw
from fea.surface.smooth import smooth_sheet
from geometry.cad_stem import Pose
from geometry.coating import Coating
from geometry.sheet_stem import SheetStem, sheet_stem

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Shape = tuple[FloatArray, IntArray]


def cylinder(around: int, radius: float, low: float, high: float, along: int = 1) -> Shape:
    """A solid cylinder about z, as CAD cuts it: strips along it, fans at its ends."""
    angle = 2 * np.pi * np.arange(around) / around
    levels = np.linspace(low, high, along + 1)
    rings = [
        np.stack([radius * np.cos(angle), radius * np.sin(angle), 0 * angle + z], axis=1) for z in levels
    ]
    points = np.concatenate([*rings, [[0, 0, low], [0, 0, high]]])
    first, second = np.arange(around), np.roll(np.arange(around), -1)
    triangles = []
    for row in range(along):
        a, b = row * around + first, row * around + second
        triangles += [np.stack([a, b, b + around], axis=1), np.stack([a, b + around, a + around], axis=1)]
    last = len(points) - 2
    top = along * around
    triangles.append(np.stack([np.full(around, last), second, first], axis=1))
    triangles.append(np.stack([np.full(around, last + 1), top + first, top + second], axis=1))
    return points, np.concatenate(triangles)


def ring(around: int, jitter: float = 0.0, large: float = 20.0, small: float = 8.0) -> Shape:
    """A torus about z, its points moved at random by a share of their spacing, its diagonals mixed."""
    rng = np.random.default_rng(1)
    shape = (2 * around, around)
    i, j = np.meshgrid(*map(np.arange, shape), indexing="ij")
    u, v = (
        2 * np.pi * (index + jitter * (rng.random(shape) - 0.5)) / count
        for index, count in zip((i, j), shape, strict=True)
    )
    across = large + small * np.cos(v)
    points = np.stack([across * np.cos(u), across * np.sin(u), small * np.sin(v)], axis=-1).reshape(-1, 3)
    corner = [
        ((i + k) % shape[0]) * shape[1] + (j + m) % shape[1] for k, m in ((0, 0), (1, 0), (1, 1), (0, 1))
    ]
    a, b, c, d = (each.ravel() for each in corner)
    mixed = ((7 * i + 3 * j) % 5 < 3).ravel()[:, None]
    one = np.where(mixed, np.stack([a, b, c], axis=1), np.stack([a, b, d], axis=1))
    other = np.where(mixed, np.stack([a, c, d], axis=1), np.stack([b, c, d], axis=1))
    return points, np.concatenate([one, other])


def box(low: Sequence[float], high: Sequence[float]) -> Shape:
    """A box of twelve triangles."""
    points = np.array(
        [[x, y, z] for z in (low[2], high[2]) for y in (low[1], high[1]) for x in (low[0], high[0])]
    )
    quads = [(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5)]
    triangles = [three for a, b, c, d in quads for three in ((a, b, c), (a, c, d))]
    return points.astype(np.float64), np.array(triangles)


def stl(shape: Shape, header: bytes = b"") -> bytes:
    """Binary STL."""
    points, triangles = shape
    record = np.zeros(len(triangles), dtype=[("n", "<f4", 3), ("c", "<f4", (3, 3)), ("a", "<u2")])
    record["c"] = points[triangles]
    return header.ljust(80) + len(triangles).to_bytes(4, "little") + record.tobytes()


def stl_ascii(shape: Shape) -> bytes:
    """ASCII STL."""
    points, triangles = shape
    facets = "".join(
        "facet normal 0 0 0\n outer loop\n"
        + "".join("  vertex {:.17g} {:.17g} {:.17g}\n".format(*corner) for corner in corners)
        + " endloop\nendfacet\n"
        for corners in points[triangles]
    )
    return f"solid drawn\n{facets}endsolid drawn\n".encode()


def ply(shape: Shape, order: str = "<", kind: str = "f8") -> bytes:
    """Binary PLY in either order of bytes, with a value beside the places and faces."""
    points, triangles = shape
    name = {"<": "binary_little_endian", ">": "binary_big_endian"}[order]
    vertex = np.zeros(len(points), dtype=[(axis, order + kind) for axis in "xyz"] + [("red", "u1")])
    for axis, column in zip("xyz", points.T, strict=True):
        vertex[axis] = column
    face = np.zeros(len(triangles), dtype=[("count", "u1"), ("corners", order + "i4", 3), ("flags", "u1")])
    face["count"], face["corners"] = 3, triangles
    real = {"f8": "double", "f4": "float"}[kind]
    header = (
        f"ply\nformat {name} 1.0\ncomment drawn\nelement vertex {len(points)}\n"
        + "".join(f"property {real} {axis}\n" for axis in "xyz")
        + f"property uchar red\nelement face {len(triangles)}\nproperty list uchar int vertex_indices\n"
        "property uchar flags\nend_header\n"
    )
    return header.encode() + vertex.tobytes() + face.tobytes()


def ply_ascii(shape: Shape) -> bytes:
    """ASCII PLY."""
    points, triangles = shape
    header = (
        f"ply\nformat ascii 1.0\nelement vertex {len(points)}\nproperty float x\nproperty float y\n"
        f"property float z\nelement face {len(triangles)}\nproperty list uchar int vertex_index\nend_header\n"
    )
    rows = ["{:.17g} {:.17g} {:.17g}".format(*point) for point in points]
    rows += ["3 {} {} {}".format(*triangle) for triangle in triangles]
    return (header + "\n".join(rows) + "\n").encode()


def vtp(shape: Shape, form: str = "binary", *, packed: bool = True, kind: str = "Float64") -> bytes:
    """VTP: ``ascii``, ``binary``, ``raw`` or ``base64`` (both appended), compressed or not."""
    points, triangles = shape
    real = {"Float64": "<f8", "Float32": "<f4"}[kind]
    arrays = {
        "Points": (kind, points.astype(real)),
        "connectivity": ("Int64", triangles.astype("<i8")),
        "offsets": ("Int64", 3 * np.arange(1, len(triangles) + 1).astype("<i8")),
    }
    appended, texts = b"", {}
    for name, (type_, values) in arrays.items():
        head = f'<DataArray type="{type_}" Name="{name}"'
        if name == "Points":
            head += ' NumberOfComponents="3"'
        if form == "ascii":
            texts[name] = f'{head} format="ascii">{" ".join(map(repr, values.ravel().tolist()))}</DataArray>'
            continue
        stored = _stored(values.tobytes(), packed, encoded=form != "raw")
        if form == "binary":
            texts[name] = f'{head} format="binary">{stored.decode()}</DataArray>'
        else:
            texts[name] = f'{head} format="appended" offset="{len(appended)}"/>'
            appended += stored
    compressor = ' compressor="vtkZLibDataCompressor"' if packed and form != "ascii" else ""
    head = (
        f'<?xml version="1.0"?>\n<VTKFile type="PolyData" version="1.0" byte_order="LittleEndian"'
        f' header_type="UInt32"{compressor}>\n<PolyData><Piece NumberOfPoints="{len(points)}"'
        f' NumberOfPolys="{len(triangles)}"><Points>{texts["Points"]}</Points><Polys>'
        f"{texts['connectivity']}{texts['offsets']}</Polys></Piece></PolyData>\n"
    ).encode()
    if appended:
        head += f'<AppendedData encoding="{form}">_'.encode() + appended + b"</AppendedData>\n"
    return head + b"</VTKFile>\n"


def _stored(data: bytes, packed: bool, *, encoded: bool) -> bytes:
    if not packed:
        whole = len(data).to_bytes(4, "little") + data
        return base64.b64encode(whole) if encoded else whole
    size = 1000
    blocks = [data[low : low + size] for low in range(0, len(data), size)]
    small = [zlib.compress(block) for block in blocks]
    numbers = [len(blocks), size, len(data) % size, *map(len, small)]
    head, body = np.array(numbers, dtype="<u4").tobytes(), b"".join(small)
    return base64.b64encode(head) + base64.b64encode(body) if encoded else head + body


def closed(shape: Shape) -> Closed:
    return closed_surface(Raw(*shape, single=False), "drawn.stl")


def surface_stem(shape: Shape, coatings: Sequence[Coating] = (), pose: Pose | None = None) -> SheetStem:
    """A stem of a shape, as if read from a file."""
    whole = closed(shape)
    digest = hashlib.sha256(stl(shape)).hexdigest()
    sheet = smooth_sheet(whole, "drawn.stl")
    return sheet_stem("drawn.stl", digest, b"", pose or Pose(), "mm", sheet, whole.mended, coatings)
