"""The gradient of the losses of a batch where attention takes it, in plain float64.

Of each example there are the losses of its own outputs, at timesteps of its own: all outputs of the
timesteps at which any example has a loss are computed, and those without one have no gradient.
"""

from typing import NamedTuple

import numpy as np

from unrolled.engine.attention.attended import Attended, Attention, attended, by_example, outputs_of
from unrolled.engine.attention.gradient import ScaledProduct, Way
from unrolled.engine.numerics.arrays import Floats, Integers
from unrolled.engine.problem import Problem


class BatchGradient(NamedTuple):
    """Where attention takes the gradient of n losses of B examples, summed over the losses."""

    q: Floats
    """(n, H) what their outputs read."""
    d_h: Floats
    """(n, H) ∂L/∂h_t at the loss's own timestep."""
    seen: tuple[Floats, ...]
    """(B, m, H) what an example's losses send to its encoder's states: all of them together, and
    where there may be several, its last one alone."""
    products: dict[str, ScaledProduct]
    """The gradient of each weight, by its name in ``Network.state_dict``."""

    @classmethod
    def of(
        cls,
        attention: Attention | None,
        problem: Problem,
        h: Floats,
        where: tuple[Integers, ...],
        last: Integers,
        d_q: Floats,
    ) -> "BatchGradient | None":
        """Walk ∂L/∂q of losses back, d_q (n, H); None without attention.

        ``h`` (T, B, H) are states of the first B examples, ``where`` the losses' timesteps and
        examples, and ``last`` (B,) the timestep of each example's last.
        """
        if attention is None:
            return None
        timesteps, losses = outputs_of(where)
        padding = None if problem.padding is None else problem.padding[: len(last)]
        looking = attended(attention, h, timesteps, problem.encoded, padding)
        encoder = by_example(h[: problem.encoded])
        d = np.zeros(looking.q.shape)
        d[losses] = d_q
        way = Way.plain(attention, looking, encoder, d)
        seen = [way.total()]
        if len(timesteps) > 1:
            own = np.arange(len(last)), np.searchsorted(timesteps, last)
            alone = Attended(*(each[own][:, None] for each in looking))
            seen += [Way.plain(attention, alone, encoder, d[own][:, None]).total()]
        sums = (ScaledProduct(each.rows, 0, each.others, each.of_encoder) for each in way.products)
        products = dict(zip(attention.names, sums, strict=True))
        return cls(looking.q[losses], way.d_h[losses], tuple(seen), products)
