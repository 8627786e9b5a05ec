"""Drawing of an anchor's plate: the same maps as those of an unrolled flank, on the plate's face."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.tri import Triangulation
from numpy.typing import NDArray

from fea.post import tokens
from fea.post.face import Face, FacePatches, face_friction
from fea.post.render.sheet import HALO
from fea.post.render.unrolled_maps import Map
from fea.solution import Interface

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class FaceMap(Map):
    """Where the plate's face stands on a sheet."""

    @property
    def patch(self) -> float:
        """Length of the longest arrow, mm."""
        return 0.35 * self.flat.radius

    @property
    def width(self) -> float:
        """Width on the sheet."""
        return 2.0 * self.flat.radius * self.scale

    @property
    def height(self) -> float:
        """Height on the sheet."""
        return self.width

    @property
    def _middle(self) -> tuple[float, float]:
        return self.left + self.width / 2, self.top + self.height / 2

    def frame(self, title: str, *, depths: bool) -> None:
        """Draw the sides of the plate."""
        sheet, (x, y), reach = self.sheet, self._middle, self.width / 2 + 6.0
        sheet.text(self.left, self.top - 54.0, title, weight="bold")
        sides = (
            (x, y - reach, "anterior", tokens.ANTERIOR, {"ha": "center", "va": "bottom"}),
            (x, y + reach, "posterior", tokens.QUIET, {"ha": "center", "va": "top"}),
            (x - reach, y, "left", tokens.LEFT, {"ha": "center", "va": "center", "rotation": 90}),
            (x + reach, y, "right", tokens.QUIET, {"ha": "center", "va": "center", "rotation": 90}),
        )
        for place, level, name, colour, look in sides:
            sheet.text(place, level, name, size=tokens.SIZE_SMALL, color=colour, **look)

    def zones(
        self, edges: Sequence[float], words: Callable[[int, str], str], quadrants: Sequence[str]
    ) -> None:
        """Draw the borders of the plate's quadrants and what each says; it has one level."""
        look = {"color": tokens.INK, "lw": 0.8, "zorder": 4, "path_effects": [HALO]}
        centred = {"ha": "center", "va": "center", "path_effects": [HALO], "zorder": 6}
        x, y = self._middle
        reach, inner = self.width / 2, self.scale * float(np.hypot(self._face.right, self._face.down).min())
        for turn in (45.0, 135.0, 225.0, 315.0):
            cosine, sine = np.cos(np.radians(turn)), np.sin(np.radians(turn))
            self.sheet.line(
                [x + inner * cosine, x + reach * cosine], [y + inner * sine, y + reach * sine], **look
            )
        for (across, down), quadrant in zip(((0, -1), (-1, 0), (0, 1), (1, 0)), quadrants, strict=True):
            middle = (reach + inner) / 2
            said = words(0, quadrant)
            self.sheet.text(
                x + across * middle, y + down * middle, said, size=tokens.SIZE_SMALL - 0.5, **centred
            )

    def patches(self, interface: Interface, traction: FloatArray) -> FacePatches:
        """Average the friction on the bone over patches."""
        return face_friction(interface, traction)

    def arrows(self, interface: Interface, traction: FloatArray, unit: float) -> None:
        """Draw the friction on the bone, averaged over patches; parameters as in `Map.arrows`."""
        patches = self.patches(interface, traction)
        shown = patches.size > 0.02 * unit * self.patch
        x, y = self._middle
        angle, distance = np.radians(patches.angle[shown]), patches.distance[shown] * self.scale
        cosine, sine = np.cos(angle), np.sin(angle)
        around, radial = patches.around[shown], patches.radial[shown]
        forward, leftward = radial * cosine - around * sine, radial * sine + around * cosine
        self._quiver(
            x - sine * distance,
            y - cosine * distance,
            -leftward / unit * self.scale,
            -forward / unit * self.scale,
        )

    @property
    def _face(self) -> Face:
        assert isinstance(self.flat, Face)
        return self.flat

    def _triangles(self) -> Triangulation:
        x, y = self._middle
        face = self._face
        return Triangulation(x + face.right * self.scale, y + face.down * self.scale, face.triangles)

    def _clip(self) -> Rectangle:
        room = 2.0
        return Rectangle(
            (self.left - room, self.top - room), self.width + 2 * room, self.height + 2 * room,
            transform=self.sheet.axes.transData,
        )  # fmt: skip
