"""Every command of the documentation is run: the cheap ones as they stand, the dear ones on coarse meshes."""

from __future__ import annotations

import logging
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from fea import cli
from fea.case.reader import read_case
from fea.case.taper import is_taper, read_taper
from fea.cli.options import parser
from tests.docs.checkout import Checkout, checkout, coarsen, fewer
from tests.docs.pages import PAGES, ROOT, Command, commands_of, inline_commands, pages_with_commands

#: Verbs that take seconds at most; they are run as they stand wherever a page has them.
CHEAP = ("check", "fit", "bone", "schema", "--help", "--version")
WITH_COMMANDS = list(pages_with_commands())


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.fixture(autouse=True)
def fresh_log() -> Iterator[None]:
    """Take away the handler that the command adds: it writes to the stderr of one test."""
    yield
    logging.getLogger("osseofit").handlers.clear()
    logging.getLogger("osseofit").setLevel(logging.NOTSET)


def words_of(line: str) -> tuple[list[str], str | None]:
    """Return the words after ``osseofit`` and the file that they are written to, of a cheap command alone."""
    words = shlex.split(line, comments=True)
    into = None
    if len(words) > 2 and words[-2] in (">", ">>"):
        into, words = words[-1], words[:-2]
    return words[1:], into


def is_cheap(line: str) -> bool:
    words = line.split()
    return words[0] == "osseofit" and words[1] in CHEAP and "$(" not in line


def run_cheap(
    command: Command, folder: Path, checked: dict[str, bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    words, into = words_of(command.line)
    try:
        code = cli.main(words)
    except SystemExit as ended:  # --help
        code = ended.code  # type: ignore[assignment]
    out, err = capsys.readouterr()
    assert code == 0, f"{command.line}\n{err}"
    if into is not None:
        (folder / into).write_text(out, encoding="utf-8")
    if words[0] == "check":
        checked[words[1]] = (folder / words[1]).read_bytes()
    told = [line.rstrip() for line in out.splitlines()]
    for line in command.says:
        assert line in told, f"{command.line} does not say: {line}"


def understand(words: list[str], folder: Path, checked: dict[str, bytes]) -> None:
    """A call that is not made: its words are known, and the files that it names are there and valid.

    A case that the page has just checked is not read twice.
    """
    options = vars(parser().parse_args(words))
    named = [options["case"]] if "case" in options else []
    if words[0] == "compare":
        named = options["cases"]
    for case in named:
        assert (folder / case).exists(), f"{words}: no {case}"
        if checked.get(str(case)) != (folder / case).read_bytes():
            read_taper(case) if is_taper(case) else read_case(case)
            checked[str(case)] = (folder / case).read_bytes()
    if options.get("study"):
        assert (folder / options["study"]).exists()


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=name_of)
def test_every_command_of_a_page_is_one(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In order, in a checkout: cheap ones as they stand, of dear ones the words, the shell and the files."""
    here = checkout(tmp_path, real=False)
    monkeypatch.chdir(tmp_path)
    checked: dict[str, bytes] = {}
    for command in commands_of(page):
        if command.line.startswith("sudo "):
            here.run(f"bash -n <<'E'\n{command.line}\nE")
        elif is_cheap(command.line):
            run_cheap(command, tmp_path, checked, capsys)
        else:
            here.run(command.line)
            for words in here.calls():
                understand(words, tmp_path, checked)


@pytest.mark.slow
@pytest.mark.parametrize("page", WITH_COMMANDS, ids=name_of)
def test_every_command_of_a_page_runs(page: Path, tmp_path: Path) -> None:
    """In order, in a checkout whose cases have coarse meshes, and with few samples."""
    here = checkout(tmp_path, real=True)
    coarsen(tmp_path / "cases")
    for command in commands_of(page):
        if not command.line.startswith("sudo "):
            here.run(fewer(command.line))


@pytest.mark.parametrize("page", [ROOT / "README.md", *PAGES], ids=name_of)
def test_a_command_in_a_sentence_has_a_verb_and_options_that_exist(page: Path) -> None:
    targets = set(
        re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    )
    for line in inline_commands(page):
        first, *words = line.split(" #")[0].split()
        if first == "make":
            named = [word for word in words if re.fullmatch(r"[a-z-]+", word) and not word.startswith("-")]
            assert not named or named[0] in targets, line
        elif words[0].islower() and words[0].isalpha():
            text = parser_of(words[0])
            for option in re.findall(r"(?<=\s)--[a-z][\w-]*", line):
                assert re.search(rf"{option}\b", text), f"{line}: {option}"


def parser_of(verb: str) -> str:
    """Return the help of a verb, which must be one."""
    actions = parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr]
    assert verb in actions, f"no verb {verb}"  # type: ignore[operator]
    return actions[verb].format_help()  # type: ignore[index]


def test_a_wrong_command_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What this file is for: an option, a file and a target that do not exist."""
    here = checkout(tmp_path, real=False)
    monkeypatch.chdir(tmp_path)
    for line in ("osseofit run cases/femur_press_fit.toml --no-such", "osseofit run cases/no_such.toml"):
        here.run(line)
        with pytest.raises((SystemExit, AssertionError)):
            [understand(words, tmp_path, {}) for words in here.calls()]
    with pytest.raises(AssertionError):
        here.run("make no-such-target")


def test_make_calls_the_program(tmp_path: Path) -> None:
    """The dry checkout notes what a target of make does, variables included."""
    here: Checkout = checkout(tmp_path, real=False)
    here.run('make sweep CASE=cases/femur_press_fit.toml ARGS="--friction 0.3:0.9:7"')
    assert here.calls() == [["sweep", "cases/femur_press_fit.toml", "--friction", "0.3:0.9:7"]]
