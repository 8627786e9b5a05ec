"""From the words of the command line to a question."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from fea.errors import CaseError
from fea.loads.sentences import sentence
from fea.sweep.design import ERRORS_OF_CASE, ERRORS_OF_SAMPLE, Question
from fea.sweep.parameters import PARAMETERS, Axis, parse_axis
from fea.sweep.study_file import read_study

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def question_of(stated: Mapping[str, str | None], study: Path | None = None) -> Question:
    """Return the question that options ask.

    Parameters
    ----------
    stated : mapping of str to str or None
        Axes by the names of `PARAMETERS`, and ``zone``, ``errors`` and ``name``.
    study : Path, or None
        A study file, which then states axes and zone alone.

    Returns
    -------
    Question

    Raises
    ------
    CaseError
        Every mistake, one sentence each.
    """
    source = "command line"
    problems = []
    given = {key: value for key, value in stated.items() if value is not None}
    name, errors = given.pop("name", ""), given.pop("errors", None)
    if name and not _NAME.fullmatch(name):
        message = "a name has letters, digits, points, hyphens and underscores only"
        problems.append(sentence(source, "--name", message, name))
    if errors not in (None, ERRORS_OF_CASE, ERRORS_OF_SAMPLE):
        message = f"write {ERRORS_OF_CASE} or {ERRORS_OF_SAMPLE}"
        problems.append(sentence(source, "--errors", message, errors))
    if study is not None:
        for key in given:
            option = PARAMETERS[key].option if key in PARAMETERS else f"--{key}"
            problems.append(
                sentence(source, option, f"the study file {study} states this; give one of the two")
            )
        if problems:
            raise CaseError(problems)
        question = read_study(study)
        return replace(question, name=name or question.name, errors=errors or question.errors)
    zone = given.pop("zone", None)
    axes = []
    for key, text in given.items():
        axis = parse_axis(key, text)
        if isinstance(axis, Axis):
            axes.append(axis)
        else:
            problems.append(sentence(source, PARAMETERS[key].option, axis, text))
    if problems:
        raise CaseError(problems)
    return Question(source, tuple(axes), name, zone=zone, errors=errors or ERRORS_OF_CASE, folders=(Path(),))
