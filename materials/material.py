"""What a material is: an elastic law, a density and limits, each with its origin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from materials.elasticity import Elasticity
from materials.entry import Entry
from materials.errors import MaterialError, nearest

#: What a material is made of; criteria for bone and for implants differ.
Kind = Literal["bone", "metal", "polymer"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Material:
    """A material by name.

    Attributes
    ----------
    name
    elasticity
        In the material's own axes, 3 along the bone or the implant.
    kind
    density : float, tonne/mm^3
        None where it is not known; then nothing may ask for weight or mass.
    strengths
        Limits by a name of `materials.strength.LIMITS`.
    entries
        The elastic constants and the density with their origin; empty for a material
        stated in a case file.
    note
        What its use should keep in mind.
    """

    name: str
    elasticity: Elasticity
    kind: Kind
    density: float | None = None
    strengths: Mapping[str, Entry] = field(default_factory=dict, hash=False)
    entries: Mapping[str, Entry] = field(default_factory=dict, hash=False)
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse an unknown kind and a density that is not positive."""
        if self.kind not in KINDS:
            raise MaterialError(f"The kind of '{self.name}' is '{self.kind}'; {nearest(self.kind, KINDS)}")
        if self.density is not None and not self.density > 0:
            raise MaterialError(
                f"The density of '{self.name}' is {self.density:g} tonne/mm3; give one above 0, or none."
            )

    @classmethod
    def inline(
        cls, name: str, elasticity: Elasticity, kind: Kind = "metal", density: float | None = None
    ) -> Material:
        """Return a material that a case file states itself, without limits of its own.

        Parameters
        ----------
        name, elasticity, kind
        density : float, tonne/mm^3

        Raises
        ------
        MaterialError
            Where the kind is unknown or the density is not positive.
        """
        return cls(name, elasticity, kind, density, note="stated in the case file")

    @property
    def mechanics(self) -> object:
        """What the stiffness hangs on; its ``repr`` is its content."""
        return self.elasticity

    def limit(self, name: str) -> Entry:
        """Return a limit of this material.

        Raises
        ------
        MaterialError
            Where the material states none of that name.
        """
        if name not in self.strengths:
            raise MaterialError(
                f"The material '{self.name}' states no limit '{name}'; {nearest(name, self.strengths)}"
            )
        return self.strengths[name]
