"""Le et al. 2015: the identity and ReLU."""

import numpy as np

from docs import findings
from docs.drawing import BLUE, CRIMSON, SLATE, figure, label, line
from docs.papers.base import Paper


def paper() -> Paper:
    norms = {name: findings.relu_norms(name) for name in ("identity", "gaussian")}
    relative = {name: each - each[:, -1:] for name, each in norms.items()}
    back = np.arange(next(iter(norms.values())).shape[1])[::-1]
    drawn = figure(
        "The identity starts with a flat gradient",
        "timesteps back",
        "log<sub>10</sub> ‖∂L/∂h<sub>t</sub>‖ relative to the last",
        *(line(back, each, BLUE, width=0.8) for each in relative["gaussian"]),
        *(line(back, each, CRIMSON, width=0.8) for each in relative["identity"]),
        line(back, back * np.log10(2**-0.5), SLATE, "dash", 2.5),
        xaxis={"range": [0, 72]},
        yaxis={"range": [-13, 3]},
    )
    label(drawn, 60, np.median(relative["identity"][:, 0]), "identity", CRIMSON)
    label(drawn, 60, back[0] * np.log10(2**-0.5) + 1, "gaussian", BLUE)
    label(drawn, 60, back[0] * np.log10(2**-0.5), "1/√2 a step", SLATE)
    factors = {name: [findings.factor(each) for each in found] for name, found in norms.items()}
    return Paper(
        "A ReLU network that starts from the identity keeps its gradient",
        drawn,
        "Twenty ReLU networks that start from the identity (red) and twenty gaussian ones (blue), "
        "all with small inputs (scale 0.1). Dashed: 1/√2 per timestep, which is what is left when "
        "half of the units are off.",
        f"The factor per timestep is {min(factors['identity']):.3f} to "
        f"{max(factors['identity']):.3f} with the identity, and "
        f"{np.median(factors['gaussian']):.2f} in the median gaussian network "
        f"({min(factors['gaussian']):.2f} to {max(factors['gaussian']):.2f}; 1/√2 is "
        f"{2**-0.5:.2f}).",
        "With the identity and no input the state and the gradient stay as they are: it agrees, "
        "and what is missing from 1 is the work of the inputs, which switch units off.",
        (
            "Q. V. Le, N. Jaitly, G. E. Hinton (2015), “A simple way to initialize recurrent "
            "networks of rectified linear units”, *arXiv:1504.00941*",
        ),
    )
