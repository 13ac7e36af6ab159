"""Files of weights that Keras wrote, and the outputs of its layers, written to ``keras/``.

Run after `make test-frameworks`: .venv/frameworks/bin/python -m tests.reference.make_keras
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers

FILES = Path(__file__).with_name("keras")
T, D = 6, 3
MODELS: dict[str, tuple[str, Callable[[], Any]]] = {
    "rnn.keras": ("states", lambda: layers.SimpleRNN(4, return_sequences=True, name="states")),
    "lstm.weights.h5": ("lstm", lambda: layers.LSTM(4, return_sequences=True)),
    "gru.keras": ("gru", lambda: layers.GRU(4, return_sequences=True)),
    "gru-2014.weights.h5": (
        "gru",
        lambda: layers.GRU(4, return_sequences=True, reset_after=False),
    ),
    "both-ways.keras": (
        "bidirectional",
        lambda: layers.Bidirectional(layers.GRU(4, return_sequences=True)),
    ),
    "older-both-ways.h5": (
        "bidirectional",
        lambda: layers.Bidirectional(layers.LSTM(4, return_sequences=True)),
    ),
    "stacked.weights.h5": (
        "rnn",
        lambda: layers.RNN([layers.LSTMCell(4), layers.LSTMCell(4)], return_sequences=True),
    ),
}
"""The name of the recurrent layer in each file, and the layer."""


def main() -> None:
    FILES.mkdir(exist_ok=True)
    x = np.random.default_rng(0).normal(size=(T, D))
    found = {"x": x}
    for n, (file, (_, made)) in enumerate(MODELS.items()):
        keras.utils.clear_session()
        keras.utils.set_random_seed(n)
        read = layers.Input((None, D))
        states = made()(read)
        model = keras.Model(read, layers.Dense(2)(states))
        for each in model.weights:  # biases too
            each.assign(each + np.random.default_rng(n).normal(size=each.shape) / 4)
        model.save_weights(FILES / file) if "weights" in file else model.save(FILES / file)
        found[file] = np.asarray(keras.Model(read, [states, model.output])(x[None])[0][0])
        found[f"{file}.y"] = np.asarray(model(x[None])[0])
    np.savez(FILES / "outputs.npz", **found)


if __name__ == "__main__":
    main()
