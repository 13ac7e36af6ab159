"""Figures of hidden states and gates."""

import numpy as np
import plotly.graph_objects as go

from unrolled.app.figures.layout import axis, figure, filled
from unrolled.app.figures.marks import colorbar, diverging, heatmap
from unrolled.app.figures.palette import Palette
from unrolled.app.i18n.catalog import Translate
from unrolled.engine import Trace

CANDIDATES = ("g", "n")
"""Gates in name: what they let through is new content, from -1 to 1."""


def hidden_states(trace: Trace, theme: str = "light") -> go.Figure:
    """Plot the hidden states of a trace, one row per unit, one column per timestep."""
    return filled(define_hidden_states, theme, {"hidden": _cells(trace.hidden)})


def gates(trace: Trace, gate: str, theme: str = "light") -> go.Figure:
    """Plot one gate of a trace, one row per unit, one column per timestep."""
    key = "candidate" if gate in CANDIDATES else "gate"
    return filled(define_gates, theme, {key: _cells(trace.gates[gate])})


def define_hidden_states(palette: Palette, t: Translate) -> go.Figure:
    return _units(palette, t, [_signed("hidden", palette, t, t("figure.hidden_states.scale"))])


def define_gates(palette: Palette, t: Translate) -> go.Figure:
    openness = heatmap(
        "gate",
        diverging(palette, "state-zero", "state-positive"),
        (0, 1),
        colorbar("", [0, 1], [t("figure.gates.closed"), t("figure.gates.open")]),
        t("figure.hidden_states.hover", t="%{x}", unit="%{y}", value="%{z:.3f}"),
    )
    return _units(palette, t, [openness, _signed("candidate", palette, t, "")])


def _signed(key: str, palette: Palette, t: Translate, title: str) -> go.Heatmap:
    return heatmap(
        key,
        diverging(palette, "state-negative", "state-zero", "state-positive"),
        (-1, 1),
        colorbar(title, [-1, 0, 1], ["−1", "0", "+1"]),
        t("figure.hidden_states.hover", t="%{x}", unit="%{y}", value="%{z:.3f}"),
    )


def _units(palette: Palette, t: Translate, traces: list[go.Heatmap]) -> go.Figure:
    return figure(
        palette,
        traces,
        xaxis=axis(palette, t("figure.timestep")),
        yaxis=axis(palette, t("figure.unit"), autorange="reversed"),
    )


def _cells(over_time: np.ndarray) -> dict[str, np.ndarray]:
    T, H = over_time.shape
    return {"x": np.arange(1, T + 1), "y": np.arange(1, H + 1), "z": over_time.T}
