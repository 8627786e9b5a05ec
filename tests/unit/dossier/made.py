"""A case on disk with a run, studies and documents made up for the dossier's tests; nothing is solved."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fea.case.case import Case
from fea.case.loading import load_of
from fea.case.reader import read_case
from fea.dossier.stated import ITEMS
from fea.post.assessment import assess_study
from fea.post.summary import summarise, write_summary
from fea.study import Study
from tests.unit.post.synthetic import synthetic_study

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Place:
    """Where the case, its results and the documents are."""

    case: Path
    results: Path
    docs: Path

    @property
    def folder(self) -> Path:
        return self.results / self.case.stem

    @property
    def statements(self) -> Path:
        return self.case.with_suffix(".dossier.toml")

    @property
    def page(self) -> Path:
        return self.folder / "dossier.html"


def case_text() -> str:
    """The default case with 12 instants, its files by absolute paths."""
    text = (ROOT / "cases" / "femur_press_fit.toml").read_text(encoding="utf-8")
    for name in ("loads/level_walking.toml", "criteria/primary_stability.toml"):
        text = text.replace(f'"{name}"', f'"{ROOT}/cases/{name}"')
    return text.replace("instants_per_cycle = 50", "instants_per_cycle = 12")


def study_of(case: Case, study: Study | None = None) -> Study:
    """A synthetic study that says it is of the case, under the case's load."""
    made = synthetic_study() if study is None else study
    loads = load_of(case)
    cycles = tuple(
        tuple(replace(state, wrench=wrench) for state, wrench in zip(cycle, loads.wrenches, strict=False))
        for cycle in made.walk.cycles
    )
    digests = dict(made.record.digests) | {"case": case.digest}
    return replace(
        made,
        case=case,
        walk=replace(made.walk, cycles=cycles),
        record=replace(made.record, digests=digests, commit="0123456789ab"),
    )


def leave_run(place: Place, study: Study) -> dict[str, Any]:
    """Write the summary of a study, as a run does."""
    place.folder.mkdir(parents=True, exist_ok=True)
    summary = summarise(study, *assess_study(study))
    write_summary(summary, place.folder / "summary.json")
    return summary


def make_place(folder: Path) -> Place:
    """Write the case file and its run."""
    place = Place(folder / "made.toml", folder / "results", folder / "docs")
    place.case.write_text(case_text(), encoding="utf-8")
    place.docs.mkdir()
    leave_run(place, study_of(read_case(place.case)))
    return place


def copy_of(place: Place, folder: Path) -> Place:
    """Copy a case with its run."""
    shutil.copytree(place.case.parent, folder, dirs_exist_ok=True)
    return Place(folder / place.case.name, folder / "results", folder / "docs")


def leave_statements(place: Place, leave_out: tuple[str, ...] = ()) -> None:
    """State every item but those left out."""
    lines, table = ["schema_version = 1"], ""
    levels = ("risk.model_influence", "risk.decision_consequence", "risk.model_risk")
    for item in ITEMS.values():
        parent, _, key = item.key.rpartition(".")
        if parent != table:
            table = parent
            lines.append(f"[{table}]")
        if item.key not in leave_out:
            lines.append(f'{key} = "{"medium" if item.key in levels else f"Stated of {item.key}"}"')
    place.statements.write_text("\n".join(lines), encoding="utf-8")


def _write(path: Path, told: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told), encoding="utf-8")


def _head(place: Place, digest: str | None) -> dict[str, Any]:
    own = read_case(place.case).digest
    return {
        "program": {"name": "osseofit", "version": "0.1.0", "commit": "0123456789ab"},
        "record": {"digests": {"case": own if digest is None else digest}, "solved": 128},
    }


def leave_convergence(place: Place, digest: str | None = None) -> None:
    """Write a convergence study with one quantity that converges and one that does not."""
    common = {"unit": "um", "singular_rim": None, "extrapolated": None}
    quantities = [
        common | {
            "name": "micromotion_p95_um", "title": "95th percentile of micromotion",
            "values": [4.3, 4.4, 4.6], "convergence": "order observed", "order": 1.87, "error": 0.21,
            "verdict": "met", "statement": "Converges with the observed order 1.87.",
        },
        common | {
            "name": "stem_von_mises_MPa", "title": "largest von Mises stress", "unit": "MPa",
            "values": [79.0, 82.0, 80.0], "convergence": "oscillating", "order": None, "error": None,
            "verdict": "not shown", "statement": "Oscillates.",
        },
        common | {
            "name": "peak_pressure_MPa", "title": "peak pressure", "values": [9.0, 8.0, 7.0],
            "convergence": "not converged", "order": None, "error": 2.0, "verdict": None,
            "statement": "Has not converged.",
        },
    ]  # fmt: skip
    meshes = [
        {"element_size_mm": size, "unknowns": unknowns, "interface_vertices": 100}
        for size, unknowns in ((2.0, 126_060), (2.5, 70_000), (3.2, 38_000))
    ]
    told = {"answer": "2 judged quantities on 3 meshes: order observed 1, oscillating 1."}
    told |= {"meshes": meshes, "quantities": quantities}  # type: ignore[dict-item]
    _write(place.folder / "convergence" / "convergence.json", _head(place, digest) | told)


def leave_uncertainty(place: Place, digest: str | None = None) -> None:
    """Write an uncertainty study of two inputs."""
    band = {
        "name": "micromotion_p95_um", "title": "95th percentile of micromotion", "unit": "um",
        "p5": 1.5, "p50": 5.0, "p95": 18.0, "as_stated": 4.3,
        "sensitivity": {"indices": [
            {"name": "friction", "first": 0.2, "total": 0.25},
            {"name": "diametral_interference_um", "first": 0.7, "total": 0.8},
        ]},
    }  # fmt: skip
    told = {
        "answer": "Primary stability over the ranges of the inputs: stable 97 % (92 to 99 %).",
        "decides": "What spreads it most is the interference.",
        "notes": ["The case states no [uncertainty]: the ranges are defaults."],
        "ranges_from": "defaults",
        "inputs": [
            {
                "name": "friction",
                "title": "coefficient of friction",
                "unit": "1",
                "least": 0.3,
                "most": 0.9,
                "distribution": "uniform",
                "choices": [],
                "source": "a test",
                "grade": "C2",
            },
            {"name": "diametral_interference_um", "title": "diametral interference"},
        ],
        "verdicts": {
            "primary_stability": [{"verdict": "stable", "share": 0.97, "low": 0.92, "high": 0.99}],
            "safety": [{"verdict": "met", "share": 1.0, "low": 0.96, "high": 1.0}],
        },
        "quantities": [band],
    }
    _write(place.folder / "uncertainty" / "uncertainty.json", _head(place, digest) | told)


def leave_sweep(place: Place, digest: str | None = None) -> None:
    """Write a sweep of 16 samples."""
    told = {"question": "How much friction?", "answer": "Every sample is stable.", "samples": [{}] * 16}
    _write(place.folder / "sweep-friction" / "sweep.json", _head(place, digest) | told)


def leave_verification(place: Place, *, missed: bool = False) -> None:
    """Write a verification record of two cases, of three that exist."""
    checks = [
        {"quantity": "mean pressure, MPa", "reference": 75.0, "found": 75.1, "error": 0.0013,
         "error_is_a_bound": False, "gate": 0.001 if missed else 0.005, "relative": True,
         "passed": not missed},
        {"quantity": "residual", "reference": 0.0, "found": 0.0, "error": 1e-12, "error_is_a_bound": True,
         "gate": 1e-10, "relative": False, "passed": True},
    ]  # fmt: skip
    case = {"group": "Press fits", "source": "Lamé", "mesh": "", "note": "", "seconds_at_most": 5}
    told = {
        "program": {"commit": "fedcba987654"},
        "counts": {"cases": 3},
        "cases": [
            case | {"name": "p_a1", "title": "A1 press fit", "order": "", "failure": "", "checks": checks},
            case | {"name": "p_bad", "title": "A bad one", "order": "2.9 of 3", "failure": "ValueError: no",
                    "checks": []},
        ],
    }  # fmt: skip
    _write(place.docs / "verification.json", told)


def leave_documents(place: Place) -> None:
    """Write the pages of the comparison of codes and of the validation."""
    (place.docs / "peer.md").write_text(
        "# Beside\n\n<!-- begin femur 1 2 deck -->\n### `femur.toml`, 39,627 unknowns\n\n"
        "2026, revision abc.\n\n| quantity | unit | osseofit | CalculiX | difference | exact |\n"
        "| --- | --- | --- | --- | --- | --- |\n"
        "| stem, tip | um | 168.3 | 166.7 | +1.00 % |  |\n\n<!-- end femur 1 2 deck -->\n",
        encoding="utf-8",
    )
    (place.docs / "validation.md").write_text(
        "# Validation\n\nHeld against [published](x.md) experiments.\n\n"
        "| source | measured | ours |\n|---|---|---|\n| Welke | 189 | 201 |\n\n## Pull-out\n\nMore.\n",
        encoding="utf-8",
    )
