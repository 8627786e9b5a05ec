"""One view in parallel projection: what stands in it, and the image with its scale in mm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyvista as pv
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from fea.post.render.paint import Paint

FloatArray = NDArray[np.float64]

#: Rendered pixels along each side of a pixel.
SAMPLES = 2


@dataclass(frozen=True)
class View:
    """From where one looks, the hip upwards.

    Attributes
    ----------
    name
        In words, for instance ``"from the left"``.
    towards : tuple of 3 floats
        From the object to the eye, across the z axis.
    up : tuple of 3 floats
    """

    name: str
    towards: tuple[float, float, float]
    up: tuple[float, float, float] = (0.0, 0.0, 1.0)

    @property
    def right(self) -> FloatArray:
        """Direction to the right of the image."""
        right = np.cross(self.up, self.towards)
        return np.asarray(right / np.linalg.norm(right))

    @property
    def upward(self) -> FloatArray:
        """Direction to the top of the image."""
        upward = np.cross(self.towards, self.right)
        return np.asarray(upward / np.linalg.norm(upward))

    def flat(self, points: FloatArray) -> FloatArray:
        """Project points onto the image plane.

        Parameters
        ----------
        points : ndarray, shape (..., 3), mm

        Returns
        -------
        ndarray, shape (..., 2), mm
        """
        return np.stack([points @ self.right, points @ self.upward], axis=-1)


ANTERIOR = View("from anterior", (1.0, 0.0, 0.0))
LEFT = View("from the left", (0.0, 1.0, 0.0))
MESIAL = View("from mesial", (1.0, 0.0, 0.0))
POSTERIOR = View("from posterior", (-1.0, 0.0, 0.0))
RIGHT = View("from the right", (0.0, -1.0, 0.0))


@dataclass(frozen=True)
class Window:
    """What of the image plane is shown, in mm."""

    left: float
    right: float
    bottom: float
    top: float

    @property
    def width(self) -> float:
        """Width in mm."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Height in mm."""
        return self.top - self.bottom


@dataclass(frozen=True, eq=False)
class Body:
    """Triangles with one paint.

    Attributes
    ----------
    points, normals : ndarray, shape (m, 3)
    triangles : ndarray, shape (t, 3)
    values : ndarray, shape (m,), or None
        What the paint maps to colours.
    paint : Paint
        A map of `values`, a flat colour, or hatching.
    """

    points: FloatArray
    normals: FloatArray
    triangles: NDArray[np.int64]
    values: FloatArray | None
    paint: Paint


@dataclass(frozen=True, eq=False)
class Lines:
    """Polylines, each a row of points of equal number."""

    points: FloatArray
    colour: str
    width: float


def shoot(
    things: Sequence[Body | Lines], view: View, window: Window, pixels_per_mm: float
) -> NDArray[np.uint8]:
    """Render one view.

    Parameters
    ----------
    things : sequence of Body or Lines
    view : View
    window : Window
    pixels_per_mm : float

    Returns
    -------
    ndarray of uint8, shape (height, width, 4)
        With a transparent background.
    """
    size = [SAMPLES * round(length * pixels_per_mm) for length in (window.width, window.height)]
    plotter = pv.Plotter(off_screen=True, window_size=size, lighting="none")
    try:
        plotter.add_light(pv.Light(position=(-0.35, 0.35, 1.4), light_type="camera light"))
        hatched = [_add(plotter, thing) for thing in things]
        _aim(plotter, view, window)
        image = np.array(plotter.screenshot(transparent_background=True, return_img=True))
        masks = [actor for actor in hatched if actor is not None]
        if masks:
            _mask_only(plotter, masks)
            plotter.render()
            mask = np.array(plotter.screenshot(transparent_background=True, return_img=True))
            image = _hatch(image, mask)
    finally:
        plotter.close()
    return _averaged(image)


def _averaged(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Average blocks of pixels, colours weighted by opacity: smooth edges on any background."""
    rows, columns = image.shape[0] // SAMPLES, image.shape[1] // SAMPLES
    blocks = image.reshape(rows, SAMPLES, columns, SAMPLES, 4).astype(np.float32)
    opacity = blocks[..., 3:].sum(axis=(1, 3))
    colour = (blocks[..., :3] * blocks[..., 3:]).sum(axis=(1, 3)) / np.maximum(opacity, 1.0)
    return np.concatenate([colour, opacity / SAMPLES**2], axis=2).round().astype(np.uint8)


def _add(plotter: pv.Plotter, thing: Body | Lines) -> pv.Actor | None:
    """Add one thing; return its actor where it is to be hatched."""
    if isinstance(thing, Lines):
        count, length = thing.points.shape[:2]
        rows = np.arange(count * length).reshape(count, length)
        cells = np.column_stack([np.full(count, length), rows])
        mesh = pv.PolyData(thing.points.reshape(-1, 3), lines=cells.ravel())
        plotter.add_mesh(mesh, color=thing.colour, line_width=thing.width, lighting=False)
        return None
    if not len(thing.triangles):
        return None
    mesh = pv.PolyData.from_regular_faces(thing.points, thing.triangles.astype(int))
    mesh.point_data["Normals"] = thing.normals
    mesh.point_data.active_normals_name = "Normals"
    shade = {"ambient": 0.58, "diffuse": 0.42, "specular": 0.0, "interpolation": "Phong"}
    paint = thing.paint
    if thing.values is None or paint.table is None:
        actor = plotter.add_mesh(mesh, color=paint.colour, **shade)  # type: ignore[arg-type]
        return actor if paint.hatched else None
    mesh.point_data["value"] = thing.values
    table = pv.LookupTable(values=paint.table, scalar_range=paint.limits)
    if paint.above is not None:
        table.above_range_color = paint.above
    plotter.add_mesh(mesh, scalars="value", cmap=table, show_scalar_bar=False, **shade)  # type: ignore[arg-type]
    return None


def _aim(plotter: pv.Plotter, view: View, window: Window) -> None:
    camera = plotter.camera
    centre = (window.left + window.right) / 2 * view.right + (window.bottom + window.top) / 2 * view.upward
    towards = np.asarray(view.towards) / np.linalg.norm(view.towards)
    camera.focal_point = tuple(centre)
    camera.position = tuple(centre + 1000.0 * towards)
    camera.up = tuple(view.upward)
    camera.parallel_projection = True
    camera.parallel_scale = window.height / 2
    camera.clipping_range = (1.0, 3000.0)


def _mask_only(plotter: pv.Plotter, hatched: Sequence[pv.Actor]) -> None:
    """Paint everything black, but what is to be hatched white."""
    for actor in plotter.actors.values():
        actor.mapper.scalar_visibility = False
        actor.prop.lighting = False
        actor.prop.color = "white" if actor in hatched else "black"


def _hatch(image: NDArray[np.uint8], mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Draw slanted lines where the mask is white."""
    rows, columns = np.indices(mask.shape[:2])
    distance = np.abs((rows + columns) % 28 - 14.0)
    where = (mask[..., 0] > 127) & (mask[..., 3] == 255)
    strength = np.clip(3.2 - distance, 0.0, 1.0) * where
    line = np.array(to_rgb(Paint.line)) * 255.0
    colour = image[..., :3] * (1 - strength[..., None]) + line * strength[..., None]
    return np.concatenate([colour.round().astype(np.uint8), image[..., 3:]], axis=2)
