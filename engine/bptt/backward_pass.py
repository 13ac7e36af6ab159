"""The losses' way back through a forward pass, block by block of timesteps.

The chain rule through time, with δ_t the adjoint of everything that timestep t adds up:

    ∂L/∂h_{t-1} = W_hhᵀ δ_t + ∂L_{t-1}/∂h_{t-1}

``engine.bptt.loss_rows`` walks it back for all losses at once. Truncated, BPTT cuts the path after
every so many timesteps, counted from the last: the state goes on, the gradient does not come back
(``detach``, in PyTorch's words).
"""

from collections.abc import Iterator
from itertools import repeat
from typing import Any

import numpy as np

from unrolled.engine.attention.gradient import AttentionGradient, ScaledProduct
from unrolled.engine.bptt.cell_pass import cuts
from unrolled.engine.bptt.forward import ForwardPass, block_length
from unrolled.engine.bptt.loss_rows import Rows, Walked
from unrolled.engine.bptt.readout import Readouts
from unrolled.engine.bptt.records import BackwardStep
from unrolled.engine.bptt.shares import chosen_loss, log10_shares, sent_from
from unrolled.engine.bptt.weight_gradients import Deltas, WeightGradients, weight_gradients
from unrolled.engine.numerics.arrays import Floats, read_only
from unrolled.engine.numerics.scaled import Scaled


class BackwardPass:
    """The gradient at every timestep that was walked back; elsewhere zero, and its log10 -inf."""

    def __init__(self, forward: ForwardPass, asked_loss: int | str, truncate: int) -> None:
        network, T = forward.network, len(forward.parts)
        states, batch = len(network.cell.states), forward.problem.batch
        self._forward, self._asked_loss, self._truncate = forward, asked_loss, truncate
        self.walked = 0
        """Timesteps that were yielded."""
        self.d_state = np.zeros((T, states, *forward.shape))
        """∂L/∂ of each state in plain float64."""
        self.log10_norms = np.full((T, states, *batch), -np.inf)
        """log10 of their norms, in log range."""
        self.log10_chosen = np.full((T, states, *batch), -np.inf)
        """log10 of the norms of what the chosen loss sends to each state, likewise."""
        self.log10_shares = np.full((T, states, *batch), -np.inf)
        """log10 of its share at each timestep and state: see ``engine.bptt.shares``."""
        self.log10_loss_norms = np.empty((0, T))
        """(n, T) log10 ‖∂L_s/∂h_t‖ of each of the n losses reached."""
        self.d_initial = Scaled(np.zeros((states, *forward.shape)), 0)
        """∂L/∂ of the initial state, (states, H); zero until the walk has come to it."""
        self._attention: AttentionGradient | None = None
        """Of all losses, where there is attention."""
        self._d_a = np.zeros((T, *batch, network.cell.width(network.hidden_size)))
        self._exponents = np.zeros((T, *batch), np.int64)

    @property
    def loss(self) -> int | str | None:
        """The chosen loss: its timestep, from 1, or ``all``; None where it was not reached."""
        return chosen_loss(self._asked_loss, self._forward.loss_timesteps())

    @property
    def sent_from(self) -> int:
        """The timestep, from 0, at which the share of the chosen loss is 1, if it was reached."""
        return sent_from(self.loss or "all", self._forward.loss_timesteps())

    def blocks(self) -> Iterator[tuple[int, list[int]]]:
        """Walk block after block back.

        Yield its stop, and how many rows there were at each of its timesteps, from stop - 1 down.
        """
        forward = self._forward
        timesteps, readouts = forward.loss_timesteps(), forward.readouts()
        if not len(timesteps):
            return
        network, parts = forward.network, forward.parts
        has_loss = (forward.problem.targets >= 0).tolist()
        cut = cuts(self._truncate, len(parts)).tolist()
        attention = forward.attention_gradient(timesteps, readouts.d_h, readouts.exponents)
        self._attention = attention
        d_h, exponents = attention.d_h if attention else (readouts.d_h, readouts.exponents)
        encoded = forward.problem.encoded if attention else 0
        rows = Rows(network.cell, d_h[::-1], exponents[::-1])
        if forward.room.of(slice(forward.reached)).saturated:
            rows.widen()
        self.log10_loss_norms = np.full((len(timesteps), len(parts)), -np.inf)
        most = length = block_length(network, 1 + len(timesteps))
        stop = forward.reached
        while stop > 0:
            one = rows.wide or stop <= encoded
            start = stop - 1 if one else max(stop - length, encoded)
            tape = forward.room.of(slice(start, stop))
            steps = zip(
                [forward.weights[part] for part in parts[start:stop][::-1]],
                (tape.wide() if rows.wide else tape).partials(stop - start),
                strict=True,
            )
            there = slice(start, stop)
            seen = attention.at(start).turned() if attention and start < encoded else None
            walked = rows.walk([*steps], has_loss[there][::-1], cut[there][::-1], seen)
            if walked is None:
                length = (stop - start) // 2
                continue
            self._keep(stop, walked)
            if not start:
                self.d_initial = rows.total
            yield stop, walked.met
            stop, length = stop - len(walked.met), min(2 * len(walked.met), most)

    def _keep(self, stop: int, walked: Walked) -> None:
        block = slice(stop - len(walked.met), stop)
        self._d_a[block], self._exponents[block] = walked.d_a[::-1], walked.exponent
        self.d_state[block] = Scaled(walked.d_state[::-1], walked.exponent).plain()
        self.log10_norms[block] = walked.log10_norms[:, ::-1, 0].T
        of_losses = walked.log10_norms[:, ::-1, 1:]
        last_first = of_losses[0].T
        self._keep_chosen(block, walked.log10_norms[:, ::-1])
        first = len(self.log10_loss_norms) - len(last_first)
        self.log10_loss_norms[first:, block] = last_first[::-1]

    def _keep_chosen(self, block: slice, log10_norms: Floats) -> None:
        """Keep the row of the chosen loss of the rows (states, n, R), the first being the total."""
        loss, timesteps = self.loss, self._forward.loss_timesteps()
        if loss is None:
            return
        s = self.sent_from
        row = 0 if loss == "all" else len(timesteps) - int(np.searchsorted(timesteps, s))
        if row < log10_norms.shape[2]:
            self.log10_chosen[block] = chosen = log10_norms[:, :, row].T
            self.log10_shares[block] = log10_shares(chosen, self.log10_chosen[s])

    def steps(self, stop: int, met: list[int]) -> Iterator[BackwardStep]:
        """Return the records of a block."""
        block = slice(stop - len(met), stop)
        d_state, norms = read_only(self.d_state[block][::-1]), self.log10_norms[block][::-1]
        shares = self.log10_shares[block][::-1]
        has_cell = d_state.shape[1] > 1
        of_losses = read_only(self.log10_loss_norms[::-1, block].T[::-1])
        return map(
            BackwardStep,
            range(stop, block.start, -1),
            d_state[:, 0],
            _values(norms[:, 0]),
            d_state[:, 1] if has_cell else repeat(None),
            _values(norms[:, 1]) if has_cell else repeat(None),
            [each[: n - 1] for each, n in zip(of_losses, met, strict=True)],
            _values(shares[:, 0]),
            _values(shares[:, 1]) if has_cell else repeat(None),
        )

    def deltas(self) -> Deltas:
        """Return the part of each timestep in ∂L/∂W."""
        forward = self._forward
        products = forward.room.recurrent_products
        d_a = read_only(self._d_a.view())
        return Deltas(forward.problem.parts, forward.x, d_a, products, self._exponents)

    def weight_gradients(self, clip_norm: float) -> WeightGradients:
        """Return ∂L/∂W of the timesteps walked back so far, clipped to ``clip_norm``."""
        forward, first = self._forward, self._forward.reached - self.walked
        n = len(forward.loss_timesteps()) - len(forward.loss_timesteps(first))
        readouts = forward.readouts().where(slice(n, None))
        read, products = self._read(first, readouts)
        deltas = self.deltas().where(slice(first, forward.reached))
        return weight_gradients(forward.network, deltas, read, readouts, clip_norm, products)

    def _read(self, first: int, readouts: Readouts) -> tuple[Floats, dict[str, ScaledProduct]]:
        """Return what the readouts from a timestep on read, and the gradients of attention."""
        forward, attention = self._forward, self._attention
        if first or attention is None:
            timesteps = forward.loss_timesteps(first)
            attention = forward.attention_gradient(timesteps, readouts.d_h, readouts.exponents)
        if attention is None:
            return forward.room.moments.h[forward.losses_at(first)], {}
        return attention.attended.q, attention.products()


def _values(stack: Floats) -> list[Any]:
    """Return the values over time: floats, or of a batch (B,) arrays."""
    return stack.tolist() if stack.ndim == 1 else [*read_only(stack)]
