"""Sompolinsky et al. 1988: the transition to chaos."""

import numpy as np

from docs import findings
from docs.drawing import BLUE, CRIMSON, SLATE, SOFT, band, figure, label, line
from docs.papers.base import Paper, minus
from unrolled.engine.numerics.arrays import Floats


def paper() -> Paper:
    scales = np.array([0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.7, 2.0])
    largest = {
        H: np.array(
            [[findings.spectrum(findings.left_alone(g, H, seed))[0] for g in scales]
             for seed in range(3)]
        )
        for H in (32, 128)
    }  # fmt: skip
    crossings = [_crossing(scales, exponents) for exponents in largest[128]]
    drawn = figure(
        "Silence turns into chaos at g = 1",
        "recurrent weight scale g",
        "largest Lyapunov exponent",
        *band(scales, largest[128].min(axis=0), largest[128].max(axis=0), CRIMSON),
        line([0.45, 2.2], [0, 0], SOFT, "solid", 1),
        line([1, 1], [-0.8, 0.3], SOFT, "dot", 1.5),
        line(scales, np.log(scales), SLATE, "dash", 1.8),
        line(scales, np.median(largest[32], axis=0), BLUE, "dot"),
        line(scales, np.median(largest[128], axis=0), CRIMSON),
        xaxis={"range": [0.45, 2.2]},
        yaxis={"range": [-0.75, 0.32]},
    )
    label(drawn, 2.02, np.median(largest[128][:, -1]), "H = 128", CRIMSON)
    label(drawn, 2.02, np.median(largest[32][:, -1]) - 0.02, "H = 32", BLUE)
    label(drawn, 1.33, 0.26, "ln g: nothing saturates", SLATE)
    label(drawn, 0.48, 0.035, "chaos")
    label(drawn, 0.48, -0.035, "silence")
    at = {g: np.median(largest[128][:, scales == g]) for g in (0.7, 1.5)}
    return Paper(
        "A large random network falls silent below g = 1 and is chaotic above",
        drawn,
        "The largest Lyapunov exponent, in nats per timestep, of gaussian tanh networks that read "
        "one token and then nothing, the median of 3 seeds (the band is all of them at H = 128). "
        "Below g = 1 it follows ln g: the state dies out. Above, saturation holds it back, and it "
        "is positive.",
        f"At H = 128 it crosses zero at g = {np.mean(crossings):.2f}, between the scales that were "
        f"run, and is {minus(at[0.7], 2)} at g = 0.7 and {minus(at[1.5], 2)} at g = 1.5. Small "
        "networks find fixed points and cycles above g = 1 too: at H = 32 the median crosses at "
        f"g = {_crossing(scales, np.median(largest[32], axis=0)):.1f}.",
        "In an infinitely large network the transition is at g = 1: it agrees, within what 128 "
        "units leave uncertain. The paper's network runs in continuous time; ours, "
        "h_t = tanh(W_hh h_{t-1}), loses the stability of silence at the same g, but its exponents "
        "above g = 1 are not the paper's.",
        (
            "H. Sompolinsky, A. Crisanti, H. J. Sommers (1988), “Chaos in random neural networks”, "
            "*Physical Review Letters* 61(3)",
        ),
    )


def _crossing(scales: Floats, exponents: Floats) -> float:
    """Return where the exponent first turns positive, by linear interpolation."""
    i = int(np.argmax(exponents > 0))
    share = exponents[i - 1] / (exponents[i - 1] - exponents[i])
    return float(scales[i - 1] + share * (scales[i] - scales[i - 1]))
