"""Every Plotly figure, once: for the page, for a notebook, for an export.

The page takes ``definitions`` and fills in numbers; ``hidden_states(trace)`` and
``gradient_matrix(trace)`` are the same figures with the numbers of a trace in them.
"""

import json
import re
from functools import cache
from typing import Any

import numpy as np
import plotly.graph_objects as go

from app.assets import root
from app.catalog import Translate, translator
from engine import Trace

THEMES = ("light", "dark")
CONFIG = {
    "displaylogo": False,
    "displayModeBar": False,
    "responsive": True,
    # plotly.js 4 offers to upload charts to a host of its own, unless told not to
    "showSendToCloud": False,
    "plotlyServerURL": "",
}
_DECADES = 6
_TOKEN = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6})")


def hidden_states(trace: Trace, theme: str = "light") -> go.Figure:
    """The hidden states of a trace, one row a unit, one column a timestep."""
    figure = _hidden_states(colours(theme), translator())
    T, H = trace.hidden.shape
    return figure.update_traces(x=np.arange(1, T + 1), y=np.arange(1, H + 1), z=trace.hidden.T)


def gradient_matrix(trace: Trace, theme: str = "light") -> go.Figure:
    """log10 of what each loss sends to each timestep, for the timesteps that owe one."""
    figure = _gradient_matrix(colours(theme), translator())
    (owing,) = np.nonzero(np.isfinite(trace.losses))
    T = len(trace.tokens)
    z = trace.log10_gradient_matrix[owing]
    return figure.update_traces(x=np.arange(1, T + 1), y=owing + 1, z=z)


def definitions(theme: str, t: Translate) -> dict[str, Any]:
    """The figures without numbers, as JSON: data, layout, config."""
    palette = colours(theme)
    figures = {
        "gradient_matrix": _gradient_matrix(palette, t),
        "hidden_states": _hidden_states(palette, t),
    }
    return {
        name: {**json.loads(figure.to_json()), "config": CONFIG} for name, figure in figures.items()
    }


@cache
def colours(theme: str) -> dict[str, str]:
    """The tokens of a theme: what the style sheet says, so that nothing says it twice."""
    text = (root() / "static/css/tokens.css").read_text(encoding="utf-8")
    light, _, dark = text.partition("@media (prefers-color-scheme: dark)")
    tokens = dict(_TOKEN.findall(light))
    return tokens | dict(_TOKEN.findall(dark)) if theme == "dark" else tokens


def _hidden_states(palette: dict[str, str], t: Translate) -> go.Figure:
    heatmap = go.Heatmap(
        colorscale=_diverging(palette, "state-negative", "state-zero", "state-positive"),
        zmin=-1,
        zmax=1,
        hovertemplate=_hover(
            t("figure.hidden_states.hover", t="%{x}", unit="%{y}", value="%{z:.3f}")
        ),
        colorbar=_colorbar(t("figure.hidden_states.scale"), [-1, 0, 1], ["−1", "0", "+1"]),
    )
    return _figure(heatmap, palette, t("figure.timestep"), t("figure.unit"))


def _gradient_matrix(palette: dict[str, str], t: Translate) -> go.Figure:
    names = ("gradient-vanished", "gradient-healthy", "gradient-exploded")
    ticks = list(range(-_DECADES, _DECADES + 1, 3))
    heatmap = go.Heatmap(
        colorscale=_diverging(palette, *names),
        zmin=-_DECADES,
        zmax=_DECADES,
        hovertemplate=_hover(
            t("figure.gradient_matrix.hover", t="%{x}", s="%{y}", log10="%{z:.2f}")
        ),
        colorbar=_colorbar(
            t("figure.gradient_matrix.scale"), ticks, [f"10<sup>{tick}</sup>" for tick in ticks]
        ),
    )
    return _figure(heatmap, palette, t("figure.timestep"), t("figure.loss"))


def _hover(text: str) -> str:
    return text + "<extra></extra>"


def _diverging(palette: dict[str, str], *names: str) -> list[list[Any]]:
    return [[i / 2, palette[name]] for i, name in enumerate(names)]


def _colorbar(title: str, ticks: list[int], labels: list[str]) -> dict[str, Any]:
    return {
        "title": {"text": title, "side": "right"},
        "tickvals": ticks,
        "ticktext": labels,
        "thickness": 10,
        "outlinewidth": 0,
    }


def _figure(trace: Any, palette: dict[str, str], x: str, y: str) -> go.Figure:
    axis = {
        "showgrid": False,
        "zeroline": False,
        "ticks": "",
        "tickformat": "d",
        "linecolor": palette["line"],
    }
    layout = go.Layout(
        template="none",
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        margin={"t": 8, "r": 0, "b": 40, "l": 48},
        font={"color": palette["ink-soft"], "size": 12, "family": "inherit"},
        hoverlabel={"font": {"family": "inherit"}},
        xaxis={**axis, "title": {"text": x, "standoff": 6}},
        yaxis={**axis, "title": {"text": y, "standoff": 8}, "autorange": "reversed"},
    )
    return go.Figure(trace, layout)
