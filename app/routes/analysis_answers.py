"""The answers of analyses and sweeps, as the API's description has them."""

from typing import Any, Literal

from unrolled.app.routes.answers import MadeBy, Numbers, Rows
from unrolled.app.web.bodies import Answer, Problem


class Block(Answer):
    """The eigenvalues of a block of recurrent weights."""

    part: Literal["encoder", "decoder"]
    """Whose weights; ``encoder`` where there is but one network."""
    gate: str | None
    """Which gate's; null where there is but one block."""
    real: Numbers
    """(H,) Real parts, the largest modulus first."""
    imaginary: Numbers
    """(H,) Imaginary parts."""
    radius: float
    """The spectral radius."""


class SpectrumAnswer(Answer):
    """The eigenvalues of W_hh."""

    made_by: MadeBy
    """What makes this answer again."""
    blocks: list[Block]
    """One for each gate and each network."""


class SingularValuesAnswer(Answer):
    """The singular values of ∂s_T/∂s_t."""

    made_by: MadeBy
    """What makes this answer again."""
    distance: list[int]
    """(d,) T - t, in timesteps: up to nine of them."""
    log10_singular_values: Rows
    """(d, n) log10, the largest first, n being H or 2H."""


class StepFactorsAnswer(Answer):
    """What each step back of the chosen loss multiplies its gradient by."""

    made_by: MadeBy
    """What makes this answer again."""
    loss: int | Literal["all"]
    """The loss that is chosen, by its timestep."""
    timesteps: list[int]
    """(n,) The step back from t to t - 1, by its t."""
    log10_ratio: Numbers
    """(n,) log10 of ‖∂L_s/∂h_{t-1}‖ / ‖∂L_s/∂h_t‖."""
    log10_factors: dict[str, Numbers]
    """(n,) log10 of each factor of it, by name, of an RNN."""
    shares: dict[str, Numbers]
    """(n,) What each path carries, from 0 to 1, by name, of a gated cell."""


class LyapunovAnswer(Answer):
    """The Lyapunov exponents of a run."""

    made_by: MadeBy
    """What makes this answer again."""
    exponents: Numbers
    """(n,) In nats a timestep, the largest first, n being H or 2H."""
    timesteps: int
    """Over which they are taken."""


class SweepProgress(Answer):
    """A line while a sweep runs."""

    finished: int
    """Networks that are done."""
    networks: int
    """Networks in all."""


class SweepResult(Answer):
    """The last line of a sweep."""

    made_by: MadeBy
    """What makes this answer again."""
    recurrent_scale: list[float]
    """(g,) The scales."""
    seeds: int
    """Networks of each scale."""
    distance: list[int]
    """(d,) Timesteps back from the loss: up to 200 of them."""
    log10_share_lower_quartile: Rows
    """(g, d) log10 of the share that arrives, over the seeds."""
    log10_share_median: Rows
    """(g, d) Its median."""
    log10_share_upper_quartile: Rows
    """(g, d) Its upper quartile."""
    median_factor: Numbers
    """(g,) The factor a timestep at which the gradient changes."""
    critical_scale: float | None
    """The scale at which that factor is 1, where the sweep crosses it."""
    diverged: list[int]
    """(g,) Networks whose state overflowed."""


class SweepShares(Answer):
    """The last line of a sweep that asks for ``shares`` alone."""

    made_by: MadeBy
    """What makes this answer again."""
    recurrent_scale: list[float]
    """(g,) The scales."""
    seeds: int
    """Networks of each scale."""
    log10_share: Any
    """(g,) log10 of the share that arrives at t = 1."""
    edge_scale: float | None
    """The scale from which on all of it arrives."""


class SweepFailure(Answer):
    """The last line of a sweep that failed on the way."""

    error: Problem
    """What went wrong."""
