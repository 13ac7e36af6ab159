"""Numbers of a run that is run again with one thing changed: a word that it reads, or its weights.

One step of learning is gradient descent, W' = W - η ∂L/∂W, on the loss of the run alone.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from unrolled.app.lessons.measures import Measure
from unrolled.app.runs.frame_kinds import StatePair
from unrolled.engine import Network, Run, Trace, trace_of
from unrolled.engine.bptt.adjoint import adjoint_of
from unrolled.engine.numerics.arrays import read_only

LEARNING_RATE = 0.5
"""η of the one step of learning that a lesson shows."""


def state_pair(trace: Trace, measure: Measure, t: int) -> StatePair:
    """Return h_t and h'_t, h' being of the same network that reads another token at ``other``.

    That is ``token``, or else the last target.
    """
    inputs = np.array(trace.problem.inputs)
    last = trace.problem.targets[trace.reached_losses[-1]]
    token = trace.vocabulary.index(measure.token) if measure.token else int(last)
    inputs[measure.other - 1] = token
    changed = replace(trace.problem, inputs=read_only(inputs))
    other = trace_of(Run(trace.network, changed), walk_back=False)
    return {
        "tokens": [trace.tokens[measure.other - 1], trace.vocabulary[token]],
        "states": [trace.hidden[t].tolist(), other.hidden[t].tolist()],
    }


def _swapped(trace: Trace, measure: Measure, t: int) -> float:
    """Return the distance ‖h_t - h'_t‖ of a pair of states."""
    one, other = state_pair(trace, measure, t)["states"]
    return float(np.linalg.norm(np.subtract(one, other)))


def _weight_part(trace: Trace, measure: Measure, t: int) -> float:
    """Return what timestep t adds to the gradient of an entry of W_hh: δ_t[row] h_{t-1}[column]."""
    adjoint = adjoint_of(trace, trace.reached_losses)
    if not t or t >= len(adjoint.d_h):
        return 0.0
    delta: Any = adjoint.d_h[t].plain()
    return delta[measure.row - 1] * trace.hidden[t - 1, measure.column - 1]


def _updated(trace: Trace) -> Network:
    """Return the network after one step of learning."""
    weights, gradients = trace.network.state_dict(), trace.weight_gradients
    return Network.from_state_dict(
        {name: each - LEARNING_RATE * gradients[name] for name, each in weights.items()},
        cell=trace.experiment.cell,
        activation=trace.experiment.activation,
    )


def _updated_weight(trace: Trace, measure: Measure, t: int) -> float:
    """Return an entry of W_hh after the step."""
    return _updated(trace).weights[0].W_hh[measure.row - 1, measure.column - 1]


def _updated_loss(trace: Trace, measure: Measure, t: int) -> float:
    """Return the loss of the same text after the step."""
    return np.nansum(trace_of(Run(_updated(trace), trace.problem), walk_back=False).losses)


CHANGED: dict[str, Callable[[Trace, Measure, int], Any]] = {
    "swapped": _swapped,
    "weight_part": _weight_part,
    "updated_weight": _updated_weight,
    "updated_loss": _updated_loss,
    "learning_rate": lambda trace, m, t: LEARNING_RATE,
}
