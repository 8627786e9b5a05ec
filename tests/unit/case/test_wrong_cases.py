"""Wrong case, load and criteria files: one plain sentence for each mistake.

The first comment lines of each file, ``# expects: ...``, say what the sentences must contain.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fea.case.criteria import read_criteria
from fea.case.reader import read_case
from fea.case.taper import is_taper, read_taper
from fea.errors import CaseError
from fea.loads.history import read_history

CORPUS = Path(__file__).parents[2] / "data" / "wrong_cases"


def read_any(path: Path) -> object:
    """Read a case of either kind, as the verb ``check`` does."""
    return read_taper(path) if is_taper(path) else read_case(path)


READERS: dict[str, Callable[[Path], object]] = {
    ".": read_any,
    "loads": read_history,
    "criteria": read_criteria,
}
FILES = [(folder, path) for folder in READERS for path in sorted((CORPUS / folder).glob("*.toml"))]


def expectations(path: Path) -> list[str]:
    marker = "# expects: "
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.removeprefix(marker) for line in lines if line.startswith(marker)]


@pytest.mark.parametrize(("folder", "path"), FILES, ids=lambda item: getattr(item, "stem", item))
def test_each_mistake_gets_its_one_plain_sentence(folder: str, path: Path) -> None:
    with pytest.raises(CaseError) as caught:
        READERS[folder](path)
    problems = caught.value.problems
    expected = expectations(path)
    assert expected, "each file says what it expects"
    for part in expected:
        assert any(part in problem for problem in problems), (part, problems)
    assert len(problems) == len(expected), problems
    for problem in problems:
        assert "\n" not in problem
        assert problem.endswith(".")
        assert ". " not in problem
        assert len(problem) < 600
        assert ".toml: " in problem


def test_the_corpus_is_large_enough_to_mean_something() -> None:
    assert len(FILES) > 100


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "case.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "the file is empty"),
        ("  \n\n", "the file is empty"),
        (b"title = '\xff\xfe'", "is not UTF-8"),
        ("title = ", "this is not valid TOML"),
        ("x = " + "[" * 5000, "this is not valid TOML"),
        ("x = " + "9" * 5000, "this is not valid TOML"),
        ("\x00", "this is not valid TOML"),
    ],
)
def test_what_is_no_case_file_is_said_in_one_sentence(tmp_path: Path, text: str | bytes, part: str) -> None:
    with pytest.raises(CaseError, match=part) as caught:
        read_case(write(tmp_path, text))
    assert len(caught.value.problems) == 1


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="there is no such file; give the path of a case file"):
        read_case(tmp_path / "nowhere.toml")
    with pytest.raises(CaseError, match="this is a folder; give the path of a case file"):
        read_case(tmp_path)
    with pytest.raises(CaseError, match="give the path of a case file"):
        read_case(write(tmp_path, "x = 1") / "below_a_file.toml")


def test_a_case_error_is_a_value_error_and_survives_pickling() -> None:
    import pickle

    error = CaseError(["one.", "two\nlines."])
    assert isinstance(error, ValueError)
    again = pickle.loads(pickle.dumps(error))
    assert again.problems == ("one.", "two lines.")
