"""STL files, binary and ASCII: triangles with three points of their own each.

A file is binary where its length is what the count behind its header says, whatever the header begins
with: some programs write "solid" into binary headers.
"""

from __future__ import annotations

import re

import numpy as np

from fea.surface.raw import Raw, damaged, require_few

_HEADER, _RECORD = 84, 50
_VERTEX = re.compile(rb"\bvertex\s+(\S+)\s+(\S+)\s+(\S+)", re.IGNORECASE)
_FACET = re.compile(rb"\bfacet\s+normal\b", re.IGNORECASE)
_FACET_END = re.compile(rb"\bendfacet\b", re.IGNORECASE)


def read_stl(content: bytes, file: str) -> Raw:
    """Read an STL file.

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
        When the file does not hold what it declares.
    """
    declared = int.from_bytes(content[80:_HEADER], "little") if len(content) >= _HEADER else -1
    if declared >= 0 and len(content) == _HEADER + _RECORD * declared:
        require_few(file, declared)
        record = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
        corners = np.frombuffer(content, record, declared, _HEADER)["corners"].astype(np.float64)
        return _of(corners.reshape(-1, 3), single=True)
    if content.lstrip()[:5].lower() == b"solid" and _FACET.search(content[:4096]):
        return _ascii(content, file)
    if declared >= 0:
        needed = _HEADER + _RECORD * declared
        raise damaged(
            file, f"it declares {declared} triangles, which take {needed} bytes, and has {len(content)}"
        )
    raise damaged(file, "it is neither a binary STL file nor an ASCII one, which begins with solid")


def _ascii(content: bytes, file: str) -> Raw:
    facets, ends = len(_FACET.findall(content)), len(_FACET_END.findall(content))
    require_few(file, facets)
    numbers = _VERTEX.findall(content)
    if len(numbers) != 3 * facets or ends != facets or b"endsolid" not in content[-4096:].lower():
        raise damaged(
            file,
            f"{facets} facets begin and {ends} end, with {len(numbers)} vertices in all, and endsolid is to"
            " follow them",
        )
    try:
        places = np.array(numbers, dtype="S").astype(np.float64)
    except ValueError:
        raise damaged(file, "a vertex in it is no number") from None
    return _of(places.reshape(-1, 3), single=False)


def _of(points: np.ndarray, *, single: bool) -> Raw:
    return Raw(points, np.arange(len(points)).reshape(-1, 3), single)
