"""The run of a command on a network from a file of weights."""

import json
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from unrolled.app.cli.console import complain
from unrolled.app.cli.output import projected
from unrolled.app.cli.refusals import refuse, refuse_value
from unrolled.engine import (
    DeepNetwork,
    Experiment,
    ExperimentError,
    GivenRun,
    Network,
    Problem,
    Run,
)
from unrolled.engine.deep.trace import check

Weights = Annotated[
    Path | None,
    typer.Option(
        "--weights",
        help="Your own network: a .safetensors file of a state_dict(), as save_file of "
        "safetensors.torch writes it, an .npz file of the same names, or Keras's .keras or "
        ".weights.h5 file.",
    ),
]
Module = Annotated[
    str | None,
    typer.Option(
        help="With --weights, where the file holds several modules: what stands before "
        "weight_ih_l0, such as model.rnn."
    ),
]
Head = Annotated[
    str | None,
    typer.Option(
        help="With --weights, where several fit: the linear layer that reads the state, such as fc."
    ),
]
Embedding = Annotated[
    str | None,
    typer.Option(
        help="With --weights: the embedding whose rows the network reads, such as embed; without "
        "it, one-hot vectors."
    ),
]
Vocabulary = Annotated[
    Path | None,
    typer.Option(
        help="With --weights: the tokens in the order of their numbers, one a line, or as JSON."
    ),
]
Reads = Annotated[
    str | None,
    typer.Option(
        help="With --weights, in both directions: whether the one label is read from h_n, the last "
        "state of each, or from output, the states at T.",
        show_default="h_n",
    ),
]
OF_RUN = ("truncate", "clip_norm", "loss")
OF_PROBLEM = ("architecture", "target", "labels", "tokens")


class Own(NamedTuple):
    """The options about one's own network."""

    weights: Path
    module: str | None
    head: str | None
    embedding: str | None
    vocabulary: Path | None
    reads: str | None


def given_run_of(sequence: str | None, own: Own, given: dict[str, Any]) -> GivenRun:
    """Return the run; end with one line if it cannot be made."""
    for name in given:
        if name not in ("activation", *OF_RUN, *OF_PROBLEM):
            refuse(f"--{name.replace('_', '-')} is of random networks: leave it out of --weights")
    if own.vocabulary is None:
        refuse("--weights needs --vocabulary, a file of the tokens in the order of their numbers")
    try:
        asked = Experiment.of({"sequence": sequence or "", **given})
        names = {name: getattr(own, name) for name in ("module", "head", "embedding")}
        network = DeepNetwork.load(own.weights, **names, activation=asked.activation)
        of_run = {name: getattr(asked, name) for name in OF_RUN}
        known = vocabulary_in(own.vocabulary)
        fields = {name: getattr(asked, name) for name in OF_PROBLEM}
        problem = Problem.from_text(asked.sequence, **fields, vocabulary=known)
        has, named = len(network.b_y), len(problem.vocabulary)
        if has != named:
            refuse(f"the network has {has} outputs and --labels or the vocabulary names {named}")
        run = _run_of(network, problem, own.reads or "h_n", of_run)
        _tell(own, network)
    except ExperimentError as error:
        refuse_value(error)
    except OSError as error:
        refuse(f"cannot read {error.filename} ({error.strerror})")
    except ValueError as error:
        refuse(str(error))
    return run


def _tell(own: Own, network: DeepNetwork) -> None:
    """Say which module and readout were taken, if they were not named, and what its states are."""
    if not network.source:
        return
    module, head = network.source
    if own.head is None:
        complain(f"{own.weights.name}: {module!r}, read by the linear layer {head} (see --head)")
    if module.projection:
        complain(projected(module.hidden_size, module.projection))


def _run_of(network: DeepNetwork, problem: Problem, reads: str, of_run: dict[str, Any]) -> GivenRun:
    """Return the run; raises ``ValueError``, which says what does not fit."""
    if len([*network.levels]) > 1:
        of_layers = GivenRun(network, problem, reads=reads, **of_run)
        check(of_layers, network, problem)
        return of_layers
    one = Network(network.layers[0], network.W_hy, network.b_y)
    run = GivenRun(one, problem, **of_run)
    Run.of(run)
    return run


def vocabulary_in(path: Path) -> tuple[str, ...]:
    """Return the tokens of a file: a JSON list or object (token: number), or one a line.

    Raises ``ValueError`` where it has none, or two that are alike.
    """
    text = path.read_text(encoding="utf-8")
    tokens = _listed(json.loads(text)) if path.suffix == ".json" else text.splitlines()
    if not tokens or len({*tokens}) < len(tokens):
        raise ValueError(f"{path.name} must have different tokens, one a line or as JSON")
    return tuple(tokens)


def _listed(told: Any) -> list[str]:
    if isinstance(told, dict):
        told = sorted(told, key=told.__getitem__)
    return [str(each) for each in told]
