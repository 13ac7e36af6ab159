"""Networks of several layers, and of both directions: ``deep_trace`` runs one."""

from unrolled.engine.deep.network import DeepNetwork
from unrolled.engine.deep.trace import DeepTrace, LevelTrace, deep_trace

__all__ = ["DeepNetwork", "DeepTrace", "LevelTrace", "deep_trace"]
