"""The record of a whole run."""

import os
from dataclasses import dataclass, fields
from functools import cached_property, partial
from importlib import import_module
from typing import Any

import numpy as np

from unrolled.engine import files
from unrolled.engine.attention.attended import attended
from unrolled.engine.bptt.cell_pass import CellPass, entering_of
from unrolled.engine.bptt.shares import (
    chosen_loss,
    log10_shares,
    losses_of,
    sent_from,
    verdict,
)
from unrolled.engine.bptt.tape import Tape
from unrolled.engine.bptt.weight_gradients import Deltas, input_gradient
from unrolled.engine.deep.records import DeepTrace, LevelTrace
from unrolled.engine.experiment import Experiment
from unrolled.engine.given_run import GivenRun
from unrolled.engine.network import Network
from unrolled.engine.numerics import scaled
from unrolled.engine.numerics.arrays import Floats, Integers, over_time, read_only
from unrolled.engine.numerics.scaled import Scaled
from unrolled.engine.problem import Problem

CHARTS = (
    *("gradient_norm", "gradient_matrix", "hidden_states", "step_factors"),
    *("shares", "spectrum", "singular_values", "lyapunov"),
)
"""What ``Trace.figure`` draws."""
ARRAYS = (
    *("inputs", "targets", "hidden", "cell_state", "probabilities", "outputs", "losses"),
    *("hidden_gradient", "cell_gradient", "input_gradient"),
    *("log10_gradient_norm", "log10_cell_gradient_norm", "log10_input_gradient_norm"),
    *("log10_gradient_matrix", "attention"),
)
"""What a trace holds over time, but for the gates."""
_TOLD = (
    *("tokens", "input_vocabulary", "vocabulary", *ARRAYS, "gates", "weight_gradients"),
    *("log10_weight_gradient_norm", "log10_clip", "diverged_at", "verdict"),
)


@dataclass(frozen=True, eq=False)
class Trace:
    """The full record of one run: T timesteps, H hidden units, a vocabulary of V tokens."""

    described: Experiment | GivenRun
    """What was run: an experiment, or a given network and problem."""
    asked_loss: int | str
    """The loss whose share is shown: a timestep, from 1, the ``last`` or ``all``."""
    truncate: int
    """Timesteps after which BPTT is cut, counted from the last; 0 for none."""
    network: Network
    """What ran."""
    tokens: tuple[str, ...]
    """(T) the token of each timestep."""
    vocabulary: tuple[str, ...]
    """(V) what the columns of ``probabilities`` stand for."""
    targets: Integers
    """(T,) the target class of each timestep, -1 where none."""
    hidden: Floats
    """(T, H) h_t; NaN from ``diverged_at`` on."""
    cell_state: Floats | None
    """(T, H) c_t; NaN from ``diverged_at`` on."""
    gates: dict[str, Floats]
    """(T, H) each; NaN from ``diverged_at`` on."""
    probabilities: Floats
    """(T, V) softmax of the readout; NaN where the architecture gives no output."""
    losses: Floats
    """(T,) in nats; NaN where there is no target."""
    hidden_gradient: Floats
    """(T, H) ∂L/∂h_t in plain float64."""
    cell_gradient: Floats | None
    """(T, H) ∂L/∂c_t in plain float64."""
    log10_gradient_norm: Floats
    """(T,) log10 ‖∂L/∂h_t‖, in log range; -inf where there is no path."""
    log10_cell_gradient_norm: Floats | None
    """(T,) log10 ‖∂L/∂c_t‖, in log range."""
    log10_loss_gradient_norms: Floats
    """(n, T) log10 ‖∂L_s/∂h_t‖ of the n losses reached; -inf where there is no path."""
    d_initial: Scaled
    """(states, H) ∂L/∂ of the initial state, mantissa · 2^exponent."""
    weight_gradients: dict[str, Floats]
    """∂L/∂W, by the names of ``network.state_dict()``, after clipping."""
    log10_weight_gradient_norm: float
    """log10 of the norm of all weight gradients together, before clipping."""
    log10_clip: float
    """log10 of the factor by which clipping multiplied them; 0 if it did not."""
    tape: Tape
    """The values that the timesteps computed; those from ``diverged_at`` on are left out."""
    problem: Problem
    """The sequence in numbers."""
    deltas: Deltas
    """The part of each timestep in the gradients of the weights, zero where none arrives."""
    diverged_at: int | None
    """The first timestep whose state or output is not finite, if any."""

    def __repr__(self) -> str:
        T, H = self.hidden.shape
        cell, share = type(self.network.cell).__name__, float(self.log10_share()[0])
        run = f"{cell}, T={T}, H={H}, V={len(self.vocabulary)}, loss={self.chosen_loss}"
        if self.diverged_at:
            return f"Trace({run}, diverged at t={self.diverged_at})"
        return f"Trace({run}, log10 share at t=1: {share:.2f}, {self.verdict})"

    def to_dict(self) -> dict[str, Any]:
        """Return everything that the run computed, by name.

        Returns
        -------
        dict
            What `POST /api/trace` answers: ``made_by`` and ``experiment``, which make it again,
            the weights as ``network``, the arrays over time, the gradients, the shares and the
            verdict. Arrays are NumPy's.
        """
        made_by = self.described.made_by()
        return {
            "experiment": made_by["experiment"],
            "made_by": made_by,
            "network": self.network.state_dict(),
            **{name: getattr(self, name) for name in _TOLD},
            "loss": self.chosen_loss,
            "log10_share": self.log10_share(),
        }

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the run into a file, as the command and the lab do; the file is whole or not there.

        Each file says what made it: ``experiment_of`` and ``trace_of`` make it again.

        Parameters
        ----------
        path
            Its ending says how: ``.npz`` (arrays), ``.json``, ``.csv`` (a table for spreadsheets)
            or ``.html`` (a page that replays the run).

        Raises
        ------
        ValueError
            On another ending.
        OSError
            Where the file cannot be written.
        """
        files.write_run(path, self.described)

    def figure(self, chart: str = "gradient_norm", theme: str = "light") -> Any:
        """Return a chart of the run, as the lab shows it.

        Parameters
        ----------
        chart
            ``gradient_norm``, ``gradient_matrix``, ``hidden_states``, ``step_factors``, ``shares``
            (of a gated cell), ``spectrum``, ``singular_values`` or ``lyapunov``.
        theme
            ``light`` or ``dark``.

        Returns
        -------
        plotly.graph_objects.Figure

        Raises
        ------
        ValueError
            On another chart or theme.
        """
        figures = import_module("unrolled.app.figures")
        for name, value, choices in (("chart", chart, CHARTS), ("theme", theme, figures.THEMES)):
            if value not in choices:
                raise ValueError(f"{name} must be one of {', '.join(choices)}, got {value}")
        runs = [self] if chart == "gradient_norm" else self
        return getattr(figures, chart)(runs, theme=theme)

    @cached_property
    def log10_gradient_matrix(self) -> Floats:
        """(T, T) G[s, t] = log10 ‖∂L_s/∂h_t‖; -inf where there is no path."""
        matrix = np.full((len(self.tokens),) * 2, -np.inf)
        matrix[self.reached_losses] = self.log10_loss_gradient_norms
        return read_only(matrix)

    @property
    def experiment(self) -> Experiment:
        """The experiment that was run; raises ``ValueError`` where there is none."""
        if isinstance(self.described, GivenRun):
            raise ValueError("no experiment describes a given network and problem")
        return self.described

    @property
    def moments(self) -> Any:
        """The cell's ``StepValues``, each field with a leading axis of the timesteps reached."""
        return self.tape.moments

    @property
    def levels(self) -> tuple[LevelTrace, ...]:
        """Its one layer, as a ``DeepTrace`` has several."""
        names = {each.name for each in fields(LevelTrace)} - {"layer", "reverse"}
        own: dict[str, Any] = {name: getattr(self, name) for name in names}
        return (LevelTrace(layer=1, reverse=False, **own),)

    def cell_pass(self, level: int | None = None) -> CellPass:
        """Return what the analyses ask of its one layer, ``level`` 0."""
        if level not in (None, 0):
            raise ValueError(f"level must be 0, of the one layer, got {level}")
        network, problem = self.network, self.problem
        enters = partial(entering_of, network, problem, self.hidden)
        return CellPass(network, self.tape, problem.x, self.parts, self.truncate, enters)

    @property
    def attention(self) -> Floats | None:
        """(T, m) α_tj, how much each output looks at each of an encoder's m states.

        Each row has the sum 1; it is NaN where there is no output. None without attention.
        """
        of = self.network.attention
        if of is None:
            return None
        seen = attended(of, self.hidden, self.reached_losses, self.problem.encoded)
        return read_only(over_time(len(self.tokens), self.reached_losses, seen.weights))

    @property
    def outputs(self) -> Floats | None:
        """(T, D) y_t = W_hy h_t + b_y where the targets are numbers, NaN without one.

        None where they are classes.
        """
        if self.problem.numbers is None:
            return None
        there = self.reached_losses
        y = self.hidden[there] @ self.network.W_hy.T + self.network.b_y
        return over_time(len(self.tokens), there, y)

    @property
    def input_classes(self) -> Integers:
        """(T,) the entry of x_t that is 1; -1 where x_t is zero, or any vector."""
        return self.problem.inputs

    @property
    def input_vocabulary(self) -> tuple[str, ...]:
        """The tokens that the columns of ``inputs`` stand for; empty for vectors."""
        return self.problem.input_vocabulary

    @property
    def parts(self) -> Integers:
        """(T,) which of ``network.weights`` a timestep uses."""
        return self.problem.parts

    @property
    def inputs(self) -> Floats:
        """(T, V) the input vectors x_t."""
        if self.problem.vectors is not None:
            return self.problem.vectors
        return np.eye(len(self.input_vocabulary) + 1)[self.input_classes, :-1]

    @property
    def input_gradient(self) -> Floats:
        """(T, V) ∂L/∂x_t in plain float64: the gradient at each input.

        ∂L/∂x_t = W_xhᵀ ∂L/∂a_t
        """
        return read_only(scaled.plain(*input_gradient(self.network, self.deltas)))

    @property
    def log10_input_gradient_norm(self) -> Floats:
        """(T,) log10 ‖∂L/∂x_t‖, in log range; -inf where there is no path."""
        return read_only(scaled.log10_norms(*input_gradient(self.network, self.deltas)))

    @property
    def initial_gradient(self) -> dict[str, Floats]:
        """(H,) ∂L/∂h_0, and ∂L/∂c_0 where there is a cell state, in plain float64."""
        return self.network.cell.initial(read_only(self.d_initial.plain()))

    @property
    def log10_initial_gradient_norm(self) -> dict[str, float]:
        """log10 of their norms, in log range."""
        return self.network.cell.initial(scaled.log10_norms(*self.d_initial).tolist())

    @property
    def chosen_loss(self) -> int | str | None:
        """The chosen loss: its timestep, from 1, or ``all``.

        None where it was not reached.
        """
        return chosen_loss(self.asked_loss, self.reached_losses)

    def log10_share(self, loss: int | str | None = None) -> Floats:
        """Return log10 of the share of a loss's gradient that arrives at each timestep.

            share_t = ‖∂L_s/∂h_t‖ / ‖∂L_s/∂h_s‖

        Parameters
        ----------
        loss
            A timestep s that has a loss, from 1, the ``last``, or ``all``: the gradient of the sum
            of all losses, relative to its norm at the last timestep that has one. By default the
            experiment's.

        Returns
        -------
        (T,) log10 of the shares; -inf after s, where no path leads back, and where the loss was not
        reached or sends nothing.

        >>> import unrolled
        >>> trace = unrolled.trace("abcd", architecture="many-to-many", loss=2)
        >>> trace.log10_share().tolist()[1:], trace.verdict
        ([0.0, -inf], 'arriving')
        """
        reached = self.reached_losses
        chosen = chosen_loss(self.asked_loss if loss is None else loss, reached)
        if chosen is None:
            return np.full(len(self.tokens), -np.inf)
        s = sent_from(chosen, reached)
        summed = chosen == "all"
        norms = self.log10_gradient_norm
        if not summed:
            norms = self.log10_loss_gradient_norms[int(np.searchsorted(reached, s))]
        return log10_shares(norms, norms[s])

    @property
    def verdict(self) -> str:
        """``engine.verdict`` of the chosen loss."""
        return verdict(float(self.log10_share()[0]))

    @property
    def chosen_losses(self) -> Integers:
        """(n,) the timesteps, from 0, whose losses ``chosen_loss`` is the sum of."""
        return losses_of(self.chosen_loss, self.reached_losses)

    @property
    def reached_losses(self) -> Integers:
        """(n,) the timesteps, from 0, that have a loss and were reached."""
        return np.flatnonzero(np.isfinite(self.losses))


AnyTrace = Trace | DeepTrace
"""A finished run, of one layer or of several."""
