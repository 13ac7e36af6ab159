"""Limits on the cost of a request, and the checks that raise errors beyond them.

The cost model: a cell of K blocks and H hidden units costs K·(H + 32)² per timestep, where 32
stands for the overhead of a timestep. The other measures are counts: numbers in an answer,
hidden units over all timesteps, and T·n³ for products of Jacobians.
"""

import math

from unrolled import engine
from unrolled.app.errors import MessageError
from unrolled.app.settings import Settings
from unrolled.engine import Experiment, ExperimentError, Task, Training
from unrolled.engine.attention.scores import SCORES
from unrolled.engine.cells import Cell, cell_of
from unrolled.engine.deep.backward import MOST_NUMBERS

OVERHEAD = 32
"""Hidden units whose multiplications take as long as a timestep of a network of none."""
CONSTRAINED = 20
"""Times H³ that it takes to bring a matrix back to its constraint, about."""
NETWORK = 1000
"""Timesteps that weigh as much as a network's weights, which are made and kept for every seed."""
COUNTABLE = 10**12
"""Seeds beyond which it does not matter how many too many they are."""
MOST_STEP_UNITS = 300_000
"""T · H of a run whose timesteps are shown in numbers, at most."""
BYTES_A_NUMBER = 16
"""Of a number in a trace: itself, and what stands beside it while it is computed."""
BYTES_A_WEIGHT = 80
"""Of a number of the largest matrix, while gradients that are far apart are added up."""
BYTES_OF_ANY = 2**19
"""Of the smallest run."""
MOST_SCORES = 2**18
"""Numbers of scores of attention that are computed together, about."""
PAIR = 3
"""Times H + 32 that it takes an output to look at one state of an encoder, forward and back."""
TANH = 90
"""Multiplications that take as long as a tanh and its slope, forward and back."""


def within(wanted: Experiment, settings: Settings) -> Experiment:
    """Return the experiment; raise ``ExperimentError`` where it exceeds this server's limits."""
    problem, limit = wanted.problem(), settings.most_tokens
    read = int((problem.parts == 0).sum()) if wanted.checkpoint else len(wanted.tokenized())
    for field, count in (("sequence", read), ("target", int((problem.targets >= 0).sum()))):
        if count > limit:
            raise ExperimentError(field, "too_long", count=count, limit=limit)
    check_hidden_size(wanted.hidden_size, settings)
    return wanted


def check_hidden_size(value: int, settings: Settings) -> None:
    """Raise ``ExperimentError`` on more hidden units than this server computes."""
    if value > (high := settings.most_hidden_units):
        raise ExperimentError("hidden_size", "integer", low=1, high=high, value=value)


def trace_numbers(experiment: Experiment) -> int:
    """Return how many numbers the trace of an experiment holds, at most, without running it."""
    problem = experiment.problem()
    T, V, H = len(problem.tokens), len(problem.vocabulary), experiment.hidden_size
    D = _inputs(experiment)
    K, ways = cell_of(experiment).blocks, experiment.directions
    levels = experiment.layers * ways
    parts = int(problem.parts.max()) + 1
    over_time = T * (2 * D + V + levels * (T + (4 + K) * H + 6))
    weights = parts * ways * K * H * (D + H + 2) + V * (ways * H + 1)
    weights += (levels - ways) * K * H * ((ways + 1) * H + 2)
    return over_time + 2 * weights


def trace_bytes(experiment: Experiment) -> int:
    """Return the bytes that a run of an experiment takes, at most.

    The trace has ``trace_numbers``. A cell may keep more than those of a timestep: what it computed
    there, and what a step back computes.
    """
    cell, T, H = cell_of(experiment), len(experiment.problem().tokens), experiment.hidden_size
    levels = experiment.layers * experiment.directions
    more = max(0, (_computed(cell) - 4 - cell.blocks) * H + cell.width(H))
    largest = cell.blocks * H * max(H * experiment.directions, _inputs(experiment))
    kept = trace_numbers(experiment) + T * levels * more
    walked = _walked_together(experiment)
    return BYTES_A_NUMBER * kept + BYTES_A_WEIGHT * largest + 8 * walked + BYTES_OF_ANY


def _walked_together(experiment: Experiment) -> int:
    """Return how many numbers are on their way back at once, of several losses or of attention."""
    problem, H, cell = experiment.problem(), experiment.hidden_size, cell_of(experiment)
    T, rows = len(problem.tokens), 1 + len(problem.loss_timesteps)
    states = len(cell.states)
    if experiment.deep:
        width = H * experiment.directions
        entering = min(T * rows * width, max(T * width, MOST_NUMBERS))
        return entering * (5 + cell.width(H) // H + 2 * states)
    row = rows * (4 * states * H + 2 * cell.width(H) + 4 * T)
    if experiment.attention == "none":
        return row
    return row + 2 * min(rows * problem.encoded * H, MOST_SCORES)


def _inputs(experiment: Experiment) -> int:
    """Return how many numbers a timestep reads."""
    problem = experiment.problem()
    return len(problem.input_vocabulary) if problem.vectors is None else problem.vectors.shape[1]


def check_answer(experiment: Experiment, settings: Settings) -> None:
    """Raise ``MessageError`` where the trace has more numbers than one answer may hold."""
    if (count := trace_numbers(experiment)) > (limit := settings.answer_numbers):
        raise MessageError("answer_too_big", count=count, limit=limit)


def check_step(experiment: Experiment) -> None:
    """Raise ``MessageError`` where a run is too large to show one of its timesteps in numbers."""
    count = len(experiment.problem().tokens) * experiment.hidden_size
    if count > MOST_STEP_UNITS:
        raise MessageError("step_too_big", count=count, limit=MOST_STEP_UNITS)


def cubic_work(experiment: Experiment) -> int:
    """Return T × n³, the cost of products or spectra of Jacobians of a state of n numbers."""
    width = len(cell_of(experiment).states) * experiment.hidden_size
    return len(experiment.problem().tokens) * width**3


def check_cubic(experiment: Experiment, settings: Settings) -> None:
    """Raise ``MessageError`` where products of Jacobians would take too long."""
    if (work := cubic_work(experiment)) > (limit := settings.analysis_work):
        raise MessageError("analysis_too_big", field="hidden_size", work=work, limit=limit)


def check_sweep(experiment: Experiment, scales: int, seeds: object, settings: Settings) -> None:
    """Raise ``MessageError`` where a sweep of so many scales and seeds would take too long."""
    counted = min(seeds, COUNTABLE) if type(seeds) is int else 0
    networks, T = scales * counted, len(experiment.problem().tokens)
    levels = experiment.layers * experiment.directions
    work = levels * (networks * T + counted * NETWORK) * _timestep(experiment)
    if work > (limit := settings.sweep_work):
        raise MessageError(
            "sweep_too_big", field="seeds", networks=networks, work=work, limit=limit
        )


def check_training(training: Training, settings: Settings) -> None:
    """Raise ``ExperimentError``, or ``MessageError``, where one training step is too large."""
    check_hidden_size(training.hidden_size, settings)
    task = engine.task(training.task, training.length, training.examples)
    readout = (training.hidden_size + OVERHEAD) * task.outputs
    work = training.batch_size * task.timesteps * (_timestep(training) + readout)
    work += training.batch_size * _looking(training, task)
    if training.constraint != "free":
        work += CONSTRAINED * cell_of(training).blocks * training.hidden_size**3
    if work > (limit := settings.training_work):
        raise MessageError("training_too_big", field="hidden_size", work=work, limit=limit)


def _looking(training: Training, task: Task) -> int:
    """Return the cost of attention in one example: of its outputs, and of what they compare."""
    if training.attention == "none":
        return 0
    (n, m), H = _looks(task), training.hidden_size
    width = H + OVERHEAD
    layer = H if SCORES[training.attention].shapes(H) else 0  # of a score with weights
    return n * (2 * width**2 + m * (PAIR * width + TANH * layer))


def _looks(task: Task) -> tuple[int, int]:
    """Return how many timesteps the decoder and the encoder of a task have."""
    n = int(task.probes.parts.sum())
    return n, task.timesteps - n


def _computed(cell: Cell) -> int:
    """Return the numbers that a timestep computes, over H."""
    return sum(cell.blocks if name in cell.stacked else 1 for name in cell.step_values._fields)


def training_bytes(training: Training) -> int:
    """Return the bytes that a training run keeps from one step to the next, at most.

    That is four arrays of the size of the weights, and for each timestep of each example of a
    minibatch what it computed, one state for each block of weights, and eight more. With attention
    it is also what a step needs for a while: it may be far more than what is kept.
    """
    task = engine.task(training.task, training.length, training.examples)
    cell, H = cell_of(training), training.hidden_size
    parts = 1 + int(task.probes.parts.max())
    weights = parts * cell.blocks * H * (task.inputs + H + 2) + task.outputs * (H + 1)
    examples = training.batch_size + task.probes.x.shape[1]
    numbers = (_computed(cell) + cell.blocks + 8) * H * task.timesteps * examples
    if training.attention != "none":
        n, m = _looks(task)
        weights += 2 * H**2 + sum(map(math.prod, SCORES[training.attention].shapes(H).values()))
        numbers += examples * (6 * n * m + 11 * (n + m) * H)
        numbers += 2 * min(examples * n * m * H, MOST_SCORES)
    return 8 * (4 * weights + numbers)


def _timestep(wanted: Experiment | Training) -> int:
    """Return the cost of a timestep, K·(H + 32)²."""
    return cell_of(wanted).blocks * (wanted.hidden_size + OVERHEAD) ** 2
