"""VTK files of a study: the bodies, the interface, and the activity as time series.

``bone.vtu``, ``stem.vtu`` and ``interface.vtu`` hold the press-fit, the instant that is worst for
the bone, and the envelopes over the cycle. ``activity.pvd`` plays the interface at every instant of the
judged cycle, ``activity_bodies.pvd`` both bodies at some; their timestep is percent of the
activity. With loss of fixation the series ends where equilibrium did, and every file of it
carries the field data ``fixation_lost_at_percent``. Field data are numbers, so that any
reader opens the files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np
import pyvista as pv
from numpy.typing import NDArray

from fea.ct.density import ImagedMaterial
from fea.mesh.parts import Mesh, Part
from fea.model.graded import imaged_density, imaged_modulus
from fea.post.body_parts import CORE_MATERIAL, MATERIAL, cell_materials, field_part
from fea.post.body_quantities import worst_instant
from fea.post.lattices import density_by_element
from fea.post.micromotion import judged_states
from fea.post.series import shown_states
from fea.post.vtk_arrays import (
    PRESS_FIT,
    Arrays,
    body_arrays,
    body_series_arrays,
    interface_arrays,
    interface_constants,
    interface_cycle_arrays,
    quadratic_surface,
)
from fea.solution import Interface
from fea.study import Study

IntArray = NDArray[np.int64]

#: Folder of the time series' files, below the results of a case.
SERIES_FOLDER = "activity"


def write_vtk(study: Study, folder: Path) -> tuple[Path, ...]:
    """Write every VTK file of a study.

    Parameters
    ----------
    study : Study
    folder : Path
        Made where it does not exist; files of an earlier run are replaced.

    Returns
    -------
    tuple of Path
        The files to open: bodies, interface, time series.
    """
    (folder / SERIES_FOLDER).mkdir(parents=True, exist_ok=True)
    for old in (*(folder / SERIES_FOLDER).glob("*.vtu"), *folder.glob("activity*.pvd")):
        old.unlink()
    # One instant for all files, or bodies that are opened together would show different ones.
    worst = worst_instant(study, "bone") if judged_states(study.walk) else 0
    found = [_write_body(study, body, worst, folder) for body in MATERIAL]
    found.append(_write_interface(study, worst, folder))
    if shown_states(study.walk):
        found.append(_write_interface_series(study, folder))
    if judged_states(study.walk):
        found.append(_write_body_series(study, worst, folder))
    return tuple(found)


def write_mesh(mesh: Mesh, folder: Path, names: tuple[str, str] = ("stem", "bone")) -> tuple[Path, ...]:
    """Write the bodies' meshes alone.

    Parameters
    ----------
    mesh : Mesh
    folder : Path
        An existing folder.
    names
        What the bodies are called.

    Returns
    -------
    tuple of Path
        ``mesh_stem.vtu`` and ``mesh_bone.vtu``, with the cell data ``material``.
    """
    found = []
    for name, part in zip(names, (mesh.stem, mesh.bone), strict=True):
        grid = _grid(part.points, part.tets, pv.CellType.QUADRATIC_TETRA)
        grid.cell_data["material"] = cell_materials(part)
        found.append(_save(grid, folder / f"mesh_{name}.vtu"))
    return tuple(found)


def write_body(part: Part, arrays: Arrays, path: Path) -> Path:
    """Write one body with arrays at its nodes, each of shape (n,) or (n, c)."""
    grid = _grid(part.points, part.tets, pv.CellType.QUADRATIC_TETRA)
    _fill(grid, arrays, {})
    return _save(grid, path)


def write_contact(interface: Interface, arrays: Arrays, path: Path) -> Path:
    """Write the contact surface with arrays at its vertices, each of shape (n,) or (n, c)."""
    points, triangles, spread = quadratic_surface(interface)
    grid = _grid(points, triangles, pv.CellType.QUADRATIC_TRIANGLE)
    _fill(grid, {name: spread(array) for name, array in arrays.items()}, {})
    return _save(grid, path)


def write_series(path: Path, entries: Iterable[tuple[float, str, Path]]) -> Path:
    """Write the index of a time series; entries are percent of the activity, name of the part, file."""
    return _write_pvd(path, [(percent, 0, name, file) for percent, name, file in entries])


def body_instants(count: int, wanted: int, worst: int) -> tuple[int, ...]:
    """Choose the instants at which whole bodies are written.

    Parameters
    ----------
    count
        Number of instants of the cycle.
    wanted
        How many to choose, at most.
    worst
        The instant, from 0, that must be among them.

    Returns
    -------
    tuple of int
        Evenly spaced, but for the worst instant, which takes its neighbour's place.
    """
    wanted = min(wanted, count)
    if wanted <= 0:
        return ()
    chosen = np.round(np.arange(wanted) * count / wanted).astype(int)
    chosen[np.argmin(np.abs(chosen - worst))] = worst
    return tuple(int(instant) for instant in chosen)


def _write_body(study: Study, body: str, worst: int, folder: Path) -> Path:
    part = field_part(study, body)
    grid = _grid(part.points, part.tets, pv.CellType.QUADRATIC_TETRA)
    _fill(grid, body_arrays(study, body, worst), _notes(study, body, worst))
    grid.cell_data["material"] = cell_materials(part)
    density = density_by_element(part, study.case) if body == "stem" else None
    if density is not None:
        grid.cell_data["relative_density"] = density
    if body == "bone" and isinstance(study.case.bone_material, ImagedMaterial):
        grid.cell_data["density_app_g_cm3"] = imaged_density(part, study.case.bone_material)
        grid.cell_data["youngs_modulus_MPa"] = imaged_modulus(part, study.case.bone_material)
    return _save(grid, folder / f"{body}.vtu")


def _write_interface(study: Study, worst: int, folder: Path) -> Path:
    points, triangles, spread = quadratic_surface(study.interface)
    press_fit = study.walk.press_fit
    arrays = interface_constants(study) | interface_cycle_arrays(study)
    if worst > 0:
        arrays |= interface_arrays(study, study.walk.judged[worst - 1])
        seated = interface_arrays(study, press_fit)
        arrays |= {f"{name}{PRESS_FIT}": array for name, array in seated.items()}
    else:
        arrays |= interface_arrays(study, press_fit)
    grid = _grid(points, triangles, pv.CellType.QUADRATIC_TRIANGLE)
    _fill(grid, {name: spread(array) for name, array in arrays.items()}, _notes(study, "", worst))
    return _save(grid, folder / "interface.vtu")


def _write_interface_series(study: Study, folder: Path) -> Path:
    states = shown_states(study.walk)
    points, triangles, spread = quadratic_surface(study.interface)
    start = states[0].jump[:, 1:]
    entries = []
    for row, state in enumerate(states):
        arrays = interface_arrays(study, state)
        if study.walk.loss is None:
            distance = np.linalg.norm(state.jump[:, 1:] - start, axis=1)
            arrays["micromotion_from_start_um"] = 1000 * distance
        grid = _grid(points.astype(np.float32), triangles, pv.CellType.QUADRATIC_TRIANGLE)
        _fill(grid, {name: _single(spread(array)) for name, array in arrays.items()}, _lost(study))
        path = _save(grid, folder / SERIES_FOLDER / f"interface_{row:04d}.vtu")
        entries.append((float(study.walk.percent[row]), 0, "interface", path))
    return _write_pvd(folder / "activity.pvd", entries)


def _write_body_series(study: Study, worst: int, folder: Path) -> Path:
    entries = []
    count = len(study.walk.judged)
    bodies = (
        ("bone", field_part(study, "bone"), study.bone),
        ("stem", field_part(study, "stem"), study.stem),
    )
    for row in body_instants(count, study.case.output.body_instants, max(worst - 1, 0)):
        for part_number, (body, part, fields) in enumerate(bodies):
            grid = _grid(part.points.astype(np.float32), part.tets, pv.CellType.QUADRATIC_TETRA)
            _fill(grid, body_series_arrays(fields, row + 1), {})
            grid.cell_data["material"] = cell_materials(part)
            path = _save(grid, folder / SERIES_FOLDER / f"{body}_{row:04d}.vtu")
            entries.append((float(study.walk.percent[row]), part_number, body, path))
    return _write_pvd(folder / "activity_bodies.pvd", entries)


def _grid(points: NDArray[Any], cells: IntArray, kind: pv.CellType) -> pv.UnstructuredGrid:
    return pv.UnstructuredGrid({kind: cells}, points)


def _fill(grid: pv.UnstructuredGrid, arrays: Arrays, notes: Mapping[str, float]) -> None:
    for name, array in arrays.items():
        grid.point_data[name] = array
    for name, value in notes.items():
        grid.field_data[name] = np.array([value])


def _single(array: NDArray[np.generic]) -> NDArray[np.generic]:
    return array.astype(np.float32) if np.issubdtype(array.dtype, np.floating) else array


def _save(grid: pv.UnstructuredGrid, path: Path) -> Path:
    grid.save(path, compression="zlib")
    return path


def _notes(study: Study, body: str, worst: int) -> dict[str, float]:
    """Field data: the instant of the plain names, the material, the zones, and a loss of fixation."""
    found = _lost(study)
    if not body:
        for code, zone in enumerate(study.interface.zones):
            found[f"zone_{code}_is_{zone}"] = float(code)
    if worst > 0:
        found["worst_instant_percent"] = float(study.walk.percent[worst - 1])
    if body:
        case = study.case
        material = case.bone_material if body == "bone" else case.stem_material
        found[f"material_{MATERIAL[body]}_is_{material.name.replace(' ', '_')}"] = float(MATERIAL[body])
    if body == "bone" and case.core_material is not None:
        found[f"material_{CORE_MATERIAL}_is_{case.core_material.name.replace(' ', '_')}"] = float(
            CORE_MATERIAL
        )
    if body == "stem":
        for number, name in enumerate(study.mesh.stem.regions, start=max(MATERIAL.values()) + 1):
            layer = study.case.layer_materials[name].name.replace(" ", "_")
            found[f"material_{number}_is_{layer}"] = float(number)
    return found


def _lost(study: Study) -> dict[str, float]:
    return {} if study.walk.loss is None else {"fixation_lost_at_percent": study.walk.loss.percent}


def _write_pvd(path: Path, entries: Iterable[tuple[float, int, str, Path]]) -> Path:
    """Write the index of a time series; entries are percent, part number, part name, file."""
    lines = ['<?xml version="1.0"?>', '<VTKFile type="Collection" version="0.1">', "  <Collection>"]
    for percent, number, name, file in entries:
        relative = file.relative_to(path.parent).as_posix()
        lines.append(
            f'    <DataSet timestep="{percent:.10g}" part="{number}" name={quoteattr(name)} '
            f"file={quoteattr(relative)}/>"
        )
    lines += ["  </Collection>", "</VTKFile>", ""]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
