"""The stem at the depth at which it stands: moved from where it was planned, and whether it goes there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from fea.case.clearances import shape_mistakes
from fea.case.gathering import Report
from fea.case.mistake import Mistake
from geometry.bone import Bone
from geometry.cad_stem import CadStem
from geometry.canal import Canal
from geometry.depth import deepest, moved
from geometry.engagement import engage
from geometry.reaming import Reaming
from geometry.stem import Stem

#: Where the depth stands.
DEPTH = "seating.depth_mm"


def put_at_depth(stem: Stem, depth: float, report: Report) -> Stem | None:
    """Return the stem where it stands, or None after reporting why it cannot be there.

    Parameters
    ----------
    stem : Stem
        As planned.
    depth : float, mm
    report : Report
    """
    return report.attempt(DEPTH, depth, partial(moved, stem, depth))


def require_together(
    bone: Bone,
    reaming: Reaming | None,
    stems: tuple[Stem, Stem],
    depth: float,
    fit: tuple[float, bool],
    seat: Report,
) -> None:
    """Report why bone, reamer and stem do not go together: as planned first, then where the stem stands.

    Parameters
    ----------
    bone : Bone
    reaming : Reaming or None
    stems : pair of Stem
        As planned, and where it stands.
    depth : float, mm
    fit : float and bool
        The largest radial interference, mm, and whether the stem may come out above the bone.
    seat : Report
    """
    planned, stem = stems
    canal = Canal(bone, reaming)
    before = len(seat.problems)
    for mistake in shape_mistakes(bone, reaming, planned, *fit):
        seat.add(mistake)
    if len(seat.problems) > before or isinstance(planned, CadStem):
        return
    seat.attempt("stem", ..., partial(engage, canal, planned))
    if len(seat.problems) > before or depth == 0.0:
        return
    for mistake in _off_depth(canal, stems, depth, fit):
        seat.add(mistake)
    if len(seat.problems) == before:
        seat.attempt(DEPTH, depth, partial(engage, canal, stem))


def _off_depth(
    canal: Canal, stems: tuple[Stem, Stem], depth: float, fit: tuple[float, bool]
) -> Iterator[Mistake]:
    """Yield what keeps a stem from the depth at which it shall stand."""
    planned, stem = stems
    most = deepest(canal, planned, depth)
    if most is not None:
        assert canal.reaming is not None, "there is a bottom where there was a reamer"
        message = (
            f"sunk so far the tip, at {stem.length:.4g} mm, runs onto the bottom of the reamed hole, which"
            f" ends at {canal.reaming.depth:g} mm in bone that is not open; give at most {most:.3g} mm, or"
            " ream deeper"
        )
        yield Mistake(DEPTH, message, depth)
        return
    for mistake in shape_mistakes(canal.bone, canal.reaming, stem, *fit):
        yield Mistake(DEPTH, mistake.message, depth)
