"""Analyses of a trace for the charts, each as a dict of numbers."""

from collections.abc import Callable
from typing import Any

import numpy as np

from unrolled import engine
from unrolled.app.errors import MessageError
from unrolled.app.json import as_json
from unrolled.app.runs.cancellation import any_trace_of, go_on
from unrolled.app.runs.limits import check_cubic
from unrolled.app.settings import Settings
from unrolled.engine import Experiment
from unrolled.engine.bptt.trace import AnyTrace
from unrolled.engine.cells import cell_of

DISTANCES = 9
"""How many distances the singular values are taken at, at most: each is a product of its own."""
_CUBIC = ("singular_values", "lyapunov")


def spectrum(trace: AnyTrace) -> dict[str, Any]:
    """Return the eigenvalues of W_hh for each gate, of the encoder and of the decoder.

    Of several layers they are of the one in front, as in every analysis.
    """
    network = trace.cell_pass().network
    blocks = []
    for part, name in zip(range(len(network.weights)), ("encoder", "decoder"), strict=False):
        for gate in network.cell.gates or (None,):
            found = engine.eigenvalues(network, gate, part)
            radius = float(np.abs(found[0]))
            of_block = {"real": found.real, "imaginary": found.imag, "radius": radius}
            blocks.append({"part": name, "gate": gate, **of_block})
    return {"blocks": blocks}


def singular_values(trace: AnyTrace) -> dict[str, Any]:
    """Return log10 of the singular values of ∂s_T/∂s_t, largest first, for some distances T - t."""
    passed = trace.cell_pass()
    last = len(passed.tape.moments.h)
    distance = np.unique(np.linspace(min(1, last - 1), last - 1, DISTANCES).round().astype(int))
    values = []
    for d in distance.tolist():
        go_on()
        values.append(engine.singular_values(trace, passed.place(last - d - 1) + 1))
    return {"distance": distance, "log10_singular_values": values}


def step_factors(trace: AnyTrace) -> dict[str, Any]:
    """Return the factor of each step back of the chosen loss."""
    found = engine.step_factors(trace)
    return {
        "loss": found.loss,
        "timesteps": found.timesteps,
        "log10_ratio": found.log10_ratio,
        "log10_factors": found.log10_factors,
        "shares": found.shares,
    }


def lyapunov(trace: AnyTrace) -> dict[str, Any]:
    """Return the Lyapunov exponents, the largest first, in nats per timestep."""
    exponents = engine.lyapunov_exponents(trace)
    return {"exponents": exponents, "timesteps": len(trace.cell_pass().tape.moments.h)}


def contributions(trace: AnyTrace) -> dict[str, Any]:
    """Return the contribution of each timestep to the gradient of the recurrent weights."""
    return {"log10_contributions": engine.weight_contributions(trace)}


ANALYSES: dict[str, Callable[[AnyTrace], dict[str, Any]]] = {
    "spectrum": spectrum,
    "singular_values": singular_values,
    "step_factors": step_factors,
    "lyapunov": lyapunov,
    "contributions": contributions,
}


def check(name: str, experiment: Experiment, settings: Settings) -> None:
    """Raise ``MessageError`` on an analysis that is undefined or would take too long."""
    check_memory(experiment)
    if name in _CUBIC:
        check_cubic(experiment, settings)


def check_memory(experiment: Experiment) -> None:
    """Raise ``MessageError`` on a network without memory, which has nothing to analyse."""
    if not cell_of(experiment).recurrent:
        cells = ", ".join(name for name, cell in engine.CELLS.items() if cell.recurrent)
        raise MessageError("no_memory", field="cell", cells=cells)


def analysis(name: str, experiment: Experiment) -> bytearray:
    """Return an analysis of an experiment as JSON: null for what is not finite."""
    return as_json({**analysed(name, experiment)[1], "made_by": experiment.made_by()})


def analysed(name: str, experiment: Experiment) -> tuple[AnyTrace, dict[str, Any]]:
    """Return the experiment's trace, and an analysis of it."""
    trace = any_trace_of(experiment)
    if trace.diverged_at == 1 or (name == "step_factors" and trace.chosen_loss is None):
        raise MessageError("overflow", field="recurrent_scale", t=trace.diverged_at)
    return trace, ANALYSES[name](trace)
