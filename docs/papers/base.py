"""The section of a paper."""

from typing import NamedTuple

import plotly.graph_objects as go

NEWMAN = (
    "C. M. Newman (1986), “The distribution of Lyapunov exponents: exact results for random "
    "matrices”, *Communications in Mathematical Physics* 103"
)


class Paper(NamedTuple):
    heading: str
    figure: go.Figure
    see: str
    """What to see in the figure."""
    measured: str
    """With the numbers of this run."""
    claim: str
    """What the paper says, and how the numbers compare with it."""
    sources: tuple[str, ...]


def minus(value: float, digits: int) -> str:
    """Return a number with a minus sign in place of a hyphen."""
    return f"{value:.{digits}f}".replace("-", "−")
