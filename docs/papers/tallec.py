"""Tallec & Ollivier 2018: chrono initialization."""

import numpy as np

from docs import findings
from docs.drawing import BLUE, CRIMSON, GREEN, PURPLE, SLATE, SOFT, dots, figure, label, line
from docs.papers.base import Paper


def paper() -> Paper:
    longest = {10: BLUE, 30: GREEN, 100: PURPLE, 300: CRIMSON}
    expected = findings.left_at_the_longest()
    drawn = figure(
        "Name the longest dependency, and the gradient lasts as long",
        "timesteps back",
        "log<sub>10</sub> ‖∂L/∂c<sub>t</sub>‖ relative to the last",
        line([1, 600], [expected, expected], SOFT, "dot", 1.5),
        xaxis={"type": "log", "range": [0, 3.1], "tickvals": [1, 3, 10, 30, 100, 300]},
        yaxis={"range": [-1.7, 0.1]},
    )
    reached = {}
    for T_max, colour in longest.items():
        median = findings.left(T_max, recurrent_scale=0)
        reached[T_max] = median[T_max]
        drawn.add_trace(line(np.arange(1, len(median)), median[1:], colour))
        drawn.add_trace(dots([T_max], median[[T_max]], colour, size=11))
        label(drawn, np.log10(T_max) + 0.05, expected + 0.07, f"T<sub>max</sub> = {T_max}", colour)
    median = findings.left(0, recurrent_scale=0)
    drawn.add_trace(line(np.arange(1, len(median)), median[1:], SLATE, "dash", 1.8))
    label(drawn, 0.36, -1.0, "off: forget<br>bias 1", SLATE, xanchor="right")
    whole = {T_max: findings.left(T_max)[T_max] for T_max in longest}
    promised = findings.promised_memory(findings.remembering("lstm", 100))
    moved = [
        findings.remembering(cell, T_max, recurrent_scale=0)
        for cell in ("lstm", "gru")
        for T_max in longest
    ]
    ratios = np.array(
        [findings.measured_memory(trace) / findings.promised_memory(trace) for trace in moved]
    )
    return Paper(
        "Gates that start with a memory of a chosen length",
        drawn,
        "‖∂L/∂c_t‖ in LSTMs without recurrent weights, the median of 5 seeds. With `chrono` the "
        "biases of the forget gates are log U(1, T_max − 1), so that the units' memories, "
        "1/(1 − σ(b)) timesteps, are uniform from 2 to T_max. At T_max timesteps back (the dots) "
        "every curve has fallen to the same height; the dotted line is where a uniform mixture of "
        "exponentials is.",
        "The gradient at T_max is "
        + ", ".join(f"{10**each:.2f}" for each in reached.values())
        + f" of the last for T_max = {', '.join(map(str, reached))}; the mixture has "
        f"{10**expected:.2f}. With recurrent weights, which add paths, it is "
        + ", ".join(f"{10**each:.2f}" for each in whole.values())
        + f". At T_max = 100 the promised memories of 128 units are {promised.min():.1f} to "
        f"{promised.max():.1f} timesteps, {np.median(promised):.0f} in the median. "
        "While inputs move the gates, 1/e of a unit's gradient is left after "
        f"{np.quantile(ratios, 0.05):.2f} to {np.quantile(ratios, 0.95):.2f} times the promise "
        "(90% of the units, LSTM and GRU, all four T_max).",
        "Gates whose biases are drawn like that have characteristic times up to T_max: it agrees. "
        "In the GRU it is z that keeps the state here, as in PyTorch, and z that has this bias.",
        ("C. Tallec, Y. Ollivier (2018), “Can recurrent neural networks warp time?”, *ICLR*",),
    )
