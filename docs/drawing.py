"""Style of the figures of ``docs/literature.md``, and their export to files.

Colours are the lab's, distinct in lightness too; every line is labelled directly.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import plotly.graph_objects as go
from playwright.sync_api import sync_playwright
from plotly.offline import get_plotlyjs

from tests.browser.chromium import find
from tests.browser.conftest import FLAGS
from unrolled.app.figures import colours

PALETTE = colours("light")
INK, SOFT = PALETTE["ink"], PALETTE["ink-soft"]
SLATE, CRIMSON = PALETTE["gradient-all"], PALETTE["gradient-many"]
GREEN, PURPLE = PALETTE["state-positive"], PALETTE["state-negative"]
BLUE = "#0369a1"
"""A vanished gradient's blue, dark enough for text and thin lines: 5:1 on paper."""
SIZE = {"width": 760, "height": 420}


def figure(message: str, x: str, y: str, *traces: Any, **axes: Any) -> go.Figure:
    """Return a figure with named axes; ``axes`` are further settings of x and y."""
    axis = {
        "gridcolor": PALETTE["line"],
        "zeroline": False,
        "linecolor": PALETTE["outline"],
        "ticks": "outside",
        "tickcolor": PALETTE["outline"],
        "ticklen": 4,
    }
    layout = go.Layout(
        template="none",
        **SIZE,
        title={"text": f"<b>{message}</b>", "x": 0.015, "y": 0.955, "font": {"size": 17}},
        title_font_color=INK,
        paper_bgcolor=PALETTE["surface"],
        plot_bgcolor=PALETTE["surface"],
        margin={"t": 56, "r": 24, "b": 56, "l": 76},
        font={"family": "Inter, Noto Sans, Helvetica, Arial, sans-serif", "size": 14},
        font_color=SOFT,
        showlegend=False,
        xaxis={**axis, "title": {"text": x, "standoff": 10}, **axes.get("xaxis", {})},
        yaxis={**axis, "title": {"text": y, "standoff": 8}, **axes.get("yaxis", {})},
    )
    return go.Figure([*traces], layout)


def line(x: Any, y: Any, colour: str, dash: str = "solid", width: float = 2.5) -> go.Scatter:
    return go.Scatter(x=x, y=y, mode="lines", line={"color": colour, "dash": dash, "width": width})


def dots(x: Any, y: Any, colour: str, symbol: str = "circle", size: float = 7) -> go.Scatter:
    marker = {"color": colour, "symbol": symbol, "size": size, "opacity": 0.8}
    if symbol.endswith("-open"):
        marker["line"] = {"width": 1.8}
    return go.Scatter(x=x, y=y, mode="markers", marker=marker)


def band(x: Any, low: Any, high: Any, colour: str) -> list[go.Scatter]:
    """Return the area between two lines."""
    edge = {"mode": "lines", "line": {"width": 0}}
    r, g, b = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    fill = {"fill": "tonexty", "fillcolor": f"rgba({r},{g},{b},0.16)"}
    return [go.Scatter(x=x, y=low, **edge), go.Scatter(x=x, y=high, **edge, **fill)]


def label(drawn: go.Figure, x: float, y: float, text: str, colour: str = SOFT, **more: Any) -> None:
    """Return a label at a position in the figure's coordinates, log10 on a log axis."""
    words = {"showarrow": False, "xanchor": "left", "align": "left", **more}
    drawn.add_annotation(x=x, y=y, text=text, font={"color": colour, "size": 14}, **words)


def write(figures: Mapping[Path, go.Figure]) -> None:
    """Write each figure as an SVG file; the same figure gives the same bytes."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=list(FLAGS))
        page = browser.new_page()
        page.add_script_tag(content=get_plotlyjs())
        for path, drawn in figures.items():
            for number, trace in enumerate(drawn.data):
                trace.uid = f"{path.stem}{number}"
            address = page.evaluate(
                "([figure, size]) => Plotly.toImage(figure, {format: 'svg', ...size})",
                [drawn.to_plotly_json() | {"data": [_plain(trace) for trace in drawn.data]}, SIZE],
            )
            svg = unquote(address.partition(",")[2])
            (uid,) = set(re.findall(r'id="defs-(\w+)"', svg))
            path.write_text(svg.replace(uid, path.stem) + "\n", encoding="utf-8")
        browser.close()


def _plain(trace: Any) -> Any:
    """Return a trace whose arrays are lists."""
    return {
        name: value.tolist() if hasattr(value, "tolist") else value
        for name, value in trace.to_plotly_json().items()
    }
