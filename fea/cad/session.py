"""A gmsh session: one model, every option that bears on the mesh set, always closed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import gmsh

#: Everything that a mesh depends on; one thread repeats it bit for bit.
OPTIONS: dict[str, float] = {
    "General.Terminal": 0,
    "General.NumThreads": 1,
    "Geometry.OCCParallel": 0,
    "Geometry.Tolerance": 1e-8,
    "Geometry.ToleranceBoolean": 0,
    "Geometry.OCCBoundsUseStl": 0,
    "Geometry.OCCUnionUnify": 0,
    "Mesh.MaxNumThreads1D": 0,
    "Mesh.MaxNumThreads2D": 0,
    "Mesh.MaxNumThreads3D": 0,
    "Mesh.RandomSeed": 1,
    "Mesh.RandomFactor": 1e-9,
    "Mesh.RandomFactor3D": 1e-12,
    "Mesh.MeshSizeExtendFromBoundary": 0,
    "Mesh.MeshSizeFromPoints": 0,
    "Mesh.MeshSizeFromCurvature": 0,
    "Mesh.LcIntegrationPrecision": 1e-5,
    "Mesh.MeshSizeMin": 0,
    "Mesh.MeshSizeMax": 1e22,
    "Mesh.MeshSizeFactor": 1,
    "Mesh.Algorithm": 6,
    "Mesh.Algorithm3D": 10,
    "Mesh.ElementOrder": 1,
    "Mesh.SecondOrderLinear": 0,
    "Mesh.SecondOrderIncomplete": 0,
    "Mesh.HighOrderOptimize": 0,
    "Mesh.HighOrderThresholdMin": 0.2,
    "Mesh.Optimize": 1,
    "Mesh.OptimizeThreshold": 0.3,
    "Mesh.OptimizeNetgen": 0,
    "Mesh.Smoothing": 1,
    "Mesh.MeshOnlyVisible": 0,
    "Mesh.MeshOnlyEmpty": 0,
}


@contextmanager
def session() -> Iterator[None]:
    """Open gmsh, without its user's settings and signal handlers, and close it."""
    gmsh.initialize(readConfigFiles=False, interruptible=False)
    try:
        for name, value in OPTIONS.items():
            gmsh.option.setNumber(name, value)
        gmsh.logger.start()
        gmsh.model.add("osseofit")
        yield
    finally:
        gmsh.finalize()


def warnings() -> list[str]:
    """Collect what gmsh has complained about so far."""
    marks = ("Warning", "Error")
    return [line for line in gmsh.logger.get() if line.startswith(marks)]
