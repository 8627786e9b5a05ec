"""Draw the stem of cases/femur_custom.toml and write it as STEP: oval, tapered, for an oval natural canal.

Usage: python cases/stems/make_custom_stem.py [PATH]; the default is femur_custom.step beside itself.
What stands here is an example of a designer's shape, an engineering assumption, and no maker's product.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import gmsh

#: Sections: level in mm from the cut, half widths in mm from back to front and from side to side. The canal
#: of the case narrows evenly from 8.5 and 7.0 at the cut to 6.5 and 5.5 at 170 mm. The stem clears it by
#: 0.05 mm at the cut, is 0.005 mm larger from 15 to 80 mm, and clears it towards the tip.
SECTIONS = (
    (-30.0, 8.45, 6.95),
    (0.0, 8.45, 6.95),
    (15.0, 8.505 - 15.0 * 2.0 / 170.0, 7.005 - 15.0 * 1.5 / 170.0),
    (80.0, 8.505 - 80.0 * 2.0 / 170.0, 7.005 - 80.0 * 1.5 / 170.0),
    (115.0, 6.6, 5.4),
)
#: Rounding of the tip's edge, mm.
TIP_RADIUS = 3.0


def draw() -> None:
    """Build the stem in the running gmsh session."""
    occ = gmsh.model.occ
    outlines = [occ.addWire([occ.addEllipse(0, 0, level, front, side)]) for level, front, side in SECTIONS]
    ((_, solid),) = occ.addThruSections(outlines, makeSolid=True, makeRuled=True)
    occ.synchronize()
    tip = SECTIONS[-1][0]
    edges = [
        tag
        for _, tag in gmsh.model.getEntities(1)
        if min(gmsh.model.getBoundingBox(1, tag)[2::3]) > tip - 1e-3
    ]
    occ.fillet([solid], edges, [TIP_RADIUS])
    occ.synchronize()


def main(path: Path) -> None:
    """Write the file; its header's date is set to one day, so that the same shape is the same file."""
    gmsh.initialize(readConfigFiles=False)
    try:
        gmsh.option.setNumber("General.Terminal", 0)
        gmsh.option.setString("Geometry.OCCTargetUnit", "MM")
        draw()
        gmsh.write(str(path))
    finally:
        gmsh.finalize()
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d'", "'2000-01-01T00:00:00'", text)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("femur_custom.step"))
