"""A solved case made of closed forms, for the tests of the post room: no solver, no mesher.

A stem of radius 8 mm (z from -4 to 140, with a collar of radius 11 below the cut) in a
tube of radii 8 and 14 mm (z from 0 to 160). Bone after press-fit: Lame's stresses under
`PRESSURE`; in the activity bending about y is added. Vertices slide along the axis by
``amplitude(z) cos(2 pi t)``; those of `never_touching` are open throughout.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fea.case.case import SKIN_PASSAGE, Activity, Bands, Case, MeshSizes, Output, Steps, Supports
from fea.case.criteria import Criterion
from fea.contact.surface import facet_points
from fea.loads.fail_safe import FailSafe
from fea.loads.history import History
from fea.mesh.parts import Mesh, Part
from fea.solution import Balance, Fields, Interface, Loss, State, Variant, Walk
from fea.status import Status
from fea.study import Record, Study
from geometry.bone import Bone, Station
from geometry.coating import Coating
from geometry.fit import ZoneFit
from geometry.reaming import Reaming
from geometry.scanned.bone import Scanned
from geometry.scanned.scan import fit_scan
from geometry.scanned.shaft import find_shaft
from geometry.stem import Collar, Stem
from geometry.wall import Wall
from materials.elasticity import Isotropic
from materials.entry import ASSUMPTION, Entry
from materials.material import Material
from materials.surfaces import surface_of
from tests.bodies.scans import joined, shell
from tests.unit.post.synthetic_mesh import (
    BONE_LENGTH,
    BONE_RADIUS,
    COATED_TO,
    COLLAR_RADIUS,
    STEM_LENGTH,
    STEM_RADIUS,
    synthetic_mesh,
)

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

PRESSURE = 6.0  # MPa, coated zone after press-fit
BENDING_STRESS = 20.0  # MPa at the bone's outer radius at the worst instant
MODULUS, POISSON = 17_000.0, 0.3
STEM_MODULUS = 110_000.0
AXIAL_LOAD = 600.0  # N, greatest of the cycle
COLLAR_PRESSURE = 1.0  # MPa at the instant of greatest axial load


def synthetic_interface(mesh: Mesh, interference: float = 0.005, friction: float = 0.5) -> Interface:
    """Return the stem's contact surface, its vertices split by zone; interference radial, mm."""
    points, frames, area, facets, middles, zones = [], [], [], [], [], []
    count = 0
    for code, name in enumerate(mesh.zones):
        part = mesh.stem.facets[name]
        used, corner = np.unique(part[:, :3], return_inverse=True)
        corner = corner.reshape(-1, 3)
        here = mesh.stem.points[used]
        at = facet_points(mesh.stem.points, part)
        out = here * (1, 1, 0) / np.hypot(here[:, 0], here[:, 1])[:, None]
        up = np.tile([0.0, 0.0, 1.0], (len(here), 1))
        frame = (up, out, np.cross(up, out)) if name == "collar" else (out, up, np.cross(up, out))
        points.append(here)
        frames.append(np.stack(frame))
        hats = (at.hats * at.area[:, None]).ravel()
        area.append(np.bincount(corner[at.facet].ravel(), hats, minlength=len(here)))
        facets.append(corner + count)
        middles.append(mesh.stem.points[part[:, 3:]])
        zones.append(np.full(len(here), code))
        count += len(here)
    normal, axial, circumferential = np.concatenate(frames, axis=1)
    place, zone = np.vstack(points), np.concatenate(zones)
    fit = np.choose(zone, [-interference, 0.0, 0.1])
    rim = (place[:, 2] < 2) | (np.abs(place[:, 2] - COATED_TO) < 2) | (place[:, 2] > STEM_LENGTH - 2)
    return Interface(
        place, normal, axial, circumferential, np.concatenate(area), np.vstack(facets), np.vstack(middles),
        zone, mesh.zones, np.choose(zone, [friction, 0.3, friction]), fit, rim,
    )  # fmt: skip


def amplitude(interface: Interface) -> FloatArray:
    """Axial slide of each vertex in mm: 5 um at the middle of the stem, 22 um more from 60 mm off it."""
    return np.asarray(0.005 + 0.030 * np.minimum(np.abs(interface.points[:, 2] - 70) / 70, 60 / 70) ** 2)


def never_touching(interface: Interface) -> NDArray[np.bool_]:
    """Uncoated vertices behind the stem (x < 0) near the tip."""
    return (interface.zone == 1) & (interface.points[:, 2] > 115) & (interface.points[:, 0] < -1e-9)


def synthetic_state(interface: Interface, phase: float | None, scale: float = 1.0) -> State:
    """Return one instant; `phase` runs from 0 to 1 over the cycle and is None after the press-fit."""
    n = len(interface.points)
    load = 0.0 if phase is None else np.sin(np.pi * phase) ** 2
    swing = 1.2 if phase is None else np.cos(2 * np.pi * phase)
    angle = np.arctan2(interface.points[:, 1], interface.points[:, 0])
    is_open = never_touching(interface)
    pressure = (
        PRESSURE * scale * np.choose(interface.zone, [1.0, 0.2, 0.0]) * (1 + 0.3 * load * np.cos(angle))
    )
    collar = interface.zone == 2
    pressure[collar] = COLLAR_PRESSURE * load
    pressure[is_open] = 0.0
    jump = np.zeros((n, 3))
    jump[:, 0] = np.where(pressure > 0, -interface.fit, 0.0)
    jump[is_open, 0] = 0.020 + 0.010 * load - interface.fit[is_open]
    jump[collar & (pressure == 0), 0] = -0.060 * load
    jump[:, 1] = scale * amplitude(interface) * swing * ~collar
    slips = (jump[:, 1] > 0.02) & (pressure > 0)
    traction = np.zeros((n, 3))
    traction[:, 0] = pressure
    traction[:, 1] = np.where(slips, -1.0, 0.4) * interface.friction * pressure
    status = np.where(pressure > 0, np.where(slips, Status.SLIP, Status.STICK), Status.OPEN).astype(np.int64)
    wrench = np.array([30.0, -20.0, AXIAL_LOAD, 10_000.0, 17_000.0, 3_000.0]) * load
    return State(
        traction, jump, status, np.zeros(6), np.zeros(6), wrench, 5, 1e-9, 0.0 if phase is None else 0.5
    )


def synthetic_walk(interface: Interface, instants: int = 12, scale: float = 1.0, cycles: int = 2) -> Walk:
    """Return the press-fit and equal cycles."""
    percent = 100 * np.arange(instants) / instants
    cycle = tuple(synthetic_state(interface, value / 100, scale) for value in percent)
    return Walk(synthetic_state(interface, None, scale), percent, (cycle,) * cycles, None)


def lame_stress(points: FloatArray) -> FloatArray:
    """Return the tube's stress (n, 6) in MPa under `PRESSURE` inside."""
    x, y = points[:, 0], points[:, 1]
    square = np.maximum(x**2 + y**2, 1e-12)
    factor = PRESSURE * STEM_RADIUS**2 / (BONE_RADIUS**2 - STEM_RADIUS**2)
    radial, hoop = factor * (1 - BONE_RADIUS**2 / square), factor * (1 + BONE_RADIUS**2 / square)
    stress = np.zeros((len(points), 6))
    stress[:, 0] = (radial * x**2 + hoop * y**2) / square
    stress[:, 1] = (radial * y**2 + hoop * x**2) / square
    stress[:, 3] = (radial - hoop) * x * y / square
    return stress


def isotropic_strain(stress: FloatArray, modulus: float) -> FloatArray:
    """Return engineering strain (..., 6) of isotropic Hooke's law."""
    direct = stress[..., :3]
    strain = np.zeros_like(stress)
    strain[..., :3] = ((1 + POISSON) * direct - POISSON * direct.sum(axis=-1, keepdims=True)) / modulus
    strain[..., 3:] = stress[..., 3:] * 2 * (1 + POISSON) / modulus
    return strain


def synthetic_fields(part: Part, instants: int, scale: float = 1.0) -> Fields:
    """Return press-fit and cycle: Lame (bone) or uniform pressure (stem), plus bending about y."""
    points = part.points
    if part.name == "bone":
        still, modulus = lame_stress(points), MODULUS
    else:
        still, modulus = np.tile([-PRESSURE, -PRESSURE, 0, 0, 0, 0], (len(points), 1)), STEM_MODULUS
    load = np.concatenate([[0.0], np.sin(np.pi * np.arange(instants) / instants) ** 2])
    stress = np.tile(still * scale, (instants + 1, 1, 1))
    stress[:, :, 2] += scale * BENDING_STRESS * modulus / MODULUS * load[:, None] * points[:, 0] / BONE_RADIUS
    displacement = np.zeros((instants + 1, len(points), 3))
    displacement[:, :, 0] = 2e-5 * load[:, None] * (BONE_LENGTH - points[:, 2]) ** 2
    return Fields(displacement, isotropic_strain(stress, modulus), stress, np.full(len(points), 0.5 * scale))


def synthetic_criteria() -> tuple[Criterion, ...]:
    """Return one criterion for each judged quantity; limits that the synthetic study meets."""
    small = (
        ("micromotion_p95_um", "um", "primary stability", 80.0, 150.0),
        ("micromotion_area_above_150um_percent", "%", "primary stability", 5.0, 20.0),
        ("insertion_hoop_stress_MPa", "MPa", "safety", 40.0, 51.0),
        ("bone_tension_strain_percent", "%", "safety", 0.5, 0.73),
        ("bone_compression_strain_percent", "%", "safety", 0.7, 1.04),
        ("stem_von_mises_MPa", "MPa", "safety", 200.0, 500.0),
    )
    large = (
        ("micromotion_area_below_40um_percent", "%", "primary stability", 60.0, 30.0),
        ("contact_area_percent", "%", "primary stability", 60.0, 30.0),
        ("least_wall_mm", "mm", "safety", 2.0, 1.5),
    )
    origin = ("made up for a test", "C3", "")
    found = [
        Criterion(name, name.replace("_", " "), name, unit, group, met, not_met, None, None, *origin)
        for name, unit, group, met, not_met in small
    ]
    found += [
        Criterion(name, name.replace("_", " "), name, unit, group, None, None, met, not_met, *origin)
        for name, unit, group, met, not_met in large
    ]
    return tuple(found)


def synthetic_material(kind: Literal["bone", "metal"]) -> Material:
    """Return an isotropic bone or metal whose values carry an origin."""
    modulus = MODULUS if kind == "bone" else STEM_MODULUS
    origin = (ASSUMPTION, "C3")
    return Material(
        f"synthetic {kind}",
        Isotropic(modulus, POISSON),
        kind,
        strengths={"tensile_strength_transverse": Entry(51.0, "MPa", 40.0, 60.0, *origin)}
        if kind == "bone"
        else {"fatigue_limit_smooth": Entry(500.0, "MPa", 400.0, 600.0, *origin)},
        entries={
            "youngs_modulus": Entry(modulus, "MPa", 0.9 * modulus, 1.1 * modulus, *origin),
            "poisson_ratio": Entry(POISSON, "1", 0.25, 0.35, *origin),
        },
    )


def synthetic_case() -> Case:
    """Return the case that the study pretends to have solved."""
    still = ((0.0, 0.0), (100.0, 0.0))
    history = History(
        title="a cycle of closed forms", source="made up for a test", grade="C3", note="", synthetic=True,
        period=1.0, moment_level=None, points=(still,) * 6,
    )  # fmt: skip
    return Case(
        title="Synthetic stem in a tube",
        path=Path("cases/synthetic.toml"),
        bone=Bone(BONE_LENGTH, (Station(0.0, BONE_RADIUS, BONE_RADIUS, 7.0, 7.0),)),
        reaming=Reaming(2 * STEM_RADIUS, 150.0, 8.0),
        stem=Stem(
            2 * STEM_RADIUS,
            STEM_LENGTH,
            protrusion=4.0,
            collar=Collar(2 * COLLAR_RADIUS, 4.0, 0.1),
            coatings=(Coating(0.0, COATED_TO),),
        ),
        bone_material=synthetic_material("bone"),
        stem_material=synthetic_material("metal"),
        fit={"coated": ZoneFit(0.005, 0.5), "uncoated": ZoneFit(0.0, 0.3), "collar": ZoneFit(0.0, 0.3)},
        bands=(Bands("coated", (0.00125, 0.025), (0.3, 0.9)),),
        supports=Supports(bone_proximal="clamped"),
        activity=Activity(history, 800.0, "right", 12, 2),
        reference_point=(0.0, 0.0, -90.0),
        mesh=MeshSizes(2.0, 6.0, 1.5),
        steps=Steps(),
        output=Output(body_instants=4),
        criteria=synthetic_criteria(),
        text="# made of closed forms\n",
    )


def synthetic_record(mesh: Mesh, interface: Interface) -> Record:
    """Return a record with numbers made up."""
    return Record(
        times={"mesh": 8.0, "assembly": 3.0, "factorisation": 9.0, "press-fit": 1.0, "activity": 6.0},
        backend="pardiso",
        route="direct, interface compliance dense",
        memory_plan="memory: factor 0.76 GB (counted), 1.6 GB of 20 GB available",
        threads=2,
        unknowns=mesh.unknowns,
        interface_vertices=len(interface.points),
        peak_memory_GB=2.5,
        versions={"python": "3.11.2", "numpy": "2.4.6"},
        digests={"case": "c0ffee", "mesh": mesh.digest, "factor": "fac70r"},
        code_version="0.1.0",
        commit=None,
        newton_iterations=312,
        factorisations_done=1,
        factorisations_reused=0,
    )


def synthetic_variants(mesh: Mesh) -> tuple[Variant, ...]:
    """Return the four corners and the open collar; less interference, more micromotion."""
    found = []
    for low_fit, interference in (("low", 0.00125), ("high", 0.025)):
        for low_friction, friction in (("low", 0.3), ("high", 0.9)):
            interface = synthetic_interface(mesh, interference, friction)
            inputs = (
                ("fit.coated.diametral_interference_um", 2000 * interference),
                ("fit.coated.friction", friction),
            )
            scale = 0.9 if low_fit == "high" else 1.1
            walk = synthetic_walk(interface, 12, scale, cycles=1)
            found.append(Variant(f"interference {low_fit}, friction {low_friction}", inputs, interface, walk))
    interface = synthetic_interface(mesh)
    opened = replace(interface, fit=np.where(interface.zone == 2, 10.0, interface.fit))
    walk = synthetic_walk(interface, 12, 1.05, cycles=1)
    return (*found, Variant("collar open", (("stem.collar.gap_um", 10_000.0),), opened, walk))


def synthetic_study(
    sectors: int = 16, instants: int = 12, scale: float = 1.0, *, coarse: bool = True, variants: bool = True
) -> Study:
    """Return a whole study; `scale` multiplies every pressure, slide and stress."""
    mesh = synthetic_mesh(sectors)
    interface = synthetic_interface(mesh)
    return Study(
        case=synthetic_case(),
        mesh=mesh,
        interface=interface,
        walk=synthetic_walk(interface, instants, scale),
        stem=synthetic_fields(mesh.stem, instants, scale),
        bone=synthetic_fields(mesh.bone, instants, scale),
        balance=Balance(1e-9, 2e-9, 0.0, 0.0, 0.0, 3e-9),
        variants=synthetic_variants(mesh) if variants else (),
        coarse=synthetic_study(8, instants, 1.02 * scale, coarse=False, variants=False) if coarse else None,
        wall=Wall(6.0, (8.0, 0.0, 0.0)),
        record=synthetic_record(mesh, interface),
    )


@cache
def scanned_tube(length: float) -> Scanned:
    """What is read of a tube of radii 6 and 13 mm that stands 10 mm below the cut."""
    walls = joined(
        shell(lambda a, z: np.full_like(a, 13.0), -10.0, length + 10.0, 32, 40),
        shell(lambda a, z: np.full_like(a, 6.0), -9.0, length + 9.0, 24, 40, inward=True),
    )
    shaft = find_shaft(walls, np.array([0.0, 0, 1]), np.array([1.0, 0, 0]), 10.0)
    seen = walls.moved(shaft.turn, shaft.origin)
    scan = fit_scan(seen, length)
    return Scanned("tube.stl", 64 * "0", ("2 triangles were taken out",), seen, shaft, scan, scan.canal)


def equipped(study: Study) -> Study:
    """Return a study whose case states what not every case has: a fail-safe that slips, surfaces, a scan.

    A bending moment of 160 N m, half a cycle each way, is asked for, and 50 N m pass.
    """
    activity = study.case.activity
    assert activity is not None
    kicked = ((0.0, 0.0), (50.0, 20.0), (100.0, 0.0))
    points = (*activity.history.points[:4], kicked, activity.history.points[5])
    case = replace(
        study.case,
        activity=replace(activity, history=replace(activity.history, points=points)),
        fail_safe=FailSafe(60.0, 50e3, 5e3, (40e3, 60e3)),
        surfaces={
            "coated": surface_of("plasma_sprayed"),
            SKIN_PASSAGE: surface_of("titanium_niobium_nitride"),
        },
        scanned=scanned_tube(study.case.bone.length),
    )
    coarse = None if study.coarse is None else replace(study.coarse, case=case)
    return replace(study, case=case, coarse=coarse)


def loosened_study(instants: int = 12) -> Study:
    """Return a study that lost its fixation in the first cycle, at 75 percent."""
    study = synthetic_study(instants=instants, coarse=False, variants=False)
    cycle = study.walk.cycles[0][: 3 * instants // 4]
    loss = Loss(1, 75.0, "pull-out along z", (0.0, 0.0, -1.0, 0.0, 0.0, 0.0))
    walk = replace(study.walk, cycles=(cycle,), loss=loss)
    return replace(
        study, walk=walk, stem=synthetic_fields(study.mesh.stem, 0), bone=synthetic_fields(study.mesh.bone, 0)
    )


def seated_study() -> Study:
    """Return a study of a press-fit alone: the case states no activity."""
    study = synthetic_study(coarse=False, variants=False)
    walk = replace(study.walk, percent=np.zeros(0), cycles=())
    return replace(
        study,
        case=replace(study.case, activity=None),
        walk=walk,
        stem=synthetic_fields(study.mesh.stem, 0),
        bone=synthetic_fields(study.mesh.bone, 0),
    )
