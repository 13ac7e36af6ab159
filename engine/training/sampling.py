"""Sampling: a network that has learnt a text writes on, one character after another.

Each character is drawn from softmax(y / temperature), and read next.
"""

import numpy as np

from unrolled.engine.bptt.tape import Tape
from unrolled.engine.errors import ExperimentError
from unrolled.engine.network import Network
from unrolled.engine.numerics.arrays import Integers
from unrolled.engine.tasks import Task
from unrolled.engine.tokenizers import MOST_TOKENS

HIGHEST_TEMPERATURE = 10


def sample(
    network: Network,
    task: Task,
    start: str,
    n: int,
    temperature: float,
    rng: np.random.Generator,
) -> str:
    """Return more characters after a start, by a network that was trained on a text.

    Temperature 1 writes as the network expects, less keeps to what is likeliest, and 0 to that
    alone. A network whose state overflows writes whatever that comes to.

    Parameters
    ----------
    network
        The trained network.
    task
        The task that it was trained on: a text.
    start
        What it goes on from; with an empty one it begins as it would with nothing read.
    n
        Characters, at most 2,000.
    temperature
        0 to 10, by which the readout is divided before the softmax.
    rng
        Where the characters are drawn from.

    Returns
    -------
    str

    Raises
    ------
    ExperimentError
        On characters that the text does not have, and on what is out of range.
    """
    if not 0 <= n <= MOST_TOKENS:
        raise ExperimentError("n", "integer", low=0, high=MOST_TOKENS, value=n)
    if not 0 <= temperature <= HIGHEST_TEMPERATURE:
        high = HIGHEST_TEMPERATURE
        raise ExperimentError("temperature", "number", low=0, high=high, value=temperature)
    read: Integers = np.asarray(
        task.input_notation.read(task.input_notation.cut(start), "start"), dtype=np.int64
    )
    T, first = len(read) + n, np.zeros(1, dtype=np.int64)
    tape = Tape.blank(network.cell, T, network.hidden_size)
    written: list[int] = []
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        for t in range(T):
            if t >= len(read):
                y = network.W_hy @ tape.states_prev[0][t] + network.b_y
                written.append(_drawn(y, temperature, rng))
            x = np.array([read[t] if t < len(read) else written[-1]])
            network.drives(x, first, out=tape.moments.a[t : t + 1])
            tape.forward(network.weights, [0] * T, t, t + 1)
    return "".join(task.vocabulary[k] for k in written)


def _drawn(y: "np.typing.NDArray[np.float64]", temperature: float, rng: np.random.Generator) -> int:
    """Sample a class by the Gumbel trick: the largest of y / temperature plus noise."""
    return int(np.argmax(y + temperature * rng.gumbel(size=len(y))))
