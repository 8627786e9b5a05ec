"""The small femur with a layer of porous titanium, through the whole pipeline and into a deck."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import meshio
import numpy as np
import pytest
import pyvista as pv

import fea.model.build
from fea.cache import Cache, kept_study
from fea.case.reader import read_case
from fea.export.deck import Contact, assemble_deck
from fea.export.writer import write_deck
from fea.pipeline import run
from fea.post.body_parts import stem_core, stem_layers
from fea.progress import Clock
from fea.solving import Tools, solve_case
from fea.study import Study
from tests.regression.test_small_femur import CASE, ROOT

LAYER = 'to_mm = 50.0\nthickness_mm = 1.0\nmaterial = "porous_titanium_coating"\n'


@dataclass(frozen=True, eq=False)
class Ran:
    """Where the results are, the summary, and the study."""

    folder: Path
    summary: dict[str, Any]
    study: Study

    def quantity(self, name: str) -> dict[str, Any]:
        (found,) = (entry for entry in self.summary["quantities"] if entry["name"] == name)
        return dict(found)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("layer")
    path = folder / "layered.toml"
    path.write_text(CASE.format(root=ROOT, friction=0.3, gap=5.0).replace("to_mm = 50.0\n", LAYER))
    outcome = run(path, folder / "results")
    study = kept_study(Cache(folder / "results" / ".cache"), "layered")
    assert isinstance(study, Study)
    return Ran(outcome.folder, json.loads((outcome.folder / "summary.json").read_text()), study)


def test_the_run_is_in_balance(ran: Ran) -> None:
    """The project's gates, as without a layer."""
    balance = ran.summary["balance"]
    assert balance["reaction"] < 1e-6
    assert balance["contact"] < 1e-6
    assert balance["residual"] < 1e-8


def test_core_and_layer_report_their_own_stress(ran: Ran) -> None:
    """Each is the largest over its own nodes and instants; the softer layer has less."""
    core, layer = ran.quantity("stem_von_mises_MPa"), ran.quantity("coated_layer_von_mises_MPa")
    assert core["zone"] == "core of the stem, away from rims"
    assert layer["zone"].endswith("porous_titanium_coating states no strength to hold it against")
    assert 0.0 < layer["value"] < 0.5 * core["value"]
    x, y, z = layer["place_mm"]
    assert 7.0 - 1e-6 < np.hypot(x, y) < 8.0 + 1e-6
    assert 0.0 <= z <= 50.0
    judged = [entry for entry in ran.summary["criteria"] if entry["quantity"] == "stem_von_mises_MPa"]
    assert judged[0]["value"] == core["value"]


def test_stress_is_that_of_the_strain_in_the_material_of_each_node(ran: Ran) -> None:
    study = ran.study
    strain, stress = np.asarray(study.stem.strain[0]), np.asarray(study.stem.stress[0])
    (layer, in_layer), (_, in_core) = stem_layers(study.mesh.stem)["coated"], stem_core(study.mesh.stem)
    laws = (study.case.stem_material, study.case.layer_materials["coated"])
    for rows, material in zip((in_core, in_layer), laws, strict=True):
        expected = strain[rows] @ material.elasticity.stiffness()
        assert stress[rows] == pytest.approx(expected, abs=1e-9 * float(np.abs(stress).max()))
    assert len(in_core) + len(in_layer) == len(stress) > len(study.mesh.stem.points)
    assert np.hypot(*layer.points[:, :2].T).min() == pytest.approx(7.0, abs=1e-6)


def test_paraview_sees_three_materials(ran: Ran) -> None:
    stem = pv.read(ran.folder / "stem.vtu")
    number, many = np.unique(stem.cell_data["material"], return_counts=True)
    rows = ran.study.mesh.stem.regions["coated"]
    assert dict(zip(number.tolist(), many.tolist(), strict=True)) == {
        2: len(ran.study.mesh.stem.tets) - len(rows),
        3: len(rows),
    }
    assert stem.field_data["material_3_is_porous_titanium_coating"][0] == 3.0


@pytest.mark.parametrize("dialect", ["calculix", "abaqus"])
def test_a_deck_has_the_layer_as_a_set_of_its_own(ran: Ran, tmp_path: Path, dialect: str) -> None:
    """Read back by other means: three blocks of elements, and the layer's two constants."""
    mesh = ran.study.mesh
    main = write_deck(assemble_deck(ran.study.case, mesh, 3, Contact()), tmp_path, "layered", dialect)
    found = meshio.read(main)
    rows = mesh.stem.regions["coated"]
    wanted = [len(mesh.stem.tets) - len(rows), len(rows), len(mesh.bone.tets)]
    assert [len(block.data) for block in found.cells] == wanted
    assert np.array_equal(found.cells[1].data, mesh.stem.tets[rows])
    lines = main.read_text(encoding="ascii").splitlines()
    start = lines.index("*MATERIAL, NAME=COATED_LAYER_MATERIAL")
    assert [float(word) for word in lines[start + 2].split(",")] == [10000.0, 0.3]
    assert lines[start + 3] == "*SOLID SECTION, ELSET=COATED_LAYER, MATERIAL=COATED_LAYER_MATERIAL"


@pytest.mark.slow
def test_near_the_limit_of_slip_no_scale_of_the_law_loses_the_stem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A softer layer slips nearly everywhere before the collar bears; every scale has the same answer."""
    path = tmp_path / "soft.toml"
    soft = LAYER.replace('"porous_titanium_coating"', "{ youngs_modulus_MPa = 5000.0, poisson_ratio = 0.3 }")
    path.write_text(CASE.format(root=ROOT, friction=0.3, gap=5.0).replace("to_mm = 50.0\n", soft))
    case, tools = read_case(path), Tools(Cache(tmp_path), Clock())
    own = solve_case(case, tools, alone="own scale").walk
    scale = fea.model.build._traction_scale
    monkeypatch.setattr(fea.model.build, "_traction_scale", lambda *bodies: 0.1 * scale(*bodies))
    other = solve_case(case, tools, alone="a tenth").walk
    assert own.loss is None
    assert other.loss is None
    for mine, theirs in zip(own.cycles[-1], other.cycles[-1], strict=True):
        np.testing.assert_allclose(mine.traction, theirs.traction, atol=1e-6 * np.abs(mine.traction).max())
