"""A collar that bears on the cut: what carries an axial load, by equilibrium.

A stem that touches bone with its collar alone hands the whole load over there. With a gap under the
collar and no friction on the smooth rest the porous zone has to carry it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fea.cache import Cache
from fea.case.reader import read_case
from fea.post.interface_quantities import collar_force
from fea.post.quantities import judged_quantities
from fea.progress import Clock
from fea.solving import Tools, solve_case
from fea.study import Study

CASE = """
schema_version = 1
title = "A collar that bears"

[bone]
length_mm = 20.0
material = {{ youngs_modulus_MPa = 17000, poisson_ratio = 0.3 }}

[[bone.station]]
outer_diameter_mm = 28.0
canal_diameter_mm = 14.0

[reaming]
diameter_mm = {reamer}
depth_mm = 20.0

[stem]
diameter_mm = 16.0
length_mm = 18.0
tip_radius_mm = 3.0
material = "ti_6al_4v"
coating = {{ to_mm = 10.0 }}
collar = {{ diameter_mm = 24.0, thickness_mm = 4.0, gap_um = {gap} }}

[fit.coated]
diametral_interference_um = {interference}
friction = {friction}

[fit.uncoated]
friction = 0.0

[fit.collar]
friction = 0.0

[supports]
bone_proximal = "clamped"

[activity]
history = "push.toml"
body_weight_N = 800.0
limb_side = "right"
instants_per_cycle = 4
cycles = 1

[mesh]
interface_size_mm = 4.0
far_size_mm = 8.0
companion = false
"""

HISTORY = """
schema_version = 1
title = "A push along the implant"
synthetic = true
grade = "D"
source = "this test"
body = "implant"
axes = "anterior, lateral, proximal"
sign_convention = "right limb, right-handed moments"
moment_point = "reference_point"
interpolation = "pchip"
period_s = 1.0

[units]
force = "percent_BW"
moment = "percent_BWm"

[components]
force_anterior = [[0, 0.0], [100, 0.0]]
force_lateral = [[0, 0.0], [100, 0.0]]
force_proximal = [[0, 50.0], [50, 100.0], [100, 50.0]]
moment_anterior = [[0, 0.0], [100, 0.0]]
moment_lateral = [[0, 0.0], [100, 0.0]]
moment_proximal = [[0, 0.0], [100, 0.0]]
"""


def pushed(folder: Path, **stated: float) -> Study:
    (folder / "push.toml").write_text(HISTORY)
    (folder / "collar.toml").write_text(CASE.format(**stated))
    return solve_case(read_case(folder / "collar.toml"), Tools(Cache(folder / "cache"), Clock()))


def share(study: Study) -> float:
    told = {quantity.name: quantity.value for quantity in judged_quantities(study)}
    return told["collar_axial_share_percent"]


def test_a_stem_that_touches_with_its_collar_alone_hands_the_whole_load_over_there(tmp_path: Path) -> None:
    """0.4 mm of clearance round the flank: equilibrium, at every instant, to round-off."""
    study = pushed(tmp_path, reamer=16.8, gap=0.0, interference=0.0, friction=0.0)
    loads = np.array([state.wrench[2] for state in study.walk.judged])
    assert loads.max() == pytest.approx(800.0)
    carried = [collar_force(study.interface, state) for state in study.walk.judged]
    np.testing.assert_allclose(carried, loads, rtol=1e-9)
    assert share(study) == pytest.approx(100.0, rel=1e-9)


def test_with_the_collar_open_the_coating_carries_the_load_alone(tmp_path: Path) -> None:
    """The rest slides: what the normals of its curved facets have along the axis is all that it carries.

    Forces of vertices add up to the load as nearly as vertices have one normal, to 1e-6.
    """
    study = pushed(tmp_path, reamer=16.0, gap=200.0, interference=40.0, friction=0.6)
    assert share(study) == 0.0
    interface, peak = study.interface, max(study.walk.judged, key=lambda state: state.wrench[2])
    pressure, axial, around = peak.traction.T
    along = interface.area * (
        pressure * interface.normal[:, 2] + axial * interface.axial[:, 2]
        + around * interface.circumferential[:, 2]
    )  # fmt: skip
    carried = {zone: along[interface.within(zone)].sum() / 800.0 for zone in interface.zones}
    assert sum(carried.values()) == pytest.approx(1.0, rel=1e-5)
    assert carried["coated"] == pytest.approx(1.0, abs=1e-3)
