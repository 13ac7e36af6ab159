"""Figures of eigenvalues, singular values and Lyapunov exponents."""

from itertools import cycle
from typing import Any

import numpy as np
import plotly.graph_objects as go

from unrolled.app.figures.layout import axis, figure, filled, power_axis, ruled
from unrolled.app.figures.marks import hover, line
from unrolled.app.figures.palette import Palette
from unrolled.app.i18n.catalog import Translate
from unrolled.app.runs import analyses
from unrolled.engine import CELLS, Trace, lyapunov_exponents

PARTS = ("encoder", "decoder")
_SERIES = tuple(f"series-{i}" for i in range(4))
_SYMBOLS = ("circle", "diamond-open")


def spectrum(trace: Trace, theme: str = "light") -> go.Figure:
    """Plot the eigenvalues of W_hh, for each gate and each network, with the unit circle."""
    data = {
        f"{block['part']}-{block['gate'] or 'all'}": {"x": block["real"], "y": block["imaginary"]}
        for block in analyses.spectrum(trace)["blocks"]
    }
    return filled(define_spectrum, theme, data)


def singular_values(trace: Trace, theme: str = "light") -> go.Figure:
    """Plot log10 of the largest, median and smallest singular value of ∂s_T/∂s_t against T - t."""
    found = analyses.singular_values(trace)
    rows = np.array(found["log10_singular_values"])
    rows = np.where(np.isfinite(rows), rows, np.nan)
    ranks = {"largest": rows[:, 0], "median": rows[:, rows.shape[1] // 2], "smallest": rows[:, -1]}
    data = {name: {"x": found["distance"], "y": y} for name, y in ranks.items()}
    return filled(define_singular_values, theme, data)


def lyapunov(trace: Trace, theme: str = "light") -> go.Figure:
    """Plot the Lyapunov exponents, the largest first, in nats per timestep."""
    exponents = lyapunov_exponents(trace)
    x = np.arange(1, len(exponents) + 1)
    signs = {"growing": exponents > 0, "shrinking": (exponents <= 0) & np.isfinite(exponents)}
    data = {name: {"x": x[there], "y": exponents[there]} for name, there in signs.items()}
    return filled(define_lyapunov, theme, data)


def _points(palette: Palette, t: Translate) -> list[go.Scatter]:
    """Return empty traces for the eigenvalues of each network and block."""
    says = t("figure.spectrum.hover", real="%{x:.3f}", imaginary="%{y:.3f}")
    colours = _colours()
    return [
        go.Scatter(
            meta=f"{part}-{block}",
            mode="markers",
            marker={
                "color": palette[colours[block]],
                "symbol": symbol,
                "size": 8,
                "line": {"width": 1, "color": palette["surface"]},
            },
            name=_name(part, block, t),
            hovertemplate=hover(says),
            cliponaxis=False,
        )
        for part, symbol in zip(PARTS, _SYMBOLS, strict=True)
        for block in colours
    ]


def define_spectrum(palette: Palette, t: Translate) -> go.Figure:
    circle = {
        "type": "circle",
        **{"x0": -1, "y0": -1, "x1": 1, "y1": 1, "layer": "below"},
        "line": {"color": palette["line-strong"], "width": 2},
        "fillcolor": palette["sunken"],
    }
    grid: dict[str, Any] = {
        "nticks": 5,
        "zeroline": True,
        "zerolinecolor": palette["line"],
        "showgrid": False,
        # automatic margins and a fixed aspect ratio never settle together
        "automargin": False,
    }
    return figure(
        palette,
        _points(palette, t),
        shapes=[circle],
        xaxis=ruled(palette, t("figure.spectrum.real"), constrain="domain", **grid),
        yaxis=ruled(palette, t("figure.spectrum.imaginary"), scaleanchor="x", **grid),
    ).update_layout(margin={"t": 28})


def define_singular_values(palette: Palette, t: Translate) -> go.Figure:
    says = t("figure.singular_values.hover", distance="%{x}", log10="%{y:.2f}")
    ends: list[dict[str, Any]] = [
        {"key": "smallest", "colour": palette["ink-faint"]},
        {"key": "median", "colour": palette["series-0"]},
        {"key": "largest", "colour": palette["ink"]},
    ]
    return figure(
        palette,
        [
            line(
                end["key"],
                end["colour"],
                says,
                name=t(f"figure.singular_values.{end['key']}"),
                mode="lines+markers",
            )
            for end in ends
        ],
        xaxis=axis(palette, t("figure.distance")),
        yaxis=power_axis(palette, t("figure.singular_values.y")),
    ).update_layout(margin={"t": 28}, legend={"traceorder": "reversed"})


def define_lyapunov(palette: Palette, t: Translate) -> go.Figure:
    says = t("figure.lyapunov.hover", i="%{x}", value="%{y:.3f}")
    bars = [
        go.Bar(
            meta=key,
            marker={"color": palette[colour]},
            hovertemplate=hover(says),
            showlegend=False,
        )
        for key, colour in (("growing", "ink"), ("shrinking", "ink-faint"))
    ]
    zero = {"zeroline": True, "zerolinecolor": palette["ink"], "zerolinewidth": 2, "nticks": 6}
    return figure(
        palette,
        bars,
        xaxis=axis(palette, t("figure.lyapunov.x")),
        yaxis=ruled(palette, t("figure.lyapunov.y"), autorangeoptions={"include": 0.1}, **zero),
        bargap=0.25,
        barmode="overlay",
    )


def _colours() -> dict[str, str]:
    """Return the colour of each gate's block, and of a matrix with a single block.

    The gates of one cell have different colours; a gate keeps its colour across cells if it can.
    """
    colours = {"all": "ink"}
    for cell in CELLS.values():
        free = [each for each in _SERIES if each not in map(colours.get, cell.gates)]
        new = (gate for gate in cell.gates if gate not in colours)
        colours |= dict(zip(new, cycle(free or _SERIES), strict=False))
    return colours


def _name(part: str, block: str, t: Translate) -> str:
    name = t("figure.spectrum.all") if block == "all" else block
    return name if part == PARTS[0] else t("figure.spectrum.decoder", name=name)
