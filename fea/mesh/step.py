"""STEP files of the shapes, for CAD."""

from __future__ import annotations

import math
import os
from pathlib import Path

import gmsh

from fea.cad.session import session
from fea.cad.step import quiet, seated_solid
from fea.mesh.abutment import abutment_solid
from fea.mesh.grooves import loft_seam_of, spline_solids
from fea.mesh.pin_holes import pin_solids
from fea.mesh.screws import screw_solid
from fea.mesh.shapes import bone_solid, reamer_solids, stem_solid
from fea.mesh.sizes import interface_ends
from geometry.bone import Bone
from geometry.cad_seat import cad_seat
from geometry.cad_stem import CadStem
from geometry.canal import Canal
from geometry.engagement import engage
from geometry.reaming import Reaming
from geometry.scanned.whole import Whole
from geometry.screw_seat import hole
from geometry.sheet_stem import SheetStem
from geometry.stem import Stem


def why_no_step(bone: Bone, stem: Stem) -> str | None:
    """Say why stem and bone have no STEP files.

    Parameters
    ----------
    bone : Bone
    stem : Stem

    Returns
    -------
    str or None
        A clause; None where they have.
    """
    if stem.bow_radius is not None:
        return "a bowed stem is bent after its shapes are drawn, so that there is no solid to write"
    if isinstance(stem, SheetStem):
        return "a stem of triangles is no solid; its own file is the shape"
    if stem.thread is not None:
        return "a thread is cut into the mesh, so that there is no solid with it to write"
    if isinstance(bone.outline, Whole):
        return "a whole bone is a surface of triangles, no solid; its own file is the shape"
    return None


def export_step(bone: Bone, reaming: Reaming | None, stem: Stem, folder: Path) -> tuple[Path, Path]:
    """Write ``stem.step`` and ``bone.step``, in mm: the nominal stem, the reamed and drilled bone.

    Parameters
    ----------
    bone : Bone
    reaming : Reaming or None
    stem : Stem
    folder : Path
        Is made where it is missing.

    Returns
    -------
    stem, bone : Path

    Raises
    ------
    GeometryError
        When stem and canal do not go together.
    OSError
        When the folder cannot be written.
    """
    canal = Canal(bone, reaming)
    if isinstance(stem, CadStem):
        cad_seat(canal, stem)
    else:
        engage(canal, stem)
    folder.mkdir(parents=True, exist_ok=True)
    paths = folder / "stem.step", folder / "bone.step"
    with session():
        _draw(bone, stem)
        _write(paths[0])
    with session():
        body = bone_solid(canal, seam=-math.pi if isinstance(stem, CadStem) else loft_seam_of(stem))
        if stem.lag_screw is not None:
            gmsh.model.occ.cut([body], [screw_solid(hole(stem.lag_screw, canal, stem))])
        if stem.anchor is not None:
            gmsh.model.occ.cut([body], pin_solids(stem.anchor, bone))
        _write(paths[1])
    return paths


def export_reamer(bone: Bone, reaming: Reaming, folder: Path) -> Path:
    """Write ``reamer.step``, in mm: what all passes sweep from the cut on, one solid.

    Parameters
    ----------
    bone : Bone
        Whose bow the reamer may follow.
    reaming : Reaming
    folder : Path
        Is made where it is missing.

    Returns
    -------
    Path
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "reamer.step"
    with session():
        first, *wider = reamer_solids(Canal(bone, reaming), below=0.0)
        if wider:
            gmsh.model.occ.fuse([first], wider)
        _write(path)
    return path


def _draw(bone: Bone, stem: Stem) -> None:
    """Build the nominal stem, one from a file where it is seated."""
    if isinstance(stem, CadStem):
        seated_solid(stem.content, stem.file, stem.pose)
        return
    body = stem_solid(stem, stem.profile, list(interface_ends(bone, stem)))
    if stem.spline_bars is not None:
        (body,) = gmsh.model.occ.fuse([body], spline_solids(stem.spline_bars))[0]
    if stem.lag_screw is not None:
        gmsh.model.occ.fuse([body], [screw_solid(stem.lag_screw)])
    if stem.abutment is not None:
        gmsh.model.occ.fuse([body], [abutment_solid(stem, stem.profile)])


def _write(path: Path) -> None:
    """Write gmsh's current model under a temporary name, then rename it."""
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.step")
    gmsh.option.setString("Geometry.OCCTargetUnit", "MM")
    gmsh.model.occ.synchronize()
    try:
        with quiet():
            gmsh.write(str(temporary))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
