"""Bengio et al. 1994, Pascanu et al. 2013: what is enough to vanish, and what is not to explode."""

import numpy as np

from docs import findings
from docs.drawing import BLUE, CRIMSON, SLATE, SOFT, dots, figure, label, line
from docs.papers.base import Paper


def paper() -> Paper:
    norms = np.array([0.35, 0.5, 0.7, 0.85, 0.99, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0])
    found = {
        activation: np.array(
            [findings.factors_at_norm(norm / gamma, activation=activation, hidden_size=32)
             for norm in norms]
        )
        for activation, gamma in findings.GAMMA.items()
    }  # fmt: skip
    below, tanh = norms < 1, found["tanh"]
    drawn = figure(
        "Below the bound every network vanishes, and still somewhat above it",
        "γ ‖W<sub>hh</sub>‖, where the bound is 1",
        "factor per timestep back",
        line([1, 1], [0.1, 2.2], SOFT, "dot", 1.5),
        line([0.2, 8], [1, 1], SOFT, "solid", 1),
        line([0.3, 2.2], [0.3, 2.2], SLATE, "dash", 1.8),
        *(
            dots(np.repeat(norms, factors.shape[1]) * shift, factors.ravel(), colour, symbol, 6)
            for (shift, colour, symbol), factors in zip(
                [(0.985, BLUE, "circle"), (1.015, CRIMSON, "diamond-open")],
                found.values(),
                strict=True,
            )
        ),
        xaxis={"type": "log", "range": [-0.5, 0.85], "tickvals": [0.35, 0.5, 0.7, 1, 1.5, 2, 3, 4]},
        yaxis={
            "type": "log",
            "range": [-0.85, 0.32],
            "tickvals": [0.15, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2],
        },
    )
    label(drawn, 0.31, 0.27, "the most there can be", SLATE)
    label(drawn, 0.63, np.log10(np.median(tanh[-1])), "tanh", BLUE)
    label(drawn, 0.63, np.log10(np.median(found["sigmoid"][-1])), "sigmoid", CRIMSON)
    label(drawn, -0.49, 0.035, "kept", SOFT)
    worst = max((factors[below] / norms[below, None]).max() for factors in found.values())
    vanishing = {norm: np.mean(tanh[norms == norm] < 1) for norm in (1.5, 2.0, 4.0)}
    return Paper(
        "A small spectral norm is enough to vanish, a large one is not enough to explode",
        drawn,
        "Each mark is one random network, 20 at each value. Left of the dotted line, where "
        "γ‖W_hh‖ < 1 (γ is the largest slope of the activation: 1 for tanh, ¼ for sigmoid), every "
        "gradient shrinks at every timestep, and no mark is above the dashed line anywhere. Right "
        "of the dotted line the networks go on vanishing for long.",
        f"All {sum(factors[below].size for factors in found.values())} networks below the bound "
        f"vanish; a timestep keeps at most {worst:.2f} of what the bound allows. Above it "
        f"{vanishing[1.5]:.0%} of the tanh networks vanish at 1.5 times the bound, "
        f"{vanishing[2.0]:.0%} at 2 times and {vanishing[4.0]:.0%} at 4 times; of the sigmoid "
        f"networks {np.mean(found['sigmoid'][-1] < 1):.0%} at 4 times.",
        "γ‖W_hh‖ < 1 suffices to vanish, and a larger one is necessary, not sufficient, to "
        "explode: both agree.",
        (
            "Y. Bengio, P. Simard, P. Frasconi (1994), “Learning long-term dependencies with "
            "gradient descent is difficult”, *IEEE Transactions on Neural Networks* 5(2)",
            "R. Pascanu, T. Mikolov, Y. Bengio (2013), “On the difficulty of training recurrent "
            "neural networks”, *ICML*",
        ),
    )
