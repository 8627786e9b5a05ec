"""The page's font: the characters that reports use, cut out of the font of the pictures."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from functools import lru_cache

from fontTools import subset  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from matplotlib.font_manager import FontProperties, findfont

from fea.post import tokens

#: Latin letters of European languages, and the signs that reports print.
CHARACTERS = "".join(chr(code) for code in range(0x20, 0x180) if chr(code).isprintable()) + (
    "ΓΔΘΛΠΣΦΨΩαβγδεζηθικλμνξπρστφχψω–…′−×±≈≠≤≥°∞→←↑↓○◇✓✗⊘★\u2014\u2018\u2019\u201c\u201d\u202f\u2009"
)


@dataclass(frozen=True)
class Face:
    """One weight of the font: base64 of its WOFF file."""

    weight: str
    data: str


@lru_cache(maxsize=1)
def embedded_fonts() -> tuple[Face, ...]:
    """Return the regular and the bold face.

    Returns
    -------
    tuple of Face
    """
    return tuple(Face(weight, _face(weight)) for weight in ("normal", "bold"))


def _face(weight: str) -> str:
    options = subset.Options(
        flavor="woff", layout_features=["kern", "tnum"], hinting=False, notdef_outline=True
    )
    options.drop_tables += ["FFTM"]
    cutter = subset.Subsetter(options)
    cutter.populate(text=CHARACTERS)
    with TTFont(findfont(FontProperties(family=tokens.FONT, weight=weight)), recalcTimestamp=False) as font:
        cutter.subset(font)
        font.flavor = "woff"
        stream = io.BytesIO()
        font.save(stream)
    return base64.b64encode(stream.getvalue()).decode("ascii")
