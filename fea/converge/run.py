"""Solve a case on every mesh of a study; what is solved is not solved again."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from fea.cache import digest_of
from fea.case.case import Case
from fea.converge.request import Meshes
from fea.converge.solved import FORMAT, Solved, read_solved, solved_of, write_solved
from fea.errors import CaseError
from fea.progress import Clock, logger
from fea.solving import Tools, mesh_case, solve_case

#: Ratio of effective sizes of neighbours from which an order can be observed.
LEAST_RATIO = 1.1
#: Folder of the solved meshes inside a study's folder.
KEPT = "meshes"
#: Sources that no number of a solved mesh comes from.
_NOT_ASKED = ("post/render/", "post/templates/", "sweep/", "export/", "converge/", "cli.py", "doctor.py")


def solve_meshes(case: Case, meshes: Meshes, tools: Tools, folder: Path) -> tuple[Solved, ...]:
    """Solve what is not solved yet, the coarsest first.

    Parameters
    ----------
    case : Case
    meshes : Meshes
    tools : Tools
        Cache and clock.
    folder : Path
        The study's folder; each mesh is written below it as soon as it is solved.

    Returns
    -------
    tuple of Solved
        The finest first.

    Raises
    ------
    CaseError
        Where the meshes are too alike for an order to be observed; nothing is solved then.
    MeshError, SolverError
        Each with one sentence; meshes that were solved are kept.
    """
    kept = folder / KEPT
    kept.mkdir(parents=True, exist_ok=True)
    for draft in kept.glob(".*.part"):
        draft.unlink(missing_ok=True)
    with tools.clock.phase("meshes", f"{meshes.count}, each {meshes.ratio:g} times coarser than the last"):
        _require_apart(meshes, [mesh_case(case, tools, factor).element_size for factor in meshes.factors])
    paths = [kept / f"{solved_digest(case, factor)[:24]}.json" for factor in meshes.factors]
    found: list[Solved] = []
    for factor, path in reversed(list(zip(meshes.factors, paths, strict=True))):
        solved = read_solved(path)
        if solved is None:
            clock = Clock()
            name = f"{factor:.4g} times the case's sizes:"
            study = solve_case(case, Tools(tools.cache, clock), factor, alone=name)
            solved = solved_of(study, factor, {_plain(key): spent for key, spent in clock.times.items()})
            write_solved(solved, path)
        else:
            logger.info("%.4g times the case's sizes: solved already", factor)
        found.append(solved)
    return tuple(reversed(found))


def solved_digest(case: Case, factor: float) -> str:
    """Return the digest of all that a solved mesh hangs on: criteria, title, output and companion are not."""
    sizes = case.mesh.scaled(1.0)
    return digest_of(
        FORMAT, program_digest(), case.bone, case.reaming, case.stem,
        case.bone_material.mechanics, case.stem_material.elasticity,
        None if case.core_material is None else case.core_material.mechanics,
        {zone: material.mechanics for zone, material in case.layer_materials.items()},
        dict(case.fit), case.supports, case.activity, case.reference_point, sizes, case.steps,
        round(factor, 9), dict(case.preloads), case.fail_safe,
    )  # fmt: skip


@lru_cache(maxsize=1)
def program_digest() -> str:
    """Return the digest of the sources that a solved mesh's numbers come from."""
    root = Path(__file__).parents[2]
    files = sorted(file for room in ("geometry", "materials", "fea") for file in (root / room).rglob("*.py"))
    inside = [file for file in files if not str(file.relative_to(root)).startswith(_excluded())]
    return digest_of(*(file.read_bytes() for file in inside))


def _excluded() -> tuple[str, ...]:
    return tuple(f"fea/{name}" for name in _NOT_ASKED)


def _plain(phase: str) -> str:
    """Return a phase's own name, without the mesh in front of it."""
    return phase.rsplit(": ", 1)[-1]


def _require_apart(meshes: Meshes, sizes: list[float]) -> None:
    if all(coarse >= LEAST_RATIO * fine for fine, coarse in pairwise(sizes)):
        return
    asked = ", ".join(f"{factor:.3g}" for factor in meshes.factors)
    got = ", ".join(f"{size:.3g}" for size in sizes)
    raise CaseError(
        f"--finest {meshes.finest:g} --ratio {meshes.ratio:g}: the meshes of {asked} times the case's sizes"
        f" have effective sizes of {got} mm, and neighbours must differ by {LEAST_RATIO:g} times; the shape"
        " keeps the coarser ones fine, so take a smaller --finest or a larger --ratio"
    )
