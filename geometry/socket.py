"""The socket of a taper joint: a turned body with a conical bore that goes on as a cylinder.

It stands where a bone stands for a stem: its mouth at z = 0, its held end at z = length. The bore
loses 2 tan(b / 2) of its diameter per length down to its depth, b being its included angle, and keeps
the diameter that it has there.
"""

from __future__ import annotations

from dataclasses import dataclass

from geometry.bone import Bone
from geometry.errors import GeometryError


@dataclass(frozen=True)
class Socket(Bone):
    """A straight body of circular sections about the implant's axis, of one or two stations.

    Raises
    ------
    GeometryError
        When a section is not a circle about the axis, or there are more than two.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        round_ = all(
            station.outer_anterior == station.outer_left and station.canal_anterior == station.canal_left
            for station in self.stations
        )
        if not round_ or len(self.stations) > 2 or self.bow_radius is not None or self.axis_offset:
            raise GeometryError("A socket is turned about the implant's axis, with one or two stations.")

    @property
    def turned(self) -> bool:
        """True: its surfaces are cones and cylinders about the axis."""
        return True

    @property
    def mouth_radius(self) -> float:
        """Radius of the bore at the mouth, mm."""
        return self.stations[0].canal_anterior

    @property
    def depth(self) -> float:
        """Level at which the cone of the bore ends, mm."""
        return self.stations[-1].level if len(self.stations) > 1 else self.length

    @property
    def slope(self) -> float:
        """Loss of the bore's radius per length over its cone: the tangent of half its angle."""
        first, last = self.stations[0], self.stations[-1]
        return (first.canal_anterior - last.canal_anterior) / (last.level - first.level or 1.0)

    @property
    def corners(self) -> tuple[tuple[float, float, float], ...]:
        """Level, outer radius and bore radius where the profile bends, mm, the ends included."""
        found = [(s.level, s.outer_anterior, s.canal_anterior) for s in self.stations]
        (_, *first), (_, *last) = found[0], found[-1]
        if found[0][0] > 0.0:
            found.insert(0, (0.0, first[0], first[1]))
        if found[-1][0] < self.length:
            found.append((self.length, last[0], last[1]))
        return tuple(found)
