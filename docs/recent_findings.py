"""Measurements of what papers of the last ten years found: long paths, kept norms, short paths.

``tests/engine/test_recent_literature.py`` holds each to a tolerance, ``docs/literature.py`` draws
it.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from unrolled import engine
from unrolled.engine.description.keywords import AttentionName, CellName
from unrolled.engine.numerics.arrays import Floats

# --- Arjovsky et al. 2016 ------------------------------------------------------------------------


def norms_over(T: int, seeds: Sequence[int], **fields: Any) -> Floats:
    """Return (seeds, T) log10 of ‖∂L/∂h_t‖ as a share of its norm at T."""
    sequence = ("abcdefghij" * T)[:T]
    traces = (engine.trace(sequence, target="a", seed=seed, **fields) for seed in seeds)
    return np.array([trace.log10_share() for trace in traces])


# --- Zucchet & Orvieto 2024 ----------------------------------------------------------------------


def kept_and_sensitivity(decay: float, units: int = 256, seed: int = 0) -> tuple[float, float]:
    """Return what is left of ∂L/∂h_t 100 timesteps back, and the mean of (∂h_T/∂λ)².

    Each unit is alone, h_t = λ h_{t-1} + x_t, and reads white noise of its own. The loss
    ½‖h_T - target‖² has its target one below h_T, so that ∂L/∂λ of a unit is its ∂h_T/∂λ.
    """
    T = max(200, int(20 / (1 - decay)))
    x = np.random.default_rng(seed).normal(size=(T, units))
    weights = {
        "weight_ih_l0": np.eye(units),
        "weight_hh_l0": decay * np.eye(units),
        "head.weight": np.eye(units),
        "head.bias": np.zeros(units),
    }
    network = engine.Network.from_state_dict(weights, cell="indrnn", activation="identity")
    h = np.zeros(units)
    for noise in x:
        h = decay * h + noise
    targets = np.full((T, units), np.nan)
    targets[-1] = h - 1
    run = engine.Run(network, engine.Problem.from_arrays(x, targets))
    trace = engine.trace_of(run)
    sensitivity = np.diag(trace.weight_gradients["weight_hh_l0"])
    return float(10 ** trace.log10_share()[-101]), float(np.mean(sensitivity**2))


def expected_sensitivity(decay: float) -> float:
    """Return E[(∂h/∂λ)²] of white noise: Σ_k k² λ^2(k-1) = (1 + λ²) / (1 - λ²)³."""
    return float((1 + decay**2) / (1 - decay**2) ** 3)


# --- Bahdanau et al. 2015, Luong et al. 2015 -----------------------------------------------------


def share_at_the_first(
    cell: CellName, attention: AttentionName, lengths: Sequence[int], seeds: Sequence[int]
) -> Floats:
    """Return (seeds, lengths) log10 of the share of the last loss's gradient at the first token.

    The encoder reads ten tokens, the decoder says as many as each length.
    """
    return np.array(
        [
            [
                engine.trace(
                    "abcdefghij",
                    architecture="encoder-decoder",
                    target=("jihgfedcba" * length)[:length],
                    cell=cell,
                    attention=attention,
                    seed=seed,
                ).log10_share()[0]
                for length in lengths
            ]
            for seed in seeds
        ]
    )
