"""What the press-fit verifications share: solving a public case file, and reading pressures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
from numpy.typing import NDArray

from fea.cache import Cache
from fea.case.case import Case
from fea.case.reader import read_case
from fea.mesh.parts import Mesh
from fea.progress import Clock
from fea.solving import Tools, mesh_case, solve_case
from fea.study import Study

FloatArray = NDArray[np.float64]
CASES = Path(__file__).parents[2] / "cases" / "verification"


def case_of(name: str) -> Case:
    """A public case, without its companion: one mesh, the one that the tool recommends."""
    (path,) = CASES.glob(f"{name}_*.toml")
    case = read_case(path)
    return replace(case, mesh=replace(case.mesh, companion=False))


def solved(case: Case) -> Study:
    """Solve with nothing kept from before."""
    return solve_case(case, Tools(Cache(Path(mkdtemp(prefix="osseofit-verify-"))), Clock()))


def meshed(case: Case) -> Mesh:
    """Mesh with nothing kept from before."""
    return mesh_case(case, Tools(Cache(Path(mkdtemp(prefix="osseofit-verify-"))), Clock()))


@cache
def press_fit(name: str) -> Study:
    """A public case, solved once a session."""
    return solved(case_of(name))


@dataclass(frozen=True)
class Pressure:
    """Mean pressure in MPa, and the error of the pressure field against a uniform one."""

    mean: float
    rms: float
    largest: float


def pressure(study: Study, exact: float, ends: float) -> Pressure:
    """Area-weighted mean over all, and errors over the facets at least `ends` mm from both ends.

    The pressure field is linear on the facets: the square of its error is integrated exactly,
    area (sum of squares + square of the sum) / 12.
    """
    interface = study.interface
    found = study.walk.press_fit.traction[:, 0]
    error = (found / exact - 1.0)[interface.facets]
    corners = interface.points[interface.facets]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1) / 2
    level = corners[:, :, 2]
    away = (level.min(axis=1) >= ends - 1e-9) & (level.max(axis=1) <= study.case.bone.length - ends + 1e-9)
    squared = area * ((error**2).sum(axis=1) + error.sum(axis=1) ** 2) / 12
    return Pressure(
        float(found @ interface.area / interface.area.sum()),
        float(np.sqrt(squared[away].sum() / area[away].sum())),
        float(np.abs(error[away]).max()),
    )


def canal(study: Study) -> tuple[FloatArray, FloatArray]:
    """Radial displacement and hoop stress at the nodes of the bone's canal.

    A rigid motion in the plane is taken out of the displacement by least squares: nothing
    holds these bodies.
    """
    nodes = np.unique(study.mesh.bone.facets["canal"])
    x, y, _ = study.mesh.bone.points[nodes].T
    radius = np.hypot(x, y)
    c, s = x / radius, y / radius
    moved = study.bone.displacement[0][nodes][:, :2]
    one, none = np.ones_like(c), np.zeros_like(c)
    rows = np.stack([np.column_stack([c, s]), np.column_stack([one, none]), np.column_stack([none, one]),
                     np.column_stack([-y, x])], axis=-1)  # fmt: skip
    rigid, *_ = np.linalg.lstsq(rows.reshape(-1, 4), moved.ravel(), rcond=None)
    rest = moved - np.einsum("nij,j->ni", rows[:, :, 1:], rigid[1:])
    xx, yy, _, xy, _, _ = study.bone.stress[0][nodes].T
    return rest[:, 0] * c + rest[:, 1] * s, xx * s**2 + yy * c**2 - 2 * xy * s * c


def nodal_mean(study: Study, values: FloatArray) -> float:
    """Mean over the canal's area: on quadratic facets the middles carry a third each."""
    nodes = np.unique(study.mesh.bone.facets["canal"])
    facets = study.mesh.bone.facets["canal"]
    corners = study.mesh.bone.points[facets[:, :3]]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    by_node = np.zeros(len(study.mesh.bone.points))
    by_node[nodes] = values
    return float(area @ by_node[facets[:, 3:]].mean(axis=1) / area.sum())


def unknowns(study: Study) -> int:
    """Of both bodies."""
    return 3 * (len(study.mesh.stem.points) + len(study.mesh.bone.points))
