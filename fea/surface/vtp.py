"""VTP files (VTK's XML PolyData): ascii, binary or appended arrays, plain or compressed by zlib."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from dataclasses import dataclass
from xml.etree import ElementTree

import numpy as np

from fea.surface.raw import Raw, damaged, require_few
from geometry.errors import GeometryError

_TYPES = {
    "Int8": "i1", "UInt8": "u1", "Int16": "i2", "UInt16": "u2", "Int32": "i4", "UInt32": "u4",
    "Int64": "i8", "UInt64": "u8", "Float32": "f4", "Float64": "f8",
}  # fmt: skip
_APPENDED = re.compile(rb"<AppendedData[^>]*encoding\s*=\s*[\"'](raw|base64)[\"'][^>]*>\s*_")
_ZLIB = "vtkZLibDataCompressor"


@dataclass(frozen=True)
class _Coding:
    """How arrays stand in the file."""

    file: str
    order: str
    header: str
    compressed: bool
    appended: bytes
    raw: bool


def read_vtp(content: bytes, file: str) -> Raw:
    """Read a VTP file of one piece with triangles alone.

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
        When the file does not hold what it declares, has other cells than triangles, or a coding that is
        not read.
    """
    root, appended, raw = _parsed(content, file)
    compressor = root.get("compressor")
    if compressor not in (None, _ZLIB):
        raise GeometryError(
            f"The file {file} is compressed by {compressor}, which is not read: write it with {_ZLIB} or"
            " without compression."
        )
    header = _TYPES.get(root.get("header_type", "UInt32"), "")
    if header not in ("u4", "u8"):
        raise damaged(file, "its header_type is neither UInt32 nor UInt64")
    order = {"LittleEndian": "<", "BigEndian": ">"}.get(root.get("byte_order", "LittleEndian"), "")
    coding = _Coding(file, order, header, compressor is not None, appended, raw)
    pieces = root.findall("PolyData/Piece")
    if len(pieces) != 1:
        raise GeometryError(f"The file {file} has {len(pieces)} pieces, and one is read: write it as one.")
    return _piece(pieces[0], coding)


def _parsed(content: bytes, file: str) -> tuple[ElementTree.Element, bytes, bool]:
    """Take the appended data, which are no XML, out of the file and parse the rest."""
    appended, raw = b"", False
    if found := _APPENDED.search(content):
        end = content.rfind(b"</AppendedData>")
        if end < found.end():
            raise damaged(file, "its appended data have no end")
        appended, raw = content[found.end() : end], found.group(1) == b"raw"
        content = content[: found.start()] + b"<AppendedData>" + content[end:]
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise damaged(file, "it declares XML entities, which no VTP file has")
    try:
        root = ElementTree.fromstring(content)
    except ElementTree.ParseError as error:
        raise damaged(file, f"it is no XML ({error})") from None
    if root.tag != "VTKFile" or root.get("type") != "PolyData":
        raise damaged(file, "it is no VTKFile of the type PolyData")
    return root, appended, raw


def _piece(piece: ElementTree.Element, coding: _Coding) -> Raw:
    file = coding.file
    try:
        points, triangles = int(piece.get("NumberOfPoints", "0")), int(piece.get("NumberOfPolys", "0"))
        strips = int(piece.get("NumberOfStrips", "0"))
    except ValueError:
        raise damaged(file, "a count of its piece is no number") from None
    if strips:
        raise GeometryError(f"The file {file} has {strips} strips, which are not read: write triangles.")
    require_few(file, triangles, points)
    places = piece.find("Points/DataArray")
    arrays = {array.get("Name"): array for array in piece.findall("Polys/DataArray")}
    if places is None or not {"connectivity", "offsets"} <= set(arrays):
        raise damaged(file, "its piece has no Points, connectivity or offsets")
    ends = _array(arrays["offsets"], triangles, coding).astype(np.int64)
    lengths = np.diff(ends, prepend=0)
    if (lengths != 3).any():
        wrong = int(np.flatnonzero(lengths != 3)[0])
        raise GeometryError(
            f"The file {file} has faces that are no triangles: face {wrong} has {int(lengths[wrong])}"
            " corners; write it as triangles."
        )
    found = _array(arrays["connectivity"], 3 * triangles, coding).astype(np.int64)
    single = places.get("type") == "Float32"
    return Raw(
        _array(places, 3 * points, coding).astype(np.float64).reshape(-1, 3), found.reshape(-1, 3), single
    )


def _array(array: ElementTree.Element, count: int, coding: _Coding) -> np.ndarray:
    """Decode one array, which must hold the values that its piece declares."""
    file, name = coding.file, array.get("Name") or "Points"
    kind, form = _TYPES.get(array.get("type", "")), array.get("format")
    if kind is None:
        raise damaged(file, f"the type of {name} is none of VTK's")
    if form == "ascii":
        words = (array.text or "").split()
        if len(words) != count:
            raise damaged(file, f"{name} has {len(words)} values instead of {count}")
        try:
            return np.array(words, dtype="S").astype(np.float64)
        except ValueError:
            raise damaged(file, f"a value of {name} is no number") from None
    size = count * np.dtype(kind).itemsize
    try:
        if form == "binary":
            data = _decoded((array.text or "").strip().encode(), size, coding, encoded=True)
        elif form == "appended":
            rest = coding.appended[int(array.get("offset", "0")) :]
            data = _decoded(rest, size, coding, encoded=not coding.raw)
        else:
            raise damaged(file, f"the format of {name} is none of VTK's")
    except (ValueError, binascii.Error, zlib.error):
        raise damaged(file, f"{name} cannot be decoded") from None
    if len(data) != size:
        raise damaged(file, f"{name} has {len(data)} bytes instead of {size}")
    return np.frombuffer(data, coding.order + kind)


def _decoded(stored: bytes, size: int, coding: _Coding, *, encoded: bool) -> bytes:
    """Decode what stands behind a header of lengths; never more than `size` bytes and one."""
    word = int(coding.header[1])

    def numbers(count: int) -> tuple[list[int], int]:
        """Return the header's first numbers, and where what follows them begins."""
        if not encoded:
            return np.frombuffer(stored, coding.order + coding.header, count).tolist(), count * word
        length = 4 * -(-count * word // 3)
        part = base64.b64decode(stored[:length], validate=True)
        return np.frombuffer(part, coding.order + coding.header, count).tolist(), length

    if not coding.compressed:
        (length,), start = numbers(1)
        if length != size:
            raise damaged(coding.file, f"an array has {length} bytes instead of {size}")
        if not encoded:
            return stored[start : start + length]
        # VTK encodes header and data of an uncompressed array together.
        whole = base64.b64decode(stored[: 4 * -(-(word + length) // 3)], validate=True)
        return whole[word : word + length]
    (blocks,), _ = numbers(1)
    if not 0 <= blocks <= size + 1:
        raise damaged(coding.file, f"an array of {size} bytes has {blocks} compressed blocks")
    (_, _, _, *lengths), start = numbers(3 + blocks)
    packed = stored[start : start + sum(lengths)]
    if encoded:
        packed = base64.b64decode(stored[start : start + 4 * -(-sum(lengths) // 3)], validate=True)
    data, at = bytearray(), 0
    for length in lengths:
        left = size + 1 - len(data)
        data += zlib.decompressobj().decompress(packed[at : at + length], max(left, 1))
        at += length
    return bytes(data)
