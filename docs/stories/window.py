"""The reach of the loss's gradient, while a network learns."""

import numpy as np

from docs.drawing import BLUE, CRIMSON, SLATE, figure, label, line
from docs.papers.base import Paper
from docs.stories.recall import LENGTH, recall

SHOWN = {"tanh RNN, gaussian": BLUE, "GRU": SLATE, "LSTM": CRIMSON}


def story() -> Paper:
    reach = {
        name: np.median([_relative(run.reach[:100]) for run in recall(name)], axis=0)
        for name in SHOWN
    }
    back = np.arange(LENGTH)
    drawn = figure(
        "The window of a plain RNN stays short",
        "timesteps before the loss",
        "log<sub>10</sub> ‖∂L/∂h‖ relative to the last",
        *(line(back, each, SHOWN[name]) for name, each in reach.items()),
        xaxis={"range": [0, LENGTH]},
    )
    middle = LENGTH // 2
    lowest = min(each[middle] for each in reach.values())
    for name, each in reach.items():
        steep = bool(each[middle] == lowest)
        label(drawn, middle + steep, each[middle] + (0.3 if steep else 0.6), name, SHOWN[name])
    said = (
        f"{name}: at {LENGTH - 1} timesteps 10<sup>{each[-1]:.1f}</sup> of it is left".replace(
            "<sup>-", "<sup>−"
        )
        for name, each in reach.items()
    )
    return Paper(
        "How far back the gradient reaches",
        drawn,
        "The gradient of the loss by distance, in the first hundred training steps of the networks "
        "above: the median over minibatch, steps and seeds, relative to the timestep of the loss.",
        "; ".join(said) + ".",
        "A product of one factor a timestep falls exponentially; the gates' carry path does not: "
        "it agrees.",
        (
            "R. Pascanu, T. Mikolov, Y. Bengio (2013), “On the difficulty of training recurrent "
            "neural networks”, *ICML*",
        ),
    )


def _relative(reach: np.ndarray) -> np.ndarray:
    return np.median(reach - reach[:, :1], axis=0)
