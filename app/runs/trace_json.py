"""A trace as JSON."""

from unrolled.app.json import as_json
from unrolled.app.runs.cancellation import trace_of
from unrolled.engine import Experiment


def answer(experiment: Experiment) -> bytearray:
    """Run it and write it down: null for -inf, and for what was not computed."""
    return as_json(trace_of(experiment).to_dict())
