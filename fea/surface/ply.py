"""PLY files, ASCII and binary in either order of bytes: points, and faces of three corners."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fea.surface.raw import Raw, damaged, require_few
from geometry.errors import GeometryError

_TYPES = {
    "char": "i1", "uchar": "u1", "short": "i2", "ushort": "u2", "int": "i4", "uint": "u4",
    "float": "f4", "double": "f8", "int8": "i1", "uint8": "u1", "int16": "i2", "uint16": "u2",
    "int32": "i4", "uint32": "u4", "float32": "f4", "float64": "f8",
}  # fmt: skip
_ORDER = {"ascii": "", "binary_little_endian": "<", "binary_big_endian": ">"}
_INDICES = ("vertex_indices", "vertex_index")
#: The longest header, bytes.
_LONGEST = 20_000


@dataclass(frozen=True)
class _Property:
    """One property; a list has the type of its length, too."""

    name: str
    kind: str
    length: str | None = None


@dataclass(frozen=True)
class _Element:
    name: str
    count: int
    properties: tuple[_Property, ...]


def read_ply(content: bytes, file: str) -> Raw:
    """Read a PLY file; what stands beside x, y, z and the corners is passed over.

    Parameters
    ----------
    content : bytes
    file : str

    Returns
    -------
    Raw

    Raises
    ------
    GeometryError
        When the file does not hold what it declares, or has faces that are no triangles.
    """
    order, elements, start = _header(content, file)
    counts = {element.name: element.count for element in elements}
    if not {"vertex", "face"} <= set(counts):
        raise damaged(file, "its header declares no vertices or no faces")
    require_few(file, counts["face"], counts["vertex"])
    take = _Ascii(content[start:], file) if order == "ascii" else _Binary(content, start, _ORDER[order], file)
    points, triangles, single = None, None, False
    for element in elements:
        if element.name == "vertex":
            kinds = {each.name: each.kind for each in element.properties}
            if not {"x", "y", "z"} <= set(kinds) or any(each.length for each in element.properties):
                raise damaged(file, "its vertices have no x, y and z, or a list among them")
            single = order != "ascii" and kinds["x"] == "f4"
            points = take.scalars(element)
        elif element.name == "face":
            triangles = take.triangles(element)
        elif points is None or triangles is None:
            if any(each.length for each in element.properties):
                raise damaged(file, f"lists of {element.name} stand before its faces, which is not read")
            take.scalars(element)
    assert points is not None
    assert triangles is not None
    return Raw(points, triangles, single)


def _header(content: bytes, file: str) -> tuple[str, list[_Element], int]:
    end = content.find(b"end_header", 0, _LONGEST)
    if not content.startswith(b"ply") or end < 0:
        raise damaged(file, "it does not begin with a header between ply and end_header")
    start = content.find(b"\n", end) + 1
    if start == 0:
        raise damaged(file, "nothing follows its header")
    order, elements = "", []
    try:
        for line in content[:end].decode("ascii").splitlines()[1:]:
            words = line.split()
            if not words or words[0] in ("comment", "obj_info"):
                continue
            if words[0] == "format":
                order = words[1]
            elif words[0] == "element":
                elements.append(_Element(words[1], int(words[2]), ()))
            elif words[0] == "property":
                made = (
                    _Property(words[4], _TYPES[words[3]], _TYPES[words[2]])
                    if words[1] == "list"
                    else _Property(words[2], _TYPES[words[1]])
                )
                last = elements.pop()
                elements.append(_Element(last.name, last.count, (*last.properties, made)))
    except (ValueError, IndexError, KeyError):
        raise damaged(file, "a line of its header is none of PLY's") from None
    if order not in _ORDER:
        raise damaged(file, f"its format '{order}' is none of PLY's")
    return order, elements, start


def _corners(file: str, lengths: np.ndarray) -> None:
    if (lengths != 3).any():
        wrong = int(np.flatnonzero(lengths != 3)[0])
        raise GeometryError(
            f"The file {file} has faces that are no triangles: face {wrong} has {int(lengths[wrong])}"
            " corners; export it as triangles."
        )


class _Binary:
    """Takes elements out of the bytes behind the header."""

    def __init__(self, content: bytes, start: int, order: str, file: str) -> None:
        self._content, self._at, self._order, self._file = content, start, order, file

    def _records(self, element: _Element, kind: np.dtype) -> np.ndarray:
        needed = element.count * kind.itemsize
        if self._at + needed > len(self._content):
            raise damaged(
                self._file,
                f"it declares {element.count} of {element.name}, which take {needed} bytes, and"
                f" {len(self._content) - self._at} are left",
            )
        found = np.frombuffer(self._content, kind, element.count, self._at)
        self._at += needed
        return found

    def scalars(self, element: _Element) -> np.ndarray:
        """Take an element of single values; x, y and z of it where it has them."""
        kind = np.dtype([(each.name, self._order + each.kind) for each in element.properties])
        found = self._records(element, kind)
        if not {"x", "y", "z"} <= set(found.dtype.names or ()):
            return np.zeros((0, 3))
        return np.stack([found[axis].astype(np.float64) for axis in "xyz"], axis=1)

    def triangles(self, element: _Element) -> np.ndarray:
        """Take faces."""
        lists = [each for each in element.properties if each.length]
        if len(lists) != 1 or lists[0].name not in _INDICES:
            raise damaged(self._file, "its faces have no list vertex_indices, or another list beside it")
        parts: list[tuple[str, str] | tuple[str, str, int]] = []
        for each in element.properties:
            if each.length:
                parts += [("length of it", self._order + each.length), ("them", self._order + each.kind, 3)]
            else:
                parts.append((each.name, self._order + each.kind))
        kind = np.dtype(parts)
        # A face that is no triangle shifts what follows: the first wrong length is told before the size is.
        whole = min(element.count, (len(self._content) - self._at) // kind.itemsize)
        _corners(self._file, np.frombuffer(self._content, kind, whole, self._at)["length of it"])
        return np.asarray(self._records(element, kind)["them"], dtype=np.int64)


class _Ascii:
    """Takes elements, a line each, out of the text behind the header."""

    def __init__(self, text: bytes, file: str) -> None:
        self._lines, self._at, self._file = text.splitlines(), 0, file

    def _rows(self, element: _Element) -> list[bytes]:
        rows = self._lines[self._at : self._at + element.count]
        if len(rows) < element.count:
            raise damaged(
                self._file, f"it declares {element.count} of {element.name} and has {len(rows)} lines of them"
            )
        self._at += element.count
        return rows

    def _numbers(self, rows: list[bytes], width: int) -> np.ndarray:
        try:
            return np.array([row.split()[:width] for row in rows], dtype="S").astype(np.float64)
        except ValueError:
            raise damaged(self._file, "a line of its data is too short or no number") from None

    def scalars(self, element: _Element) -> np.ndarray:
        """Take an element of single values; x, y and z of it where it has them."""
        names = [each.name for each in element.properties]
        rows = self._rows(element)
        if not {"x", "y", "z"} <= set(names):
            return np.zeros((0, 3))
        found = self._numbers(rows, len(names))
        if found.shape != (element.count, len(names)):
            raise damaged(self._file, "a line of its data is too short or no number")
        return found[:, [names.index(axis) for axis in "xyz"]]

    def triangles(self, element: _Element) -> np.ndarray:
        """Take faces, whose list comes first."""
        first = element.properties[0] if element.properties else None
        if first is None or not first.length or first.name not in _INDICES:
            raise damaged(self._file, "its faces do not begin with a list vertex_indices")
        found = self._numbers(self._rows(element), 4)
        lengths = found[:, 0] if found.ndim == 2 else np.zeros(1)
        _corners(self._file, lengths)
        if found.shape[1] != 4:
            raise damaged(self._file, "a face of it has too few corners")
        return found[:, 1:].astype(np.int64)
