"""The share of a loss's gradient that arrives at each timestep, and the verdict on it.

    share_t = ‖∂L_s/∂h_t‖ / ‖∂L_s/∂h_s‖

s is the loss that is chosen. Where all are chosen together, the norms are those of the gradient of
their sum, L, and s is the last timestep that has a loss.
"""

import numpy as np

from unrolled.engine.numerics.arrays import Floats, Integers

VERDICTS = ("vanishing", "arriving", "exploding", "none")
_LEAST, _MOST = -1.0, 1.0
"""log10 of the shares between which the gradient arrives."""


def verdict(log10_share: float) -> str:
    """Return whether the gradient vanishes, arrives or explodes, by its share at t = 1.

    Parameters
    ----------
    log10_share
        log10 of the share: ``Trace.log10_share()[0]``.

    Returns
    -------
    str
        ``vanishing`` below 1/10, ``arriving`` from 1/10 to 10, ``exploding`` above 10; ``none``
        where no path leads back (-inf).

    Examples
    --------
    >>> verdict(-8.2), verdict(0.0), verdict(2.5), verdict(float("-inf"))
    ('vanishing', 'arriving', 'exploding', 'none')
    """
    if not np.isfinite(log10_share):
        return "none"
    if log10_share < _LEAST:
        return "vanishing"
    return "exploding" if log10_share > _MOST else "arriving"


def chosen_loss(asked: int | str, reached: Integers) -> int | str | None:
    """Return the loss that ``Experiment.loss`` names: its timestep, from 1, or ``all``.

    ``reached`` (n,) are the timesteps, from 0, whose loss was reached. None where the named
    loss is not among them.
    """
    if not len(reached):
        return None
    if asked == "last":
        return int(reached[-1]) + 1
    return asked if asked == "all" or asked - 1 in reached else None  # type: ignore[operator]


def losses_of(loss: int | str | None, reached: Integers) -> Integers:
    """Return the timesteps, from 0, whose losses a chosen loss is the sum of."""
    return reached if loss == "all" else reached[reached + 1 == loss]


def sent_from(loss: int | str, reached: Integers) -> int:
    """Return the timestep, from 0, at which the share of a chosen loss is 1."""
    return int(reached[-1]) if loss == "all" else int(loss) - 1


def log10_shares(log10_norms: Floats, own: float | Floats) -> Floats:
    """Return log10 of the shares, from the norms and the one at which the share is 1.

    -inf where no path leads, and everywhere if the loss sends nothing at all. ``own`` of several
    losses has an axis of length 1 for their norms.
    """
    with np.errstate(invalid="ignore"):  # -inf - -inf
        shares: Floats = np.where(np.isneginf(own), -np.inf, log10_norms - own)
    return shares
