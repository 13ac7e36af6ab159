"""The Plotly figures of the page, of notebooks and of exports.

The page takes ``definitions`` and fills in numbers; each function here returns the same figure with
the numbers of a trace or a sweep. The ``meta`` of a figure's traces and the ``name`` of its lines
tell where the numbers go: see ``filled``.
"""

import json
from typing import Any

from unrolled.app.figures import gradients, spectra, states, sweeps
from unrolled.app.figures.gradients import gradient_matrix, gradient_norm, shares, step_factors
from unrolled.app.figures.layout import CONFIG, filled
from unrolled.app.figures.palette import THEMES, colours
from unrolled.app.figures.recording import recording
from unrolled.app.figures.spectra import lyapunov, singular_values, spectrum
from unrolled.app.figures.states import gates, hidden_states
from unrolled.app.figures.sweeps import sweep
from unrolled.app.figures.training import training
from unrolled.app.i18n.catalog import Translate

__all__ = [
    "CHARTS",
    "CHART_GROUPS",
    "CONFIG",
    "FIGURES",
    "THEMES",
    "colours",
    "definitions",
    "filled",
    "gates",
    "gradient_matrix",
    "gradient_norm",
    "hidden_states",
    "lyapunov",
    "recording",
    "shares",
    "singular_values",
    "spectrum",
    "step_factors",
    "sweep",
    "training",
]

FIGURES = {
    "gradient_norm": gradients.define_norm,
    "gradient_matrix": gradients.define_matrix,
    "hidden_states": states.define_hidden_states,
    "gates": states.define_gates,
    "step_factors": gradients.define_step_factors,
    "shares": gradients.define_shares,
    "spectrum": spectra.define_spectrum,
    "singular_values": spectra.define_singular_values,
    "lyapunov": spectra.define_lyapunov,
    "sweep": sweeps.define_sweep,
}

CHART_GROUPS = {
    "see": ("step_factors", "hidden_states", "gates", "gradient_matrix", "sweep"),
    "theory": ("gradient_norm", "spectrum", "singular_values", "lyapunov"),
}
"""What one sees, and what theory expects: the charts that have a tab, in its order. ``shares`` is
what ``step_factors`` are in a gated cell."""

CHARTS = tuple(chart for group in CHART_GROUPS.values() for chart in group)


def definitions(theme: str, t: Translate) -> dict[str, Any]:
    """Return the figures without numbers, as JSON: data, layout, config."""
    palette = colours(theme)
    return {
        name: {**json.loads(define(palette, t).to_json()), "config": CONFIG}
        for name, define in FIGURES.items()
    }
