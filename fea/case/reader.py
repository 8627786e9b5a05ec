"""Read a case file: one pass that reports every mistake at once and converts once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from fea.case.cad_table import CadStemTable, cad_mistakes, coated, read_stem, sized
from fea.case.case import Activity, Case, Output, Steps, Supports
from fea.case.checks import table_mistakes
from fea.case.clearances import extreme_mistakes
from fea.case.conversion import (
    bands_of,
    bone_of,
    fit_of,
    largest_interference,
    material_of,
    mesh_sizes_of,
    preloads_of,
    reaming_of,
    stem_of,
)
from fea.case.criteria import read_criteria
from fea.case.ct_table import ct_mistakes, read_ct
from fea.case.depths import put_at_depth, require_together
from fea.case.gathering import Report, read_beside, stated_name
from fea.case.material_reading import materials_of, put_density, put_lattices
from fea.case.mistake import Mistake
from fea.case.outside import acts_at_mistakes, fail_safe_mistakes, margin_mistakes
from fea.case.scan_table import read_scan, scan_mistakes
from fea.case.schema import ActivityTable, CaseFile
from fea.case.site_reading import with_site
from fea.case.surface_conditions import (
    endurance_mistakes,
    friction_mistakes,
    read_conditions,
    unfilled,
    with_friction,
)
from fea.case.taper_tables import TAPER_JOINT, no_stem_in_bone
from fea.case.uncertainty import Uncertainty
from fea.case.uncertainty_tables import stated_tables, uncertain_of, zone_of
from fea.case.whole_table import with_length
from fea.errors import CaseError
from fea.loads.history import History, read_history
from fea.loads.sentences import mistakes, tables_in
from fea.loads.tables import read_toml
from geometry.cad_stem import CadStem
from geometry.pose import PLANNED
from geometry.scanned.bone import Scanned
from geometry.stem import Stem
from materials.material import Material
from materials.surfaces import Surface

Made = TypeVar("Made")


def read_case(path: Path | str) -> Case:
    """Read and check a case file and everything it names.

    Parameters
    ----------
    path : Path or str

    Returns
    -------
    Case
        In N, mm, MPa and radians.

    Raises
    ------
    CaseError
        Every mistake in the case, load and criteria file, one sentence each.
    """
    return _read(Path(path), Report(str(path)), None)


def read_shapes(path: Path | str) -> tuple[Case, tuple[str, ...]]:
    """Read a case file whose shapes need not go together.

    Parameters
    ----------
    path : Path or str

    Returns
    -------
    case : Case
        Each shape is sound in itself.
    faults : tuple of str
        Why they do not go together, a sentence each; empty where they do.

    Raises
    ------
    CaseError
        Every other mistake, one sentence each.
    """
    report = Report(str(path))
    case = _read(Path(path), report, faults := Report(str(path)))
    return case, tuple(faults.problems)


def _read(path: Path, report: Report, faults: Report | None) -> Case:
    """Read a case file; shapes that do not go together go to `faults`, without it to the report."""
    raw, text = read_toml(path, "case file")
    if raw.get("kind") == TAPER_JOINT:
        raise CaseError(no_stem_in_bone(path))
    seat = report if faults is None else faults
    raw, site, astray = with_site(raw)
    raw, lengthy = with_length(raw)
    tables = _valid_tables(raw, report)
    if lengthy is not None:
        report.add(lengthy)
    if astray is not None:
        report.add(astray)
        tables.pop("bone", None)
    shape = _read_stem(tables, path.parent, report)
    scanned = _read_bone(tables, path.parent, report)
    surfaces = _surfaces(tables, report)
    unsound = set()
    for mistake in table_mistakes(tables):
        report.add(mistake)
        unsound.add(mistake.path.partition(".")[0])
    made = materials_of(raw, tables, report) | _shapes(tables, unsound, (shape, scanned), report, seat)
    put_lattices(tables, unsound, made, report)
    put_density(tables, made, scanned, report)
    history_file, criteria_file = (
        stated_name(raw, "activity", "history"),
        stated_name(raw, "criteria", "file"),
    )
    history = read_beside(history_file, "activity.history", "load file", path.parent, read_history, report)
    for mistake in acts_at_mistakes(tables.get("activity"), history):
        report.add(mistake)
    criteria = read_beside(
        criteria_file, "criteria.file", "criteria file", path.parent, read_criteria, report
    )
    for mistake in (
        *fail_safe_mistakes(tables.get("stem"), made.get("stem"), _depth(tables)),
        *margin_mistakes(tables, criteria),
        *endurance_mistakes(criteria, tables.get("stem"), made.get("stem_material"), criteria_file or ""),
    ):
        report.add(mistake)
    sound = {} if faults is not None and faults.problems else made
    uncertainty = _uncertainty(tables, unsound, sound, path.parent, report)
    if history is not None and (activity := tables.get("activity")) is not None:
        for mistake in weight_mistakes(activity, history, uncertainty):
            report.add(mistake)
    if report.problems:
        raise CaseError(report.problems)
    return Case(
        title=raw["title"],
        path=path,
        **made,
        **_plain_parts(tables, made["stem"]),
        activity=_activity(tables["activity"], history),
        criteria=criteria or (),
        text=text,
        uncertainty=uncertainty,
        scanned=scanned,
        surfaces=surfaces,
        site=site,
    )


def _surfaces(tables: dict[str, Any], report: Report) -> dict[str, Surface]:
    """Return the conditions of the surface by zone and fill in their friction, or report what cannot be."""
    if "stem" not in tables:
        # Without a stem nothing says which surface a friction is taken from.
        return {}
    made, wrong = read_conditions(tables["stem"])
    if "fit" in tables:
        wrong += friction_mistakes(tables["fit"], tables["stem"], made)
        if unfilled(tables["fit"], made):
            del tables["fit"]
        else:
            tables["fit"] = with_friction(tables["fit"], made)
    for mistake in wrong:
        report.add(mistake)
    return made


def _plain_parts(tables: Mapping[str, Any], stem: Stem) -> dict[str, Any]:
    """Return what follows from sound tables without a file or a shape being made."""
    adapter, activity, output = tables["stem"].adapter, tables["activity"], tables["output"]
    depth = _depth(tables)
    distal = adapter.length_mm - depth if adapter else -stem.distal_level
    instants = activity.instants_per_cycle if activity else output.body_instants
    return {
        "fit": fit_of(tables["fit"], tables["stem"]),
        "bands": bands_of(tables["fit"], tables["stem"]),
        "supports": Supports(**tables["supports"].model_dump()),
        "preloads": preloads_of(tables["stem"]),
        "reference_point": (0.0, 0.0, 0.0 - distal),
        "fail_safe": adapter.fail_safe.device(depth) if adapter and adapter.fail_safe else None,
        "mesh": mesh_sizes_of(tables["mesh"], tables["stem"], tables["bone"]),
        "steps": Steps(**tables["steps"].model_dump()),
        "depth": depth,
        "output": Output(min(output.body_instants, instants), output.renders),
    }


def _depth(tables: Mapping[str, Any]) -> float:
    """Return how much deeper than planned the stem stands, mm."""
    seating = tables.get("seating")
    return 0.0 if seating is None else float(seating.depth_mm)


def weight_mistakes(
    activity: ActivityTable, history: History, uncertainty: Uncertainty | None
) -> Iterator[Mistake]:
    """Yield a body weight that is missing or means nothing, and uncertain loads of another kind."""
    weight, place = activity.body_weight_N, "activity.body_weight_N"
    if history.absolute and weight is not None:
        message = "the history is in newtons, which do not hang on the body weight; leave this out"
        yield Mistake(place, message, weight)
    elif not history.absolute and weight is None:
        yield Mistake(place, "this key is missing; the history is in percent of body weight")
    if uncertainty is None:
        return
    for name, other in uncertainty.histories.items():
        if other.absolute != history.absolute:
            message = "this history and the case's must both be in percent of body weight, or both in newtons"
            yield Mistake("uncertainty.history.choices", message, name)
    if history.absolute and any(item.name == "body_weight_N" for item in uncertainty.inputs):
        message = "the history is in newtons, which do not hang on the body weight; leave this out"
        yield Mistake("uncertainty.body_weight_N", message)


def _activity(table: ActivityTable | None, history: History | None) -> Activity | None:
    if table is None:
        return None
    assert history is not None, "a case without its history has problems"
    return Activity(
        history,
        table.body_weight_N,
        table.limb_side,
        table.instants_per_cycle,
        table.cycles,
        table.acts_at.point() if table.acts_at else None,
    )


def _valid_tables(raw: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Return the tables that are sound in themselves, defaults filled in, and report the others."""
    try:
        case = CaseFile.model_validate(raw)
        return {name: getattr(case, name) for name in CaseFile.model_fields}
    except ValidationError as error:
        report.problems += mistakes(error, CaseFile, report.source)
        broken = {detail["loc"][0] for detail in error.errors(include_url=False)}
    tables: dict[str, Any] = {}
    for name, field in CaseFile.model_fields.items():
        if name in broken or next(tables_in(field.annotation), None) is None:
            continue
        tables[name] = _alone(field, raw[name]) if name in raw else field.default
    return tables


def _alone(field: FieldInfo, value: object) -> object:
    """Validate one key of the file without the others."""
    adapter: TypeAdapter[object] = TypeAdapter(Annotated[field.annotation, field])  # type: ignore[arg-type]
    return adapter.validate_python(value)


def _read_stem(tables: dict[str, Any], folder: Path, report: Report) -> CadStem | None:
    """Return the shape of a stem from a file and fill in its sizes; leave its table out where it has none."""
    table = tables.get("stem")
    if not isinstance(table, CadStemTable):
        return None
    found = list(cad_mistakes(table))
    for mistake in found:
        report.add(mistake)
    shape = None if found else report.attempt("stem.file", ..., partial(read_stem, table, folder))
    if shape is None:
        del tables["stem"]
        return None
    tables["stem"] = sized(table, shape)
    return shape


def _read_bone(tables: dict[str, Any], folder: Path, report: Report) -> Scanned | None:
    """Return what a bone's surface or volume gives; leave the bone's table out where it gives none."""
    table = tables.get("bone")
    if table is None or (table.surface is None and table.ct is None):
        return None
    found = [*(ct_mistakes(table) if table.ct else scan_mistakes(table))]
    for mistake in found:
        report.add(mistake)
    bow = tables["stem"].bow_radius_mm if "stem" in tables else None
    make = partial(read_ct if table.ct else read_scan, table, folder, bow)
    scanned = None if found else report.attempt("bone.ct" if table.ct else "bone.surface", ..., make)
    if scanned is None:
        del tables["bone"]
    elif scanned.whole is not None:
        tables["bone"] = table.model_copy(update={"length_mm": scanned.whole.length})
    return scanned


def _shapes(
    tables: Mapping[str, Any],
    unsound: Collection[str],
    read: tuple[CadStem | None, Scanned | None],
    report: Report,
    seat: Report,
) -> dict[str, Any]:
    """Return bone, reaming and stem, or report why they cannot be, and to `seat` why not together."""
    shape, scanned = read
    if not {"bone", "reaming", "stem", "seating"} <= tables.keys() - unsound:
        return {}
    bone_table, stem_table = tables["bone"], tables["stem"]
    pose = PLANNED
    if (seating := tables["seating"]) is not None:
        if "activity" not in tables and seating.sided and seating.limb_side is None:
            return {}  # The side stands in a table that cannot be read.
        pose = seating.pose(tables.get("activity"))
    bone = report.attempt("bone", ..., partial(bone_of, bone_table, stem_table, scanned, pose))
    make = partial(stem_of, stem_table) if shape is None else partial(coated, shape, stem_table)
    planned: Stem | None = report.attempt("stem", ..., make)
    depth = _depth(tables)
    stem = put_at_depth(planned, depth, report) if planned else None
    reaming = report.attempt("reaming", ..., partial(reaming_of, tables["reaming"]))
    if bone and planned and stem and (reaming or tables["reaming"] is None):
        interference = 0.0
        if "fit" in tables.keys() - unsound:
            interference = largest_interference(tables["fit"], stem_table)
        may = (interference, stem_table.protrudes_proximally)
        require_together(bone, reaming, (planned, stem), depth, may, seat)
    return {"bone": bone, "stem": stem, "reaming": reaming}


def _uncertainty(
    tables: Mapping[str, Any],
    unsound: Collection[str],
    made: Mapping[str, Any],
    folder: Path,
    report: Report,
) -> Uncertainty | None:
    """Return the ranges of uncertain inputs with all that they name, or report what cannot be."""
    table = tables.get("uncertainty")
    if table is None or not {"fit", "stem"} <= tables.keys() - unsound or "uncertainty" in unsound:
        return None
    inputs = tuple(uncertain_of(name, entry) for name, entry in stated_tables(table).items())
    choices = {item.name: item.choices for item in inputs}
    histories: dict[str, History] = {}
    materials: dict[str, Material] = {}
    for name in choices.get("history", ()):
        found = read_beside(name, "uncertainty.history.choices", "load file", folder, read_history, report)
        histories |= {} if found is None else {name: found}
    for name in choices.get("bone_material", ()):
        material = report.attempt(
            "uncertainty.bone_material.choices", name, partial(material_of, name, "bone")
        )
        materials |= {} if material is None else {name: material}
    if made.get("bone") and made.get("stem") and "stem" not in unsound:
        for mistake in extreme_mistakes(made, inputs, tables["stem"].protrudes_proximally):
            report.add(mistake)
    return Uncertainty(zone_of(table, tables["fit"], tables["stem"]), inputs, histories, materials)
