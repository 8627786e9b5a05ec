"""A taper joint: a cone in its socket, read from a case file, and as the solver's case.

The solver knows a stem in a bone; a cone in its socket is one, mouth at the cut, large end distal. The
levels z run from the socket's mouth (0) to where the socket is held.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from fea.case.case import Activity, Bands, Case, MeshSizes, Output, Steps, Supports
from fea.case.conversion import material_of
from fea.case.criteria import TAPER_GROUPS, TAPER_QUANTITIES, Criterion, read_criteria
from fea.case.schema import EDGE_PER_INTERFACE, FAR_PER_INTERFACE, INTERFACE_PER_DIAMETER
from fea.case.taper_checks import slices_of, taper_mistakes
from fea.case.taper_forms import Slices
from fea.case.taper_tables import TAPER_JOINT, TaperFile
from fea.errors import CaseError
from fea.loads.history import History, read_history
from fea.loads.sentences import mistakes, sentence
from fea.loads.tables import read_toml
from geometry.fit import ZoneFit
from geometry.socket import Socket
from geometry.station import Station
from geometry.stem import Stem
from geometry.zones import UNCOATED
from materials.elasticity import Isotropic
from materials.errors import MaterialError
from materials.material import Material

Made = TypeVar("Made")

#: Name of the screw that holds a joint together.
SCREW = "taper screw"


@dataclass(frozen=True)
class TaperCase:
    """One taper joint, ready to be meshed and solved.

    Attributes
    ----------
    case : Case
        The solver's: the cone as its stem, the socket as its bone.
    half_angle, mismatch : float, rad
        Half the cone's included angle; the cone's included angle less the socket's.
    slices : Slices
        Its closed forms.
    force, screw_preload, seating : float, N, N, mm
        How it is assembled: one of them, the others None.
    """

    case: Case
    half_angle: float
    mismatch: float
    slices: Slices
    force: float | None = None
    screw_preload: float | None = None
    seating: float | None = None

    @property
    def friction(self) -> float:
        """Coefficient of friction."""
        return self.case.fit[UNCOATED].friction

    @property
    def socket(self) -> Socket:
        """The socket."""
        assert isinstance(self.case.bone, Socket)
        return self.case.bone

    @property
    def path_in_words(self) -> str:
        """How the joint is assembled, in one sentence."""
        if self.force is not None:
            return (
                f"The cone is pushed in by {self.force:g} N along its axis from where the bodies touch, with"
                " friction, and the force is released before the activity begins."
            )
        if self.screw_preload is not None:
            return (
                f"A screw pulls the cone in by {self.screw_preload:g} N from where the bodies touch, with"
                " friction, and its preload stays in force."
            )
        return (
            f"The cone stands {1000 * (self.seating or 0.0):g} um beyond touching: the overlap that this"
            " makes is put in in equal steps, with friction from zero slip; the push itself is not followed."
        )


def is_taper(path: Path | str) -> bool:
    """Tell whether a case file states a taper joint; False for a file that cannot be read."""
    try:
        raw, _ = read_toml(Path(path), "case file")
    except CaseError:
        return False
    return raw.get("kind") == TAPER_JOINT


def read_taper(path: Path | str) -> TaperCase:
    """Read and check the case file of a taper joint.

    Parameters
    ----------
    path : Path or str

    Returns
    -------
    TaperCase
        In N, mm, MPa and radians.

    Raises
    ------
    CaseError
        Every mistake in the case, load and criteria file, one sentence each.
    """
    path = Path(path)
    raw, text = read_toml(path, "case file")
    try:
        file = TaperFile.model_validate(raw)
    except ValidationError as error:
        raise CaseError(mistakes(error, TaperFile, str(path))) from None
    problems: list[str] = []

    def attempt(key: str, value: object, make: Callable[[], Made]) -> Made | None:
        try:
            return make()
        except CaseError as error:
            problems.extend(error.problems)
        except MaterialError as error:
            message = str(error).rstrip(".")
            problems.append(sentence(str(path), key, message[:1].lower() + message[1:], value))
        return None

    materials = {
        body: attempt(
            f"{body}.material",
            getattr(file, body).material if isinstance(getattr(file, body).material, str) else ...,
            lambda body=body: _metal(getattr(file, body).material, body),  # type: ignore[misc]
        )
        for body in ("cone", "socket")
    }
    history: History | None = None
    criteria: tuple[Criterion, ...] | None = ()
    if file.activity is not None:
        stated = file.activity.history
        history = attempt("activity.history", stated, lambda: read_history(path.parent / stated))
    if file.criteria is not None:
        named = file.criteria.file
        criteria = attempt(
            "criteria.file",
            named,
            lambda: read_criteria(path.parent / named, TAPER_QUANTITIES, TAPER_GROUPS),
        )
    cone, socket = materials["cone"], materials["socket"]
    if cone is not None and socket is not None:
        for mistake in taper_mistakes(file, cone, socket):
            problems.append(sentence(str(path), mistake.path, mistake.message, mistake.value))
    if problems:
        raise CaseError(problems)
    assert cone is not None
    assert socket is not None
    return taper_case(file, (cone, socket), history, criteria or (), path, text)


def _metal(choice: Any, body: str) -> Material:
    """Return a body's material: isotropic, and no bone."""
    material = material_of(choice, body)
    if material.kind == "bone" or not isinstance(material.elasticity, Isotropic):
        raise MaterialError(
            f"the {body} of a taper joint is of an isotropic metal, such as ti_6al_4v,"
            f" not of '{material.name}'"
        )
    return material


def taper_case(
    file: TaperFile,
    materials: tuple[Material, Material],
    history: History | None,
    criteria: tuple[Criterion, ...],
    path: Path,
    text: str,
) -> TaperCase:
    """Convert sound tables; materials of cone and socket."""
    cone, assembly, activity = file.cone, file.assembly, file.activity
    half = math.radians(cone.angle_deg) / 2
    fit = ZoneFit((assembly.seating_mm or 0.0) * math.sin(half), file.fit.friction)
    band = file.fit.friction_band
    walked = None
    if activity is not None:
        assert history is not None, "a case without its history has problems"
        walked = Activity(
            history, activity.body_weight_N, activity.limb_side, activity.instants_per_cycle, activity.cycles
        )
    instants = activity.instants_per_cycle if activity else file.output.body_instants
    preload = assembly.screw_preload_N
    case = Case(
        title=file.title,
        path=path,
        bone=socket_of(file),
        reaming=None,
        stem=cone_of(file),
        bone_material=materials[1],
        stem_material=materials[0],
        fit={UNCOATED: fit},
        bands=() if band is None else (Bands(UNCOATED, None, band),),
        supports=Supports(bone_proximal="clamped"),
        activity=walked,
        reference_point=(0.0, 0.0, -file.adapter.length_mm),
        mesh=_sizes(file),
        steps=Steps(**file.steps.model_dump()),
        output=Output(min(file.output.body_instants, instants), file.output.renders),
        criteria=criteria,
        text=text,
        preloads={} if preload is None else {SCREW: preload},
        assembly_force=assembly.force_N or 0.0,
    )
    return TaperCase(
        case,
        half,
        math.radians(cone.angle_mismatch_deg),
        slices_of(file, *materials),
        assembly.force_N,
        preload,
        assembly.seating_mm,
    )


def cone_of(file: TaperFile) -> Stem:
    """Return the cone as a stem whose flank is the taper."""
    cone = file.cone
    fall = cone.engagement_mm * math.tan(math.radians(cone.angle_deg) / 2)
    return Stem(
        diameter=cone.large_diameter_mm,
        length=cone.engagement_mm,
        protrusion=cone.neck_length_mm,
        tip_diameter=cone.large_diameter_mm - 2 * fall,
        bore_diameter=cone.bore_diameter_mm,
    )


def socket_of(file: TaperFile) -> Socket:
    """Return the socket, its bore in the place where the cone first touches it."""
    cone, socket = file.cone, file.socket
    slope = math.tan(math.radians(cone.angle_deg - cone.angle_mismatch_deg) / 2)
    # A cone of less angle than its socket touches at its small end first, and the mouth stands off.
    room = max(0.0, cone.engagement_mm * (slope - math.tan(math.radians(cone.angle_deg) / 2)))
    mouth = cone.large_diameter_mm / 2 + room
    outer = socket.outer_diameter_mm / 2
    above = (socket.outer_diameter_at_depth_mm or socket.outer_diameter_mm) / 2
    bottom = mouth - slope * socket.depth_mm
    return Socket(
        socket.length_mm,
        (Station(0.0, outer, outer, mouth, mouth), Station(socket.depth_mm, above, above, bottom, bottom)),
    )


def _sizes(file: TaperFile) -> MeshSizes:
    mesh = file.mesh
    interface = mesh.interface_size_mm or file.cone.large_diameter_mm * INTERFACE_PER_DIAMETER
    return MeshSizes(
        interface=interface,
        far=mesh.far_size_mm or interface * FAR_PER_INTERFACE,
        edge=mesh.edge_size_mm or interface * EDGE_PER_INTERFACE,
        companion=mesh.companion,
    )
