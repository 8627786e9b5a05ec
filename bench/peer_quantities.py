"""What is compared: the same functions of displacements, pressures and stresses, whoever computed them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.spatial.distance import pdist

from fea.case.case import Case
from fea.contact.operators import Operators
from fea.contact.surface import facet_points
from fea.elasticity.stiffness import stiffness_matrix
from fea.export.seating import node_normals
from fea.mesh.parts import Mesh
from fea.model.build import element_materials
from fea.model.interface import describe
from geometry.zones import COLLAR, UNCOATED, porous

FloatArray = NDArray[np.float64]

#: Vertices nearer than this to the mouth of the canal count as at the mouth, mm.
MOUTH = 1.0
#: Distance from edges and rims within which stress is not compared, in interface element sizes.
AWAY = 2.0


@dataclass(frozen=True, eq=False)
class Solution:
    """What one code found; the press-fit first, then the instants.

    Attributes
    ----------
    stem, bone : ndarray, shape (k, n, 3), mm
        Nodal displacements.
    pressure : ndarray, shape (k, v), MPa
        At the interface vertices.
    stress : ndarray, shape (k, n, 6), MPa
        At the stem's nodes.
    places : ndarray, shape (n, 3), mm
        The stem's nodes where the code had them: a deck states the fit by moving them.
    """

    stem: FloatArray
    bone: FloatArray
    pressure: FloatArray
    stress: FloatArray
    places: FloatArray


class Row(NamedTuple):
    """One compared quantity: its value by either code, the difference in percent, the exact value."""

    name: str
    unit: str
    ours: float
    peer: float
    difference: float
    exact: float | None = None


def compare(
    case: Case, mesh: Mesh, operators: Operators, size: float, both: tuple[Solution, Solution]
) -> list[Row]:
    """Compare two solutions of one case.

    Parameters
    ----------
    case, mesh, operators
        What was solved.
    size
        Element size on the interface, mm.
    both
        Ours, then the peer's.
    """
    friction = {name: zone.friction for name, zone in case.fit.items()}
    interface = describe(mesh, operators, friction, AWAY * size)
    mine = interface.within(*(porous(interface.zones) or (UNCOATED,)))
    level = interface.points[:, 2]
    low, high = level[mine].min(), level[mine].max()
    middle = mine & ~interface.rim & (np.abs(level - 0.5 * (low + high)) <= 0.25 * (high - low))
    rows = []
    peak = _peak(both[0])
    for name, nodes, part in _probes(case, mesh) if len(both[0].stem) > 1 else ():
        moved = [getattr(s, part)[peak, nodes] for s in both]
        rows.append(_row(name, "um", *(1e3 * float(np.linalg.norm(u)) for u in moved), vectors=moved))
    if _exact(case)[1] is not None:
        rows.append(_radial(case, mesh, both))
    low, high = 0.25 * (3.0 * low + high), 0.25 * (low + 3.0 * high)
    forces = [_interface_forces(case, mesh, s, (low, high)) for s in both]
    name = "pressure of the press-fit, mid-zone, mean, from the balance of forces"
    rows.append(_row(name, "MPa", *(force.pressure for force in forces), exact=_exact(case)[0]))
    for words, reduce in (("mean", None), ("5th percentile", 5.0), ("95th percentile", 95.0)):
        values = [_pressure(s.pressure[0][middle], operators.area[middle], reduce) for s in both]
        rows.append(_row(f"the same as printed at the nodes, {words}", "MPa", *values, exact=_exact(case)[0]))
    name = "contact force of the press-fit, from the balance of forces"
    rows.append(_row(name, "N", *(force.normal for force in forces)))
    totals = [float(np.maximum(s.pressure[0], 0.0) @ operators.area) for s in both]
    rows.append(_row("the same from the pressure printed at the nodes", "N", *totals))
    if len(both[0].stem) > 1:
        rows.extend(_slips(operators, interface.points, mine, both))
    clear = _away_from_edges(mesh, AWAY * size)
    values = [float(np.percentile(_von_mises(s.stress[peak][clear]), 99)) for s in both]
    rows.append(_row("stem von Mises away from edges, 99th percentile", "MPa", *values))
    return rows


def _row(
    name: str,
    unit: str,
    ours: float,
    peer: float,
    *,
    vectors: list[FloatArray] | None = None,
    exact: float | None = None,
) -> Row:
    if vectors is not None:
        away = float(np.linalg.norm(vectors[1] - vectors[0]) / np.linalg.norm(vectors[0]))
    else:
        away = (peer - ours) / ours if ours else np.nan
    return Row(name, unit, ours, peer, 100.0 * away, exact)


def _peak(solution: Solution) -> int:
    """Return the instant at which the stem's distal end has moved farthest from the press-fit."""
    return int(np.linalg.norm(solution.stem - solution.stem[0], axis=2).max(axis=1).argmax())


def _probes(case: Case, mesh: Mesh) -> list[tuple[str, int, str]]:
    """Nodes by name: nearest to a place that anybody can find again."""
    stem, bone = mesh.stem, mesh.bone
    end = np.unique(stem.facets["distal_end"])
    outer, cut = np.unique(bone.facets["outer"]), np.unique(bone.facets["cut"])
    middle = np.array([1e3, 0.0, 0.5 * float(stem.points[:, 2].max())])
    anterior = outer[np.abs(bone.points[outer, 2] - middle[2]) < 3.0]
    return [
        ("stem, centre of the distal end", int(end[np.hypot(*stem.points[end, :2].T).argmin()]), "stem"),
        ("stem, tip", int(stem.points[:, 2].argmax()), "stem"),
        (
            "bone, anterior surface at mid-length of the stem",
            int(anterior[bone.points[anterior, 0].argmax()]),
            "bone",
        ),
        ("bone, anterior rim of the cut", int(cut[bone.points[cut, 0].argmax()]), "bone"),
    ]


class _Forces(NamedTuple):
    """Normal contact force in N, and its mean over a band in MPa."""

    normal: float
    pressure: float


def _interface_forces(case: Case, mesh: Mesh, solution: Solution, band: tuple[float, float]) -> _Forces:
    """Return what must act on the stem's contact nodes so that it has these displacements.

    The stem's stiffness times its displacements is balanced by the contact forces; their part
    along the normal is the pressure, whatever a code prints.
    """
    stem = replace(mesh.stem, points=solution.places)
    stiffness = stiffness_matrix(
        stem, element_materials(stem, case.stem_material, None, case.layer_materials)
    )
    forces = (stiffness @ solution.stem[0].ravel()).reshape(-1, 3)
    facets = np.concatenate([stem.facets[name] for name in mesh.zones if name != COLLAR])
    nodes, normals = node_normals(stem.points, facets)
    pressed = -np.einsum("nd,nd->n", forces[nodes], normals)
    points = facet_points(stem.points, facets)
    shares = np.zeros(len(stem.points))
    np.add.at(shares, facets[points.facet], points.shapes * points.area[:, None])
    level = stem.points[nodes, 2]
    inside = (level >= band[0]) & (level <= band[1])
    return _Forces(float(pressed.sum()), float(pressed[inside].sum() / shares[nodes[inside]].sum()))


def _pressure(values: FloatArray, area: FloatArray, percentile: float | None) -> float:
    if percentile is None:
        return float(values @ area / area.sum())
    order = np.argsort(values)
    share = (np.cumsum(area[order]) - 0.5 * area[order]) / area.sum()
    return float(np.interp(percentile / 100.0, share, values[order]))


def _slips(
    operators: Operators, points: FloatArray, mine: NDArray[np.bool_], both: tuple[Solution, Solution]
) -> list[Row]:
    """Compare the largest tangential way between any two instants of the cycle, vertex by vertex."""
    found = []
    for solution in both:
        jumps = np.stack(
            [
                (operators.stem @ stem.ravel() + operators.bone @ bone.ravel()).reshape(-1, 3)[:, 1:]
                for stem, bone in zip(solution.stem[1:], solution.bone[1:], strict=True)
            ],
            axis=1,
        )
        found.append(1e3 * np.array([pdist(vertex).max() for vertex in jumps]))
    mouth = points[:, 2] - points[mine, 2].min() < MOUTH
    area = operators.area
    return [
        _row(
            "micromotion in the cycle, mean over the zone",
            "um",
            *(float(slip[mine] @ area[mine] / area[mine].sum()) for slip in found),
        ),
        _row(
            "micromotion in the cycle, 95th percentile",
            "um",
            *(_pressure(slip[mine], area[mine], 95.0) for slip in found),
        ),
        _row(
            "micromotion in the cycle, mean at the mouth",
            "um",
            *(float(slip[mine & mouth].mean()) for slip in found),
        ),
        _row(
            "largest difference of micromotion at a vertex",
            "um",
            0.0,
            float(np.abs(found[1] - found[0])[mine].max()),
        ),
    ]


def _away_from_edges(mesh: Mesh, reach: float) -> NDArray[np.bool_]:
    """Vertices of the stem farther than `reach` from borders between its named surfaces."""
    stem = mesh.stem
    names = [np.unique(facets) for facets in stem.facets.values() if len(facets)]
    nodes, uses = np.unique(np.concatenate(names), return_counts=True)
    away = np.zeros(len(stem.points), dtype=bool)
    away[np.unique(stem.tets[:, :4])] = True
    if (uses > 1).any():
        distance, _ = cKDTree(stem.points[nodes[uses > 1]]).query(stem.points)
        away &= distance > reach
    return away


def _von_mises(stress: FloatArray) -> FloatArray:
    xx, yy, zz, xy, yz, xz = stress.T
    return np.sqrt(0.5 * ((xx - yy) ** 2 + (yy - zz) ** 2 + (zz - xx) ** 2) + 3.0 * (xy**2 + yz**2 + xz**2))


def _exact(case: Case) -> tuple[float | None, float | None]:
    """Pressure in MPa and displacement of the canal in mm where Lamé's solution in plane stress is exact.

    Stem and tube of one length, free ends, no friction: then nothing varies along the axis, and
    transverse isotropy about it leaves the plane's own modulus and Poisson ratio.
    """
    bone, stem, fit = case.bone, case.stem, case.fit["uncoated"]
    if case.activity is not None or fit.friction > 0.0 or not bone.is_plain or bone.length != stem.length:
        return None, None
    hub, shaft = (m.elasticity.orthotropic() for m in (case.bone_material, case.stem_material))
    a, b, bore = 0.5 * stem.diameter, bone.stations[0].outer_anterior, 0.5 * stem.bore_diameter
    give = ((b**2 + a**2) / (b**2 - a**2) + hub.nu12) / hub.E1
    yields = ((a**2 + bore**2) / (a**2 - bore**2) - shaft.nu12) / shaft.E1
    pressure = fit.radial_interference / (a * (give + yields))
    return pressure, pressure * a * give


def _radial(case: Case, mesh: Mesh, both: tuple[Solution, Solution]) -> Row:
    """Compare the mean radial displacement of the canal; a rigid motion has none."""
    nodes = np.unique(mesh.bone.facets["canal"])
    place = mesh.bone.points[nodes, :2]
    outward = place / np.linalg.norm(place, axis=1)[:, None]
    moved = [1e3 * float(np.einsum("nd,nd->n", s.bone[0, nodes, :2], outward).mean()) for s in both]
    exact = _exact(case)[1]
    return _row("radial displacement of the canal, mean", "um", *moved, exact=exact and 1e3 * exact)
