"""Every picture of a study, drawn one after the other in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray

from fea.post import tokens
from fea.post.body_parts import field_part, stem_core, without_regions
from fea.post.body_quantities import nodal_volumes, worst_instant
from fea.post.face import plate_face
from fea.post.micromotion import judged_states, micromotion
from fea.post.render.assembly import assembly_picture, mesh_picture
from fea.post.render.bone_views import BoneField, bone_picture
from fea.post.render.layout import Heading
from fea.post.render.rim_views import rim_picture
from fea.post.render.sheet import Sheet
from fea.post.render.stem_views import micromotion_picture, pressure_picture, von_mises_picture
from fea.post.render.unrolled_views import Instant, micromotion_map, pressure_map, status_map
from fea.post.rims import near_rim
from fea.post.series import shown_states
from fea.post.tensors import hoop, principal_strain, von_mises
from fea.post.unrolled import unroll
from fea.post.zones import zone_table
from fea.study import Study

FloatArray = NDArray[np.float64]

SEATED = "After press-fit, before any load"


@dataclass(frozen=True)
class Picture:
    """A drawn picture.

    Attributes
    ----------
    name
        Of its file, without ending.
    path
    title
        The question that it answers.
    alt
        What it shows, in a sentence or two.
    width, height : float, CSS px
    """

    name: str
    path: Path
    title: str
    alt: str
    width: float
    height: float


def draw_pictures(
    study: Study, folder: Path, progress: Callable[[str], None] | None = None
) -> tuple[Picture, ...]:
    """Draw every picture that the study can show, as PNG files.

    Parameters
    ----------
    study : Study
    folder : Path
        An existing folder.
    progress : callable, optional
        Told the name of each picture when it is written.

    Returns
    -------
    tuple of Picture
        In the order of the report.
    """
    pictures = []
    with mpl.rc_context(tokens.style()):
        for name, sheet in _sheets(study):
            path = sheet.save(folder / f"{name}.png")
            pictures.append(Picture(name, path, sheet.question, sheet.says, sheet.width, sheet.height))
            if progress is not None:
                progress(name)
    return tuple(pictures)


def _sheets(study: Study) -> Iterator[tuple[str, Sheet]]:
    yield "assembly", assembly_picture(study.case, study.mesh, _greatest_load(study))
    yield "mesh", mesh_picture(study.case, study.mesh)
    yield "rims", rim_picture(study.case, study.mesh)
    yield from _interface_sheets(study)
    yield from _bone_sheets(study)
    if len(study.stem.stress) > 1:
        yield "stem_von_mises", _stem_sheet(study)


def _greatest_load(study: Study) -> FloatArray | None:
    forces = [state.wrench[:3] for state in shown_states(study.walk)]
    return max(forces, key=lambda force: float(np.linalg.norm(force)), default=None)


def _interface_sheets(study: Study) -> Iterator[tuple[str, Sheet]]:
    """Yield the interface on the stem and unrolled."""
    interface, walk, stem = study.interface, study.walk, study.mesh.stem
    # Of an anchor nothing touches but its plate, which no view of the flank shows.
    plate = study.case.stem.anchor is not None
    flat = plate_face(interface) if plate else unroll(interface)
    seated = Instant("after press-fit", walk.press_fit)
    if not plate:
        yield "pressure_press_fit", pressure_picture(stem, interface, walk.press_fit, SEATED)
    states = judged_states(walk)
    motion = micromotion(walk) if states else None
    if motion is not None:
        words = f"Over the judged cycle, number {len(walk.cycles)} of: {_activity(study)}"
        if not plate:
            yield "micromotion", micromotion_picture(stem, interface, states, motion.resulting, words)
        table = zone_table(interface, study.case.stem, walk.press_fit, motion)
        yield (
            "unrolled_micromotion",
            micromotion_map(flat, interface, study.case.stem, motion.resulting, states, table, words),
        )
    loaded = _loaded(study)
    instants = [seated] if loaded is None else [seated, loaded]
    yield "unrolled_pressure", pressure_map(flat, interface, study.case.stem, instants)
    yield "unrolled_status", status_map(flat, interface, study.case.stem, instants[-1])


def _loaded(study: Study) -> Instant | None:
    """Return the instant that is worst for the bone, or the last one before fixation was lost."""
    states, percent = shown_states(study.walk), study.walk.percent
    if not states:
        return None
    if study.walk.loss is not None:
        return Instant(f"at {percent[len(states) - 1]:.3g} %, the last held", states[-1])
    row = max(worst_instant(study, "bone") - 1, 0)
    return Instant(f"at {percent[row]:.3g} % of the cycle", states[row])


def _bone_sheets(study: Study) -> Iterator[tuple[str, Sheet]]:
    """Yield hoop stress and strain of the bone, after the press-fit and at the worst instant."""
    bone, rows = field_part(study, "bone"), [("press_fit", 0)]
    if len(study.bone.stress) > 1 and study.walk.loss is None:
        rows.append(("worst", worst_instant(study, "bone")))
    weight, rim = nodal_volumes(bone), near_rim(bone.points, study.case, "bone")
    axis = study.mesh.axis
    for when, row in rows:
        heading = Heading("How hard is the bone's wall pulled round the stem?", _instant(study, row, "bone"))
        values = hoop(study.bone.stress[row], bone.points, axis)
        field = BoneField(values, weight, rim, tokens.HOOP, heading, axis=axis)
        yield f"bone_hoop_stress_{when}", bone_picture(bone, field)
        heading = Heading("How far is the bone stretched?", _instant(study, row, "bone"))
        strain = 100.0 * principal_strain(study.bone.strain[row])[:, 0]
        field = BoneField(strain, weight, rim, tokens.STRAIN, heading, ".2f", axis)
        yield f"bone_strain_{when}", bone_picture(bone, field)


def _stem_sheet(study: Study) -> Sheet:
    (stem, nodes), row = stem_core(study.mesh.stem), worst_instant(study, "stem")
    rim = near_rim(stem.points, study.case, "stem")
    stress = von_mises(study.stem.stress[row])[nodes]
    words = _instant(study, row, "stem")
    if study.mesh.stem.regions:
        words = f"{words}; {without_regions(study.mesh.stem)}, shown alone"
    return von_mises_picture(stem, stress, nodal_volumes(stem), rim, words, study.mesh.axis)


def _activity(study: Study) -> str:
    activity = study.case.activity
    if activity is None:
        return "no activity"
    label = (
        "" if not activity.history.synthetic or "synthetic" in activity.history.title else ", synthetic load"
    )
    return f"{activity.history.title}{label}"


def _instant(study: Study, row: int, body: str) -> str:
    """Words of a row of the fields: the press-fit, or percent of the activity."""
    if row == 0:
        return SEATED
    percent = study.walk.percent[row - 1]
    return f"{_activity(study)}: {percent:.3g} % of the cycle, the worst instant for the {body}"
