"""Arjovsky et al. 2016: an orthogonal recurrence over hundreds of timesteps."""

import numpy as np

from docs import recent_findings as findings
from docs.drawing import BLUE, CRIMSON, SLATE, figure, label, line
from docs.papers.base import Paper, minus

T = 500
NETWORKS = {
    "orthogonal, linear": (CRIMSON, {"activation": "identity"}),
    "orthogonal, tanh": (SLATE, {}),
    "gaussian, linear": (BLUE, {"activation": "identity", "initialization": "gaussian"}),
}


def paper() -> Paper:
    seeds = range(5)
    found = {
        name: findings.norms_over(T, seeds, **fields) for name, (_, fields) in NETWORKS.items()
    }
    drawn = figure(
        "An orthogonal recurrence keeps the gradient's norm; tanh spends it",
        "timesteps back",
        "log<sub>10</sub> ‖∂L/∂h<sub>t</sub>‖ relative to the last",
        xaxis={"range": [0, 640]},
        yaxis={"range": [-42, 42]},
    )
    back = np.arange(T)[::-1]
    for name, (colour, _) in NETWORKS.items():
        width = 3 if "orthogonal, linear" in name else 1
        every = 1 if width == 1 else T - 1
        drawn.add_traces(
            [line(back[::every], each[::every], colour, width=width) for each in found[name]]
        )
        label(drawn, T + 6, float(np.median(found[name][:, 0])), name, colour)
    off = np.abs(found["orthogonal, linear"]).max()
    linear, tanh = (found[name][:, 0] for name in ("gaussian, linear", "orthogonal, tanh"))
    return Paper(
        "Over 500 timesteps an orthogonal linear recurrence keeps the norm exactly",
        drawn,
        "‖∂L/∂h_t‖ over 500 timesteps, five seeds each: orthogonal weights without an activation "
        "(red), gaussian ones likewise (blue), and orthogonal weights with tanh (dark).",
        f"Orthogonal and linear: the norm of no timestep is further from the last than {off:.0e} "
        f"in log10. Gaussian and linear: 10^{minus(linear.min(), 0)} to "
        f"10^{minus(linear.max(), 0)} of it arrive. With tanh "
        f"10^{minus(float(np.median(tanh)), 0)} in the median.",
        "Unitary matrices keep the norm of the gradient through any number of timesteps, and only "
        "the slope of the activation takes from it: it agrees. The paper's matrices are complex, "
        "and stay unitary while they are trained; ours are as they are drawn.",
        (
            "M. Arjovsky, A. Shah, Y. Bengio (2016), “Unitary evolution recurrent neural "
            "networks”, *ICML*",
        ),
    )
