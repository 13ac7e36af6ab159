"""Measurements of the papers' findings, for the tests and for the figures.

``tests/engine/test_literature.py`` holds each to a tolerance, ``docs/literature.py`` draws it.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from unrolled import engine
from unrolled.engine import Experiment, Trace
from unrolled.engine.cells.activations import sigmoid
from unrolled.engine.description.keywords import CellName, InitializationName
from unrolled.engine.numerics.arrays import Floats

SEQUENCE = "abcdefghij" * 6
SEEDS = range(20)
GAMMA = {"tanh": 1.0, "sigmoid": 0.25}
"""The largest slope of an activation."""


def factor(log10_norms: Floats) -> float:
    """Return the factor by which a step back multiplies the gradient."""
    rate = engine.rate(log10_norms)
    assert rate
    return rate.factor


# --- Bengio et al. 1994, Pascanu et al. 2013 -----------------------------------------------------


def with_spectral_norm(norm: float, **fields: Any) -> Experiment:
    """Return a gaussian RNN whose recurrent weights have this largest singular value."""
    experiment = Experiment(SEQUENCE, initialization="gaussian", **fields)
    W_hh = engine.trace_of(experiment).network.weights[0].W_hh
    return replace(experiment, recurrent_scale=norm / float(np.linalg.norm(W_hh, 2)))


def factors_at_norm(norm: float, seeds: Sequence[int] = SEEDS, **fields: Any) -> Floats:
    """Return the factor per timestep for each seed."""
    traces = (engine.trace_of(with_spectral_norm(norm, seed=seed, **fields)) for seed in seeds)
    return np.array([factor(trace.log10_gradient_norm) for trace in traces])


# --- Saxe et al. 2014 ----------------------------------------------------------------------------


def singular_values_by_distance(
    distances: Sequence[int],
    initialization: InitializationName,
    hidden_size: int = 64,
    seed: int = 0,
) -> Floats:
    """Return (distances, H) log10 singular values of ∂h_T/∂h_{T-distance} in a linear RNN."""
    T = max(distances) + 1
    trace = engine.trace(
        "ab" * T,
        target="a",
        activation="identity",
        initialization=initialization,
        hidden_size=hidden_size,
        seed=seed,
    )
    last = len(trace.tokens)
    return np.array([engine.singular_values(trace, last - distance) for distance in distances])


# --- Le et al. 2015; Hochreiter & Schmidhuber 1997, Gers et al. 2000, Jozefowicz et al. 2015 ------


def gradient_norms(seeds: Sequence[int] = SEEDS, **fields: Any) -> Floats:
    """Return (seeds, T) ``carry_norms`` for each seed."""
    return np.array([carry_norms(engine.trace(SEQUENCE, **fields, seed=seed)) for seed in seeds])


def carry_norms(trace: Trace) -> Floats:
    """Return (T,) log10 norms of ∂L/∂c_t if there is a cell state, else of ∂L/∂h_t."""
    cell = trace.log10_cell_gradient_norm
    return trace.log10_gradient_norm if cell is None else cell


def relu_norms(initialization: InitializationName) -> Floats:
    """Return (seeds, T) norms of ReLU networks with this initialization."""
    return gradient_norms(activation="relu", initialization=initialization, input_scale=0.1)


def carried(trace: Trace) -> Floats:
    """Return (T,) log10 norm of ∂L/∂c_T times the forget gates from T back to t+1."""
    assert trace.cell_gradient is not None
    last = np.log10(np.abs(trace.cell_gradient[-1]))
    units = last + np.append(
        np.cumsum(np.log10(trace.gates["f"][:0:-1]), axis=0)[::-1], [0 * last], axis=0
    )
    largest = units.max(axis=1, keepdims=True)
    return largest[:, 0] + 0.5 * np.log10((10 ** (2 * (units - largest))).sum(axis=1))


# --- Tallec & Ollivier 2018 ----------------------------------------------------------------------


def remembering(cell: CellName, T_max: int, **fields: Any) -> Trace:
    """Return a gated network with this chrono dependency, over 599 timesteps."""
    fields = {"hidden_size": 128, **fields}
    return engine.trace(SEQUENCE * 10, cell=cell, chrono=T_max, **fields)


def left(T_max: int, **fields: Any) -> Floats:
    """Return (T,) log10 of the share of ‖∂L/∂c_T‖ by timesteps back, the median of 5 seeds."""
    norms = [carry_norms(remembering("lstm", T_max, seed=seed, **fields)) for seed in range(5)]
    return np.median([each - each[-1] for each in norms], axis=0)[::-1]


def left_at_the_longest() -> float:
    """Return the share expected T_max timesteps back, with memories uniform from 0 to T_max.

    ½ log10 ∫ e^{-2/x} dx        x = 0..1
    """
    x = (np.arange(100_000) + 0.5) / 100_000
    return float(0.5 * np.log10(np.exp(-2 / x).mean()))


def promised_memory(trace: Trace) -> Floats:
    """Return (H,) 1/(1 - σ(b)) timesteps, b being the bias of each unit's carry gate."""
    cell = trace.network.cell
    gate = cell.gates.index(cell.carry.gate if cell.carry else "")
    b = np.split(trace.network.weights[0].b_xh, cell.blocks)[gate]
    return 1 / (1 - sigmoid(b))


def measured_memory(trace: Trace) -> Floats:
    """Return (H,) timesteps back after which 1/e of the gradient of each unit is left."""
    gradient = trace.hidden_gradient if trace.cell_gradient is None else trace.cell_gradient
    kept = np.log(np.abs(gradient[0] / gradient[-1]))
    return -(len(gradient) - 1) / kept


# --- Sompolinsky et al. 1988, Engelken et al. 2020 -----------------------------------------------


def left_alone(g: float, hidden_size: int, seed: int) -> Trace:
    """Return a gaussian tanh network without input after the first of 300 timesteps."""
    return engine.trace(
        "a",
        target="b" * 300,
        architecture="one-to-many",
        initialization="gaussian",
        hidden_size=hidden_size,
        recurrent_scale=g,
        seed=seed,
    )


def spoken_to(input_scale: float, g: float, hidden_size: int, seed: int) -> Trace:
    """Return a gaussian tanh network that reads 300 random letters."""
    letters = np.random.default_rng(seed).choice(list("abcdefghijklmnopqrstuvwxyz"), 300)
    return engine.trace(
        "".join(letters),
        target="a",
        initialization="gaussian",
        hidden_size=hidden_size,
        recurrent_scale=g,
        input_scale=input_scale,
        seed=seed,
    )


WARMUP = 100
"""Timesteps until a network has forgotten that it started silent."""


def spectrum(trace: Trace) -> Floats:
    """Return (H,) Lyapunov exponents of the stationary state, in nats per timestep."""
    return engine.lyapunov_exponents(trace, WARMUP)


def random_matrix_spectrum(trace: Trace, fractions: Floats) -> Floats:
    """Return λ(p) of a product of matrices drawn anew at each timestep, p = i/H.

        1 = ⟨γ² / (e^{2λ} + p γ²)⟩        γ = g f'(a)

    The mean is over the units and timesteps after ``WARMUP``. For f' = 1 this is the triangle law
    e^λ = g √(1 - p) of Newman (1986); at p = 0 it is the mean-field slope, λ = ½ ln χ.
    """
    squares = _gains(trace)[WARMUP:].ravel() ** 2
    low, high = np.full(len(fractions), -100.0), np.full(len(fractions), 10.0)
    for _ in range(50):
        middle = (low + high) / 2
        means = np.array(
            [
                (squares / (np.exp(2 * each) + p * squares)).mean()
                for each, p in zip(middle, fractions, strict=True)
            ]
        )
        low, high = np.where(means > 1, middle, low), np.where(means > 1, high, middle)
    return low


def log_determinant(trace: Trace) -> float:
    """Return ⟨ln |det ∂h_t/∂h_{t-1}|⟩ over the timesteps after ``WARMUP``."""
    _, log_det = np.linalg.slogdet(trace.network.weights[0].W_hh)
    slopes = trace.network.cell.slopes(trace.moments)[WARMUP:]
    return float(log_det + np.log(slopes).sum(axis=1).mean())


def attractor_dimension(exponents: Floats) -> float:
    """Return how many of the largest exponents add up to zero (Kaplan & Yorke 1979)."""
    sums = np.cumsum(exponents)
    whole = int((sums >= 0).sum())
    if whole in (0, len(sums)):
        return float(whole)
    return float(whole + sums[whole - 1] / -exponents[whole])


def entropy_rate(exponents: Floats) -> float:
    """Return the sum of the positive exponents, in nats per timestep (Pesin 1977)."""
    return float(exponents[exponents > 0].sum())


# --- Poole et al. 2016, Schoenholz et al. 2017 ---------------------------------------------------


def reading(g: float, seed: int, text: str = SEQUENCE * 5) -> Trace:
    """Return a large gaussian tanh network that reads a text."""
    return engine.trace(
        text, initialization="gaussian", hidden_size=512, recurrent_scale=g, seed=seed
    )


def slopes(trace: Trace) -> tuple[float, float]:
    """Return the measured slope of log10 norms, and ½ log10 χ, both after ``WARMUP``."""
    rate = engine.rate(trace.log10_gradient_norm[WARMUP:])
    assert rate
    return rate.log10_factor, float(0.5 * np.log10((_gains(trace)[WARMUP:] ** 2).mean()))


def _gains(trace: Trace) -> Floats:
    """Return (T, H) g f'(a_t), g = ‖W_hh‖_F/√H."""
    network = trace.network
    g = np.linalg.norm(network.weights[0].W_hh) / network.hidden_size**0.5
    return g * network.cell.slopes(trace.moments)
