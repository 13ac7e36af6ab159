"""A cell that the engine does not have: the minimal gated unit under another name.

One gate, before a product, and the state is kept where it is closed. It is added as a plug-in adds
a cell, and has no word in a catalog.
"""

from tests.engine import autograd_oracle, mpmath_oracle
from unrolled.engine.cells import CELLS
from unrolled.engine.cells.mgu import MGU


class OneGate(MGU):
    title = "Minimal"


def register(patch):
    """Add the cell as a plug-in does, by one line; and what the oracles know of it."""
    patch.setitem(CELLS, "one-gate", OneGate)
    patch.setitem(autograd_oracle.STEPS, "one-gate", autograd_oracle.mgu)
    patch.setitem(mpmath_oracle.WALKS, "one-gate", mpmath_oracle.mgu)
