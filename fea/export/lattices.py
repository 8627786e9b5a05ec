"""Layers of a stem for a deck: a graded lattice as a few materials, each of one modulus.

A deck has one material a set of elements. The elements of a graded lattice are therefore
gathered in bins of equal ratio of modulus, and each bin has the mean modulus of its volume.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from fea.mesh.parts import Part
from fea.model.graded import element_modulus
from materials.elasticity import Elasticity, Isotropic
from materials.lattice import Lattice
from materials.material import Material

IntArray = NDArray[np.int64]

#: Most materials that a graded lattice becomes.
BINS = 20


def layer_materials(
    stem: Part, materials: Mapping[str, Material]
) -> tuple[dict[str, tuple[IntArray, Elasticity]], float]:
    """Return the stem's layers as sets of elements of one law each.

    Parameters
    ----------
    stem : Part
    materials : mapping of str to Material
        By the layer's zone.

    Returns
    -------
    layers : mapping of str to (ndarray, Elasticity)
        Element numbers from 1 and the law, by the zone; of a graded lattice by zone, colon and
        number of the bin, from the most compliant one.
    largest : float
        Largest share by which the modulus of an element differs from that of its bin.
    """
    found: dict[str, tuple[IntArray, Elasticity]] = {}
    largest = 0.0
    for name, rows in stem.regions.items():
        law = materials[name]
        if not isinstance(law, Lattice) or law.uniform:
            found[name] = (rows + 1, law.elasticity)
            continue
        assert isinstance(law.elasticity, Isotropic)
        modulus, volume = element_modulus(stem, rows, law)
        ratio = np.log(modulus / modulus.min()) / np.log(modulus.max() / modulus.min())
        code = np.minimum((BINS * ratio).astype(np.int64), BINS - 1)
        for number, bin_code in enumerate(np.unique(code), start=1):
            chosen = code == bin_code
            mean = float(np.average(modulus[chosen], weights=volume[chosen]))
            largest = max(largest, float(np.abs(modulus[chosen] / mean - 1.0).max()))
            found[f"{name}:{number:02d}"] = (rows[chosen] + 1, Isotropic(mean, law.elasticity.poisson_ratio))
    return found, largest
