"""Whether anybody still waits for what this thread computes.

A computation whose client has left ends between two blocks of timesteps.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from starlette.requests import ClientDisconnect

from unrolled import engine
from unrolled.engine import Experiment, Trace

_left: ContextVar[Callable[[], bool]] = ContextVar("left", default=lambda: False)


@contextmanager
def computing_for(left: Callable[[], bool]) -> Iterator[None]:
    """Within the block, and on the threads that it hands work to, ask ``left`` between blocks."""
    token = _left.set(left)
    try:
        yield
    finally:
        _left.reset(token)


def has_left() -> bool:
    """Tell whether the client for whom this thread computes has left."""
    return _left.get()()


def go_on() -> None:
    """Raise ``ClientDisconnect`` where the client for whom this thread computes has left."""
    if has_left():
        raise ClientDisconnect


def trace_of(experiment: Experiment, *, walk_back: bool = True) -> Trace:
    """``engine.trace_of``, as long as the client waits for it."""
    return engine.trace_of(experiment, walk_back=walk_back, between=go_on)
