"""What bone and stem report: insertion hoop stress, principal strains, von Mises stress, wall."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from fea.case.case import Case
from fea.mesh.parts import Part
from fea.post.anchor import anchor_quantities
from fea.post.body_parts import bone_pieces, stem_core, stem_layers, without_regions
from fea.post.endurance import endurance_quantity
from fea.post.joint import joint_quantities
from fea.post.lattices import collapse_in_words, lattice_sums
from fea.post.micromotion import area_percentile
from fea.post.quantity import EXACT, PRESS_FIT, Quantity, peak_row, place_of
from fea.post.rims import LEAST_REACH_mm, left_out, near_rim
from fea.post.tensors import Peaks, envelope, hoop, von_mises
from fea.study import Solved, Study
from geometry.stem import Stem
from geometry.zones import ABUTMENT, CANCELLOUS
from materials.lattice import Lattice
from materials.material import Material

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: Half the length of the zone about the stem's tip that is reported apart, mm.
TIP_REACH_mm = 20.0


def body_quantities(study: Solved) -> tuple[Quantity, ...]:
    """Return every quantity that needs the fields of the bodies or the shapes.

    Parameters
    ----------
    study : Solved
        With a loss of fixation only the press-fit and the wall report.

    Returns
    -------
    tuple of Quantity
    """
    found = [_insertion_hoop(study), _least_wall(study)]
    if study.walk.loss is None:
        found += _bone_strains(study)
        found.append(_stem_stress(study))
        found.append(endurance_quantity(study.case, found[-1]))
        found += _layer_stresses(study)
        found += joint_quantities(study)
        found += anchor_quantities(study)
    return tuple(quantity for quantity in found if quantity is not None)


def nodal_volumes(part: Part) -> FloatArray:
    """Share the volume of each element out evenly among its nodes.

    Parameters
    ----------
    part : Part

    Returns
    -------
    ndarray, shape (n,), mm^3
        From the straight-sided elements: weights of percentiles, not a measure.
    """
    corners = part.points[part.tets[:, :4]]
    volume = np.abs(np.linalg.det(corners[:, 1:] - corners[:, :1])) / 6
    shares = np.repeat(volume / 10, 10)
    return np.asarray(np.bincount(part.tets.ravel(), shares, minlength=len(part.points)), dtype=np.float64)


def worst_instant(study: Study, body: str) -> int:
    """Return the instant at which a body is loaded worst, away from its rims.

    For the bone, or its cortical shell, that of the largest principal strain, tensile or compressive;
    for the stem that of the largest von Mises stress in its own material.

    Parameters
    ----------
    study : Study
    body
        ``"bone"`` or ``"stem"``.

    Returns
    -------
    int
        Row of the body's `Fields`: 0 is the press-fit.
    """
    part, rows = stem_core(study.mesh.stem) if body == "stem" else bone_pieces(study.mesh.bone)["bone"]
    allowed = ~near_rim(part.points, study.case, body)
    found = envelope(study.stem if body == "stem" else study.bone)
    candidates = (found.tension, found.compression) if body == "bone" else (found.von_mises,)
    worst, instant = -np.inf, 0
    for peaks in candidates:
        value, when = peaks.value[rows], peaks.instant[rows]
        row = peak_row(value, allowed)
        if row is not None and value[row] > worst:
            worst, instant = float(value[row]), int(when[row])
    return instant


def _insertion_hoop(study: Solved) -> Quantity | None:
    part, rows = bone_pieces(study.mesh.bone)["bone"]
    fields = study.bone
    stress = hoop(fields.stress[0][rows], part.points, study.mesh.axis)
    allowed = ~near_rim(part.points, study.case, "bone")
    row = peak_row(stress, allowed)
    if row is None:
        return None
    body = bone_in_words(study.case, "bone")
    return Quantity(
        "insertion_hoop_stress_MPa",
        f"largest hoop stress in the {body} on insertion",
        float(stress[row]),
        "MPa",
        f"{body}, away from rims",
        PRESS_FIT,
        place=place_of(part.points[row]),
        percentile99=area_percentile(stress[allowed], nodal_volumes(part)[allowed], 99.0),
        local_error=float(fields.stress_error[rows[row]]),
        left_out=left_out(study.case, "bone"),
    )


def bone_in_words(case: Case, piece: str) -> str:
    """Say which part of the bone a piece is: the bone, its cortical shell or its cancellous core.

    Parameters
    ----------
    case : Case
    piece : str
        ``"bone"`` or ``"cancellous"``.
    """
    if piece == CANCELLOUS:
        return "cancellous bone"
    return "bone" if case.bone.core is None else "cortical shell"


def _bone_strains(study: Solved) -> Iterator[Quantity]:
    found = envelope(study.bone)
    for name, (part, rows) in bone_pieces(study.mesh.bone).items():
        body = bone_in_words(study.case, name)
        allowed = ~near_rim(part.points, study.case, "bone")
        for prefix, words, where, mask in (
            (name, "" if body == "bone" else f" in the {body}", f"{body}, away from rims", allowed),
            _beside(study, part, allowed, name, body),
        ):
            for sense, peaks in (("tension", found.tension), ("compression", found.compression)):
                title = f"largest principal strain in {sense}{words}"
                yield from _strain(
                    study, f"{prefix}_{sense}_strain_percent", title, where, (part, rows), peaks, mask
                )


def _beside(
    study: Solved, part: Part, allowed: BoolArray, name: str, body: str
) -> tuple[str, str, str, BoolArray]:
    """Name, words, place and nodes of the bone about the stem's tip, or of an anchor beside its pins."""
    core = "" if name != CANCELLOUS else f"{CANCELLOUS}_"
    if (anchor := study.case.stem.anchor) is not None:
        reach = LEAST_REACH_mm + anchor.pin_diameter
        mask = allowed & (anchor.outside_holes(part.points) <= reach)
        where = f"{body} {LEAST_REACH_mm:g} to {reach:g} mm off the pins' holes, away from other rims"
        return f"{core}pin_holes", " beside the pins' holes", where, mask
    reach = tip_reach(study.case.stem)
    tip = np.abs(study.case.stem.axis.straighten(part.points)[:, 2] - study.case.stem.length) <= reach
    words = " near the stem's tip" if body == "bone" else f" in the {body} near the stem's tip"
    return (
        f"{core}tip_zone",
        words,
        f"{body} within {reach:g} mm of the stem's tip, away from rims",
        allowed & tip,
    )


def tip_reach(stem: Stem) -> float:
    """Half the length of the zone about a stem's tip that is reported apart, mm.

    Of long stems the 20 mm within which bones are seen to break; of one shorter than 80 mm a quarter of its
    length, because 20 mm would be the whole bone.
    """
    return min(TIP_REACH_mm, stem.length / 4)


def _strain(
    study: Solved,
    name: str,
    title: str,
    where: str,
    piece: tuple[Part, NDArray[np.int64]],
    peaks: Peaks,
    mask: BoolArray,
) -> Iterator[Quantity]:
    part, rows = piece
    fields, values = study.bone, peaks.value[rows]
    at = peak_row(values, mask)
    if at is None:
        return
    row = int(rows[at])
    instant, value = int(peaks.instant[row]), 100 * float(peaks.value[row])
    stress = float(von_mises(fields.stress[instant][row]))
    relative = float(fields.stress_error[row]) / stress if stress > 0 else 0.0
    when, percent = _when(study, instant)
    yield Quantity(
        name,
        title,
        value,
        "%",
        where,
        when,
        place=place_of(part.points[at]),
        instant_percent=percent,
        percentile99=100 * area_percentile(values[mask], nodal_volumes(part)[mask], 99.0),
        local_error=value * relative,
        left_out=left_out(study.case, "bone"),
    )


def _stem_stress(study: Solved) -> Quantity | None:
    """Largest stress in what is of the stem's own material, which is what its strength bounds."""
    where = f"{without_regions(study.mesh.stem)}, away from rims"
    title = "largest von Mises stress in the stem"
    return _von_mises(study, "stem_von_mises_MPa", title, where, stem_core(study.mesh.stem))


def _layer_stresses(study: Solved) -> Iterator[Quantity | None]:
    """Largest stress in each layer or abutment of its own material, never in one number with the stem's."""
    for name, piece in stem_layers(study.mesh.stem).items():
        stated = strength_in_words(study.case.layer_materials[name])
        if name == ABUTMENT:
            where = f"abutment, away from rims; {stated}"
            title = "largest von Mises stress in the abutment"
            yield _von_mises(study, "abutment_von_mises_MPa", title, where, piece)
            continue
        material = study.case.layer_materials[name]
        yield _von_mises(
            study,
            f"{name}_layer_von_mises_MPa",
            f"largest von Mises stress in the layer of the {name} zone, homogenised",
            f"layer of the {name} zone, away from rims; {stated}",
            piece,
        )
        if isinstance(material, Lattice):
            yield from lattice_sums(name, material)
            collapse = material.collapse_at(piece[0].points)
            if collapse is not None:
                yield _von_mises(
                    study,
                    f"{name}_layer_collapse_percent",
                    f"largest von Mises stress in the layer of the {name} zone, of the nominal stress of"
                    " plastic collapse at its place",
                    f"layer of the {name} zone, away from rims; an engineering assumption, not judged",
                    piece,
                    collapse,
                )


def strength_in_words(material: Material) -> str:
    """Say the strength that a layer's material states, or that it states none.

    Parameters
    ----------
    material : Material
    """
    if isinstance(material, Lattice):
        return collapse_in_words(material)
    for name in ("yield_strength", "tensile_strength", "fatigue_limit_porous_coated"):
        if name in material.strengths:
            return f"{name.replace('_', ' ')} of {material.name} {material.strengths[name].cite()}"
    return f"{material.name} states no strength to hold it against"


def _von_mises(
    study: Solved,
    name: str,
    title: str,
    where: str,
    piece: tuple[Part, NDArray[np.int64]],
    over: FloatArray | None = None,
) -> Quantity | None:
    """Largest von Mises stress of a piece in MPa, or in percent of a stress at each of its nodes."""
    part, rows = piece
    peaks = envelope(study.stem).von_mises
    scale = np.ones(len(rows)) if over is None else 100 / over
    value = scale * peaks.value[rows]
    allowed = ~near_rim(part.points, study.case, "stem")
    row = peak_row(value, allowed)
    if row is None:
        return None
    when, percent = _when(study, int(peaks.instant[rows[row]]))
    return Quantity(
        name,
        title,
        float(value[row]),
        "MPa" if over is None else "%",
        where,
        when,
        place=place_of(part.points[row]),
        instant_percent=percent,
        percentile99=area_percentile(value[allowed], nodal_volumes(part)[allowed], 99.0),
        local_error=float(scale[row] * study.stem.stress_error[rows[row]]),
        left_out=left_out(study.case, "stem"),
    )


def _least_wall(study: Solved) -> Quantity:
    return Quantity(
        "least_wall_mm",
        "least wall that reaming leaves",
        float(study.wall.thickness),
        "mm",
        "bone",
        "before insertion",
        place=place_of(np.asarray(study.wall.place)),
        error=0.0,
        error_origin=EXACT,
    )


def _when(study: Solved, instant: int) -> tuple[str, float | None]:
    """Words and percent of a row of the fields."""
    if instant == 0:
        return PRESS_FIT, None
    percent = float(study.walk.percent[instant - 1])
    return f"at {percent:g} % of the activity", percent
