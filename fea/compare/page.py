"""The page of a comparison: what differs, what it did, maps and pictures side by side; one file, offline."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from fea import __version__
from fea.compare.differences import Change, Changed, Judged
from fea.post import tokens
from fea.post.fonts import embedded_fonts
from fea.post.report import TEMPLATES as REPORT_TEMPLATES
from fea.post.report_words import number, unit

TEMPLATES = Path(__file__).parent / "templates"

#: Pictures that stand side by side where all cases have them, and what they show.
PICTURES = (
    ("assembly.png", "The assemblies"),
    ("unrolled_status.png", "Contact, stick and slip"),
    ("bone_strain_worst.png", "Strain of the bone at the worst instant"),
    ("bone_hoop_stress_press_fit.png", "Hoop stress after the press-fit"),
    ("stem_von_mises.png", "Stress of the stem"),
)


@dataclass(frozen=True)
class Beside:
    """One case beside the first.

    Attributes
    ----------
    case : Judged
    keys : tuple of Changed
    changes : tuple of Change
    sentences : tuple of str
    """

    case: Judged
    keys: tuple[Changed, ...]
    changes: tuple[Change, ...]
    sentences: tuple[str, ...]


def comparison_page(
    first: Judged, others: Sequence[Beside], maps: Mapping[str, bytes], folders: Sequence[Path]
) -> str:
    """Return the page as text.

    Parameters
    ----------
    first : Judged
        What the others are compared with.
    others : sequence of Beside
    maps : mapping of str to bytes
        Title and PNG of each picture of the unrolled interfaces.
    folders : sequence of Path
        Where the cases' own pictures are, the first one's first.

    Returns
    -------
    str
    """
    environment = Environment(
        loader=FileSystemLoader([TEMPLATES, REPORT_TEMPLATES]),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
    )
    environment.filters.update({"number": number, "unit": unit, "png": _uri, "error": _error})
    return environment.get_template("compare.html").render(
        tokens=tokens,
        fonts=embedded_fonts(),
        version=__version__,
        first=first,
        others=others,
        names=[first.name, *(one.case.name for one in others)],
        maps=maps,
        pictures=_pictures(folders),
        answers=ANSWERS,
    )


#: How the answer to "is the change shown?" is said.
ANSWERS: Mapping[str, Any] = {
    "shown": ("✓", "exceeds both errors together"),
    "not shown": ("?", "within the errors"),
    "not known": ("–", "an error or a value is not known"),
    "none": ("=", "no change"),
}


def _pictures(folders: Sequence[Path]) -> list[tuple[str, list[bytes]]]:
    return [
        (title, [(folder / name).read_bytes() for folder in folders])
        for name, title in PICTURES
        if all((folder / name).is_file() for folder in folders)
    ]


def _uri(data: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(data).decode('ascii')}"


def _error(value: float) -> str:
    return number(float(f"{value:.2g}"))
