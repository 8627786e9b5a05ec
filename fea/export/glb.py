"""Binary glTF 2.0: named parts of triangles with normals, and one colour a part or one a vertex.

A file is twelve bytes of header, a chunk of JSON and a chunk of arrays. It is written directly: VTK's
exporter needs a window to render into, calls every part ``mesh0`` and so on, makes a texture of values at
vertices, and writes sRGB where linear colours are meant.

References
----------
Khronos Group, glTF 2.0 Specification, 2021 (ISO/IEC 12113:2022): chunks, accessors, metres, +Y up, +Z front.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_MAGIC, _VERSION, _JSON, _BIN = 0x46546C67, 2, 0x4E4F534A, 0x004E4942
#: glTF's numbers: float and unsigned integer, vertices and triangles.
_FLOAT, _UINT, _ARRAY, _ELEMENTS = 5126, 5125, 34962, 34963
#: Where our axes go: left is +X, proximal +Y, anterior +Z, which is the front of a glTF model.
_AXES = [1, 2, 0]


@dataclass(frozen=True, eq=False)
class Shape:
    """One part.

    Attributes
    ----------
    name
    points : ndarray, shape (n, 3), mm
        In the program's axes.
    normals : ndarray, shape (n, 3)
        Unit vectors out of the body.
    triangles : ndarray, shape (k, 3)
        Counter-clockwise from outside.
    colour
        ``#rrggbb``; white where vertices have their own.
    opacity
        Below 1 the part is translucent and seen from both sides.
    colours : ndarray, shape (n, 3), or None
        Linear red, green, blue of each vertex.
    extras : mapping of str to anything that JSON has
        What a reader is told about the part.
    """

    name: str
    points: FloatArray
    normals: FloatArray
    triangles: IntArray
    colour: str
    opacity: float = 1.0
    colours: FloatArray | None = None
    extras: Mapping[str, Any] = field(default_factory=dict)


def linear(colour: str) -> FloatArray:
    """Return the linear red, green and blue of ``#rrggbb``, which states sRGB, ndarray, shape (3,)."""
    value = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


class _Arrays:
    """The chunk of arrays, and what the JSON says of each."""

    def __init__(self) -> None:
        self.content = bytearray()
        self.views: list[dict[str, int]] = []
        self.accessors: list[dict[str, Any]] = []

    def add(self, values: NDArray[Any], target: int, *, bounded: bool = False) -> int:
        """Append an array, shape (n,) or (n, 3), whose length in bytes is a multiple of four."""
        content = np.ascontiguousarray(values).tobytes()
        view = {"buffer": 0, "byteOffset": len(self.content), "byteLength": len(content), "target": target}
        kind = _UINT if values.dtype == np.uint32 else _FLOAT
        found = {
            "bufferView": len(self.views),
            "componentType": kind,
            "count": len(values),
            "type": "SCALAR" if values.ndim == 1 else "VEC3",
        }
        if bounded:
            found |= {"min": values.min(axis=0).tolist(), "max": values.max(axis=0).tolist()}
        self.content += content
        self.views.append(view)
        self.accessors.append(found)
        return len(self.accessors) - 1


def glb(title: str, generator: str, shapes: Sequence[Shape]) -> bytes:
    """Return a binary glTF of parts under one root.

    Parameters
    ----------
    title
        Name of scene and root.
    generator
        What wrote it.
    shapes : sequence of Shape

    Returns
    -------
    bytes
        In metres, +Y proximal, +Z anterior, +X left.
    """
    arrays = _Arrays()
    meshes, materials, nodes = [], [], []
    for number, shape in enumerate(shapes):
        attributes = {
            "POSITION": arrays.add(_turned(shape.points) / np.float32(1000), _ARRAY, bounded=True),
            "NORMAL": arrays.add(_turned(shape.normals), _ARRAY),
        }
        if shape.colours is not None:
            attributes["COLOR_0"] = arrays.add(shape.colours.astype(np.float32), _ARRAY)
        indices = arrays.add(shape.triangles.ravel().astype(np.uint32), _ELEMENTS)
        primitive = {"attributes": attributes, "indices": indices, "material": number}
        meshes.append({"name": shape.name, "primitives": [primitive]})
        materials.append(_material(shape))
        node: dict[str, Any] = {"name": shape.name, "mesh": number}
        nodes.append(node | ({"extras": dict(shape.extras)} if shape.extras else {}))
    nodes.append({"name": title, "children": list(range(len(shapes)))})
    told = {
        "asset": {"version": "2.0", "generator": generator},
        "scene": 0,
        "scenes": [{"name": title, "nodes": [len(shapes)]}],
        "nodes": nodes,
        "meshes": meshes,
        "materials": materials,
        "accessors": arrays.accessors,
        "bufferViews": arrays.views,
        "buffers": [{"byteLength": len(arrays.content)}],
    }
    text = json.dumps(told, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<II", len(text), _JSON) + text
    chunks += struct.pack("<II", len(arrays.content), _BIN) + bytes(arrays.content)
    return struct.pack("<III", _MAGIC, _VERSION, 12 + len(chunks)) + chunks


def _turned(vectors: FloatArray) -> NDArray[np.float32]:
    return vectors[:, _AXES].astype(np.float32)


def _material(shape: Shape) -> dict[str, Any]:
    colour = [1.0, 1.0, 1.0] if shape.colours is not None else linear(shape.colour).tolist()
    surface = {"baseColorFactor": [*colour, shape.opacity], "metallicFactor": 0.0, "roughnessFactor": 0.6}
    found = {"name": shape.name, "pbrMetallicRoughness": surface}
    if shape.opacity < 1.0:
        return found | {"alphaMode": "BLEND", "doubleSided": True}
    return found
