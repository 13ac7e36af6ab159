"""A user's own network from a file: what the file holds, and the network that is kept of it."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from operator import eq
from pathlib import Path
from typing import Any, Literal, NamedTuple

from unrolled.app.errors import MessageError
from unrolled.app.errors import described as told
from unrolled.app.runs.limits import within
from unrolled.app.runs.requests import VocabularyRequest
from unrolled.app.settings import Settings
from unrolled.app.training.checkpoint_store import Checkpoints, Kept
from unrolled.app.weights.number_files import ENDINGS, data_in
from unrolled.app.weights.recordings import network_at, window
from unrolled.app.weights.vocabulary import read_again, words_of
from unrolled.engine import Checkpoint, ExperimentError
from unrolled.engine.validation import quote
from unrolled.engine.weights.arrays import arrays_in, arrays_told, check_content, check_ending
from unrolled.engine.weights.modules import (
    RecurrentModule,
    chosen,
    modules_of,
    readout_of,
    readouts_of,
    tables_of,
)
from unrolled.engine.weights.npz import UNREADABLE
from unrolled.engine.weights.own_network import OwnNetwork
from unrolled.engine.weights.stored import Stored, refusal

_SHOWN = 64
"""Modules, readouts and tokens that an answer tells."""


class Choice(NamedTuple):
    """The module of a file that is asked for, and what goes with it; None for the only one."""

    module: str | None = None
    head: str | None = None
    embedding: str | None = None
    reads: Literal["h_n", "output"] | None = None
    """What the readout reads of both directions, where there is one loss."""
    checkpoint: str | None = None
    """The network that is open, which reads a file of numbers."""
    step: int | None = None
    """The step of a recording that is to be opened; None for its window."""
    sequence: int = 1
    """The sequence of its batch, from 1."""
    listed: bool = False
    """Whether the content is the head of a ``.safetensors`` file, whose modules are asked for."""


def opened(
    content: bytes, name: str, choice: Choice, checkpoints: Checkpoints, settings: Settings
) -> dict[str, Any]:
    """Keep the network of a file, and return its name here, and what else the file holds.

    Where several modules can be run, and none is chosen, nothing is kept. Raises
    ``ExperimentError`` where none can.
    """
    ending = Path(name).suffix.lower()
    check_content(content, name)
    if choice.listed:
        return {
            "kind": "weights",
            "name": None,
            "modules": _modules(arrays_told(content, name), name),
        }
    held = names_in(content, name) if ending == ".npz" else set()
    if {"training", "step"} <= held:
        kept = _keep(Checkpoint.read(content, quote(name)), checkpoints, settings)
        return {"kind": "checkpoint", "name": kept, "modules": []}
    if "recording" in held:
        told = _recorded(content, name, choice, checkpoints, settings)
        return {"kind": "recording", "name": None, "modules": [], **told}
    if ending in ENDINGS or (held and not any("weight_" in each for each in held)):
        kept = _reading(content, name, choice.checkpoint, checkpoints, settings)
        return {"kind": "numbers", "name": kept, "modules": []}
    check_ending(name)
    stored = arrays_in(content, name)
    modules = _modules(stored, name, choice.module)
    runs = [each for each in modules if not each["problem"]]
    named: str | None = None
    if choice.module is not None or (len(runs) == 1 and _is_plain(runs[0])):
        module = runs[0]["name"] if choice.module is None else choice.module
        own = OwnNetwork.of(stored, name, module, head=choice.head, embedding=choice.embedding)
        own = replace(own, reads=choice.reads or own.reads)
        named = _keep(own, checkpoints, settings)
    return {"kind": "weights", "name": named, "modules": modules}


def renamed(
    asked: VocabularyRequest, checkpoints: Checkpoints, settings: Settings
) -> dict[str, str | None]:
    """Keep a network with another vocabulary; return its name here, and the texts as it reads them.

    It reads tokens then, in place of numbers. A text that it cannot read is None.
    """
    own = own_network(asked.checkpoint, checkpoints)
    given = asked.vocabulary
    named = own.named(words_of(given, len(own.words)) if given.strip() else own.words)
    texts = {"sequence": asked.sequence, "target": asked.target}
    read = {each: read_again(text, asked.tokens, own, named) for each, text in texts.items()}
    return {"name": _keep(named, checkpoints, settings), **read}


def own_network(name: str, checkpoints: Checkpoints) -> OwnNetwork:
    """Return the network of a name; raises ``MessageError`` where it is of no user's file."""
    if not isinstance(own := checkpoints.get(name), OwnNetwork):
        raise MessageError("not_own", field="checkpoint", value=quote(name))
    return own


def described(own: OwnNetwork) -> dict[str, Any]:
    """Return what the lab says of a network, beside what ``told`` does."""
    return {
        "cell": own.cell,
        "layers": own.layers,
        "directions": own.directions,
        "hidden_size": own.weights.hidden_size,
        "words": len(own.words),
        "inputs": own.weights.inputs,
        "outputs": len(own.weights.b_y),
        "vocabulary": [*own.words[:_SHOWN]],
        "reads": own.reads,
        "alone": own.alone,
        "head": own.head,
        "embedding": own.embedding,
        "projection": own.projection,
        "data": own.data
        and {
            "name": own.data.name,
            "shape": [*own.data.x.shape],
            "targets": own.data.y is not None,
            "recorded": own.data.recorded,
        },
    }


def _modules(
    stored: Mapping[str, Stored], name: str, module: str | None = None
) -> list[dict[str, Any]]:
    """Return the modules of a file; raises ``ExperimentError`` where it has none that runs."""
    found = modules_of(stored)
    if not found:
        raise refusal("no_module", name)
    modules = [_told(stored, each) for each in found[:_SHOWN]]
    if module is None and len(found) == 1 and modules[0]["problem"]:
        readout_of(stored, chosen(found, None, name), None, None)  # which says why
    return modules


def _told(stored: Mapping[str, Stored], module: RecurrentModule) -> dict[str, Any]:
    """Return what the page says of a module of a file."""
    tables = [] if module.problem else tables_of(stored, module)[:_SHOWN]
    embedding = tables[0] if len(tables) == 1 else None
    readouts = [] if module.problem else readouts_of(stored, module, embedding)
    own = module.name.split(".")
    readouts.sort(key=lambda each: -sum(map(eq, each.split("."), own)))
    return {
        "name": module.name,
        "cell": module.cell,
        "inputs": module.inputs,
        "hidden_size": module.hidden_size,
        "layers": module.layers,
        "bidirectional": module.bidirectional,
        "projection": module.projection,
        "readouts": readouts[:_SHOWN],
        "embeddings": tables,
        "problem": module.problem and told(module.problem),
    }


def _is_plain(module: Mapping[str, Any]) -> bool:
    """Return whether nothing is to be chosen of a module."""
    plain = len(module["readouts"]) <= 1 and len(module["embeddings"]) <= 1
    return plain and not module["bidirectional"]


def names_in(content: bytes, name: str) -> set[str]:
    """Return the names of the arrays of an ``.npz``; raises ``ExperimentError`` if it is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            return {each.removesuffix(".npy") for each in file.namelist()}
    except UNREADABLE:
        raise refusal("broken", name, kind="npz") from None


def _recorded(
    content: bytes, name: str, choice: Choice, checkpoints: Checkpoints, settings: Settings
) -> dict[str, Any]:
    """Return the window of a recording, or the name of the network of one of its steps."""
    if choice.step is None:
        return {"recording": window(content, name, choice.module, settings)}
    own = network_at(content, name, choice.module, choice.step, choice.sequence)
    return {"name": _keep(own, checkpoints, settings)}


def _reading(
    content: bytes, name: str, open_one: str | None, checkpoints: Checkpoints, settings: Settings
) -> str:
    """Keep the network that is open with the numbers of a file, and return its name here."""
    if not open_one or not isinstance(own := checkpoints.get(open_one), OwnNetwork):
        shown = quote(name)[1:].removesuffix('"')
        raise ExperimentError("sequence", "data_first", value=shown)
    sizes = own.weights.inputs, len(own.weights.b_y)
    data = data_in(content, name, *sizes, settings.most_tokens)
    return _keep(replace(own, data=data), checkpoints, settings)


def _keep(network: Kept, checkpoints: Checkpoints, settings: Settings) -> str:
    """Keep a network that this server can compute, and return its name here."""
    within(network.experiment(), settings)
    run = checkpoints.name()
    checkpoints.keep(run, network)
    return f"{run}-{network.step}"
