"""How a stem from a CAD file lies in the canal: whether it meets the bone, and not too deep."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from geometry.cad_stem import OFF_PLANE, CadStem
from geometry.canal import DEEPEST, Canal
from geometry.curved import FloatArray
from geometry.engagement import LARGEST_OVERLAP
from geometry.errors import GeometryError, direction_in_words

#: How near to bone some part of a stem must come to be held by it, mm.
MEETS = 0.5

#: Depth in bone below which a stem only touches it, mm; OCC's solids are true to less.
TOUCHES = 1e-5


@dataclass(frozen=True)
class CadSeat:
    """How deep a stem from a file lies in the bone.

    Attributes
    ----------
    overlap : float, mm
        The largest depth of its surface in the bone; negative where a gap is left everywhere.
    """

    overlap: float

    @property
    def clipped(self) -> bool:
        """True where bone must be taken out of the stem."""
        return self.overlap > TOUCHES


def cad_seat(canal: Canal, stem: CadStem) -> CadSeat:
    """Find how a stem lies in the canal.

    Parameters
    ----------
    canal : Canal
    stem : CadStem

    Raises
    ------
    GeometryError
        When they do not go together.
    """
    for requirement in cad_faults(canal, stem):
        raise GeometryError(f"The stem in {stem.file}: {requirement}.")
    return CadSeat(float(canal.outside(_within(canal, stem)).max()))


def cad_faults(canal: Canal, stem: CadStem) -> Iterator[str]:
    """Yield, in words, why a stem and a canal do not go together.

    Parameters
    ----------
    canal : Canal
    stem : CadStem
    """
    bone, points = canal.bone, _within(canal, stem)
    outside = bone.outside_outer(points)
    worst = int(outside.argmax())
    if outside[worst] > 0:
        yield (
            f"it comes through the bone's outer surface by {outside[worst]:.2f} mm{_place(points[worst])}:"
            " seat it otherwise with pose, or choose a thinner or shorter one"
        )
        return
    depth = canal.outside(points)
    worst = int(depth.argmax())
    if depth[worst] > LARGEST_OVERLAP:
        advice = "ream the canal" if canal.reaming is None else "ream wider"
        if canal.reaming is not None and points[worst, 2] > canal.reaming.profile.fillet_centre_level:
            advice = "ream deeper"
        yield (
            f"it overlaps the bone by {depth[worst]:.2f} mm{_place(points[worst])}, more than the"
            f" {LARGEST_OVERLAP:g} mm that a fit carries: {advice}, or seat it otherwise with pose"
        )
    elif depth[worst] < -MEETS:
        yield (
            f"it comes nowhere within {MEETS:g} mm of the bone, the nearest is {-depth[worst]:.2f} mm"
            f"{_place(points[worst])}: ream narrower, or seat it otherwise with pose"
        )
    yield from _shoulder(canal, stem)


def _within(canal: Canal, stem: CadStem) -> FloatArray:
    """Return the points of the stem's surface between the cut and the bone's end."""
    points = stem.surface.points
    return points[(points[:, 2] > OFF_PLANE) & (points[:, 2] < canal.bone.length + OFF_PLANE)]


def _shoulder(canal: Canal, stem: CadStem) -> Iterator[str]:
    """Yield a face that would bear on the cut: its contact is not modelled."""
    surface = stem.surface
    middles = surface.middles
    near = (middles[:, 2] <= OFF_PLANE) & (middles[:, 2] > -DEEPEST) & (surface.normals[:, 2] > 0.5)
    near &= (canal.outside(middles) > 0) & (canal.bone.outside_outer(middles) < 0)
    if near.any():
        level = float(middles[near, 2].max())
        yield (
            f"a shoulder at z = {level:.2f} mm stands under the cut, whose contact is not modelled for a stem"
            f" from a file: end it more than {DEEPEST:g} mm below the cut, or take it off"
        )


def _place(point: FloatArray) -> str:
    return f" at z = {point[2]:.0f} mm ({direction_in_words(float(point[0]), float(point[1]))})"
