"""A run as code in PyTorch, with its weights, that gives the same loss and the same gradients."""

import json
from collections.abc import Iterable, Iterator

from unrolled.app.exports.code import told
from unrolled.app.exports.code.cells import Cell, code
from unrolled.app.exports.code.essay import Framework
from unrolled.app.exports.code.printing import NORM
from unrolled.app.exports.code.written import Functions, weight_names
from unrolled.app.i18n.catalog import Translate
from unrolled.engine import Trace
from unrolled.engine.bptt.trace import AnyTrace

FUNCTIONS = Functions(
    {
        **{name: f"torch.{name}" for name in ("tanh", "relu", "sigmoid")},
        **{name: f"torch.{name}" for name in ("diagonal", "arange", "where")},
        **{"split": "torch.chunk", "layer_norm": "layer_norm"},
    },
    {"layer_norm": ("def layer_norm(s):", "    return functional.layer_norm(s, s.shape)")},
)
STACKS = {"h": "hidden", "c": "cells"}
"""The states over time, by the name of one."""


def _imports(trace: Trace) -> Iterator[str]:
    binary = not told.is_legible(trace.network.state_dict())
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
    yield from told.weights(trace.network.state_dict())
    parts = told.parts(trace, "cell")
    yield code(
        "W = {name: torch.tensor(array, requires_grad=True) for name, array in arrays.items()}",
        f"names = {json.dumps([f'{name}_l0' for name in weight_names(trace.network.cell)])}",
        *(f"{part} = [W[{_joined(prefix)}] for name in names]" for part, prefix in parts.items()),
        'W_hy, b_y = W["head.weight"], W["head.bias"]',
        *told.weights_of_score(trace),
    )


def _joined(prefix: str) -> str:
    return f'"{prefix}" + name' if prefix else "name"


def _step(trace: Trace) -> Iterator[str]:
    cell = trace.network.cell
    yield from FUNCTIONS.define(cell)
    yield f"def step(x, {', '.join((*cell.states, *weight_names(cell).values()))}):"
    yield from FUNCTIONS.body(cell)


def _loop(trace: Trace, t: Translate) -> Iterator[str]:
    """Yield the forward pass, ending before a timestep that overflows."""
    problem, states = trace.problem, trace.network.cell.states
    every, lists = ", ".join(states), [STACKS[name] for name in states]
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
    if attention := trace.network.attention:
        yield "encoded = torch.stack(hidden[:encoder_timesteps])"
        yield f"v = torch.softmax({attention.score.pytorch}, dim=0) @ encoded"
        q = 'torch.tanh(W["attention.weight"] @ torch.cat([v, h]))'
    yield f"y = W_hy @ {q} + b_y"


def gradients(trace: AnyTrace, columns: Iterable[str]) -> Iterator[str]:
    """Yield the gradients, and a function for their norms in which no square underflows."""
    own = told.own_loss(trace)
    yield from NORM
    yield "loss = sum(losses.values())"
    yield f"loss.backward({'retain_graph=True' if own else ''})"
    yield from columns
    yield "d_weights = [weight.grad for weight in W.values() if weight.grad is not None]"
    yield "d_W_norm = log10_norm(torch.cat([d_weight.flatten() for d_weight in d_weights]))"
    if clip := trace.described.clip_norm:
        yield f"if d_W_norm > log10({clip}):"
        yield "    for d_weight in d_weights:"
        yield f"        d_weight *= {clip} / 10**d_W_norm"


def _columns(trace: Trace) -> Iterator[str]:
    """Yield the norms at every state."""
    yield "columns = {"
    for name in trace.network.cell.states:
        yield f'    "dL/d{name}": [log10_norm({name}.grad) for {name} in {STACKS[name]}],'
    yield "}"
    yield ""
    if own := told.own_loss(trace):
        yield f"of_one = torch.autograd.grad(losses[{own}], hidden, allow_unused=True)"
        yield f'columns["dL_{own}/dh"] = [log10_norm(d_h) for d_h in of_one]'
        yield ""


PYTORCH = Framework(
    name="PyTorch",
    words=lambda cell: "pytorch",
    imports=_imports,
    weights=_weights,
    inputs=lambda trace: told.inputs(
        trace, "torch.tensor", f"torch.zeros(len(inputs), {trace.network.inputs})"
    ),
    step=_step,
    loop=_loop,
    gradients=lambda trace, t: gradients(trace, _columns(trace)),
    columns=("h", "c"),
)
