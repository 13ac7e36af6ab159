"""Figure of a training run: its loss, and how far back the gradient reached."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from unrolled.app.figures.layout import axis, figure, filled, ruled
from unrolled.app.figures.marks import gradient_map, line
from unrolled.app.figures.palette import Palette
from unrolled.app.i18n.catalog import Translate
from unrolled.engine import TrainingStep
from unrolled.engine.bptt.shares import log10_shares

_GAP = 0.06
_LOSS = 0.3
"""The share of the height that the loss takes."""


def training(
    steps: Sequence[TrainingStep], baseline: float, theme: str = "light", most: int = 600
) -> go.Figure:
    """Plot the loss by training step, and the share that arrives by step and distance.

    Of more than ``most`` steps, the heatmap shows every k-th.
    """
    x = np.array([step.step for step in steps])
    every = -(-len(steps) // most)
    norms = np.array([step.log10_norm_by_distance for step in steps[::every]])
    z = log10_shares(norms, norms[:, :1]).T
    data: dict[str, Any] = {
        "loss": {"x": x, "y": [step.loss for step in steps]},
        "baseline": {"x": x[[0, -1]], "y": [baseline, baseline]},
        "reach": {
            "x": x[::every],
            "y": np.arange(len(z)),
            "z": np.where(np.isfinite(z), z, np.nan),
        },
    }
    return filled(define_training, theme, data)


def define_training(palette: Palette, t: Translate) -> go.Figure:
    says = t("figure.training.hover", step="%{x}", distance="%{y}", log10="%{z:.2f}")
    reach = gradient_map("reach", palette, t("figure.gradient.scale"), says)
    reach[0].colorbar.update(y=0, yanchor="bottom", len=1 - _LOSS - _GAP)
    step, value = "%{x}", "%{y:.3f}"
    return figure(
        palette,
        [
            *reach,
            line(
                "loss",
                palette["ink"],
                t("figure.training.loss.hover", step=step, loss=value),
                name=t("figure.training.loss"),
                yaxis="y2",
            ),
            line(
                "baseline",
                palette["ink-soft"],
                t("figure.training.baseline.hover", loss=value),
                name=t("figure.training.baseline"),
                line={"dash": "dash"},
                yaxis="y2",
            ),
        ],
        xaxis=axis(palette, t("figure.training.x")),
        yaxis=axis(palette, t("figure.distance"), domain=[0, 1 - _LOSS - _GAP]),
        yaxis2=ruled(palette, t("figure.training.loss"), domain=[1 - _LOSS, 1], rangemode="tozero"),
    )
