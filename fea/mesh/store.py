"""Meshes on disk: kept by the digest of everything that determined them."""

from __future__ import annotations

import hashlib
import os
from dataclasses import asdict, astuple
from importlib.metadata import version
from pathlib import Path

import numpy as np

from fea.mesh.naming import frozen_part
from fea.mesh.parts import Mesh, Part, Quality
from fea.mesh.sizes import MeshSizes
from geometry.axis import Axis
from geometry.bone import Bone
from geometry.reaming import Reaming
from geometry.stem import Stem

#: Raised with every change of this room that changes meshes.
FORMAT = 3


def digest_of(
    bone: Bone, reaming: Reaming | None, stem: Stem, sizes: MeshSizes, *, conforming: bool = True
) -> str:
    """Digest of everything that determines a mesh.

    Parameters
    ----------
    bone : Bone
    reaming : Reaming or None
    stem : Stem
    sizes : MeshSizes
    conforming
        As given to `build_mesh`.

    Returns
    -------
    str
        Hexadecimal.
    """
    shapes = [asdict(bone), None if reaming is None else asdict(reaming), stem.stated(), asdict(sizes)]
    if stem.collar is not None:
        shapes[2]["collar"].pop("gap")  # type: ignore[index]  # a datum of the fit
    if stem.abutment is not None:
        shapes[2]["abutment"]["screw"].pop("core_diameter")  # type: ignore[index]  # no shape of a solid
    if stem.anchor is not None:
        shapes[2]["anchor"].pop("washer_stiffness")  # type: ignore[index]  # likewise
    if bone.turned:
        shapes.append({"turned": True})
    said = repr((FORMAT, version("gmsh"), shapes, conforming))
    return hashlib.sha256(said.encode()).hexdigest()


def save_mesh(mesh: Mesh, path: Path) -> None:
    """Write a mesh, whole or not at all.

    Parameters
    ----------
    mesh : Mesh
    path : Path
        Of the ``.npz`` file.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    arrays = {"quality": np.array([*astuple(mesh.quality)[:3], *mesh.quality.worst_place])}
    for part in (mesh.stem, mesh.bone):
        arrays |= {f"{part.name}/points": part.points, f"{part.name}/tets": part.tets}
        arrays |= {f"{part.name}/facets/{name}": rows for name, rows in part.facets.items()}
        arrays |= {f"{part.name}/regions/{name}": rows for name, rows in part.regions.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            np.savez(
                file,
                allow_pickle=False,
                digest=np.array(mesh.digest),
                zones=np.array(mesh.zones),
                bow=_told(mesh.axis),
                **arrays,
            )
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def load_mesh(path: Path, digest: str | None = None) -> Mesh | None:
    """Read a mesh.

    Parameters
    ----------
    path : Path
    digest
        What the mesh must have been made of; anything where None.

    Returns
    -------
    Mesh or None
        None where there is no such file, it is damaged, or it is another mesh.
    """
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        mesh = _mesh(arrays)
    except Exception:  # a damaged archive raises whatever its reader stumbles over
        return None
    return mesh if digest in (None, mesh.digest) else None


def _mesh(arrays: dict[str, np.ndarray]) -> Mesh:
    values = arrays["quality"].tolist()
    quality = Quality(values[0], values[1], int(values[2]), (values[3], values[4], values[5]))
    stem, bone = (_part(name, arrays) for name in ("stem", "bone"))
    zones = tuple(str(zone) for zone in arrays["zones"])
    if not set(zones) <= stem.facets.keys():
        raise ValueError("zones without facets")
    return Mesh(stem, bone, quality, str(arrays["digest"]), zones, _axis(arrays["bow"]))


def _told(axis: Axis) -> np.ndarray:
    return np.array([] if axis.bow_radius is None else [axis.bow_radius])


def _axis(told: np.ndarray) -> Axis:
    return Axis(*told.tolist())


def _part(name: str, arrays: dict[str, np.ndarray]) -> Part:
    facets, regions = (
        {key.removeprefix(prefix): rows for key, rows in arrays.items() if key.startswith(prefix)}
        for prefix in (f"{name}/facets/", f"{name}/regions/")
    )
    points, tets = arrays[f"{name}/points"], arrays[f"{name}/tets"]
    if tets.size and int(tets.max()) >= len(points):
        raise ValueError("elements without points")
    return frozen_part(name, points, tets, facets, regions)
