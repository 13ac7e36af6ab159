"""A recorder for a training loop in PyTorch: ``record`` watches a model, and leaves one file."""

from unrolled.engine.recording.hooks import record
from unrolled.engine.recording.moment import Moment
from unrolled.engine.recording.recording import Recording, Window

__all__ = ["Moment", "Recording", "Window", "record"]
