"""Which samples are walked, on which models.

Inputs that need another factorisation are sampled by few models, drawn by a sequence of their
own; all others by many samples on each model, whose blocks of one long sequence are each spread
evenly. Sequences are scrambled Sobol ones where the number of points is a power of two, which they
need, and Latin hypercubes otherwise; both repeat for the same seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from fea.case.uncertainty import Uncertainty, Value
from fea.errors import CaseError
from fea.loads.sentences import sentence

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Most samples of one study: at some seconds each, hours.
MOST_SAMPLES = 5000
#: Most models: each is meshed and factored.
MOST_MODELS = 256
#: Largest factor on the element sizes, beyond which no mesh stands for the case.
COARSEST = 4.0

Values = dict[str, Value]


@dataclass(frozen=True)
class Options:
    """How much is computed.

    Attributes
    ----------
    models
        Factorised models; one where no input needs another.
    samples
        Samples on each.
    size_factor
        On the element sizes of the case.
    seed
        What the sequences start from.
    """

    models: int = 8
    samples: int = 16
    size_factor: float = 1.0
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot be computed.

        Raises
        ------
        CaseError
            Every mistake, one sentence each.
        """
        limits = (
            ("--models", self.models, 1, MOST_MODELS),
            ("--samples", self.samples, 1, MOST_SAMPLES),
            ("--size-factor", self.size_factor, 1.0, COARSEST),
            ("--seed", self.seed, 0, 2**31),
        )
        problems = [
            sentence("command line", option, f"must lie between {least:g} and {most:g}", value)
            for option, value, least, most in limits
            if not least <= value <= most
        ]
        if not problems and self.models * self.samples > MOST_SAMPLES:
            count = self.models * self.samples
            problems = [f"command line: {count} samples are more than {MOST_SAMPLES}; give fewer."]
        if problems:
            raise CaseError(problems)


@dataclass(frozen=True, eq=False)
class Design:
    """The samples of a study.

    Attributes
    ----------
    uncertainty
        What varies.
    options
        As asked for; `models` is 1 where nothing needs another factorisation.
    shares : ndarray, shape (n, d)
        Of each sample and input of the uncertainty, in its order: the share of the input's
        probability below its value.
    model : ndarray of int, shape (n,)
        The model that each sample is walked on, in blocks.
    """

    uncertainty: Uncertainty
    options: Options
    shares: FloatArray
    model: IntArray

    @cached_property
    def values(self) -> tuple[Values, ...]:
        """The inputs of each sample, by name."""
        inputs = self.uncertainty.inputs
        return tuple(
            {item.name: _shown(item.at(float(u))) for item, u in zip(inputs, row, strict=True)}
            for row in self.shares
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The inputs, in the order of the shares."""
        return tuple(item.name for item in self.uncertainty.inputs)


def design_of(uncertainty: Uncertainty, options: Options) -> Design:
    """Draw the samples of a study.

    Parameters
    ----------
    uncertainty : Uncertainty
        With at least one input.
    options : Options

    Returns
    -------
    Design
    """
    outer = np.array([item.kind.model for item in uncertainty.inputs])
    models = options.models if outer.any() else 1
    per_model = options.samples if outer.any() else options.models * options.samples
    count = models * per_model
    shares = np.zeros((count, len(outer)))
    model = np.repeat(np.arange(models), per_model)
    if outer.any():
        shares[:, outer] = drawn(models, int(outer.sum()), options.seed)[model]
    if not outer.all():
        shares[:, ~outer] = drawn(count, int((~outer).sum()), options.seed + 1)
    options = Options(models, per_model, options.size_factor, options.seed)
    return Design(uncertainty, options, shares, model)


def drawn(count: int, dimensions: int, seed: int) -> FloatArray:
    """Return points spread evenly over the unit cube.

    Parameters
    ----------
    count, dimensions : int
    seed : int

    Returns
    -------
    ndarray, shape (count, dimensions)
        Of a scrambled Sobol sequence where `count` is a power of two, else of a Latin hypercube.
    """
    from scipy.stats import qmc

    power_of_two = count & (count - 1) == 0
    sequence = qmc.Sobol if power_of_two else qmc.LatinHypercube
    return np.asarray(sequence(dimensions, scramble=True, rng=seed).random(count))


def _shown(value: Value) -> Value:
    """Return a value with six digits: what is walked is what is printed."""
    return value if isinstance(value, str) else float(f"{value:.6g}")
