"""A run of a network of layers, with the gradient at every one of them."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from unrolled.engine.bptt.adjoint import cuts
from unrolled.engine.bptt.readout import Readouts
from unrolled.engine.bptt.weight_gradients import (
    Deltas,
    WeightGradients,
    clipped,
    of_readout,
    sums_of_parts,
)
from unrolled.engine.cells import ACTIVATIONS, CELLS
from unrolled.engine.deep.backward import Adjoints, Losses, Walked, walk_all
from unrolled.engine.deep.forward import Pass, forward, reached
from unrolled.engine.deep.network import DeepNetwork
from unrolled.engine.description.versions import VERSIONS
from unrolled.engine.given_run import problem_told
from unrolled.engine.network import Network
from unrolled.engine.numerics import scaled
from unrolled.engine.numerics.arrays import Floats, Integers, read_only
from unrolled.engine.problem import Problem
from unrolled.engine.trace import over_time


@dataclass(frozen=True, slots=True)
class LevelTrace:
    """One layer in one direction: T timesteps in the order of the sequence, H hidden units."""

    layer: int
    """From 1, the inputs' side first."""
    reverse: bool
    """Whether it reads from the end."""
    hidden: Floats
    """(T, H) h_t; NaN from ``diverged_at`` on."""
    cell_state: Floats | None
    """(T, H) c_t."""
    gates: dict[str, Floats]
    """(T, H) each."""
    hidden_gradient: Floats
    """(T, H) ∂L/∂h_t in plain float64, of the sum of all losses."""
    cell_gradient: Floats | None
    """(T, H) ∂L/∂c_t in plain float64."""
    log10_gradient_norm: Floats
    """(T,) log10 ‖∂L/∂h_t‖, in log range; -inf where there is no path."""
    log10_cell_gradient_norm: Floats | None
    """(T,) log10 ‖∂L/∂c_t‖, in log range."""
    log10_loss_gradient_norms: Floats
    """(n, T) log10 ‖∂L_s/∂h_t‖ of the n losses reached; -inf where there is no path."""

    def __repr__(self) -> str:
        way = ", from the end" if self.reverse else ""
        T, H = self.hidden.shape
        return f"LevelTrace(layer={self.layer}{way}, T={T}, H={H})"


@dataclass(frozen=True, slots=True)
class DeepTrace:
    """Everything that a run of a network of layers computed."""

    network: DeepNetwork
    """What ran."""
    problem: Problem
    """The sequence in numbers."""
    truncate: int
    """Timesteps after which BPTT is cut; 0 for none."""
    clip_norm: float
    """Norm to which the gradient of all weights together is clipped; 0 for none."""
    levels: tuple[LevelTrace, ...]
    """Each layer and direction, from the inputs up, the one that reads forward first."""
    probabilities: Floats
    """(T, V) softmax of the readout; NaN where there is no loss."""
    losses: Floats
    """(T,) in nats; NaN where there is no target."""
    input_gradient: Floats
    """(T, D) ∂L/∂x_t in plain float64."""
    log10_input_gradient_norm: Floats
    """(T,) log10 ‖∂L/∂x_t‖, in log range."""
    weight_gradients: dict[str, Floats]
    """∂L/∂W, by the names of ``network.state_dict()``, after clipping."""
    log10_weight_gradient_norm: float
    """log10 of the norm of all weight gradients together, before clipping."""
    log10_clip: float
    """log10 of the factor by which clipping multiplied them; 0 if it did not."""
    diverged_at: int | None
    """The first timestep whose state or output is not finite, if any; 1 of both directions."""

    def made_by(self) -> dict[str, Any]:
        """Return the settings, the weights and the problem, as JSON has them, and the versions."""
        cell = next(self.network.levels).layer.cell
        return {
            **VERSIONS,
            "cell": next(name for name, kind in CELLS.items() if type(cell) is kind),
            "activation": getattr(cell, "activation", next(iter(ACTIVATIONS))),
            "truncate": self.truncate,
            "clip_norm": self.clip_norm,
            "network": {name: each.tolist() for name, each in self.network.state_dict().items()},
            "problem": problem_told(self.problem),
        }

    def __repr__(self) -> str:
        return f"DeepTrace({self.network!r}, T={len(self.losses)}, diverged_at={self.diverged_at})"


def deep_trace(
    network: DeepNetwork, problem: Problem, *, truncate: int = 0, clip_norm: float = 0.0
) -> DeepTrace:
    """Return the trace of a network of layers: forward, losses, and back through every layer.

    Parameters
    ----------
    network
        Random, or of given weights.
    problem
        The inputs and targets of T timesteps.
    truncate
        Timesteps after which BPTT is cut in every layer, counted from the end of its way forward;
        0 for none.
    clip_norm
        Norm to which the gradient of all weights together is clipped; 0 for no clipping.

    Returns
    -------
    DeepTrace
        Of every layer and direction the states, and the gradients in log range. A state that
        overflows ends the run and is no error.

    Raises
    ------
    ValueError
        On a batch, an encoder, an initial state, or a network that does not fit the problem.

    Examples
    --------
    >>> import unrolled
    >>> config = unrolled.NetworkConfig(cell="lstm", hidden_size=8)
    >>> problem = unrolled.Problem.from_text("the clouds are in the sky")
    >>> V = len(problem.vocabulary)
    >>> network = unrolled.DeepNetwork.random(config, V, V, layers=3)
    >>> unrolled.deep_trace(network, problem).levels[0].log10_gradient_norm.shape
    (24,)
    """
    if problem.batch:
        raise ValueError("a trace is of one sequence, not of a batch")
    if problem.h_0 is not None or problem.c_0 is not None:
        raise ValueError("an initial state is for one layer; several layers start from zero")
    problem.check(network.inputs, len(network.b_y), 1)
    passes, h = forward(network, problem.x)
    T, there = len(h), problem.loss_timesteps
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        readouts = Readouts.of(network, h[there], problem.targets_at(there))
    count = reached(network, passes)
    if not readouts.finite.all():
        count = min(count, int(there[np.argmin(readouts.finite)]))
    kept, now = there < count, slice(count)
    there, readouts = there[kept], readouts.where(kept)
    passes = [each.where(now) for each in passes]
    walked, d_x = _walked(network, passes, there, readouts, cuts(truncate, T)[now])
    learned = _learned(network, passes, walked, h[there], readouts, clip_norm)
    return DeepTrace(
        network=network,
        problem=problem,
        truncate=truncate,
        clip_norm=clip_norm,
        levels=tuple(_level(one, each, T) for one, each in zip(passes, walked, strict=True)),
        probabilities=over_time(T, there, readouts.probabilities),
        losses=over_time(T, there, readouts.losses),
        input_gradient=over_time(T, np.arange(count), d_x.plain()),
        log10_input_gradient_norm=over_time(
            T, np.arange(count), scaled.log10_norms(d_x.rows, d_x.exponents)
        ),
        weight_gradients=learned.gradients,
        log10_weight_gradient_norm=learned.log10_norm,
        log10_clip=learned.log10_clip,
        diverged_at=count + 1 if count < T else None,
    )


def _walked(
    network: DeepNetwork, passes: list[Pass], there: Integers, readouts: Readouts, cut: Any
) -> tuple[list[Walked], Adjoints]:
    """Return what each level has of all losses, and ∂L/∂x (T, D) of their sum."""
    losses = Losses(there, readouts.d_h, readouts.exponents)
    chunks = [*walk_all(passes, network.directions, losses, cut)]
    (first, asks), norms = chunks[0], [[each.log10_norms for each in found] for found, _ in chunks]
    joined = [np.concatenate(each, axis=-1) for each in zip(*norms, strict=True)]
    levels = [each._replace(log10_norms=own) for each, own in zip(first, joined, strict=True)]
    return levels, Adjoints(asks.rows[:, 0], asks.exponents[:, 0])


def _learned(
    network: DeepNetwork,
    passes: list[Pass],
    walked: list[Walked],
    h: Floats,
    readouts: Readouts,
    clip_norm: float,
) -> WeightGradients:
    """Return ∂L/∂W of every level and of the readout."""
    parts = []
    for (level, x, tape), (_, _, d_a, _) in zip(passes, walked, strict=True):
        alone = Network((level.layer,), np.zeros((0, network.hidden_size)), np.zeros(0))
        zeros = np.zeros(len(x), dtype=np.int64)
        deltas = Deltas(zeros, x, d_a.rows, tape.recurrent_products, d_a.exponents)
        parts += sums_of_parts(alone, deltas)
    head = of_readout(h, readouts.d_y, readouts.exponents)
    return clipped(network.named(parts, *head), clip_norm)


def _level(of: Pass, walked: Walked, T: int) -> LevelTrace:
    """Return one level, in the order of the sequence."""
    cell, moments = of.level.layer.cell, of.tape.moments

    def in_time(stack: Floats, unreached: float = np.nan) -> Floats:
        whole = np.full((T, *stack.shape[1:]), unreached)
        whole[: len(stack)] = of.in_time(stack)
        return read_only(whole)

    gradient, norms = walked.first.plain(), walked.log10_norms[..., 0]
    has_cell = len(cell.states) > 1
    return LevelTrace(
        layer=of.level.number,
        reverse=of.level.reverse,
        hidden=in_time(moments.h),
        cell_state=in_time(moments.c) if has_cell else None,
        gates={name: in_time(getattr(moments, name)) for name in cell.gates},
        hidden_gradient=in_time(gradient[:, 0], 0.0),
        cell_gradient=in_time(gradient[:, 1], 0.0) if has_cell else None,
        log10_gradient_norm=in_time(norms[:, 0], -np.inf),
        log10_cell_gradient_norm=in_time(norms[:, 1], -np.inf) if has_cell else None,
        log10_loss_gradient_norms=in_time(walked.log10_norms[:, 0, 1:], -np.inf).T,
    )
