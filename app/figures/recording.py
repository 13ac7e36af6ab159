"""Figure of a recorded training: how far back the gradient reached, level by level."""

import numpy as np
import plotly.graph_objects as go

from unrolled.app.figures.layout import axis, figure, filled
from unrolled.app.figures.marks import gradient_map
from unrolled.app.figures.palette import Palette
from unrolled.app.i18n.catalog import Translate
from unrolled.engine import Window

_GAP = 0.06
_FEW = 10
"""Steps up to which each has its label; between so few an axis would have the same label twice."""


def recording(window: Window, theme: str = "light") -> go.Figure:
    """Plot the share that arrives by step and distance, a map for each layer and direction."""
    data = {}
    for n, level in enumerate(window.levels):
        norms = window.hidden[:, n]
        with np.errstate(invalid="ignore"):
            z = (norms - norms[:, :1]).T
        reached = np.where(np.isfinite(z), z, np.nan)
        data[level] = {"x": window.steps, "y": np.arange(len(z)), "z": reached}

    def define(palette: Palette, t: Translate) -> go.Figure:
        return _define(window, palette, t)

    return filled(define, theme, data)


def _define(window: Window, palette: Palette, t: Translate) -> go.Figure:
    says = t("figure.training.hover", step="%{x}", distance="%{y}", log10="%{z:.2f}")
    traces, axes, height = [], {}, 1 / len(window.levels)
    for n, level in enumerate(window.levels):
        number = "" if n == 0 else str(n + 1)
        marks = gradient_map(level, palette, t("figure.gradient.scale"), says)
        for each in marks:
            each.update(yaxis=f"y{number}")
        marks[0].update(showscale=n == 0)
        traces += marks
        domain = [n * height, (n + 1) * height - _GAP * height]
        axes[f"yaxis{number}"] = axis(palette, f"{level}<br>{t('figure.distance')}", domain=domain)
    labels = {"tickvals": window.steps} if len(window.steps) <= _FEW else {}
    xaxis = axis(palette, t("figure.training.x"), **labels)
    return figure(palette, traces, xaxis=xaxis, **axes)
