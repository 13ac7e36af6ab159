"""Colours and axes of all figures, and the function that fills in numbers."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.colors import hex_to_rgb, label_rgb, n_colors

from unrolled.app.folders import root
from unrolled.app.i18n.catalog import Translate, translator

THEMES = ("light", "dark")
CONFIG = {
    "displaylogo": False,
    "displayModeBar": False,
    "responsive": True,
    # by default plotly.js 4 offers to upload charts to its own host
    "showSendToCloud": False,
    "plotlyServerURL": "",
}
SHARES = (-4.0, -math.log10(2), math.log10(2), math.log10(30))
"""log10 of the shares of a gradient between which its colours change, as in color-scale.js."""
_SHADES = 17
_TOKEN = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6})")

Palette = dict[str, str]
Define = Callable[[Palette, Translate], go.Figure]
Data = Mapping[str, Mapping[str, Any]]


@cache
def colours(theme: str) -> Palette:
    """Return the colour tokens of a theme, read from the style sheet."""
    text = (root() / "static/css/tokens.css").read_text(encoding="utf-8")
    light, found, dark = text.partition("@media screen and (prefers-color-scheme: dark)")
    assert found, "tokens.css says where the dark theme begins"
    tokens = dict(_TOKEN.findall(light))
    block = dark.partition("\n}")[0]  # those that follow are of other media
    return tokens | dict(_TOKEN.findall(block)) if theme == "dark" else tokens


@cache
def _family() -> str:
    """Return the page's font names: an exported picture cannot inherit them."""
    text = (root() / "static/css/tokens.css").read_text(encoding="utf-8")
    found = re.search(r"--font-text:\s*([^;]+);", text)
    assert found, "tokens.css names the fonts"
    return " ".join(found[1].split())


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


def hover(text: str) -> str:
    return text + "<extra></extra>"


def diverging(palette: Palette, *names: str) -> list[list[Any]]:
    return [[i / (len(names) - 1), palette[name]] for i, name in enumerate(names)]


def heatmap(
    key: str,
    colorscale: list[list[Any]],
    ends: tuple[float, float],
    colorbar: dict[str, Any],
    says: str,
) -> go.Heatmap:
    return go.Heatmap(
        meta=key,
        colorscale=colorscale,
        zmin=ends[0],
        zmax=ends[1],
        hovertemplate=hover(says),
        hoverongaps=False,
        colorbar=colorbar,
    )


def gradient_map(key: str, palette: Palette, title: str, says: str) -> list[Any]:
    """Return a heatmap trace of log10 gradient shares.

    A contour at twice the share marks explosion for readers who do not see red.
    """
    low, half, twice, high = SHARES
    none, whole, many = (palette[f"gradient-{name}"] for name in ("none", "all", "many"))
    shades = n_colors(hex_to_rgb(none), hex_to_rgb(whole), _SHADES, colortype="tuple")
    roots = np.linspace(10 ** (low / 2), 10 ** (half / 2), _SHADES)
    stops = [*zip(2 * np.log10(roots), map(label_rgb, shades), strict=True)]
    stops += [(twice, whole), (high, many)]
    scale = [[(log10 - low) / (high - low), colour] for log10, colour in stops]
    ticks = list(range(math.ceil(low), math.floor(high) + 1))
    labels = [f"10<sup>{tick}</sup>".replace("-", "−") if tick else "1" for tick in ticks]
    around = go.Contour(
        meta=key,
        contours={"coloring": "none", "start": twice, "end": twice, "size": 1},
        line={"color": palette["paper"], "width": 1.5, "smoothing": 0},
        showscale=False,
        showlegend=False,
        hoverinfo="skip",
    )
    return [heatmap(key, scale, (low, high), colorbar(title, ticks, labels), says), around]


def colorbar(title: str, ticks: Sequence[float], labels: list[str]) -> dict[str, Any]:
    return {
        "title": {"text": title, "side": "right"},
        "tickvals": ticks,
        "ticktext": labels,
        "thickness": 10,
        "outlinewidth": 0,
    }


def figure(palette: Palette, traces: list[Any], **layout: Any) -> go.Figure:
    return go.Figure(
        traces,
        go.Layout(
            template="none",
            paper_bgcolor="rgba(0,0,0,0)",
            plot_bgcolor="rgba(0,0,0,0)",
            margin={"t": 12, "r": 12, "b": 42, "l": 56},
            font={"color": palette["ink-soft"], "size": 12, "family": _family()},
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


def line(key: str, colour: str, says: str, **more: Any) -> go.Scatter:
    style = {"color": colour, "width": 2, **more.pop("line", {})}
    return go.Scatter(
        **{
            "meta": key,
            "mode": "lines",
            "line": style,
            "hovertemplate": hover(says),
            "connectgaps": False,
            **more,
        }
    )


def beside(name: str, colour: str) -> dict[str, Any]:
    """Return a triangle at the right edge that marks a row; ``filled`` sets the row."""
    return {
        "name": name,
        "type": "path",
        "path": "M2,0L11,-5L11,5Z",
        "xsizemode": "pixel",
        "ysizemode": "pixel",
        "xref": "paper",
        "xanchor": 1,
        "yanchor": 0,
        "visible": False,
        "fillcolor": colour,
        "line": {"width": 0},
    }


def upright(name: str, colour: str, **more: Any) -> dict[str, Any]:
    """Return a vertical line; ``filled`` sets its position."""
    return {
        "name": name,
        "type": "line",
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "x0": 0,
        "x1": 0,
        "visible": False,
        "line": {"color": colour, "width": 2},
        **more,
    }
