"""What is wrong with the case file of a taper joint, before any shape is built."""

from __future__ import annotations

import math
from collections.abc import Iterator

from fea.case.mistake import Mistake
from fea.case.taper_forms import Slices, locks_itself
from fea.case.taper_tables import ConeTable, SocketTable, TaperFile
from materials.elasticity import Isotropic
from materials.material import Material

#: Largest radial gap, mm, that the angles may leave at one end: what the fit carries on a common surface.
WIDEST_GAP = 0.1
#: Largest push of the cone, mm: points that face each other stay paired.
LARGEST_PUSH = 0.4
#: Least wall of socket and cone, mm.
LEAST_WALL = 0.5
#: Least room above the cone, mm, so that it does not bottom.
ROOM = 0.5


def taper_mistakes(file: TaperFile, cone: Material, socket: Material) -> Iterator[Mistake]:
    """Yield every mistake that sound tables show.

    Parameters
    ----------
    file : TaperFile
    cone, socket : Material
    """
    shapes = [*_cone_mistakes(file.cone), *_socket_mistakes(file.cone, file.socket)]
    yield from shapes
    if file.adapter.length_mm < file.cone.neck_length_mm:
        yield Mistake(
            "adapter.length_mm",
            f"the reference point must lie at the neck's distal end, {file.cone.neck_length_mm:g} mm from the"
            " mouth, or beyond it",
            file.adapter.length_mm,
        )
    band = file.fit.friction_band
    if band is not None and not band[0] <= file.fit.friction <= band[1]:
        yield Mistake("fit.friction_band", f"must contain fit.friction, {file.fit.friction:g}", list(band))
    if file.activity is not None and file.activity.cycles < 2:
        yield Mistake("activity.cycles", "fretting is judged once the joint has settled; give 2 or more", 1)
    yield from _assembly_mistakes(file, cone, socket, sound=not shapes)


def _cone_mistakes(cone: ConeTable) -> Iterator[Mistake]:
    half = math.radians(cone.angle_deg) / 2
    closes = cone.large_diameter_mm / (2 * math.tan(half))
    small = cone.large_diameter_mm - 2 * cone.engagement_mm * math.tan(half)
    if small <= 0.0:
        yield Mistake(
            "cone.engagement_mm",
            f"a cone of {cone.angle_deg:g} degrees comes to its point {closes:.4g} mm above the mouth; give"
            " less, or a smaller angle",
            cone.engagement_mm,
        )
    elif small - cone.bore_diameter_mm < 2 * LEAST_WALL:
        yield Mistake(
            "cone.bore_diameter_mm",
            f"the cone's small end of {small:.4g} mm must keep a wall of {LEAST_WALL:g} mm round the bore",
            cone.bore_diameter_mm,
        )
    if cone.angle_deg - cone.angle_mismatch_deg < 0.5:
        yield Mistake(
            "cone.angle_mismatch_deg",
            f"the socket would have an angle of {cone.angle_deg - cone.angle_mismatch_deg:.4g} degrees; it"
            " needs 0.5 or more",
            cone.angle_mismatch_deg,
        )
        return
    gap = _far_gap(cone)
    if gap > WIDEST_GAP:
        yield Mistake(
            "cone.angle_mismatch_deg",
            f"the far end of the engagement would stand {1000 * gap:.0f} um off the socket, more than the"
            f" {1000 * WIDEST_GAP:g} um that the fit can hold; give a smaller one",
            cone.angle_mismatch_deg,
        )


def _far_gap(cone: ConeTable) -> float:
    """Radial gap at the end that touches last, mm."""
    male, female = (
        math.tan(math.radians(angle) / 2)
        for angle in (cone.angle_deg, cone.angle_deg - cone.angle_mismatch_deg)
    )
    return cone.engagement_mm * abs(male - female)


def _socket_mistakes(cone: ConeTable, socket: SocketTable) -> Iterator[Mistake]:
    if socket.depth_mm < cone.engagement_mm + ROOM:
        yield Mistake(
            "socket.depth_mm",
            f"the cone, {cone.engagement_mm:g} mm long, would bottom as it is pushed in; give at least"
            f" {cone.engagement_mm + ROOM:g}",
            socket.depth_mm,
        )
    if socket.length_mm < socket.depth_mm + 2.0:
        yield Mistake(
            "socket.length_mm",
            f"the socket must go on above its conical bore; give at least {socket.depth_mm + 2:g}",
            socket.length_mm,
        )
    slope = math.tan(math.radians(cone.angle_deg - cone.angle_mismatch_deg) / 2)
    mouth = cone.large_diameter_mm + (2 * _far_gap(cone) if cone.angle_mismatch_deg < 0 else 0.0)
    bottom = mouth - 2 * slope * socket.depth_mm
    if slope > 0 and bottom <= 1.0:
        yield Mistake(
            "socket.depth_mm",
            f"the conical bore closes {mouth / (2 * slope):.4g} mm above the mouth; it must still be 1 mm"
            " wide at its depth",
            socket.depth_mm,
        )
    above = socket.outer_diameter_at_depth_mm
    for key, outer, bore, where in (
        ("outer_diameter_mm", socket.outer_diameter_mm, mouth, "at the mouth"),
        ("outer_diameter_at_depth_mm", above, bottom, "at its depth"),
    ):
        if outer is not None and (outer - bore) / 2 < LEAST_WALL:
            yield Mistake(
                f"socket.{key}",
                f"the socket's wall {where} would be {(outer - bore) / 2:.3g} mm; it needs {LEAST_WALL:g} or"
                f" more round a bore of {bore:.4g} mm",
                outer,
            )


def _assembly_mistakes(
    file: TaperFile, cone: Material, socket: Material, *, sound: bool
) -> Iterator[Mistake]:
    given = {key: value for key, value in file.assembly.model_dump().items() if value is not None}
    if len(given) != 1:
        stated = " and ".join(given) or "none of them"
        yield Mistake("assembly", f"give one of force_N, screw_preload_N and seating_mm, not {stated}")
        return
    (key, value), friction = next(iter(given.items())), file.fit.friction
    half = math.radians(file.cone.angle_deg) / 2
    if key != "screw_preload_N" and not locks_itself(half, friction):
        yield Mistake(
            "fit.friction",
            f"the joint does not lock itself: friction must exceed tan(angle/2) = {math.tan(half):.4g}, or"
            " the cone comes off as the force is released; hold it by assembly.screw_preload_N",
            friction,
        )
        return
    if not sound:
        return
    slices = slices_of(file, cone, socket)
    push = value if key == "seating_mm" else slices.seating(value, friction)
    if push > LARGEST_PUSH:
        yield Mistake(
            f"assembly.{key}",
            f"this pushes the cone in by about {push:.3g} mm, more than the {LARGEST_PUSH:g} mm over which"
            " facing points stay paired; give less",
            value,
        )


def slices_of(file: TaperFile, cone: Material, socket: Material) -> Slices:
    """Return the closed forms of a joint.

    Parameters
    ----------
    file : TaperFile
        With sound shapes.
    cone, socket : Material
        Isotropic.
    """
    stated = file.cone
    far = _far_gap(stated)
    outer = file.socket.outer_diameter_mm / 2
    above = (file.socket.outer_diameter_at_depth_mm or file.socket.outer_diameter_mm) / 2
    end = outer + (above - outer) * stated.engagement_mm / file.socket.depth_mm
    return Slices(
        math.radians(stated.angle_deg) / 2,
        stated.large_diameter_mm / 2,
        stated.engagement_mm,
        stated.bore_diameter_mm / 2,
        (outer, end),
        _constants(cone),
        _constants(socket),
        (0.0, far) if stated.angle_mismatch_deg >= 0 else (far, 0.0),
    )


def _constants(material: Material) -> tuple[float, float]:
    law = material.elasticity
    assert isinstance(law, Isotropic), "the reader takes isotropic metals alone"
    return law.youngs_modulus, law.poisson_ratio
