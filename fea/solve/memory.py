"""Memory of the direct route, planned before it is taken.

A first plan needs the sizes alone: the factor grows with the 4/3 power of the unknowns (nested
dissection in three dimensions). PARDISO counts its factor exactly after its analysis, before the
memory is taken, and that count replaces the estimate.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from fea.errors import SolverError

#: Factor in GB of a model of `_REFERENCE_UNKNOWNS`: PARDISO's own count on a femur with a stem.
_REFERENCE_GB = 0.76
_REFERENCE_UNKNOWNS = 125_184
_GROWTH = 4 / 3
#: Bytes a matrix entry, and entries a row of quadratic tetrahedra, of the whole matrix and its upper half.
_ENTRY, _ROW_ENTRIES = 12, 75 + 38
#: Compliance: itself, its single-precision copy and one reduced system of about its size.
_COMPLIANCES = 2.5
#: Displacement, strain and stress at a node; basis fields beside them.
_FIELD_VALUES, _FIELD_COPIES = 15, 2


@dataclass(frozen=True)
class MemoryPlan:
    """What a direct solution with a dense compliance will take.

    Attributes
    ----------
    matrices, factor, compliance, fields : float, GB
    available : float, GB
        What the machine offers to this process now.
    counted
        Whether the factor was counted by the backend; else it is estimated.
    """

    matrices: float
    factor: float
    compliance: float
    fields: float
    available: float
    counted: bool = False

    @property
    def total(self) -> float:
        """All of it at once, GB."""
        return self.matrices + self.factor + self.compliance + self.fields

    @property
    def fits(self) -> bool:
        """Whether the direct route with a dense compliance fits."""
        return self.total <= self.available

    @property
    def factor_fits(self) -> bool:
        """Whether a factor without the dense compliance fits."""
        return self.total - self.compliance <= self.available

    def sentence(self) -> str:
        """Say the plan in one sentence."""
        return (
            f"memory: factor {self.factor:.2f} GB ({'counted' if self.counted else 'estimated'}), "
            f"interface compliance {self.compliance:.2f} GB, matrices {self.matrices:.2f} GB, "
            f"fields {self.fields:.2f} GB, {self.total:.2f} GB of {self.available:.2f} GB available"
        )

    def with_factor(self, gigabytes: float) -> MemoryPlan:
        """Return the plan with the factor as the backend counts it."""
        return replace(self, factor=gigabytes, counted=True)

    def require(self) -> None:
        """Refuse a plan that does not fit.

        Raises
        ------
        SolverError
            In one sentence.
        """
        if not self.fits:
            raise SolverError(
                f"the direct solver does not fit into memory ({self.sentence()}); make the mesh coarser, "
                "or state what may be used with OSSEOFIT_MEMORY_GB",
                {"needed_GB": self.total, "available_GB": self.available},
            )


def plan_memory(unknowns: int, border: int, instants: int = 0) -> MemoryPlan:
    """Plan the direct route from its sizes.

    Parameters
    ----------
    unknowns
        Free displacement unknowns of both bodies.
    border
        Interface unknowns, three a vertex.
    instants
        Instants at which fields will be kept.

    Returns
    -------
    MemoryPlan
    """
    return MemoryPlan(
        matrices=_ENTRY * _ROW_ENTRIES * unknowns / 1e9,
        factor=_REFERENCE_GB * (unknowns / _REFERENCE_UNKNOWNS) ** _GROWTH,
        compliance=_COMPLIANCES * 8 * border**2 / 1e9,
        fields=_FIELD_COPIES * _FIELD_VALUES * 8 * (unknowns / 3) * instants / 1e9,
        available=available_GB(),
    )


def available_GB(system: Path = Path("/")) -> float:
    """Return the memory that this process may still take, GB.

    The environment's ``OSSEOFIT_MEMORY_GB``, else the least of what the machine has available
    and what the process's control group leaves; infinite where neither is told.

    Parameters
    ----------
    system
        Root of ``proc`` and ``sys``.
    """
    stated = os.environ.get("OSSEOFIT_MEMORY_GB", "")
    if stated:
        try:
            return float(stated)
        except ValueError as error:
            raise SolverError(f"OSSEOFIT_MEMORY_GB is '{stated}', which is no number of gigabytes") from error
    found = [float("inf")]
    for line in _read(system / "proc/meminfo").splitlines():
        if line.startswith("MemAvailable:"):
            found.append(int(line.split()[1]) * 1024 / 1e9)
    group = system / "sys/fs/cgroup"
    for limit, used in (
        ("memory.max", "memory.current"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
    ):
        bytes_ = [_read(group / name).strip() for name in (limit, used)]
        if all(text.isdigit() for text in bytes_):
            found.append(max(int(bytes_[0]) - int(bytes_[1]), 0) / 1e9)
    return min(found)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
