"""A trace as JSON."""

from unrolled.app.json import as_json
from unrolled.app.runs.cancellation import deep_trace_of, trace_of
from unrolled.engine import Experiment, GivenRun


def answer(experiment: Experiment | GivenRun) -> bytearray:
    """Run an experiment and return its trace, with null for -inf and for values not computed."""
    if experiment.deep:
        return as_json(deep_trace_of(experiment).to_dict())
    return as_json(trace_of(experiment).to_dict())
