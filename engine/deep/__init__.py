"""Networks of several layers, and of both directions: ``deep_trace`` runs one."""

from unrolled.engine.deep.network import DeepNetwork
from unrolled.engine.deep.records import DeepTrace, LevelTrace
from unrolled.engine.deep.trace import deep_trace

__all__ = ["DeepNetwork", "DeepTrace", "LevelTrace", "deep_trace"]
