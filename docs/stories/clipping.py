"""Exploding gradients, and what clipping does about them."""

import math

import numpy as np

from docs.drawing import BLUE, CRIMSON, INK, dots, figure, label, line
from docs.papers.base import Paper
from docs.stories.runs import SEEDS, of_all_seeds
from unrolled.engine import task

SCALE, STEPS = 2, 400
SINE = {
    "task": "sine",
    "cell": "rnn",
    "activation": "relu",
    "initialization": "orthogonal",
    "recurrent_scale": SCALE,
    "optimizer": "sgd",
    "learning_rate": 0.1,
    "steps": STEPS,
}


def story() -> Paper:
    baseline = task("sine").baseline
    free, clipped = (of_all_seeds(**SINE, clip_norm=clip) for clip in (0.0, 1.0))
    drawn = figure(
        "Without clipping it ends at once; with clipping it learns",
        "training step",
        "log<sub>10</sub> loss",
        *(
            line(np.arange(len(run.losses)) + 20, np.log10(run.losses), BLUE, width=1.4)
            for run in clipped
        ),
        dots([run.step for run in free], [np.log10(baseline)] * len(free), CRIMSON, "x", 10),
        line([0, STEPS], [np.log10(baseline)] * 2, INK, "dash", 1.5),
        xaxis={"range": [-6, STEPS]},
    )
    label(drawn, STEPS * 0.99, np.log10(baseline) + 0.35, "baseline", INK, xanchor="right")
    label(drawn, 4, np.log10(baseline) - 1.2, "× ended: not clipped", CRIMSON)
    label(drawn, STEPS * 0.55, np.log10(baseline) - 1.6, "clipped at norm 1", BLUE)
    diverged = [run for run in free if run.diverged]
    last = [run.losses[-1] / baseline for run in clipped]
    return Paper(
        "Exploding gradients, and clipping",
        drawn,
        f"A ReLU RNN with orthogonal recurrent weights of scale {SCALE}, far too large, predicts a "
        "sine wave, with plain SGD at 0.1. Five seeds with the gradient clipped at norm 1, and the "
        "same five without.",
        f"Without clipping {len(diverged)} of {len(SEEDS)} end within "
        f"{max(run.step for run in free)} steps, because a loss or a weight is no longer a number. "
        f"With clipping all go on for {STEPS} steps, though the gradient reaches "
        f"10<sup>{max(run.largest for run in clipped):.0f}</sup>, and end below "
        f"{math.ceil(10 * max(last)) / 10} of the baseline.",
        "Clipping the norm keeps the direction of an exploding gradient and lets training go on: "
        "it agrees.",
        (
            "R. Pascanu, T. Mikolov, Y. Bengio (2013), “On the difficulty of training recurrent "
            "neural networks”, *ICML*",
        ),
    )
