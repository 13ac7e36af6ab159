"""The frame of all figures: layout, axes, and the function that fills in numbers."""

from collections.abc import Callable, Mapping
from typing import Any

import plotly.graph_objects as go

from unrolled.app.figures.palette import Palette, colours, family
from unrolled.app.i18n.catalog import Translate, translator

CONFIG = {
    "displaylogo": False,
    "displayModeBar": False,
    "responsive": True,
    # by default plotly.js 4 offers to upload charts to its own host
    "showSendToCloud": False,
    "plotlyServerURL": "",
}

Define = Callable[[Palette, Translate], go.Figure]
Data = Mapping[str, Mapping[str, Any]]


def filled(
    define: Define, theme: str, data: Data, lines: Mapping[str, float | None] | None = None
) -> go.Figure:
    """Return a figure with numbers filled in.

    ``data`` maps the ``meta`` of a trace to its attributes; traces without any are omitted.
    ``lines`` maps the ``name`` of a vertical line, or of a mark beside the plot, to its position;
    None omits it.
    """
    figure = define(colours(theme), translator())
    figure.data = [trace for trace in figure.data if trace.meta in data]
    for trace in figure.data:
        trace.update(data[trace.meta])
    for shape in figure.layout.shapes:
        if lines and shape.name in lines:
            at = lines[shape.name]
            place = {"x0": at, "x1": at} if shape.yanchor is None else {"yanchor": at}
            shape.update(place, visible=at is not None)
    return figure


def figure(palette: Palette, traces: list[Any], **layout: Any) -> go.Figure:
    return go.Figure(
        traces,
        go.Layout(
            template="none",
            paper_bgcolor="rgba(0,0,0,0)",
            plot_bgcolor="rgba(0,0,0,0)",
            margin={"t": 12, "r": 12, "b": 42, "l": 56},
            font={"color": palette["ink-soft"], "size": 12, "family": family()},
            hovermode="closest",
            dragmode=False,
            legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "itemclick": False},
            **layout,
        ),
    )


def axis(palette: Palette, title: str, **more: Any) -> dict[str, Any]:
    """Return an axis of integers, without a grid."""
    return {
        "title": {"text": title, "standoff": 8},
        "showgrid": False,
        "zeroline": False,
        "ticks": "",
        "tickformat": "d",
        "linecolor": palette["line"],
        "fixedrange": True,
        **more,
    }


def ruled(palette: Palette, title: str, **more: Any) -> dict[str, Any]:
    """Return an axis of real numbers, with a grid."""
    grid = {"showgrid": True, "gridcolor": palette["line"], "automargin": True}
    return axis(palette, title, **{"tickformat": None, **grid, **more})


def power_axis(palette: Palette, title: str) -> dict[str, Any]:
    """Return a log10 axis with whole powers of ten, spanning at least three of them."""
    return ruled(
        palette,
        title,
        tickformat="d",
        tickprefix="10<sup>",
        ticksuffix="</sup>",
        nticks=5,
        autorangeoptions={"include": [-2, 1]},
    )
