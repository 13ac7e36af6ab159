"""The trained networks that come with the lessons: small, and read from files.

``python -m docs.networks`` trains them again and writes the files.
"""

from functools import cache, partial
from pathlib import Path

from unrolled.engine import Checkpoint, Training

FOLDER = Path(__file__).parent / "weights"
_small = partial(Training, hidden_size=16)
_recall = partial(
    _small, task="recall", length=30, initialization="orthogonal", learning_rate=0.005, steps=300
)
NETWORKS: dict[str, Training] = {
    "sentiment": _small(task="sentiment", cell="rnn", steps=600),
    "sentiment-zh": _small(task="sentiment-zh", cell="rnn", steps=600),
    "tags": _small(task="tags", cell="rnn", steps=600),
    "tags-zh": _small(task="tags-zh", cell="rnn", steps=600),
    "caption": _small(task="glyph", cell="rnn", steps=1000),
    "phrases": _small(task="phrases", cell="rnn", steps=1000),
    "recall-rnn": _recall(cell="rnn"),
    "recall-near": _recall(cell="rnn", length=10),
    "recall-lstm": _recall(cell="lstm"),
    "recall-gru": _recall(cell="gru", steps=400),
}
"""How each was trained, by the name that a lesson's step gives as its ``network``."""


@cache
def network(name: str) -> Checkpoint:
    """Return a trained network by its name, a key of ``NETWORKS``."""
    return Checkpoint.load(FOLDER / f"{name}.npz")


def shipped(training: Training) -> Checkpoint | None:
    """Return the network that such a training made, if it came with the lessons."""
    names = (name for name, own in NETWORKS.items() if own == training)
    return next(map(network, names), None)
