"""Rotation of stiffness against frames whose effect is known in closed form (round-off only)."""

import numpy as np
import pytest

from materials import Isotropic, MaterialError, Orthotropic, TransverselyIsotropic, rotate_stiffness
from materials.rotation import strain_to_material_axes

ASHMAN = Orthotropic(12000.0, 13400.0, 20000.0, 0.376, 0.222, 0.235, 4530.0, 5610.0, 6230.0)
CORTICAL = TransverselyIsotropic(11500.0, 17000.0, 0.58, 0.46, 3300.0)
PAIRS = ((0, 0), (1, 1), (2, 2), (0, 1), (1, 2), (0, 2))


def turn(axis, angle):
    """Return the rotation by an angle (rad) about axis 0, 1 or 2."""
    first, second = [(1, 2), (2, 0), (0, 1)][axis]
    matrix = np.eye(3)
    matrix[first, first] = matrix[second, second] = np.cos(angle)
    matrix[second, first], matrix[first, second] = np.sin(angle), -np.sin(angle)
    return matrix


def some_frames(count):
    """Return frames of every orientation, from a fixed seed."""
    generator = np.random.default_rng(7)
    return np.linalg.qr(generator.normal(size=(count, 3, 3)))[0]


def test_material_axes_along_the_global_ones_change_nothing():
    """C_global = C."""
    rotated = rotate_stiffness(ASHMAN.stiffness(), np.eye(3)[None])
    np.testing.assert_allclose(rotated[0], ASHMAN.stiffness(), rtol=1e-14)


def test_a_quarter_turn_about_the_bone_swaps_the_transverse_axes():
    """Global x is then material axis 2: E_1 and E_2 swap, nu_12 becomes nu_21, and so on."""
    swapped = Orthotropic(
        *(13400.0, 12000.0, 20000.0), *(0.376 * 13400 / 12000, 0.235, 0.222), *(4530.0, 6230.0, 5610.0)
    )
    rotated = rotate_stiffness(ASHMAN.stiffness(), turn(2, np.pi / 2)[None])
    np.testing.assert_allclose(rotated[0], swapped.stiffness(), rtol=1e-12, atol=1e-9)


def test_the_third_column_is_the_bone_axis():
    """With axis 3 along global x, a stress along x meets the axial modulus."""
    frame = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    flexibility = np.linalg.inv(rotate_stiffness(CORTICAL.stiffness(), frame[None])[0])
    moduli = 1 / np.diag(flexibility)[:3]
    np.testing.assert_allclose(moduli, [17000, 11500, 11500], rtol=1e-12)


def test_isotropic_stiffness_has_no_direction():
    """Every frame, right- or left-handed, leaves it as it was."""
    stiffness = Isotropic(112000.0, 0.32).stiffness()
    rotated = rotate_stiffness(stiffness, some_frames(20))
    np.testing.assert_allclose(rotated, np.broadcast_to(stiffness, (20, 6, 6)), rtol=1e-12, atol=1e-9)


def test_transversely_isotropic_stiffness_has_no_direction_about_its_axis():
    """Turning about axis 3 changes nothing; this needs G_12 = E_1 / (2 (1 + nu_12))."""
    frames = np.array([turn(2, angle) for angle in (0.1, 1.0, 2.5)])
    rotated = rotate_stiffness(CORTICAL.stiffness(), frames)
    np.testing.assert_allclose(rotated, [CORTICAL.stiffness()] * 3, rtol=1e-12, atol=1e-9)


def test_uniaxial_strain_seen_at_45_degrees_is_half_and_sheared_by_one():
    """strain_xx = 1 in axes turned by 45 degrees: 1/2, 1/2 and ENGINEERING shear -1, not -1/2."""
    strain = strain_to_material_axes(turn(2, np.pi / 4)[None])[0] @ np.array([1.0, 0, 0, 0, 0, 0])
    np.testing.assert_allclose(strain, [0.5, 0.5, 0, -1, 0, 0], atol=1e-15)


def test_the_strain_map_is_the_tensors():
    """A applied to the six components equals Q^T strain Q, shear components doubled."""
    generator = np.random.default_rng(3)
    frame = some_frames(1)
    tensor = generator.normal(size=(3, 3))
    tensor = tensor + tensor.T
    count = np.array([1, 1, 1, 2, 2, 2])
    vector = count * np.array([tensor[pair] for pair in PAIRS])
    local = frame[0].T @ tensor @ frame[0]
    expected = count * np.array([local[pair] for pair in PAIRS])
    np.testing.assert_allclose(strain_to_material_axes(frame)[0] @ vector, expected, atol=1e-13)


def test_rotation_equals_that_of_the_fourth_order_tensor():
    """C_ijkl = Q_ia Q_jb Q_kc Q_ld C_abcd, the definition."""
    frame = some_frames(1)
    index = np.zeros((3, 3), dtype=int)
    for number, (i, j) in enumerate(PAIRS):
        index[i, j] = index[j, i] = number
    tensor = ASHMAN.stiffness()[index[:, :, None, None], index[None, None]]
    turned = np.einsum("ia,jb,kc,ld,abcd->ijkl", *[frame[0]] * 4, tensor)
    expected = np.array([[turned[(*row, *column)] for column in PAIRS] for row in PAIRS])
    np.testing.assert_allclose(
        rotate_stiffness(ASHMAN.stiffness(), frame)[0], expected, rtol=1e-12, atol=1e-8
    )


def test_turning_back_gives_the_first_stiffness_again():
    """One stiffness a point: rotate by Q, then by Q^T."""
    frames = some_frames(5)
    there = rotate_stiffness(ASHMAN.stiffness(), frames)
    back = rotate_stiffness(there, np.swapaxes(frames, 1, 2))
    np.testing.assert_allclose(back, [ASHMAN.stiffness()] * 5, rtol=1e-12, atol=1e-8)


def test_a_frame_that_is_not_orthonormal_is_refused_by_its_number():
    """The first wrong frame is named, a NaN one too."""
    frames = np.array([np.eye(3), np.diag([1.0, 1.0, 1.1])])
    with pytest.raises(MaterialError, match=r"Frame 1 is not orthonormal"):
        rotate_stiffness(ASHMAN.stiffness(), frames)
    with pytest.raises(MaterialError, match=r"Frame 0 is not orthonormal"):
        rotate_stiffness(ASHMAN.stiffness(), np.full((1, 3, 3), np.nan))


def test_frames_of_another_shape_are_refused():
    """A single frame needs its leading axis."""
    with pytest.raises(MaterialError, match=r"give \(n, 3, 3\)"):
        rotate_stiffness(ASHMAN.stiffness(), np.eye(3))
