"""Can every family of implants be put into every bone: check and mesh all, and write docs/bones_families.md.

Usage: python bench/matrix.py [--bones WORDS] [--implants WORDS] [--kept FOLDER]; ``make matrix`` tries all of
them, each in a process of its own, because gmsh can stop the one that it runs in.
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from matrix_cases import BONES, COARSER, IMPLANTS, Bone, Implant, write_case

from fea.case.reader import read_case
from fea.errors import CaseError, OsseofitError
from fea.mesh.build import build_mesh
from fea.mesh.sizes import MeshSizes
from geometry.errors import GeometryError

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "bones_families.md"
#: Seconds after which a combination is given up.
LIMIT = 600

#: What can come of a combination.
MESHED, REFUSED, FAILED = "meshed", "refused", "FAILED"


@dataclass(frozen=True)
class Outcome:
    """What came of a combination.

    Attributes
    ----------
    bone, implant
        Their names.
    state
        Meshed, refused before meshing, or failed.
    sentences
        Of a refusal or a failure.
    unknowns, inverted
        Of the mesh.
    least_jacobian
        Least scaled Jacobian.
    place
        Of the worst element, mm.
    seconds
        Of reading and meshing.
    """

    bone: str
    implant: str
    state: str
    sentences: tuple[str, ...] = ()
    unknowns: int = 0
    inverted: int = 0
    least_jacobian: float = 0.0
    place: tuple[float, ...] = ()
    seconds: float = 0.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Try what is asked for, and write the page when all is known; 1 when anything failed."""
    parser = argparse.ArgumentParser(description="Put every family of implants into every bone.")
    parser.add_argument("--bones", nargs="*", default=[""], help="bones whose name holds one of these words")
    parser.add_argument("--implants", nargs="*", default=[""], help="implants, likewise")
    parser.add_argument("--kept", type=Path, default=ROOT / "results" / "matrix", help="folder of outcomes")
    parser.add_argument("--one", nargs=2, metavar="NAME", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.one:
        print(json.dumps(asdict(tried(*options.one))))
        return 0
    options.kept.mkdir(parents=True, exist_ok=True)
    for bone in BONES:
        for implant in IMPLANTS:
            if any(word in bone.name for word in options.bones) and any(
                word in implant.name for word in options.implants
            ):
                outcome = apart(bone, implant)
                _file(options.kept, bone, implant).write_text(json.dumps(asdict(outcome)), encoding="utf-8")
                print(f"{bone.name}, {implant.name}: {told(outcome)}", file=sys.stderr, flush=True)
    found = {}
    for bone in BONES:
        for implant in IMPLANTS:
            path = _file(options.kept, bone, implant)
            if not path.exists():
                print(f"no page yet: {bone.name} with {implant.name} is not tried", file=sys.stderr)
                return 1
            stated: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            found[bone.name, implant.name] = Outcome(
                **stated | {key: tuple(stated[key]) for key in ("sentences", "place")}
            )
    PAGE.write_text(page(found), encoding="utf-8")
    return int(any(outcome.state == FAILED for outcome in found.values()))


def _file(folder: Path, bone: Bone, implant: Implant) -> Path:
    return folder / f"{bone.name} - {implant.name}.json".replace(",", "").replace(" ", "_")


def told(outcome: Outcome) -> str:
    """Say an outcome in a line."""
    if outcome.state != MESHED:
        return f"{outcome.state}: {' '.join(outcome.sentences)}"
    return (
        f"{outcome.unknowns:,} unknowns, least scaled Jacobian {outcome.least_jacobian:.2f},"
        f" {outcome.seconds:.0f} s"
    )


def apart(bone: Bone, implant: Implant) -> Outcome:
    """Try a combination in a process of its own."""
    command = [sys.executable, __file__, "--one", bone.name, implant.name]
    began = time.perf_counter()
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return Outcome(bone.name, implant.name, FAILED, (f"not done after {LIMIT} s",), seconds=LIMIT)
    seconds = time.perf_counter() - began
    if done.returncode:
        name = signal.Signals(-done.returncode).name if done.returncode < 0 else f"exit {done.returncode}"
        last = (done.stderr.strip().splitlines() or [""])[-1]
        return Outcome(
            bone.name, implant.name, FAILED, (f"the process stopped ({name}) {last}",), seconds=seconds
        )
    stated = json.loads(done.stdout.strip().splitlines()[-1])
    return Outcome(**stated | {key: tuple(stated[key]) for key in ("sentences", "place")})


def tried(bone_name: str, implant_name: str) -> Outcome:
    """Check and mesh a combination in this process."""
    bone = next(bone for bone in BONES if bone.name == bone_name)
    implant = next(implant for implant in IMPLANTS if implant.name == implant_name)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        path = write_case(bone, implant, Path(folder))
        try:
            case = read_case(path)
        except CaseError as error:
            sentences = tuple(sentence.split("case.toml: ", 1)[-1] for sentence in error.problems)
            return Outcome(bone_name, implant_name, REFUSED, sentences, seconds=time.perf_counter() - began)
        try:
            mesh = build_mesh(case.bone, case.reaming, case.stem, MeshSizes(*case.mesh.scaled(1.0)))
        except (OsseofitError, GeometryError) as error:
            return Outcome(
                bone_name, implant_name, FAILED, (f"{type(error).__name__}: {error}",),
                seconds=time.perf_counter() - began,
            )  # fmt: skip
    quality = mesh.quality
    return Outcome(
        bone_name,
        implant_name,
        FAILED if quality.inverted else MESHED,
        (),
        mesh.unknowns,
        quality.inverted,
        quality.least_scaled_jacobian,
        tuple(quality.worst_place),
        time.perf_counter() - began,
    )


def page(found: Mapping[tuple[str, str], Outcome]) -> str:
    """Write the page: a table with implants down and bones across, and the sentences of what is refused."""
    notes: dict[str, int] = {}
    rows = []
    for implant in IMPLANTS:
        cells = []
        for bone in BONES:
            outcome = found[bone.name, implant.name]
            if outcome.state == MESHED:
                cells.append(f"{outcome.unknowns / 1000:.0f} k, {outcome.least_jacobian:.2f}")
            else:
                said = " ".join(outcome.sentences)
                number = notes.setdefault(said, len(notes) + 1)
                cells.append(f"{'no' if outcome.state == REFUSED else FAILED} [{number}](#n{number})")
        rows.append(f"| {implant.name} | " + " | ".join(cells) + " |")
    count = {
        state: sum(outcome.state == state for outcome in found.values())
        for state in (MESHED, REFUSED, FAILED)
    }
    listed = "\n".join(f'{number}. <a id="n{number}"></a>{said}' for said, number in notes.items())
    sources = "\n".join(
        f"| {bone.name} | [`cases/{bone.example}.toml`](../cases/{bone.example}.toml) |" for bone in BONES
    )
    least = min(
        (outcome for outcome in found.values() if outcome.state == MESHED),
        key=lambda outcome: outcome.least_jacobian,
    )
    said = (
        f"{count[MESHED]} of {len(found)} combinations are meshed, without an inverted element (least scaled"
        f" Jacobian {least.least_jacobian:.2f},\n{least.implant} in {least.bone}); {count[REFUSED]} are"
        f" refused before meshing, with the sentence below; {count[FAILED]} failed."
    )
    return f"""# Every implant in every bone

Made by `make matrix`: each family of implants is brought to the width of each bone's reamer, checked and
meshed, with elements {COARSER:g} times as large as the examples', each combination in a process of its own.
{said}
A cell says thousands of displacement unknowns and the least scaled Jacobian, or why there is no mesh.
That a combination is meshed does not say that it is any good, nor that a surgeon would choose it.

| implant | {" | ".join(bone.name for bone in BONES)} |
|---|{"---|" * len(BONES)}
{chr(10).join(rows)}

What is refused:

{listed}

The bones:

| bone | from |
|---|---|
{sources}
"""


if __name__ == "__main__":
    sys.exit(main())
