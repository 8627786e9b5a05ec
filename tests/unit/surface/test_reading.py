"""Six forms of files are read alike, and what a file does not hold is told before it is read on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from fea.surface import raw as raw_module
from fea.surface.mending import closed_surface
from fea.surface.raw import Raw
from fea.surface.reading import read_triangles
from geometry.errors import GeometryError
from tests.unit.surface_shapes import Shape, cylinder, ply, ply_ascii, stl, stl_ascii, vtp

EXTENTS = (10.0, 1000.0)
SHAPE = cylinder(24, 8.0, -10.0, 40.0)

FORMS: dict[str, tuple[str, Callable[[Shape], bytes], float]] = {
    "STL binary": ("a.stl", stl, 2e-6),
    "STL binary that begins with solid": ("a.stl", lambda s: stl(s, b"solid"), 2e-6),
    "STL ASCII": ("a.STL", stl_ascii, 0.0),
    "PLY binary": ("a.ply", ply, 0.0),
    "PLY binary, big end first": ("a.ply", lambda s: ply(s, ">"), 0.0),
    "PLY binary, single": ("a.ply", lambda s: ply(s, "<", "f4"), 2e-6),
    "PLY ASCII": ("a.ply", ply_ascii, 0.0),
    "VTP ascii": ("a.vtp", lambda s: vtp(s, "ascii"), 0.0),
    "VTP binary": ("a.vtp", lambda s: vtp(s, packed=False), 0.0),
    "VTP binary, compressed": ("a.vtp", vtp, 0.0),
    "VTP raw": ("a.vtp", lambda s: vtp(s, "raw", packed=False), 0.0),
    "VTP raw, compressed": ("a.vtp", lambda s: vtp(s, "raw"), 0.0),
    "VTP base64, compressed": ("a.vtp", lambda s: vtp(s, "base64"), 0.0),
    "VTP binary, single": ("a.vtp", lambda s: vtp(s, kind="Float32"), 2e-6),
}


def read(content: bytes, file: str = "a.stl", unit: str = "mm") -> Raw:
    return read_triangles(content, file, unit, EXTENTS)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_closed_surface(form: str) -> None:
    file, write, tolerance = FORMS[form]
    raw = read(write(SHAPE), file)
    assert raw.single == (tolerance > 0)
    assert raw.points[raw.triangles] == pytest.approx(SHAPE[0][SHAPE[1]], abs=tolerance, rel=0)
    whole = closed_surface(raw, file)
    exact = 50.0 * 24 / 2 * 64 * np.sin(2 * np.pi / 24)
    assert whole.volume == pytest.approx(exact, rel=1e-6 if tolerance else 1e-12)
    assert whole.mended == ()


@pytest.mark.parametrize(("unit", "scale"), [("cm", 10.0), ("m", 1000.0), ("inch", 25.4)])
def test_the_stated_unit_scales_the_places(unit: str, scale: float) -> None:
    shape = SHAPE[0] / scale, SHAPE[1]
    assert read(ply(shape), "a.ply", unit).points == pytest.approx(SHAPE[0], rel=1e-12, abs=1e-12)


def declaring(content: bytes, old: bytes, new: bytes) -> bytes:
    assert old in content
    return content.replace(old, new)


def with_nan() -> bytes:
    points = SHAPE[0].copy()
    points[5, 1] = np.nan
    return ply((points, SHAPE[1]))


def quads() -> bytes:
    text = ply_ascii(SHAPE).decode().splitlines()
    return "\n".join([*text[:-1], "4 0 1 2 3", ""]).encode()


MANY = (10**9).to_bytes(4, "little")
WRONG: dict[str, tuple[Callable[[], bytes], str, str, str]] = {
    "empty": (lambda: b" \n", "a.stl", "mm", "a.stl is empty"),
    "truncated STL": (
        lambda: stl(SHAPE)[:-20],
        "a.stl",
        "mm",
        r"declares 96 triangles, which take 4884 bytes, and has 4864",
    ),
    "STL that declares what is not there": (
        lambda: stl(SHAPE)[:80] + MANY + stl(SHAPE)[84:],
        "a.stl",
        "mm",
        "declares 1000000000 triangles, which take 50000000084 bytes",
    ),
    "truncated ASCII STL": (
        lambda: stl_ascii(SHAPE)[:2000],
        "a.stl",
        "mm",
        r"facets begin and \d+ end, with \d+ vertices",
    ),
    "a vertex without a number": (
        lambda: declaring(stl_ascii(SHAPE), b"vertex 8 0 -10", b"vertex 8 x -10"),
        "a.stl",
        "mm",
        "a vertex in it is no number",
    ),
    "neither STL": (lambda: b"hello", "a.stl", "mm", "neither a binary STL file nor an ASCII one"),
    "PLY that declares more": (
        lambda: declaring(ply(SHAPE), b"element face 96", b"element face 97"),
        "a.ply",
        "mm",
        "declares 97 of face, which take 1358 bytes, and 1344 are left",
    ),
    "truncated ASCII PLY": (
        lambda: ply_ascii(SHAPE)[:-40],
        "a.ply",
        "mm",
        "declares 96 of face and has 9[0-9] lines|too short or no number|too few corners",
    ),
    "PLY of no header": (lambda: b"ply\nformat", "a.ply", "mm", "does not begin with a header"),
    "PLY of another format": (
        lambda: declaring(ply(SHAPE), b"binary_little_endian", b"binary_middle"),
        "a.ply",
        "mm",
        "its format 'binary_middle' is none",
    ),
    "quadrangles": (quads, "a.ply", "mm", "face 95 has 4 corners; export it as triangles"),
    "a corner that is no point": (
        lambda: ply((SHAPE[0][:-1], SHAPE[1])),
        "a.ply",
        "mm",
        "a corner of a triangle is none of its 49 points",
    ),
    "NaN": (with_nan, "a.ply", "mm", "1 of its points have a coordinate that is no finite number, first 5"),
    "VTP that is cut off": (lambda: vtp(SHAPE)[:900], "a.vtp", "mm", "it is no XML"),
    "VTP of too many points": (
        lambda: declaring(vtp(SHAPE), b'NumberOfPoints="50"', b'NumberOfPoints="51"'),
        "a.vtp",
        "mm",
        "Points has 1200 bytes instead of 1224",
    ),
    "VTP of too few values": (
        lambda: declaring(vtp(SHAPE, "ascii"), b'NumberOfPoints="50"', b'NumberOfPoints="51"'),
        "a.vtp",
        "mm",
        "Points has 150 values instead of 153",
    ),
    "VTP compressed otherwise": (
        lambda: declaring(vtp(SHAPE), b"vtkZLibDataCompressor", b"vtkLZ4DataCompressor"),
        "a.vtp",
        "mm",
        "compressed by vtkLZ4DataCompressor, which is not read",
    ),
    "VTP with entities": (
        lambda: declaring(vtp(SHAPE), b"<VTKFile", b"<!DOCTYPE x><VTKFile"),
        "a.vtp",
        "mm",
        "declares XML entities",
    ),
    "VTK of another type": (
        lambda: declaring(vtp(SHAPE), b'"PolyData"', b'"ImageData"'),
        "a.vtp",
        "mm",
        "no VTKFile of the type PolyData",
    ),
    "metres read as mm": (
        lambda: ply((SHAPE[0] / 1000, SHAPE[1])),
        "a.ply",
        "mm",
        r'is 0\.05 mm long if its numbers are in mm, and must be 10 to 1000 mm: .* "m"\.',
    ),
    "inches read as mm": (
        lambda: ply((SHAPE[0] / 25.4, SHAPE[1])),
        "a.ply",
        "mm",
        r'state the unit .* it fits: "cm" or "inch"\.',
    ),
    "mm read as metres": (lambda: ply(SHAPE), "a.ply", "m", r'is 5e\+04 mm long .* "mm" or "cm"\.'),
    "no unit fits": (
        lambda: ply((SHAPE[0] / 1e9, SHAPE[1])),
        "a.ply",
        "mm",
        "no unit that is known would fit",
    ),
    "far from the origin": (
        lambda: stl((SHAPE[0] + [20000.0, 0, 0], SHAPE[1])),
        "a.stl",
        "mm",
        r"lies far from its origin, as at \(20008, .* loses 2 um",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_told_in_one_sentence(name: str) -> None:
    content, file, unit, words = WRONG[name]
    with pytest.raises(GeometryError, match=words) as caught:
        read(content(), file, unit)
    told = str(caught.value)
    assert told.endswith(".")
    assert ". " not in told
    assert "\n" not in told
    assert file in told


def test_double_precision_may_lie_far_away() -> None:
    read(ply((SHAPE[0] + [20000.0, 0, 0], SHAPE[1])), "a.ply")


def test_too_large_a_file_or_count_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(GeometryError, match="has 200001 triangles, more than the 200000"):
        raw_module.require_few("a.stl", 200_001)
    with pytest.raises(GeometryError, match="has 600001 points"):
        raw_module.require_few("a.ply", 10, 600_001)
    with pytest.raises(GeometryError, match="holds no triangle"):
        read(stl((SHAPE[0], SHAPE[1][:0])))
    monkeypatch.setattr("fea.surface.reading.MOST_BYTES", 1000)
    with pytest.raises(GeometryError, match="more than the 0 MB"):
        read(stl(SHAPE))
