"""A run of several layers, or of both directions, as code in Keras."""

import json
from collections.abc import Iterator

from unrolled.app.exports.code import told
from unrolled.app.exports.code.cells import as_script
from unrolled.app.exports.code.essay import Framework, cells_of
from unrolled.app.exports.code.keras import (
    GRADIENTS,
    KERAS,
    imports,
    layer_of,
    names_of,
    norm_of_weights,
    output,
    weights_of,
    written_step,
)
from unrolled.app.exports.code.printing import NORM_OF_ARRAY
from unrolled.app.exports.opener import USUAL, Opener
from unrolled.app.i18n.catalog import Translate
from unrolled.app.runs.cancellation import deep_trace_of
from unrolled.engine import DeepTrace, Experiment, GivenRun
from unrolled.engine.numerics.arrays import Floats


def _arrays(trace: DeepTrace) -> dict[str, Floats]:
    """Return the weights by their names in Keras, level after level."""
    found: dict[str, Floats] = {}
    for level in trace.network.levels:
        own = weights_of(trace.network.cell, level.layer.weights)
        found |= {name + level.suffix: array for name, array in own.items()}
    return found | {"head.kernel": trace.network.W_hy.T, "head.bias": trace.network.b_y}


def _step(trace: DeepTrace) -> Iterator[str]:
    """Yield the layers of Keras and one timestep of them."""
    suffixes, ways = [level.suffix for level in trace.network.levels], trace.network.directions
    yield f"layers = {json.dumps([suffixes[k : k + ways] for k in range(0, len(suffixes), ways)])}"
    yield "suffixes = sum(layers, [])"
    kind = trace.network.cell.keras
    if kind is None:
        yield from ("", "", *written_step(trace.network.cell))
        return
    yield f"cells = {{suffix: {layer_of(trace, kind)} for suffix in suffixes}}"
    yield "for suffix, cell in cells.items():"
    yield '    cell.build((1, len(arrays["kernel" + suffix])))'
    yield from ("", "", "def step(x, state, cell, weights):")
    yield "    others = cell.non_trainable_variables"
    yield "    (_, state), _ = cell.stateless_call(weights, others, x, state)"
    yield "    return state"


def _loop(trace: DeepTrace, t: Translate) -> Iterator[str]:
    """Yield the forward pass as a function of the weights and of what is added to each state."""
    H, cell = trace.network.hidden_size, trace.network.cell
    own = "cells[suffix], weights" if cell.keras else "weights"
    if trace.diverged_at:
        yield f"xs = xs[:{trace.diverged_at - 1}]  # {t('script.overflow')}"
    yield f"nudges = [np.zeros((len(xs), {H})) for suffix in suffixes]"
    yield "values = [*map(np.array, arrays.values()), *nudges]"
    yield from ("", "", "def read(xs, suffix, W, nudges):")
    yield f"    weights = [W[name + suffix] for name in {json.dumps(names_of(cell))}]"
    yield f"    state = [{', '.join([f'ops.zeros((1, {H}))'] * len(cell.states))}]"
    yield "    order, hidden = [*range(len(xs))], {}"
    reverse = 'order[::-1] if suffix.endswith("_reverse") else order'
    yield f"    for n, t in enumerate({reverse}):"
    if trace.truncate:
        yield f"        if (len(tokens) - n) % {trace.truncate} == 0:  # {t('script.cut')}"
        yield "            state = [ops.stop_gradient(each) for each in state]"
    yield f"        h, *others = step(xs[t], state, {own})"
    yield "        hidden[t] = h + nudges[t]"
    yield "        state = [hidden[t], *others]"
    yield "    return [hidden[t] for t in order]"
    yield from ("", "", "def run(values):")
    yield "    W, nudges = dict(zip(arrays, values)), dict(zip(suffixes, values[len(arrays) :]))"
    yield "    reads, losses = [x[None] for x in xs], {}"
    yield "    for layer in layers:"
    yield "        hidden = [read(reads, suffix, W, nudges[suffix]) for suffix in layer]"
    yield "        reads = [ops.concatenate(each, axis=1) for each in zip(*hidden)]"
    if trace.read_at.size and (trace.read_at[0] != trace.read_at[-1]).any():
        yield "    reads[-1] = ops.concatenate([hidden[0][-1], hidden[1][0]], axis=1)"
    yield "    for t, (h, target) in enumerate(zip(reads, targets), start=1):"
    yield "        if target is not None:"
    yield from (f"            {line}" for line in output(trace))
    yield "    return losses"


def _gradients(trace: DeepTrace, t: Translate) -> Iterator[str]:
    """Yield the norms at every state of every level, by their names in PyTorch."""
    yield from NORM_OF_ARRAY
    yield from GRADIENTS
    yield "loss = ops.convert_to_numpy(sum(run(values).values()))"
    yield "found = gradients(lambda values: sum(run(values).values()), values)"
    yield "d_weights, d_hidden = found[: len(arrays)], found[len(arrays) :]"
    yield "columns = {}"
    yield "for suffix, each in zip(suffixes, d_hidden):"
    yield '    columns[f"dL/dh{suffix}"] = [*map(log10_norm, each)]'
    if own := told.own_loss(trace):
        yield f"found = gradients(lambda values: run(values)[{own}], values)"
        yield "for suffix, each in zip(suffixes, found[len(arrays) :]):"
        yield f'    columns[f"dL_{own}/dh{{suffix}}"] = [*map(log10_norm, each)]'
    yield ""
    biases = [f"bias{level.suffix}" for level in trace.network.levels]
    yield from norm_of_weights(trace, biases, t)


KERAS_LAYERS = KERAS._replace(
    trace=deep_trace_of,
    imports=lambda trace: imports(_arrays(trace)),
    weights=lambda trace: told.weights(_arrays(trace)),
    step=_step,
    loop=_loop,
    gradients=_gradients,
)


def framework_of(experiment: Experiment | GivenRun) -> Framework:
    """Return how a run is written in Keras, of one layer or of several."""
    return KERAS_LAYERS if experiment.deep else KERAS


def script(experiment: Experiment | GivenRun, opener: Opener = USUAL) -> bytes:
    """Return a script that computes the run in Keras."""
    return as_script(cells_of(framework_of(experiment), experiment, opener.language))
