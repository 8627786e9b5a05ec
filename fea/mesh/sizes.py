"""How large elements are: fine on the interface, finer at its ends, growing away from it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fea.mesh.groove_sizes import groove_field
from fea.mesh.pin_holes import anchor_field
from fea.mesh.screw_sizes import screw_field
from fea.mesh.shell_sizes import shell_field
from fea.mesh.whole_sizes import whole_field
from geometry.bone import Bone
from geometry.profile import Profile
from geometry.scanned.whole import Whole
from geometry.stem import Stem

#: Growth of the element size per length, along the interface from its ends and away from it.
GROWTH_ALONG = 0.35
GROWTH_AWAY = 0.2


@dataclass(frozen=True)
class MeshSizes:
    """Element edge lengths.

    Attributes
    ----------
    interface : float, mm
        Where bone and stem face each other.
    far : float, mm
        The largest anywhere.
    edge : float, mm
        At the interface's ends (canal mouth, coating limits, end of contact); None for
        0.85 of `interface`.
    shell : float, mm
        In the cortical shell about a cancellous core; None for `far`.

    Raises
    ------
    ValueError
        When a size is not positive or they are not in the order edge, interface, far.
    """

    interface: float
    far: float
    edge: float | None = None
    shell: float | None = None

    def __post_init__(self) -> None:
        sizes = {"interface": self.interface, "far": self.far, "edge": self.at_edges}
        if self.shell is not None:
            sizes["shell"] = self.shell
        for name, value in sizes.items():
            if not (math.isfinite(value) and value > 0):
                raise ValueError(f"The mesh's {name} size must be positive, but it is {value:g} mm.")
        if not self.at_edges <= self.interface <= self.far:
            raise ValueError(
                f"The mesh sizes must rise from edge ({self.at_edges:g} mm) over interface"
                f" ({self.interface:g} mm) to far ({self.far:g} mm)."
            )

    @property
    def at_edges(self) -> float:
        """Size at the interface's ends, mm."""
        return 0.85 * self.interface if self.edge is None else self.edge


def recommended(stem: Stem) -> MeshSizes:
    """Choose sizes at which the pressure of a flush press-fit is right to 1.5 % in the root mean square.

    Parameters
    ----------
    stem : Stem

    Returns
    -------
    MeshSizes
    """
    interface = 0.14 * stem.diameter
    return MeshSizes(interface=interface, far=interface)


def interface_ends(bone: Bone, stem: Stem) -> tuple[float, ...]:
    """List the levels between which the interface's zones run, in rising order, mm.

    Parameters
    ----------
    bone : Bone
    stem : Stem
    """
    top = min(stem.profile.fillet_start, bone.length)
    if stem.anchor is not None:
        return (0.0,)
    limits = [level for zone in stem.coatings for level in (zone.start, zone.end)]
    limits += [stem.thread.start, stem.thread.end] if stem.thread else []
    return tuple(sorted({0.0, top, *(level for level in limits if level < top)}))


def size_field(
    bone: Bone, stem: Stem, blank: Profile, sizes: MeshSizes
) -> Callable[[float, float, float], float]:
    """Make the element size a function of position.

    Parameters
    ----------
    bone : Bone
    stem : Stem
    blank : Profile
        The flank as it is meshed.
    sizes : MeshSizes

    Returns
    -------
    callable
        Size in mm at (x, y, z) in mm.
    """
    ends = interface_ends(bone, stem)
    bottom, top = ends[0], ends[-1]
    bore, tip, tip_centre = stem.bore_diameter / 2, blank.end_radius, blank.fillet_centre_level
    table = np.linspace(0.0, bone.length, max(2, round(bone.length)))
    centre, left = bone.centre(table).tolist(), bone.centre_left(table).tolist()
    hollow = bone.hollow
    canal = bone.canal_semi_axes(table).min(axis=1).tolist()
    pitch = bone.length / (len(table) - 1)
    widest = min(sizes.far, 0.6 * float(bone.outer_semi_axes(table).min()))
    if isinstance(bone.outline, Whole):
        widest = sizes.far  # what bends asks for less by itself
    finest, coarse = sizes.at_edges, sizes.interface
    finer = [field for field in (groove_field(stem, coarse), screw_field(stem, coarse)) if field]
    if stem.anchor is not None:
        finer.append(anchor_field(stem.anchor, coarse))
    if bone.core is not None and sizes.shell is not None:
        finer.append(shell_field(bone, blank.radius, sizes.shell))
    if isinstance(bone.outline, Whole):
        finer.append(whole_field(bone.outline, sizes.far))

    def size(x: float, y: float, z: float) -> float:
        across = math.hypot(x, y)
        level = min(max(z, bottom), top)
        from_end = min(abs(level - end) for end in ends)
        away = math.hypot(across - blank.flank(level), z - level)
        best = min(widest, min(coarse, finest + GROWTH_ALONG * from_end) + GROWTH_AWAY * away)
        if tip:
            off_fillet = abs(math.hypot(across - blank.fillet_centre_radius, z - tip_centre) - tip)
            best = min(best, max(0.6 * tip, 0.2 * finest) + GROWTH_ALONG * off_fillet)
        if bore:
            best = min(best, 0.8 * bore + GROWTH_AWAY * abs(across - bore))
        if hollow and across > 0.5 * blank.radius and z >= 0:
            row = min(round(z / pitch), len(table) - 1)
            off_canal = abs(math.hypot(x - centre[row], y - left[row]) - canal[row])
            best = min(best, 0.75 * canal[row] + GROWTH_AWAY * off_canal)
        return min([best, *(field(x, y, z) for field in finer)])

    return size
