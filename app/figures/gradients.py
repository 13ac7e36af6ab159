"""Figures of gradient norms, shares and step factors."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from unrolled.app.figures.layout import axis, figure, filled, power_axis, ruled
from unrolled.app.figures.marks import beside, gradient_map, line
from unrolled.app.figures.palette import Palette
from unrolled.app.i18n.catalog import Translate
from unrolled.engine import Trace, mean_field
from unrolled.engine import step_factors as factors_of
from unrolled.engine.analysis.step_factors import SHARES
from unrolled.engine.bptt.shares import log10_shares

_RUNS = {"ink": "solid", "series-1": "solid", "series-3": "dash", "series-2": "dot"}
_FACTORS = {"weights": "solid", "saturation": "dot", "alignment": "dash"}


def gradient_norm(
    traces: Sequence[Trace], names: Sequence[str] = (), theme: str = "light"
) -> go.Figure:
    """Plot log10 of the share of the chosen loss's gradient against t, for up to four runs.

    The slope of mean-field theory is drawn for the first run, unless all losses are chosen.
    """
    first = traces[0]
    data: dict[str, Any] = {}
    for i, trace in enumerate(traces[: len(_RUNS)]):
        t = np.arange(1, len(trace.tokens) + 1)
        data[f"run-{i}"] = {"x": t, "y": _finite(trace.log10_share())}
        data[f"run-{i}"] |= {"name": names[i]} if i < len(names) else {}
    (reached,) = np.nonzero(np.isfinite(first.log10_share()))
    slope = None if first.chosen_loss == "all" else mean_field(first)
    if slope is not None and np.isfinite(slope) and len(reached):
        data["theory"] = {"x": reached + 1, "y": slope * (reached[-1] - reached)}
    return filled(define_norm, theme, data)


def gradient_matrix(trace: Trace, theme: str = "light") -> go.Figure:
    """Plot log10 of the share of each loss's gradient at each timestep, one row per loss.

    If there are several losses, the row of the chosen one is marked.
    """
    s, T = trace.reached_losses, len(trace.tokens)
    norms = trace.log10_gradient_matrix
    z = log10_shares(norms[s], norms[s, s][:, None])
    data = {"matrix": {"x": np.arange(1, T + 1), "y": s + 1, "z": z}}
    chosen = trace.chosen_loss if len(s) > 1 and isinstance(trace.chosen_loss, int) else None
    return filled(define_matrix, theme, data, {"chosen": chosen})


def step_factors(trace: Trace, theme: str = "light") -> go.Figure:
    """Plot weights, saturation, alignment and their product at each step back of the last loss."""
    found = factors_of(trace)
    log10 = {**found.log10_factors, "product": found.log10_ratio}
    data = {
        name: {"x": found.timesteps, "y": 10 ** _finite(values)} for name, values in log10.items()
    }
    return filled(define_step_factors, theme, data)


def shares(trace: Trace, theme: str = "light") -> go.Figure:
    """Plot the shares of the carry path and of the recurrent weights, for a gated cell."""
    found = factors_of(trace)
    data = {name: {"x": found.timesteps, "y": share} for name, share in found.shares.items()}
    return filled(define_shares, theme, data)


def define_norm(palette: Palette, t: Translate) -> go.Figure:
    says = t("figure.gradient_norm.hover", t="%{x}", log10="%{y:.2f}")
    runs = [
        line(
            f"run-{i}",
            palette[colour],
            says,
            name=t("figure.gradient_norm.run"),
            line={"width": 3 if i == 0 else 2, "dash": dash},
        )
        for i, (colour, dash) in enumerate(_RUNS.items())
    ]
    theory = line(
        "theory",
        palette["ink-faint"],
        t("figure.gradient_norm.theory.hover", t="%{x}", log10="%{y:.2f}"),
        name=t("figure.gradient_norm.theory"),
        line={"dash": "dash"},
    )
    return figure(
        palette,
        [*runs[1:], theory, runs[0]],
        xaxis=axis(palette, t("figure.timestep")),
        yaxis=power_axis(palette, t("figure.gradient_norm.y")),
    ).update_layout(margin={"t": 28})


def define_matrix(palette: Palette, t: Translate) -> go.Figure:
    says = t("figure.gradient_matrix.hover", t="%{x}", s="%{y}", log10="%{z:.2f}")
    return figure(
        palette,
        gradient_map("matrix", palette, t("figure.gradient.scale"), says),
        shapes=[beside("chosen", palette["ink"])],
        xaxis=axis(palette, t("figure.timestep")),
        yaxis=axis(palette, t("figure.loss"), autorange="reversed"),
    )


def define_step_factors(palette: Palette, t: Translate) -> go.Figure:
    lines = [
        line(
            name,
            palette[f"series-{i}"],
            t("figure.step_factors.hover", t="%{x}", value="%{y:.3g}"),
            name=t(f"figure.factor.{name}"),
            line={"dash": dash},
        )
        for i, (name, dash) in enumerate(_FACTORS.items())
    ]
    product = line(
        "product",
        palette["ink"],
        t("figure.step_factors.hover", t="%{x}", value="%{y:.3g}"),
        name=t("figure.factor.product"),
        line={"width": 3},
    )
    rules = [
        {
            "type": "line",
            "layer": "below",
            **{"xref": "paper", "x0": 0, "x1": 1, "y0": value, "y1": value},
            "line": {"color": palette["line-strong" if value == 1 else "line"], "width": 1},
        }
        for value in (0.5, 1, 2)
    ]
    return figure(
        palette,
        [product, *lines],
        shapes=rules,
        xaxis=axis(palette, t("figure.timestep")),
        yaxis=ruled(palette, t("figure.step_factors.y"), type="log", tickformat="~g", dtick="D2"),
    ).update_layout(margin={"t": 28})


def define_shares(palette: Palette, t: Translate) -> go.Figure:
    areas = [
        line(
            name,
            palette[f"series-{i}"],
            t("figure.shares.hover", t="%{x}", value="%{y:.0%}"),
            name=t(f"figure.share.{name}"),
            stackgroup="shares",
            line={"width": 1},
        )
        for i, name in enumerate(SHARES)
    ]
    return figure(
        palette,
        areas,
        xaxis=axis(palette, t("figure.timestep")),
        yaxis=ruled(palette, t("figure.shares.y"), range=[0, 1], tickformat=".0%", nticks=5),
    ).update_layout(margin={"t": 28})


def _finite(log10: Any) -> Any:
    """Return the values with NaN, which is drawn as a gap, where there is no path."""
    return np.where(np.isfinite(log10), log10, np.nan)
