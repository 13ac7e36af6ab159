"""A whole run in one call."""

from collections.abc import Callable
from typing import Any, Unpack

import numpy as np

from unrolled.engine.bptt.run import Run
from unrolled.engine.bptt.trace import Trace
from unrolled.engine.deep.trace import deep_trace_of
from unrolled.engine.description.keywords import RunFields
from unrolled.engine.experiment import Experiment
from unrolled.engine.given_run import GivenRun
from unrolled.engine.numerics.arrays import Floats, over_time, read_only


def trace(
    sequence: str = Experiment().sequence, **fields: Unpack[RunFields]
) -> Trace | Any:  # a ``DeepTrace`` of several layers: a type checker should not ask each time
    """Run one experiment: forward, losses, backward.

    Parameters
    ----------
    sequence
        1 to 2,000 tokens.
    **fields
        The other fields of ``Experiment``, by name.

    Returns
    -------
    Trace or DeepTrace
        The latter of several layers, or of both directions; both have ``levels``. The same
        experiment gives the same numbers; with another number of BLAS threads
        (``OPENBLAS_NUM_THREADS``) they may differ in their last bits.

    Raises
    ------
    ExperimentError
        As ``Experiment`` does.

    Examples
    --------
    >>> import unrolled
    >>> unrolled.trace("the clouds", cell="lstm").hidden.shape
    (9, 16)
    >>> [level.hidden.shape for level in unrolled.trace("the clouds", layers=2).levels]
    [(9, 16), (9, 16)]
    """
    experiment = Experiment.of({"sequence": sequence, **fields})
    return deep_trace_of(experiment) if experiment.deep else trace_of(experiment)


def trace_of(
    asked: Experiment | GivenRun | Run,
    *,
    walk_back: bool = True,
    between: Callable[[], None] = lambda: None,
) -> Trace:
    """Return the trace of an experiment, or of a run that has not begun.

    Parameters
    ----------
    asked
        The experiment, what ``experiment_of`` returned, or ``Run(network, problem)``.
    walk_back
        Whether to compute the gradients; if not, they are zero. A caller that walks one
        adjoint back by itself, with ``engine.bptt.adjoint``, does not need them.
    between
        Called after every block of timesteps; what it raises ends the run.

    Returns
    -------
    Trace
        Arrays over T timesteps; a state that overflows ends the run and is no error.

    Raises
    ------
    RuntimeError
        On a run that has begun.
    ValueError
        On a run of a batch, and on an experiment of several layers or both directions, which
        ``deep_trace_of`` runs.

    Examples
    --------
    >>> import numpy as np, unrolled
    >>> network = unrolled.Network.random(unrolled.NetworkConfig(cell="lstm"), inputs=2, outputs=3)
    >>> problem = unrolled.Problem.from_arrays(np.ones((4, 2)), targets=[-1, -1, 0, 2])
    >>> unrolled.trace_of(unrolled.Run(network, problem)).hidden.shape
    (4, 16)
    """
    run = asked if isinstance(asked, Run) else Run.of(asked)
    if run.problem.batch:
        raise ValueError("a trace is of one sequence; a Run is of a batch too")
    run.finish(walk_back, between)
    return trace_from(run)


def trace_from(run: Run) -> Trace:
    """Return what a finished run computed, timestep by timestep."""
    problem, tape, (timesteps, readouts) = run.problem, run.tape(), run.readouts()
    T, has_cell, learned = len(problem.tokens), len(tape.states_prev) > 1, run.weight_gradients()

    def forward(name: str) -> Floats:
        return over_time(T, np.arange(len(tape.moments.h)), getattr(tape.moments, name))

    return Trace(
        described=run.described,
        asked_loss=run.asked_loss,
        truncate=run.truncate,
        network=run.network,
        tokens=problem.tokens,
        vocabulary=problem.vocabulary,
        targets=problem.targets,
        hidden=forward("h"),
        cell_state=forward("c") if has_cell else None,
        gates={name: forward(name) for name in run.network.cell.gates},
        probabilities=over_time(T, timesteps, readouts.classes(problem)),
        losses=over_time(T, timesteps, readouts.losses),
        hidden_gradient=read_only(run.d_state[:, 0]),
        cell_gradient=read_only(run.d_state[:, 1]) if has_cell else None,
        log10_gradient_norm=read_only(run.log10_norms[:, 0]),
        log10_cell_gradient_norm=read_only(run.log10_norms[:, 1]) if has_cell else None,
        log10_loss_gradient_norms=read_only(run.log10_loss_norms),
        d_initial=run.d_initial,
        weight_gradients=learned.gradients,
        log10_weight_gradient_norm=learned.log10_norm,
        log10_clip=learned.log10_clip,
        tape=tape,
        problem=problem,
        deltas=run.deltas(),
        diverged_at=run.diverged_at,
    )
