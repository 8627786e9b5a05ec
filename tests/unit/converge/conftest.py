"""A study of closed forms: v = exact + c h^p, noise, a change that grows, and a rim that has no limit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from fea.case.case import Case
from fea.case.reader import read_case
from fea.converge.request import Meshes
from fea.converge.results import ConvergenceStudy, Traced, judge_convergence
from fea.converge.solved import Solved
from fea.post.quantity import CYCLE, EXACT, PRESS_FIT, Quantity
from fea.solution import Loss

ROOT = Path(__file__).parents[3]
SIZES = (1.0, 1.3, 1.69)
LOSS = Loss(1, 12.0, "turning about the axis", (0.0,) * 6)


@pytest.fixture(scope="session")
def case() -> Case:
    return read_case(ROOT / "cases" / "femur_press_fit.toml")


def courses(size: float) -> Mapping[str, tuple[float, str]]:
    """Values and units of one mesh by its element size."""
    noise = {1.0: 0.0, 1.3: 2.0, 1.69: 1.0}.get(size, 0.5)
    return {
        "micromotion_p95_um": (38.0 + 1.0 * size**1.5, "um"),
        "micromotion_area_below_40um_percent": (90.0 + noise, "%"),
        "micromotion_area_above_150um_percent": (0.0, "%"),
        "insertion_hoop_stress_MPa": (40.0 + 8.0 / size, "MPa"),
        "bone_tension_strain_percent": (0.2 + 0.01 * size**2, "%"),
        "bone_compression_strain_percent": (0.3 + 0.01 * size**6, "%"),
        "stem_von_mises_MPa": (100.0 - 4.0 * size**0.2, "MPa"),
        "least_wall_mm": (6.0, "mm"),
        "migration_p95_um": (3.0 + 0.2 * size, "um"),
        "micromotion_mean_um": (3.0 + 0.2 * size, "um"),
    }


def quantity(name: str, value: float, unit: str) -> Quantity:
    # The hoop stress peaks beside what is left out round the coating limit: level 100 mm, reach 3.1 mm.
    place = (8.0, 0.0, 96.5) if name == "insertion_hoop_stress_MPa" else None
    origin = {"error": 0.0, "error_origin": EXACT} if name == "least_wall_mm" else {}
    local = {"migration_p95_um": 0.5, "micromotion_mean_um": 0.22}.get(name)
    title, when = name.replace("_", " "), CYCLE if "micromotion" in name else PRESS_FIT
    return Quantity(name, title, value, unit, "somewhere", when, place=place, local_error=local, **origin)  # type: ignore[arg-type]


def solved(size: float, loss: Loss | None = None) -> Solved:
    found = tuple(quantity(name, *told) for name, told in courses(size).items())
    if loss is not None:
        found = tuple(item for item in found if item.when == PRESS_FIT)
    rim = replace(quantity("insertion_hoop_stress_at_rims_MPa", 60.0 / size, "MPa"), zone="collar edge")
    return Solved(
        size, size, round(1e5 / size**3), round(2e4 / size**3), 500, found, (rim,), loss,
        {"mesh": 1.0, "model": 2.0}, 1.5,
    )  # fmt: skip


MakeStudy = Callable[..., ConvergenceStudy]


@pytest.fixture(scope="session")
def make_study(case: Case) -> MakeStudy:
    def make(*solved_meshes: Solved) -> ConvergenceStudy:
        return judge_convergence(case, Meshes(len(solved_meshes), 1.3), solved_meshes)

    return make


@pytest.fixture(scope="session")
def study(make_study: MakeStudy) -> ConvergenceStudy:
    return make_study(*(solved(size) for size in SIZES))


@pytest.fixture(scope="session")
def traced(study: ConvergenceStudy) -> dict[str, Traced]:
    return {item.quantity.name: item for item in study.every}
