"""What the picture of the assembly shows of a whole bone in the frontal plane."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fea.post import tokens
from fea.post.render.sheet import Panel, Sheet
from geometry.bone import Bone
from geometry.scanned.whole import Whole

FloatArray = NDArray[np.float64]


def whole_labels(bone: Bone, whole: Whole, tip: float) -> list[tuple[tuple[float, float, float], str]]:
    """Return places and words of shell and core.

    Parameters
    ----------
    bone : Bone
        With a core.
    whole : Whole
        Its outline.
    tip : float, mm
        Level of the stem's tip, above which there is cancellous bone.
    """
    level = min(0.35 * tip, 0.5 * bone.length)
    at = np.array([level])
    inner = float(bone.outer_semi_axes(at)[0, 1]) - 0.5 * float(whole.shell_at(at)[0])
    above = min(tip + 0.25 * (bone.length - tip), bone.length)
    words = f"cortical shell\n{bone.least_shell or 0.0:g} mm or more"
    return [((-inner, 0.0, level), words), ((0.0, 0.0, above), "cancellous bone")]


def draw_support(sheet: Sheet, panel: Panel, whole: Whole, kind: str, held: FloatArray) -> None:
    """Draw the sphere within which the surface is held, and say what is.

    Parameters
    ----------
    sheet : Sheet
    panel : Panel
    whole : Whole
    kind : str
        How it is held.
    held : ndarray, shape (n, 3), mm
        Nodes that are.
    """
    x, y = panel.place(tuple(held[held[:, 2].argmax()].tolist()))
    what = f"surface above {whole.held.above:g} mm {kind}" if whole.held.above is not None else ""
    if (head := whole.held.head) is not None:
        what = f"surface of the head {kind}"
        _, side, up = head.centre
        turns = np.linspace(-np.pi, np.pi, 181).tolist()
        reach = whole.held.within
        round_ = [panel.place((0.0, side + reach * np.cos(t), up + reach * np.sin(t))) for t in turns]
        sheet.line([p[0] for p in round_], [p[1] for p in round_], color=tokens.SUPPORT, lw=1.2, ls=":")
    sheet.callout((x, y), panel.right + 8.0, y + 6.0, what)
