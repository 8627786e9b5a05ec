"""Names of the zones of a stem: its coatings, the rest of its flank, and what is no part of it."""

from __future__ import annotations

import re
from collections.abc import Iterable

#: The zone of a stem without coating or beside its coatings, and the one under the collar.
UNCOATED, COLLAR = "uncoated", "collar"
#: The zones of splines, a thread and a lag screw, where they stand in bone.
SPLINES, THREAD, LAG_SCREW = "splines", "thread", "lag_screw"
#: The region of an abutment that is of another material.
ABUTMENT = "abutment"
#: The region of the bone within its cortical shell, and the facets at the cuts of a jaw's segment.
CANCELLOUS, ENDS = "cancellous", "ends"
#: Zones that are no part of the flank: they have no angle and level on it, and cannot be unrolled with it.
OFF_FLANK = (COLLAR, LAG_SCREW)
#: Zones whose fit is stated apart from that of the flank.
APART = (COLLAR, SPLINES, LAG_SCREW)
#: Name of a coating that states none.
COATED = "coated"
#: Names that mean something else: zones, facets of a mesh, every zone at once.
RESERVED = (
    UNCOATED, COLLAR, SPLINES, THREAD, LAG_SCREW, ABUTMENT, "distal_end", "proximal_end", "free", "canal",
    "cut", "all", CANCELLOUS, ENDS,
)  # fmt: skip
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")


def wrong_name(name: str) -> str | None:
    """Say what is wrong with the name of a coating; None where it may stand.

    Parameters
    ----------
    name : str

    Returns
    -------
    str or None
        What follows "the name", such as ``"must be ..."``.
    """
    if not _NAME.fullmatch(name):
        return "must be of at most 32 lower-case letters, digits and underscores, a letter first"
    if name in RESERVED:
        return f"must be none of {', '.join(RESERVED)}, which mean something else"
    return None


def fitted(zones: Iterable[str]) -> tuple[str, ...]:
    """Return those of a stem's zones whose fit may vary: the flank's, or where it has none the collar."""
    names = tuple(zones)
    return tuple(zone for zone in names if zone not in APART) or names


def porous(zones: Iterable[str]) -> tuple[str, ...]:
    """Return those of a stem's zones that are coatings, in their order."""
    return tuple(zone for zone in zones if zone not in (UNCOATED, THREAD, *APART))
