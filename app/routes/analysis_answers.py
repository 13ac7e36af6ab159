"""The answers of analyses and sweeps, as OpenAPI describes them."""

from typing import Any, Literal

from unrolled.app.routes.answers import MadeBy, Numbers, Rows
from unrolled.app.web.bodies import Answer, Problem


class Block(Answer):
    """The eigenvalues of a block of recurrent weights."""

    part: Literal["encoder", "decoder"]
    """The network: ``encoder`` or ``decoder``; ``encoder`` also if there is only one."""
    gate: str | None
    """The gate; null if the cell has only one block."""
    real: Numbers
    """(H,) Real parts, the largest modulus first."""
    imaginary: Numbers
    """(H,) Imaginary parts."""
    radius: float
    """The spectral radius."""


class SpectrumAnswer(Answer):
    """The eigenvalues of W_hh."""

    made_by: MadeBy
    """What reproduces this answer."""
    blocks: list[Block]
    """One for each gate and each network."""


class SingularValuesAnswer(Answer):
    """The singular values of ∂s_T/∂s_t."""

    made_by: MadeBy
    """What reproduces this answer."""
    distance: list[int]
    """(d,) T - t, in timesteps: up to nine of them."""
    log10_singular_values: Rows
    """(d, n) log10, the largest first, n being H or 2H."""


class StepFactorsAnswer(Answer):
    """The factors by which each step back multiplies the gradient of the chosen loss."""

    made_by: MadeBy
    """What reproduces this answer."""
    loss: int | Literal["all"]
    """The timestep of the chosen loss."""
    timesteps: list[int]
    """(n,) The t of each step back from t to t - 1."""
    log10_ratio: Numbers
    """(n,) log10 of ‖∂L_s/∂h_{t-1}‖ / ‖∂L_s/∂h_t‖."""
    log10_factors: dict[str, Numbers]
    """(n,) log10 of each of its factors, by name; for an RNN."""
    shares: dict[str, Numbers]
    """(n,) The share that each path carries, from 0 to 1, by name; for a gated cell."""


class LyapunovAnswer(Answer):
    """The Lyapunov exponents of a run."""

    made_by: MadeBy
    """What reproduces this answer."""
    exponents: Numbers
    """(n,) In nats a timestep, the largest first, n being H or 2H."""
    timesteps: int
    """The number of timesteps over which the exponents are averaged."""


class SweepProgress(Answer):
    """A line while a sweep runs."""

    finished: int
    """The number of finished networks."""
    networks: int
    """The number of all networks."""


class SweepResult(Answer):
    """The last line of a sweep."""

    made_by: MadeBy
    """What reproduces this answer."""
    recurrent_scale: list[float]
    """(g,) The scales."""
    seeds: int
    """The number of networks of each scale."""
    distance: list[int]
    """(d,) Timesteps back from the loss: up to 200 of them."""
    log10_share_lower_quartile: Rows
    """(g, d) log10 of the share that arrives: its lower quartile over the seeds."""
    log10_share_median: Rows
    """(g, d) Its median."""
    log10_share_upper_quartile: Rows
    """(g, d) Its upper quartile."""
    median_factor: Numbers
    """(g,) The factor by which the gradient changes per timestep; none with attention."""
    critical_scale: float | None
    """The scale at which that factor is 1, where the sweep crosses it."""
    diverged: list[int]
    """(g,) The number of networks whose state overflowed."""


class SweepShares(Answer):
    """The last line of a sweep that requests only ``shares``."""

    made_by: MadeBy
    """What reproduces this answer."""
    recurrent_scale: list[float]
    """(g,) The scales."""
    seeds: int
    """The number of networks of each scale."""
    log10_share: Any
    """(g,) log10 of the share that arrives at t = 1."""
    edge_scale: float | None
    """The smallest scale at which the whole gradient arrives."""


class SweepFailure(Answer):
    """The last line of a sweep that failed."""

    error: Problem
    """What went wrong."""
