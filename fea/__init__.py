"""Finite elements of a press-fit stem in bone: case, mesh, contact, loads, quantities, verdict.

Units inside are N, mm, MPa and s. The axis z runs along the implant from the distal cut towards the body,
x points anterior and y towards the patient's left.
"""

import os

__version__ = "0.1.0"

# Dense algebra here is small and runs side by side in processes, where threads of its own only get in the
# way (twice the time on two cores); the sparse factors keep theirs. OpenBLAS reads it when numpy loads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
