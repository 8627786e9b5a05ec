"""What is wrong with a case file that its tables alone show, before any shape is built."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from fea.case.anchor_tables import anchor_support_mistakes
from fea.case.cad_table import CadStemTable
from fea.case.case import Supports
from fea.case.core_tables import core_mistakes, end_mistakes, shell_mistakes
from fea.case.mistake import Mistake
from fea.case.schema import (
    INTERFACE_PER_DIAMETER,
    ActivityTable,
    FitTable,
    MeshTable,
    OutputTable,
    SupportsTable,
)
from fea.case.seating_table import seating_mistakes
from fea.case.section_checks import section_mistakes
from fea.case.shape_tables import BoneTable, ReamingTable, StationTable, StemTable, widths
from fea.case.stem_checks import stem_mistakes, well_named
from fea.case.uncertainty_tables import UncertaintyTable, no_such_zone, uncertainty_mistakes
from fea.case.whole_table import whole_seating_mistakes, whole_stem_mistakes
from fea.loads.sentences import nearest
from geometry.axis import LEAST_RADIUS
from geometry.reaming import train_faults
from geometry.zones import UNCOATED

#: Parts of a stem as a sentence names them.
_WORDS = {"thread": "a thread", "splines": "splines", "anchor": "an anchor"}

#: Most bands of a case: every corner of them is a history of its own.
MOST_BANDS = 4


def table_mistakes(tables: Mapping[str, Any]) -> Iterator[Mistake]:
    """Yield every mistake that the tables themselves show.

    Parameters
    ----------
    tables : mapping of str to Table
        The valid tables of the file by name; a check whose table is missing is left out.
    """
    checks = (
        (bone_mistakes, ("bone",)),
        (end_mistakes, ("bone", "supports")),
        (core_stem_mistakes, ("bone", "stem")),
        (whole_stem_mistakes, ("bone", "stem")),
        (whole_seating_mistakes, ("bone", "seating")),
        (canal_mistakes, ("bone", "reaming")),
        (reaming_mistakes, ("reaming",)),
        (reamer_mistakes, ("reaming", "bone")),
        (step_mistakes, ("reaming", "stem")),
        (bow_mistakes, ("bone", "reaming", "stem", "supports")),
        (seating_mistakes, ("seating", "bone", "reaming", "stem", "activity")),
        (stem_mistakes, ("stem",)),
        (held_anchor_mistakes, ("stem", "supports")),
        (fit_mistakes, ("fit", "stem")),
        (support_mistakes, ("supports", "activity")),
        (mesh_mistakes, ("mesh", "stem")),
        (shell_size_mistakes, ("bone", "mesh", "stem")),
        (output_mistakes, ("output", "activity")),
        (range_mistakes, ("uncertainty", "fit", "stem", "activity")),
    )
    for check, needed in checks:
        if all(name in tables for name in needed):
            yield from check(*(tables[name] for name in needed))


def bone_mistakes(bone: BoneTable) -> Iterator[Mistake]:
    """Yield what is wrong with the bone's stations."""
    for index, station in enumerate(bone.station):
        yield from _station_mistakes(station, f"bone.station[{index}]")
    yield from section_mistakes(bone)
    found = list(core_mistakes(bone))
    yield from found
    if not bone.station:
        return
    hollow = [station.hollow for station in bone.station]
    if len(set(hollow)) > 1:
        message = "all stations have a natural canal, or none of them; this one states none"
        yield Mistake(f"bone.station[{hollow.index(False)}]", message)
    yield from _level_mistakes([station.level_mm for station in bone.station], bone.length_mm)


def _level_mistakes(levels: list[float], length: float) -> Iterator[Mistake]:
    first, last = "bone.station[0].level_mm", f"bone.station[{len(levels) - 1}].level_mm"
    if levels == sorted(set(levels)):
        if len(levels) == 1 and levels[0] > length:
            yield Mistake(
                first, f"the station must stand on the bone, which ends at {length:g} mm", levels[0]
            )
        if len(levels) > 1 and levels[0] != 0.0:
            yield Mistake(first, "the first station must stand at the cut, at 0", levels[0])
        if len(levels) > 1 and levels[-1] != length:
            yield Mistake(last, f"the last station must stand at bone.length_mm, {length:g}", levels[-1])
        return
    for index, (before, after) in enumerate(pairwise(levels), start=1):
        if not before < after:
            message = f"stations must stand in rising order, but the one before is at {before:g} mm"
            yield Mistake(f"bone.station[{index}].level_mm", message, after)


def _station_mistakes(station: StationTable, place: str) -> Iterator[Mistake]:
    for part in ("outer", "canal"):
        ellipse = (f"{part}_anteroposterior_mm", f"{part}_mediolateral_mm")
        given = [key for key in (f"{part}_diameter_mm", *ellipse) if getattr(station, key) is not None]
        none = part == "canal" and not given
        if not none and given not in ([f"{part}_diameter_mm"], list(ellipse)):
            stated = " and ".join(given) or "none of them"
            message = f"give either {part}_diameter_mm or both {ellipse[0]} and {ellipse[1]}, not {stated}"
            yield Mistake(place, message)
    for direction, outer, canal in zip(
        ("anteroposterior", "mediolateral"), widths(station, "outer"), widths(station, "canal"), strict=True
    ):
        if outer is not None and canal is not None and canal >= outer:
            key = "canal_diameter_mm" if station.canal_diameter_mm else f"canal_{direction}_mm"
            yield Mistake(f"{place}.{key}", f"the canal must be narrower than the bone, {outer:g} mm", canal)
            return


def core_stem_mistakes(bone: BoneTable, stem: StemTable) -> Iterator[Mistake]:
    """Yield a core or a jaw's segment about a stem that it is not modelled with."""
    which = "jaw" if bone.jaw is not None else "core" if bone.core is not None else None
    if which is None and bone.station and not any(station.hollow for station in bone.station):
        which = "station"
    if which is None:
        return
    what = {
        "jaw": "a segment of the jaw",
        "core": "a cancellous core",
        "station": "a bone without a natural canal",
    }[which]
    if isinstance(stem, CadStemTable):
        yield Mistake(
            f"bone.{which}", f"{what} is not modelled about a stem from a file; state its sizes in [stem]"
        )
    elif stem.anchor or stem.lag_screw:
        part = "a pre-tensioned anchor" if stem.anchor else "a lag screw"
        if which != "core":
            yield Mistake(f"bone.{which}", f"{what} is not modelled about {part}; leave one of them out")


def canal_mistakes(bone: BoneTable, reaming: ReamingTable | None) -> Iterator[Mistake]:
    """Yield a bone that has neither a natural canal nor a reamed one."""
    if reaming is not None:
        return
    if bone.surface is not None or bone.ct is not None:
        message = "a canal that a scan shows is not used unreamed; state the drill or reamer"
        yield Mistake("reaming", message)
    elif not any(station.hollow for station in bone.station):
        message = "the bone has no natural canal; state the drill or reamer, or a canal at the stations"
        yield Mistake("reaming", message)


def reaming_mistakes(reaming: ReamingTable | None) -> Iterator[Mistake]:
    """Yield what is wrong with the reamer or the train of reamers."""
    if reaming is None:
        return
    if not reaming.train and reaming.diameter_mm is None:
        yield Mistake("reaming.diameter_mm", "this key is missing; state it, or the reamers in reaming.train")
        return
    if reaming.train:
        found = list(_train_mistakes(reaming))
        yield from found
        if found:
            return
    narrowest = min((each.depth for each in reaming.passes), default=reaming.depth_mm)
    most = min(reaming.diameter / 2, reaming.depth_mm, narrowest)
    if reaming.end_radius_mm > most:
        message = f"must be at most half the reamer's diameter and its depth, {most:g}"
        yield Mistake("reaming.end_radius_mm", message, reaming.end_radius_mm)


def reamer_mistakes(reaming: ReamingTable | None, bone: BoneTable) -> Iterator[Mistake]:
    """Yield a kind of reamer that does not go the way that is stated, or that nothing guides."""
    if reaming is None or reaming.kind is None:
        return
    if reaming.kind == "rigid" and reaming.path == "bow":
        message = (
            'a rigid reamer does not follow the bow of the bone; leave this out, or write kind = "flexible"'
        )
        yield Mistake("reaming.path", message, reaming.path)
    if reaming.kind == "rigid":
        return
    if reaming.path not in (None, "bow"):
        message = 'a flexible reamer follows the bow of the bone; leave this out, or write kind = "rigid"'
        yield Mistake("reaming.path", message, reaming.path)
    unknown = next((part for part in ("surface", "ct", "jaw") if getattr(bone, part) is not None), None)
    if unknown is not None:
        message = (
            f"the centreline of the canal in [bone.{unknown}] is not followed; ream rigidly, and straight"
        )
        yield Mistake("reaming.kind", message, reaming.kind)
    elif not any(station.hollow for station in bone.station):
        message = "the bone has no natural canal that would guide a flexible reamer; ream rigidly"
        yield Mistake("reaming.kind", message, reaming.kind)


def step_mistakes(reaming: ReamingTable | None, stem: StemTable) -> Iterator[Mistake]:
    """Yield steps of a canal about a stem whose own shape is cut into its wall."""
    if reaming is None or len({each.depth for each in reaming.passes}) < 2:
        return
    for part in ("thread", "splines", "anchor"):
        if getattr(stem, part) is not None:
            message = f"a stepped canal is not modelled about a stem with {_WORDS[part]}; ream to one depth"
            yield Mistake("reaming.train", message)


def _train_mistakes(reaming: ReamingTable) -> Iterator[Mistake]:
    """Yield passes out of order, and a train beside one diameter."""
    if reaming.diameter_mm is not None:
        message = "give one diameter here or all of them in reaming.train, not both"
        yield Mistake("reaming.diameter_mm", message, reaming.diameter_mm)
    first = reaming.train[0].depth_mm
    if first not in (None, reaming.depth_mm):
        message = f"the first reamer goes to the full depth, reaming.depth_mm = {reaming.depth_mm:g}"
        yield Mistake("reaming.train[0].depth_mm", message, first)
    for row, fault in train_faults(reaming.passes):
        each = reaming.passes[row]
        deeper = each.diameter > reaming.passes[row - 1].diameter
        key, value = ("depth_mm", each.depth) if deeper else ("diameter_mm", each.diameter)
        yield Mistake(f"reaming.train[{row}].{key}", fault, value)


def bow_mistakes(
    bone: BoneTable, reaming: ReamingTable | None, stem: StemTable, supports: SupportsTable
) -> Iterator[Mistake]:
    """Yield what a bowed stem cannot be combined with."""
    if stem.bow_radius_mm is None:
        return
    if bone.jaw is not None:
        message = "a bowed stem in a segment of the jaw is not modelled; leave this out"
        yield Mistake("stem.bow_radius_mm", message, stem.bow_radius_mm)
    least = max(LEAST_RADIUS, 2.0 * bone.length_mm)
    for key, radius in (("stem", stem.bow_radius_mm), ("bone", bone.bow_radius_mm)):
        if radius is not None and radius < least:
            message = f"must be at least {LEAST_RADIUS:g} and twice the bone's length, {least:g}"
            yield Mistake(f"{key}.bow_radius_mm", message, radius)
    if reaming is not None and reaming.way == "straight":
        message = 'a bowed stem needs a canal reamed along the "bow" of the bone or along that of the "stem"'
        yield Mistake("reaming.path", message, reaming.way)
    for face in ("bone_proximal", "stem_proximal"):
        if getattr(supports, face) == "symmetric":
            message = (
                'this end of a bowed stem and its bone leans, so that z is not normal to it; write "clamped"'
            )
            yield Mistake(f"supports.{face}", message, "symmetric")


def held_anchor_mistakes(stem: StemTable, supports: SupportsTable) -> Iterator[Mistake]:
    """Yield held faces on which an anchor acts."""
    for path, message, value in anchor_support_mistakes(stem, supports):
        yield Mistake(path, message, value)


def fit_mistakes(fit: FitTable, stem: StemTable) -> Iterator[Mistake]:
    """Yield zones without a fit, fits without a zone and bands that do not hold their value."""
    stated, named = fit.zones, well_named(stem)
    if stem.anchor:
        yield from _anchor_fit_mistakes(fit)
        return
    foreign = [zone for zone in stated if zone not in stem.flank] if named else []
    for zone in foreign:
        yield Mistake(f"fit.{zone}", no_such_zone(stem, f"use [fit.{UNCOATED}]"))
    if fit.collar and not stem.collar:
        yield Mistake("fit.collar", "the stem has no collar; add [stem.collar] or leave this table out")
    if fit.collar and fit.collar.friction_band:
        message = "only the plate of an anchor has a band here; leave it out, or add [stem.anchor]"
        yield Mistake("fit.collar.friction_band", message, list(fit.collar.friction_band))
    if fit.lag_screw and not stem.lag_screw:
        yield Mistake(
            "fit.lag_screw", "the stem has no lag screw; add [stem.lag_screw] or leave this table out"
        )
    if fit.splines and not stem.splines:
        yield Mistake("fit.splines", "the stem has no splines; add [stem.splines] or leave this table out")
    yield from _thread_fit_mistakes(fit, stem)
    meant = {nearest(zone, stem.flank) for zone in foreign}
    for zone in stem.flank:
        if named and zone not in stated and fit.friction is None and zone not in meant:
            message = f"the fit of this zone is missing; add [fit.{zone}] with friction"
            yield Mistake(f"fit.{zone}", f"{message}, or fit.friction for all")
    banded = [zone for zone in stem.flank if zone in stated and stated[zone].bands]
    count = sum(len(stated[zone].bands) for zone in banded)
    count += bool(fit.thread and fit.thread.friction_band)
    count += stem.adapter.fail_safe.bands if stem.adapter and stem.adapter.fail_safe else 0
    if count > MOST_BANDS:
        message = f"at most {MOST_BANDS} bands may be stated, for every corner of them is solved; there are"
        yield Mistake("fit", f"{message} {count}")
    for zone in banded:
        table = stated[zone]
        for name in ("diametral_interference", "friction"):
            unit = "_um" if name == "diametral_interference" else ""
            band, value = getattr(table, f"{name}_band{unit}"), getattr(table, f"{name}{unit}")
            if band and not band[0] <= value <= band[1]:
                message = f"the band must rise and hold the value {name}{unit} = {value:g}"
                yield Mistake(f"fit.{zone}.{name}_band{unit}", message, list(band))


def _anchor_fit_mistakes(fit: FitTable) -> Iterator[Mistake]:
    """Yield fits of what an anchored stem has not, and a plate without friction."""
    apart = ("splines", "thread", "lag_screw")
    foreign = [*fit.zones, *(name for name in apart if getattr(fit, name) is not None)]
    message = "the spindle of an anchor touches no bone; leave this out, its plate has [fit.collar]"
    for zone in foreign:
        yield Mistake(f"fit.{zone}", message)
    if fit.diametral_interference_um is not None:
        yield Mistake("fit.diametral_interference_um", message, fit.diametral_interference_um)
    if fit.collar is None and fit.friction is None:
        yield Mistake("fit.collar", "the friction of the plate is missing; add [fit.collar] with friction")
    band = fit.collar.friction_band if fit.collar else None
    if fit.collar and band and not band[0] <= fit.collar.friction <= band[1]:
        message = f"the band must rise and hold the value friction = {fit.collar.friction:g}"
        yield Mistake("fit.collar.friction_band", message, list(band))


def _thread_fit_mistakes(fit: FitTable, stem: StemTable) -> Iterator[Mistake]:
    if fit.thread and not stem.thread:
        yield Mistake("fit.thread", "the stem has no thread; add [stem.thread] or leave this table out")
    if stem.thread and not fit.thread:
        yield Mistake("fit.thread", "the fit of the thread is missing; add [fit.thread] with friction")
    band = fit.thread.friction_band if fit.thread else None
    if fit.thread and band and not band[0] <= fit.thread.friction <= band[1]:
        message = f"the band must rise and hold the value friction = {fit.thread.friction:g}"
        yield Mistake("fit.thread.friction_band", message, list(band))


def support_mistakes(supports: SupportsTable, activity: ActivityTable | None) -> Iterator[Mistake]:
    """Name the rigid motions that an activity would drive and nothing holds."""
    free = Supports(**supports.model_dump()).free_motions
    if not free or activity is None or (supports.bone_ends == "clamped"):
        return
    axes = {
        verb: ", ".join(motion[-1] for motion in free if motion.startswith(verb))
        for verb in ("translate", "rotate")
    }
    who = "nothing holds" if len(free) == 6 else "the supports do not fully hold"
    motions = f"it can translate along {axes['translate']} and rotate about {axes['rotate']}"
    advice = 'write bone_proximal = "clamped", or of a segment of the jaw bone_ends'
    yield Mistake("supports", f"{who} the bone: {motions}; {advice}")


def shell_size_mistakes(bone: BoneTable, mesh: MeshTable, stem: StemTable) -> Iterator[Mistake]:
    """Yield a cortical shell that is not two elements thick."""
    yield from shell_mistakes(bone, mesh, mesh.interface_size_mm or stem.diameter_mm * INTERFACE_PER_DIAMETER)


def mesh_mistakes(mesh: MeshTable, stem: StemTable) -> Iterator[Mistake]:
    """Yield sizes that no mesh of this stem can have."""
    interface = mesh.interface_size_mm or stem.diameter_mm * INTERFACE_PER_DIAMETER
    if interface > stem.diameter_mm / 2:
        message = f"must be at most half the stem's diameter, {stem.diameter_mm / 2:g}"
        yield Mistake("mesh.interface_size_mm", message, interface)
    if mesh.far_size_mm is not None and mesh.far_size_mm < interface:
        message = f"must be at least interface_size_mm, {interface:g}"
        yield Mistake("mesh.far_size_mm", message, mesh.far_size_mm)
    if mesh.edge_size_mm is not None and mesh.edge_size_mm > interface:
        message = f"must be at most interface_size_mm, {interface:g}"
        yield Mistake("mesh.edge_size_mm", message, mesh.edge_size_mm)


def output_mistakes(output: OutputTable, activity: ActivityTable | None) -> Iterator[Mistake]:
    """Yield more instants of output than there are."""
    if activity is None or "body_instants" not in output.model_fields_set:
        return
    if output.body_instants > activity.instants_per_cycle:
        message = f"must be at most activity.instants_per_cycle, {activity.instants_per_cycle}"
        yield Mistake("output.body_instants", message, output.body_instants)


def range_mistakes(
    uncertainty: UncertaintyTable | None, fit: FitTable, stem: StemTable, activity: ActivityTable | None
) -> Iterator[Mistake]:
    """Yield ranges of uncertain inputs that cannot be."""
    if well_named(stem):
        for path, message, value in uncertainty_mistakes(uncertainty, fit, stem, activity):
            yield Mistake(path, message, value)
