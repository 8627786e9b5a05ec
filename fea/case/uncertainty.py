"""Inputs that are not known: what each is, and the range that it may lie in.

A range maps a share u of its probability, from 0 to 1, to a value (its inverse distribution):

    uniform       least + u (most - least)
    log-uniform   least (most / least)^u
    triangular    from `least` up to `peak` and down to `most`
    choice        one of a list, all equally likely
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from fea.loads.history import History
from materials.material import Material

Value = float | str

UNIFORM, LOG_UNIFORM, TRIANGULAR, CHOICE = "uniform", "log-uniform", "triangular", "choice"


@dataclass(frozen=True)
class Kind:
    """One input that may be uncertain.

    Attributes
    ----------
    name
        Its key below ``[uncertainty]``, with the unit.
    title, unit
        In words; ``"1"`` for no unit.
    least, most
        Between which a range must lie; both 0 for a choice.
    model
        Whether another value needs another factorisation.
    meshed
        Whether it needs another mesh too.
    loads
        Whether it belongs to the activity.
    """

    name: str
    title: str
    unit: str
    least: float = 0.0
    most: float = 0.0
    model: bool = False
    meshed: bool = False
    loads: bool = False


#: Every input that may be uncertain, in the order of tables and plots.
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind("diametral_interference_um", "diametral interference", "um", 0.0, 100_000.0),
            Kind("friction", "friction", "1", 0.0, 1_000_000.0),
            Kind("bone_modulus_factor", "factor on the bone's moduli", "1", 0.05, 20.0, model=True),
            Kind("bone_material", "material of the bone", "1", model=True),
            Kind("wall_change_mm", "change of the wall", "mm", -100.0, 100.0, model=True, meshed=True),
            Kind("body_weight_N", "body weight", "N", 1.0, 1_000_000.0, loads=True),
            Kind("bending_factor", "factor on the bending moments", "1", 0.0, 20.0, loads=True),
            Kind("history", "load history", "1", loads=True),
        )
    }
)


@dataclass(frozen=True)
class Uncertain:
    """One input that is not known.

    Attributes
    ----------
    name
        Key of `KINDS`.
    distribution
        `UNIFORM`, `LOG_UNIFORM`, `TRIANGULAR` or `CHOICE`.
    source
        Where the range comes from.
    grade
        How well that is known, A to D; None for what the case file states elsewhere.
    least, most, peak
        Ends, and the most likely value of a triangle, in the unit of the input.
    choices : tuple of str
        For `CHOICE`.
    """

    name: str
    distribution: str
    source: str
    grade: str | None
    least: float = 0.0
    most: float = 0.0
    peak: float = 0.0
    choices: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """What it is."""
        return KINDS[self.name]

    def at(self, share: float) -> Value:
        """Return the value below which a share of the probability lies.

        Parameters
        ----------
        share : float
            From 0 to 1.

        Returns
        -------
        float or str
            In the unit of the input; one of the choices.
        """
        width = self.most - self.least
        if self.distribution == CHOICE:
            return self.choices[min(int(share * len(self.choices)), len(self.choices) - 1)]
        if self.distribution == LOG_UNIFORM:
            return self.least * math.exp(share * math.log(self.most / self.least))
        if self.distribution == UNIFORM:
            return self.least + share * width
        rising = (self.peak - self.least) / width
        if share < rising:
            return self.least + width * math.sqrt(share * rising)
        return self.most - width * math.sqrt((1.0 - share) * (1.0 - rising))


@dataclass(frozen=True)
class Uncertainty:
    """What a case does not know.

    Attributes
    ----------
    zone
        Name of the zone whose interference and friction are meant.
    inputs : tuple of Uncertain
        In the order of `KINDS`.
    histories : mapping of str to History
        Load histories by the names in ``history``.
    materials : mapping of str to Material
        Materials by the names in ``bone_material``.
    """

    zone: str
    inputs: tuple[Uncertain, ...]
    histories: Mapping[str, History] = field(default_factory=dict)
    materials: Mapping[str, Material] = field(default_factory=dict)
