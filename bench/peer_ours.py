"""One solve of a case by the product, in a process of its own, saved for the comparison with a peer.

Usage: peer_ours.py CASE COARSENING INSTANTS FIT CACHE OUTPUT.npz, with FIT ``deck`` for the fit as a deck
states it or ``case`` for the case's own. The mesh comes from the cache, factors do not.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
from peer_history import gap_of_deck, one_cycle

from fea.cache import Cache
from fea.case.reader import read_case
from fea.model.recover import displacements, recover_fields
from fea.model.walk import walk_history
from fea.progress import Clock
from fea.solving import Tools, factor_case, friction_of, mesh_case, plan_of


def main(case_path: str, coarsening: str, instants: str, fit: str, cache: str, output: str) -> None:
    own_fit = fit == "case"
    case = one_cycle(read_case(Path(case_path)), int(instants))
    mesh = mesh_case(case, Tools(Cache(Path(cache)), Clock()), float(coarsening))
    with tempfile.TemporaryDirectory(prefix="osseofit-peer-") as fresh:
        model, _ = factor_case(case, mesh, Tools(Cache(Path(fresh)), Clock()))
        gap = model.operators.gap if own_fit else gap_of_deck(case, mesh, model.operators)
        track = walk_history(model, model.problem(gap, friction_of(case)), plan_of(case))
        stem, bone = map(np.asarray, displacements(model, track.judged))
        fields = recover_fields(model.stem, stem, case.stem_material.elasticity.stiffness())
    walk = track.walk
    states = [walk.press_fit, *walk.judged]
    if walk.loss is not None:
        raise SystemExit(f"fixation is lost in {case_path}: there is nothing to compare")
    np.savez(
        output,
        stem=np.moveaxis(stem.reshape(-1, 3, len(states)), 2, 0),
        bone=np.moveaxis(bone.reshape(-1, 3, len(states)), 2, 0),
        pressure=np.stack([state.traction[:, 0] for state in states]),
        stress=fields.stress,
        iterations=np.array([state.iterations for state in states]),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
