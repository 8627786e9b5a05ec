"""Which end of a bone is which, as far as its shape tells.

A residual bone ends distally where the saw went, no wider than its shaft, and proximally in an epiphysis.
Where it is the other way round, an end within the shaft at the proximal side and distal of the cut a
section that is much wider than the shaft, the stated proximal direction may be wrong. It need not be: an
image that ends in the shaft looks the same. Two ends within the shaft, or two epiphyses, tell nothing.
"""

from __future__ import annotations

import numpy as np

from geometry.scanned.shaft import WIDER, Solid

#: How much larger than the shaft's smallest section an epiphysis is, at least.
FLARED = 2.0
#: An end within the shaft: the section so far under it, mm, is a shaft's, and one nearer to it, mm, has at
#: least this share of that, which an oblique saw leaves too.
_FAR, _NEAR, _SHARE = 20.0, 8.0, 0.5
#: Distance of sections, mm.
_PITCH = 2.0


def distal_flare(bone: Solid, length: float, skin: float = 1.5) -> float:
    """Measure how much wider than its shaft a bone becomes distal of its cut, if it ends in the shaft above.

    Parameters
    ----------
    bone : Solid
        In the implant's frame, the cut at level 0.
    length : float, mm
        Of the bone that is modelled.
    skin : float, mm
        How near to its distal end sections are taken.

    Returns
    -------
    float
        Largest section distal of the cut over the smallest one of the modelled bone; 0 where that is less
        than `FLARED`, or the proximal end is wider than a shaft.
    """
    foot, top = bone.extent
    if foot > -_NEAR or top < 2 * _FAR:
        return 0.0
    shaft, _ = bone.sections(np.arange(_PITCH, min(length, top - _FAR), _PITCH))
    near, far = bone.sections(np.array([top - _NEAR, top - _FAR]))[0].tolist()
    beyond, _ = bone.sections(np.arange(foot + skin, 0.0, _PITCH))
    if not (np.isfinite(shaft).any() and np.isfinite(beyond).any()):
        return 0.0
    least = float(np.nanmin(shaft))
    # Sections that cannot be taken are NaN and fail both.
    if not (near >= _SHARE * far and far <= WIDER * least):
        return 0.0
    flare = float(np.nanmax(beyond)) / least
    return flare if flare >= FLARED else 0.0
