"""A run as code in Keras, on whichever backend, that gives the same loss and the same gradients.

A layer of Keras keeps its states to itself, and each backend has its own way to differentiate. So a
zero is added to every state: the gradient with respect to it is the gradient at the state. A cell
that Keras has no layer of is written out, in columns, with the weights in PyTorch's shapes.
"""

from collections.abc import Iterator

from unrolled.app.exports.code import told
from unrolled.app.exports.code.cells import Cell
from unrolled.app.exports.code.essay import Framework
from unrolled.app.exports.code.printing import NORM_OF_ARRAY
from unrolled.app.exports.code.written import Functions, weight_names
from unrolled.app.i18n.catalog import Translate
from unrolled.engine import Trace
from unrolled.engine.bptt.trace import AnyTrace
from unrolled.engine.cells import Cell as CellOfEngine
from unrolled.engine.cells import Weights
from unrolled.engine.cells.in_keras import InKeras
from unrolled.engine.cells.normalized.layer_norm import EPSILON
from unrolled.engine.numerics.arrays import Floats

_ACTIVATIONS = {"identity": "linear"}
"""The activations in Keras; any other has the same name."""
FUNCTIONS = Functions(
    {
        **{name: f"ops.{name}" for name in ("tanh", "relu", "sigmoid", "split", "arange", "where")},
        **{"diagonal": "diagonal", "layer_norm": "layer_norm"},
    },
    {
        "diagonal": ("def diagonal(W):", "    return ops.diagonal(W)[:, None]"),
        "layer_norm": (
            "def layer_norm(s):",
            "    centred = s - ops.mean(s)",
            f"    return centred / ops.sqrt(ops.mean(centred**2) + {EPSILON})",
        ),
    },
)
GRADIENTS = (
    "def gradients(of, values):",
    '    values = [ops.convert_to_tensor(value, "float64") for value in values]',
    '    if keras.backend.backend() == "tensorflow":',
    "        import tensorflow",
    "",
    "        with tensorflow.GradientTape() as tape:",
    "            tape.watch(values)",
    "            number = of(values)",
    '        found = tape.gradient(number, values, unconnected_gradients="zero")',
    '    elif keras.backend.backend() == "jax":',
    "        import jax",
    "",
    "        found = jax.grad(of)(values)",
    "    else:",
    "        import torch",
    "",
    "        values = [value.requires_grad_() for value in values]",
    "        found = torch.autograd.grad(of(values), values, materialize_grads=True)",
    "    return [ops.convert_to_numpy(each) for each in found]",
    "",
    "",
)


def _arrays(trace: Trace) -> dict[str, Floats]:
    """Return the weights by their names and in their shapes in Keras."""
    state, prefixes = trace.network.state_dict(), told.parts(trace, "weights").values()
    found: dict[str, Floats] = {}
    for prefix, weights in zip(prefixes, trace.network.weights, strict=True):
        own = weights_of(trace.network.cell, weights)
        found |= {prefix + name: array for name, array in own.items()}
    found |= {"head.kernel": state["head.weight"].T, "head.bias": state["head.bias"]}
    attention = trace.network.attention
    return found | {
        name.replace(".weight", ".kernel"): state[name].T
        for name in (attention.names if attention else ())
    }


def weights_of(cell: CellOfEngine, weights: Weights) -> dict[str, Floats]:
    """Return the weights by their names in Keras, or by PyTorch's where Keras has no such layer."""
    if cell.keras:
        return cell.keras.weights(*weights)
    return {name: getattr(weights, own) for name, own in weight_names(cell).items()}


def names_of(cell: CellOfEngine) -> list[str]:
    """Return the names of the weights of a cell, as ``weights_of`` has them."""
    return ["kernel", "recurrent_kernel", "bias"] if cell.keras else [*weight_names(cell)]


def imports(arrays: dict[str, Floats]) -> Iterator[str]:
    """Yield the imports of a script with such weights."""
    yield "# pip install keras numpy, and one of tensorflow, jax and torch"
    if not told.is_legible(arrays):
        yield from ("import base64", "import io")
    yield from ("import os", "from math import inf, log10", "")
    yield from ('os.environ["JAX_ENABLE_X64"] = "1"', "")
    yield from ("import keras", "import numpy as np", "from keras import ops", "")
    yield 'keras.config.set_floatx("float64")'


def _weights(trace: Trace) -> Iterator[Cell]:
    yield from told.weights(_arrays(trace))


def _step(trace: Trace) -> Iterator[str]:
    kind = trace.network.cell.keras
    if kind is None:
        yield from written_step(trace.network.cell)
        return
    yield f"layer = {layer_of(trace, kind)}"
    yield f"layer.build((1, {trace.network.inputs}))"
    yield ""
    yield ""
    yield "def step(x, state, weights):"
    yield "    others = layer.non_trainable_variables"
    yield "    (_, state), _ = layer.stateless_call(weights, others, x, state)"
    yield "    return state"


def written_step(cell: CellOfEngine) -> Iterator[str]:
    """Yield one timestep of a cell that Keras has no layer of, and one of rows."""
    several = len(cell.states) > 1
    yield from FUNCTIONS.define(cell)
    yield f"def update(x, {', '.join((*cell.states, *weight_names(cell).values()))}):"
    yield from FUNCTIONS.body(cell)
    yield from ("", "", "def step(x, state, weights):")
    yield "    *matrices, b_xh, b_hh = [ops.convert_to_tensor(each) for each in weights]"
    yield "    columns = [ops.transpose(each) for each in (x, *state)]"
    yield "    found = update(*columns, *matrices, b_xh[:, None], b_hh[:, None])"
    yield f"    return [ops.transpose(each) for each in {'found' if several else '[found]'}]"


def layer_of(trace: AnyTrace, kind: InKeras) -> str:
    """Return the call that makes the layer of one timestep."""
    H, options = trace.network.hidden_size, dict(kind.options)
    if activation := getattr(trace.network.cell, "activation", None):
        options["activation"] = _ACTIVATIONS.get(activation, activation)
    said = "".join(f", {name}={value!r}" for name, value in options.items())
    return f"keras.layers.{kind.layer}Cell({H}{said})"


def _loop(trace: Trace, t: Translate) -> Iterator[str]:
    """Yield the forward pass as a function of the weights and of what is added to each state."""
    timesteps = trace.diverged_at - 1 if trace.diverged_at else len(trace.tokens)
    yield f"nudges = np.zeros(({timesteps}, {trace.network.hidden_size}))"
    yield "values = [*map(np.array, arrays.values()), nudges]"
    yield ""
    yield ""
    yield "def run(values):"
    yield "    W, nudges = dict(zip(arrays, values)), values[-1]"
    for part, prefix in told.parts(trace, "weights").items():
        own = ", ".join(f'W["{prefix}{name}"]' for name in names_of(trace.network.cell))
        yield f"    {part} = [{own}]"
    yield from (f"    {line}" for line in told.weights_of_score(trace, "kernel"))
    yield f"    state = {_start(trace)}"
    yield "    hidden, losses = [], {}"
    yield "    for t, (x, target, nudge) in enumerate(zip(xs, targets, nudges), start=1):"
    if trace.truncate:
        yield f"        if (len(xs) - t + 1) % {trace.truncate} == 0:  # {t('script.cut')}"
        yield "            state = [ops.stop_gradient(each) for each in state]"
    if trace.network.encoder:
        yield "        weights = encoder if t <= encoder_timesteps else decoder"
    yield "        h, *others = step(x[None], state, weights)"
    yield "        h = h + nudge"
    yield "        state = [h, *others]"
    yield "        hidden.append(h)"
    yield "        if target is not None:"
    yield from (f"            {line}" for line in _output(trace))
    yield "    return losses"


def _start(trace: Trace) -> str:
    """Return the states before the first timestep."""
    problem, zero = trace.problem, f"ops.zeros((1, {trace.network.hidden_size}))"
    states = zip(trace.network.cell.states, (problem.h_0, problem.c_0), strict=False)
    starts = (
        zero if given is None else f"ops.convert_to_tensor(np.array([{name}_0]))"
        for name, given in states
    )
    return f"[{', '.join(starts)}]"


def _output(trace: Trace) -> Iterator[str]:
    """Yield the loss of an output, from its state, or from what it attends to."""
    q = "h"
    if attention := trace.network.attention:
        yield "encoded = ops.concatenate(hidden[:encoder_timesteps])"
        yield f"shares = ops.softmax({attention.score.keras})"
        q = 'ops.tanh(ops.concatenate([shares @ encoded, h], axis=1) @ W["attention.kernel"])'
    yield from output(trace, q)


def output(trace: AnyTrace, q: str = "h") -> Iterator[str]:
    """Yield the loss of an output that reads ``q``."""
    yield f'y = {q} @ W["head.kernel"] + W["head.bias"]'
    if trace.problem.numbers is None:
        yield "cross_entropy = keras.losses.sparse_categorical_crossentropy"
        yield "losses[t] = cross_entropy(ops.array([target]), y, from_logits=True)[0]"
    else:
        yield "losses[t] = 0.5 * ops.sum((y[0] - ops.convert_to_tensor(np.array(target))) ** 2)"


def _gradients(trace: Trace, t: Translate) -> Iterator[str]:
    yield from NORM_OF_ARRAY
    yield from GRADIENTS
    yield "loss = ops.convert_to_numpy(sum(run(values).values()))"
    yield "*d_weights, d_hidden = gradients(lambda values: sum(run(values).values()), values)"
    yield 'columns = {"dL/dh": [*map(log10_norm, d_hidden)]}'
    if own := told.own_loss(trace):
        yield f"*_, d_hidden = gradients(lambda values: run(values)[{own}], values)"
        yield f'columns["dL_{own}/dh"] = [*map(log10_norm, d_hidden)]'
    yield ""
    biases = [f"{prefix}bias" for prefix in told.parts(trace, "weights").values()]
    yield from norm_of_weights(trace, biases, t)


def norm_of_weights(trace: AnyTrace, biases: list[str], t: Translate) -> Iterator[str]:
    """Yield the norm of the gradients of all weights, and how they are clipped."""
    kind = trace.network.cell.keras
    if kind and kind.biases == 1:
        yield f"# {t('script.keras.biases')}"
        yield f"d_weights += [d for name, d in zip(arrays, d_weights) if name in {biases}]"
    yield "d_W_norm = log10_norm(np.concatenate([each.ravel() for each in d_weights]))"
    if clip := trace.described.clip_norm:
        yield f"if d_W_norm > log10({clip}):"
        yield f"    d_weights = [each * {clip} / 10**d_W_norm for each in d_weights]"


KERAS = Framework(
    name="Keras",
    words=lambda cell: "keras" if cell.keras else "keras.written",
    imports=lambda trace: imports(_arrays(trace)),
    weights=_weights,
    inputs=lambda trace: told.inputs(
        trace, "np.array", f"np.zeros((len(inputs), {trace.network.inputs}))"
    ),
    step=_step,
    loop=_loop,
    gradients=_gradients,
    columns=("h",),
    notes=("script.keras.float32",),
)
