"""Press fit of a solid titanium stem in a cortical tube, meshes that do not match (A1).

The fit of `p_a1`, but stem and hub are meshed each for itself, so that their facets lie across each
other, as if one mesh had been turned against the other. A straight facet of 2 mm misses the circle of
radius 7 mm by 0.07 mm, more than the interference of 0.05 mm; the gap comes from the shapes and not
from the facets, and forces are passed on by integrals and not from node to node. The gates are those of
matching meshes.
"""

from __future__ import annotations

from functools import partial
from unittest.mock import patch

from fea.mesh.build import build_mesh
from tests.verification.case import Answer
from tests.verification.lame import FITS, held_against
from tests.verification.press_fits import case_of, solved

SOURCE = "Lamé; project's verification cases, section 1"
SLOW = False


def solve() -> Answer:
    """Solve `cases/verification/a1_*.toml` on two meshes that do not share the canal's surface."""
    with patch("fea.solving.build_mesh", partial(build_mesh, conforming=False)):
        study = solved(case_of("a1"))
    return held_against(FITS["a1"], study)
