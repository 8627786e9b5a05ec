"""The grid convergence index: published numbers, exact power laws, and what has no order."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fea.post.gci import LEAST_ORDER, observe

#: Two examples of Celik et al. 2008: sizes, values, order, extrapolated value, change and index in percent
#: of the finest value, digits as printed. The second (18000, 4500 and 980 cells in the plane) is quoted
#: second-hand; that its digits belong together is held by `as_published`.
PUBLISHED = [
    ((1.0, 1.5, 1.5 * 1.3333), (6.063, 5.972, 5.863), 1.53, 6.1685, 1.5, 2.2),
    ((1.0, 2.0, 2.0 * 2.143), (10.788, 10.725, 10.605), 0.75, 10.8801, 0.6, 1.1),
]


@pytest.mark.parametrize(("sizes", "values", "order", "extrapolated", "change", "index"), PUBLISHED)
def test_gives_the_published_numbers(
    sizes: tuple[float, float, float], values: tuple[float, float, float],
    order: float, extrapolated: float, change: float, index: float,
) -> None:  # fmt: skip
    """Within half a unit of the last printed digit."""
    found = observe(sizes, values)
    assert found.kind == "monotone"
    assert found.order == pytest.approx(order, abs=0.005)
    assert found.extrapolated == pytest.approx(extrapolated, abs=5e-4)
    assert found.change is not None
    assert 100 * found.change == pytest.approx(change, abs=0.05)
    assert 100 * found.bar / values[0] == pytest.approx(index, abs=0.05)


def as_published(sizes: tuple[float, ...], values: tuple[float, ...]) -> tuple[float, float, float, float]:
    """Order, extrapolated value, change and index in percent by the published steps, written out anew.

    p = |ln|e32/e21| + ln((r21^p - s) / (r32^p - s))| / ln r21, iterated from 1.
    """
    r21, r32 = sizes[1] / sizes[0], sizes[2] / sizes[1]
    e21, e32 = values[1] - values[0], values[2] - values[1]
    sign, order = math.copysign(1.0, e32 / e21), 1.0
    for _ in range(200):
        shift = math.log((r21**order - sign) / (r32**order - sign))
        order = abs(math.log(abs(e32 / e21)) + shift) / math.log(r21)
    grown = r21**order
    change = 100 * abs(e21 / values[0])
    return order, (grown * values[0] - values[1]) / (grown - 1), change, 1.25 * change / (grown - 1)


@pytest.mark.parametrize(("sizes", "values", "order", "extrapolated", "change", "index"), PUBLISHED)
def test_the_published_steps_give_the_printed_digits_and_ours(
    sizes: tuple[float, float, float], values: tuple[float, float, float],
    order: float, extrapolated: float, change: float, index: float,
) -> None:  # fmt: skip
    """The quoted numbers are consistent, and the root between bounds is that of the fixed-point iteration.

    p 0.751744, 10.880129, 0.58398 %, 1.06749 % for the second example.
    """
    steps = as_published(sizes, values)
    assert [round(steps[0], 2), round(steps[1], 4)] == [order, extrapolated]
    assert round(steps[2], 1) == change
    # Printed with the order rounded: 2.2 and 1.1 with either.
    assert round(steps[3], 1) == index
    found = observe(sizes, values)
    assert found.change is not None
    assert (
        found.order, found.extrapolated, 100 * found.change, 100 * found.bar / values[0]
    ) == pytest.approx(steps, rel=1e-9)  # fmt: skip


RATIO = st.floats(1.1, 3.0)


@given(
    fine=RATIO, coarse=RATIO, order=st.floats(0.55, 3.95), exact=st.floats(-10.0, 10.0),
    slope=st.floats(0.1, 1.0), sign=st.sampled_from([-1.0, 1.0]),
)  # fmt: skip
def test_recovers_an_exact_power_law(
    fine: float, coarse: float, order: float, exact: float, slope: float, sign: float
) -> None:
    """Of exact + c h^p, order and limit are found, and the bar is 1.25 of the error."""
    sizes = (1.0, fine, fine * coarse)
    values = tuple(exact + sign * slope * size**order for size in sizes)
    found = observe(sizes, values)  # type: ignore[arg-type]
    assert found.kind == "monotone"
    assert found.order == pytest.approx(order, abs=1e-6)
    assert found.extrapolated == pytest.approx(exact, abs=1e-6)
    assert found.bar == pytest.approx(1.25 * slope, rel=1e-5)


@given(fine=RATIO, coarse=RATIO, order=st.floats(0.55, 3.95), factor=st.floats(1e-6, 1e6))
def test_the_unit_of_size_and_value_changes_nothing(
    fine: float, coarse: float, order: float, factor: float
) -> None:
    sizes = (1.0, fine, fine * coarse)
    values = tuple(2.0 + size**order for size in sizes)
    found = observe(sizes, values)  # type: ignore[arg-type]
    scaled = observe(
        tuple(factor * size for size in sizes),  # type: ignore[arg-type]
        tuple(factor * value for value in values),  # type: ignore[arg-type]
    )
    assert scaled.order == pytest.approx(found.order, rel=1e-6)
    assert scaled.bar == pytest.approx(factor * found.bar, rel=1e-6)


EVEN = (1.0, 1.3, 1.69)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ((1.0, 1.1, 1.0), "oscillating"),
        ((1.0, 1.2, 1.25), "diverging"),
        ((1.0, 1.1, 1.2), "diverging"),
        ((1.0, 1.1, 1.1), "diverging"),
        ((1.0, 1.1, 1.1 + 0.1 * 1.3**0.3), "too slow"),
        ((1.0, 1.1, 1.1 + 0.1 * 1.3**5.0), "too fast"),
        ((1.0, 1.0, 1.5), "too fast"),
    ],
)
def test_what_has_no_trusted_order_has_no_extrapolated_value(
    values: tuple[float, float, float], kind: str
) -> None:
    found = observe(EVEN, values)
    assert found.kind == kind
    assert found.extrapolated is None
    assert not found.trusted
    # No bar is less than the spread of what was seen.
    assert found.bar >= max(values) - min(values)


def test_a_slow_or_diverging_change_has_the_bar_of_the_least_trusted_order() -> None:
    found = observe(EVEN, (1.0, 1.2, 1.25))
    assert found.bar == pytest.approx(1.25 * 0.2 / (1.3**LEAST_ORDER - 1.0))


def test_round_off_is_no_change() -> None:
    found = observe(EVEN, (5.0, 5.0 + 1e-12, 5.0 - 1e-12))
    assert found.kind == "within round-off"
    assert found.order is None
    assert found.extrapolated == 5.0
    assert found.bar < 1e-11
    assert observe(EVEN, (0.0, 0.0, 0.0)).kind == "within round-off"


@pytest.mark.parametrize("sizes", [(1.0, 1.0, 1.3), (1.69, 1.3, 1.0), (0.0, 1.0, 2.0)])
def test_sizes_that_do_not_rise_are_refused(sizes: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="must rise"):
        observe(sizes, (1.0, 1.1, 1.2))


def test_a_value_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="not finite"):
        observe(EVEN, (1.0, math.nan, 1.2))
