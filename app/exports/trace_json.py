"""A trace as JSON."""

from unrolled.app.json import as_json
from unrolled.app.runs.cancellation import any_trace_of
from unrolled.engine import Experiment, GivenRun


def answer(experiment: Experiment | GivenRun) -> bytearray:
    """Run an experiment and return its trace, with null for -inf and for values not computed."""
    return as_json(any_trace_of(experiment).to_dict())
