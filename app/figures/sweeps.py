"""Figure of a sweep: the share that arrives by recurrent scale and distance from the loss."""

import numpy as np
import plotly.graph_objects as go

from unrolled.app.figures.layout import axis, figure, filled, ruled
from unrolled.app.figures.marks import gradient_map, upright
from unrolled.app.figures.palette import Palette
from unrolled.app.i18n.catalog import Translate
from unrolled.engine import Sweep


def sweep(found: Sweep, scale: float | None = None, theme: str = "light") -> go.Figure:
    """Plot the median over seeds, the critical scale and the current scale."""
    z = np.where(np.isnan(found.median), np.nan, found.median).T
    data = {"median": {"x": found.recurrent_scale, "y": np.arange(len(z)), "z": z}}
    lines = {"critical": found.critical_scale, "current": scale}
    return filled(define_sweep, theme, data, lines)


def define_sweep(palette: Palette, t: Translate) -> go.Figure:
    says = t("figure.sweep.hover", scale="%{x:.2f}", distance="%{y}", log10="%{z:.2f}")
    label = {"textangle": 0, "padding": 4, "font": {"size": 11}}
    above = {"textposition": "end", "yanchor": "bottom", "xanchor": "center"}
    inside = {"textposition": "start", "yanchor": "bottom", "xanchor": "left"}
    critical, current = t("figure.sweep.critical"), t("figure.sweep.current")
    return figure(
        palette,
        gradient_map("median", palette, t("figure.gradient.scale"), says),
        shapes=[
            upright(
                "critical",
                palette["paper"],
                line={"color": palette["paper"], "width": 2, "dash": "dot"},
                label={"text": critical, **label, **above},
            ),
            upright(
                "current",
                palette["paper"],
                label={
                    "text": current,
                    **label,
                    **inside,
                    "font": {"size": 12, "color": palette["paper"]},
                },
            ),
        ],
        xaxis=ruled(palette, t("figure.sweep.x"), showgrid=False, automargin=False, nticks=9),
        yaxis=axis(palette, t("figure.distance")),
    ).update_layout(margin={"t": 24})
