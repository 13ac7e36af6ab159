"""Cancels a computation whose client has disconnected.

The computation ends between two blocks of timesteps.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from starlette.requests import ClientDisconnect

from unrolled import engine
from unrolled.engine import DeepTrace, Experiment, GivenRun, Trace
from unrolled.engine.bptt.trace import AnyTrace

_left: ContextVar[Callable[[], bool]] = ContextVar("left", default=lambda: False)


@contextmanager
def computing_for(left: Callable[[], bool]) -> Iterator[None]:
    """Check ``left`` between blocks of timesteps, in this context and on threads it starts."""
    token = _left.set(left)
    try:
        yield
    finally:
        _left.reset(token)


def has_left() -> bool:
    """Return whether the client of this thread's computation has left."""
    return _left.get()()


def go_on() -> None:
    """Raise ``ClientDisconnect`` if the client of this thread's computation has left."""
    if has_left():
        raise ClientDisconnect


def trace_of(experiment: Experiment | GivenRun, *, walk_back: bool = True) -> Trace:
    """Return ``engine.trace_of``, of one layer; raises ``ClientDisconnect`` when the client leaves.

    Raises ``ExperimentError`` on several layers, and on both directions.
    """
    return engine.trace_of(experiment, walk_back=walk_back, between=go_on)


def any_trace_of(experiment: Experiment | GivenRun) -> AnyTrace:
    """Return the trace of an experiment, of one layer or of several."""
    return deep_trace_of(experiment) if experiment.deep else trace_of(experiment)


def deep_trace_of(experiment: Experiment | GivenRun) -> DeepTrace:
    """Return the trace of any number of layers, which ends likewise when the client leaves."""
    return engine.deep_trace_of(experiment, go_on)
