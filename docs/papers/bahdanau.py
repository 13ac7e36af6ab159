"""Bahdanau et al. 2015 and Luong et al. 2015: attention as the short path."""

import numpy as np

from docs import recent_findings as findings
from docs.drawing import BLUE, CRIMSON, figure, label, line
from docs.papers.base import Paper, minus

LENGTHS = (1, 2, 5, 10, 20, 40, 60, 80, 120, 160)
SEEDS = range(5)


def paper() -> Paper:
    styles = {("rnn", "solid"): "RNN", ("lstm", "dash"): "LSTM"}
    drawn = figure(
        "With attention the first token is as near as any",
        "timesteps of the decoder between the encoder and the loss",
        "log<sub>10</sub> share of the gradient at t = 1",
        xaxis={"range": [0, 205]},
        yaxis={"range": [-13, 1]},
    )
    medians = {}
    for (cell, dash), name in styles.items():
        for attention, colour in (("none", BLUE), ("dot", CRIMSON)):
            found = findings.share_at_the_first(cell, attention, LENGTHS, SEEDS)  # type: ignore[arg-type]
            medians[cell, attention] = median = np.median(found, axis=0)
            drawn.add_trace(line(LENGTHS, median, colour, dash))
            shift = 8 if cell == "rnn" else -8
            label(drawn, 163, float(median[-1]), name, colour, yshift=shift)
    found = findings.share_at_the_first("rnn", "additive", LENGTHS, SEEDS)
    medians["rnn", "additive"] = additive = np.median(found, axis=0)
    drawn.add_trace(line(LENGTHS, additive, CRIMSON, "dot"))
    label(drawn, 60, 0.3, "with attention", CRIMSON)
    label(drawn, 40, -6.4, "without", BLUE)
    far = medians["rnn", "dot"][3:]
    return Paper(
        "Attention makes the path from any output to any input one step long",
        drawn,
        "An encoder reads ten tokens, a decoder says 1 to 160; the share of its last loss's "
        "gradient that arrives at the very first token, the median of five seeds, with attention "
        "(red) and without (blue), of an RNN (solid) and an LSTM (dashed). Dotted: the RNN with "
        "the additive score.",
        f"Without attention 10^{minus(medians['rnn', 'none'][-1], 1)} is left in the RNN after 160 "
        f"timesteps and 10^{minus(medians['lstm', 'none'][-1], 1)} in the LSTM. With it the share "
        f"is 10^{minus(float(far[-1]), 2)} in the RNN from 10 timesteps on, and changes by at most "
        f"{np.ptp(far):.2f} in log10; with the additive score it is "
        f"10^{minus(float(additive[-1]), 2)} there, and changes by at most "
        f"{np.ptp(additive[3:]):.2f}.",
        "The decoder no longer has to squeeze the sentence through one vector: each output reads "
        "the states of the encoder itself, and the path no longer depends on the distance: it "
        "agrees. The first score is the product of Luong et al., the additive one the small "
        "network of Bahdanau et al.; with both the output reads the result, as in Luong et al. In "
        "Bahdanau et al. it goes into the decoder's next state.",
        (
            "D. Bahdanau, K. Cho, Y. Bengio (2015), “Neural machine translation by jointly "
            "learning to align and translate”, *ICLR*",
            "M.-T. Luong, H. Pham, C. D. Manning (2015), “Effective approaches to attention-based "
            "neural machine translation”, *EMNLP*",
        ),
    )
