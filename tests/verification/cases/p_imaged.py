"""Press fit in a bone that is given as a CT volume.

The bone of A1 as a scanner would show it, put anywhere in space: voxels of 0.7 x 0.7 x 1 mm, a blur of
0.6 mm, partial volume. Its natural canal is 3 mm narrower than the stem and is reamed to it, so that the fit
is known; outer wall and modulus come from the volume alone. The answer is Lamé's with the modulus that the
law gives the phantom's 1,400 HU.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from fea.case.ct_table import CtDensityTable, imaged_material
from fea.ct.bone import Imager, read_bone
from geometry.reaming import Reaming
from materials.library import read_library
from tests.bodies.phantoms import LEAN, Tube, imaged, write_volume
from tests.verification.case import Answer, Check
from tests.verification.lame import FITS, pressure_checks
from tests.verification.press_fits import case_of, solved, unknowns

SOURCE = "Lamé; project's verification cases, section 1"
SLOW = True

#: Natural canal of the phantom, mm radius, and what lies beyond the modelled bone at either end, mm.
CANAL, AHEAD = 5.5, 15.0


def solve() -> Answer:
    """Read the bone, and solve."""
    case = case_of("a1")
    (station,) = case.bone.stations
    length = case.bone.length
    phantom = Tube(outer=station.outer_anterior, canal=CANAL, half=AHEAD + length / 2)
    axis, front = (tuple(LEAN.apply(one).tolist()) for one in ([0.0, 0.0, 1.0], [1.0, 0.0, 0.0]))
    with TemporaryDirectory() as folder:
        file = write_volume(Path(folder) / "bone.nii.gz", imaged(phantom))
        scanned = read_bone(file, None, Imager(400.0, axis, front, AHEAD, length))
    chain, law = read_library().density_chain, read_library().density_law("keller_1994")
    table = CtDensityTable(
        offset_g_cm3=chain.hu_offset, slope_g_cm3_per_HU=chain.hu_slope, source="the phantom", grade="A",
        law=law.name, poisson_ratio=FITS["a1"].hub[1],
    )  # fmt: skip
    material = imaged_material(table, case.bone_material, scanned, length)
    modulus = law(chain.from_hounsfield(1400.0, "ash"))
    exact = replace(FITS["a1"], hub=(modulus, FITS["a1"].hub[1]))
    reaming = Reaming(case.stem.diameter, length, 0.0)
    study = solved(replace(case, bone=scanned.bone(length), reaming=reaming, bone_material=material))
    found = material.elasticity.youngs_modulus
    checks = [
        Check("mean Young's modulus, MPa", modulus, found, 0.01),
        *pressure_checks(study, exact.pressure, "")[0],
    ]
    return Answer(
        tuple(checks),
        mesh=f"{unknowns(study)} unknowns, recommended size {study.case.mesh.interface:.3g} mm",
    )
