"""PyTorch's results for the reference experiments, written to ``fixtures/``.

Run after `make test-frameworks`: .venv/frameworks/bin/python -m tests.reference.make_fixtures

The engine gives the weights, the inputs and the targets; everything else comes out of PyTorch, in
float64 on one CPU thread. The same versions write the same bytes.
"""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from tests.reference.experiments import BIASED, FIXTURES, Fields, experiments
from unrolled import engine

Arrays = dict[str, Any]
State = tuple[Any, ...]
"""(h,), or (h, c)."""

ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "tanh": torch.tanh,
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "identity": lambda a: a,
}


def main() -> None:
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    FIXTURES.mkdir(exist_ok=True)
    for stale in FIXTURES.glob("*.npz"):
        stale.unlink()
    for name, fields in experiments().items():
        trace = engine.trace(**fields)
        weights = dict(trace.network.state_dict())
        if name.endswith(BIASED):
            weights = with_random_biases(weights, fields["seed"])
        found = run(fields, weights, trace.inputs, trace.targets)
        refuse_the_trivial(name, found)
        np.savez_compressed(
            FIXTURES / f"{name}.npz",
            experiment=json.dumps(fields),
            inputs=trace.inputs,
            targets=trace.targets,
            **{f"weights/{each}": array for each, array in weights.items()},
            **found,
        )
    sizes = [path.stat().st_size for path in FIXTURES.glob("*.npz")]
    print(f"{len(sizes)} fixtures, {sum(sizes) / 1000:.0f} kB")


def with_random_biases(weights: Arrays, seed: int) -> Arrays:
    """The engine's biases are zero but for the forget gate's; a network that has learned is not."""
    rng = np.random.default_rng(seed)
    return {
        name: array if array.ndim > 1 else rng.normal(scale=0.5, size=array.shape)
        for name, array in weights.items()
    }


def refuse_the_trivial(name: str, found: Arrays) -> None:
    """A gradient that dies in a ReLU network would agree with anything that has no gradient."""
    matrix, (timesteps,) = found["log10_gradient_matrix"], np.nonzero(~np.isnan(found["losses"]))
    if not name.startswith("feedforward") and np.isinf(matrix[timesteps[-1]]).any():
        raise ValueError(f"{name}: the last loss does not reach every timestep; take another seed")


# --- the network in PyTorch ----------------------------------------------------------------------


class Cell:
    """One timestep: PyTorch's own module where there is one, else the equation.

    Inputs and states are batches of one. From an input without a batch axis ``LSTMCell`` returns a
    view of c_t, which is not the tensor that h_t was computed from: the gradient of that view would
    lack the path through h_t.
    """

    def __init__(self, fields: Fields, weights: Arrays) -> None:
        """``weights`` under the names of ``torch.nn.RNNCell``: those of RNN, without ``_l0``."""
        cell, activation = fields["cell"], fields["activation"]
        sizes = weights["weight_ih"].shape[1], fields["hidden_size"]
        tensors = {name: torch.tensor(array) for name, array in weights.items()}
        self.module: Any
        if cell == "lstm":
            self.module = torch.nn.LSTMCell(*sizes)
        elif cell == "gru":
            self.module = torch.nn.GRUCell(*sizes)
        elif cell == "rnn" and activation in ("tanh", "relu"):
            self.module = torch.nn.RNNCell(*sizes, nonlinearity=activation)
        elif cell in ("rnn", "feedforward"):
            self.module = torch.nn.ParameterDict(tensors)
        else:
            raise NotImplementedError(f"write the {cell} cell in PyTorch")
        self.module.load_state_dict(tensors)
        self.f = ACTIVATIONS[activation]

    def step(self, x: Any, state: State) -> State:
        if isinstance(self.module, torch.nn.ParameterDict):
            return (self.equation(x, *state),)
        if isinstance(self.module, torch.nn.LSTMCell):
            return self.module(x, state)
        return (self.module(x, *state),)

    def equation(self, x: Any, h_prev: Any) -> Any:
        W = self.module
        a = functional.linear(x, W["weight_ih"], W["bias_ih"]) + W["bias_hh"]
        if "weight_hh" in W:
            a = a + functional.linear(h_prev, W["weight_hh"])
        return self.f(a)


def run(fields: Fields, weights: Arrays, inputs: Any, targets: Any) -> Arrays:
    """Return the arrays of a trace, by name, from PyTorch's forward pass and autograd.

    In the encoder-decoder the timesteps that have a loss are the decoder's, and only they.
    """
    prefixes = ["encoder.", "decoder."] if fields["architecture"] == "encoder-decoder" else [""]
    cells = [Cell(fields, cell_weights(weights, prefix)) for prefix in prefixes]
    head = torch.nn.Linear(*weights["head.weight"].shape[::-1])
    head.load_state_dict(
        {name: torch.tensor(weights[f"head.{name}"]) for name in ("weight", "bias")}
    )
    parameters = {
        f"{prefix}{name}_l0": parameter
        for prefix, cell in zip(prefixes, cells, strict=True)
        for name, parameter in cell.module.named_parameters()
    } | {f"head.{name}": parameter for name, parameter in head.named_parameters()}

    T, (V, H) = len(targets), weights["head.weight"].shape
    states: list[State] = [(torch.zeros(1, H),) * (2 if fields["cell"] == "lstm" else 1)]
    losses: dict[int, Any] = {}
    probabilities = np.full((T, V), np.nan)
    for t, (x, target) in enumerate(zip(torch.tensor(inputs), torch.tensor(targets), strict=True)):
        has_loss = bool(target >= 0)
        cell = cells[-1] if has_loss else cells[0]
        states.append(cell.step(x[None], states[-1]))
        if has_loss:
            y = head(states[-1][0])
            losses[t] = functional.cross_entropy(y, target[None])
            probabilities[t] = torch.softmax(y, dim=1).detach()
    hidden, *cell_states = map(list, zip(*states[1:], strict=True))

    L = sum(losses.values())
    found = {
        "hidden": numbers(hidden),
        "probabilities": probabilities,
        "losses": np.full(T, np.nan),
        "hidden_gradient": gradient(L, hidden),
        "log10_gradient_matrix": np.full((T, T), -np.inf),
    }
    found["log10_gradient_norm"] = log10_norms(found["hidden_gradient"])
    for s, loss in losses.items():
        found["losses"][s] = loss.detach()
        found["log10_gradient_matrix"][s] = log10_norms(gradient(loss, hidden))
    if cell_states:
        found["cell_state"] = numbers(*cell_states)
        found["cell_gradient"] = gradient(L, *cell_states)
        found["log10_cell_gradient_norm"] = log10_norms(found["cell_gradient"])
    d_parameters = autograd(L, list(parameters.values()))
    for name, d_parameter in zip(parameters, d_parameters, strict=True):
        found[f"weight_gradients/{name}"] = d_parameter.numpy()
    return found


def cell_weights(weights: Arrays, prefix: str) -> Arrays:
    return {
        name.removeprefix(prefix).removesuffix("_l0"): array
        for name, array in weights.items()
        if name.startswith(prefix) and not name.startswith("head.")
    }


def autograd(loss: Any, tensors: list[Any]) -> Any:
    """∂loss/∂ each tensor, zero where there is no path."""
    return torch.autograd.grad(loss, tensors, retain_graph=True, materialize_grads=True)


def gradient(loss: Any, states: list[Any]) -> Any:
    """(T, H) ∂loss/∂ the state of each timestep."""
    return numbers(autograd(loss, states))


def numbers(tensors: Any) -> Any:
    return torch.cat(list(tensors)).detach().numpy()


def log10_norms(rows: Any) -> Any:
    with np.errstate(divide="ignore"):
        return np.log10(np.linalg.norm(rows, axis=-1))


if __name__ == "__main__":
    main()
