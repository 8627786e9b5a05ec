r"""A polynomial chaos of a quantity over its uncertain inputs.

With u the shares of the inputs' probabilities, independent and uniform on [0, 1], the quantity
is expanded in products of functions that are orthonormal over each input's distribution,

    y(u) ~ sum_a c_a prod_i psi_{a_i}(u_i),     total degree |a| at most 2 (as a rule):

Legendre polynomials sqrt(2k + 1) P_k(2 u - 1) for a number, contrasts between the levels for
a choice. Terms are chosen one by one, each time the one most correlated with what is left
(orthogonal matching pursuit), as many as predict left-out samples best; their coefficients are
least squares. A quantity that is positive everywhere is also expanded by its logarithm, and
the way that predicts better is kept.

How well it predicts is measured, not assumed: Q2 = 1 - sum (y - y_left_out)^2 / sum (y - mean)^2

- with each sample left out in turn (the terms as chosen), and
- with each model left out in turn, all its samples at once, terms chosen and fitted anew without
  them: samples of one model share its mesh and its inputs, so that only this says whether the
  surrogate holds for a model that was not computed.

References
----------
B. Sudret, Reliab. Eng. Syst. Saf. 93 (2008) 964-979: indices from the coefficients of a chaos.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

#: Total degree of the expansion.
DEGREE = 2
#: Models from which whole models are left out; with fewer, samples in folds.
LEAST_MODELS = 4
FOLDS = 8
#: At most this share of the samples as terms.
_TERMS_PER_SAMPLE = 0.5
#: Terms beyond the best number after which no more are tried.
_PATIENCE = 8
#: Pivot below which samples that are left out have determined a term alone.
_SMALLEST_PIVOT = 1e-6


@dataclass(frozen=True)
class Basis:
    """Products of orthonormal functions of the inputs.

    Attributes
    ----------
    levels : tuple of int
        Of each input: 0 for a number, else the number of choices.
    terms : tuple of tuple of int
        Of each product: the degree in each input; for a choice the number of its contrast.
        The first is the constant.
    """

    levels: tuple[int, ...]
    terms: tuple[tuple[int, ...], ...]

    def at(self, shares: FloatArray) -> FloatArray:
        """Evaluate every product.

        Parameters
        ----------
        shares : ndarray, shape (n, d)

        Returns
        -------
        ndarray, shape (n, p)
        """
        orders = np.array(self.terms).max(axis=0)
        single = [
            _single(shares[:, i], levels, int(order))
            for i, (levels, order) in enumerate(zip(self.levels, orders, strict=True))
        ]
        columns = [
            np.prod([single[i][:, order] for i, order in enumerate(term)], axis=0) for term in self.terms
        ]
        return np.stack(columns, axis=1)


def basis_of(levels: Sequence[int], degree: int = DEGREE) -> Basis:
    """Return all products up to a total degree; a contrast between choices counts as degree 1.

    Parameters
    ----------
    levels : sequence of int
        As in `Basis`.
    degree : int

    Returns
    -------
    Basis
    """
    orders = [range(degree + 1) if not count else range(count) for count in levels]

    def weight(term: tuple[int, ...]) -> int:
        return sum(min(order, 1) if count else order for order, count in zip(term, levels, strict=True))

    terms = [term for term in product(*orders) if weight(term) <= degree]
    return Basis(tuple(levels), tuple(sorted(terms, key=lambda term: (weight(term), term[::-1]))))


def _single(share: FloatArray, levels: int, order: int) -> FloatArray:
    """Return the orthonormal functions 0 to `order` of one input, shape (n, order + 1)."""
    if not levels:
        values = np.polynomial.legendre.legvander(2.0 * share - 1.0, order)
        return np.asarray(values * np.sqrt(2.0 * np.arange(order + 1) + 1.0))
    places = np.vander(np.linspace(-1.0, 1.0, levels), levels, increasing=True)
    contrasts = np.linalg.qr(places)[0] * np.sqrt(levels)
    contrasts *= np.sign(contrasts[-1])
    level = np.minimum((share * levels).astype(np.int64), levels - 1)
    return np.asarray(contrasts[level, : order + 1])


@dataclass(frozen=True, eq=False)
class Surrogate:
    """A quantity as a polynomial chaos.

    Attributes
    ----------
    basis
        Of the chosen terms.
    coefficients : ndarray, shape (p,)
    logarithm
        Whether it is the logarithm of the quantity that is expanded.
    q2_sample, q2_model
        Share of the variance that is predicted with samples, and with whole models, left out.
    residual : ndarray, shape (n,)
        Of each sample left out, in the expanded scale; for confidence.
    shares : ndarray, shape (n, d)
    groups : ndarray of int, shape (n,)
        What is left out together.
    grouped
        Whether the groups are the models; else they are folds of single samples.
    """

    basis: Basis
    coefficients: FloatArray
    logarithm: bool
    q2_sample: float
    q2_model: float
    residual: FloatArray
    shares: FloatArray
    groups: IntArray
    grouped: bool

    @property
    def q2(self) -> float:
        """The lower of the two."""
        return min(self.q2_sample, self.q2_model)

    def __call__(self, shares: FloatArray) -> FloatArray:
        """Predict the quantity.

        Parameters
        ----------
        shares : ndarray, shape (n, d)

        Returns
        -------
        ndarray, shape (n,)
        """
        expanded: FloatArray = self.basis.at(shares) @ self.coefficients
        return np.exp(expanded) if self.logarithm else expanded


def fit(
    shares: FloatArray, values: FloatArray, models: IntArray, levels: Sequence[int], degree: int = DEGREE
) -> Surrogate:
    """Expand a quantity.

    Parameters
    ----------
    shares : ndarray, shape (n, d)
    values : ndarray, shape (n,)
        Not all alike.
    models : ndarray of int, shape (n,)
        The model of each sample.
    levels : sequence of int
        As in `Basis`.
    degree : int

    Returns
    -------
    Surrogate
    """
    basis = basis_of(levels, degree)
    matrix = basis.at(shares)
    grouped = len(np.unique(models)) >= LEAST_MODELS
    groups = models if grouped else np.arange(len(values)) % FOLDS
    ways = [False, True] if values.min() > 0.0 else [False]
    found = [_expand(matrix, values, groups, logarithm=way) for way in ways]
    best = max(found, key=lambda expansion: min(expansion.q2))
    terms = tuple(basis.terms[k] for k in best.chosen)
    return Surrogate(
        Basis(basis.levels, terms), best.coefficients, best.logarithm, *best.q2, best.residual,
        shares, groups, grouped,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Expansion:
    """What one way of expanding gives: rows of the basis, and how well they predict."""

    chosen: list[int]
    coefficients: FloatArray
    logarithm: bool
    q2: tuple[float, float]
    residual: FloatArray


def _expand(matrix: FloatArray, values: FloatArray, groups: IntArray, *, logarithm: bool) -> _Expansion:
    target = np.log(values) if logarithm else values
    chosen = _choose(matrix, target, groups)
    coefficients = np.asarray(np.linalg.lstsq(matrix[:, chosen], target, rcond=None)[0], dtype=np.float64)
    orthogonal = np.linalg.qr(matrix[:, chosen])[0]
    left = target - orthogonal @ (orthogonal.T @ target)
    residual = _left_out(orthogonal, left, list(np.arange(len(values))[:, None]))
    predicted = np.zeros(len(values))
    for group in np.unique(groups):
        out = groups == group
        kept = _choose(matrix[~out], target[~out], groups[~out])
        predicted[out] = (
            matrix[out][:, kept] @ np.linalg.lstsq(matrix[~out][:, kept], target[~out], rcond=None)[0]
        )
    singly = target - residual
    if logarithm:
        # A surrogate that is far off may predict a logarithm that no number holds.
        singly, predicted = (np.exp(np.minimum(part, 700.0)) for part in (singly, predicted))
    q2 = (_predicted_share(values, singly), _predicted_share(values, predicted))
    return _Expansion(chosen, coefficients, logarithm, q2, residual)


def _choose(matrix: FloatArray, target: FloatArray, groups: IntArray) -> list[int]:
    """Return the terms that predict left-out groups best, among those that matching pursuit meets."""
    most = max(1, min(matrix.shape[1], int(_TERMS_PER_SAMPLE * len(target))))
    members = [np.flatnonzero(groups == group) for group in np.unique(groups)]
    # `free` is what the chosen terms leave of every term, `left` what they leave of the target.
    orthogonal, free, left = np.zeros((len(target), 0)), matrix.copy(), target.copy()
    size = np.linalg.norm(matrix, axis=0)
    chosen: list[int] = []
    best, least = [0], np.inf
    following = 0
    while True:
        column = free[:, following] / np.linalg.norm(free[:, following])
        column -= orthogonal @ (orthogonal.T @ column)  # once more, against round-off
        column /= np.linalg.norm(column)
        orthogonal, chosen = np.column_stack([orthogonal, column]), [*chosen, following]
        left = left - column * (column @ left)
        free = free - np.outer(column, column @ free)
        error = float(np.sum(_left_out(orthogonal, left, members) ** 2))
        if error < least:
            best, least = list(chosen), error
        if len(chosen) == most or not np.isfinite(error) or len(chosen) > len(best) + _PATIENCE:
            return best
        length = np.linalg.norm(free, axis=0)
        # What the chosen terms say already on these samples can add nothing.
        length[length < 1e-6 * size] = np.inf
        match = np.abs(free.T @ left) / length
        match[chosen] = 0.0
        if match.max() <= 1e-12 * max(float(np.linalg.norm(target)), 1e-300):
            return best
        following = int(np.argmax(match))


def _left_out(orthogonal: FloatArray, residual: FloatArray, members: Sequence[IntArray]) -> FloatArray:
    """Return the residual of each sample when its group is left out: (I - H_gg)^-1 r_g.

    Infinite where the others do not determine the terms.
    """
    found = np.zeros_like(residual)
    for out in members:
        rows = orthogonal[out]
        pivots, vectors = np.linalg.eigh(np.eye(len(out)) - rows @ rows.T)
        if pivots[0] < _SMALLEST_PIVOT:
            return np.full_like(residual, np.inf)
        found[out] = vectors @ ((vectors.T @ residual[out]) / pivots)
    return found


def _predicted_share(values: FloatArray, predicted: FloatArray) -> float:
    spread = float(np.sum((values - values.mean()) ** 2))
    wrong = float(np.sum((values - predicted) ** 2))
    return 1.0 - wrong / spread if np.isfinite(wrong) else -np.inf
