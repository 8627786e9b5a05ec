"""A coefficient of friction is a number that an interface can have."""

import pytest

from materials import Friction, MaterialError


@pytest.mark.parametrize("coefficient", [0.0, 0.5, 1.3])
def test_a_coefficient_that_is_not_negative_is_kept(coefficient):
    """Zero is frictionless; porous surfaces exceed one."""
    assert Friction(coefficient).coefficient == coefficient


@pytest.mark.parametrize("coefficient", [-0.1, float("nan"), float("inf")])
def test_a_coefficient_that_no_interface_has_is_refused(coefficient):
    """The value and what to give instead are named."""
    with pytest.raises(MaterialError, match=f"coefficient is {coefficient:g}; give 0 for a frictionless"):
        Friction(coefficient)
