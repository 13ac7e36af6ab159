"""A trace as JSON."""

from typing import Any

from unrolled.app.json import as_json
from unrolled.app.runs.cancellation import trace_of
from unrolled.engine import Experiment, Trace

ARRAYS = (
    "inputs",
    "targets",
    "hidden",
    "cell_state",
    "probabilities",
    "losses",
    "hidden_gradient",
    "cell_gradient",
    "input_gradient",
    "log10_gradient_norm",
    "log10_cell_gradient_norm",
    "log10_input_gradient_norm",
    "log10_gradient_matrix",
)
"""What a trace holds over time, but for the gates."""


def answer(experiment: Experiment) -> bytearray:
    """Run it and write it down: null for -inf, and for what was not computed."""
    return as_json(_named(trace_of(experiment)))


def _named(trace: Trace) -> dict[str, Any]:
    names = (
        "tokens",
        "vocabulary",
        *ARRAYS,
        "gates",
        "weight_gradients",
        "log10_weight_gradient_norm",
        "log10_clip",
        "diverged_at",
        "verdict",
    )
    made_by = trace.experiment.made_by()
    return {
        "experiment": made_by["experiment"],
        "made_by": made_by,
        "network": trace.network.state_dict(),
        **{name: getattr(trace, name) for name in names},
        "loss": trace.chosen_loss,
        "log10_share": trace.log10_share(),
    }
