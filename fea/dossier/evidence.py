"""Sections 10 to 15: validation, results, discussion, limitations, conclusions, references."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from fea.dossier.blocks import Block, Bullets, Grid, Heading, Open, Section, Words, asked
from fea.dossier.front import flagged, verdict_cards
from fea.dossier.gathered import NOTICE, Gathered, amount, counted, listed, micro, sentence, share
from fea.dossier.studies import Chance
from fea.post import tokens
from fea.post.inputs import CASE_FILE, case_inputs
from fea.post.quantity import Quantity
from fea.post.report_words import LIMITS, limit_words, number, place, unit, unit_of, valued
from geometry.axis import Axis
from materials.entry import GRADES

FLAG = "⚑ no error bar"

#: What the document itself follows; the texts were not read in full, see docs/dossier.md.
GUIDANCE = (
    "FDA, Reporting of Computational Modeling Studies in Medical Device Submissions, guidance, 21 September"
    " 2016, docket FDA-2013-D-1530.",
    "FDA, Assessing the Credibility of Computational Modeling and Simulation in Medical Device Submissions,"
    " guidance, 17 November 2023, docket FDA-2021-D-0980.",
    "ASME V&V 40-2018, Assessing Credibility of Computational Modeling through Verification and Validation:"
    " Application to Medical Devices.",
)


def validation_section(gathered: Gathered) -> Section:
    """Return section 10."""
    stated, page = gathered.statements, gathered.project.validation
    told: list[Block] = []
    if page.found is None:
        told.append(Open("Comparison with published experiments", page.why))
    else:
        told.append(Words(f"From docs/validation.md, which belongs to the program: {page.found.words}"))
        if page.found.table:
            rows = tuple(tuple(unit(cell) for cell in row) for row in page.found.table.rows)
            told.append(Grid(page.found.table.head, rows, small=True))
        if page.found.headings:
            told.append(Words(f"What else stands there: {listed(page.found.headings, 20)}.", "note"))
    blocks: list[Block] = [
        Words(
            "Validation asks whether the right equations are solved for the context of use. Section 3 does"
            " not answer that, and agreement with another code does not either."
        ),
        Heading("10.1", "Comparator"),
        asked(stated, "comparator.test_samples", "comparator.test_conditions"),
        asked(stated, "comparator.input_equivalency", "comparator.output_comparison"),
        Heading("10.2", "Comparison with published experiments"),
        *told,
        Heading("10.3", "Applicability to the context of use"),
        asked(stated, "applicability.quantities_of_interest", "applicability.validation_activities"),
    ]
    return Section("10", "Validation", tuple(blocks))


def results_section(gathered: Gathered) -> Section:
    """Return section 11."""
    blocks: list[Block] = [
        Heading("11.1", "Verdict of the run"),
        verdict_cards(gathered),
        *flagged(gathered),
        Heading("11.2", "Criteria"),
        *gathered.pictures("margins"),
        _criteria(gathered),
        Heading("11.3", "Corners of the uncertain inputs"),
        *_corners(gathered),
        Heading("11.4", "Uncertainty study"),
        *_uncertainty(gathered),
        Heading("11.5", "Sweeps"),
        *_sweeps(gathered),
        Heading("11.6", "Pictures"),
        *_shown(gathered),
        Heading("11.7", "Every number"),
        _numbers(gathered),
    ]
    return Section("11", "Results", tuple(blocks))


def _criteria(gathered: Gathered) -> Block:
    if not gathered.run.criteria:
        return Open("Criteria", "the case states none: nothing was judged")
    return Grid(
        ("Criterion", "Value", "Limit", "Margin", "Verdict", "Source and grade"),
        tuple(
            (
                f"{unit(result.criterion.title)} ({result.criterion.group})",
                told(result.quantity),
                limit_words(result.criterion),
                amount(result.margin, result.criterion.unit),
                tokens.MARKS[result.verdict],
                f"{unit(result.criterion.source)} [{result.criterion.grade}]. {unit(result.criterion.note)}",
            )
            for result in gathered.run.criteria
        ),
        small=True,
        widths=(19, 13, 13, 10, 12, 33),
    )


def told(quantity: Quantity | None) -> str:
    """Return a value with its error bar, flagged where it has none."""
    if quantity is None:
        return "–"
    if quantity.error is None:
        return f"{amount(quantity.value, quantity.unit)} {FLAG}"
    return valued(quantity)


def _corners(gathered: Gathered) -> Iterator[Block]:
    verdict, variants = gathered.run.summary["verdict"], gathered.run.summary["variants"]
    if not variants:
        yield Open(
            "Corners of the uncertain inputs", "the case states no bands, or fixation was lost as stated"
        )
        return
    for decision in verdict["deciding_inputs"]:
        yield Words(f"Decides: {micro(decision['sentence'])}", "warning")
    yield Words("Corners are judged by the interface alone, with the error of the case as stated.")
    p95 = "micromotion_p95_um"
    own = gathered.run.value(p95)
    rows = [
        (
            "case as stated",
            "–",
            tokens.MARKS[verdict["primary_stability_as_stated"]],
            number(None if own is None else own.value),
            "–",
        )
    ]
    rows += [
        (
            variant["name"],
            ", ".join(_inputs(variant["inputs"])),
            tokens.MARKS[variant["primary_stability"]],
            number(_rounded(variant["values"].get(p95))),
            micro(variant["sentence"]),
        )
        for variant in variants
    ]
    head = ("Variant", "Inputs", "Primary stability", "Micromotion 95 %, µm", "Why")
    yield Grid(head, tuple(rows), small=True)


def _inputs(values: Mapping[str, float]) -> Iterator[str]:
    """Yield inputs by the last word of their keys, with units, and their zone where there are several."""
    several = len({key.rpartition(".")[0] for key in values}) > 1
    for key, value in values.items():
        owner, _, name = key.rpartition(".")
        where = f"{owner.rpartition('.')[2]} " if several else ""
        words = name.removesuffix("_um").replace("_", " ")
        yield f"{where}{words} {number(value)}{' µm' if key.endswith('_um') else ''}"


def _rounded(value: float | None) -> float | None:
    """Return a value without its round-off."""
    return None if value is None else round(value, 6)


def _uncertainty(gathered: Gathered) -> Iterator[Block]:
    study = gathered.studies.uncertainty
    if study.found is None:
        yield Open("Uncertainty study", study.why)
        return
    found = study.found
    yield Words(" ".join(filter(None, (found.answer, found.decides))))
    yield Words(f"{found.solved} samples; ranges from {found.ranges_from}.")
    for note in found.notes:
        yield Words(note, "note")
    yield Grid(
        ("Uncertain input", "Range", "Distribution", "Source and grade"),
        tuple(_range_row(item) for item in found.inputs),
        small=True,
        widths=(26, 26, 14, 34),
    )
    rows = [
        (name, tokens.MARKS.get(item.verdict, item.verdict), share(item.share), _between(item))
        for name, chances in (("Primary stability", found.stability), ("Safety", found.safety))
        for item in chances
    ]
    if rows:
        yield Grid(("Verdict", "Outcome", "Probability", "Interval of that"), tuple(rows))
    yield Grid(
        ("Judged quantity", "5 %", "50 %", "95 %", "As stated", "Spread most by"),
        tuple(
            (
                f"{micro(band.title)}{', ' if unit_of(band.unit) else ''}{unit_of(band.unit)}",
                *(number(value) for value in (band.low, band.middle, band.high, band.stated)),
                f"{band.deciding} ({share(min(band.index, 1.0))} of the variance)"
                if band.index is not None
                else "not told",
            )
            for band in found.bands
        ),
        small=True,
    )


def _range_row(item: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Return an uncertain input with its range; what the study does not tell is a dash."""
    choices = [str(choice) for choice in item.get("choices") or ()]
    printed = unit_of(str(item.get("unit", "1")))
    ends = f"{number(item.get('least'))} to {number(item.get('most'))} {printed}".strip()
    grade = item.get("grade")
    source = f"{item.get('source', '–')}{f' [{grade}]' if grade else ''}"
    return (
        str(item["title"]),
        listed(choices) if choices else ends,
        str(item.get("distribution", "–")),
        source,
    )


def _between(item: Chance) -> str:
    return f"{share(item.low)} to {share(item.high)}"


def _sweeps(gathered: Gathered) -> Iterator[Block]:
    if not gathered.studies.sweeps:
        yield Open("Sweeps of uncertain inputs", f"not done: run 'osseofit sweep {gathered.case.path}'")
    for study in gathered.studies.sweeps:
        if study.found is None:
            yield Open("Sweep", study.why)
        else:
            sweep = study.found
            yield Words(
                f"{sweep.folder}, {counted(sweep.samples, 'sample')}. {sweep.question}"
                f" {sentence(sweep.answer)}"
            )


def _shown(gathered: Gathered) -> Iterator[Block]:
    if gathered.figures_why:
        yield Open("Pictures", gathered.figures_why)
    yield from gathered.pictures(
        "unrolled_micromotion", "unrolled_pressure", "unrolled_status", "bone_hoop_stress_press_fit",
        "bone_strain_worst", "stem_von_mises", "micromotion_shares", "contact_area", "collar",
    )  # fmt: skip


def _numbers(gathered: Gathered) -> Grid:
    axis = gathered.case.stem.axis
    return Grid(
        ("Quantity", "Value", "Where and when"),
        tuple(
            (
                micro(quantity.title),
                told(quantity),
                f"{quantity.zone}, {quantity.when}{_where(quantity, axis)}",
            )
            for quantity in gathered.run.quantities
        ),
        small=True,
    )


def _where(quantity: Quantity, axis: Axis) -> str:
    return "" if quantity.place is None else f"; {place(quantity.place, axis)}"


def discussion_section(gathered: Gathered) -> Section:
    """Return section 12."""
    blocks: list[Block] = [
        asked(gathered.statements, "conclusions.discussion"),
        Bullets("What the records show", tuple(_shown_by_records(gathered))),
    ]
    return Section("12", "Discussion", tuple(blocks))


def _shown_by_records(gathered: Gathered) -> Iterator[str]:
    run, verdict = gathered.run, gathered.run.summary["verdict"]
    measured = [result for result in run.criteria if result.margin_percent is not None]
    if measured:
        nearest = min(measured, key=lambda result: result.margin_percent or 0.0)
        yield (
            f"Nearest to its limit is: {unit(nearest.criterion.title)}, with a margin of"
            f" {number(nearest.margin_percent)} % of the limit. {micro(nearest.sentence)}"
        )
    values = [
        variant["values"].get("micromotion_p95_um")
        for variant in run.summary["variants"]
        if variant["values"].get("micromotion_p95_um") is not None
    ]
    own = run.value("micromotion_p95_um")
    if values and own is not None:
        yield (
            f"Over the corners of the uncertain inputs the 95th percentile of micromotion runs from"
            f" {number(_rounded(min(values)))} to {number(_rounded(max(values)))} µm; as stated it is"
            f" {told(own)}."
        )
    for decision in verdict["deciding_inputs"]:
        yield micro(decision["sentence"])
    if verdict["depends_on_collar"] is not None:
        depends = "differs with" if verdict["depends_on_collar"] else "is the same with"
        yield f"The verdict on primary stability {depends} the collar open."
    grades = Counter(result.criterion.grade for result in run.criteria)
    if grades:
        graded = ", ".join(f"{count} of grade {grade}" for grade, count in sorted(grades.items()))
        yield f"The limits that were judged by: {graded} (section 15 says what the grades mean)."
    study = gathered.studies.uncertainty.found
    if study and study.decides:
        yield study.decides


def limitations_section(gathered: Gathered, open_items: tuple[Open, ...]) -> Section:
    """Return section 13; `open_items` is what the other sections say was not done."""
    missing = gathered.statements.missing
    here = [f"{item.what}: {item.why}." for item in open_items]
    if missing:
        here.append(f"{counted(len(missing), 'item')} that only a person can state are missing.")
    if gathered.synthetic:
        here.append("The load history is synthetic: nobody measured it.")
    if (gathered.run.revision or "-dirty").endswith("-dirty"):
        here.append("The run was made by a state of the program that no revision holds, or none is known.")
    blocks: list[Block] = [
        Bullets("What was not done or is not known here", tuple(here), "open"),
        Bullets("Limits of the model", LIMITS),
        Words("What each limit means for the verdict: docs/limits.md.", "note"),
    ]
    return Section("13", "Limitations", tuple(blocks))


def conclusions_section(gathered: Gathered) -> Section:
    """Return section 14."""
    verdict = gathered.run.summary["verdict"]
    blocks: list[Block] = [
        Words(
            f"The run's verdict: primary stability is {verdict['primary_stability']}, safety of bone and"
            f" implant is {verdict['safety']}; for this one idealised case, by these criteria, and no more."
        ),
        asked(gathered.statements, "conclusions.conclusions", "conclusions.adequacy"),
        Words(NOTICE, "warning"),
    ]
    return Section("14", "Conclusions", tuple(blocks))


def references_section(gathered: Gathered) -> Section:
    """Return section 15."""
    sources: dict[str, set[str]] = {}
    for result in gathered.run.criteria:
        sources.setdefault(result.criterion.source, set()).add(f"limit: {result.criterion.title}")
    for entry in case_inputs(gathered.case):
        if entry.source != CASE_FILE:
            sources.setdefault(entry.source, set()).add(entry.name.split(".")[0].replace("_", " "))
    verification = gathered.project.verification.found
    for case in verification.cases if verification else ():
        sources.setdefault(case.source, set()).add("verification")
    blocks: list[Block] = [
        Bullets("What this document follows", GUIDANCE),
        Words(
            "Their order of sections and names of factors are followed; the texts are not quoted, and this"
            " document does not claim conformity with any of them.",
            "note",
        ),
        Grid(
            ("Source", "What it is the source of"),
            tuple((unit(source), unit(listed(sorted(used), 4))) for source, used in sources.items()),
            title="Sources of inputs, limits and verification",
            small=True,
        ),
        Grid(("Grade", "How well it is known"), tuple(GRADES.items()), title="Grades", small=True),
    ]
    return Section("15", "References", tuple(blocks))
