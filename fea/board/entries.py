"""What a folder of results says of its cases: read from ``summary.json``, nothing computed again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fea.errors import CaseError, OsseofitError
from fea.publish import SUMMARY

#: Pictures that stand for a case, the first that exists.
PICTURES = ("unrolled_micromotion.png", "unrolled_slip.png", "micromotion.png", "assembly.png")
#: Pages below a case's folder, and what they are called.
PAGES = (
    ("report.html", "report"),
    ("convergence/index.html", "convergence"),
    ("uncertainty/index.html", "uncertain inputs"),
    ("dossier/dossier.html", "dossier"),
)
#: Folders in which a case's loads, criteria, bones and stems stand beside it.
BESIDE = ("loads", "criteria", "bones", "stems")


@dataclass(frozen=True)
class Number:
    """A quantity with its error.

    Attributes
    ----------
    value, error
        None where there is none.
    unit
        Of both.
    """

    value: float | None
    error: float | None
    unit: str


@dataclass(frozen=True)
class Entry:
    """One case.

    Attributes
    ----------
    name, title
        Of its folder, and in words.
    stability, safety
        Words of the verdict; of a taper joint the first is that of its fretting.
    why
        The sentences of both.
    numbers : mapping of str to Number
        By name of the quantity.
    stale : tuple of str
        Why the result may no longer be that of the case, a clause each; empty where it is.
    pages : tuple of pairs of str
        Links from the board's folder, and what they are.
    picture : Path, or None
        That stands for it.
    time
        When it was finished, seconds since the epoch.
    program
        Version and revision that computed it.
    """

    name: str
    title: str
    stability: str
    safety: str
    why: str
    numbers: Mapping[str, Number]
    stale: tuple[str, ...]
    pages: tuple[tuple[str, str], ...]
    picture: Path | None
    time: float
    program: str


@dataclass(frozen=True)
class Unread:
    """A folder whose summary cannot be read, and why."""

    name: str
    why: str


def read_entries(
    results: Path, cases: Path, version: str, changed: Callable[[str | None], bool]
) -> tuple[tuple[Entry, ...], tuple[Unread, ...]]:
    """Read every finished case below a folder.

    Parameters
    ----------
    results : Path
        The folder of results.
    cases : Path
        The folder of case files, to see whether one has changed since.
    version
        Of the code at hand.
    changed
        Told a commit, whether the code has changed since.

    Returns
    -------
    entries : tuple of Entry
        By name.
    unread : tuple of Unread
        Folders with a summary that is none.

    Raises
    ------
    CaseError
        Where the folder of results does not exist.
    """
    if not results.is_dir():
        raise CaseError(
            f"{results}: there is no such folder of results; run a case first, or give another one"
        )
    files = (
        {path.name: path for path in sorted(cases.rglob("*.toml"), reverse=True)} if cases.is_dir() else {}
    )
    beside = _newest(path for name in BESIDE for path in (cases / name).glob("**/*"))
    entries, unread = [], []
    for summary in sorted(results.glob(f"*/{SUMMARY}")):
        try:
            text = summary.read_text(encoding="utf-8")
            entries.append(_entry(summary, json.loads(text), files, beside, (version, changed)))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            unread.append(
                Unread(summary.parent.name, f"{SUMMARY} cannot be read ({type(error).__name__}: {error})")
            )
    return tuple(entries), tuple(unread)


def _entry(
    path: Path, found: Mapping[str, Any], files: Mapping[str, Path], beside: float,
    code: tuple[str, Callable[[str | None], bool]],
) -> Entry:  # fmt: skip
    verdict, program = found["verdict"], found["program"]
    joint = "fretting" in verdict
    first = "fretting" if joint else "primary_stability"
    folder = path.parent
    lost = verdict.get("fixation_lost") or verdict.get("came_apart")
    return Entry(
        name=folder.name,
        title=str(found["case"]["title"]),
        stability="fixation lost" if lost else str(verdict[first]),
        safety=str(verdict["safety"]),
        why=" ".join((*verdict[f"{first}_why"], *verdict["safety_why"])),
        numbers={
            str(one["name"]): Number(one["value"], one["error"], str(one["unit"]))
            for one in found["quantities"]
        },
        stale=tuple(_stale(path, found, files, beside, code)),
        pages=tuple((f"{folder.name}/{page}", words) for page, words in _pages(folder)),
        picture=next((folder / name for name in PICTURES if (folder / name).is_file()), None),
        time=path.stat().st_mtime,
        program=f"{program['version']} {program['commit'] or ''}".strip(),
    )


def _pages(folder: Path) -> Iterator[tuple[str, str]]:
    yield from ((page, words) for page, words in PAGES if (folder / page).is_file())
    for page in sorted(folder.glob("sweep-*/index.html")):
        yield f"{page.parent.name}/index.html", page.parent.name.replace("sweep-", "sweep ")


def _stale(
    path: Path, found: Mapping[str, Any], files: Mapping[str, Path], beside: float,
    code: tuple[str, Callable[[str | None], bool]],
) -> Iterator[str]:  # fmt: skip
    """Say what changed since; a case is read again only where a file is newer than its result."""
    name = str(found["case"]["file"])
    case = files.get(name)
    if case is None:
        yield "its case file is not there any more"
    elif max(case.stat().st_mtime, beside) > path.stat().st_mtime:
        yield from _changed(case, found)
    version, changed = code
    program = found["program"]
    if program["version"] != version:
        yield f"computed by version {program['version']}, this is {version}"
    elif changed(program["commit"]):
        yield f"the program has changed since revision {program['commit'] or 'unknown'}"


def _changed(case: Path, found: Mapping[str, Any]) -> Iterator[str]:
    from fea.case.reader import read_case
    from fea.case.taper import is_taper, read_taper

    try:
        now = read_taper(case).case if is_taper(case) else read_case(case)
    except OsseofitError:
        yield "its case has changed since, and is not valid now"
        return
    limits = [_limits(asdict(criterion)) for criterion in now.criteria]
    judged = [_limits(criterion) for criterion in found["criteria"]]
    if now.digest != found["record"]["digests"]["case"] or limits != judged:
        yield "its case, or a file that it names, has changed since"


def _limits(criterion: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what a criterion asks: its quantity and limits."""
    names = ("id", "quantity", "met_at_most", "not_met_above", "met_at_least", "not_met_below")
    return tuple(criterion[name] for name in names)


def _newest(paths: Iterator[Path]) -> float:
    return max((path.stat().st_mtime for path in paths if path.is_file()), default=0.0)


def counted(entries: Sequence[Entry]) -> Mapping[str, int]:
    """Count the cases by the word of their first verdict."""
    words = [entry.stability for entry in entries]
    return {word: words.count(word) for word in dict.fromkeys(sorted(words))}
