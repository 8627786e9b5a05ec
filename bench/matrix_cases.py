"""Cases of every bone with every family of implants, made from the examples in ``cases/``.

An implant is brought to the width of the bone's reamer: what stands across its axis and what is cut into its
flank by the ratio of the reamers' diameters, what runs along it by that of their depths where that is less.
"""

from __future__ import annotations

import importlib.util
import json
import tomllib
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "cases"

Tables = dict[str, Any]

#: Factor on the examples' element sizes: what is asked is whether a mesh is sound, not how exact it is.
COARSER = 1.3
#: Keys of a stem that run along its axis.
ALONG = ("length_mm", "protrusion_mm", "from_mm", "to_mm", "level_mm", "pin_levels_mm",
         "engagement_from_mm", "engagement_to_mm")  # fmt: skip
#: Keys whose length is the design's own and is stated for the scaled implant at once.
AS_STATED = ("bow_radius_mm", "N_per_mm")


@dataclass(frozen=True)
class Bone:
    """A bone of the table.

    Attributes
    ----------
    name
        Of its row.
    example
        Case file, without ending, with bone, activity, supports and criteria.
    change
        What is put over that file's tables.
    drill
        Diameter in mm of the drill of a threaded fixture, where the reamer's would not clear the canal.
    plate
        Diameter in mm of an anchor's plate, where the scaled one's edge would graze the bone's.
    fixture
        Case file of the bone's own threaded fixture, in place of the femur's.
    thread
        What is put over the fixture's stem, where the bone has no wall for the whole thread.
    finer
        Factor on the element sizes of a fixture: beside a wall of 3 mm elements of 6 mm end up inverted.
    """

    name: str
    example: str
    change: Mapping[str, Any] = field(default_factory=dict)
    drill: float | None = None
    plate: float | None = None
    fixture: str | None = None
    thread: Mapping[str, Any] = field(default_factory=dict)
    finer: float = 1.0


@dataclass(frozen=True)
class Implant:
    """A family of implants.

    Attributes
    ----------
    name
        Of its column.
    example
        Case file, without ending, with stem, reaming, fit and element sizes.
    change
        What is put over that file's tables before they are scaled; None takes a key out.
    drawn
        Maker in ``cases/stems`` of a stem from a file, and the file's ending.
    """

    name: str
    example: str
    change: Mapping[str, Any] = field(default_factory=dict)
    drawn: tuple[str, str] | None = None


#: A shell of 4.5 mm about cancellous bone from 40 mm above the cut on, as towards a metaphysis.
_CORE = {"core": {"material": "cancellous", "cortical_thickness_mm": 4.5, "from_mm": 40.0}}

BONES = (
    Bone("ellipses, bowed", "femur_press_fit"),
    Bone(
        "triangular, tibia",
        "tibia_press_fit",
        drill=17.0,
        finer=0.7,
        thread={"length_mm": 50.0, "thread": {"to_mm": 41.0, "depth_mm": 1.0}},
    ),
    Bone("site humerus", "humerus_press_fit"),
    Bone("cancellous core", "femur_short_lag_screw", {"bone": _CORE}),
    Bone("jaw", "jaw_dental_screw", fixture="jaw_dental_screw"),
    Bone("surface", "femur_scanned", drill=17.0, thread={"thread": {"from_mm": 24.0}}),
    Bone("CT volume", "femur_ct", drill=17.0, plate=29.0),
    Bone("askew", "femur_varus"),
)

_BARE: Tables = {"collar": None}
_FIXTURE: Tables = {"abutment": None, "bore_diameter_mm": None, "protrusion_mm": 25.0}
IMPLANTS = (
    Implant("straight", "femur_press_fit", {"stem": _BARE}),
    Implant("tapered", "femur_press_fit", {"stem": _BARE | {"tip_diameter_mm": 15.0}}),
    Implant("bowed", "femur_bowed"),
    Implant("fluted", "femur_press_fit", {"stem": _BARE | {"flutes": {
        "number": 6, "depth_mm": 0.8, "width_mm": 3.0, "from_mm": 60.0, "to_mm": 130.0, "run_out_mm": 5.0}}}),
    Implant("splined", "femur_splined"),
    Implant("slotted tip", "femur_press_fit", {"stem": _BARE | {
        "slot": {"width_mm": 2.5, "depth_mm": 30.0}}}),
    Implant("bearing collar", "femur_distal_porous"),
    Implant("two zones", "femur_two_zones"),
    Implant("layer", "femur_coated_layer"),
    Implant("graded lattice", "femur_graded_lattice"),
    Implant("rings", "femur_threaded", {"stem": _FIXTURE | {
        "thread": {"form": "rings", "run_out_mm": 0.0}}}),
    Implant("helix", "femur_threaded", {"stem": _FIXTURE}),
    Implant("abutment, screw", "femur_threaded"),
    Implant("lag screw", "femur_short_lag_screw"),
    Implant("anchor", "femur_pretensioned"),
    Implant("STEP", "femur_press_fit", {}, ("make_custom_stem", "step")),
    Implant("STL", "femur_press_fit", {}, ("make_bowed_stem", "stl")),
)  # fmt: skip


def write_case(bone: Bone, implant: Implant, folder: Path) -> Path:
    """Write the case of an implant in a bone, and the file of its stem where it has one.

    Parameters
    ----------
    bone : Bone
    implant : Implant
    folder : Path
        Where the files come to stand.

    Returns
    -------
    Path
        Of the case file.
    """
    host = _over(_example(bone.example), bone.change)
    threaded = implant.example == "femur_threaded"
    source = bone.fixture if implant.name in ("rings", "helix") and bone.fixture else implant.example
    guest = _over(_example(source), implant.change)
    guest = _over(guest, {"stem": bone.thread}) if threaded else guest
    width = bone.drill if threaded and bone.drill else host["reaming"]["diameter_mm"]
    across = width / guest["reaming"]["diameter_mm"]
    along = min(across, host["reaming"]["depth_mm"] / guest["reaming"]["depth_mm"])
    made = {name: host[name] for name in ("schema_version", "bone", "supports", "activity", "criteria")}
    made["title"] = f"{implant.name} in {bone.name}"
    made |= {"seating": host["seating"]} if "seating" in host else {}
    made["reaming"] = _scaled(guest["reaming"], across, along, ("depth_mm",))
    made["stem"] = _scaled(guest["stem"], across, along, ALONG)
    made["stem"]["adapter"] = host["stem"]["adapter"]
    if bone.plate and "anchor" in made["stem"]:
        made["stem"]["collar"]["diameter_mm"] = bone.plate
    made["fit"] = {zone: _without_bands(fit) for zone, fit in guest["fit"].items()}
    larger = COARSER * across * (bone.finer if threaded else 1.0)
    made["mesh"] = {key: round(larger * size, 3) for key, size in guest["mesh"].items()}
    made["mesh"] |= {key: size for key, size in host["mesh"].items() if key == "shell_size_mm"}
    if implant.drawn is not None:
        made["stem"] = _from_file(made["stem"], implant.drawn, folder)
    path = folder / "case.toml"
    path.write_text(toml_of(_beside(made)), encoding="utf-8")
    return path


def _example(name: str) -> Tables:
    return tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))


def _over(tables: Tables, change: Mapping[str, Any]) -> Tables:
    """Put changes over tables, key by key; None takes a key out."""
    made = deepcopy(tables)
    for key, value in change.items():
        if value is None:
            made.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(made.get(key), dict):
            made[key] = _over(made[key], value)
        else:
            made[key] = deepcopy(value)
    return made


def _scaled(tables: Tables, across: float, along: float, levels: tuple[str, ...]) -> Tables:
    """Scale every length of tables."""
    made: Tables = {}
    for key, value in tables.items():
        factor = along if key in levels else across
        if isinstance(value, dict):
            made[key] = _scaled(value, across, along, levels)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            made[key] = [_scaled(each, across, along, levels) for each in value]
        elif not key.endswith("_mm") or key.endswith(AS_STATED):
            made[key] = value
        else:
            made[key] = (
                [round(each * factor, 4) for each in value]
                if isinstance(value, list)
                else round(value * factor, 4)
            )
    return made


def _without_bands(fit: Any) -> Any:
    return {key: value for key, value in fit.items() if "_band" not in key} if isinstance(fit, dict) else fit


def _beside(made: Tables) -> Tables:
    """Name the files of an example by their whole path."""
    made = deepcopy(made)
    for table, key in ((made["activity"], "history"), (made["criteria"], "file")):
        table[key] = str(CASES / table[key])
    for source in ("surface", "ct"):
        if source in made["bone"]:
            made["bone"][source]["file"] = str(CASES / made["bone"][source]["file"])
    return made


def _from_file(stem: Tables, drawn: tuple[str, str], folder: Path) -> Tables:
    """Draw a stem as wide as the reamer, and name its file in place of a shape."""
    maker, ending = drawn
    module = _maker(maker)
    _DRAWN[maker](module, stem["diameter_mm"] / 2, stem["length_mm"], stem["protrusion_mm"])
    module.main(folder / f"stem.{ending}")
    coating = {"from_mm": stem["coating"]["from_mm"], "to_mm": stem["coating"]["to_mm"]}
    return {
        "file": f"stem.{ending}",
        "material": stem["material"],
        "coating": coating,
        "adapter": stem["adapter"],
    }


def _maker(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, CASES / "stems" / f"{name}.py")
    assert spec is not None, "the makers stand beside the cases"
    assert spec.loader is not None, "a file of source has a loader"
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _sections(maker: ModuleType, radius: float, length: float, neck: float) -> None:
    """Let the maker of the STEP stem draw one that is line to line with the reamer up to its tip."""
    end = radius - 0.3 * radius / 8.0
    stations = ((-neck, radius), (0.0, radius), (0.7 * length, radius), (length, end))
    maker.SECTIONS = tuple((level, half, half) for level, half in stations)
    maker.TIP_RADIUS = 0.3 * radius


def _triangles(maker: ModuleType, radius: float, length: float, neck: float) -> None:
    """Let the maker of the STL stem draw a straight round one of the reamer's width."""
    maker.CHORD = maker.TOP = length
    maker.BOW_RADIUS, maker.CLEAR = 1e6, 0.7 * length
    maker.CANAL = ((0.0, radius, radius), (2.0 * length, radius, radius))
    maker.BOTTOM, maker.NECK, maker.NECK_END = -neck, 0.95 * radius, -0.2 * neck
    maker.TIP_RADIUS, maker.ROUNDING = 0.3 * radius, 8
    maker.AROUND, maker.ALONG = 72, 0.25 * radius


_DRAWN: dict[str, Callable[[ModuleType, float, float, float], None]] = {
    "make_custom_stem": _sections,
    "make_bowed_stem": _triangles,
}


def toml_of(tables: Mapping[str, Any]) -> str:
    """Write tables as TOML; tables below the first level stand in line.

    Parameters
    ----------
    tables : mapping
    """
    plain = [f"{key} = {_inline(value)}" for key, value in tables.items() if not isinstance(value, dict)]
    heads = [
        f"\n[{key}]\n" + "\n".join(f"{name} = {_inline(each)}" for name, each in value.items())
        for key, value in tables.items()
        if isinstance(value, dict)
    ]
    return "\n".join([*plain, *heads]) + "\n"


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_inline(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_inline(each) for each in value) + "]"
    return json.dumps(value)
