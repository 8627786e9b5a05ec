"""What the verifications of taper joints share: a flush cone in its socket, factored once, and walked."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np

from fea.cache import Cache
from fea.case.case import Case, MeshSizes, Steps, Supports
from fea.case.taper_forms import Slices
from fea.model.build import Model
from fea.model.interface import describe
from fea.model.walk import Plan, Track, walk_history
from fea.progress import Clock
from fea.solution import Interface, State
from fea.solving import Tools, factor_case, mesh_case
from geometry.fit import ZoneFit
from geometry.socket import Socket
from geometry.station import Station
from geometry.stem import Stem
from geometry.zones import UNCOATED
from materials.elasticity import Isotropic
from materials.material import Material
from tests.verification.case import FloatArray
from tests.verification.press_fits import case_of


@dataclass(frozen=True)
class Joint:
    """A cone flush with its socket at both ends; lengths in mm, angles in rad."""

    half_angle: float = math.radians(1.0)
    radius: float = 7.0
    length: float = 10.0
    bore: float = 2.0
    outer: float = 14.0
    modulus: float = 110000.0
    poisson: float = 0.0
    friction: float = 0.2
    #: Tangent of half the cone's angle less that of half the socket's.
    mismatch: float = 0.0
    supports: Supports = field(default_factory=lambda: Supports(bone_proximal="symmetric"))
    size: float = 1.6

    @property
    def slices(self) -> Slices:
        """Its closed forms."""
        law = (self.modulus, self.poisson)
        gap = (0.0, self.length * self.mismatch)
        return Slices(
            self.half_angle, self.radius, self.length, self.bore, (self.outer, self.outer), law, law, gap
        )

    def case(self, interference: float = 0.0) -> Case:
        """The solver's case, with a normal interference in mm."""
        slope = math.tan(self.half_angle)
        end = self.radius - (slope - self.mismatch) * self.length
        socket = Socket(
            self.length,
            tuple(
                Station(level, self.outer, self.outer, canal, canal)
                for level, canal in ((0.0, self.radius), (self.length, end))
            ),
        )
        cone = Stem(
            diameter=2 * self.radius,
            length=self.length,
            tip_diameter=2 * (self.radius - slope * self.length),
            bore_diameter=2 * self.bore,
        )
        metal = Material.inline("metal", Isotropic(self.modulus, self.poisson), "metal")
        return replace(
            case_of("a1"),
            bone=socket,
            stem=cone,
            bone_material=metal,
            stem_material=metal,
            fit={UNCOATED: ZoneFit(interference, self.friction)},
            supports=self.supports,
            steps=Steps(4, 8),
            mesh=MeshSizes(self.size, 2 * self.size, self.size, companion=False),
        )


@dataclass(frozen=True, eq=False)
class Ready:
    """A factored joint."""

    joint: Joint
    model: Model
    interface: Interface

    def walk(self, wrenches: FloatArray, assembly: FloatArray, cycles: int = 1) -> Track:
        """Assemble by axial forces, then walk wrenches, shape (k, 6)."""
        percent = np.arange(max(len(wrenches), 1)) * 100.0 / max(len(wrenches), 1)
        pressing = np.outer(assembly, [0.0, 0.0, 1.0, 0.0, 0.0, 0.0]).reshape(-1, 6)
        plan = Plan(percent, wrenches, cycles, 4, 8, pressing, 0.02)
        friction = {UNCOATED: self.joint.friction}
        return walk_history(self.model, self.model.problem(self.model.operators.gap, friction), plan)

    def force(self, state: State) -> float:
        """Integral of the pressure, N."""
        return float(state.traction[:, 0] @ self.interface.area)


@cache
def ready(joint: Joint, interference: float = 0.0) -> Ready:
    """Mesh and factor a joint once a session."""
    case, tools = joint.case(interference), Tools(Cache(Path(mkdtemp(prefix="osseofit-verify-"))), Clock())
    mesh = mesh_case(case, tools)
    model, _ = factor_case(case, mesh, tools)
    friction = {UNCOATED: joint.friction}
    return Ready(joint, model, describe(mesh, model.operators, friction, case.mesh.interface))


def ramp(force: float, share: float, steps: int) -> FloatArray:
    """Sizes from a share below one to the same share above it."""
    return force * np.linspace(1.0 - share, 1.0 + share, steps + 1)
