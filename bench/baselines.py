"""Baselines for a trace: PyTorch, JAX, and the bare matrix products.

Each function takes a trace, for its weights, inputs and targets, and returns the job to time. The
jobs of ``with_torch`` and ``with_jax`` compute what ``measured`` takes from a trace.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from unrolled import engine

Arrays = dict[str, Any]
Job = Callable[[], Any]


def measured(trace: engine.Trace) -> Arrays:
    """Return the quantities on which all baselines must agree."""
    return {
        "log10_gradient_norm": trace.log10_gradient_norm,
        "log10_gradient_matrix": trace.log10_gradient_matrix,
        **trace.weight_gradients,
    }


def with_torch_cells(trace: engine.Trace) -> Job:
    """Return a typical PyTorch program: ``nn.RNNCell``, ``nn.Linear`` and a loss per timestep."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    T, H = trace.hidden.shape
    V = len(trace.vocabulary)
    model = nn.ModuleDict({"rnn": nn.RNNCell(V, H), "head": nn.Linear(H, V)})
    names = [
        name if name.startswith("head") else f"rnn.{name.removesuffix('_l0')}"
        for name in trace.network.state_dict()
    ]
    values = map(torch.tensor, trace.network.state_dict().values())
    model.load_state_dict(dict(zip(names, values, strict=True)))
    inputs, targets = torch.tensor(trace.inputs).split(1), torch.tensor(trace.targets).split(1)
    each_loss, weights = torch.eye(T), [model.get_parameter(name) for name in names]

    def job() -> Arrays:
        h, hiddens, losses = torch.zeros(1, H), [], []
        for x, target in zip(inputs, targets, strict=True):
            h = model["rnn"](x, h)
            hiddens.append(h)
            losses.append(nn.functional.cross_entropy(model["head"](h), target))
        L = torch.stack(losses)
        matrix = torch.autograd.grad(
            L, hiddens, each_loss, retain_graph=True, is_grads_batched=True
        )
        total = torch.autograd.grad(L.sum(), [*hiddens, *weights])
        return {
            "log10_gradient_norm": torch.cat(total[:T]).norm(dim=1).log10().numpy(),
            "log10_gradient_matrix": torch.cat(matrix, dim=1).norm(dim=2).log10().numpy(),
            **{
                name: d.numpy()
                for name, d in zip(trace.network.state_dict(), total[T:], strict=True)
            },
        }

    return job


def with_torch(trace: engine.Trace) -> Job:
    """Return a tuned one: one ``autograd.grad`` of the sum of losses, and one batched over losses.

    Inputs and readouts are computed for all timesteps at once, outside the loop.
    """
    import torch
    from torch.nn import functional

    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    weights = {
        name: torch.tensor(array, requires_grad=True)
        for name, array in trace.network.state_dict().items()
    }
    W_xh, W_hh, b_xh, b_hh, W_hy, b_y = weights.values()
    inputs, targets = torch.tensor(trace.input_classes), torch.tensor(trace.targets)
    T, H = trace.hidden.shape
    each_loss = torch.eye(T)

    def job() -> Arrays:
        h, hiddens = torch.zeros(1, H), []
        for drive in (functional.embedding(inputs, W_xh.T) + (b_xh + b_hh)).split(1):
            h = torch.tanh(torch.addmm(drive, h, W_hh.T))
            hiddens.append(h)
        y = functional.linear(torch.cat(hiddens), W_hy, b_y)
        losses = functional.cross_entropy(y, targets, reduction="none")
        total = torch.autograd.grad(losses.sum(), [*hiddens, *weights.values()], retain_graph=True)
        matrix = torch.autograd.grad(losses, hiddens, each_loss, is_grads_batched=True)
        return {
            "log10_gradient_norm": torch.cat(total[:T]).norm(dim=1).log10().numpy(),
            "log10_gradient_matrix": torch.cat(matrix, dim=1).norm(dim=2).log10().numpy(),
            **{name: d.numpy() for name, d in zip(weights, total[T:], strict=True)},
        }

    return job


def with_jax(trace: engine.Trace) -> Job:
    """Return a typical JAX program: a scan, and its ``vjp`` mapped over the losses."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", "cpu")
    T, H = trace.hidden.shape
    weights = [jnp.array(array) for array in trace.network.state_dict().values()]
    inputs, targets = jnp.array(trace.input_classes), jnp.array(trace.targets)

    def losses(shifts: Any, weights: Any) -> Any:
        """Return the losses; ``shifts`` (T, H) of zeros are added to the states for ∂L/∂h_t."""
        W_xh, W_hh, b_xh, b_hh, W_hy, b_y = weights

        def step(h_prev: Any, now: Any) -> Any:
            x, shift = now
            h = jnp.tanh(W_hh @ h_prev + W_xh[:, x] + b_xh + b_hh) + shift
            return h, h

        _, h = jax.lax.scan(step, jnp.zeros(H), (inputs, shifts))
        log_p = jax.nn.log_softmax(h @ W_hy.T + b_y)
        return -jnp.take_along_axis(log_p, targets[:, None], axis=1)[:, 0]

    @jax.jit
    def compiled(weights: Any) -> Arrays:
        _, back = jax.vjp(losses, jnp.zeros((T, H)), weights)
        matrix, _ = jax.vmap(back)(jnp.eye(T))
        total, d_weights = back(jnp.ones(T))
        return {
            "log10_gradient_norm": jnp.log10(jnp.linalg.norm(total, axis=1)),
            "log10_gradient_matrix": jnp.log10(jnp.linalg.norm(matrix, axis=2)),
            **dict(zip(trace.network.state_dict(), d_weights, strict=True)),
        }

    return lambda: jax.block_until_ready(compiled(weights))


def with_jax_by_hand(trace: engine.Trace) -> Job:
    """Return a compiled JAX program: a scan forward, and one back with an adjoint row per loss."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", "cpu")
    T, H = trace.hidden.shape
    weights = [jnp.array(array) for array in trace.network.state_dict().values()]
    inputs, targets = jnp.array(trace.input_classes), jnp.array(trace.targets)

    @jax.jit
    def compiled(weights: Any, inputs: Any, targets: Any) -> Arrays:
        W_xh, W_hh, b_xh, b_hh, W_hy, b_y = weights

        def forward(h_prev: Any, drive: Any) -> Any:
            h = jnp.tanh(W_hh @ h_prev + drive)
            return h, h

        def back(rows: Any, now: Any) -> Any:
            t, h, d_h = now
            rows = rows.at[t].set(d_h)
            d_a = rows * (1 - h**2)
            norms = jnp.linalg.norm(rows, axis=1)
            return d_a @ W_hh, (norms, jnp.linalg.norm(rows.sum(0)), d_a.sum(0))

        _, h = jax.lax.scan(forward, jnp.zeros(H), W_xh.T[inputs] + (b_xh + b_hh))
        wanted = jax.nn.one_hot(targets, len(b_y))
        d_y = jax.nn.softmax(h @ W_hy.T + b_y) - wanted
        _, (norms, total, d_a) = jax.lax.scan(
            back, jnp.zeros((T, H)), (jnp.arange(T), h, d_y @ W_hy), reverse=True
        )
        h_prev = jnp.concatenate([jnp.zeros((1, H)), h[:-1]])
        return {
            "log10_gradient_norm": jnp.log10(total),
            "log10_gradient_matrix": jnp.log10(norms.T),
            "weight_ih_l0": d_a.T @ jax.nn.one_hot(inputs, W_xh.shape[1]),
            "weight_hh_l0": d_a.T @ h_prev,
            "bias_ih_l0": d_a.sum(0),
            "bias_hh_l0": d_a.sum(0),
            "head.weight": d_y.T @ h,
            "head.bias": d_y.sum(0),
        }

    return lambda: jax.block_until_ready(compiled(weights, inputs, targets))


def products(trace: engine.Trace) -> Job:
    """Return the matrix products of a trace alone, in any number type."""
    T, H = trace.hidden.shape
    W_hh, W_hy = trace.network.weights[0].W_hh, trace.network.W_hy
    rng = np.random.default_rng(0)
    h, d_a, d_y = rng.normal(size=(T, H)), rng.normal(size=(T, H)), rng.normal(size=(T, len(W_hy)))
    rows, product = rng.normal(size=(1 + T, H)), np.empty((1 + T, H))

    def job() -> None:
        for t in range(T):
            np.matmul(h[t : t + 1], W_hh.T, out=product[:1])
        h @ W_hy.T
        d_y @ W_hy
        for met in range(2, 2 + T):
            np.matmul(rows[:met], W_hh, out=product[:met])
        d_a.T @ h
        d_y.T @ h

    return job


def disagreement(expected: Arrays, found: Arrays) -> str:
    """Return the names of quantities that differ by more than 1e-8."""
    return ", ".join(
        name
        for name, array in expected.items()
        if not np.allclose(array, found[name], rtol=1e-8, atol=1e-8)
    )
