r"""The equations of attention at one output, in LaTeX, as ``engine.cells.equations`` has a cell's.

``h_j`` has a row for each state of the encoder, and so has what is of each. What outputs read goes
by the name of Luong et al. (2015), ``\tilde{h}``: here it is q.
"""

from typing import Any

import numpy as np

from unrolled.engine.attention.attended import Attention
from unrolled.engine.cells.equations import Line, d
from unrolled.engine.numerics.arrays import Floats

_SCORE, _SHARE, _READ = "e_{tj}", r"\alpha_{tj}", r"\tilde{h}"
OF_EACH = (_SCORE, _SHARE, "h_j")
"""The arrays that have a row for each of the encoder's states."""
READ = (
    Line(rf"{_SHARE} & = & \operatorname{{softmax}}_j & {_SCORE}"),
    Line(rf"v_t & = & \sum_j & {_SHARE} & h_j"),
    Line(r"\tilde{h}_t & = & \tanh( & W_{qv} & v_t & + & W_{qh} & h_t & )"),
)
"""What follows the score."""
D_H_SEEN = rf"{d(_READ)} {d('h_{t-1}', _READ)}"
"""What attention sends to t-1, of all outputs."""


def lines(attention: Attention) -> tuple[Line, ...]:
    """Return the equations from the state of an output to what the output reads."""
    return (Line(f"{_SCORE} & = & {attention.score.latex}"), *READ)


def arrays(attention: Attention, h: Floats, encoder: Floats) -> dict[str, Any]:
    """Return the arrays that stand in them, by their LaTeX, of an output of the state h (H,)."""
    seen = attention.of(h[None], encoder)
    W_qv, W_qh = np.split(attention.W_q, 2, axis=1)
    names = attention.score.shapes(len(h))
    weights = zip(names, attention.score.weights, strict=True)
    return {
        **{name: each[0] if len(each) == 1 else each for name, each in weights},
        **{_SCORE: attention.score.of(h[None], encoder)[0], _SHARE: seen.weights[0]},
        **{"h_j": encoder, "v_t": seen.joined[0, : len(h)], r"\tilde{h}_t": seen.q[0]},
        **{"W_{qv}": W_qv, "W_{qh}": W_qh},
    }
