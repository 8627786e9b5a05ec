"""Small pictures of cases, kept beside the results and made again where their picture is newer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from fea.board.entries import Entry

#: Folder of the small pictures, below the results, and their height in pixels.
FOLDER, HEIGHT = ".thumbnails", 150


def thumbnails(entries: Sequence[Entry], results: Path) -> dict[str, str]:
    """Make the small pictures that are missing or old.

    Parameters
    ----------
    entries : sequence of Entry
    results : Path
        The folder of results.

    Returns
    -------
    dict of str to str
        Path from that folder by the case's name; cases without a picture are left out.
    """
    found = {}
    folder = results / FOLDER
    for entry in entries:
        if entry.picture is None:
            continue
        small = folder / f"{entry.name}.webp"
        if not small.is_file() or small.stat().st_mtime < entry.picture.stat().st_mtime:
            folder.mkdir(exist_ok=True)
            draft = small.with_suffix(".part")
            with Image.open(entry.picture) as picture:
                width = round(picture.width * HEIGHT / picture.height)
                picture.convert("RGB").resize((width, HEIGHT), Image.Resampling.LANCZOS).save(
                    draft, "WEBP", quality=80
                )
            draft.replace(small)
        found[entry.name] = f"{FOLDER}/{small.name}"
    return found
