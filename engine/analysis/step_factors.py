"""The factors of each step back, which make the gradient vanish or explode."""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from unrolled.engine.analysis.mean_field import log10_gains
from unrolled.engine.bptt.adjoint import Adjoint, adjoint_of, at, exactly
from unrolled.engine.bptt.backward import NUMBERS, ROWS
from unrolled.engine.bptt.cell_pass import CellPass
from unrolled.engine.bptt.shares import chosen_loss, losses_of
from unrolled.engine.bptt.trace import AnyTrace
from unrolled.engine.description.representation import brief
from unrolled.engine.numerics.arrays import Floats, Integers, read_only
from unrolled.engine.numerics.wide import Wide

SHARES = ("carry", "recurrent")


@dataclass(frozen=True, slots=True, eq=False)
class StepFactors:
    """The factors of the gradient of a loss, L_s, on each step back from t to t-1.

    For all losses together they multiply the gradient of the sum, L, before t-1 adds that of its
    own loss: ∂L/∂h_{t-1} then stands for the part that comes from t. So it does in a layer that
    another one reads, where a loss enters at many timesteps, and with attention, which sends the
    gradient of a loss to every state of the encoder. The factors are those of the recurrence alone:
    what attention sends to t-1 comes on top, and is no part of them.

    Each t = 2..s that the gradient reaches has one entry, in the order of time. Nothing is
    NaN. A step at which the gradient ends has ``log10_ratio`` -inf, and comes first; a step that
    truncated BPTT cuts has no entry. In a layer that reads from the end a step leads from t to
    t+1, and t is 1..T-1.
    """

    loss: int | str
    """s, or ``all``."""
    timesteps: Integers
    """(n,) t"""
    log10_ratio: Floats
    """(n,) log10 of ‖∂L_s/∂h_{t-1}‖ / ‖∂L_s/∂h_t‖"""
    log10_cell_ratio: Floats | None
    """(n,) log10 of ‖∂L_s/∂c_{t-1}‖ / ‖∂L_s/∂c_t‖ of one loss, where there is a cell state."""
    log10_factors: dict[str, Floats]
    """(n,) each, log10 of the factors whose product is the ratio; empty for gated cells.

    With δ = ∂L_s/∂h_t and u = f'(a_t)*δ, so that ∂L_s/∂h_{t-1} = W_hhᵀu:

    - ``weights`` ‖W_hh‖_F/√H, 0 for a network without recurrent weights;
    - ``saturation`` ‖u‖/‖δ‖, at most the largest slope of f;
    - ``alignment`` ‖W_hhᵀu‖ / (‖u‖ ‖W_hh‖_F/√H), at most √H; 1 where u or W_hh is zero.

    Layer normalization stands between u and the weights: ‖W_hhᵀLN'ᵀu‖ takes the place of ‖W_hhᵀu‖.
    Then ``weights`` is r_t ‖W_hh‖_F/√H, which does not grow with W_hh where W_hh h_{t-1} is most of
    what is normalized, and ``alignment`` the rest.
    """
    shares: dict[str, Floats]
    """(n,) each, the shares of two paths back, which add up to 1; empty but for gated cells.

    - ``carry``: in the LSTM f_t*∂L_s/∂c_t, on its way to c_{t-1}; in the GRU z_t*∂L_s/∂h_t, on its
      way to h_{t-1};
    - ``recurrent``: what comes to t-1 through the recurrent weights, of all gates together: the
      step back, were the partial of ``Cell.carry`` zero.

    A path's share is its norm over the sum of both norms; both are 0 where the gradient ends.
    """

    def __repr__(self) -> str:
        return brief(self)


def step_factors(
    trace: AnyTrace, loss: int | str | None = None, *, level: int | None = None
) -> StepFactors:
    """Return what each step back of a loss multiplies its gradient by.

    Parameters
    ----------
    trace
        A finished run.
    loss
        A timestep that has a loss, from 1, the ``last``, or ``all``; by default the run's own.
    level
        Of several layers, the place in ``trace.levels`` of the one that is asked for; by default it
        is the one in front.

    Returns
    -------
    StepFactors

    Raises
    ------
    ValueError
        Where there is no such loss or level, or the state overflowed before it.
    """
    asked, reached = trace.asked_loss if loss is None else loss, trace.reached_losses
    chosen = chosen_loss(asked, reached)
    if chosen is None:
        if not len(reached) or asked == trace.asked_loss:
            at = trace.diverged_at
            raise ValueError(f"the loss was not reached: the state overflowed at t = {at}")
        last = int(reached[-1]) + 1
        raise ValueError(f"loss must be a timestep that has one, such as {last}, got {asked}")
    passed, losses = trace.cell_pass(level), losses_of(chosen, reached)
    adjoint = adjoint_of(passed, losses)
    norms, t = adjoint.d_state.norms(), np.arange(1, len(adjoint.d_state))
    there = np.isfinite(norms[t].log10()).any(axis=1)
    t = t[there & ~passed.cut[t]]
    several = chosen == "all" or len(passed.enters(losses)) > 1
    handed = adjoint.d_state_prev[t, :1].norms() if several else norms[t - 1]
    ratios = _log10_ratio(handed, norms[t][:, : handed.shape[1]]).T
    gated = passed.network.cell.carry is not None
    factors = {} if gated else _factors(passed, adjoint, t, ratios[0], norms[t, 0])
    shares = _shares(passed, adjoint, t) if gated else {}

    def in_time(of_steps: Any) -> Any:
        return read_only(passed.in_time(of_steps).copy())

    return StepFactors(
        loss=chosen,
        timesteps=in_time(passed.place(t) + 1),
        log10_ratio=in_time(ratios[0]),
        log10_cell_ratio=in_time(ratios[1]) if len(ratios) > 1 else None,
        log10_factors={name: in_time(each) for name, each in factors.items()},
        shares={name: in_time(each) for name, each in shares.items()},
    )


def _factors(
    passed: CellPass, adjoint: Adjoint, t: Integers, ratio: Floats, norms: Wide
) -> dict[str, Floats]:
    weights = log10_gains(passed.network, passed.parts, passed.tape.moments)[t]
    saturation = _log10_ratio(adjoint.d_b_hh[t].norms(), norms)
    alignment = np.zeros(len(t))
    np.subtract(ratio, weights + saturation, out=alignment, where=weights + saturation > -np.inf)
    return {"weights": weights, "saturation": saturation, "alignment": alignment}


def _log10_ratio(norms: Wide, others: Wide) -> Floats:
    """-inf where the norm is 0, whatever the other is."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (norms / others).log10()
    return np.where(np.isnan(ratio), -np.inf, ratio)


def _shares(passed: CellPass, adjoint: Adjoint, t: Integers) -> dict[str, Floats]:
    norms = exactly(passed.tape, lambda wide: _log10_paths(passed, adjoint, t, wide=wide))
    larger = norms.max(axis=0)
    with np.errstate(under="ignore"):
        shares = 10 ** (norms - np.where(larger > -np.inf, larger, 0))
        shares /= np.maximum(shares.sum(axis=0), 1)
    return dict(zip(SHARES, shares, strict=True))


def _log10_paths(passed: CellPass, adjoint: Adjoint, t: Integers, *, wide: bool) -> Floats:
    """Return (2, n) log10 of the norms of what n timesteps pass back by each of ``SHARES``."""
    cell, kind, tape = passed.network.cell, NUMBERS if wide else ROWS, passed.tape
    assert cell.carry
    tape = tape.wide() if wide else tape
    with np.errstate(under="ignore"):
        partials = cell.partials(tape.moments, tape.states_prev)
    kept = getattr(partials, cell.carry.partial)
    rest = partials._replace(**{cell.carry.partial: np.zeros(kept.shape)})
    entering = _handed(passed, adjoint, t)
    d_state, exponents = (entering, np.zeros(len(t))) if wide else entering.rows()
    handed, d_a = kind.zeros(*d_state.shape), kind.zeros(len(t), cell.width(d_state.shape[-1]))
    for part, weights in enumerate(passed.network.weights):
        mine = slice(*np.searchsorted(passed.parts[t], [part, part + 1]))
        rows: Any = d_state[:, mine], d_a[mine], handed[:, mine]
        cell.step_back(weights, at(rest, t[mine]), *rows)
    carry = d_state[cell.states.index(cell.carry.state)] * kept[t]
    recurrent = np.concatenate([*handed], axis=-1)
    return np.array([kind.log10_norms(each, exponents) for each in (carry, recurrent)])


def _handed(passed: CellPass, adjoint: Adjoint, t: Integers) -> Wide:
    """Return (states, n, H) ∂L/∂ of the states of t, before t adds the path between them."""
    after = np.minimum(t + 1, len(adjoint.d_state) - 1)
    goes_on = (after > t) & ~passed.cut[after]
    states = range(1, len(passed.network.cell.states))
    handed = (adjoint.d_state_prev[after, state] * goes_on[:, None] for state in states)
    of_states: Any = [each[None] for each in (adjoint.d_state[t, 0], *handed)]
    return cast(Wide, np.concatenate(of_states))


def weight_contributions(trace: AnyTrace, *, level: int | None = None) -> Floats:
    """Return how much each timestep adds to the gradient of the weights that all share.

        ∂L/∂W_hh at t = δ_t h_{t-1}ᵀ        ∂L/∂W_hh = Σ_t δ_t h_{t-1}ᵀ

    with δ_t the total ∂L/∂(W_hh h_{t-1} + b_hh). The norm of such a product is ‖δ_t‖ ‖h_{t-1}‖.

    Parameters
    ----------
    trace
        A finished run.
    level
        Of several layers, the place in ``trace.levels`` of the one that is asked for; by default it
        is the one in front.

    Returns
    -------
    (T,) array
        log10 ‖∂L/∂W_hh at t‖ before clipping. -inf where nothing is added: at t = 1, after the last
        loss, and everywhere in a network without memory.

    Raises
    ------
    ValueError
        Where there is no such level.
    """
    passed, losses = trace.cell_pass(level), trace.reached_losses
    contributions, cell = np.full(passed.T, -np.inf), passed.network.cell
    if cell.mixes != 0 and len(losses):
        adjoint, H = adjoint_of(passed, losses), passed.network.hidden_size
        of_blocks = [
            (adjoint.d_h[:, rows][:, some].norms() * Wide.of(vectors[:, some]).norms())[:, None]
            for rows, vectors in passed.tape.recurrent_products
            for some in _mixed(cell.mixes, H)
        ]
        found: Any = np.concatenate(of_blocks, axis=1)
        contributions[: len(adjoint.d_h)] = found.norms().log10()
    return read_only(passed.in_time(contributions).copy())


def _mixed(mixes: int | None, H: int) -> list[slice]:
    """Return the units of each block of recurrent weights."""
    return [slice(k, k + mixes) for k in range(0, H, mixes)] if mixes else [slice(None)]
