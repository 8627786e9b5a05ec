"""Write a deck in the keyword language of Abaqus, in CalculiX's dialect or in Abaqus's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fea import __version__
from fea.export.deck import Deck, opposite
from fea.export.lattices import BINS
from geometry.zones import ABUTMENT
from materials.elasticity import Elasticity, Isotropic

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Numbers on one line of a set.
_PER_LINE = 12

_HEADER = """{title}
mesh {digest}, written by osseofit {version}

UNITS: N, mm, MPa. AXES: z along the implant from the cut to the hip, x anterior, y left.

THE SAME as in the case: mesh (10-node tetrahedra, curved), elasticity and its axes,
supports, friction by zone, the press-fit as the first step, then the wrench at the
reference point as nodal forces on the stem's distal end face, one step an instant.

NOT THE SAME, because this language cannot state it:
{differences}"""

_DIFFERENCES = """1. The fit. The stem's contact nodes are moved along their normals by the interference (at
most {largest:.4g} mm here), so that the meshes overlap; the case has it as a datum on an unmoved
mesh. The error is of the order of interference over radius. On the limit between two
zones a node has the mean of both, so that the fit is a ramp over one element there.
{unmoved} contact nodes of the stem coincide with no node of the bone and keep their meshed gap.
2. The path of the press-fit: the overlap is taken back within the first step.
"""

_PENALTY = """3. The law. Contact is a penalty: pressure is {stiffness:g} MPa/mm times overlap, and friction
is elastic up to its limit with {slope:g} MPa/mm. In the case nothing overlaps and what
sticks does not move. Larger numbers come nearer and converge worse.
"""

_ELASTIC_SLIP = """3. The law. What sticks slips elastically by up to 1E-5 mm; in the case it does not move.
4. This deck was checked for its numbers and its syntax, not run: Abaqus was not at hand.
"""

_PINS = """{number}. Nothing holds these bodies. {count} single degrees of freedom are pinned, which stops
their rigid motions without stress.
"""

_BINS = """{number}. The graded lattice. Its elements stand in up to {bins} sets of one modulus each, from
which that of an element differs by up to {share:.2g} %.
"""


def write_deck(deck: Deck, folder: Path, name: str, dialect: str) -> Path:
    """Write a deck: one main file and what it includes.

    Parameters
    ----------
    deck
        What to write.
    folder
        An existing folder.
    name
        Stem of the file names.
    dialect
        ``"calculix"`` or ``"abaqus"``.

    Returns
    -------
    Path
        The main file, ``<name>.inp``.
    """
    parts = {"mesh": _mesh(deck), "history": _history(deck, dialect)}
    if deck.bone_axes is not None:
        parts["axes"] = _axes(deck)
    for part, lines in parts.items():
        with (folder / f"{name}_{part}.inc").open("w", encoding="ascii") as file:
            file.writelines(f"{line}\n" for line in lines)
    main = folder / f"{name}.inp"
    main.write_text("\n".join(_main(deck, name, dialect)) + "\n", encoding="ascii", errors="replace")
    return main


def _main(deck: Deck, name: str, dialect: str) -> Iterator[str]:
    for line in _header(deck, dialect).splitlines():
        yield f"** {line}".rstrip()
    yield "*HEADING"
    yield " ".join(deck.title.split())[:80]
    yield from _section("Nodes, elements, sets, surfaces")
    yield f"*INCLUDE, INPUT={name}_mesh.inc"
    yield from _materials(deck, name)
    yield from _section("Contact: slave is the stem, zone by zone")
    for zone in deck.friction:
        yield from _pair(deck, zone, dialect)
    yield from _section("Supports")
    yield from _supports(deck)
    yield from _section("Press-fit, then the activity, one step an instant")
    yield f"*INCLUDE, INPUT={name}_history.inc"


def _header(deck: Deck, dialect: str) -> str:
    texts = [_DIFFERENCES.format(largest=deck.largest_move, unmoved=deck.unmoved)]
    if dialect == "calculix":
        texts.append(_PENALTY.format(stiffness=deck.contact.stiffness, slope=deck.contact.stick_slope))
    else:
        texts.append(_ELASTIC_SLIP)
    number = 4 + (dialect == "abaqus")
    if len(deck.pinned):
        texts.append(_PINS.format(number=number, count=len(deck.pinned)))
    if deck.binned:
        texts.append(_BINS.format(number=number + bool(len(deck.pinned)), bins=BINS, share=100 * deck.binned))
    return _HEADER.format(
        title=deck.title, digest=deck.digest[:32], version=__version__, differences="".join(texts)
    )


def _section(words: str) -> Iterator[str]:
    yield "**"
    yield f"** {words}"
    yield "**"


def _mesh(deck: Deck) -> Iterator[str]:
    yield "*NODE, NSET=ALL"
    for number, (x, y, z) in enumerate(deck.points, start=1):
        yield f"{number}, {x:.12e}, {y:.12e}, {z:.12e}"
    of_layers = [numbers for numbers, _ in deck.layers.values()]
    core = np.setdiff1d(np.arange(1, deck.stem_elements + 1), np.concatenate([[], *of_layers]))
    sets = {"STEM": core.astype(np.int64)}
    sets |= {layer_set(name): numbers for name, (numbers, _) in deck.layers.items()}
    sets["BONE"] = np.arange(deck.stem_elements + 1, len(deck.tets) + 1)
    for body, numbers in sets.items():
        yield f"*ELEMENT, TYPE=C3D10, ELSET={body}"
        for number in numbers.tolist():
            yield f"{number}, " + ", ".join(map(str, deck.tets[number - 1]))
    yield "*NSET, NSET=STEM_NODES, GENERATE"
    yield f"1, {deck.stem_nodes}, 1"
    yield "*NSET, NSET=BONE_NODES, GENERATE"
    yield f"{deck.stem_nodes + 1}, {len(deck.points)}, 1"
    yield "*NSET, NSET=DISTAL_END"
    yield from _rows(deck.loaded)
    for name, surface in deck.surfaces.items():
        yield f"*SURFACE, NAME={name.upper()}, TYPE=ELEMENT"
        for element, face in zip(surface.elements, surface.faces, strict=True):
            yield f"{element}, S{face}"


def layer_set(zone: str) -> str:
    """Name the elements of a zone's layer, of a bin of its graded lattice, or of the abutment."""
    if zone == ABUTMENT:
        return zone.upper()
    name, _, number = zone.upper().partition(":")
    return f"{name}_LAYER_{number}" if number else f"{name}_LAYER"


def _rows(numbers: IntArray) -> Iterator[str]:
    for start in range(0, len(numbers), _PER_LINE):
        yield ", ".join(map(str, numbers[start : start + _PER_LINE]))


def _materials(deck: Deck, name: str) -> Iterator[str]:
    yield from _section("Materials; a bone that is not isotropic has axes by element, 3 along the bone")
    for body, elasticity in zip(("STEM", "BONE"), deck.elasticities, strict=True):
        yield f"*MATERIAL, NAME={body}_MATERIAL"
        yield from _elastic(elasticity)
    oriented = isinstance(deck.elasticities[0], Isotropic)
    if not oriented:
        yield "*ORIENTATION, NAME=STEM_AXES"
        yield "1., 0., 0., 0., 1., 0."
    yield "*SOLID SECTION, ELSET=STEM, MATERIAL=STEM_MATERIAL" + (
        "" if oriented else ", ORIENTATION=STEM_AXES"
    )
    for zone, (_, elasticity) in deck.layers.items():
        yield f"*MATERIAL, NAME={layer_set(zone)}_MATERIAL"
        yield from _elastic(elasticity)
        yield f"*SOLID SECTION, ELSET={layer_set(zone)}, MATERIAL={layer_set(zone)}_MATERIAL"
    if deck.bone_axes is None:
        yield "*SOLID SECTION, ELSET=BONE, MATERIAL=BONE_MATERIAL"
        return
    yield f"*INCLUDE, INPUT={name}_axes.inc"
    yield "*ORIENTATION, NAME=BONE_AXES"
    yield "BONE_FRAMES"
    yield "*SOLID SECTION, ELSET=BONE, MATERIAL=BONE_MATERIAL, ORIENTATION=BONE_AXES"


def _elastic(elasticity: Elasticity) -> Iterator[str]:
    if isinstance(elasticity, Isotropic):
        yield "*ELASTIC"
        yield _numbers((elasticity.youngs_modulus, elasticity.poisson_ratio))
        return
    law = elasticity.orthotropic()
    yield "*ELASTIC, TYPE=ENGINEERING CONSTANTS"
    yield _numbers((law.E1, law.E2, law.E3, law.nu12, law.nu13, law.nu23, law.G12, law.G13))
    yield _numbers((law.G23,))


def _axes(deck: Deck) -> Iterator[str]:
    assert deck.bone_axes is not None
    yield "*DISTRIBUTION TABLE, NAME=FRAME"
    yield "COORD3D, COORD3D"
    yield "*DISTRIBUTION, NAME=BONE_FRAMES, LOCATION=ELEMENT, TABLE=FRAME"
    yield ", 1., 0., 0., 0., 1., 0."
    for number, axes in enumerate(deck.bone_axes, start=deck.stem_elements + 1):
        yield f"{number}, " + ", ".join(f"{value:.12e}" for value in (*axes[:, 0], *axes[:, 1]))


def _pair(deck: Deck, zone: str, dialect: str) -> Iterator[str]:
    friction = deck.friction[zone]
    yield f"*SURFACE INTERACTION, NAME={zone.upper()}_LAW"
    if dialect == "calculix":
        yield "*SURFACE BEHAVIOR, PRESSURE-OVERCLOSURE=LINEAR"
        yield _numbers((deck.contact.stiffness,))
        if friction > 0.0:
            yield "*FRICTION"
            yield _numbers((friction, deck.contact.stick_slope))
        kind = "TYPE=SURFACE TO SURFACE"
    else:
        yield "*SURFACE BEHAVIOR, PRESSURE-OVERCLOSURE=HARD"
        if friction > 0.0:
            yield "*FRICTION, ELASTIC SLIP=1.E-5"
            yield _numbers((friction,))
        kind = "TYPE=SURFACE TO SURFACE, SMALL SLIDING"
    yield f"*CONTACT PAIR, INTERACTION={zone.upper()}_LAW, {kind}"
    yield f"{zone.upper()}, {opposite(zone).upper()}"


def _supports(deck: Deck) -> Iterator[str]:
    for words, rows in (
        ("held by the case", deck.fixed),
        ("pins that carry nothing", deck.pinned),
    ):
        if len(rows):
            yield f"** {words}"
            yield "*BOUNDARY"
            for node, direction in rows:
                yield f"{node}, {direction}, {direction}"


def _history(deck: Deck, dialect: str) -> Iterator[str]:
    small = ", NLGEOM=NO" if dialect == "abaqus" else ""
    yield "** The press-fit"
    yield f"*STEP, INC=100{small}"
    yield "*STATIC"
    yield "1., 1., 1.E-6, 1."
    if dialect == "abaqus":
        yield "*CONTACT INTERFERENCE, SHRINK"
        for zone in deck.friction:
            yield f"{zone.upper()}, {opposite(zone).upper()}"
    if len(deck.preloaded):
        yield "** The preload; it stays on in the later steps"
        yield from _forces(deck.preloaded, deck.preload)
    yield from _outputs(dialect)
    yield "*END STEP"
    for cycle in range(deck.cycles if len(deck.cycle.percent) else 0):
        for instant, percent in enumerate(deck.cycle.percent):
            wrench = _numbers(deck.cycle.wrenches[instant])
            yield f"** Cycle {cycle + 1}, {percent:g} percent: wrench at the reference point {wrench}"
            yield f"*STEP, INC=100{small}"
            yield "*STATIC"
            yield "1., 1., 1.E-6, 1."
            yield from _forces(deck.loaded, deck.forces(instant))
            yield "*END STEP"


def _forces(nodes: IntArray, forces: FloatArray) -> Iterator[str]:
    yield "*CLOAD"
    for node, force in zip(nodes, forces, strict=True):
        for direction in range(3):
            yield f"{node}, {direction + 1}, {force[direction]:.12e}"


def _outputs(dialect: str) -> Iterable[str]:
    if dialect == "calculix":
        # They stay in force in the later steps.
        return (
            "*NODE FILE, FREQUENCY=1000",
            "U",
            "*EL FILE, NSET=STEM_NODES, FREQUENCY=1000",
            "S",
            "*CONTACT FILE, FREQUENCY=1000",
            "CDIS, CSTR",
        )
    return (
        "*OUTPUT, FIELD",
        "*NODE OUTPUT",
        "U, RF",
        "*ELEMENT OUTPUT",
        "S",
        "*CONTACT OUTPUT",
        "CSTRESS, CDISP",
    )


def _numbers(values: Iterable[float]) -> str:
    """Join numbers of at most 19 characters: CalculiX reads 20."""
    return ", ".join(f"{value:.12e}" for value in values)
