"""The visual language: every colour, map, band, font and size of renders, plots and pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

#: Colours of things.
CORTICAL = "#e9dcc3"
CANCELLOUS = "#f3e3d0"
STEM = "#9aa3ad"
#: An abutment that is of another material than its fixture.
ABUTMENT = "#b9c2cb"
#: Porous zones in rising order, by lightness and hue; apart from one another also for the colour-blind.
COATINGS = ("#6f7a86", "#2f3e63", "#b07f4f", "#7d4a5e")
ADAPTER = "#c3c9d0"
ANTERIOR = "#d55e00"
LEFT = "#009e73"
PROXIMAL = "#0072b2"
LOAD = "#b3202c"
REACTION = "#0072b2"
SUPPORT = "#4d4d4d"
INK = "#1c2126"
QUIET = "#5b6670"
FAINT = "#d5dade"
PAPER = "#ffffff"
#: Where there is no contact: flat grey, hatched.
NO_CONTACT = "#dcdfe2"
HATCH = "#7d868e"
#: Stem that no bone faces.
BARE = "#c3c9d0"
#: Where stress has no converged peak.
RIM = "#7a4f9a"
#: Open, stick, slip.
STATUS_COLOURS = (NO_CONTACT, "#7fa7c9", "#e0a03c")
STATUS_NAMES = ("open", "stick", "slip")
#: Lines of a plot, in the order of use; each is labelled at its end.
LINES = ("#0072b2", "#d55e00", "#009e73", "#7a4f9a", "#8a6d00", "#4d4d4d")


@dataclass(frozen=True)
class Mark:
    """How an answer is drawn: colour and symbol, never colour alone."""

    colour: str
    symbol: str
    word: str


MET = Mark("#1b7f5c", "✓", "met")
NOT_SHOWN = Mark("#b8860b", "?", "not shown")
NOT_MET = Mark("#b3202c", "✗", "not met")
#: Marks of the criteria and of the overall answers, by their word.
MARKS: Mapping[str, Mark] = MappingProxyType(
    {
        "met": MET,
        "not shown": NOT_SHOWN,
        "not met": NOT_MET,
        "stable": Mark(MET.colour, MET.symbol, "stable"),
        "unstable": Mark(NOT_MET.colour, NOT_MET.symbol, "unstable"),
        "not judged": Mark(QUIET, "–", "not judged"),
        "fixation lost": Mark("#5a0f18", "⊘", "fixation lost"),
        "not solved": Mark(QUIET, "!", "not solved"),
    }
)


@dataclass(frozen=True)
class Scale:
    """A continuous map with limits that are the same in every case.

    Attributes
    ----------
    quantity, unit
        What the legend says.
    upper
        Upper limit; the lower one is 0.
    step
        Between two ticks.
    signed
        Whether values below 0 exist; they have the colour of 0.
    """

    quantity: str
    unit: str
    upper: float
    step: float
    signed: bool = False


#: Sequential perceptual map of magnitudes, from 0: anchors of Crameri's batlow.
SEQUENTIAL = (
    "#011959", "#103f60", "#1c5a62", "#3c6d56", "#687b3e",
    "#9d892b", "#d29343", "#f8a17b", "#fdb7bc", "#faccfa",
)  # fmt: skip
#: Diverging map of signed values, symmetric about 0.
DIVERGING = "RdBu_r"
ABOVE = "#d7263d"
PRESSURE = Scale("Contact pressure", "MPa", 10.0, 2.0)
HOOP = Scale("Hoop stress", "MPa", 20.0, 5.0, signed=True)
STRAIN = Scale("Largest principal strain", "%", 0.2, 0.05)
VON_MISES = Scale("Von Mises stress", "MPa", 120.0, 20.0)
#: Of bone from a CT volume, apparent.
DENSITY = Scale("Apparent density", "g/cm³", 2.0, 0.5)
#: Of a taper joint: metal on metal is pressed and stressed more, and slips less.
TAPER_PRESSURE = Scale("Contact pressure", "MPa", 50.0, 10.0)
TAPER_VON_MISES = Scale("Von Mises stress", "MPa", 200.0, 40.0)
SLIP = Scale("Slip, peak to peak", "µm", 25.0, 5.0)
FRICTION_WORK = Scale("Friction work a cycle", "J/m²", 500.0, 100.0)
#: Colour of a socket; its cone has that of an adapter.
SOCKET = "#9aa3ad"

#: Edges of the bands of micromotion and gap in um: the criteria, and one split below 28.
BAND_EDGES = (0.0, 14.0, 28.0, 40.0, 50.0, 100.0, 150.0)
#: One colour a band, the last above 150 um.
BAND_COLOURS = ("#dbe9f6", "#b3d0e8", "#86b3d6", "#f7e3a1", "#f3bf72", "#e5814d", "#b3202c")

#: One family for pictures and page; matplotlib brings it.
FONT = "DejaVu Sans"
#: Sizes in points for reading at 100 % (1 pt = 4/3 CSS px).
SIZE_TITLE = 11.5
SIZE_TEXT = 9.0
SIZE_SMALL = 8.0
#: CSS px per inch, and how many image pixels make one.
CSS_DPI = 96
PIXEL_RATIO = 2
#: Width of a picture and of a plot on the page, CSS px.
PICTURE_WIDTH = 900
PLOT_WIDTH = 720

LINE = 1.4
HAIR = 0.7


def coating_colour(row: int) -> str:
    """Return the colour of a porous zone by its row in rising order; beyond the last shade they repeat."""
    return COATINGS[row % len(COATINGS)]


def style() -> Any:
    """Return matplotlib's settings for every picture and plot.

    Returns
    -------
    dict
        For ``matplotlib.rc_context``.
    """
    return {
        "font.family": [FONT],
        "font.size": SIZE_TEXT,
        "axes.titlesize": SIZE_TITLE,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.labelsize": SIZE_TEXT,
        "axes.labelcolor": INK,
        "axes.edgecolor": QUIET,
        "axes.linewidth": HAIR,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "xtick.labelsize": SIZE_SMALL,
        "ytick.labelsize": SIZE_SMALL,
        "xtick.color": QUIET,
        "ytick.color": QUIET,
        "text.color": INK,
        "lines.linewidth": LINE,
        "hatch.color": HATCH,
        "hatch.linewidth": 0.8,
        "svg.fonttype": "path",
        "svg.hashsalt": "osseofit",
        "figure.facecolor": PAPER,
        "savefig.facecolor": PAPER,
    }
