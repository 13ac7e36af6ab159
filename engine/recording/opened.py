"""A recorded moment as a network that the lab runs: its loss has the gradient that PyTorch had.

The readout is y = s h, and the targets y* are such that the squared error of each timestep sends
into its state what autograd gave at the outputs:

    L_t = ½‖y_t - y*_t‖²        y*_t = s h_t - d_t / s        ∂L_t/∂h_t = s (y_t - y*_t) = d_t
"""

from typing import Any, cast

import numpy as np

from unrolled.engine.bptt.run import Run
from unrolled.engine.deep.network import DeepNetwork
from unrolled.engine.deep.trace import deep_trace
from unrolled.engine.description.keywords import ActivationName, CellName
from unrolled.engine.errors import ExperimentError
from unrolled.engine.network import Network
from unrolled.engine.numerics.arrays import Floats, read_only
from unrolled.engine.problem import Problem
from unrolled.engine.recording.moment import Moment
from unrolled.engine.recording.watched import KINDS
from unrolled.engine.trace import trace_of
from unrolled.engine.weights.own_network import OwnNetwork
from unrolled.engine.weights.own_problem import Data


def own_network_of(moment: Moment, file: str, sequence: int = 0) -> OwnNetwork:
    """Return the network of a moment, which reads one of its sequences.

    Raises
    ------
    ExperimentError
        Where its loss reads what the readout of a network cannot, a cell state or the last state of
        a lower layer, or where several layers start from a state that is not zero.
    """
    own, kind = moment.module, KINDS[moment.module.mode]
    cell, activation = cast(CellName, kind[0]), cast(ActivationName, kind[1])
    length, width = int(moment.lengths[sequence]), own.hidden_size * (1 + own.bidirectional)
    _check(moment, sequence)
    x = moment.x[:length, sequence].astype(np.float64)
    head = {"head.weight": np.eye(width), "head.bias": np.zeros(width)}
    state: dict[str, Any] = {**moment.weights, **head}
    network = DeepNetwork.from_state_dict(state, cell=cell, activation=activation)
    d = _direct(moment, sequence, length)
    there: Any = d.any(axis=1)
    if not there.any():
        raise ExperimentError("sequence", "recording_no_loss", value=sequence + 1)
    h_0, c_0 = (_initial(moment, name, sequence) for name in ("h_0", "c_0"))
    h = _states(network, x, h_0, c_0)
    scale = np.sqrt(np.abs(d).max() / max(np.abs(h).max(), np.finfo(float).tiny))
    y = np.where(there[:, None], scale * h - d / scale, np.nan)
    weights = DeepNetwork(network.layers, read_only(scale * np.eye(width)), network.b_y)
    data = Data(f"{file} #{moment.step}", read_only(x), read_only(y), h_0, c_0, recorded=True)
    told: Any = {"reads": "output", "data": data, "activation": activation}
    return OwnNetwork(file, own.name, cell, weights, ("0",), projection=own.projection, **told)


def _check(moment: Moment, sequence: int) -> None:
    ways = 1 + moment.module.bidirectional
    for name, levels in (("d_h_n", slice(0, -ways)), ("d_c_n", slice(None))):
        if name in moment.states and moment.states[name][levels, sequence].any():
            raise ExperimentError("sequence", "recording_states", value=name.removeprefix("d_"))
    if moment.module.levels > 1 and _initial(moment, "h_0", sequence) is not None:
        raise ExperimentError("sequence", "recording_initial", value="h_0")


def _initial(moment: Moment, name: str, sequence: int) -> Floats | None:
    """Return (H,) the state of one layer at its start, None for zero."""
    if name not in moment.states or not moment.states[name][:, sequence].any():
        return None
    return read_only(moment.states[name][0, sequence].astype(np.float64))


def _direct(moment: Moment, sequence: int, count: int) -> Floats:
    """Return (T, H or 2H) the gradient that enters each state of the highest layer."""
    d = moment.d_output[:count, sequence].astype(np.float64)
    if "d_h_n" in moment.states:
        H, ways = moment.module.hidden_size, 1 + moment.module.bidirectional
        last = moment.states["d_h_n"][-ways:, sequence].astype(np.float64)
        d[-1, :H] += last[0]
        if ways > 1:
            d[0, H:] += last[1]
    return d


def _states(network: DeepNetwork, x: Floats, h_0: Floats | None, c_0: Floats | None) -> Floats:
    """Return (T, H or 2H) the states of the highest layer, in the order of the sequence."""
    targets = np.full((len(x), len(network.b_y)), np.nan)
    targets[-1] = 0
    problem = Problem.from_arrays(x, targets)
    if h_0 is not None or c_0 is not None:
        return _of_one_layer(network, problem, h_0, c_0)
    levels = deep_trace(network, problem).levels[-network.directions :]
    return np.concatenate([level.hidden for level in levels], axis=-1)


def _of_one_layer(
    network: DeepNetwork, problem: Problem, h_0: Floats | None, c_0: Floats | None
) -> Floats:
    H = network.hidden_size
    started = problem.starting_from(np.zeros(H) if h_0 is None else h_0, c_0)
    one = Network(network.layers[0], network.W_hy, network.b_y)
    return trace_of(Run(one, started), walk_back=False).hidden
