"""The run's pictures and plots, embedded: pictures only where this run drew them."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

from fea.case.case import Case
from fea.dossier.blocks import Figure
from fea.dossier.run import Run
from fea.post.plot_margins import margin_plot
from fea.post.plots import cycle_plots
from fea.post.report_words import unit, valued

#: Pictures of a run that the dossier shows: what each shows, and the quantity that says it in a number.
PICTURES = {
    "assembly": ("Stem in the bone, cut open, with axes, load and reference point", None),
    "mesh": ("The mesh of both bodies", None),
    "unrolled_micromotion": (
        "Resulting micromotion on the unrolled interface over the judged cycle",
        "micromotion_p95_um",
    ),
    "unrolled_pressure": (
        "Contact pressure on the unrolled interface, after press-fit and under load",
        "peak_pressure_MPa",
    ),
    "unrolled_status": ("Where the interface is open, sticks or slips", "contact_area_percent"),
    "bone_hoop_stress_press_fit": ("Hoop stress of the bone after press-fit", "insertion_hoop_stress_MPa"),
    "bone_strain_worst": (
        "Largest principal strain of the bone at its worst instant",
        "bone_tension_strain_percent",
    ),
    "stem_von_mises": ("Von Mises stress of the stem at its worst instant", "stem_von_mises_MPa"),
}
_MARGINS = (
    "The dot is the value, the bar through it its discretisation error, the black line the limit to keep;"
    " green keeps it, amber cannot be shown, red breaks it."
)
#: Written by a run just before its pictures; a picture that is older is of another run.
FIELDS = "bone.vtu"


def figures_of(case: Case, run: Run) -> tuple[tuple[Figure, ...], str]:
    """Return pictures and plots of a run, and why pictures are missing.

    Parameters
    ----------
    case : Case
    run : Run

    Returns
    -------
    figures : tuple of Figure
    why
        Empty where there are pictures.
    """
    pictures = tuple(_pictures(run)) if case.output.renders else ()
    why = ""
    if not case.output.renders:
        why = "the case switches them off ([output] renders = false)"
    elif not pictures:
        why = f"none of this run are in {run.folder}; run 'osseofit report {case.path}'"
    return (*pictures, *_plots(case, run)), why


def _pictures(run: Run) -> Iterator[Figure]:
    fields = run.folder / FIELDS
    since = fields.stat().st_mtime if fields.exists() else 0.0
    for name, (words, quantity_name) in PICTURES.items():
        path = run.folder / f"{name}.png"
        if not path.exists() or path.stat().st_mtime < since:
            continue
        quantity = run.value(quantity_name) if quantity_name else None
        told = "" if quantity is None else f" {unit(quantity.title).capitalize()}: {valued(quantity)}."
        yield Figure(name, _uri("image/png", path), f"{words}.{told}")


def _plots(case: Case, run: Run) -> Iterator[Figure]:
    """Yield the plots that the report draws, from the run's own numbers."""
    margins = margin_plot(run.criteria)
    if margins is not None:
        yield Figure(margins.name, _svg(margins.svg), margins.alt, f"{margins.title} {_MARGINS}", plot=True)
    if run.series is None or case.activity is None:
        return
    for plot in cycle_plots(run.series, case.activity.history.title):
        yield Figure(plot.name, _svg(plot.svg), plot.alt, plot=True)


def _uri(kind: str, path: Path) -> str:
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"


def _svg(text: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(text.encode()).decode('ascii')}"
