"""Results of CalculiX are read as it wrote them.

``tests/data/calculix/two_tetrahedra.inp`` presses two tetrahedra 0.01 mm into each other, then
pulls at a node; the other files are what CalculiX 2.20 made of it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fea.errors import CaseError
from fea.export.calculix_results import read_frd, read_sta

SAMPLE = Path(__file__).parents[2] / "data" / "calculix" / "two_tetrahedra"


def test_every_field_of_every_step_is_read() -> None:
    fields = read_frd(SAMPLE.with_suffix(".frd"))
    assert [field.name for field in fields] == ["DISP", "STRESS", "CONTACT"] * 2
    assert [field.time for field in fields] == [1.0] * 3 + [2.0] * 3
    assert [field.values.shape for field in fields] == [(20, 3), (20, 6), (20, 6)] * 2
    for field in fields:
        assert np.array_equal(np.sort(field.nodes), np.arange(1, 21))


def test_the_numbers_obey_the_deck() -> None:
    """Held nodes do not move, and pressure is 10,000 MPa/mm times overlap; digits of the file."""
    moved, _, contact, *_ = read_frd(SAMPLE.with_suffix(".frd"))
    assert np.array_equal(moved.at(np.array([4, 14])), np.zeros((2, 3)))
    assert moved.at(np.array([1]))[0, 2] > 0.0
    pressed = contact.values[:, 3] > 0.0
    assert pressed.sum() == 6
    assert contact.values[pressed, 3] == pytest.approx(-1e4 * contact.values[pressed, 0], rel=1e-5)


def test_a_node_without_a_value_is_zero() -> None:
    moved = read_frd(SAMPLE.with_suffix(".frd"), ("DISP",))[0]
    assert np.array_equal(moved.at(np.array([99])), np.zeros((1, 3)))


def test_iterations_are_read() -> None:
    found = read_sta(SAMPLE.with_suffix(".sta"))
    assert [(one.step, one.iterations, one.converged) for one in found] == [(1, 4, True), (2, 3, True)]


def test_an_attempt_that_was_given_up_is_not_taken_for_a_result(tmp_path: Path) -> None:
    path = tmp_path / "cut.sta"
    path.write_text(
        "     2          1    1U     9  0.100000E+01  0.000000E+00  0.100000E+01\n", encoding="ascii"
    )
    (one,) = read_sta(path)
    assert not one.converged


@pytest.mark.parametrize("end", [3000, 5100])
def test_a_file_that_ends_early_is_refused_by_name(end: int, tmp_path: Path) -> None:
    path = tmp_path / "short.frd"
    path.write_text(SAMPLE.with_suffix(".frd").read_text(encoding="ascii")[:end], encoding="ascii")
    with pytest.raises(CaseError, match=r"short\.frd: this is no complete"):
        read_frd(path)


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"none\.frd"):
        read_frd(tmp_path / "none.frd")
    with pytest.raises(CaseError, match=r"none\.sta"):
        read_sta(tmp_path / "none.sta")
