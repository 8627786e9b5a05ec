"""What is wrong with sections that are no ellipses or have a wall for a canal, and with keys of sites."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fea.case.mistake import Mistake
from fea.case.site_filling import SITE_KEYS

if TYPE_CHECKING:
    from fea.case.shape_tables import BoneTable

_CANAL = ("canal_diameter_mm", "canal_anteroposterior_mm", "canal_mediolateral_mm")


def section_mistakes(bone: BoneTable) -> Iterator[Mistake]:
    """Yield what is wrong with the keys of triangular sections, cortical walls and sites.

    Parameters
    ----------
    bone : BoneTable
    """
    if bone.site is None:
        for key in SITE_KEYS[1:]:
            if (value := getattr(bone, key)) is not None:
                message = "this says which bone of a site is meant; add bone.site, or leave this out"
                yield Mistake(f"bone.{key}", message, value)
    walls = [station.cortical_wall_mm is not None for station in bone.station]
    for row, station in enumerate(bone.station):
        place = f"bone.station[{row}]"
        widths = [key for key in _CANAL if getattr(station, key) is not None]
        if walls[row] and widths:
            message = f"give the canal by its wall or by its widths, not by {widths[0]} as well"
            yield Mistake(f"{place}.cortical_wall_mm", message, station.cortical_wall_mm)
        elif any(walls) and not walls[row]:
            message = "the wall is stated at another station; state it at all of them, or the canal's widths"
            yield Mistake(f"{place}.cortical_wall_mm", message)
        if station.outer_apex_deg is not None and not station.outer_triangularity:
            message = "an apex goes with a triangular share; add outer_triangularity, or leave this out"
            yield Mistake(f"{place}.outer_apex_deg", message, station.outer_apex_deg)
        if bone.core is not None:
            for key in ("cortical_wall_mm", "outer_triangularity"):
                if (value := getattr(station, key)) is not None:
                    message = (
                        "about a cancellous core sections are ellipses, with canals by their widths;"
                        " leave this or bone.core out"
                    )
                    yield Mistake(f"{place}.{key}", message, value)
