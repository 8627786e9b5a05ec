"""The state file for ParaView: whole, of files that are there, and opened by ParaView itself."""

from __future__ import annotations

import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fea.post import tokens
from fea.post.paraview import NAME, state_text, write_state
from fea.post.vtk_output import write_vtk
from fea.study import Study
from tests.unit.post.synthetic import seated_study


def values(proxy: ET.Element, name: str) -> list[str]:
    (found,) = (node for node in proxy.iter("Property") if node.get("name") == name)
    assert found.get("number_of_elements") == str(len(found))
    return [str(one.get("value")) for one in found]


def proxies(text: str) -> dict[str, ET.Element]:
    return {str(node.get("id")): node for node in ET.fromstring(text).iter("Proxy") if node.get("type")}


def of_kind(text: str, kind: str) -> list[ET.Element]:
    return [node for node in proxies(text).values() if node.get("type") == kind]


def test_every_reference_is_to_a_proxy_of_the_file(study: Study, tmp_path: Path) -> None:
    text = state_text(study, tmp_path)
    known = proxies(text)
    root = ET.fromstring(text)
    used = {node.get("value") for node in root.iter("Proxy") if node.get("value")}
    named = [node.get("id") for node in root.iter("Item")]
    assert used <= set(known)
    assert sorted(named) == sorted(known)  # each is registered once


def test_it_opens_the_files_that_are_written(study: Study, tmp_path: Path) -> None:
    write_vtk(study, tmp_path)
    text = write_state(study, tmp_path).read_text(encoding="utf-8")
    files = [Path(values(node, "FileName")[0]) for kind in ("XMLUnstructuredGridReader", "PVDReader")
             for node in of_kind(text, kind)]  # fmt: skip
    assert sorted(file.name for file in files) == ["activity.pvd", "bone.vtu", "stem.vtu"]
    assert all(file.is_file() and file.is_absolute() for file in files)
    assert not list(tmp_path.glob(".*"))


def test_colours_are_bands_with_the_edges_of_the_criteria(study: Study, tmp_path: Path) -> None:
    (table,) = of_kind(state_text(study, tmp_path), "PVLookupTable")
    points = np.array(values(table, "RGBPoints"), dtype=float).reshape(-1, 4)
    np.testing.assert_allclose(points[::2, 0], tokens.BAND_EDGES)
    np.testing.assert_allclose(points[::2, 1:], points[1::2, 1:])  # flat from edge to edge
    assert (np.diff(points[:, 0]) > 0).all()
    (bar,) = of_kind(state_text(study, tmp_path), "ScalarBarWidgetRepresentation")
    assert [float(label) for label in values(bar, "CustomLabels")] == list(tokens.BAND_EDGES)


def test_time_is_percent_of_the_activity(study: Study, tmp_path: Path) -> None:
    (keeper,) = of_kind(state_text(study, tmp_path), "TimeKeeper")
    np.testing.assert_allclose(np.array(values(keeper, "TimestepValues"), dtype=float), study.walk.percent)


def test_a_press_fit_alone_shows_its_pressure(tmp_path: Path) -> None:
    study = seated_study()
    text = state_text(study, tmp_path)
    assert not of_kind(text, "PVDReader")
    assert [values(node, "FileName")[0] for node in of_kind(text, "XMLUnstructuredGridReader")][-1].endswith(
        "interface.vtu"
    )
    (table,) = of_kind(text, "PVLookupTable")
    assert float(values(table, "RGBPoints")[0]) == 0.0
    assert "contact_pressure_MPa" in text


PVPYTHON, SCREEN = shutil.which("pvpython"), shutil.which("Xvfb")

ENVIRONMENT = {"DISPLAY": ":87", "LIBGL_ALWAYS_SOFTWARE": "1", "PATH": "/usr/bin:/bin"}

LOOK = """
import sys
from paraview.simple import *
state, picture = sys.argv[1:]
LoadState(state)
view = GetActiveViewOrCreate("RenderView")
scene = GetAnimationScene()
scene.UpdateAnimationUsingDataTimeSteps()
scene.AnimationTime = view.ViewTime = float(scene.EndTime) / 2
Render(view)
SaveScreenshot(picture, view, ImageResolution=[800, 600])
print("opened", sorted(name for name, _ in GetSources()), scene.EndTime)
"""


@pytest.mark.slow
@pytest.mark.skipif(
    PVPYTHON is None or SCREEN is None or sys.platform != "linux", reason="no pvpython or no Xvfb on the path"
)
def test_paraview_opens_it_and_draws(study: Study, tmp_path: Path) -> None:
    """Bone, stem and the lowest band of micromotion are on the picture."""
    write_vtk(study, tmp_path)
    state, picture, look = write_state(study, tmp_path), tmp_path / "look.png", tmp_path / "look.py"
    assert state.name == NAME
    look.write_text(LOOK, encoding="utf-8")
    assert PVPYTHON is not None
    assert SCREEN is not None
    said = ""
    with subprocess.Popen(
        [SCREEN, ":87", "-screen", "0", "1000x800x24"], stderr=subprocess.DEVNULL
    ) as screen:
        try:
            for _ in range(4):  # a window is not always to be had at once
                done = subprocess.run(
                    [PVPYTHON, str(look), str(state), str(picture)],
                    env=ENVIRONMENT | {"HOME": str(tmp_path)},
                    capture_output=True, text=True, timeout=120, check=False,
                )  # fmt: skip
                said = done.stdout
                if done.returncode == 0:
                    break
        finally:
            screen.terminate()
    assert "Interface over the activity" in said
    pixels = np.asarray(Image.open(picture).convert("RGB")).reshape(-1, 3).astype(float)
    for colour in (tokens.CORTICAL, tokens.STEM, tokens.BAND_COLOURS[0]):
        rgb = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], dtype=float)
        near = np.abs(pixels / np.maximum(pixels.max(axis=1, keepdims=True), 1) - rgb / rgb.max()).max(axis=1)
        assert ((near < 0.03) & (pixels.max(axis=1) < 254)).sum() > 100, colour
