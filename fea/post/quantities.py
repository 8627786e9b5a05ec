"""Every quantity of a study, with its discretisation error, and those of its variants."""

from __future__ import annotations

from dataclasses import dataclass

from fea.mesh.parts import Part
from fea.post.body_quantities import body_quantities, worst_instant
from fea.post.interface_quantities import interface_quantities
from fea.post.outside import load_quantities
from fea.post.quantity import Quantity, with_errors
from fea.solution import Loss, Variant
from fea.study import Study

__all__ = [
    "Quantity",
    "VariantResult",
    "judged_quantities",
    "study_quantities",
    "variant_results",
    "worst_instant",
]


@dataclass(frozen=True)
class VariantResult:
    """What one variant says: the interface's quantities only, for its bodies are not recovered.

    Attributes
    ----------
    name
    inputs : tuple of (str, float) pairs
        What differs, by case key with unit.
    quantities : tuple of Quantity
    loss : Loss, or None
    """

    name: str
    inputs: tuple[tuple[str, float], ...]
    quantities: tuple[Quantity, ...]
    loss: Loss | None


def judged_quantities(study: Study) -> tuple[Quantity, ...]:
    """Return every quantity, the judged and the merely reported, with errors where known.

    Parameters
    ----------
    study : Study

    Returns
    -------
    tuple of Quantity
        A quantity that the run cannot tell (micromotion without a judged cycle, strains
        under a load that loosened the stem) is missing.
    """
    found = study_quantities(study)
    if study.coarse is None:
        return found
    ratio = study.coarse.mesh.element_size / study.mesh.element_size
    return with_errors(found, study_quantities(study.coarse), ratio)


def variant_results(study: Study) -> tuple[VariantResult, ...]:
    """Return the quantities of each variant.

    Parameters
    ----------
    study : Study

    Returns
    -------
    tuple of VariantResult
    """
    return tuple(_result(variant, study.mesh.stem) for variant in study.variants)


def study_quantities(study: Study) -> tuple[Quantity, ...]:
    """Return every quantity of a study without its companion, and so without discretisation errors.

    Parameters
    ----------
    study : Study

    Returns
    -------
    tuple of Quantity
    """
    interface = interface_quantities(study.interface, study.walk, study.mesh.stem)
    return (*interface, *body_quantities(study), *load_quantities(study.case))


def _result(variant: Variant, stem: Part) -> VariantResult:
    quantities = interface_quantities(variant.interface, variant.walk, stem)
    return VariantResult(variant.name, variant.inputs, quantities, variant.walk.loss)
