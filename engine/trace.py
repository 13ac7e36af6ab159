"""One whole run, drained from the step-by-step generators."""

from typing import Any

import numpy as np

from engine.arrays import Floats, read_only
from engine.bptt import Run
from engine.experiment import Experiment
from engine.records import BackwardStep, ForwardStep, Trace


def trace(sequence: str = Experiment().sequence, **fields: Any) -> Trace:
    """Run one experiment: forward, losses, backward.

    Parameters are the fields of ``Experiment``; raises ``ExperimentError`` as it does.
    """
    return trace_of(Experiment.of({"sequence": sequence, **fields}))


def trace_of(experiment: Experiment, *, walk_back: bool = True) -> Trace:
    """The trace of an experiment.

    Without the walk back its gradients are zero: for who walks one adjoint back, as
    ``engine.steps`` does, and has no use for the gradients of all losses.
    """
    run = Run(experiment)
    problem, H = run.problem, experiment.hidden_size
    forward, losses = list(run.forward()), list(run.losses())
    backward = list(run.backward()) if walk_back else []
    T, V = len(problem.tokens), len(problem.vocabulary)
    learned = run.weight_gradients()

    def over_time(records: list[Any], name: str, width: int, missing: float) -> Floats:
        stack = np.full((T, width), missing)
        there = [record for record in records if getattr(record, name) is not None]
        if there:
            values = np.array([getattr(record, name) for record in there])
            stack[[record.timestep - 1 for record in there]] = values.reshape(-1, width)
        return read_only(stack)

    def hidden_over_time(records: list[Any], name: str) -> Floats | None:
        has = "c" in run.network.cell.states
        missing = np.nan if records is forward else 0.0
        return over_time(records, name, H, missing) if has else None

    def norms(name: str) -> Floats:
        return read_only(over_time(backward, name, 1, -np.inf)[:, 0])

    return Trace(
        experiment=experiment,
        network=run.network,
        tokens=problem.tokens,
        vocabulary=problem.vocabulary,
        targets=problem.targets,
        hidden=over_time(forward, "hidden", H, np.nan),
        cell_state=hidden_over_time(forward, "cell_state"),
        gates=_gates(forward, run.network.cell.gates, T, H),
        probabilities=over_time(forward, "probabilities", V, np.nan),
        losses=read_only(over_time(losses, "loss", 1, np.nan)[:, 0]),
        hidden_gradient=over_time(backward, "hidden_gradient", H, 0.0),
        cell_gradient=hidden_over_time(backward, "cell_gradient"),
        log10_gradient_norm=norms("log10_gradient_norm"),
        log10_cell_gradient_norm=(
            norms("log10_cell_gradient_norm") if "c" in run.network.cell.states else None
        ),
        log10_gradient_matrix=gradient_matrix(backward, [loss.timestep for loss in losses], T),
        weight_gradients=learned.gradients,
        log10_weight_gradient_norm=learned.log10_norm,
        log10_clip=learned.log10_clip,
        moments=run.moments() if forward else None,
        problem=problem,
        diverged_at=run.diverged_at,
    )


def _gates(forward: list[ForwardStep], names: tuple[str, ...], T: int, H: int) -> dict[str, Floats]:
    gates = {name: np.full((T, H), np.nan) for name in names}
    for step in forward:
        for name, values in step.gates.items():
            gates[name][step.timestep - 1] = values
    return {name: read_only(stack) for name, stack in gates.items()}


def gradient_matrix(backward: list[BackwardStep], owing: list[int], T: int) -> Floats:
    """G[s, t], from the column that each step back has measured."""
    matrix = np.full((T, T), -np.inf)
    if backward:
        norms = [step.log10_loss_gradient_norms for step in backward]
        counts = np.array(list(map(len, norms)))
        columns = np.full((len(backward), len(owing)), -np.inf)
        columns[np.arange(len(owing)) < counts[:, None]] = np.concatenate(norms)
        last_first = np.array(owing[::-1]) - 1
        matrix[last_first[:, None], [step.timestep - 1 for step in backward]] = columns.T
    return read_only(matrix)
