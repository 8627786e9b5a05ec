"""A case as a FEBio model: one ``.feb`` file, FEBio's specification 4.0.

The model is the deck of `fea.export.deck`: the stem's contact nodes are moved by the fit, so that the
meshes overlap, and loads are nodal forces. What FEBio cannot say stands in the file's first comment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fea import __version__
from fea.export.deck import Deck, opposite
from fea.export.decks import deck_facts
from fea.export.source import Source, Written
from fea.export.writer import layer_set
from fea.mesh.parts import Mesh
from materials.elasticity import Elasticity, Isotropic

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Steps of an instant before FEBio halves or grows them.
_SUBSTEPS = 5
#: How far beyond a facet contact is looked for, mm.
_REACH = 1.0
#: Components of the wrench in its order: one load curve each, after those of must points and preload.
_WRENCH = ("force_x", "force_y", "force_z", "moment_x", "moment_y", "moment_z")
_MUST, _PRELOAD, _FIRST = 1, 2, 3

_HEADER = """
{title}
mesh {digest}, written by osseofit {version}

UNITS: N, mm, MPa, s. AXES: z along the implant from the cut to the hip, x anterior, y left.
TIME: 0 to 1 the press-fit and what the implant holds in tension; then 1 s an instant of the activity.

THE SAME as in the case: mesh (10-node tetrahedra, curved), elastic constants and axes, supports, friction
by zone, the wrench at the reference point as nodal forces on the stem's distal end face.

NOT THE SAME, because FEBio cannot state it:
1. Interference. The stem's contact nodes are moved along their normals by it (at most {largest:.4g} mm), so
that the meshes overlap at time 0; the case has it as a datum on an unmoved mesh. {unmoved} contact nodes
of the stem coincide with no node of the bone and keep their meshed gap. Sliding-elastic contact meets the
whole overlap in the first increment; it is not ramped.
2. Small sliding at infinitesimal strain. FEBio's contact is projected anew in every iteration, and its
elastic laws (isotropic elastic, orthotropic elastic) are Saint Venant-Kirchhoff's: the same constants on
Green's strain.
3. The law. Contact is a penalty of {stiffness:g} MPa/mm, friction with it. FEBio's penalty friction forgets
the tangential traction at every converged step, so that micromotion grows with the number of steps:
take pressures and stresses from this model, not micromotion.
4. This file was checked for its numbers and its syntax, not run: FEBio was not at hand.
{more}"""


def febio(source: Source, folder: Path) -> Written:
    """Write ``<case>.feb``."""
    path = folder / f"{source.name}.feb"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in model(source.deck, source.mesh))
    return Written(path.name, deck_facts(source.deck))


def model(deck: Deck, mesh: Mesh) -> Iterator[str]:
    """Yield the lines of a FEBio model.

    Parameters
    ----------
    deck : Deck
    mesh : Mesh
        The same case's, for the names of the faces.
    """
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f"<!--{_header(deck)}-->"
    yield '<febio_spec version="4.0">'
    yield '<Module type="solid"/>'
    yield from _control(deck)
    yield from _within("Material", _materials(deck))
    yield from _within("Mesh", _mesh(deck, mesh))
    yield from _within("MeshDomains", _domains(deck))
    yield from _within("MeshData", _data(deck))
    yield from _within("Boundary", _supports(deck))
    yield from _within("Loads", _loads(deck))
    yield from _within("Contact", _contact(deck))
    yield from _within("LoadData", _curves(deck))
    yield from _within("Output", _output())
    yield "</febio_spec>"


def _within(name: str, lines: Iterable[str]) -> Iterator[str]:
    """Put lines into an element; none without lines, for FEBio takes no empty section."""
    listed = list(lines)
    if listed:
        yield f"<{name}>"
        yield from listed
        yield f"</{name}>"


def _header(deck: Deck) -> str:
    more = []
    if len(deck.pinned):
        more.append(
            f"{len(deck.pinned)} single degrees of freedom are pinned: nothing else holds the bodies."
        )
    if deck.binned:
        more.append(f"A graded lattice stands in sets of one modulus each, within {100 * deck.binned:.2g} %.")
    text = _HEADER.format(
        title=" ".join(deck.title.split()), digest=deck.digest[:32], version=__version__,
        largest=deck.largest_move, unmoved=deck.unmoved, stiffness=deck.contact.stiffness,
        more="".join(f"{number}. {line}\n" for number, line in enumerate(more, start=5)),
    )  # fmt: skip
    # Two hyphens would end the comment.
    return text.replace("--", "- -")


def _times(deck: Deck) -> FloatArray:
    """Return the press-fit's time and one of every instant, s."""
    return np.arange(1.0, 2.0 + len(deck.cycle.percent) * deck.cycles)


def _control(deck: Deck) -> Iterator[str]:
    steps = _SUBSTEPS * len(_times(deck))
    yield "<Control>"
    yield "<analysis>STATIC</analysis>"
    yield f"<time_steps>{steps}</time_steps>"
    yield f"<step_size>{1 / _SUBSTEPS:g}</step_size>"
    yield "<plot_level>PLOT_MUST_POINTS</plot_level>"
    yield '<solver type="solid"><symmetric_stiffness>non-symmetric</symmetric_stiffness></solver>'
    yield '<time_stepper type="default">'
    yield f'<max_retries>10</max_retries><dtmin>1e-4</dtmin><dtmax lc="{_MUST}">1</dtmax>'
    yield "</time_stepper>"
    yield "</Control>"


def sets_of(deck: Deck) -> dict[str, tuple[IntArray, Elasticity]]:
    """Return element numbers and law of every set of one material, by name."""
    stem = np.arange(1, deck.stem_elements + 1)
    others = [numbers for numbers, _ in deck.layers.values()]
    found = {
        "stem": (np.setdiff1d(stem, np.concatenate([[], *others])).astype(np.int64), deck.elasticities[0])
    }
    found |= {layer_set(zone).lower(): layer for zone, layer in deck.layers.items()}
    return found | {"bone": (np.arange(deck.stem_elements + 1, len(deck.tets) + 1), deck.elasticities[1])}


def _materials(deck: Deck) -> Iterator[str]:
    for number, (name, (_, law)) in enumerate(sets_of(deck).items(), start=1):
        kind = "isotropic" if isinstance(law, Isotropic) else "orthotropic"
        yield f'<material id="{number}" name="{name}_material" type="{kind} elastic">'
        yield "<density>1</density>"  # a static model uses none
        yield "".join(f"<{key}>{value:.12g}</{key}>" for key, value in _constants(law).items())
        if kind == "orthotropic":
            yield '<mat_axis type="vector"><a>1,0,0</a><d>0,1,0</d></mat_axis>'
        yield "</material>"


def _constants(law: Elasticity) -> dict[str, float]:
    """Return a law's constants by FEBio's names, whose last Poisson ratio is v31 where ours is nu13."""
    if isinstance(law, Isotropic):
        return {"E": law.youngs_modulus, "v": law.poisson_ratio}
    nine = law.orthotropic()
    moduli = {"E1": nine.E1, "E2": nine.E2, "E3": nine.E3, "G12": nine.G12, "G23": nine.G23, "G31": nine.G13}
    return moduli | {"v12": nine.nu12, "v23": nine.nu23, "v31": nine.nu13 * nine.E3 / nine.E1}


def _mesh(deck: Deck, mesh: Mesh) -> Iterator[str]:
    yield '<Nodes name="all">'
    for number, point in enumerate(deck.points, start=1):
        yield f'<node id="{number}">{_numbers(point)}</node>'
    yield "</Nodes>"
    for name, (numbers, _) in sets_of(deck).items():
        yield f'<Elements type="tet10" name="{name}">'
        for number in numbers.tolist():
            yield f'<elem id="{number}">{",".join(map(str, deck.tets[number - 1]))}</elem>'
        yield "</Elements>"
    for name, nodes in _node_sets(deck).items():
        yield f'<NodeSet name="{name}">{",".join(map(str, nodes))}</NodeSet>'
    for part, name, offset in ((mesh.stem, "stem", 1), (mesh.bone, "bone", 1 + deck.stem_nodes)):
        for face, facets in part.facets.items():
            if len(facets):
                yield f'<Surface name="{name}_{face}">'
                for number, row in enumerate(facets + offset, start=1):
                    yield f'<tri6 id="{number}">{",".join(map(str, row))}</tri6>'
                yield "</Surface>"
    for zone in deck.friction:
        yield f'<SurfacePair name="{zone}_pair">'
        yield f"<primary>stem_{zone}</primary><secondary>bone_{opposite(zone)}</secondary>"
        yield "</SurfacePair>"


def _node_sets(deck: Deck) -> dict[str, IntArray]:
    """Return nodes held in each direction, loaded and preloaded ones; sets without nodes are left out."""
    held = np.concatenate([deck.fixed, deck.pinned]).reshape(-1, 2)
    found = {f"held_{axis}": np.unique(held[held[:, 1] == k, 0]) for k, axis in enumerate("xyz", start=1)}
    found |= {"loaded": deck.loaded if len(deck.cycle.percent) else deck.loaded[:0]}
    found |= {"preloaded": deck.preloaded}
    return {name: nodes for name, nodes in found.items() if len(nodes)}


def _domains(deck: Deck) -> Iterator[str]:
    for name in sets_of(deck):
        yield f'<SolidDomain name="{name}" mat="{name}_material"/>'


def _data(deck: Deck) -> Iterator[str]:
    """State the bone's axes by element, and nodal forces of a unit of each load."""
    if deck.bone_axes is not None:
        yield '<ElementData type="mat_axis" elem_set="bone">'
        for number, axes in enumerate(deck.bone_axes, start=1):
            first, second = _numbers(axes[:, 0]), _numbers(axes[:, 1])
            yield f'<elem lid="{number}"><a>{first}</a><d>{second}</d></elem>'
        yield "</ElementData>"
    for name, forces in _unit_forces(deck).items():
        node_set = "preloaded" if name == "preload" else "loaded"
        yield f'<NodeData name="{name}_map" data_type="vec3" node_set="{node_set}">'
        for number, force in enumerate(forces, start=1):
            yield f'<node lid="{number}">{_numbers(force)}</node>'
        yield "</NodeData>"


def _unit_forces(deck: Deck) -> dict[str, FloatArray]:
    """Return nodal forces, N, by load: of 1 N or 1 N mm of the wrench, and the whole preload."""
    found = {}
    if len(deck.cycle.percent):
        found = {name: deck.unit_loads[:, :, k] for k, name in enumerate(_WRENCH)}
    return found | ({"preload": deck.preload} if len(deck.preloaded) else {})


def _supports(deck: Deck) -> Iterator[str]:
    for axis in "xyz":
        if f"held_{axis}" in _node_sets(deck):
            yield f'<bc name="held_{axis}" node_set="held_{axis}" type="zero displacement">'
            yield "".join(f"<{each}_dof>{int(each == axis)}</{each}_dof>" for each in "xyz")
            yield "</bc>"


def _loads(deck: Deck) -> Iterator[str]:
    for name in _unit_forces(deck):
        preload = name == "preload"
        curve = _PRELOAD if preload else _FIRST + _WRENCH.index(name)
        node_set = "preloaded" if preload else "loaded"
        yield f'<nodal_load name="{name}" node_set="{node_set}" type="nodal_force">'
        yield f'<value lc="{curve}" type="map">{name}_map</value>'
        yield "</nodal_load>"


def _contact(deck: Deck) -> Iterator[str]:
    for zone, friction in deck.friction.items():
        yield f'<contact name="{zone}" surface_pair="{zone}_pair" type="sliding-elastic">'
        yield "<laugon>PENALTY</laugon><two_pass>0</two_pass><auto_penalty>0</auto_penalty>"
        yield f"<penalty>{deck.contact.stiffness:g}</penalty><fric_coeff>{friction:.12g}</fric_coeff>"
        yield f"<search_radius>{_REACH:g}</search_radius><symmetric_stiffness>0</symmetric_stiffness>"
        yield "</contact>"


def _curves(deck: Deck) -> Iterator[str]:
    times = _times(deck)
    yield from _curve(_MUST, times, np.full(len(times), 1 / _SUBSTEPS), "STEP")
    if len(deck.preloaded):
        yield from _curve(_PRELOAD, np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    if len(deck.cycle.percent):
        wrenches = np.concatenate([np.zeros((1, 6)), *[deck.cycle.wrenches] * deck.cycles])
        for k in range(6):
            yield f"<!-- {_WRENCH[k]} at the reference point, {'N' if k < 3 else 'N mm'} -->"
            yield from _curve(_FIRST + k, times, wrenches[:, k])


def _curve(number: int, times: FloatArray, values: FloatArray, between: str = "LINEAR") -> Iterator[str]:
    yield f'<load_controller id="{number}" type="loadcurve">'
    yield f"<interpolate>{between}</interpolate><extend>CONSTANT</extend>"
    points = "".join(f"<pt>{time:g},{value:.12e}</pt>" for time, value in zip(times, values, strict=True))
    yield f"<points>{points}</points>"
    yield "</load_controller>"


def _output() -> Iterator[str]:
    yield '<plotfile type="febio">'
    for name in ("displacement", "stress", "contact gap", "contact pressure", "contact traction"):
        yield f'<var type="{name}"/>'
    yield "</plotfile>"


def _numbers(values: Iterable[float]) -> str:
    return ",".join(f"{value:.12e}" for value in values)
