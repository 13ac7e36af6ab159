"""The experiments that PyTorch has run too: one for each network and architecture, and a few more.

They are small, and nothing in them is special: random weights of no symmetry, scales that are not
1, every second one with a target of its own.
"""

from pathlib import Path
from typing import Any

from unrolled import engine

FIXTURES = Path(__file__).parent / "fixtures"
BIASED = "-biased"
"""Ends the name of an experiment whose network has random biases in place of the engine's."""

Fields = dict[str, Any]

PROBLEMS: dict[str, tuple[Fields, Fields]] = {
    "many-to-one": (
        {"sequence": "the clouds are in the sky", "tokens": "words", "target": ""},
        {"sequence": "slow start, fine end", "tokens": "words", "target": "well worth it"},
    ),
    "one-to-many": (
        {"sequence": "abracad", "tokens": "characters", "target": ""},
        {"sequence": "cat", "tokens": "words", "target": "a cat sat on a mat"},
    ),
    "many-to-many": (
        {"sequence": "banana", "tokens": "characters", "target": ""},
        {
            "sequence": "time flies like an arrow",
            "tokens": "words",
            "target": "noun verb adposition determiner noun",
        },
    ),
    "encoder-decoder": (
        {"sequence": "hello", "tokens": "characters", "target": ""},
        {"sequence": "the cat sat", "tokens": "words", "target": "le chat est assis"},
    ),
}
"""Of each architecture, one with the targets of its sequence and one with a target given."""

CELLS = ("rnn", "lstm", "gru", "feedforward")
"""Those that PyTorch can run."""


def combinations() -> list[tuple[str, str, str]]:
    """Every cell, activation and architecture that go together."""
    return [
        (cell, activation, architecture)
        for cell in CELLS
        for activation in engine.ACTIVATIONS
        if _go_together(cell, activation)
        for architecture in engine.ARCHITECTURES
    ]


def name_of(cell: str, activation: str, architecture: str) -> str:
    return f"{cell}-{activation}-{architecture}"


def experiments() -> dict[str, Fields]:
    """Every field of every experiment, by name."""
    networks = list(dict.fromkeys(combination[:2] for combination in combinations()))
    architectures = list(engine.ARCHITECTURES)
    fields = {
        name_of(*combination): _fields(
            *combination,
            number=networks.index(combination[:2]) + architectures.index(combination[2]),
        )
        for combination in combinations()
    }
    biased = [name_of(cell, "tanh", "encoder-decoder") for cell in CELLS]
    return fields | {name + BIASED: fields[name] for name in biased}


def _fields(cell: str, activation: str, architecture: str, *, number: int) -> Fields:
    odd = number % 2
    return {
        "cell": cell,
        "activation": activation,
        "architecture": architecture,
        **PROBLEMS[architecture][odd],
        "hidden_size": (5, 4)[odd],
        "initialization": ("gaussian", "uniform")[odd],
        "recurrent_scale": (1.3, 1.7)[odd],
        "input_scale": (0.8, 1.4)[odd],
        "forget_bias": (-0.6, 1.9)[odd],
        "seed": 20 + number,
    }


def _go_together(cell: str, activation: str) -> bool:
    try:
        engine.Experiment(cell=cell, activation=activation)
    except engine.ExperimentError:
        return False
    return True
