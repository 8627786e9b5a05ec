"""Materials: elastic laws, bone from density, friction, limits, and one library of values.

Units are N, mm, MPa and tonne/mm^3; densities inside bone laws are in g/cm^3, as published.
"""

from __future__ import annotations

from materials.admissibility import check_positive_definite
from materials.bone import DensityChain, DensityLaw, isotropic_from_apparent_density
from materials.elasticity import VOIGT, Elasticity, Isotropic, Orthotropic, TransverselyIsotropic
from materials.entry import ASSUMPTION, GRADES, Entry
from materials.errors import MaterialError
from materials.friction import Friction
from materials.lattice import Lattice
from materials.library import LIBRARY_FILE, Library, read_library
from materials.material import Material
from materials.rotation import rotate_stiffness
from materials.strength import LIMITS, Limit

__all__ = [
    "ASSUMPTION",
    "GRADES",
    "LIBRARY_FILE",
    "LIMITS",
    "VOIGT",
    "DensityChain",
    "DensityLaw",
    "Elasticity",
    "Entry",
    "Friction",
    "Isotropic",
    "Lattice",
    "Library",
    "Limit",
    "Material",
    "MaterialError",
    "Orthotropic",
    "TransverselyIsotropic",
    "check_positive_definite",
    "isotropic_from_apparent_density",
    "read_library",
    "rotate_stiffness",
]
