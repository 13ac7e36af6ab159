"""The distance over which each network learns to recall."""

import numpy as np

from docs.drawing import dots, figure, label, line
from docs.papers.base import Paper
from docs.stories.recall import COLOURS, STEPS, TOLD
from docs.stories.runs import NETWORKS, SEEDS, learns, network
from unrolled.engine import task

LENGTHS = (15, 30, 60, 120)
_APART = 0.05
"""Between lines that would lie on one another, in seeds."""


def story() -> Paper:
    learnt = {name: [_learnt(name, length) for length in LENGTHS] for name in NETWORKS}
    shares = {name: [len(steps) for steps in each] for name, each in learnt.items()}
    x = np.log2(np.array(LENGTHS) / LENGTHS[0])
    drawn = figure(
        "Without gates, a better start reaches further; gates reach furthest",
        "length of the sequence",
        f"seeds of {len(SEEDS)} that learn it",
        *(
            draw(x, np.array(each) + _APART * (i - 2), COLOURS[name])
            for i, (name, each) in enumerate(shares.items())
            for draw in (line, dots)
        ),
        xaxis={"tickvals": x, "ticktext": LENGTHS, "range": [-0.15, 1.38 * x[-1]]},
        yaxis={"range": [-0.35, len(SEEDS) + 0.35], "tickvals": list(range(len(SEEDS) + 1))},
    )
    for i, name in enumerate(reversed(NETWORKS)):
        label(drawn, x[-1] + 0.12, len(SEEDS) - 0.55 * i - 0.6, name, COLOURS[name])
    return Paper(
        "How far each network learns",
        drawn,
        f"Recall again, of sequences of {LENGTHS[0]} to {LENGTHS[-1]} timesteps. {TOLD}. Of five "
        f"seeds, one has learnt it when its loss is below half the baseline within {STEPS} steps; "
        "it is left there.",
        " ".join(_said(name, each) for name, each in learnt.items()),
        "Saxe et al. and Le et al. start a network without gates so that its gradient keeps its "
        "length, and it learns further than from gaussian weights; gates that start open for long "
        "enough go further still, as Tallec and Ollivier say: it agrees.",
        (
            "A. M. Saxe, J. L. McClelland, S. Ganguli (2014), “Exact solutions to the nonlinear "
            "dynamics of learning in deep linear neural networks”, *ICLR*",
            "Q. V. Le, N. Jaitly, G. E. Hinton (2015), “A simple way to initialize recurrent "
            "networks of rectified linear units”, *arXiv:1504.00941*",
            "C. Tallec, Y. Ollivier (2018), “Can recurrent neural networks warp time?”, *ICLR*",
        ),
    )


def _learnt(name: str, length: int) -> list[int]:
    """Return the steps that the seeds needed, of those that have learnt it."""
    half, fields = task("recall", length).baseline / 2, network(name, length)
    steps = (
        learns(half, seed, task="recall", length=length, steps=STEPS, **fields) for seed in SEEDS
    )
    return [step for step in steps if step is not None]


def _said(name: str, learnt: list[list[int]]) -> str:
    counts = ", ".join(
        f"{len(steps)} at {length}" + (f" (in {max(steps)} steps at most)" if steps else "")
        for length, steps in zip(LENGTHS, learnt, strict=True)
    )
    return f"{name}: {counts}."
