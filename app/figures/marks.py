"""Marks of the figures: lines, heatmaps, and marks at a position that is filled in later."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.colors import hex_to_rgb, label_rgb, n_colors

from unrolled.app.figures.palette import Palette

SHARES = (-4.0, -math.log10(2), math.log10(2), math.log10(30))
"""log10 of the shares of a gradient between which its colours change, as in color-scale.js."""
_SHADES = 17


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
