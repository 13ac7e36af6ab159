"""A run of several layers, or of both directions, as code in PyTorch."""

import json
from collections.abc import Iterator

from unrolled.app.exports.code import told
from unrolled.app.exports.code.cells import Cell, as_notebook, as_script, code
from unrolled.app.exports.code.essay import Framework, cells_of
from unrolled.app.exports.code.pytorch import PYTORCH, STACKS, gradients
from unrolled.app.exports.code.written import weight_names
from unrolled.app.exports.opener import USUAL, Opener
from unrolled.app.i18n.catalog import Translate
from unrolled.app.runs.cancellation import deep_trace_of
from unrolled.engine import DeepTrace, Experiment, GivenRun


def _weights(trace: DeepTrace) -> Iterator[Cell]:
    """Yield the weights by PyTorch's names, level after level."""
    yield from told.weights(trace.network.state_dict())
    suffixes, ways = [level.suffix for level in trace.network.levels], trace.network.directions
    layers = [suffixes[k : k + ways] for k in range(0, len(suffixes), ways)]
    names = [*weight_names(trace.network.cell)]
    yield code(
        "W = {name: torch.tensor(array, requires_grad=True) for name, array in arrays.items()}",
        f"names = {json.dumps(names)}",
        f"layers = {json.dumps(layers)}",
        'W_hy, b_y = W["head.weight"], W["head.bias"]',
    )


def _loop(trace: DeepTrace, t: Translate) -> Iterator[str]:
    """Yield the forward pass, ending before a timestep that overflows."""
    states = trace.network.cell.states
    every, stacks = ", ".join(states), [STACKS[name] for name in states]
    of_suffix = ", ".join(f"{stack}[suffix]" for stack in stacks)
    if trace.diverged_at:
        yield f"xs = xs[:{trace.diverged_at - 1}]  # {t('script.overflow')}"
    yield from ("", "", "def read(xs, suffix):")
    for name in states:
        yield f"    {name} = torch.zeros({trace.network.hidden_size})"
    yield f"    order, {', '.join(stacks)} = [*range(len(xs))], {', '.join(['{}'] * len(stacks))}"
    yield "    cell = [W[name + suffix] for name in names]"
    reverse = 'order[::-1] if suffix.endswith("_reverse") else order'
    yield f"    for n, t in enumerate({reverse}):"
    if trace.truncate:
        yield f"        if (len(tokens) - n) % {trace.truncate} == 0:  # {t('script.cut')}"
        yield f"            {every} = {', '.join(f'{name}.detach()' for name in states)}"
    yield f"        {every} = step(xs[t], {every}, *cell)"
    for name, stack in zip(states, stacks, strict=True):
        yield f"        {name}.retain_grad()"
        yield f"        {stack}[t] = {name}"
    yield f"    return {', '.join(f'[{stack}[t] for t in order]' for stack in stacks)}"
    yield from ("", "")
    yield f"{', '.join((*stacks, 'losses'))} = {', '.join(['{}'] * (len(stacks) + 1))}"
    yield "reads = xs"
    yield "for layer in layers:"
    yield "    for suffix in layer:"
    yield f"        {of_suffix} = read(reads, suffix)"
    yield "    reads = [torch.cat(each) for each in zip(*[hidden[suffix] for suffix in layer])]"
    if trace.read_at.size and (trace.read_at[0] != trace.read_at[-1]).any():
        yield "reads[-1] = torch.cat([hidden[layer[0]][-1], hidden[layer[1]][0]])"
    yield "for t, (h, target) in enumerate(zip(reads, targets), start=1):"
    yield "    if target is not None:"
    yield "        y = W_hy @ h + b_y"
    if trace.problem.numbers is None:
        yield "        losses[t] = functional.cross_entropy(y, torch.tensor(target))"
    else:
        yield "        losses[t] = 0.5 * ((y - torch.tensor(target)) ** 2).sum()"


def _columns(trace: DeepTrace) -> Iterator[str]:
    """Yield the norms at every state of every level, by their names in PyTorch."""
    yield "columns = {"
    for name in trace.network.cell.states:
        yield f'    f"dL/d{name}{{suffix}}": [log10_norm({name}.grad) for {name} in states]'
        yield f"    for suffix, states in {STACKS[name]}.items()"
        yield "}" if name == trace.network.cell.states[-1] else "} | {"
    yield ""
    if own := told.own_loss(trace):
        yield "for suffix, states in hidden.items():"
        yield "    of_one = torch.autograd.grad("
        yield f"        losses[{own}], states, retain_graph=True, allow_unused=True"
        yield "    )"
        yield f'    columns[f"dL_{own}/dh{{suffix}}"] = [log10_norm(d_h) for d_h in of_one]'
        yield ""


PYTORCH_LAYERS = PYTORCH._replace(
    trace=deep_trace_of,
    weights=_weights,
    loop=_loop,
    gradients=lambda trace, t: gradients(trace, _columns(trace)),
)


def framework_of(experiment: Experiment | GivenRun) -> Framework:
    """Return how a run is written in PyTorch, of one layer or of several."""
    return PYTORCH_LAYERS if experiment.deep else PYTORCH


def script(experiment: Experiment | GivenRun, opener: Opener = USUAL) -> bytes:
    """Return a script that computes the run in PyTorch."""
    return as_script(cells_of(framework_of(experiment), experiment, opener.language))


def notebook(experiment: Experiment | GivenRun, opener: Opener = USUAL) -> bytes:
    """Return a notebook of the script's cells."""
    cells = cells_of(framework_of(experiment), experiment, opener.language)
    return as_notebook(cells, experiment.made_by())
