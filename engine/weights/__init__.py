"""Weights from a file: its arrays, and the recurrent modules among them."""

from unrolled.engine.weights.modules import RecurrentModule, Source, modules_in, state_dict_of

__all__ = ["RecurrentModule", "Source", "modules_in", "state_dict_of"]
