"""The preloads of a case on its mesh."""

from __future__ import annotations

from fea.case.abutment_tables import SCREW
from fea.case.anchor_tables import BAR
from fea.case.case import Case
from fea.mesh.parts import Mesh
from fea.model.abutment_screw import screw_preload
from fea.model.anchor_bar import bar_preload
from fea.model.preload import Preload
from fea.model.taper_screw import taper_screw_preload
from geometry.socket import Socket


def preloads_of(case: Case, mesh: Mesh) -> tuple[Preload, ...]:
    """Return what a case's implant holds in tension.

    Parameters
    ----------
    case : Case
    mesh : Mesh
        Of that case.

    Returns
    -------
    tuple of Preload
        In the order of ``case.preloads``; empty without any.
    """
    made = {SCREW: screw_preload, BAR: bar_preload}
    if isinstance(case.bone, Socket):
        return tuple(
            taper_screw_preload(name, force, case.bone, mesh) for name, force in case.preloads.items()
        )
    return tuple(made[name](name, force, case.stem, mesh) for name, force in case.preloads.items())
