"""From the tables of a case file to shapes, materials and fits in N, mm, MPa: the one place that converts."""

from __future__ import annotations

import math
from typing import Literal

from fea.case.abutment_tables import SCREW
from fea.case.anchor_tables import BAR
from fea.case.case import Bands, MeshSizes
from fea.case.core_tables import shell_size
from fea.case.lattice_table import LatticeTable
from fea.case.material_tables import (
    DensityTable,
    InlineTable,
    IsotropicTable,
    OrthotropicTable,
    TransverselyIsotropicTable,
)
from fea.case.schema import (
    EDGE_PER_INTERFACE,
    FAR_PER_INTERFACE,
    INTERFACE_PER_DIAMETER,
    FitTable,
    MeshTable,
    SplineFitTable,
)
from fea.case.screw_tables import LagScrewFitTable
from fea.case.shape_tables import BoneTable, ReamingTable, StemTable, widths
from geometry.axis import relative_bow
from geometry.bone import Bone, Station
from geometry.fit import ZoneFit
from geometry.layer import LayerPlaces
from geometry.pose import PLANNED, Pose
from geometry.posed import posed
from geometry.reaming import Reaming
from geometry.scanned.bone import Scanned
from geometry.sectioned_bone import bone_of_stations
from geometry.station import Triangle
from geometry.stem import Collar, Stem
from geometry.zones import COLLAR, LAG_SCREW, SPLINES, THREAD, UNCOATED
from materials.bone import isotropic_from_apparent_density
from materials.elasticity import Elasticity, Isotropic, Orthotropic, TransverselyIsotropic
from materials.lattice import Lattice, lattice_of
from materials.library import read_library
from materials.material import Kind, Material

#: mm per um.
MICROMETRE = 1e-3


def bone_of(bone: BoneTable, stem: StemTable, scanned: Scanned | None = None, pose: Pose = PLANNED) -> Bone:
    """Return the bone in the stem's straight frame; the bow's chord ends where the implant does.

    Parameters
    ----------
    bone : BoneTable
    stem : StemTable
    scanned : Scanned, optional
        What was read from the bone's surface file.
    pose : Pose
        In which the implant stands in the bone.

    Raises
    ------
    GeometryError
        Where the shape cannot be.
    """
    return posed(_stated_bone(bone, stem, scanned), pose)


def _stated_bone(bone: BoneTable, stem: StemTable, scanned: Scanned | None) -> Bone:
    """Return the bone about an implant that stands as planned."""
    core = None if bone.core is None else bone.core.shape()
    if scanned is not None:
        return scanned.bone(bone.length_mm, core)
    if bone.jaw is not None:
        return Bone(bone.length_mm, (), core=core, outline=bone.jaw.shape(bone.length_mm))
    stations = []
    for table in bone.station:
        outer, canal = widths(table, "outer"), widths(table, "canal")
        assert None not in outer, "stations are checked before they are converted"
        front, left, canal_front, canal_left = ((width or 0.0) / 2 for width in (*outer, *canal))
        shell = table.cortical_thickness_mm
        if shell is None and bone.core is not None:
            shell = bone.core.cortical_thickness_mm
        triangle = None
        if table.outer_triangularity:
            triangle = Triangle(table.outer_triangularity, math.radians(table.outer_apex_deg or 0.0))
        stations.append(
            Station(
                table.level_mm, front, left, canal_front, canal_left, shell, triangle, table.cortical_wall_mm
            )
        )
    bow = relative_bow(bone.bow_radius_mm, stem.bow_radius_mm)
    chord = None if bow is None else min(stem.length_mm, bone.length_mm)
    if core is not None:
        return Bone(bone.length_mm, tuple(stations), bow, bone.axis_offset_anterior_mm, chord, core)
    return bone_of_stations(bone.length_mm, tuple(stations), bow, bone.axis_offset_anterior_mm, chord)


def reaming_of(reaming: ReamingTable | None) -> Reaming | None:
    """Return the reamer's pass in the stem's straight frame, or None.

    Raises
    ------
    GeometryError
        Where the shape cannot be.
    """
    if reaming is None:
        return None
    path: Literal["straight", "bow"] = "bow" if reaming.way == "bow" else "straight"
    return Reaming(reaming.diameter, reaming.depth_mm, reaming.end_radius_mm, path, reaming.passes)


def stem_of(stem: StemTable) -> Stem:
    """Return the stem.

    Raises
    ------
    GeometryError
        Where the shape cannot be.
    """
    collar = None
    if table := stem.collar:
        collar = Collar(table.diameter_mm, table.thickness_mm, table.gap_um * MICROMETRE)
    return Stem(
        diameter=stem.diameter_mm,
        length=stem.length_mm,
        protrusion=stem.protrusion_mm,
        tip_diameter=stem.tip_diameter_mm,
        tip_radius=stem.tip_radius_mm,
        bore_diameter=stem.bore_diameter_mm,
        collar=collar,
        coatings=tuple(zone.shape() for zone in stem.coatings.values()),
        bow_radius=stem.bow_radius_mm,
        flutes=stem.flutes.shape() if stem.flutes else None,
        splines=stem.splines.shape() if stem.splines else None,
        slot=stem.slot.shape() if stem.slot else None,
        thread=stem.thread.shape() if stem.thread else None,
        abutment=stem.abutment.shape() if stem.abutment else None,
        anchor=stem.anchor.shape() if stem.anchor else None,
        lag_screw=stem.lag_screw.shape() if stem.lag_screw else None,
    )


def preloads_of(stem: StemTable) -> dict[str, float]:
    """Return the preloads that the implant holds, N, by name."""
    held = {SCREW: stem.abutment.screw.preload_N} if stem.abutment else {}
    return held | ({BAR: stem.anchor.preload_N} if stem.anchor else {})


def fit_of(fit: FitTable, stem: StemTable) -> dict[str, ZoneFit]:
    """Return the fit of each zone that the stem has."""
    zones = {}
    for zone in stem.flank:
        table = fit.zones.get(zone)
        interference = table.diametral_interference_um if table else fit.diametral_interference_um or 0.0
        friction = table.coefficient if table else fit.friction
        assert friction is not None, "fits are checked before they are converted"
        zones[zone] = ZoneFit(interference * MICROMETRE / 2, friction)
    if stem.collar:
        # An anchor has no flank whose friction could stand in.
        other = fit.friction if stem.anchor else zones[UNCOATED].friction
        friction = fit.collar.friction if fit.collar else other
        assert friction is not None, "fits are checked before they are converted"
        zones[COLLAR] = ZoneFit(0.0, friction)
    if stem.splines:
        ribs = fit.splines or SplineFitTable()
        friction = zones[UNCOATED].friction if ribs.friction is None else ribs.friction
        zones[SPLINES] = ZoneFit(ribs.interference_um * MICROMETRE, friction)
    if stem.thread:
        assert fit.thread is not None, "fits are checked before they are converted"
        zones[THREAD] = ZoneFit(fit.thread.interference_um * MICROMETRE, fit.thread.friction)
    if stem.lag_screw:
        screw = fit.lag_screw or LagScrewFitTable()
        friction = zones[UNCOATED].friction if screw.friction is None else screw.friction
        zones[LAG_SCREW] = ZoneFit(screw.diametral_interference_um * MICROMETRE / 2, friction)
    return zones


def largest_interference(fit: FitTable, stem: StemTable) -> float:
    """Return the largest radial interference that the case asks for, mm, bands included."""
    stated = [zone.radial_interference for zone in fit_of(fit, stem).values()]
    ends = [bands.radial_interference[1] for bands in bands_of(fit, stem) if bands.radial_interference]
    return max(*stated, *ends, 0.0)


def bands_of(fit: FitTable, stem: StemTable) -> tuple[Bands, ...]:
    """Return the bands of every zone that has any."""
    found = []
    for zone in stem.flank:
        table = fit.zones.get(zone)
        if table and table.bands:
            band = table.diametral_interference_band_um
            radial = band and (band[0] * MICROMETRE / 2, band[1] * MICROMETRE / 2)
            found.append(Bands(zone, radial, table.friction_band))
    if fit.collar and fit.collar.friction_band:
        found.append(Bands(COLLAR, None, fit.collar.friction_band))
    if fit.thread and fit.thread.friction_band:
        found.append(Bands(THREAD, None, fit.thread.friction_band))
    return tuple(found)


def mesh_sizes_of(mesh: MeshTable, stem: StemTable, bone: BoneTable) -> MeshSizes:
    """Return the element sizes, defaults filled in from the stem's diameter and the bone's shell."""
    interface = mesh.interface_size_mm or stem.diameter_mm * INTERFACE_PER_DIAMETER
    far = mesh.far_size_mm or interface * FAR_PER_INTERFACE
    return MeshSizes(
        interface=interface,
        far=far,
        edge=mesh.edge_size_mm or interface * EDGE_PER_INTERFACE,
        companion=mesh.companion,
        shell=shell_size(bone, mesh, far),
    )


def material_of(choice: str | InlineTable, body: str) -> Material:
    """Return the material of a body, from the library or from constants inline.

    Parameters
    ----------
    choice : str or Table
    body : str
        ``"bone"``, ``"core"`` (of the bone), ``"stem"``, ``"coating"``, ``"solid"`` (of a lattice) or
        ``"abutment"``.

    Raises
    ------
    MaterialError
        Where there is no such material, or its constants are not positive definite.
    """
    if isinstance(choice, str):
        return read_library().material(choice)
    kind: Kind = "bone" if body in ("bone", "core") else "metal"
    return Material.inline(f"{body} of the case", _elasticity(choice), kind)


def lattice_material_of(lattice: LatticeTable, stem: Stem, zone: str) -> Lattice:
    """Return the lattice of a layer.

    Parameters
    ----------
    lattice : LatticeTable
        Sound.
    stem : Stem
    zone : str
        Name of the coating.

    Raises
    ------
    MaterialError
        Where there is no such solid, or it is not isotropic.
    """
    grading = lattice.grading
    assert grading is not None, "lattices are checked before they are converted"
    solid = material_of(lattice.solid, "solid")
    return lattice_of(
        f"lattice of {solid.name}",
        solid,
        lattice.law_of,
        grading,
        LayerPlaces.of(stem, zone),
        lattice.poisson_ratio,
        lattice.solid_yield_strength_MPa,
    )


def _elasticity(table: InlineTable) -> Elasticity:
    if isinstance(table, IsotropicTable):
        return Isotropic(table.youngs_modulus_MPa, table.poisson_ratio)
    if isinstance(table, TransverselyIsotropicTable):
        return TransverselyIsotropic(
            E_transverse=table.youngs_modulus_transverse_MPa,
            E_axial=table.youngs_modulus_axial_MPa,
            nu_transverse=table.poisson_ratio_transverse,
            nu_axial_transverse=table.poisson_ratio_axial_transverse,
            G_axial_transverse=table.shear_modulus_axial_transverse_MPa,
        )
    if isinstance(table, OrthotropicTable):
        return Orthotropic(
            E1=table.youngs_modulus_radial_MPa,
            E2=table.youngs_modulus_circumferential_MPa,
            E3=table.youngs_modulus_axial_MPa,
            nu12=table.poisson_ratio_radial_circumferential,
            nu13=table.poisson_ratio_radial_axial,
            nu23=table.poisson_ratio_circumferential_axial,
            G12=table.shear_modulus_radial_circumferential_MPa,
            G13=table.shear_modulus_radial_axial_MPa,
            G23=table.shear_modulus_circumferential_axial_MPa,
        )
    assert isinstance(table, DensityTable)
    library = read_library()
    law = library.density_law(table.density_law)
    density = table.apparent_density_g_cm3
    return isotropic_from_apparent_density(density, law, table.poisson_ratio, library.density_chain)
