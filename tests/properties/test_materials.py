"""What must hold for every admissible elastic law, whatever its constants."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from materials import MaterialError, Orthotropic, rotate_stiffness

moduli = st.floats(10.0, 1e6)
# Compliance scaled to a unit diagonal has -r_ij beside it; nu_ij = r_ij sqrt(E_i / E_j).
couplings = st.tuples(*[st.floats(-0.99, 0.99)] * 3)
# Below one half, the scaled compliance is diagonally dominant and so positive definite.
weak_couplings = st.tuples(*[st.floats(-0.45, 0.45)] * 3)


def orthotropic(young, shear, coupling):
    """Return the set with given moduli and scaled couplings (12, 13, 23)."""
    ratios = [
        r * np.sqrt(young[i] / young[j]) for r, (i, j) in zip(coupling, ((0, 1), (0, 2), (1, 2)), strict=True)
    ]
    return Orthotropic(*young, *map(float, ratios), *shear)


@given(st.tuples(*[moduli] * 3), st.tuples(*[moduli] * 3), weak_couplings)
def test_an_admissible_law_stores_positive_energy_and_inverts(young, shear, coupling):
    """Stiffness is symmetric positive definite and S C = I, scaled, to round-off."""
    law = orthotropic(young, shear, coupling)
    stiffness = law.stiffness()
    scale = np.sqrt(np.diag(stiffness))
    assert np.array_equal(stiffness, stiffness.T)
    assert np.linalg.eigvalsh(stiffness / np.outer(scale, scale)).min() > 0
    identity = (law.compliance() @ stiffness) * (scale[:, None] / scale)
    np.testing.assert_allclose(identity, np.eye(6), atol=1e-11)


@given(st.tuples(*[moduli] * 3), couplings)
def test_a_law_is_refused_exactly_where_its_energy_can_be_negative(young, coupling):
    """The named minors agree with the least eigenvalue of the scaled compliance."""
    r12, r13, r23 = coupling
    least = np.linalg.eigvalsh([[1, -r12, -r13], [-r12, 1, -r23], [-r13, -r23, 1]])[0]
    # Nearer than this to singular, round-off decides.
    assume(abs(least) > 1e-9)
    try:
        orthotropic(young, (1.0, 1.0, 1.0), coupling)
    except MaterialError:
        assert least < 0
    else:
        assert least > 0


@given(st.tuples(*[moduli] * 3), weak_couplings, st.integers(0, 2**32 - 1))
def test_rotation_keeps_the_principal_stiffnesses(young, coupling, seed):
    """The eigenvalues of C, its shear rows and columns scaled by sqrt(2) (Kelvin), are invariants."""
    stiffness = orthotropic(young, (100.0, 200.0, 300.0), coupling).stiffness()
    frame = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))[0]
    rotated = rotate_stiffness(stiffness, frame[None])[0]
    kelvin = np.sqrt(np.outer([1, 1, 1, 2, 2, 2], [1, 1, 1, 2, 2, 2]))
    before, after = (
        np.linalg.eigvalsh(kelvin * matrix) for matrix in (stiffness, 0.5 * (rotated + rotated.T))
    )
    np.testing.assert_allclose(after, before, atol=1e-11 * before[-1])
