"""One run: the pass forward, the losses, and backpropagation through time (Werbos 1990).

Each is a generator of one record a timestep, so that every step can be shown as it is computed. The
loops are in ``engine.bptt.forward`` and ``engine.bptt.backward_pass``.
"""

from collections.abc import Callable, Iterator
from typing import Any

from unrolled.engine.bptt.backward_pass import BackwardPass
from unrolled.engine.bptt.batch_pass import BatchPass
from unrolled.engine.bptt.forward import ForwardPass
from unrolled.engine.bptt.readout import Readouts
from unrolled.engine.bptt.records import BackwardStep, ForwardStep, LossStep
from unrolled.engine.bptt.tape import Tape
from unrolled.engine.bptt.weight_gradients import Deltas, WeightGradients, input_gradient
from unrolled.engine.experiment import Experiment
from unrolled.engine.given_run import GivenRun
from unrolled.engine.network import Network
from unrolled.engine.numerics import scaled
from unrolled.engine.numerics.arrays import Floats, Integers, read_only
from unrolled.engine.numerics.scaled import Scaled
from unrolled.engine.problem import Problem
from unrolled.engine.validation import loss_of


class Run:
    """One run of a network on a problem: ``forward``, then ``losses``, then ``backward``."""

    def __init__(
        self,
        network: Network,
        problem: Problem,
        *,
        loss: int | str = "last",
        truncate: int = 0,
        clip_norm: float = 0.0,
        experiment: Experiment | GivenRun | None = None,
    ) -> None:
        """Start a run.

        Parameters
        ----------
        network
            Random, trained, or of given weights.
        problem
            The inputs and targets of T timesteps, or of a batch: then every array below has an axis
            for its examples, and gradients are in plain float64.
        loss
            The loss whose share is shown: a timestep that has one, from 1, the ``last`` or ``all``;
            of a batch each example's ``last`` or ``all``.
        truncate
            Timesteps after which BPTT is cut, counted from the last; 0 for none.
        clip_norm
            Norm to which the gradient of all weights together is clipped; 0 for no clipping.
        experiment
            The experiment that is run, if there is one: see ``of``.

        Raises
        ------
        ValueError
            Where the network does not fit the problem, or has no such loss.
        """
        problem.check(network.inputs, len(network.b_y), len(network.segments))
        self.network, self.problem = network, problem
        self.described = experiment or GivenRun(
            network, problem, loss=loss, truncate=truncate, clip_norm=clip_norm
        )
        back = BatchPass if problem.batch else BackwardPass
        self.asked_loss = loss if problem.batch else loss_of(loss, problem.loss_timesteps)
        self.truncate, self.clip_norm = truncate, clip_norm
        self._phase = "new"
        self._pass = ForwardPass(network, problem)
        self._back = back(self._pass, self.asked_loss, truncate)

    @classmethod
    def of(cls, experiment: Experiment | GivenRun) -> "Run":
        """Return a run of an experiment, or of what ``experiment_of`` returned."""
        return cls(
            experiment.network(),
            experiment.problem(),
            loss=experiment.loss,
            truncate=experiment.truncate,
            clip_norm=experiment.clip_norm,
            experiment=experiment,
        )

    @property
    def experiment(self) -> Experiment:
        """The experiment that is run; raises ``ValueError`` where there is none."""
        if isinstance(self.described, GivenRun):
            raise ValueError("no experiment describes a given network and problem")
        return self.described

    def __repr__(self) -> str:
        cell, T = type(self.network.cell).__name__, len(self.problem.parts)
        batch = "".join(f"B={B}, " for B in self.problem.batch)
        return f"Run({cell}, T={T}, {batch}H={self.network.hidden_size}, {self._phase})"

    def _begin(self, phase: str, after: list[str]) -> None:
        """Enter a phase, or say which call is missing."""
        if self._phase not in after:
            if self._phase == "new":
                raise RuntimeError(f"{phase}() cannot come before forward(): call forward() first")
            raise RuntimeError(f"{phase}() cannot follow {self._phase}(): make another Run")
        self._phase = phase

    # --- one record a timestep -----------------------------------------------------------------

    def forward(self) -> Iterator[ForwardStep]:
        """Yield h_t for t = 1..T, ending before the first timestep that overflows.

        Raises ``RuntimeError`` if the run has been forward already.
        """
        self._begin("forward", ["new"])
        return self._forward()

    def _forward(self) -> Iterator[ForwardStep]:
        for start, stop, readouts in self._pass.blocks():
            for step in self._pass.steps(start, stop, readouts):
                self._pass.reached += 1
                yield step

    def losses(self) -> Iterator[LossStep]:
        """Yield L_s for each timestep that has one and was reached.

        Raises ``RuntimeError`` before ``forward``.
        """
        if self._phase == "new":
            raise RuntimeError("losses() cannot come before forward(): call forward() first")
        return self._pass.losses()

    def backward(self) -> Iterator[BackwardStep]:
        """Yield ∂L/∂h_t for t = T..1, from every loss that was reached.

        Raises ``RuntimeError`` before ``forward``, or if the run has been backward already.
        """
        self._begin("backward", ["forward"])
        return self._backward()

    def _backward(self) -> Iterator[BackwardStep]:
        for stop, met in self._back.blocks():
            for step in self._back.steps(stop, met):
                self._back.walked += 1
                yield step

    def finish(self, walk_back: bool, between: Callable[[], None]) -> None:
        """Do what ``forward`` and ``backward`` do, without a record of it.

        ``between`` is called after every block of timesteps.
        """
        self._begin("forward", ["new"])
        for _, stop, _ in self._pass.blocks():
            self._pass.reached = stop
            between()
        if not walk_back:
            return
        self._begin("backward", ["forward"])
        for stop, met in self._back.blocks():
            self._back.walked = self._pass.reached - stop + len(met)
            between()

    # --- what was computed ---------------------------------------------------------------------

    @property
    def diverged_at(self) -> int | None:
        """The first timestep whose state or output is not finite, if any."""
        return self._pass.diverged_at

    def tape(self) -> Tape:
        """Return the timesteps reached, to read."""
        return self._pass.tape()

    def readouts(self) -> tuple[Integers, Readouts]:
        """Return the timesteps that have a loss and were reached, from 0, and their readouts."""
        return self._pass.loss_timesteps(), self._pass.readouts()

    @property
    def loss(self) -> int | str | None:
        """The chosen loss: its timestep, from 1, or ``all``; None where it was not reached."""
        return self._back.loss

    @property
    def sent_from(self) -> int:
        """The timestep, from 0, at which the share of the chosen loss is 1, if it was reached."""
        return self._back.sent_from

    @property
    def d_state(self) -> Floats:
        """(T, states, H) ∂L/∂ of each state in plain float64; zero where it was not walked."""
        return self._back.d_state

    @property
    def d_initial(self) -> Scaled:
        """(states, H) ∂L/∂ of the initial state, mantissa · 2^exponent."""
        return self._back.d_initial

    @property
    def initial_gradient(self) -> dict[str, Floats]:
        """∂L/∂h_0, and ∂L/∂c_0 where there is a cell state; zero before the walk."""
        return self.network.cell.initial(read_only(self.d_initial.plain()))

    @property
    def log10_initial_gradient_norm(self) -> dict[str, Any]:
        """log10 of their norms, in log range."""
        return self.network.cell.initial(scaled.log10_norms(*self.d_initial).tolist())

    @property
    def log10_norms(self) -> Floats:
        """(T, states) log10 of their norms, in log range."""
        return self._back.log10_norms

    @property
    def log10_chosen(self) -> Floats:
        """(T, states) log10 of the norms of what the chosen loss sends to each state, likewise."""
        return self._back.log10_chosen

    @property
    def log10_shares(self) -> Floats:
        """(T, states) log10 of its share at each: see ``engine.bptt.shares``."""
        return self._back.log10_shares

    @property
    def log10_loss_norms(self) -> Floats:
        """(n, T) log10 ‖∂L_s/∂h_t‖ of each of the n losses reached; -inf before the walk."""
        return self._back.log10_loss_norms

    def deltas(self) -> Deltas:
        """Return the part of each timestep in ∂L/∂W; zero where it is not walked back yet."""
        return self._back.deltas()

    def log10_input_gradient_norms(self) -> Floats:
        """(T,) log10 ‖∂L/∂x_t‖, in log range; -inf where none arrives."""
        return scaled.log10_norms(*input_gradient(self.network, self.deltas()))

    def weight_gradients(self) -> WeightGradients:
        """Return ∂L/∂W of the timesteps walked back so far, clipped to ``clip_norm``."""
        return self._back.weight_gradients(self.clip_norm)
