"""A state file for ParaView: one double click shows the cut bone, the stem, the interface over the activity.

It states what differs from ParaView's defaults and no more; ParaView 5.10 and later read it. Files
are named as they lie here: where the folder has moved, ParaView's dialog finds them with "Search files under
specified directory".
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from fea.post import tokens
from fea.post.micromotion import judged_states
from fea.post.series import shown_states
from fea.study import Study

NAME = "view.pvsm"
#: Version of the format.
VERSION = "5.10.0"
#: How often ParaView cuts the edges of curved facets before it draws them.
SUBDIVISION = "2"
#: Factor by which the interface is drawn wider than the stem on which it lies.
OVER = 1.004


@dataclass(frozen=True)
class Ref:
    """Another proxy as the value of a property."""

    identity: str


@dataclass
class _State:
    """Proxies and the collections by which ParaView registers them."""

    root: ET.Element = field(default_factory=lambda: ET.Element("ServerManagerState", version=VERSION))
    collections: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def add(self, group: str, kind: str, collection: str, name: str, properties: Mapping[str, object]) -> Ref:
        """Add a proxy, registered by a name, and return what refers to it."""
        identity = str(1000 + len(self.root))
        proxy = ET.SubElement(self.root, "Proxy", group=group, type=kind, id=identity, servers="21")
        for key, value in properties.items():
            values = list(value) if isinstance(value, list | tuple) else [value]
            node = ET.SubElement(proxy, "Property", name=key, id=f"{identity}.{key}")
            node.set("number_of_elements", str(len(values)))
            for index, one in enumerate(values):
                if isinstance(one, Ref):
                    ET.SubElement(node, "Proxy", value=one.identity, output_port="0")
                else:
                    ET.SubElement(node, "Element", index=str(index), value=str(one))
        self.collections.setdefault(collection, []).append((identity, name))
        return Ref(identity)

    def helper(self, owner: Ref, key: str, proxy: Ref) -> None:
        """Move a proxy to the helpers of another one, as ParaView's panels expect."""
        for rows in self.collections.values():
            rows[:] = [row for row in rows if row[0] != proxy.identity]
        self.collections.setdefault(f"pq_helper_proxies.{owner.identity}", []).append((proxy.identity, key))

    def text(self) -> str:
        """Return the file's text."""
        for name, rows in self.collections.items():
            if rows:
                node = ET.SubElement(self.root, "ProxyCollection", name=name)
                for identity, title in rows:
                    ET.SubElement(node, "Item", id=identity, name=title)
        whole = ET.Element("ParaView")
        whole.append(self.root)
        ET.indent(whole)
        return ET.tostring(whole, encoding="unicode") + "\n"


def write_state(study: Study, folder: Path) -> Path:
    """Write the state file beside the VTK files that it opens.

    Parameters
    ----------
    study : Study
    folder : Path
        With the files of `fea.post.vtk_output.write_vtk`.

    Returns
    -------
    Path
    """
    path, draft = folder / NAME, folder / f".{NAME}.part"
    draft.write_text(state_text(study, folder.resolve()), encoding="utf-8")
    draft.replace(path)
    return path


def state_text(study: Study, folder: Path) -> str:
    """Return the state as text; parameters as in `write_state`."""
    state = _State()
    moving = bool(shown_states(study.walk))
    percent = [f"{value:.10g}" for value in study.walk.percent] if moving else ["0"]
    bone = _reader(state, "Bone", folder / "bone.vtu")
    stem = _reader(state, "Stem", folder / "stem.vtu")
    plane = state.add(
        "implicit_functions", "Plane", "helpers", "Plane", {"Normal": (0, 1, 0), "Origin": (0, 0, 0)}
    )
    cut = state.add(
        "filters", "Clip", "sources", "Bone, left half removed",
        {"Input": bone, "ClipFunction": plane, "Invert": 1, "Exact": 1},
    )  # fmt: skip
    state.helper(cut, "ClipFunction", plane)
    if moving:
        interface = state.add(
            "sources", "PVDReader", "sources", "Interface over the activity",
            {"FileName": folder / "activity.pvd"},
        )  # fmt: skip
    else:
        interface = _reader(state, "Interface after the press-fit", folder / "interface.vtu")
    name, title, paint = _field(study)
    table = _table(state, name, paint)
    shown = [
        _shown(state, cut, "Bone", _rgb(tokens.CORTICAL)),
        _shown(state, stem, "Stem", _rgb(tokens.STEM)),
        _shown(state, interface, "Interface", _rgb(tokens.COATINGS[0]), table, name),
        state.add(
            "representations", "ScalarBarWidgetRepresentation", "scalar_bars", "Legend",
            {
                "LookupTable": table, "Title": title, "ComponentTitle": "", "Visibility": 1, "Enabled": 1,
                "TitleColor": _rgb(tokens.INK), "LabelColor": _rgb(tokens.INK), "WindowLocation": 2,
                "UseCustomLabels": 1, "CustomLabels": list(paint[0]), "AddRangeLabels": 0,
                "AutomaticLabelFormat": 0, "LabelFormat": "%-#.3g",
            },
        ),
    ]  # fmt: skip
    if moving:
        instant = state.add(
            "filters", "TimeToTextConvertor", "sources", "Instant",
            {"Input": interface, "Format": "{time:.0f} % of the activity"},
        )  # fmt: skip
        shown.append(
            state.add(
                "representations", "TextSourceRepresentation", "representations", "Instant shown",
                {"Input": instant, "Color": _rgb(tokens.INK), "Visibility": 1},
            )
        )  # fmt: skip
    view = _view(state, study, shown)
    keeper = state.add(
        "misc", "TimeKeeper", "timekeeper", "TimeKeeper1",
        {
            "Time": percent[0], "TimestepValues": percent, "TimeSources": [bone, stem, interface],
            "Views": view,
        },
    )  # fmt: skip
    state.add(
        "animation", "AnimationScene", "animation", "AnimationScene1",
        {
            "AnimationTime": percent[0], "StartTime": percent[0], "EndTime": percent[-1], "PlayMode": 2,
            "TimeKeeper": keeper, "ViewModules": view,
        },
    )  # fmt: skip
    return state.text()


def _reader(state: _State, title: str, file: Path) -> Ref:
    return state.add("sources", "XMLUnstructuredGridReader", "sources", title, {"FileName": file})


def _field(study: Study) -> tuple[str, str, tuple[Sequence[float], Sequence[str]]]:
    """Return the array that the interface shows, its title, and edges and colours of its bands."""
    if judged_states(study.walk):
        name, title = "micromotion_from_start_um", "Micromotion since the cycle began, µm"
        return name, title, (tokens.BAND_EDGES, tokens.BAND_COLOURS)
    edges = np.linspace(0.0, tokens.PRESSURE.upper, len(tokens.SEQUENTIAL) + 1)[:-1]
    return "contact_pressure_MPa", "Contact pressure, MPa", (edges.tolist(), tokens.SEQUENTIAL)


def _table(state: _State, name: str, paint: tuple[Sequence[float], Sequence[str]]) -> Ref:
    """Add flat bands: every edge twice, so that no colour runs into the next one."""
    edges, colours = paint
    ends = [*edges[1:], edges[-1] + 1e-3]
    points: list[float | str] = []
    for low, high, colour in zip(edges, ends, colours, strict=True):
        rgb = _rgb(colour)
        points += [low, *rgb, high - 1e-6 * (high - low), *rgb]
    grey = _rgb(tokens.NO_CONTACT)
    return state.add(
        "lookup_tables", "PVLookupTable", "lookup_tables", f"{name}.PVLookupTable",
        {
            "RGBPoints": points, "ColorSpace": 0, "NanColor": grey, "ScalarRangeInitialized": 1,
            "UseAboveRangeColor": 1, "AboveRangeColor": _rgb(colours[-1]), "AutomaticRescaleRangeMode": -1,
        },
    )  # fmt: skip


def _shown(
    state: _State, source: Ref, title: str, colour: Iterable[str], table: Ref | None = None, name: str = ""
) -> Ref:
    properties: dict[str, object] = {
        "Input": source, "Representation": "Surface", "Visibility": 1, "AmbientColor": tuple(colour),
        "DiffuseColor": tuple(colour), "NonlinearSubdivisionLevel": SUBDIVISION,
    }  # fmt: skip
    if table is not None:
        properties |= {"ColorArrayName": ("", "", "", "0", name), "LookupTable": table}
        # It lies on the stem: wider by a hair, so that it is drawn over it.
        properties["Scale"] = (OVER, OVER, 1)
    return state.add(
        "representations", "UnstructuredGridRepresentation", "representations", f"{title} shown", properties
    )


def _view(state: _State, study: Study, shown: Sequence[Ref]) -> Ref:
    points = np.concatenate([study.mesh.bone.points, study.mesh.stem.points])
    low, high = points.min(axis=0), points.max(axis=0)
    middle = (low + high) / 2
    away = middle + 2 * float(high[2] - low[2]) * np.array([0.75, 0.62, 0.12])
    return state.add(
        "views", "RenderView", "views", "RenderView1",
        {
            "Representations": list(shown), "UseColorPaletteForBackground": 0, "Background": (1, 1, 1),
            "OrientationAxesLabelColor": _rgb(tokens.INK), "CameraParallelProjection": 1,
            "CameraFocalPoint": _numbers(middle), "CameraPosition": _numbers(away), "CameraViewUp": (0, 0, 1),
            "CameraParallelScale": f"{0.55 * (high[2] - low[2]):.6g}", "ViewSize": (1200, 900),
        },
    )  # fmt: skip


def _rgb(colour: str) -> tuple[str, ...]:
    return tuple(f"{int(colour[at : at + 2], 16) / 255:.5f}" for at in (1, 3, 5))


def _numbers(values: Iterable[float]) -> tuple[str, ...]:
    return tuple(f"{value:.6g}" for value in values)
