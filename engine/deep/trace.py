"""A run of a network of layers, with the gradient at every one of them."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from unrolled.engine.bptt.cell_pass import cuts
from unrolled.engine.bptt.readout import Readouts
from unrolled.engine.deep.backward import Adjoints, Losses, Walked, WalkedLevel, walk_all
from unrolled.engine.deep.forward import Pass, forward, reached, read_at, states_at
from unrolled.engine.deep.network import DeepNetwork
from unrolled.engine.deep.records import READS, DeepTrace, LevelTrace
from unrolled.engine.experiment import Experiment
from unrolled.engine.given_run import GivenRun
from unrolled.engine.numerics import scaled
from unrolled.engine.numerics.arrays import Floats, Integers, over_time, read_only
from unrolled.engine.problem import Problem
from unrolled.engine.validation import check_choice, loss_of


def deep_trace(
    network: DeepNetwork,
    problem: Problem,
    *,
    loss: int | str = "last",
    reads: str = "h_n",
    truncate: int = 0,
    clip_norm: float = 0.0,
) -> DeepTrace:
    """Return the trace of a network of layers: forward, losses, and back through every layer.

    Parameters
    ----------
    network
        Random, or of given weights.
    problem
        The inputs and targets of T timesteps.
    loss
        The loss whose share is shown: a timestep that has one, from 1, the ``last`` or ``all``.
    reads
        What the readout of a loss at T reads, where it is the only one and the network reads in
        both directions: ``h_n``, the last state of each, or ``output``, the states of both at T.
        Other losses read the states of their own timestep.
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
        On a batch, an encoder, an initial state, a loss that is not there, or a network that does
        not fit the problem.

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
    settings: Any = {"reads": reads, "truncate": truncate, "clip_norm": clip_norm}
    return deep_trace_of(GivenRun(network, problem, loss=loss, **settings))


def deep_trace_of(
    described: Experiment | GivenRun, between: Callable[[], None] = lambda: None
) -> DeepTrace:
    """Return the trace of an experiment of any number of layers and directions.

    Parameters
    ----------
    described
        Random; or of one layer, trained or with weights set by hand; or what ``experiment_of``
        returned of a given network.
    between
        Called after every layer; what it raises ends the run.

    Returns
    -------
    DeepTrace
        Of one layer it has the numbers of ``trace_of``, in ``levels``.

    Raises
    ------
    ValueError
        On an encoder-decoder.

    Examples
    --------
    >>> import unrolled
    >>> trace = unrolled.deep_trace_of(unrolled.Experiment("the clouds", layers=2, directions=2))
    >>> [(level.layer, level.reverse) for level in trace.levels]
    [(1, False), (1, True), (2, False), (2, True)]
    """
    network, problem = described.deep_network(), described.problem()
    asked, reads = check(described, network, problem), described.reads
    passes, there, at, h, readouts = _forward(network, problem, between, ends=reads == READS[0])
    T, count = len(problem.parts), len(passes[0].x)
    cut, timesteps = cuts(described.truncate, T)[:count], np.arange(count)
    sent = Losses(at, readouts.d_h, readouts.exponents)
    found, d_x = _walked(network, passes, sent, cut, between)
    walked = [each.walked for each in found]
    return DeepTrace(
        described=described,
        network=network,
        problem=problem,
        asked_loss=asked,
        reads=reads,
        read_at=read_only(at),
        truncate=described.truncate,
        clip_norm=described.clip_norm,
        passes=tuple(passes),
        sent=sent,
        levels=tuple(_level(one, each, T) for one, each in zip(passes, walked, strict=True)),
        log10_entering_norms=_norms_in_time(passes, [each.log10_entering for each in found], T),
        log10_cell_norms=_norms_in_time(
            passes, [each.log10_norms[:, -1] for each in walked if each.log10_norms.shape[1] > 1], T
        ),
        probabilities=over_time(T, there, readouts.classes(problem)),
        losses=over_time(T, there, readouts.losses),
        input_gradient=over_time(T, timesteps, d_x.plain()),
        log10_input_gradient_norm=over_time(
            T, timesteps, scaled.log10_norms(d_x.rows, d_x.exponents)
        ),
        deltas=tuple(each.d_a for each in walked),
        states_read=h,
        readouts=readouts,
        diverged_at=count + 1 if count < T else None,
    )


def check(described: Experiment | GivenRun, network: DeepNetwork, problem: Problem) -> int | str:
    """Return the loss whose share is shown; raise ``ValueError`` where the run cannot be made."""
    if problem.batch:
        raise ValueError("a trace is of one sequence, not of a batch")
    if problem.h_0 is not None or problem.c_0 is not None:
        raise ValueError("an initial state is for one layer; several layers start from zero")
    problem.check(network.inputs, len(network.b_y), 1)
    check_choice("reads", described.reads, READS)
    return loss_of(described.loss, problem.loss_timesteps)


class _Forward(NamedTuple):
    """The values computed at the timesteps reached, and the n losses among them."""

    passes: list[Pass]
    there: Integers
    """(n,) the timesteps, from 0, of the losses."""
    at: Integers
    """(directions, n) those whose states they read."""
    h: Floats
    """(n, H or 2H) these states."""
    readouts: Readouts


def _forward(
    network: DeepNetwork, problem: Problem, between: Callable[[], None], *, ends: bool
) -> _Forward:
    """Run every level and the readout, up to the first timestep that is not finite."""
    passes, states = forward(network, problem.x, between)
    there, at = problem.loss_timesteps, read_at(network.directions, problem, ends=ends)
    h = states_at(states, at)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        readouts = Readouts.of(network, h, problem.targets_at(there))
    count = reached(network, passes)
    if not readouts.finite.all():
        count = min(count, int(there[np.argmin(readouts.finite)]))
    kept, now = there < count, slice(count)
    passes = [each.where(now) for each in passes]
    return _Forward(passes, there[kept], at[:, kept], h[kept], readouts.where(kept))


def _walked(
    network: DeepNetwork,
    passes: list[Pass],
    losses: Losses,
    cut: Any,
    between: Callable[[], None],
) -> tuple[list[WalkedLevel], Adjoints]:
    """Return what each level has of all losses, and ∂L/∂x (T, D) of their sum."""
    chunks = [*walk_all(passes, network.directions, losses, cut, between)]
    d_x, levels = chunks[0][1], []
    for found in zip(*(found for found, _ in chunks), strict=True):
        norms = np.concatenate([each.walked.log10_norms for each in found], axis=-1)
        entering = np.concatenate([each.log10_entering for each in found], axis=-1)
        levels.append(WalkedLevel(found[0].walked._replace(log10_norms=norms), entering))
    return levels, d_x


def _norms_in_time(passes: list[Pass], norms: list[Floats], T: int) -> Floats:
    """Return (levels, n + 1, T) norms of rows in the order of the sequence; else -inf."""
    found = np.full((len(norms), norms[0].shape[1] if norms else 0, T), -np.inf)
    for of, own, room in zip(passes, norms, found, strict=False):
        room[:, : len(own)] = of.in_time(own).T
    return read_only(found)


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
