"""Quantities of a run that a lesson may claim, in the units of the page.

A quantity is a function of a trace, a measure, and a timestep counted from 0.
"""

from collections.abc import Callable
from statistics import fmean
from typing import Any

import numpy as np

from unrolled.app.lessons.changed_runs import CHANGED
from unrolled.app.lessons.measures import Measure
from unrolled.engine import (
    Trace,
    mean_field,
    rate,
    singular_values,
    spectral_radius,
    step_factors,
    weight_contributions,
)
from unrolled.engine.architectures import START

# --- the gradient --------------------------------------------------------------------------------


def _norms(trace: Trace, measure: Measure) -> Any:
    if not measure.loss:
        return trace.log10_gradient_norm
    return trace.log10_gradient_matrix[measure.loss - 1]


def _gradient(trace: Trace, measure: Measure, t: int) -> float:
    return 10.0 ** _norms(trace, measure)[t]


def _cell_gradient(trace: Trace, measure: Measure, t: int) -> float:
    if trace.log10_cell_gradient_norm is None:
        raise LookupError("only an LSTM has a cell state")
    return 10.0 ** trace.log10_cell_gradient_norm[t]


def _ratio(trace: Trace, measure: Measure, t: int) -> float:
    norms = _norms(trace, measure)
    last = (measure.loss or int(trace.reached_losses[-1]) + 1) - 1
    return 10.0 ** (norms[t] - norms[last])


def _largest_before(trace: Trace, measure: Measure, t: int) -> float:
    """Return the largest gradient norm before t."""
    return 10.0 ** _norms(trace, measure)[:t].max()


def _cell_ratio(trace: Trace, measure: Measure, t: int) -> float:
    norms = trace.log10_cell_gradient_norm
    if norms is None:
        raise LookupError("only an LSTM has a cell state")
    return 10.0 ** (norms[t] - norms[trace.reached_losses[-1]])


def _contribution_before(trace: Trace, measure: Measure, t: int) -> float:
    """Return the share of the gradient of W_hh that the timesteps before t contribute."""
    added = 10.0 ** weight_contributions(trace)
    return added[:t].sum() / added.sum()


def _mean_factor(name: str) -> Callable[[Trace, Measure, int], float]:
    """Return the geometric mean of the factors of all steps back."""
    return lambda trace, m, t: 10.0 ** fmean(step_factors(trace).log10_factors[name])


def _mean_share(name: str) -> Callable[[Trace, Measure, int], float]:
    return lambda trace, m, t: fmean(step_factors(trace).shares[name])


def _step_factor(name: str) -> Callable[[Trace, Measure, int], float]:
    def factor(trace: Trace, measure: Measure, t: int) -> float:
        """Return the factor of the step back from t to t-1."""
        factors = step_factors(trace, measure.loss or None)
        found = np.flatnonzero(factors.timesteps == t + 1)
        if not len(found):
            raise LookupError(f"no step leads back from t = {t + 1}")
        if name in ("carry", "recurrent"):
            return factors.shares[name][found[0]]
        ratios = {"step": factors.log10_ratio, "cell_step": factors.log10_cell_ratio}
        log10 = ratios.get(name)
        return 10.0 ** (factors.log10_factors[name] if log10 is None else log10)[found[0]]

    return factor


def _speed(trace: Trace) -> Any:
    losses = trace.reached_losses
    speed = rate(trace.log10_gradient_matrix[losses[-1]]) if len(losses) else None
    if speed is None:
        raise LookupError("the run has no rate: no gradient travels back")
    return speed


def _half_life(trace: Trace) -> float:
    """Return the steps back to half the gradient, at the average step."""
    return -np.log10(2) / fmean(step_factors(trace).log10_ratio)


def _theory(trace: Trace) -> float:
    log10 = mean_field(trace)
    if log10 is None:
        raise LookupError("the theory is of the RNN alone")
    return 10.0**log10


def _probability(trace: Trace, measure: Measure, t: int) -> float:
    if measure.token:
        return trace.probabilities[t, trace.vocabulary.index(measure.token)]
    if trace.targets[t] < 0:
        raise LookupError(f"t = {t + 1} has no target")
    return trace.probabilities[t, trace.targets[t]]


def _score(trace: Trace, measure: Measure, t: int) -> float:
    """(W_hy h_t + b_y)[unit]: the score of a token, before the softmax."""
    k = measure.unit - 1
    return trace.network.W_hy[k] @ trace.hidden[t] + trace.network.b_y[k]


def _loss(trace: Trace, measure: Measure, t: int) -> float:
    return trace.losses[t] if measure.t else np.nansum(trace.losses)


def _of_gate(trace: Trace, measure: Measure, t: int) -> float:
    return trace.gates[measure.gate][t, measure.unit - 1]


def _gate_mean(trace: Trace, measure: Measure, t: int) -> float:
    """Return the mean over all units, at all timesteps or at the given one."""
    gate = trace.gates[measure.gate]
    return (gate[t] if measure.t else gate).mean()


def _cell_state(trace: Trace, measure: Measure, t: int) -> float:
    if trace.cell_state is None:
        raise LookupError("only an LSTM has a cell state")
    return trace.cell_state[t, measure.unit - 1]


def _pre_activation(trace: Trace, measure: Measure, t: int) -> float:
    return trace.moments.a[t, measure.unit - 1]


def _memory(trace: Trace, measure: Measure, t: int) -> float:
    """Return (W_hh h_{t-1})[unit], the recurrent part of the pre-activation."""
    return _recurrent(trace, t)[measure.unit - 1] @ trace.hidden[t - 1] if t else 0.0


def _drive(trace: Trace, measure: Measure, t: int) -> float:
    """Return (W_xh x_t + b_h)[unit], the input part of the pre-activation."""
    return _pre_activation(trace, measure, t) - _memory(trace, measure, t)


def _with_column(trace: Trace, measure: Measure, t: int) -> float:
    """Return the pre-activation with a column of W_hh in place of its row, a common mistake."""
    memory = _recurrent(trace, t)[:, measure.unit - 1] @ trace.hidden[t - 1]
    return _drive(trace, measure, t) + memory


def _without_tanh(trace: Trace, measure: Measure, t: int) -> float:
    """Return the pre-activation with a_{t-1} in place of h_{t-1}, a common mistake."""
    memory = _recurrent(trace, t)[measure.unit - 1] @ trace.moments.a[t - 1]
    return _drive(trace, measure, t) + memory


def _recurrent(trace: Trace, t: int) -> Any:
    return trace.network.weights[trace.parts[t]].W_hh


def _state_distance(trace: Trace, measure: Measure, t: int) -> float:
    """Return the distance of two states, ‖h_t - h_other‖."""
    return float(np.linalg.norm(trace.hidden[t] - trace.hidden[measure.other - 1]))


def _entry(stacks: Any, measure: Measure) -> float:
    array = np.asarray(stacks[measure.weight])
    row, column = measure.row - 1, measure.column - 1
    return array[row, column] if array.ndim == 2 else array[row]


def _parameters(trace: Trace, measure: Measure, t: int) -> float:
    """Return the number of parameters of the named cell, or of the whole network."""
    weights = trace.network.state_dict()
    return sum(array.size for name, array in weights.items() if name.startswith(measure.weight))


QUANTITIES: dict[str, Callable[[Trace, Measure, int], Any]] = {
    "gradient": _gradient,  # ‖∂L/∂h_t‖
    "ratio": _ratio,  # ‖∂L/∂h_t‖ over that at the (last) loss
    "largest_before": _largest_before,
    "cell_ratio": _cell_ratio,
    "cell_gradient": _cell_gradient,
    "gradient_entry": lambda trace, m, t: trace.hidden_gradient[t, m.unit - 1],
    "step": _step_factor("step"),  # ‖∂L_s/∂h_{t-1}‖ / ‖∂L_s/∂h_t‖
    "cell_step": _step_factor("cell_step"),
    "weights": _step_factor("weights"),
    "saturation": _step_factor("saturation"),
    "alignment": _step_factor("alignment"),
    "mean_step": lambda trace, m, t: 10.0 ** fmean(step_factors(trace).log10_ratio),
    "smallest_step": lambda trace, m, t: 10.0 ** step_factors(trace).log10_ratio.min(),
    "largest_step": lambda trace, m, t: 10.0 ** step_factors(trace).log10_ratio.max(),
    "mean_weights": _mean_factor("weights"),
    "mean_saturation": _mean_factor("saturation"),
    "mean_alignment": _mean_factor("alignment"),
    "mean_carry_share": _mean_share("carry"),
    "carry_share": _step_factor("carry"),
    "recurrent_share": _step_factor("recurrent"),
    "rate": lambda trace, m, t: _speed(trace).factor,  # factor a timestep of the last loss
    "half_life": lambda trace, m, t: _half_life(trace),
    "theory": lambda trace, m, t: _theory(trace),
    "loss": _loss,  # at t, or with no t all together
    "probability": _probability,
    "score": _score,  # y_t of the token that is the vocabulary's unit-th
    "score_probability": lambda trace, m, t: trace.probabilities[t, m.unit - 1],
    "hidden": lambda trace, m, t: trace.hidden[t, m.unit - 1],
    "cell_state": _cell_state,
    "pre_activation": _pre_activation,
    "memory": _memory,
    "drive": _drive,
    "with_column": _with_column,
    "without_tanh": _without_tanh,
    "state_distance": _state_distance,
    "gate": _of_gate,
    "gate_mean": _gate_mean,
    "saturated": lambda trace, m, t: (np.abs(trace.hidden) > 0.9).mean(),
    "weight": lambda trace, m, t: _entry(trace.network.state_dict(), m),
    "weight_gradient": lambda trace, m, t: _entry(trace.weight_gradients, m),
    "weight_gradient_norm": lambda trace, m, t: 10.0**trace.log10_weight_gradient_norm,
    "clip": lambda trace, m, t: 10.0**trace.log10_clip,  # what clipping multiplies it by
    "clipped_norm": lambda trace, m, t: (
        10.0 ** (trace.log10_weight_gradient_norm + trace.log10_clip)
    ),
    "contribution_before": _contribution_before,
    "contribution": lambda trace, m, t: 10.0 ** weight_contributions(trace)[t],
    "spectral_radius": lambda trace, m, t: spectral_radius(trace.network, m.gate or None),
    "singular_value": lambda trace, m, t: 10.0 ** singular_values(trace, t + 1)[0],
    "parameters": _parameters,
    "timesteps": lambda trace, m, t: len(trace.tokens),
    "steps_back": lambda trace, m, t: len(trace.tokens) - 1,
    "read": lambda trace, m, t: sum(token not in ("", START) for token in trace.tokens),
    "outputs": lambda trace, m, t: np.isfinite(trace.losses).sum(),
    "losses_heard": lambda trace, m, t: np.isfinite(trace.log10_gradient_matrix[:, t]).sum(),
    "blind_guess": lambda trace, m, t: 1 / len(trace.vocabulary),
    "vocabulary": lambda trace, m, t: len(trace.vocabulary),
    "recurrent_scale": lambda trace, m, t: trace.experiment.recurrent_scale,
    "forget_bias": lambda trace, m, t: trace.experiment.forget_bias,
    "diverged_at": lambda trace, m, t: trace.diverged_at or np.nan,
    **CHANGED,
}
CUBIC = ("spectral_radius", "singular_value")
"""Those whose cost grows with the cube of the hidden size."""
ENTRIES = ("weight", "weight_gradient")
"""Those that are an entry of a matrix that the measure names."""
OF_GATES = ("gate", "gate_mean")
"""Those of a gate that the measure names."""
OF_TOKENS = ("score", "score_probability")
"""Those of the token that the measure's unit counts in the vocabulary."""
