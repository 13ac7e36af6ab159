"""Hochreiter & Schmidhuber 1997, Gers et al. 2000, Jozefowicz et al. 2015: the LSTM's carry."""

import numpy as np

from docs import findings
from docs.drawing import BLUE, CRIMSON, SLATE, SOFT, figure, label, line
from docs.papers.base import Paper, minus
from unrolled import engine
from unrolled.engine.cells.activations import sigmoid
from unrolled.engine.numerics.arrays import Floats


def paper() -> Paper:
    styles = {1: (CRIMSON, "open"), 0: (SLATE, "half open"), -2: (BLUE, "nearly shut")}
    whole, carry, factors = {}, {}, {}
    for bias in styles:
        whole[bias] = findings.gradient_norms(cell="lstm", forget_bias=bias)
        carry[bias] = _carried(bias)
        factors[bias] = np.median([findings.factor(each) for each in whole[bias]])
    gates = sigmoid(np.array([*styles], dtype=float))
    alone = engine.trace(findings.SEQUENCE, cell="lstm", recurrent_scale=0)
    error = np.abs(findings.carried(alone) - findings.carry_norms(alone)).max()
    back = np.arange(whole[0].shape[1])[::-1]
    drawn = figure(
        "The bias of the forget gate decides how long the LSTM keeps a gradient",
        "timesteps back",
        "log<sub>10</sub> ‖∂L/∂c<sub>t</sub>‖ relative to the last",
        xaxis={"range": [0, 78]},
        yaxis={"range": [-38, 2]},
    )
    for bias, (colour, words) in styles.items():
        solid, dashed = (
            np.median(each - each[:, -1:], axis=0) for each in (whole[bias], carry[bias])
        )
        drawn.add_traces([line(back, solid, colour), line(back, dashed, colour, "dot", 1.8)])
        label(drawn, 59.5, solid[0], f"bias {minus(bias, 0)}: {words}", colour)
    label(drawn, 3, -33, "— gradient<br>··· forget gates alone", SOFT)
    return Paper(
        "The LSTM's carry is the product of its forget gates",
        drawn,
        "‖∂L/∂c_t‖ in LSTMs with recurrent weights, the median of 20 seeds, for three biases of "
        "the forget gate. Solid: the whole gradient. Dotted: the last gradient times the forget "
        "gates, and nothing else. The whole is the larger: the recurrent weights are a second "
        "path.",
        f"The median factor per timestep is {factors[1]:.2f} with bias 1, {factors[0]:.2f} with 0 "
        f"and {factors[-2]:.2f} with −2; the gates alone, at σ(bias), would keep "
        f"{gates[0]:.2f}, {gates[1]:.2f} and {gates[2]:.2f}. Without recurrent weights the "
        f"gradient is the product of the forget gates to {error:.0e} in log10.",
        "The carry is multiplied by f_t and by no matrix (1997; the forget gate itself is of "
        "2000), and a bias of 1 lets the gradient through where 0 and −2 do not (2015): it agrees.",
        (
            "S. Hochreiter, J. Schmidhuber (1997), “Long short-term memory”, *Neural Computation* "
            "9(8)",
            "F. A. Gers, J. Schmidhuber, F. Cummins (2000), “Learning to forget: continual "
            "prediction with LSTM”, *Neural Computation* 12(10)",
            "R. Jozefowicz, W. Zaremba, I. Sutskever (2015), “An empirical exploration of "
            "recurrent network architectures”, *ICML*",
        ),
    )


def _carried(bias: float) -> Floats:
    traces = (
        engine.trace(findings.SEQUENCE, cell="lstm", forget_bias=bias, seed=seed)
        for seed in findings.SEEDS
    )
    return np.array([findings.carried(trace) for trace in traces])
