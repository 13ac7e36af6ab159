"""Recall: which networks learn a dependency of thirty timesteps."""

from functools import cache

import numpy as np

from docs.drawing import BLUE, CRIMSON, GREEN, INK, PURPLE, SLATE, figure, label, line
from docs.papers.base import Paper
from docs.stories.runs import NETWORKS, SEEDS, Learnt, network, of_all_seeds
from unrolled.engine import task

LENGTH, STEPS = 30, 800
BASELINE = task("recall", LENGTH).baseline
COLOURS = dict(zip(NETWORKS, (BLUE, SLATE, PURPLE, GREEN, CRIMSON), strict=True))
TOLD = (
    "All networks have 32 hidden units, minibatches of 32, Adam at 0.003 and clipping at norm 1; "
    "the gates start with memories of up to the length of the sequence"
)


@cache
def recall(name: str) -> list[Learnt]:
    fields = network(name, LENGTH)
    return of_all_seeds(task="recall", length=LENGTH, steps=STEPS, **fields)


def story() -> Paper:
    runs = {name: recall(name) for name in NETWORKS}
    drawn = figure(
        "Gates learn what is far away; a plain tanh network does not",
        "training step",
        "loss, nats",
        *(
            line(np.arange(len(run.losses)) + 20, run.losses, COLOURS[name], width=1.4)
            for name, each in runs.items()
            for run in each
        ),
        line([0, STEPS], [BASELINE, BASELINE], INK, "dash", 1.5),
        xaxis={"range": [0, 1.38 * STEPS]},
        yaxis={"range": [0, 2.9]},
    )
    label(drawn, STEPS * 0.99, BASELINE + 0.1, "baseline: ln 8", INK, xanchor="right")
    for i, (name, colour) in enumerate(COLOURS.items()):
        label(drawn, STEPS * 1.02, 1.5 - 0.24 * i, name, colour)
    return Paper(
        f"Recall over {LENGTH} timesteps",
        drawn,
        f"The network reads one of eight letters, then {LENGTH - 1} others that do not matter, and "
        f"has to name the first. {TOLD}. Five seeds each.",
        " ".join(_said(name, each) for name, each in runs.items()),
        "A gradient that vanishes cannot teach what is far away, and gates keep it: it agrees "
        "with Hochreiter & Schmidhuber and with Bengio et al. The orthogonal start, and the "
        "identity with ReLU, keep the gradient without gates, for a while: the next figure says "
        "for how long.",
        (
            "Y. Bengio, P. Simard, P. Frasconi (1994), “Learning long-term dependencies with "
            "gradient descent is difficult”, *IEEE Transactions on Neural Networks* 5",
            "S. Hochreiter, J. Schmidhuber (1997), “Long short-term memory”, "
            "*Neural Computation* 9",
            "Q. V. Le, N. Jaitly, G. E. Hinton (2015), “A simple way to initialize recurrent "
            "networks of rectified linear units”, *arXiv:1504.00941*",
            "C. Tallec, Y. Ollivier (2018), “Can recurrent neural networks warp time?”, *ICLR*",
        ),
    )


def _said(name: str, runs: list[Learnt]) -> str:
    passed = [step for run in runs if (step := run.passes(BASELINE / 2)) is not None]
    shares = [run.losses[-1] / BASELINE for run in runs]
    seconds = np.median([run.seconds for run in runs])
    when = f", after {min(passed)} to {max(passed)} steps" if passed else ""
    return (
        f"{name}: {len(passed) or 'none'} of {len(SEEDS)} below half the baseline{when}; they end "
        f"at {min(shares):.2f} to {max(shares):.2f} of it ({seconds:.0f} s for all {STEPS} steps)."
    )
