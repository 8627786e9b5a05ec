"""What a case states, in N, mm, MPa and radians: frozen, plain values all the way down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fea.cache import digest_of
from fea.case.criteria import Criterion
from fea.case.site_filling import SiteValue
from fea.case.uncertainty import Uncertainty
from fea.loads.fail_safe import FailSafe
from fea.loads.history import History, MomentPoint
from geometry.bone import Bone, FloatArray
from geometry.cad_stem import CadStem
from geometry.fit import ZoneFit
from geometry.reaming import Reaming
from geometry.scanned.bone import Scanned
from geometry.stem import Stem
from materials.material import Material
from materials.surfaces import Surface

#: The end faces that may be held, and how.
END_FACES = ("bone_proximal", "bone_distal", "bone_ends", "stem_proximal", "stem_distal")
SUPPORT_KINDS = ("free", "clamped", "symmetric")
#: Where the surface of an adapter counts among those of the zones; no zone can have this name.
SKIN_PASSAGE = "skin passage"


@dataclass(frozen=True)
class Supports:
    """How each end face is held.

    Attributes
    ----------
    bone_proximal, bone_distal, stem_proximal, stem_distal
        ``"free"``, ``"clamped"`` (no displacement) or ``"symmetric"`` (no displacement
        along z). Rigid motions that nothing holds are removed without stress.
    bone_ends
        Of the mesial and distal cuts of a jaw's segment: ``"free"`` or ``"clamped"``.
    """

    bone_proximal: str = "free"
    bone_distal: str = "free"
    stem_proximal: str = "free"
    stem_distal: str = "free"
    bone_ends: str = "free"

    @property
    def free_motions(self) -> tuple[str, ...]:
        """Rigid motions of bone and stem together that no support holds.

        Returns
        -------
        tuple of str
            Some of ``translate x``, ``translate y``, ``translate z``, ``rotate x``,
            ``rotate y``, ``rotate z``.
        """
        kinds = {getattr(self, face) for face in END_FACES}
        if "clamped" in kinds:
            return ()
        if "symmetric" in kinds:
            return ("translate x", "translate y", "rotate z")
        return tuple(f"{motion} {axis}" for motion in ("translate", "rotate") for axis in "xyz")


@dataclass(frozen=True)
class Bands:
    """What the case does not know well: bands of interference and friction in one zone.

    Attributes
    ----------
    zone
        Name of the zone.
    radial_interference : tuple of 2 floats, mm, or None
        Least and largest radial interference.
    friction : tuple of 2 floats, or None
        Least and largest coefficient of friction.
    """

    zone: str
    radial_interference: tuple[float, float] | None = None
    friction: tuple[float, float] | None = None


@dataclass(frozen=True)
class Activity:
    """What the patient does after the stem is seated.

    Attributes
    ----------
    history
        The load history, in percent of body weight or in newtons.
    body_weight : float, N, or None
        None where the history is in newtons.
    limb_side
        ``"right"`` or ``"left"``.
    instants_per_cycle
        Number of instants that sample one cycle.
    cycles
        Number of cycles; the last is judged.
    acts_at
        Where a history acts that states no point of its own; None for the reference point.
    """

    history: History
    body_weight: float | None
    limb_side: str
    instants_per_cycle: int = 50
    cycles: int = 2
    acts_at: MomentPoint | None = None


@dataclass(frozen=True)
class MeshSizes:
    """Sizes of the elements.

    Attributes
    ----------
    interface : float, mm
        Edge length on the interface.
    far : float, mm
        Edge length far from it.
    edge : float, mm
        Edge length at the ends of the interface: rims, coating limits, the tip.
    companion
        Whether a second solve on a mesh 1.5 times coarser estimates the
        discretisation error.
    shell : float, mm, or None
        Edge length in a cortical shell; None without a cancellous core.
    """

    interface: float
    far: float
    edge: float
    companion: bool = True
    shell: float | None = None

    def scaled(self, factor: float) -> tuple[float, float, float, float | None]:
        """Return interface, far, edge and shell size times a factor."""
        shell = None if self.shell is None else factor * self.shell
        return factor * self.interface, factor * self.far, factor * self.edge, shell


@dataclass(frozen=True)
class Steps:
    """How the history is stepped.

    Attributes
    ----------
    press_fit_increments
        Equal increments in which the interference is ramped.
    max_cut_backs
        How often a step that fails is halved before the run gives up.
    """

    press_fit_increments: int = 4
    max_cut_backs: int = 8


@dataclass(frozen=True)
class Output:
    """What is written besides the report.

    Attributes
    ----------
    body_instants
        Instants of the judged cycle for which whole bodies are written.
    renders
        Whether pictures are made.
    """

    body_instants: int = 10
    renders: bool = True


@dataclass(frozen=True)
class Case:
    """One case, ready to be meshed and solved.

    Attributes
    ----------
    title, path
        Its name in words, and the file that states it.
    bone, reaming, stem
        The shapes; `reaming` is None where the canal is left as it is.
    bone_material, stem_material
        The materials.
    fit : mapping of str to ZoneFit
        For each zone that the stem has, by the names in ``stem.zones`` and in their order;
        the collar's gap stands in the collar.
    bands : tuple of Bands
        Of each zone whose fit has bands, in the order of the zones.
    supports, activity, mesh, steps, output
        The rest; `activity` is None for a press-fit alone.
    reference_point : tuple of 3 floats, mm
        Where the prosthesis is attached and the wrench acts.
    criteria : tuple of Criterion
        What the run is judged by; empty for no verdict.
    text
        The case file as it was read.
    uncertainty
        The ranges of the inputs that are not known; None where the file states none.
    layer_materials : mapping of str to Material
        Of the coated zones that are meshed as a layer, and of an abutment that is not of the stem's
        material; empty where none is.
    preloads : mapping of str to float, N
        What the implant holds, by name: put in with the fit.
    scanned : Scanned, or None
        What was read from the bone's surface file.
    fail_safe
        What caps the load in the adapter; None without one.
    surfaces : mapping of str to Surface
        Conditions of the surface that are stated, by zone, and by `SKIN_PASSAGE` of the adapter.
    assembly_force : float, N
        Axial force that presses stem and bone together and is released, in place of a press-fit; 0 without.
    core_material : Material, or None
        Of the cancellous core, where the bone has one; `bone_material` is then that of the cortical shell.
    site : tuple of SiteValue
        What a site filled in of the bone; empty without one.
    depth : float, mm
        How much deeper than planned the stem stands; `stem`, `reference_point` and `fail_safe` are those
        of where it stands.
    """

    title: str
    path: Path
    bone: Bone
    reaming: Reaming | None
    stem: Stem
    bone_material: Material
    stem_material: Material
    fit: Mapping[str, ZoneFit]
    bands: tuple[Bands, ...]
    supports: Supports
    activity: Activity | None
    reference_point: tuple[float, float, float]
    mesh: MeshSizes
    steps: Steps
    output: Output
    criteria: tuple[Criterion, ...]
    text: str
    uncertainty: Uncertainty | None = None
    layer_materials: Mapping[str, Material] = field(default_factory=dict)
    preloads: Mapping[str, float] = field(default_factory=dict)
    scanned: Scanned | None = None
    fail_safe: FailSafe | None = None
    surfaces: Mapping[str, Surface] = field(default_factory=dict)
    assembly_force: float = 0.0
    core_material: Material | None = None
    site: tuple[SiteValue, ...] = ()
    depth: float = 0.0

    @property
    def digest(self) -> str:
        """Hexadecimal digest of what is analysed: its file, those of stem, bone and loads, its site."""
        stem = [self.stem.digest] if isinstance(self.stem, CadStem) else []
        bone = [self.scanned.digest] if self.scanned is not None else []
        site = [repr(self.site), repr(self.bone)] if self.site else []
        return digest_of(self.text, self.activity, *stem, *bone, *site)

    def bone_frames(self, points: FloatArray) -> FloatArray:
        """Give the directions of the bone's material in space.

        Parameters
        ----------
        points : ndarray, shape (n, 3), mm

        Returns
        -------
        ndarray, shape (n, 3, 3)
            Columns: radial, circumferential, axial.
        """
        axis = self.stem.axis
        straight = axis.straighten(points)
        frames = self.bone.material_frames(straight)
        return frames if axis.bow_radius is None else axis.frames(straight) @ frames
