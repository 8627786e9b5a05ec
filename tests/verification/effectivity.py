"""Error bars against true errors: what the press-fits with closed forms share.

Lamé's flush fit is plane stress with the same pressure everywhere. At the bone's bore the hoop stress is
p (b^2 + a^2) / (b^2 - a^2) and the radial one -p, which Hooke's law turns into the largest strains; a
solid stem has the equal-biaxial stress -p, whose von Mises stress is p, a hollow one -2 p a^2 / (a^2 -
ri^2) along its bore.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from fea.post.quantities import judged_quantities
from fea.post.quantity import Quantity
from fea.study import Study
from tests.verification.press_fits import case_of, solved

#: case: ri, a, b in mm, E_h in MPa, nu_h, pressure in MPa.
LAME = {
    "a1": (0.0, 7.0, 14.0, 17000.0, 0.30, 58.52407),
    "a2": (3.0, 7.0, 14.0, 17000.0, 0.30, 56.62606),
    "a3": (0.0, 6.0, 13.0, 16700.0, 0.36, 42.66691),
    "a4": (0.0, 10.0, 20.0, 200000.0, 0.30, 75.0),
    "a5": (0.0, 8.0, 25.0, 400.0, 0.25, 3.376760),
}


def exact_values(name: str) -> dict[str, float]:
    """Return the closed forms of a case, by the names of the quantities."""
    ri, a, b, modulus, poisson, p = LAME[name]
    hoop = p * (b**2 + a**2) / (b**2 - a**2)
    return {
        "contact_area_percent": 100.0,
        "mean_pressure_uncoated_MPa": p,
        "peak_pressure_MPa": p,
        "insertion_hoop_stress_MPa": hoop,
        "bone_tension_strain_percent": 100.0 * (hoop + poisson * p) / modulus,
        "bone_compression_strain_percent": 100.0 * (p + poisson * hoop) / modulus,
        "stem_von_mises_MPa": p if ri == 0.0 else 2.0 * p * a**2 / (a**2 - ri**2),
    }


@dataclass(frozen=True)
class Bar:
    """One error bar beside the true error.

    Attributes
    ----------
    case
    quantity
    exact
    """

    case: str
    quantity: Quantity
    exact: float

    @property
    def true_error(self) -> float:
        """Distance of the value from the closed form."""
        return abs(self.quantity.value - self.exact)

    @property
    def bar(self) -> float:
        """The bar; NaN where there is none, which passes no gate."""
        return float("nan") if self.quantity.error is None else self.quantity.error

    @property
    def effectivity(self) -> float:
        """Bar over true error."""
        return self.bar / max(self.true_error, 1e-12)


def study_with_companion(name: str, coarsening: float = 1.0) -> Study:
    """Solve a public case as a run does, with the companion, at a factor on the recommended sizes."""
    case = case_of(name)
    mesh = case.mesh
    edge = None if mesh.edge is None else coarsening * mesh.edge
    sizes = replace(
        mesh, interface=coarsening * mesh.interface, far=coarsening * mesh.far, edge=edge, companion=True
    )
    return solved(replace(case, mesh=sizes))


def bars(name: str, study: Study) -> Iterator[Bar]:
    """Hold every bar of a study that has a closed form against its true error."""
    exact = exact_values(name)
    for quantity in judged_quantities(study):
        if quantity.name in exact:
            yield Bar(name, quantity, exact[quantity.name])
