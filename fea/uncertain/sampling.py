"""A sample is a case: the inputs of one sample put into the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from fea.case.case import Activity, Case
from fea.case.uncertainty import Uncertainty, Value
from fea.ct.density import ImagedMaterial
from fea.loads.history import COMPONENTS, History

#: The moments that bend the stem, as rows of `COMPONENTS`.
_BENDING = (COMPONENTS.index("moment_anterior"), COMPONENTS.index("moment_lateral"))


def coarsened(case: Case, factor: float) -> Case:
    """Return the case with every element size times a factor."""
    sizes = case.mesh
    return replace(
        case,
        mesh=replace(
            sizes, interface=factor * sizes.interface, far=factor * sizes.far, edge=factor * sizes.edge
        ),
    )


def model_case(case: Case, uncertainty: Uncertainty, values: Mapping[str, Value]) -> Case:
    """Return the case with those inputs of a sample that need another factorisation.

    Parameters
    ----------
    case : Case
    uncertainty : Uncertainty
    values : mapping of str to float or str
        Of the sample, by input; what it lacks is the case's.

    Returns
    -------
    Case
    """
    material, bone, core = case.bone_material, case.bone, case.core_material
    if "bone_material" in values:
        material = uncertainty.materials[str(values["bone_material"])]
    factor, wall = float(values.get("bone_modulus_factor", 1.0)), float(values.get("wall_change_mm", 0.0))
    if factor != 1.0:
        if isinstance(material, ImagedMaterial):
            material = material.scaled(factor)
        else:
            material = replace(material, elasticity=material.elasticity.scaled(factor))
        core = None if core is None else replace(core, elasticity=core.elasticity.scaled(factor))
    if wall != 0.0:
        bone = bone.thickened(wall)
    return replace(case, bone=bone, bone_material=material, core_material=core)


def sample_case(case: Case, uncertainty: Uncertainty, values: Mapping[str, Value]) -> Case:
    """Return the case with every input of a sample.

    Parameters
    ----------
    case : Case
        As stated.
    uncertainty, values
        As for `model_case`.

    Returns
    -------
    Case
        That a run of its own would solve.
    """
    zone, fits = uncertainty.zone, dict(case.fit)
    if "friction" in values:
        fits[zone] = replace(fits[zone], friction=float(values["friction"]))
    if "diametral_interference_um" in values:
        fits[zone] = replace(
            fits[zone], radial_interference=float(values["diametral_interference_um"]) / 2000.0
        )
    varied = replace(model_case(case, uncertainty, values), fit=fits)
    if case.activity is None:
        return varied
    return replace(varied, activity=_activity(case.activity, uncertainty, values))


def _activity(activity: Activity, uncertainty: Uncertainty, values: Mapping[str, Value]) -> Activity:
    history = activity.history
    if "history" in values:
        history = uncertainty.histories[str(values["history"])]
    if "bending_factor" in values:
        history = bent(history, float(values["bending_factor"]))
    if "body_weight_N" in values:
        activity = replace(activity, body_weight=float(values["body_weight_N"]))
    return replace(activity, history=history)


def bent(history: History, factor: float) -> History:
    """Return a history with its two bending moments times a factor; forces and torsion stay."""
    points = tuple(
        tuple((percent, factor * value) for percent, value in course) if row in _BENDING else course
        for row, course in enumerate(history.points)
    )
    return replace(history, points=points)
