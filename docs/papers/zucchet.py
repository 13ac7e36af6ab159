"""Zucchet & Orvieto 2024: the curse of memory."""

import numpy as np

from docs import recent_findings as findings
from docs.drawing import BLUE, CRIMSON, SLATE, dots, figure, label, line
from docs.papers.base import Paper

DECAYS = (0.5, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995)


def paper() -> Paper:
    left = 1 - np.array(DECAYS)
    kept, sensitivity = np.array([findings.kept_and_sensitivity(each) for each in DECAYS]).T
    expected = np.array([findings.expected_sensitivity(each) for each in DECAYS])
    states = 1 / (1 - np.array(DECAYS) ** 2)
    log10 = np.log10
    drawn = figure(
        "The longer a unit remembers, the more a small change of λ matters",
        "log<sub>10</sub> (1 − λ), the memory grows to the right",
        "log<sub>10</sub>",
        line(log10(left), log10(expected), SLATE, "dash", 1.5),
        dots(log10(left), log10(sensitivity), CRIMSON),
        line(log10(left), log10(states), SLATE, "dot", 1.5),
        line(log10(left), log10(kept), BLUE),
        xaxis={"range": [-0.1, -2.5]},
        yaxis={"range": [-6.5, 7]},
    )
    label(drawn, -1.5, 5.2, "(∂h<sub>T</sub>/∂λ)²", CRIMSON)
    label(drawn, -1.9, 1.0, "h<sub>T</sub>²", SLATE)
    label(drawn, -1.62, -3.2, "what is left of ∂L/∂h<sub>t</sub><br>100 timesteps back", BLUE)
    apart = np.abs(sensitivity / expected - 1).max()
    return Paper(
        "The curse of memory: the parameters become sensitive where the gradient does not vanish",
        drawn,
        "Linear units that are alone, h_t = λ h_{t-1} + x_t, and read white noise; 256 of them at "
        "each λ. Red: the mean of (∂h_T/∂λ)², measured as ∂L/∂W_hh; dashed, what theory has for "
        "it. Dotted: the mean of h_T². Blue: the share of ∂L/∂h_T that is left 100 timesteps "
        "back, which is λ¹⁰⁰, and comes close to 1.",
        f"From λ = {DECAYS[0]} to {DECAYS[-1]} the sensitivity grows "
        f"{sensitivity[-1] / sensitivity[0]:,.0f} times, the state's square "
        f"{states[-1] / states[0]:.0f} times, and the share that is left goes from "
        f"10^−{-log10(kept[0]):.0f} to {kept[-1]:.2f}. The measured sensitivity is within "
        f"{100 * apart:.0f}% of (1 + λ²)/(1 − λ²)³.",
        "As |λ| → 1 the gradient with respect to the states neither vanishes nor explodes, and the "
        "sensitivity to the parameters diverges all the same: it agrees. The paper goes on to show "
        "how a diagonal network may be parametrized against it.",
        (
            "N. Zucchet, A. Orvieto (2024), “Recurrent neural networks: vanishing and exploding "
            "gradients are not the end of the story”, *NeurIPS*",
        ),
    )
