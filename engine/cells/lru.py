"""A diagonal linear recurrence in real form (the LRU; Orvieto et al. 2023).

    h_t = W_hh h_{t-1} + W_xh x_t + b_h        W_hh = diag(B_1, B_2, ...), each B (2, 2)

No activation: the gradient is multiplied by W_hhᵀ alone, whatever the network reads. A change of
basis brings almost every W_hh to this form: a pair of units has a block of its own, and a complex
pair of eigenvalues r exp(±iθ) is the rotation by θ, times r. Of an odd number of units the last is
alone. The paper trains log r and θ, which keeps r below 1, and scales the inputs by √(1 - r²); here
the blocks themselves are the weights, and the scale is a part of W_xh.
"""

from dataclasses import dataclass
from typing import ClassVar

from unrolled.engine.cells.rnn import RNN


@dataclass(frozen=True)
class LRU(RNN):
    activation: ClassVar[str] = "identity"  # type: ignore[misc]  # the cell's own, and no choice

    title: ClassVar = "LRU"
    mixes: ClassVar = 2
    code: ClassVar = (
        "pair = {arange}(len(h)) // 2",
        "own = {where}(pair[:, None] == pair, W_hh, 0.0)",
        "return W_xh @ x + b_xh + own @ h + b_hh",
    )
    keras: ClassVar = None
