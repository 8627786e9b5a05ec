"""What is kept between runs, by digest: meshes and factors."""

from __future__ import annotations

import hashlib
import os
import pickle
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import cast

#: Space in GB that kept factors may take; the default case's two bodies take 0.9.
ROOM_GB = float(os.environ.get("OSSEOFIT_CACHE_GB", "4"))


@dataclass(frozen=True)
class Cache:
    """A folder of meshes and factors.

    Attributes
    ----------
    folder
        Made where it does not exist.
    """

    folder: Path

    def mesh(self, digest: str) -> Path:
        """Path of a mesh."""
        (self.folder / "meshes").mkdir(parents=True, exist_ok=True)
        return self.folder / "meshes" / f"{digest[:32]}.npz"

    def factor(self, digest: str) -> Path:
        """Folder of a factor; marks it as used and drops the ones unused for longest."""
        factors = self.folder / "factors"
        chosen = factors / digest[:32]
        chosen.mkdir(parents=True, exist_ok=True)
        chosen.touch()
        taken = 0
        for folder in sorted(factors.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True):
            taken += sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
            if taken > ROOM_GB * 1e9 and folder != chosen:
                shutil.rmtree(folder, ignore_errors=True)
        return chosen

    def drop_factor(self, digest: str) -> None:
        """Remove a factor that nothing will ask for again."""
        shutil.rmtree(self.folder / "factors" / digest[:32], ignore_errors=True)


def digest_of(*parts: object) -> str:
    """Return the hexadecimal digest of what the parts say of themselves.

    Parameters
    ----------
    *parts
        Frozen dataclasses, numbers, strings and tuples: their ``repr`` is their content.
    """
    return hashlib.sha256("\n".join(map(repr, parts)).encode()).hexdigest()


#: Studies kept so that a report can be written again, and so many compared, without solving.
KEPT_STUDIES = 5


def keep_study(cache: Cache, name: str, study: object) -> None:
    """Keep a solved study, whole or not at all, and drop the oldest."""
    folder = cache.folder / "studies"
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{name}.{os.getpid()}.part"
    with draft.open("wb") as file:
        pickle.dump(study, file, protocol=pickle.HIGHEST_PROTOCOL)
    draft.replace(folder / f"{name}.pickle")
    for old in sorted(folder.glob("*.pickle"), key=lambda path: path.stat().st_mtime)[:-KEPT_STUDIES]:
        old.unlink(missing_ok=True)


def kept_study(cache: Cache, name: str) -> object | None:
    """Return a kept study; None where there is none or it is damaged."""
    try:
        with (cache.folder / "studies" / f"{name}.pickle").open("rb") as file:
            return cast(object, pickle.load(file))
    except (OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError):
        return None
