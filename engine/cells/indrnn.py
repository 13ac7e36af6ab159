"""The independently recurrent network (IndRNN; Li et al. 2018): each unit reads itself alone.

    a_t = W_hh h_{t-1} + W_xh x_t + b_h        h_t = f(a_t)        W_hh = diag(u)

As the RNN, but W_hh is a diagonal, the u of the paper: the gradient of a unit is multiplied by its
own u_i f'(a_i), so that it vanishes or explodes for each unit alone, and u_i says which.
"""

from dataclasses import dataclass
from typing import ClassVar

from unrolled.engine.cells.rnn import RNN


@dataclass(frozen=True)
class IndRNN(RNN):
    title: ClassVar = "IndRNN"
    mixes: ClassVar = 1
    code: ClassVar = (
        "a = W_xh @ x + b_xh + {diagonal}(W_hh) * h + b_hh",
        "return {f}(a)",
    )
    keras: ClassVar = None
