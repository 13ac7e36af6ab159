"""One timestep in numbers: its equations and every array in them.

The arrays are named by their LaTeX, as ``app.runs.equations`` writes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from unrolled.app.errors import MessageError
from unrolled.app.json import as_json
from unrolled.app.runs.cancellation import deep_trace_of, trace_of
from unrolled.app.runs.equations import Text, kind_of
from unrolled.engine import DeepTrace, Experiment, step_factors
from unrolled.engine.attention.equations import OF_EACH
from unrolled.engine.attention.equations import arrays as arrays_of_attention
from unrolled.engine.bptt.adjoint import Adjoint, adjoint_of, at
from unrolled.engine.bptt.backward import Entering
from unrolled.engine.bptt.cell_pass import CellPass
from unrolled.engine.bptt.trace import AnyTrace
from unrolled.engine.cells import Weights
from unrolled.engine.cells.base import split
from unrolled.engine.cells.equations import D_H, D_H_PREV, Line, d
from unrolled.engine.numerics.arrays import Floats, Integers
from unrolled.engine.numerics.wide import Wide
from unrolled.engine.validation import quote

MOST_UNITS = 64
"""Units of a vector that travel; every k-th of a larger one."""

Arrays = dict[str, Any]


def answer(experiment: Experiment, timestep: object) -> bytearray:
    """Run an experiment and return one timestep as JSON, with null for non-finite numbers."""
    step = step_in_numbers(experiment, timestep)
    return as_json(step)


def step_in_numbers(experiment: Experiment, timestep: object) -> dict[str, Any]:
    """Return timestep t = 1..T, forward and backward, with the gradients of the chosen loss.

    Raises ``MessageError`` for a timestep that does not exist or was not reached.
    """
    last = len(experiment.problem().tokens)
    if type(timestep) is not int or not 1 <= timestep <= last:
        raise MessageError("timestep", field="timestep", last=last, value=quote(timestep))
    trace: AnyTrace
    trace = deep_trace_of(experiment) if experiment.deep else trace_of(experiment, walk_back=False)
    if trace.diverged_at is not None and timestep >= trace.diverged_at:
        raise MessageError(
            "overflowed", field="timestep", value=timestep, diverged_at=trace.diverged_at
        )
    every = -(-experiment.hidden_size // MOST_UNITS)
    shown = np.arange(0, experiment.hidden_size, every)
    moment = _Moment.of(trace, timestep - 1)
    values = _values(moment)
    gradients: Arrays = {}
    backward: dict[str, Any] | None = None
    if trace.chosen_loss is not None:
        gradients, backward = _backward(moment, values)
    forward = _written(moment.text.forward(), moment, values)
    lines = forward["lines"] + (backward["lines"] if backward else [])
    names = {term["array"] for line in lines for term in line["terms"] if "array" in term}
    return {
        "made_by": experiment.made_by(),
        "timestep": timestep,
        "token": trace.problem.tokens[timestep - 1],
        "units": (shown + 1).tolist(),
        "hidden_size": experiment.hidden_size,
        "arrays": {
            name: {"kind": "gradient", "values": gradients[name][shown]}
            if name in gradients
            else _told(name, values[name], shown)
            for name in sorted(names)
        },
        "forward": forward,
        "backward": backward,
    }


def _written(lines: list[Line], moment: "_Moment", arrays: Arrays) -> dict[str, Any]:
    text = moment.text
    return {
        "lines": [{"path": line.path, "terms": text.terms(line, arrays)} for line in lines],
        "tex": text.tex(lines),
    }


def _told(name: str, array: Floats, shown: Integers) -> dict[str, Any]:
    """Return an array as it travels; one of an encoder's timesteps has them as its ``rows``."""
    rows, own = shown, {}
    if name in OF_EACH:
        rows = np.arange(0, len(array), -(-len(array) // MOST_UNITS))
        own = {"rows": (rows + 1).tolist()}
    values = array[np.ix_(rows, shown)] if array.ndim == 2 else array[rows]
    return {"kind": kind_of(name), "values": values, **own}


@dataclass(frozen=True)
class _Moment:
    """The values that the timestep at place t, counted from 0, reads and computes."""

    trace: AnyTrace
    passed: CellPass
    t: int
    values: Any
    slopes: Any
    state_prev: list[Floats]

    @classmethod
    def of(cls, trace: AnyTrace, timestep: int) -> "_Moment":
        passed = trace.cell_pass()
        t, tape = passed.place(timestep), passed.tape
        with np.errstate(under="ignore"):
            slopes = tape.cell.slopes(tape.moments)
        state_prev = [each[t] for each in tape.states_prev]
        return cls(trace, passed, t, at(tape.moments, t), at(slopes, t), state_prev)

    @property
    def text(self) -> Text:
        """Its equations."""
        directions = self.trace.network.directions if isinstance(self.trace, DeepTrace) else 1
        return Text(self.passed, self.passed.place(self.t) + 1, directions)

    @property
    def weights(self) -> Weights:
        return self.passed.network.weights[self.passed.parts[self.t]]

    def partials(self) -> Any:
        with np.errstate(under="ignore"):
            return self.passed.network.cell.partials(self.values, self.state_prev)

    @property
    def gates(self) -> tuple[str, ...]:
        """Names of the blocks of the stacked weights; ``h`` if there is only one."""
        return self.passed.network.cell.gates or ("h",)


# --- forward -------------------------------------------------------------------------------------


def _values(moment: _Moment) -> Arrays:
    cell = moment.passed.network.cell
    values = _weights(moment) | cell.arrays(moment.values, moment.slopes, moment.state_prev)
    if attention := moment.text.looks:
        encoder = moment.passed.tape.moments.h[: moment.trace.problem.encoded]
        values |= arrays_of_attention(attention, moment.values.h, encoder)
    return values


def _weights(moment: _Moment) -> Arrays:
    weights = moment.weights
    W_xh_x = weights.W_xh @ moment.passed.input_at(moment.t)
    blocks = {
        "W_{{h{}}}": weights.W_hh,
        f"W_{{{{x{{}}}}}} {_braced(moment.text.reads)}": W_xh_x,
        "b_{}": weights.b_xh + weights.b_hh,
        "b_{{x{}}}": weights.b_xh,
        "b_{{h{}}}": weights.b_hh,
    }
    names = moment.gates
    return {
        name.format(gate): block
        for name, stack in blocks.items()
        for gate, block in zip(names, np.split(stack, len(names)), strict=True)
    }


def _braced(latex: str) -> str:
    return latex.replace("{", "{{").replace("}", "}}")


# --- backward ------------------------------------------------------------------------------------


def _backward(moment: _Moment, values: Arrays) -> tuple[Arrays, dict[str, Any]]:
    """Return the gradients in units of a power of ten, and the factors of the step back."""
    trace, passed, t = moment.trace, moment.passed, moment.t
    adjoint, enters = adjoint_of(passed, trace.chosen_losses), passed.enters(trace.chosen_losses)
    goes_on = not passed.cut[t]
    gradients = _gradients(moment, adjoint, enters)
    power = _power_of_ten(gradients)
    unit = Wide.power_of_ten(-power)
    plain = {name: (each * unit).plain() for name, each in gradients.items()}
    lines = moment.text.backward(goes_on=goes_on, enters=t - 1 in enters)
    return plain, {
        **_written(lines, moment, values | plain),
        "power": power,
        "ends": "first" if t == 0 else (None if goes_on else "cut"),
        "log10_norm": _log10_norm(adjoint, t),
        "log10_norm_prev": _log10_norm(adjoint, t - 1) if t else None,
        "factors": _factors(trace, passed.place(t) + 1),
    }


def _gradients(
    moment: _Moment, adjoint: Adjoint, enters: Mapping[int, Entering]
) -> dict[str, Wide]:
    """Return every gradient in the equations of t."""
    passed, t = moment.passed, moment.t
    cell, H = passed.network.cell, passed.network.hidden_size
    gradients: dict[str, Any] = {D_H: adjoint.d_state[t, 0], D_H_PREV: adjoint.d_state_prev[t, 0]}
    d_x: Any = adjoint.d_x[t]
    names = [rf"\delta_{gate}" for gate in cell.gates] or ["u_t"]
    gradients |= dict(zip(names, split(d_x, len(names)), strict=True))
    there = t + 1 < len(adjoint.d_state) and not passed.cut[t + 1]
    for i, state in enumerate(cell.states[1:], start=1):
        gradients |= {
            d(f"{state}_t"): adjoint.d_state[t, i],
            r"\kappa_t": adjoint.d_state_prev[t + 1, i] if there else Wide.zeros(H),
        }
    if cell.carry:
        kept = getattr(moment.partials(), cell.carry.partial)
        gradients[r"\kappa_{t-1}"] = adjoint.d_state[t, cell.states.index(cell.carry.state)] * kept
    gradients |= cell.gradients(moment.weights, adjoint.d_h[t], adjoint.d_b_xh[t])
    if t > 0:
        gradients[D_H_PREV] = adjoint.d_state[t - 1, 0]
        if own := enters.get(t - 1):
            gradients[moment.text.entering] = Wide(own.d_h[0], own.exponents[0])
    return gradients


def _power_of_ten(gradients: dict[str, Wide]) -> int:
    """Return the power of ten of the largest entry; 0 if all entries are zero."""
    largest = max(each.log10().max() for each in gradients.values())
    return int(np.floor(largest)) if largest > -np.inf else 0


def _log10_norm(adjoint: Adjoint, t: int) -> float:
    return float(adjoint.d_state[t : t + 1, 0].norms().log10()[0])


def _factors(trace: AnyTrace, t: int) -> dict[str, Any] | None:
    """Return the factors of the step from t to t-1; None without a gradient."""
    factors = step_factors(trace)
    (found,) = np.nonzero(factors.timesteps == t)
    if not len(found):
        return None
    i, cell_ratio = found[0], factors.log10_cell_ratio
    return {
        "loss": factors.loss,
        "log10_ratio": factors.log10_ratio[i],
        "log10_cell_ratio": None if cell_ratio is None else cell_ratio[i],
        "log10_factors": {name: each[i] for name, each in factors.log10_factors.items()},
        "shares": {name: each[i] for name, each in factors.shares.items()},
    }
