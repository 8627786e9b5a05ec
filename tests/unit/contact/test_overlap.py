"""Integration cells: they cover what is opposite, once, and each sees one facet."""

from __future__ import annotations

import numpy as np
import pytest

from fea.contact.overlap import Pairing, pair
from fea.contact.surface import FACET_DEGREE, facet_points
from fea.elasticity.wrench import shapes_at, triangle_shapes
from fea.mesh.parts import Part
from tests.bodies.structured import at, brick, on_radius, tube

POINTS_OF_A_FACET = len(triangle_shapes(FACET_DEGREE)[1])


def plates(low: tuple[int, int], high: tuple[int, int], shift: float = 0.0) -> tuple[Part, Part]:
    """Two unit plates, the upper one shifted along x, with cells of their own."""
    below = brick("stem", (0, 0, -1), (1, 1, 0), (*low, 1), {"contact": at(2, 0.0)})
    above = brick("bone", (shift, 0, 0), (1 + shift, 1, 1), (*high, 1), {"contact": at(2, 0.0)})
    return below, above


def paired(below: Part, above: Part) -> Pairing:
    return pair(below.points, below.facets["contact"], above.points, above.facets["contact"], 0.5)


def covered(found: Pairing, facets: int) -> np.ndarray:
    return np.bincount(found.points.facet, found.points.area * (found.partners.facet >= 0), facets)


@pytest.mark.parametrize(("low", "high"), [((3, 2), (2, 5)), ((1, 1), (4, 3)), ((5, 4), (1, 1))])
def test_cells_cover_every_facet_once(low: tuple[int, int], high: tuple[int, int]) -> None:
    """Plane plates: the facets' areas to round-off, whatever lies opposite."""
    below, above = plates(low, high)
    facets = below.facets["contact"]
    whole = facet_points(below.points, facets)
    found = covered(paired(below, above), len(facets))
    assert found == pytest.approx(np.bincount(whole.facet, whole.area), rel=1e-12)


@pytest.mark.parametrize("shift", [0.3, -0.45, 0.77])
def test_only_what_is_opposite_is_covered(shift: float) -> None:
    """Shifted plates overlap on 1 - |shift| of their area, exactly, also inside a facet."""
    below, above = plates((2, 3), (3, 2), shift)
    found = paired(below, above)
    assert covered(found, len(below.facets["contact"])).sum() == pytest.approx(1 - abs(shift), rel=1e-12)


def test_the_shape_functions_of_the_other_side_are_integrated_exactly() -> None:
    """Of each quadratic function of the upper plate, times a linear one: with its own rule, to round-off."""
    below, above = plates((3, 2), (2, 5))
    found = paired(below, above)
    nodes = above.facets["contact"][found.partners.facet]
    values = shapes_at(found.partners.reference)[0]
    weight = found.points.area * (1.0 + 2.0 * found.points.places[:, 0] - found.points.places[:, 1])
    ours = np.bincount(nodes.ravel(), (values * weight[:, None]).ravel(), len(above.points))
    own = facet_points(above.points, above.facets["contact"])
    weight = own.area * (1.0 + 2.0 * own.places[:, 0] - own.places[:, 1])
    nodes = above.facets["contact"][own.facet]
    exact = np.bincount(nodes.ravel(), (own.shapes * weight[:, None]).ravel(), len(above.points))
    assert ours == pytest.approx(exact, abs=1e-14)


def test_facets_that_match_keep_their_rule() -> None:
    below, above = plates((3, 2), (3, 2))
    found = paired(below, above)
    assert len(found.points.area) == POINTS_OF_A_FACET * len(below.facets["contact"])


@pytest.mark.parametrize(("sectors", "turn"), [(12, 0.13), (20, 0.05), (30, 0.0)])
def test_cells_cover_curved_facets(sectors: int, turn: float) -> None:
    """A cylinder of 16 sectors against another: neighbours share their curved edges, so no area is lost.

    What remains is the rule's error on the curved facet, of some 1e-9.
    """
    inner = tube("stem", (3.0, 7.0), (0.0, 10.0), (1, 16, 3), {"contact": on_radius(7.0)})
    outer = tube("bone", (7.0, 14.0), (0.0, 10.0), (1, sectors, 4), {"contact": on_radius(7.0)})
    cosine, sine = np.cos(turn), np.sin(turn)
    turned = outer.points @ np.array([[cosine, sine, 0], [-sine, cosine, 0], [0, 0, 1]])
    facets = inner.facets["contact"]
    found = pair(inner.points, facets, turned, outer.facets["contact"], 0.5)
    whole = facet_points(inner.points, facets)
    assert (found.partners.facet >= 0).all()
    assert covered(found, len(facets)) == pytest.approx(np.bincount(whole.facet, whole.area), rel=1e-7)
    there = np.einsum(
        "pa,pad->pd", shapes_at(found.partners.reference)[0],
        turned[outer.facets["contact"][found.partners.facet]],
    )  # fmt: skip
    # Curved facets are no cylinder: the two surfaces lie some micrometres apart.
    assert np.linalg.norm(there - found.points.places, axis=1).max() < 5e-3


def test_surfaces_that_nothing_faces_have_no_partners() -> None:
    """Plates farther apart than any facet is wide: a stem whose flank no bone is near."""
    below, above = plates((2, 3), (3, 2), 40.0)
    found = paired(below, above)
    assert (found.partners.facet == -1).all()
    assert covered(found, len(below.facets["contact"])).sum() == 0.0
