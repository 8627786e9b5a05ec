"""Sections 4 to 9: what was modelled and how it was solved."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from fea.dossier.blocks import Block, Equation, Figure, Grid, Heading, Open, Section, Words, asked
from fea.dossier.gathered import Gathered, amount, counted, listed, micro
from fea.post import tokens
from fea.post.fail_safe import fail_safe_sentences
from fea.post.inputs import Input, case_inputs, region_prefix
from fea.post.report_words import input_words, number, unit, unit_of
from geometry.zones import ABUTMENT
from materials.elasticity import Isotropic, Orthotropic, TransverselyIsotropic

_ELASTICITIES = {
    Isotropic: "isotropic",
    TransverselyIsotropic: "transversely isotropic",
    Orthotropic: "orthotropic",
}


def input_grid(gathered: Gathered, *beginnings: str, title: str = "") -> Grid:
    """Return the inputs whose names begin so: value, band, source and grade."""
    return Grid(
        ("Input", "Value", "May lie in", "Source and grade"),
        tuple(_input_row(entry) for entry in case_inputs(gathered.case) if entry.name.startswith(beginnings)),
        title=title,
        small=True,
        widths=(26, 20, 14, 40),
    )


def _input_row(entry: Input) -> tuple[str, ...]:
    band = "–" if entry.low is None or entry.high is None else f"{number(entry.low)} to {number(entry.high)}"
    grade = f" [{entry.grade}]" if entry.grade else ""
    note = f" {unit(entry.note)}" if entry.note else ""
    value = f"{number(entry.value)} {unit_of(entry.unit)}".strip()
    return input_words(entry.name), value, band, f"{unit(entry.source)}{grade}{'.' if note else ''}{note}"


def configuration_section(gathered: Gathered) -> Section:
    """Return section 4."""
    blocks: list[Block] = [
        Words(
            "Two bodies are modelled: the residual bone with its canal, reamed where the case says so, and"
            " the stem with neck, collar and coatings as far as it has them. z runs along the implant from"
            " the distal cut (0) towards the hip, x points anterior, y to the patient's left. The prosthesis"
            " acts through a rigid lever at the reference point."
        ),
        *_pictures(gathered, "assembly"),
        input_grid(gathered, "bone.", "reaming.", title="Bone and reaming"),
        input_grid(gathered, "stem.", title="Stem"),
        *([input_grid(gathered, "surface.", title="Surface")] if gathered.case.surfaces else []),
        Words(
            "Not in the configuration: soft tissue and muscles (they act only through the stated load),"
            " adapter and taper connection as parts, flutes and threads, defects of the bone, a patient's own"
            " shape."
        ),
        asked(gathered.statements, "device.description"),
    ]
    return Section("4", "System Configuration", tuple(blocks))


def equations_section(gathered: Gathered) -> Section:
    """Return section 5."""
    case = gathered.case
    bone, stem = (
        _ELASTICITIES.get(type(material.elasticity), "elastic")
        for material in (case.bone_material, case.stem_material)
    )
    core = ""
    if case.core_material is not None:
        law = _ELASTICITIES.get(type(case.core_material.elasticity), "elastic")
        core = f", {law} in the cancellous core"
    blocks: list[Block] = [
        Words("Both bodies are linear elastic at small strains and in static equilibrium at every instant."),
        Equation(
            (
                (
                    "div σ = 0,   σ = D ε,   ε = ½ (∇u + ∇uᵀ)",
                    f"D is {bone} in the {'cortical shell' if core else 'bone'}{core} and {stem} in the stem",
                ),
                ("∫ ε(v) : D ε(u) dV = ∫ v · t dA + contact", "for every v that the supports admit"),
            )
        ),
        Words(
            "Axes of a bone that is not isotropic follow its bowed axis. On the interface the gap g is the"
            " clearance less the radial interference, plus the normal part of the jump of displacement (bone"
            " minus stem). Contact and friction hold exactly, without a penalty or an elastic slip:"
        ),
        Equation(
            (
                (
                    "p ≥ 0,   g ≥ 0,   p g = 0",
                    "contact (Signorini): p is the pressure, positive when pressing",
                ),
                ("|t| ≤ μ p", "friction (Coulomb): t is the tangential traction, μ one coefficient a zone"),
                ("|t| < μ p:  no slip;    |t| = μ p:  slip against t", "from the last converged state"),
            )
        ),
        Words(
            "Sliding is small: points that face each other stay paired. There is no inertia, damping, wear,"
            " fluid, yield, creep, remodelling or ingrowth. Equations with their sources and places in the"
            " code: docs/theory.md."
        ),
    ]
    return Section("5", "Governing Equations/Constitutive Laws", tuple(blocks))


def properties_section(gathered: Gathered) -> Section:
    """Return section 6."""
    cored = gathered.case.core_material is not None
    blocks: list[Block] = [
        Words(
            "Every value carries its source and a grade of how well it is known, explained in section 15. A"
            " value without a grade is stated in the case file and cites nothing."
        ),
        input_grid(gathered, "bone_material.", title="Cortical shell" if cored else "Bone"),
        *([input_grid(gathered, "core_material.", title="Cancellous core")] if cored else []),
        input_grid(gathered, "stem_material.", title="Stem"),
        *(
            input_grid(
                gathered,
                f"{region_prefix(zone)}.",
                title="Abutment" if zone == ABUTMENT else f"Layer of the {zone} zone",
            )
            for zone in gathered.case.layer_materials
        ),
        input_grid(gathered, "fit.", title="Fit and friction, by zone of the stem"),
        *([input_grid(gathered, "preload.", title="Preloads")] if gathered.case.preloads else []),
        Words(
            "Interference is an effective value: no canal is reamed as true as the model's. Full contact at"
            " the reamer's undersize would overstate the pressure many times (docs/limits.md)."
        ),
    ]
    return Section("6", "System Properties", tuple(blocks))


def conditions_section(gathered: Gathered) -> Section:
    """Return section 7."""
    case = gathered.case
    held = [
        f"{face.replace('_', ', ')} end: {kind}"
        for face, kind in vars(case.supports).items()
        if kind != "free"
    ]
    blocks: list[Block] = [
        Heading("7.1", "Initial state and press-fit"),
        Words(
            "The bodies start without stress, touching; open gaps are there from the start. The interference"
            f" ramped in place in {counted(case.steps.press_fit_increments, 'equal increment')}, with"
            " friction active from zero slip. The stem is not driven in."
        ),
        Heading("7.2", "Supports"),
        Words(
            f"Held: {listed(held)}. Everything else is free."
            if held
            else "No end face is held; rigid motions that nothing holds are removed without stress."
        ),
        Heading("7.3", "Load"),
        *_load(gathered),
    ]
    return Section("7", "System Conditions", tuple(blocks))


def _load(gathered: Gathered) -> Iterator[Block]:
    activity, series = gathered.case.activity, gathered.run.series
    if activity is None:
        yield Words("The case has no activity: the press-fit alone was analysed.")
        return
    weight = "" if activity.body_weight is None else f" for a body weight of {number(activity.body_weight)} N"
    yield Words(
        f"{activity.history.title}: {counted(activity.cycles, 'cycle')} of {activity.instants_per_cycle}"
        f" instants{weight}, {activity.limb_side} limb; the last cycle is judged."
    )
    yield input_grid(gathered, "activity.")
    if gathered.case.fail_safe is not None:
        yield input_grid(gathered, "fail_safe.", title="Fail-safe in the adapter")
        yield Words(" ".join(fail_safe_sentences(gathered.case)))
    if series is not None:
        force = np.linalg.norm(series.wrench[:, :3], axis=1)
        bending = np.linalg.norm(series.moment_at_cut[:, :2], axis=1) / 1000.0
        torsion = np.abs(series.wrench[:, 5]) / 1000.0
        yield Grid(
            ("Largest in the cycle", "Value", "At, % of the cycle"),
            tuple(
                (name, amount(float(values.max()), unit_name), number(float(series.percent[values.argmax()])))
                for name, values, unit_name in (
                    ("force on the implant", force, "N"),
                    ("bending moment at the cut", bending, "N m"),
                    ("moment about the implant axis", torsion, "N m"),
                )
            ),
        )
    yield from gathered.pictures("load")


def discretization_section(gathered: Gathered) -> Section:
    """Return section 8."""
    mesh, record = gathered.run.summary["mesh"], gathered.run.summary["record"]
    companion, quality = record.get("companion_mesh"), mesh["quality"]
    rows = [
        ("Displacement unknowns", number(mesh["unknowns"])),
        *(
            (f"Elements of the {name} (10-node tetrahedra)", number(part["elements"]))
            for name, part in mesh["bodies"].items()
        ),
        ("Interface vertices", number(record["interface_vertices"])),
        *(
            (f"Element size asked for: {name}", amount(size, "mm"))
            for name, size in (
                ("interface", gathered.case.mesh.interface),
                ("far from it", gathered.case.mesh.far),
                ("its ends", gathered.case.mesh.edge),
            )
        ),
        ("Inverted elements", number(quality["inverted"])),
        ("Least scaled Jacobian", number(quality["least_scaled_jacobian"])),
        (
            "Companion mesh for the error bars",
            f"{number(companion['unknowns'])} unknowns" if companion else "none",
        ),
    ]
    blocks: list[Block] = [
        Heading("8.1", "Mesh"),
        Grid(("Mesh", "Value"), tuple(rows)),
        *_pictures(gathered, "mesh"),
        Heading("8.2", "Time"),
        Words(
            "The history is walked from instant to instant along straight paths of the load. Increments were"
            " not refined in this run; docs/limits.md tells what refining changed on other cases."
        ),
        Heading("8.3", "Error bars of this run"),
        *_bars(gathered),
        Heading("8.4", "Convergence study"),
        *_convergence(gathered),
    ]
    return Section("8", "System Discretization", tuple(blocks))


def _bars(gathered: Gathered) -> Iterator[Block]:
    origins = dict.fromkeys(quantity.error_origin for quantity in gathered.run.quantities)
    yield Words(f"How errors were estimated: {'; '.join(origins)}.")
    without = gathered.run.without_error
    if without:
        names = listed([micro(quantity.title) for quantity in without], 12)
        yield Open("Error bars", f"not estimated for {len(without)} numbers: {names}")
    places = [rim["name"] for rim in gathered.run.summary["singular_rims"]]
    if places:
        yield Words(
            f"Places without a converged peak are left out of every peak: {listed(places, 12)}. What happens"
            " there is not judged."
        )
    at_rims = gathered.run.summary.get("at_rims") or ()
    if at_rims:
        yield Grid(
            ("Largest value at a singular place", "Value on this mesh", "Place"),
            tuple(
                (micro(str(entry["title"])), amount(entry["value"], entry["unit"]), str(entry["rim"]))
                for entry in at_rims
            ),
            title="Not judged, without a converged value",
            small=True,
        )


def _convergence(gathered: Gathered) -> Iterator[Block]:
    study = gathered.studies.convergence
    if study.found is None:
        yield Open("Convergence study on three or more meshes", study.why)
        return
    found = study.found
    sizes = ", ".join(f"{mesh.size:.3g}" for mesh in found.meshes)
    unknowns = ", ".join(number(mesh.unknowns) for mesh in found.meshes)
    yield Words(f"{found.answer} Effective element sizes {sizes} mm ({unknowns} unknowns), finest first.")
    yield Grid(
        (
            "Judged quantity",
            "Finest value and bar",
            "Convergence",
            "Order",
            "Verdict with this bar",
            "In words",
        ),
        tuple(
            (
                micro(item.title),
                "no value"
                if not item.values or item.values[0] is None
                else f"{number(item.values[0])}"
                f"{' (no bar)' if item.error is None else f' ± {item.error:.2g}'} {unit_of(item.unit)}",
                item.kind,
                "–" if item.order is None else f"{item.order:.2f}",
                tokens.MARKS.get(item.verdict or "", item.verdict or "–"),
                micro(item.statement),
            )
            for item in found.judged
        ),
        small=True,
        widths=(18, 14, 12, 7, 12, 37),
    )


def implementation_section(gathered: Gathered) -> Section:
    """Return section 9."""
    record, balance = gathered.run.summary["record"], gathered.run.summary["balance"]
    rows = [
        ("Route", record["route"]),
        ("Sparse solver", f"{record['backend']}, {counted(record['threads'], 'thread')}"),
        ("Newton iterations in all", number(record["newton_iterations"])),
        (
            "Factorisations computed, reused",
            f"{record['factorisations_done']}, {record['factorisations_reused']}",
        ),
        ("Time in all", f"{sum(record['times_s'].values()):.0f} s"),
        ("Peak memory", f"{record['peak_memory_GB']:.2f} GB"),
    ]
    blocks: list[Block] = [
        Words(
            "The compliance of both bodies is condensed to the interface, or displacements and contact forces"
            " are solved together by iteration; the laws of contact and friction are solved by a semi-smooth"
            " Newton method, instant by instant, down to a relative residual of 5e-12, or 3e-10 where"
            " round-off holds it there. An instant that fails is halved towards the last converged one, at"
            f" most {gathered.case.steps.max_cut_backs} times. Where no equilibrium is found the run says"
            " that fixation is lost, when, and in which motion."
        ),
        Grid(("Implementation", "Value"), tuple(rows)),
        Grid(
            ("Audit of the solution", "Value"),
            tuple((name, number(balance[key])) for key, name in _AUDIT if key in balance),
        ),
        Words("Versions of Python and libraries, and digests: Annex B."),
    ]
    return Section("9", "Numerical Implementation", tuple(blocks))


_AUDIT = (
    ("reaction", "Reactions against load, largest difference, relative"),
    ("contact", "Contact tractions against load, largest difference, relative"),
    ("cone", "Friction beyond Coulomb's cone, relative"),
    ("tension", "Tension on the interface, relative"),
    ("least_dissipation_Nmm", "Least friction work of an increment, N mm (never negative but for round-off)"),
    ("residual", "Largest residual over every vertex and instant, relative"),
)


def _pictures(gathered: Gathered, *names: str) -> tuple[Figure | Open, ...]:
    found = gathered.pictures(*names)
    return found or ((Open("Pictures", gathered.figures_why),) if gathered.figures_why else ())
