"""PyTorch's minibatches and trainings, in ``minibatches.npz`` and ``runs.npz``.

Run after `make test-frameworks`: .venv/frameworks/bin/python -m tests.reference.make_minibatches

The engine gives the weights and the minibatches; losses, gradients and the weights that an
optimizer leaves come out of PyTorch's own modules, autograd and ``torch.optim``. Weights and
gradients are one vector each, in the order of ``Network.state_dict``.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from tests.reference.experiments import Fields
from tests.reference.make_fixtures import Arrays, Cell, cell_weights
from tests.reference.minibatches import GRADIENTS, RUNS, Recorded, gradients, runs
from unrolled.engine.tasks import Batch, Task

OPTIMIZERS: dict[str, Any] = {
    "sgd": torch.optim.SGD,
    "momentum": lambda weights, rate: torch.optim.SGD(weights, rate, momentum=0.9),
    "rmsprop": torch.optim.RMSprop,
    "adam": torch.optim.Adam,
}
_ADDITIVE = ("W_a", "U_a", "v_a")


def main() -> None:
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    found: Arrays = {}
    for name, fields in gradients().items():
        found |= {f"{name}/{key}": array for key, array in of_minibatch(fields).items()}
    np.savez_compressed(GRADIENTS, **found)
    found = {}
    for name, fields in runs().items():
        found |= {f"{name}/{key}": array for key, array in of_run(fields).items()}
    np.savez_compressed(RUNS, **found)
    for path in (GRADIENTS, RUNS):
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


class Model:
    """A network and what it loses on a minibatch."""

    def __init__(self, fields: Fields, task: Task, weights: Arrays) -> None:
        self.fields, self.task = fields, task
        prefixes = ["encoder.", "decoder."] if "encoder.weight_ih_l0" in weights else [""]
        own = {"activation": "tanh"} | fields
        self.cells = [Cell(own, cell_weights(weights, prefix)) for prefix in prefixes]
        self.head = torch.nn.Linear(*weights["head.weight"].shape[::-1])
        self.head.load_state_dict(
            {name: torch.tensor(weights[f"head.{name}"]) for name in ("weight", "bias")}
        )
        self.parameters = {
            f"{prefix}{name}_l0": parameter
            for prefix, cell in zip(prefixes, self.cells, strict=True)
            for name, parameter in cell.module.named_parameters()
        } | {f"head.{name}": parameter for name, parameter in self.head.named_parameters()}
        self.parameters |= {
            name: torch.nn.Parameter(torch.tensor(array))
            for name, array in weights.items()
            if name.startswith("attention.")
        }

    def loss(self, batch: Batch) -> Any:
        """The mean over all outputs that have a target."""
        state = (torch.zeros(batch.x.shape[1], self.fields["hidden_size"]),)
        state *= 2 if self.fields["cell"] == "lstm" else 1
        hidden = []
        for part, x in zip(batch.parts, self.inputs(batch), strict=True):
            state = self.cells[part].step(x, state)
            hidden.append(state[0])
        read = torch.stack(hidden)
        if "attention.weight" in self.parameters:
            read = self.looking(read, batch)
        y, targets = self.head(read), torch.tensor(batch.targets)
        if self.task.numbers:
            given = ~targets.isnan().any(dim=2)
            return ((y[given] - targets[given]) ** 2).sum(dim=1).mean() / 2
        return functional.cross_entropy(y.flatten(0, 1), targets.flatten(), ignore_index=-1)

    def looking(self, h: Any, batch: Batch) -> Any:
        """Return what outputs of states h (T, B, H) read of those that an encoder has of tokens."""
        m = int((batch.parts == 0).sum())
        encoded, W_q = h[:m], self.parameters["attention.weight"]
        if "attention.W_a.weight" in self.parameters:
            W_a, U_a, v_a = (self.parameters[f"attention.{name}.weight"] for name in _ADDITIVE)
            scores = torch.tanh((h @ W_a.T)[:, None] + encoded @ U_a.T) @ v_a[0]
        else:
            scores = torch.einsum("tbh,jbh->tjb", h, encoded)
        scores = scores.masked_fill(torch.tensor(batch.x[:m] < 0), -torch.inf)
        seen = torch.einsum("tjb,jbh->tbh", torch.softmax(scores, dim=1), encoded)
        return torch.tanh(torch.cat([seen, h], dim=-1) @ W_q.T)

    def inputs(self, batch: Batch) -> Any:
        x = torch.tensor(batch.x)
        if x.dim() == 3:
            return x
        rows = torch.nn.functional.one_hot(x.clamp(min=0), self.task.inputs)
        return (rows * (x >= 0)[..., None]).to(torch.get_default_dtype())


def of_minibatch(fields: Fields) -> Arrays:
    recorded = Recorded(fields)
    run = recorded.run
    batch = run.task.draw(np.random.default_rng(fields["seed"]), fields["batch_size"])
    weights = {name: array.copy() for name, array in run.network.state_dict().items()}
    model = Model(fields, run.task, weights)
    loss = model.loss(batch)
    parameters = [model.parameters[name] for name in weights]
    d = torch.autograd.grad(loss, parameters, materialize_grads=True)
    return {
        **batch._asdict(),
        "weights": vector(weights.values()),
        "loss": loss.detach().numpy(),
        "gradient": vector(d),
    }


def of_run(fields: Fields) -> Arrays:
    """Twenty steps on the minibatches that the engine's own run draws."""
    recorded = Recorded(fields)
    weights = {name: array.copy() for name, array in recorded.run.network.state_dict().items()}
    for _ in recorded.run.steps():
        pass
    model = Model(fields, recorded.run.task, weights)
    parameters = [model.parameters[name] for name in weights]
    optimizer = OPTIMIZERS[fields["optimizer"]](parameters, fields["learning_rate"])
    losses = []
    for batch in recorded.batches:
        loss = model.loss(batch)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_value_(parameters, fields["clip_value"])
        optimizer.step()
        losses.append(loss.item())
    return {
        "x": np.array([batch.x for batch in recorded.batches]),
        "targets": np.array([batch.targets for batch in recorded.batches]),
        "weights": vector(weights.values()),
        "losses": np.array(losses),
        "end": vector(each.detach() for each in parameters),
    }


def vector(arrays: Iterable[Any]) -> Any:
    return np.concatenate([np.asarray(each).ravel() for each in arrays])


if __name__ == "__main__":
    main()
