"""Poole et al. 2016, Schoenholz et al. 2017: the mean-field slope."""

import numpy as np

from docs import findings
from docs.drawing import CRIMSON, SLATE, SOFT, dots, figure, label, line
from docs.papers.base import Paper


def paper() -> Paper:
    scales = np.array([0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.4, 1.6, 2.0, 2.5, 3.0])
    slopes = np.array(
        [[findings.slopes(findings.reading(g, seed)) for g in scales] for seed in range(4)]
    )
    measured, theory = np.moveaxis(slopes, 2, 0)
    errors = np.abs(measured - theory).max(axis=0)
    drawn = figure(
        "Mean-field theory predicts the slope of the gradient",
        "recurrent weight scale g",
        "decades per timestep back",
        line([0.45, 3.05], [0, 0], SOFT, "solid", 1),
        line(scales, theory.mean(axis=0), SLATE, "dash", 2),
        *(dots(scales, each, CRIMSON, "circle-open", 8) for each in measured),
        xaxis={"range": [0.45, 3.05]},
        yaxis={"range": [-0.33, 0.18]},
    )
    label(drawn, 2.1, 0.035, "○ measured, 4 networks", CRIMSON)
    label(drawn, 2.1, 0.0, "- - theory, ½ log<sub>10</sub> χ", SLATE, yshift=-14)
    quiet, chaos = scales < 1, scales > 1.5
    return Paper(
        "The slope of the gradient follows from the scale and the saturation alone",
        drawn,
        "The measured slope of log10 ‖∂L/∂h_t‖ in gaussian tanh networks of 512 units that read "
        f"300 tokens, against ½ log10 χ, χ = g²⟨f'(a)²⟩. The first {findings.WARMUP} timesteps are "
        "left out: until the activity is stationary χ changes.",
        f"The largest error is {errors[chaos].max():.3f} decades per timestep in chaos "
        f"(g ≥ 1.6) and {errors[quiet].max():.3f} below g = 1, where the theory is the steeper: "
        "there the same matrix, applied again and again, favours the direction of its largest "
        "eigenvalue, which the theory, with weights drawn anew at each layer, does not know.",
        "χ separates vanishing from exploding and gives the rate: it agrees. The papers have deep "
        "networks with weights of their own in each layer; a recurrent network shares them.",
        (
            "B. Poole, S. Lahiri, M. Raghu, J. Sohl-Dickstein, S. Ganguli (2016), “Exponential "
            "expressivity in deep neural networks through transient chaos”, *NeurIPS*",
            "S. S. Schoenholz, J. Gilmer, S. Ganguli, J. Sohl-Dickstein (2017), “Deep information "
            "propagation”, *ICLR*",
        ),
    )
