"""Finite elements of a press-fit stem in bone: case, mesh, contact, loads, quantities, verdict.

Units inside are N, mm, MPa and s. The axis z runs along the implant from the distal cut towards the body,
x points anterior and y towards the patient's left.
"""

__version__ = "0.1.0"
