"""Saxe et al. 2014: orthogonal and gaussian linear networks."""

import numpy as np

from docs import findings
from docs.drawing import BLUE, CRIMSON, band, figure, label, line
from docs.papers.base import NEWMAN, Paper


def paper() -> Paper:
    distances = [1, 2, 4, 8, 12, 16, 24, 32, 48, 64]
    gaussian, orthogonal = (
        np.mean(
            [findings.singular_values_by_distance(distances, name, seed=seed) for seed in range(4)],
            axis=0,
        )
        for name in ("gaussian", "orthogonal")
    )
    H = gaussian.shape[1]
    ranks = [0, H // 4, H // 2, 3 * H // 4]
    drawn = figure(
        "Gaussian weights pull directions apart; orthogonal ones keep all",
        "timesteps back, d",
        "log<sub>10</sub> singular value of ∂h<sub>T</sub>/∂h<sub>T−d</sub>",
        *band(distances, gaussian[:, -1], gaussian[:, 0], BLUE),
        *(line(distances, gaussian[:, rank], BLUE, width=1.8) for rank in ranks),
        line(distances, orthogonal[:, 0], CRIMSON, width=4),
        xaxis={"range": [0, 80], "tickvals": [1, 8, 16, 24, 32, 48, 64]},
        yaxis={"range": [-22, 5]},
    )
    names = ("largest", "upper quarter", "median", "lower quarter")
    for rank, name in zip(ranks, names, strict=True):
        label(drawn, 65, gaussian[-1, rank], name, BLUE)
    label(drawn, 65, 0, "orthogonal: all", CRIMSON, yshift=-5)
    slope, law = gaussian[-1, H // 2] / distances[-1], 0.5 * np.log10(0.5)
    spread = gaussian[:, 0] - gaussian[:, H // 2]
    return Paper(
        "Orthogonal linear recurrence keeps every direction, gaussian recurrence almost none",
        drawn,
        "Singular values of ∂h_T/∂h_{T-d} in linear networks of 64 units, the mean of 4 seeds in "
        "log10. Orthogonal weights (red) keep all of them at 1. Gaussian weights (blue, the "
        "smallest is below the frame) stretch a few directions and lose the rest.",
        f"Orthogonal: none is further than {10 ** np.abs(orthogonal).max() - 1:.0e} from 1. "
        f"Gaussian: the largest is {10 ** spread[0]:.1f} times the median one timestep back and "
        f"10^{spread[-1]:.1f} times after {distances[-1]}; the median falls by "
        f"{-slope:.3f} decades per timestep, where random matrix theory (Newman 1986, half of the "
        f"directions keep more than √½) has {-law:.3f}.",
        "With orthogonal weights a deep linear network preserves the gradient's norm however deep "
        "it is; with scaled gaussian weights most directions vanish with depth: it agrees. The "
        "paper's layers have weights of their own; here W_hh is applied d times.",
        (
            "A. M. Saxe, J. L. McClelland, S. Ganguli (2014), “Exact solutions to the nonlinear "
            "dynamics of learning in deep linear neural networks”, *ICLR*",
            NEWMAN,
        ),
    )
