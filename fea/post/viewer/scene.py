"""What the report's three-dimensional view shows: skins, cut faces, and fields over the cycle.

Skins are the curved facets of the bodies in four straight triangles each, cut faces the plane sections
through the implant's axis. A field stands at one or at all shown instants; where there is none (no
contact at any instant of the cycle) it is not a number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from fea.mesh.parts import Part
from fea.post import tokens
from fea.post.body_parts import bone_pieces, field_part, stem_core, stem_layers
from fea.post.micromotion import judged_states, micromotion
from fea.post.render.clip import section
from fea.post.render.surface import Surface, subdivide
from fea.post.series import shown_states
from fea.post.tensors import principal_strain, von_mises
from fea.solution import State
from fea.study import Study
from geometry.zones import ABUTMENT

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Instants of the cycle that are shown at most.
INSTANTS = 25
#: Pieces of a facet's edge.
PIECES = 2
#: The planes of the cuts: name, title, the direction that is taken away.
CUTS = (
    ("sagittal", "Sagittal, left half removed", (0.0, 1.0, 0.0)),
    ("frontal", "Frontal, anterior half removed", (1.0, 0.0, 0.0)),
)
#: Moves a cut off nodes that lie on it, mm.
_OFF = 1.7e-5


@dataclass(frozen=True)
class Shade:
    """How a field is shown.

    Attributes
    ----------
    key, title, unit
        The key is that of the field on its patches.
    edges, colours
        Of bands: edges from the lowest, one colour a band, the last above the last edge. Of a continuous map:
        its two limits and the anchors of its colours.
    banded
        Which of both.
    moving
        Whether it changes with the instant.
    """

    key: str
    title: str
    unit: str
    edges: tuple[float, ...]
    colours: tuple[str, ...]
    banded: bool
    moving: bool


@dataclass(frozen=True, eq=False)
class Patch:
    """Triangles of one thing.

    Attributes
    ----------
    part
        Which switch turns it on and off: ``bone``, ``stem`` or ``interface``.
    name, colour
        What it is, and its flat colour.
    cut
        The cut that it is a face of; empty for a skin.
    points, normals : ndarray, shape (n, 3), mm
    triangles : ndarray, shape (t, 3)
    fields : mapping of str to ndarray, shape (k, n)
        One row an instant, or a single one.
    instead
        The field for which it stands in place of the patches of part ``interface``; empty for others.
    """

    part: str
    name: str
    colour: str
    cut: str
    points: FloatArray
    normals: FloatArray
    triangles: IntArray
    fields: Mapping[str, FloatArray] = field(default_factory=dict)
    instead: str = ""


@dataclass(frozen=True, eq=False)
class Scene:
    """The whole view.

    Attributes
    ----------
    patches, shades
        What is drawn, and how its fields are.
    instants : tuple of str
        Names of the rows of moving fields.
    start
        The row that is shown first.
    load : ndarray, shape (k, 3), N
        Force on the implant by row.
    acts_at : ndarray, shape (3,), mm
        Where it acts.
    """

    patches: tuple[Patch, ...]
    shades: tuple[Shade, ...]
    instants: tuple[str, ...]
    start: int
    load: FloatArray
    acts_at: FloatArray


def scene(study: Study) -> Scene:
    """Return the view of a study.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Scene
    """
    rows = _rows(study)
    states = (study.walk.press_fit, *shown_states(study.walk))
    chosen = [states[row] for row in rows]
    # A cycle that fixation did not outlast has no fields of the bodies.
    kept = rows if rows[-1] < len(study.bone.strain) else ()
    names = ["press-fit", *(f"{percent:.0f} % of the activity" for percent in study.walk.percent)]
    force = np.array([np.linalg.norm(state.wrench[:3]) for state in chosen])
    patches = (*_interface(study, chosen), *_bone(study, kept), *_stem(study, kept))
    return Scene(
        patches,
        tuple(shade for shade in _shades(study) if any(shade.key in one.fields for one in patches)),
        tuple(names[row] for row in rows),
        int(np.argmax(force)),
        np.array([state.wrench[:3] for state in chosen]),
        np.asarray(study.case.reference_point, dtype=np.float64),
    )


def _rows(study: Study) -> tuple[int, ...]:
    """Choose the instants: 0 is the press-fit; evenly, the largest force always among them."""
    states = shown_states(study.walk)
    if not states:
        return (0,)
    count = min(INSTANTS - 1, len(states))
    chosen = np.round(np.linspace(0, len(states) - 1, count)).astype(int)
    worst = int(np.argmax([np.linalg.norm(state.wrench[:3]) for state in states]))
    chosen[np.argmin(np.abs(chosen - worst))] = worst
    return (0, *(int(row) + 1 for row in np.unique(chosen)))


def _shades(study: Study) -> Iterator[Shade]:
    bands = (tokens.BAND_EDGES, tokens.BAND_COLOURS, True)
    if judged_states(study.walk):
        yield Shade("micromotion", "Micromotion over the judged cycle", "µm", *bands, moving=False)
        yield Shade("motion", "Micromotion since the cycle began", "µm", *bands, moving=True)
    yield _continuous("pressure", tokens.PRESSURE)
    yield Shade("gap", "Gap between stem and bone", "µm", *bands, moving=True)
    yield _continuous("strain", tokens.STRAIN)
    yield _continuous("von_mises", tokens.VON_MISES)


def _continuous(key: str, scale: tokens.Scale) -> Shade:
    return Shade(
        key, scale.quantity, scale.unit, (0.0, scale.upper), (*tokens.SEQUENTIAL, tokens.ABOVE), False, True
    )


def _interface(study: Study, chosen: Sequence[State]) -> Iterator[Patch]:
    """Yield the stem's surface that faces bone, apart where it touches at no instant of the cycle."""
    interface, walk = study.interface, study.walk
    always = {
        "pressure": np.array([state.traction[:, 0] for state in chosen]),
        "gap": np.array([1000 * np.maximum(interface.fit + state.jump[:, 0], 0.0) for state in chosen]),
    }
    touching, judged = np.ones(len(interface.points), dtype=bool), {}
    if judged_states(walk):
        motion = micromotion(walk)
        touching, start = motion.touching, walk.judged[0].jump[:, 1:]
        moved = np.array([1000 * np.linalg.norm(state.jump[:, 1:] - start, axis=1) for state in chosen])
        moved[0] = 0.0  # the press-fit lies before the cycle
        judged = {"motion": moved, "micromotion": 1000 * motion.resulting[None]}
    whole = touching[interface.facets].all(axis=1)
    shown = (
        (whole, "interface on the stem", tokens.COATINGS[0], always | judged),
        (~whole, "interface that never touches in the cycle", tokens.NO_CONTACT, always),
    )
    for where, name, colour, fields in shown:
        facets = interface.facets[where]
        nodes = np.concatenate([interface.points[facets], interface.middles[where]], axis=1)
        if not len(facets):
            continue
        surface = subdivide(nodes, PIECES)
        values = {key: _each(surface.from_corners, rows, facets) for key, rows in fields.items()}
        yield _welded("interface", name, colour, surface, values)


def _body(
    body: str, pieces: Mapping[str, tuple[Part, IntArray]], colours: Sequence[str],
    whole: tuple[Part, IntArray], key: str, values: FloatArray,
) -> Iterator[Patch]:  # fmt: skip
    """Yield the skin of a body and the cut faces of its pieces; values stand at the whole body's nodes."""
    part, facets = whole
    surface = subdivide(part.points[facets], PIECES)
    yield _welded(body, body, colours[0], surface, _named(key, _each(surface.from_nodes, values, facets)))
    for (name, (piece, nodes)), colour in zip(pieces.items(), colours, strict=False):
        for cut, _, away in CUTS:
            level = piece.points @ np.array(away) - _OFF
            if not (level > 0).any() or not (level < 0).any():
                continue
            patch = section(np.column_stack([piece.points, values[:, nodes].T]), piece.tets, level)
            _, first, inverse = np.unique(
                np.round(patch.data[:, :3], 4), axis=0, return_index=True, return_inverse=True
            )
            data = patch.data[first]
            triangles = _facing(data, inverse.reshape(-1)[patch.triangles], np.array(away))
            normals = np.tile(np.array(away), (len(data), 1))
            fields = _named(key, data[:, 3:].T)
            yield Patch(body, name, colour, cut, data[:, :3], normals, triangles, fields)


def _bone(study: Study, rows: Sequence[int]) -> Iterator[Patch]:
    part = field_part(study, "bone")
    skin = np.concatenate([facets for facets in part.facets.values() if len(facets)])
    strain = np.zeros((len(rows), len(part.points)))
    for number, row in enumerate(rows):
        strain[number] = 100 * principal_strain(study.bone.strain[row])[:, 0]
    colours = (tokens.CORTICAL, tokens.CANCELLOUS)
    yield from _body("bone", bone_pieces(study.mesh.bone), colours, (part, skin), "strain", strain)


def _stem(study: Study, rows: Sequence[int]) -> Iterator[Patch]:
    part = field_part(study, "stem")
    contact = set(study.mesh.zones)
    skin = [facets for name, facets in part.facets.items() if name not in contact and len(facets)]
    layers = stem_layers(study.mesh.stem)
    colours = [tokens.ABUTMENT if name == ABUTMENT else tokens.coating_colour(0) for name in layers]
    stress = np.zeros((len(rows), len(part.points)))
    for number, row in enumerate(rows):
        stress[number] = von_mises(study.stem.stress[row])
    pieces = {"stem": stem_core(study.mesh.stem)} | dict(layers)
    whole = (part, np.concatenate(skin))
    yield from _body("stem", pieces, (tokens.STEM, *colours), whole, "von_mises", stress)
    if not len(stress):
        return
    flank = np.concatenate([part.facets[name] for name in study.mesh.zones])
    surface = subdivide(part.points[flank], PIECES)
    values = {"von_mises": _each(surface.from_nodes, stress, flank)}
    facing = _welded("stem", "stem facing bone", tokens.STEM, surface, values)
    yield replace(facing, instead="von_mises")


def _named(key: str, rows: FloatArray) -> dict[str, FloatArray]:
    return {key: rows} if len(rows) else {}


def _each(interpolated: Callable[[FloatArray], FloatArray], rows: FloatArray, facets: IntArray) -> FloatArray:
    return np.array([interpolated(row[facets]) for row in rows])


def _facing(points: FloatArray, triangles: IntArray, way: FloatArray) -> IntArray:
    """Turn plane triangles so that they face a direction."""
    a, b, c = (points[triangles[:, corner], :3] for corner in range(3))
    back = np.cross(b - a, c - a) @ way < 0
    return np.where(back[:, None], triangles[:, ::-1], triangles)


def _welded(part: str, name: str, colour: str, surface: Surface, fields: Mapping[str, FloatArray]) -> Patch:
    """Join points that facets have in common; where they meet at an edge the normals keep them apart."""
    both = np.column_stack([np.round(surface.points, 4), np.round(surface.normals, 1) + 0.0])
    _, first, inverse = np.unique(both, axis=0, return_index=True, return_inverse=True)
    triangles = inverse.reshape(-1)[surface.triangles]
    return Patch(
        part, name, colour, "", surface.points[first], surface.normals[first], triangles,
        {key: rows[:, first] for key, rows in fields.items()},
    )  # fmt: skip
