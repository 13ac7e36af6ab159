"""A run as code in PyTorch, with its weights, that gives the same loss and the same gradients."""

import base64
import json
import textwrap
from collections.abc import Iterator
from typing import Any

import numpy as np

from unrolled.app.exports.code.cells import (
    WIDTH,
    Cell,
    as_notebook,
    as_script,
    code,
    data,
    text,
)
from unrolled.app.exports.code.printing import NORM, TABLE
from unrolled.app.exports.opener import USUAL, Opener
from unrolled.app.i18n.catalog import Translate, translator
from unrolled.app.runs.cancellation import trace_of
from unrolled.engine import CELLS, Experiment, ExperimentError, GivenRun, Trace
from unrolled.engine.weights.npz import packed

_FUNCTIONS = {"tanh": "torch.tanh", "relu": "torch.relu", "sigmoid": "torch.sigmoid"}
"""The activations in PyTorch; of any other the identity."""
_STACKS = {"h": "hidden", "c": "cells"}
"""The states over time, by the name of one."""
_LEGIBLE = 200
"""Numbers up to which the weights are written in decimals."""
_NAMES = {
    **{"weight_ih_l0": "W_xh", "weight_hh_l0": "W_hh"},
    **{"bias_ih_l0": "b_xh", "bias_hh_l0": "b_hh"},
}
"""PyTorch's names of a cell's weights, and those of the equations."""


def script(experiment: Experiment | GivenRun, opener: Opener = USUAL) -> bytes:
    """Return a script that computes the run in PyTorch."""
    return as_script(cells_of(experiment, opener.language))


def notebook(experiment: Experiment | GivenRun, opener: Opener = USUAL) -> bytes:
    """Return a notebook of the script's cells."""
    return as_notebook(cells_of(experiment, opener.language), experiment.made_by())


def cells_of(experiment: Experiment | GivenRun, language: str) -> list[Cell]:
    """Return the cells; raises ``ExperimentError`` for a cell that has no code."""
    trace = trace_of(experiment)
    cell, t = trace.network.cell, translator(language)
    if not cell.pytorch:
        known = ", ".join(name for name, kind in CELLS.items() if kind.pytorch)
        raise ExperimentError("cell", "no_script", value=experiment.cell, cells=known)
    name = t(f"choice.cell.{experiment.cell}") if experiment.cell in CELLS else cell.title
    title = t("script.title", cell=name, timesteps=len(trace.tokens))
    about = t("script.about", version=experiment.made_by()["unrolled"])
    return [
        text(f"# {title}", about),
        code(*_imports(trace)),
        text(f"## {t('script.weights')}", t("script.weights.about")),
        *_weights(trace),
        text(f"## {t('script.sequence')}", t("script.sequence.about")),
        data(**_sequence(trace)),
        code(*_inputs(trace)),
        text(f"## {t('script.step')}", t("script.step.about")),
        code(*_step(trace)),
        text(f"## {t('script.loop')}", t("script.loop.about")),
        code(*_loop(trace, t)),
        *_backward(trace, t),
        text(f"## {t('script.made')}", t("script.made.about")),
        data(made_by=experiment.made_by()),
    ]


def _imports(trace: Trace) -> Iterator[str]:
    binary = not _is_legible(trace)
    yield f"# pip install torch{' numpy' * binary}"
    if binary:
        yield from ("import base64", "import io")
    yield from ("from math import inf, log10", "")
    if binary:
        yield "import numpy as np"
    yield from ("import torch", "from torch.nn import functional", "")
    yield "torch.set_default_dtype(torch.float64)"


def _weights(trace: Trace) -> Iterator[Cell]:
    """Yield the weights by PyTorch's names, in decimals if they are few."""
    state = trace.network.state_dict()
    if _is_legible(trace):
        yield data(arrays={name: each.tolist() for name, each in state.items()})
    else:
        lines = textwrap.wrap(base64.b64encode(packed(state, compressed=True)).decode(), WIDTH)
        yield Cell("data", "\n".join(['packed = """', *lines, '"""']))
        yield code("arrays = dict(np.load(io.BytesIO(base64.b64decode(packed))))")
    encoding = {"encoder": "encoder.", "decoder": "decoder."}
    parts = encoding if trace.network.encoder else {"cell": ""}
    yield code(
        "W = {name: torch.tensor(array, requires_grad=True) for name, array in arrays.items()}",
        f"names = {json.dumps([*_names(trace)])}",
        *(f"{part} = [W[{_joined(prefix)}] for name in names]" for part, prefix in parts.items()),
        'W_hy, b_y = W["head.weight"], W["head.bias"]',
    )


def _names(trace: Trace) -> dict[str, str]:
    """Return the names of the weights that the cell has, as in ``_NAMES``."""
    has_recurrent = trace.network.cell.mixes != 0
    return {name: own for name, own in _NAMES.items() if has_recurrent or name != "weight_hh_l0"}


def _joined(prefix: str) -> str:
    return f'"{prefix}" + name' if prefix else "name"


def _is_legible(trace: Trace) -> bool:
    return sum(each.size for each in trace.network.state_dict().values()) <= _LEGIBLE


def _sequence(trace: Trace) -> dict[str, Any]:
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
    if trace.network.encoder:
        told["encoder_timesteps"] = int((problem.parts == 0).sum())
    for name, state in (("h_0", problem.h_0), ("c_0", problem.c_0)):
        if state is not None:
            told[name] = state.tolist()
    return told


def _inputs(trace: Trace) -> Iterator[str]:
    if trace.problem.vectors is not None:
        yield "xs = torch.tensor(xs)"
        return
    yield f"xs = torch.zeros(len(inputs), {trace.network.inputs})"
    yield "for x, k in zip(xs, inputs):"
    yield "    if k >= 0:"
    yield "        x[k] = 1.0"


def _step(trace: Trace) -> Iterator[str]:
    cell = trace.network.cell
    yield f"def step(x, {', '.join((*cell.states, *_names(trace).values()))}):"
    f = _FUNCTIONS.get(getattr(cell, "activation", ""), "")
    yield from (f"    {line.replace('{f}', f)}" for line in cell.pytorch)


def _loop(trace: Trace, t: Translate) -> Iterator[str]:
    """Yield the forward pass, ending before a timestep that overflows."""
    problem, states = trace.problem, trace.network.cell.states
    every, lists = ", ".join(states), [_STACKS[name] for name in states]
    for name, given in zip(states, (problem.h_0, problem.c_0), strict=False):
        zero = f"torch.zeros({trace.network.hidden_size})"
        yield f"{name} = {zero if given is None else f'torch.tensor({name}_0)'}"
    yield f"{', '.join((*lists, 'losses'))} = {', '.join(['[]'] * len(lists))}, {{}}"
    yield "for t, (x, target) in enumerate(zip(xs, targets), start=1):"
    if trace.diverged_at:
        yield f"    if t == {trace.diverged_at}:  # {t('script.overflow')}"
        yield "        break"
    if trace.truncate:
        yield f"    if (len(xs) - t + 1) % {trace.truncate} == 0:  # {t('script.cut')}"
        yield f"        {every} = {', '.join(f'{name}.detach()' for name in states)}"
    if trace.network.encoder:
        yield "    cell = encoder if t <= encoder_timesteps else decoder"
    yield f"    {every} = step(x, {every}, *cell)"
    for name, stack in zip(states, lists, strict=True):
        yield f"    {name}.retain_grad()"
        yield f"    {stack}.append({name})"
    yield "    if target is not None:"
    yield from (f"        {line}" for line in _output(trace))
    if problem.numbers is None:
        yield "        losses[t] = functional.cross_entropy(y, torch.tensor(target))"
    else:
        yield "        losses[t] = 0.5 * ((y - torch.tensor(target)) ** 2).sum()"


def _output(trace: Trace) -> Iterator[str]:
    """Yield the scores of an output, from its state, or from what it attends to."""
    q = "h"
    if trace.network.W_q is not None:
        yield "encoded = torch.stack(hidden[:encoder_timesteps])"
        yield "v = torch.softmax(encoded @ h, dim=0) @ encoded"
        q = 'torch.tanh(W["attention.weight"] @ torch.cat([v, h]))'
    yield f"y = W_hy @ {q} + b_y"


def _backward(trace: Trace, t: Translate) -> Iterator[Cell]:
    """Yield the backward pass, and a table of its gradients beside those of the trace."""
    if trace.chosen_loss is None:
        yield text(t("script.lossless"))
        return
    yield text(f"## {t('script.backward')}", t("script.backward.about"))
    yield code(*_gradients(trace))
    yield text(f"## {t('script.table')}", t("script.table.about"))
    yield data(**_in_unrolled(trace))
    yield code(*TABLE)


def _gradients(trace: Trace) -> Iterator[str]:
    """Yield the gradients, and a function for their norms in which no square underflows."""
    own = _own_loss(trace)
    yield from NORM
    yield "loss = sum(losses.values())"
    yield f"loss.backward({'retain_graph=True' if own else ''})"
    yield "columns = {"
    for name in trace.network.cell.states:
        yield f'    "dL/d{name}": [log10_norm({name}.grad) for {name} in {_STACKS[name]}],'
    yield "}"
    yield ""
    if own:
        yield f"of_one = torch.autograd.grad(losses[{own}], hidden, allow_unused=True)"
        yield f'columns["dL_{own}/dh"] = [log10_norm(d_h) for d_h in of_one]'
        yield ""
    yield "d_weights = [weight.grad for weight in W.values() if weight.grad is not None]"
    yield "d_W_norm = log10_norm(torch.cat([d_weight.flatten() for d_weight in d_weights]))"
    if clip := trace.described.clip_norm:
        yield f"if d_W_norm > log10({clip}):"
        yield "    for d_weight in d_weights:"
        yield f"        d_weight *= {clip} / 10**d_W_norm"


def _in_unrolled(trace: Trace) -> dict[str, Any]:
    """Return the engine's numbers by the names in the script."""
    found = {"dL/dh": trace.log10_gradient_norm.tolist()}
    if trace.log10_cell_gradient_norm is not None:
        found["dL/dc"] = trace.log10_cell_gradient_norm.tolist()
    if own := _own_loss(trace):
        row = np.flatnonzero(~np.isnan(trace.losses)).tolist().index(own - 1)
        found[f"dL_{own}/dh"] = trace.log10_loss_gradient_norms[row].tolist()
    return {
        "loss_in_unrolled": float(np.nansum(trace.losses)),
        "d_W_norm_in_unrolled": trace.log10_weight_gradient_norm,
        "in_unrolled": found,
    }


def _own_loss(trace: Trace) -> int:
    """Return the timestep of the chosen loss if it is one of several, else 0."""
    chosen = trace.chosen_loss
    several = np.count_nonzero(~np.isnan(trace.losses)) > 1
    return chosen if isinstance(chosen, int) and several else 0
