"""The values in a script of a run: its weights, what it reads, and the engine's numbers."""

import base64
import textwrap
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import numpy as np

from unrolled.app.exports.code.cells import WIDTH, Cell, code, data
from unrolled.engine import DeepTrace, Trace
from unrolled.engine.bptt.trace import AnyTrace
from unrolled.engine.numerics.arrays import Floats
from unrolled.engine.weights.npz import packed

_LEGIBLE = 200
"""Numbers up to which the weights are written in decimals."""


def is_legible(arrays: Mapping[str, Floats]) -> bool:
    """Return whether the weights are few enough to be written in decimals."""
    return sum(each.size for each in arrays.values()) <= _LEGIBLE


def weights(arrays: Mapping[str, Floats]) -> Iterator[Cell]:
    """Yield the weights as ``arrays``, in decimals if they are few."""
    if is_legible(arrays):
        yield data(arrays={name: each.tolist() for name, each in arrays.items()})
    else:
        lines = textwrap.wrap(base64.b64encode(packed(arrays, compressed=True)).decode(), WIDTH)
        yield Cell("data", "\n".join(['packed = """', *lines, '"""']))
        yield code("arrays = dict(np.load(io.BytesIO(base64.b64decode(packed))))")


def sequence(trace: AnyTrace) -> dict[str, Any]:
    """Return what is read and what is asked for, by the names in the script."""
    problem = trace.problem
    told: dict[str, Any] = {"tokens": [*problem.tokens]}
    if problem.vectors is None:
        told |= {"input_vocabulary": [*problem.input_vocabulary], "inputs": problem.inputs.tolist()}
    else:
        told["xs"] = problem.vectors.tolist()
    if problem.numbers is None:
        told |= {"vocabulary": [*problem.vocabulary]}
        told["targets"] = [None if each < 0 else each for each in problem.targets.tolist()]
    else:
        told["targets"] = [None if np.isnan(row).any() else row.tolist() for row in problem.numbers]
    if problem.encoded:
        told["encoder_timesteps"] = problem.encoded
    for name, state in (("h_0", problem.h_0), ("c_0", problem.c_0)):
        if state is not None:
            told[name] = state.tolist()
    return told


def parts(trace: Trace, alone: str) -> dict[str, str]:
    """Return what stands before the names of a part's weights, by its name: one is ``alone``."""
    encoding = {"encoder": "encoder.", "decoder": "decoder."}
    return encoding if trace.network.encoder else {alone: ""}


def inputs(trace: AnyTrace, tensor: str, zeros: str) -> Iterator[str]:
    """Yield the lines that make what is read an array of the framework."""
    if trace.problem.vectors is not None:
        yield f"xs = {tensor}(xs)"
        return
    yield f"xs = {zeros}"
    yield "for x, k in zip(xs, inputs):"
    yield "    if k >= 0:"
    yield "        x[k] = 1.0"


def in_unrolled(trace: AnyTrace, states: Collection[str]) -> dict[str, Any]:
    """Return the engine's numbers by the names in the script, the gradients at ``states``."""
    found, own, suffixes = {}, own_loss(trace), [""]
    if isinstance(trace, DeepTrace):
        suffixes = [level.suffix for level in trace.network.levels]
    for run, suffix in zip(trace.levels, suffixes, strict=True):
        found[f"dL/dh{suffix}"] = run.log10_gradient_norm.tolist()
        if run.log10_cell_gradient_norm is not None and "c" in states:
            found[f"dL/dc{suffix}"] = run.log10_cell_gradient_norm.tolist()
        if own:
            row = np.flatnonzero(~np.isnan(trace.losses)).tolist().index(own - 1)
            found[f"dL_{own}/dh{suffix}"] = run.log10_loss_gradient_norms[row].tolist()
    return {
        "loss_in_unrolled": float(np.nansum(trace.losses)),
        "d_W_norm_in_unrolled": trace.log10_weight_gradient_norm,
        "in_unrolled": found,
    }


def own_loss(trace: AnyTrace) -> int:
    """Return the timestep of the chosen loss if it is one of several, else 0."""
    chosen = trace.chosen_loss
    several = np.count_nonzero(~np.isnan(trace.losses)) > 1
    return chosen if isinstance(chosen, int) and several else 0


def weights_of_score(trace: Trace, kind: str = "weight") -> Iterator[str]:
    """Yield what takes the weights of attention's score, if it has any, from those in W.

    ``kind`` is the end of their names.
    """
    if attention := trace.network.attention:
        for name in attention.score.shapes(trace.network.hidden_size):
            yield f'{name} = W["attention.{name}.{kind}"]'
