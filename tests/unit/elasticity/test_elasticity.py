"""Stiffness and recovery against fields whose strain is known, on straight and on curved elements."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy.sparse.linalg import spsolve
from skfem import Basis, ElementTetP2, MeshTet1, MeshTet2

from fea.elasticity.gradients import (
    EDGES,
    STRESS_DEGREE,
    element_gradients,
    straight_elements,
    strain_matrices,
)
from fea.elasticity.recovery import StrainRecovery
from fea.elasticity.rigid import (
    rigid_fields,
)
from fea.elasticity.stiffness import PAIRS, element_blocks, element_stiffness, stiffness_matrix
from fea.elasticity.wrench import end_face_loads, triangle_shapes
from fea.mesh.parts import Part
from materials.elasticity import Orthotropic
from materials.rotation import rotate_stiffness
from tests.bodies.structured import FloatArray, at, brick, everywhere, graded, isotropic, on_radius, tube
from tests.bodies.two_bodies import held_body, plane

SIZE = (3.0, 2.0, 4.0)
RULES = {"low": at(2, 0.0), "high": at(2, SIZE[2])}


def straight() -> Part:
    return brick("bone", (0, 0, 0), SIZE, (2, 2, 3), RULES)


def curved() -> Part:
    """The same brick, the middle of every edge moved by up to 4 % of its length, each its own way.

    A smooth map would not do: its neighbours' errors of quadrature cancel.
    """
    plain = straight()
    middles = np.unique(plain.tets[:, 4:])
    points = plain.points.copy()
    points[middles] += np.random.default_rng(5).uniform(-0.04, 0.04, (len(middles), 3))
    return Part("bone", points, plain.tets, plain.facets)


def bone_stiffness() -> FloatArray:
    """Full orthotropy, no two constants alike, in axes rotated about all three global ones."""
    material = Orthotropic(12e3, 13.5e3, 20e3, 0.38, 0.22, 0.23, 4.5e3, 5.6e3, 6.2e3)
    angle = np.array([0.3, -0.7, 1.1])
    rotation = np.eye(3)
    for axis, (i, j) in enumerate(((1, 2), (2, 0), (0, 1))):
        turn = np.eye(3)
        turn[i, i] = turn[j, j] = np.cos(angle[axis])
        turn[j, i], turn[i, j] = np.sin(angle[axis]), -np.sin(angle[axis])
        rotation = turn @ rotation
    return np.asarray(rotate_stiffness(material.stiffness(), rotation[None])[0])


def linear_field(points: FloatArray, gradient: FloatArray) -> FloatArray:
    return (points @ gradient.T).ravel()


def bent_alone(count: int, bulge: float) -> Part:
    """Tetrahedra apart from one another, the middle of every edge moved at random, none turned inside out."""
    corners = np.vstack([np.zeros(3), np.eye(3)])
    middles = np.array([(corners[a] + corners[b]) / 2 for a, b in EDGES])
    moved = np.random.default_rng(1).uniform(-bulge, bulge, (count, 6, 3))
    points = np.concatenate([np.broadcast_to(corners, (count, 4, 3)), middles + moved], axis=1)
    part = Part("bone", points.reshape(-1, 3), np.arange(10 * count).reshape(-1, 10), {})
    sound = (element_gradients(part, 6).volume > 0).all(axis=1)
    return Part("bone", part.points, part.tets[sound], {})


def test_no_element_has_a_negative_stiffness_however_it_is_curved() -> None:
    """An element's energy is a sum of squares if no weight of the rule is negative: to round-off."""
    part = bent_alone(2000, 0.1)
    assert len(part.tets) > 100
    stiffness = element_stiffness(part, everywhere(part, isotropic(17e3, 0.3)))
    values = np.linalg.eigvalsh(stiffness)
    assert (values[:, 0] > -1e-12 * values[:, -1]).all()


def voigt(gradient: FloatArray) -> FloatArray:
    """Strain of u = gradient x, written out component by component: XX YY ZZ XY YZ XZ."""
    g = gradient
    return np.array([g[0, 0], g[1, 1], g[2, 2], g[0, 1] + g[1, 0], g[1, 2] + g[2, 1], g[0, 2] + g[2, 0]])


GRADIENT = np.array([[1.0, 2.0, -0.5], [0.3, -2.0, 4.0], [3.0, -1.5, 0.7]]) * 1e-3


@pytest.mark.parametrize("shape", [straight, curved])
@pytest.mark.parametrize(("row", "column"), tuple(product(range(3), range(3))))
def test_reproduces_each_component_of_a_linear_displacement_field(shape, row: int, column: int) -> None:
    """u_i = x_j has one strain component; isoparametric elements hold it exactly: round-off, 1e-12."""
    part = shape()
    gradient = np.zeros((3, 3))
    gradient[row, column] = 1.0
    strain = StrainRecovery(part).at_nodes(linear_field(part.points, gradient)[:, None])[0]
    assert np.abs(strain - voigt(gradient)).max() < 1e-12


@pytest.mark.parametrize("shape", [straight, curved])
def test_constant_strain_patch_with_orthotropy_in_rotated_axes(shape) -> None:
    """The patch test: u = A x on the boundary gives u = A x inside.

    Gate of the project's verification cases: 1e-10, on curved elements too, where a rule of
    four points leaves 9e-6. The reference is the field itself.
    """
    part = shape()
    stiffness = stiffness_matrix(part, everywhere(part, bone_stiffness()))
    exact = linear_field(part.points, GRADIENT)
    skin = np.unique(np.concatenate([rows.ravel() for rows in part.facets.values()]))
    fixed = (3 * skin[:, None] + np.arange(3)).ravel()
    free = np.setdiff1d(np.arange(len(exact)), fixed)
    assert len(free) > 30
    inner = spsolve(stiffness[free][:, free].tocsc(), -stiffness[free][:, fixed] @ exact[fixed])
    assert np.abs(inner - exact[free]).max() < 1e-10 * np.abs(exact).max()


@pytest.mark.parametrize("shape", [straight, curved])
def test_energy_of_constant_strain_is_volume_times_its_density(shape) -> None:
    """W = 1/2 e : D : e V with D in the order XX YY ZZ XY YZ XZ.

    The volume comes from the divergence theorem on the curved facets, not from the elements.
    Round-off of a sum of some hundred terms: 1e-12.
    """
    part, material = shape(), bone_stiffness()
    displacement = linear_field(part.points, GRADIENT)
    energy = displacement @ (stiffness_matrix(part, everywhere(part, material)) @ displacement)
    _, weights, values, slopes = triangle_shapes(6)
    volume = 0.0
    for rows in part.facets.values():
        corners = part.points[rows]
        places = np.einsum("qa,kad->kqd", values, corners)
        u, v = (np.einsum("qa,kad->kqd", slopes[:, :, axis], corners) for axis in range(2))
        volume += float(np.einsum("q,kqd,kqd->", weights, places, np.cross(u, v))) / 3.0
    assert energy == pytest.approx(voigt(GRADIENT) @ material @ voigt(GRADIENT) * volume, rel=1e-12)


@pytest.mark.parametrize("component", range(6))
def test_each_stress_component_pulls_on_the_faces_that_it_belongs_to(component: int) -> None:
    """The sum of the nodal forces on a face with normal n is sigma n times its area.

    Cauchy's formula, with sigma = D e written out as a matrix: fails when D and the strain
    rows disagree on the order of shears. Round-off, 1e-12.
    """
    part, material = straight(), bone_stiffness()
    strain = np.zeros(6)
    strain[component] = 1e-3
    xx, yy, zz, xy, yz, xz = strain
    gradient = np.array([[xx, xy / 2, xz / 2], [xy / 2, yy, yz / 2], [xz / 2, yz / 2, zz]])
    forces = stiffness_matrix(part, everywhere(part, material)) @ linear_field(part.points, gradient)
    s = material @ strain
    sigma = np.array([[s[0], s[3], s[5]], [s[3], s[1], s[4]], [s[5], s[4], s[2]]])
    # Moments of the nodal forces round any face give the stress: volume times sigma, by Gauss.
    virial = np.einsum("ni,nj->ij", forces.reshape(-1, 3), part.points)
    assert virial == pytest.approx(sigma * np.prod(SIZE), rel=1e-11, abs=1e-11 * np.abs(sigma).max())


@pytest.mark.parametrize("shape", [straight, curved])
def test_rigid_motions_strain_nothing_and_need_no_force(shape) -> None:
    """U = t + omega x r, infinitesimal. Round-off: strain 1e-12 of u / length, force 1e-12 of |K| |u|."""
    part = shape()
    fields = rigid_fields(part.points)
    assert np.abs(StrainRecovery(part).at_nodes(fields)).max() < 1e-12
    stiffness = stiffness_matrix(part, everywhere(part, bone_stiffness()))
    assert np.abs(stiffness @ fields).max() < 1e-12 * (abs(stiffness) @ np.abs(fields)).max()


def test_nothing_but_rigid_motions_is_free_of_energy() -> None:
    """A stiffness matrix of elasticity has rank 3 n - 6: the seventh eigenvalue is far from zero."""
    part = brick("bone", (0, 0, 0), (1, 1, 1), (1, 1, 1), {})
    values = np.linalg.eigvalsh(stiffness_matrix(part, everywhere(part, isotropic(1.0, 0.3))).toarray())
    assert np.abs(values[:6]).max() < 1e-13
    assert values[6] > 1e-3


def element_forces(part: Part, degree: int | None) -> FloatArray:
    """Nodal forces of a linear displacement, element by element, shape (m, 10, 3)."""
    nodes = np.sort(part.tets, axis=1)
    displacement = linear_field(part.points, GRADIENT).reshape(-1, 3)[nodes]
    forces = np.zeros_like(displacement)
    blocks = element_blocks(part, everywhere(part, bone_stiffness()), degree)
    for block, first, second in zip(np.moveaxis(blocks, 1, 0), *PAIRS, strict=True):
        forces[:, first] += np.einsum("mij,mj->mi", block, displacement[:, second])
        if first != second:
            forces[:, second] += np.einsum("mij,mi->mj", block, displacement[:, first])
    return forces


def test_quadrature_of_the_stiffness_holds_on_curved_elements() -> None:
    """Degree 3 integrates a constant stress times the curved element's gradients exactly.

    The nodal forces of a constant stress, sigma : grad N, are polynomials of degree 3 in the
    reference element. Compared with degree 8; round-off, 1e-12.
    """
    part = curved()
    low, high, default = (element_forces(part, degree) for degree in (3, 8, None))
    assert np.abs(low - high).max() < 1e-12 * np.abs(high).max()
    assert np.array_equal(default, low)


def test_four_points_are_exact_on_straight_elements() -> None:
    """Products of linear gradients are quadratic: the degree-2 rule against degree 8, round-off 1e-12.

    An element counts as straight only to round-off: with one middle moved by 1e-9 of its edge, it does not.
    """
    part = straight()
    material = everywhere(part, bone_stiffness())
    low, high = element_blocks(part, material), element_blocks(part, material, 8)
    assert straight_elements(part).all()
    assert np.abs(low - high).max() < 1e-12 * np.abs(high).max()
    points = part.points.copy()
    points[part.tets[0, 7]] += 1e-9
    bent = ~straight_elements(Part("bone", points, part.tets, part.facets))
    assert np.array_equal(bent, (part.tets == part.tets[0, 7]).any(axis=1))


def test_each_element_has_its_own_elasticity() -> None:
    """Materials that differ from element to element, against B^T D B at degree 3: round-off, 1e-12.

    The sum over the elements that the reference takes is a dense one.
    """
    part = curved()
    scale = np.random.default_rng(3).uniform(0.1, 2.0, len(part.tets))
    material = scale[:, None, None] * bone_stiffness()
    gradients = element_gradients(part, 3)
    strain = strain_matrices(gradients.values)
    elements = np.einsum("mq,mqsi,mst,mqtj->mij", gradients.volume, strain, material, strain, optimize=True)
    expected = np.zeros((3 * len(part.points),) * 2)
    for tet, element in zip(part.tets, elements, strict=True):
        unknown = (3 * tet[:, None] + np.arange(3)).ravel()
        expected[np.ix_(unknown, unknown)] += element
    found = stiffness_matrix(part, material)
    assert found.has_canonical_format
    assert np.abs(found.toarray() - expected).max() < 1e-12 * np.abs(expected).max()


def test_gradients_are_those_of_scikit_fem() -> None:
    """The isoparametric mapping of scikit-fem on the curved elements, one by one: round-off, 1e-12."""
    part = curved()
    found = element_gradients(part, 4)
    for number in (0, len(part.tets) - 1):
        tet = part.tets[number]
        plain = MeshTet2.from_mesh(MeshTet1(part.points[tet[:4]].T.copy(), np.arange(4)[:, None]))
        places = plain.doflocs.copy()
        places[:, plain.dofs.element_dofs[:, 0]] = part.points[tet].T
        basis = Basis(MeshTet2(places, plain.t), ElementTetP2(), intorder=4)
        expected = np.stack([function[0].grad[:, 0].T for function in basis.basis], axis=1)
        assert found.values[number] == pytest.approx(expected, abs=1e-12 * np.abs(expected).max())
        assert found.volume[number] == pytest.approx(basis.dx[0], rel=1e-12)


def test_bar_under_axial_traction_lengthens_by_f_l_over_e_a() -> None:
    """u_z(L) = F L / (E A), u_x = -nu F x / (E A): linear, so exact to round-off, 1e-10 after a solve."""
    part, modulus, poisson, force = straight(), 17000.0, 0.3, 100.0
    fixed = np.r_[plane(part, 2, 0.0, (2,)), plane(part, 0, 0.0, (0,)), plane(part, 1, 0.0, (1,))]
    body = held_body(part, isotropic(modulus, poisson), fixed)
    centre = np.array([SIZE[0] / 2, SIZE[1] / 2, SIZE[2]])
    load = end_face_loads(part.points, part.facets["high"], centre)[:, 2] * force
    displacement = np.zeros(3 * len(part.points))
    displacement[body.free] = spsolve(body.stiffness[body.free][:, body.free].tocsc(), load[body.free])
    strain = force / (modulus * SIZE[0] * SIZE[1])
    exact = part.points * np.array([-poisson, -poisson, 1.0]) * strain
    assert np.abs(displacement.reshape(-1, 3) - exact).max() < 1e-10 * np.abs(exact).max()


def test_orthotropic_bar_strains_as_its_compliance_says() -> None:
    """E = S sigma for uniaxial stress along z in rotated axes, S the inverse of D: round-off, 1e-10.

    Only determinate pins hold the bar, so that the shears which orthotropy adds are free.
    """
    part, material, force = straight(), bone_stiffness(), 100.0
    body = held_body(part, material, np.zeros(0, dtype=np.int64))
    centre = np.array([SIZE[0] / 2, SIZE[1] / 2, 0.0])
    low, high = (end_face_loads(part.points, part.facets[name], centre)[:, 2] for name in ("low", "high"))
    load = force * (high - low)
    displacement = np.zeros(3 * len(part.points))
    displacement[body.free] = spsolve(body.stiffness[body.free][:, body.free].tocsc(), load[body.free])
    strain = StrainRecovery(part).at_nodes(displacement[:, None])[0]
    exact = np.linalg.solve(material, np.array([0, 0, force / (SIZE[0] * SIZE[1]), 0, 0, 0]))
    assert np.abs(strain - exact).max() < 1e-10 * np.abs(exact).max()


@pytest.mark.parametrize("seed", range(3))
def test_recovery_reproduces_linear_stress_of_a_quadratic_displacement_field(seed: int) -> None:
    """U quadratic in x has linear strain: extrapolation and averages keep it, to round-off, 1e-11.

    On straight elements a quadratic field is in the element's space, so that no interpolation
    error enters; the estimate of the local error is then zero as well.
    """
    part = straight()
    rng = np.random.default_rng(seed)
    second = rng.normal(size=(3, 3, 3))
    second = second + second.swapaxes(1, 2)
    displacement = 0.5 * np.einsum("ijk,nj,nk->ni", second, part.points, part.points)
    gradient = np.einsum("ijk,nk->nij", second, part.points)
    exact = np.stack([voigt(one) for one in gradient])
    recovery = StrainRecovery(part)
    found = recovery.at_nodes(displacement.reshape(-1, 1))[0]
    assert np.abs(found - exact).max() < 1e-11 * np.abs(exact).max()
    material = everywhere(part, isotropic(1.0, 0.3))
    assert recovery.scatter(displacement.ravel(), material).max() < 1e-11 * np.abs(exact).max()


def test_at_a_vertex_elements_count_by_their_volume() -> None:
    """Strain that jumps at x = 1, elements thrice as thick on one side: the mean by volume."""
    ticks = (np.array([0.0, 1.0, 4.0]), np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 2.0]))
    part = graded("bone", ticks, RULES)
    displacement = np.zeros_like(part.points)
    displacement[:, 0] = 1e-3 * np.maximum(part.points[:, 0] - 1.0, 0.0)
    found = StrainRecovery(part).at_nodes(displacement.reshape(-1, 1))[0, :, 0]
    corners = part.points[part.tets[:, :4]]
    volume = np.abs(np.linalg.det(corners[:, 1:] - corners[:, :1])) / 6
    own = np.where(corners[:, :, 0].mean(axis=1) > 1.0, 1e-3, 0.0)
    seam = [node for node in np.unique(part.tets[:, :4]) if abs(part.points[node, 0] - 1.0) < 1e-9]
    assert len(seam) == 9
    for node in seam:
        round_it = (part.tets[:, :4] == node).any(axis=1)
        assert found[node] == pytest.approx(np.average(own[round_it], weights=volume[round_it]), abs=1e-15)


def test_the_stress_error_is_that_of_a_field_the_recovery_cannot_hold() -> None:
    """Two halves of different modulus: their stress jumps, and the scatter says so at the seam only."""
    part = straight()
    displacement = linear_field(part.points, np.diag([0.0, 0.0, 1e-3]))
    material = np.array(everywhere(part, isotropic(1000.0, 0.0)))
    upper = part.points[part.tets[:, :4], 0].mean(axis=1) > SIZE[0] / 2
    kinked = displacement.reshape(-1, 3).copy()
    kinked[:, 0] = 1e-3 * np.maximum(part.points[:, 0] - SIZE[0] / 2, 0.0)
    scatter = StrainRecovery(part).scatter(kinked.ravel(), material)
    seam = np.abs(part.points[:, 0] - SIZE[0] / 2) < 1e-9
    assert upper.any()
    assert scatter[seam].min() > 0.1
    assert scatter.max() < 1.0
    assert StrainRecovery(part).scatter(displacement, material).max() < 1e-12


def test_strain_rows_are_in_the_order_that_fields_promise() -> None:
    """XX, YY, ZZ, XY, YZ, XZ with engineering shear, as `fea.solution.Fields` says."""
    gradients = element_gradients(straight(), STRESS_DEGREE).values[0, 0]
    rows = strain_matrices(gradients)
    for node in range(10):
        x, y, z = gradients[node]
        expected = [[x, 0, 0], [0, y, 0], [0, 0, z], [y, x, 0], [0, z, y], [z, 0, x]]
        assert np.array_equal(rows[:, 3 * node : 3 * node + 3], np.array(expected))


# -------------------------------------------------------------------------------------- end-face loads


@pytest.mark.parametrize("point", [(0.0, 0.0, 0.0), (1.0, -2.0, -90.0)])
def test_end_face_loads_have_the_resultants_of_their_wrenches(point: tuple[float, float, float]) -> None:
    """Force and moment about the reference point of each column are unit vectors: round-off, 1e-12."""
    ends = {"distal_end": at(2, -30.0), "flank": on_radius(8.0)}
    part = tube("stem", (3.0, 8.0), (-30.0, 0.0), (1, 8, 2), ends)
    loads = end_face_loads(part.points, part.facets["distal_end"], np.array(point))
    for column in range(6):
        nodal = loads[:, column].reshape(-1, 3)
        moment = np.cross(part.points - np.array(point), nodal).sum(axis=0)
        size = max(1.0, np.abs(point).max())
        assert np.abs(np.r_[nodal.sum(axis=0), moment] - np.eye(6)[column]).max() < 1e-12 * size
    elsewhere = np.setdiff1d(np.arange(len(part.points)), part.facets["distal_end"])
    assert not loads.reshape(-1, 3, 6)[elsewhere].any()


def test_an_axial_force_at_the_centre_spreads_evenly() -> None:
    """T = F / A everywhere: on straight facets quadratic nodes carry 0 (corners) and A t / 3 (middles)."""
    part = straight()
    centre = np.array([SIZE[0] / 2, SIZE[1] / 2, 0.0])
    nodal = end_face_loads(part.points, part.facets["low"], centre)[:, 2].reshape(-1, 3)[:, 2]
    corners = np.unique(part.facets["low"][:, :3])
    assert np.abs(nodal[corners]).max() < 1e-15
    assert nodal.sum() == pytest.approx(1.0, rel=1e-13)
    assert nodal.min() > -1e-15


# --------------------------------------------------------------------------------------- rigid motions


def test_whole_element_matrices_sum_to_the_assembled_one() -> None:
    """What the two levels are summed from, in each element's own order of nodes: round-off, 1e-12."""
    part = curved()
    material = everywhere(part, isotropic(17e3, 0.3))
    whole = np.zeros((3 * len(part.points),) * 2)
    for tet, element in zip(part.tets, element_stiffness(part, material), strict=True):
        unknowns = (3 * tet[:, None] + np.arange(3)).ravel()
        whole[np.ix_(unknowns, unknowns)] += element
    assembled = stiffness_matrix(part, material).toarray()
    assert whole == pytest.approx(assembled, abs=1e-12 * np.abs(assembled).max())
