"""A network from a file of weights, with the words that it reads: the lab runs it by its name."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, cast

import numpy as np

from unrolled.engine.cells import cell_of
from unrolled.engine.config import NetworkConfig
from unrolled.engine.deep.network import DeepNetwork
from unrolled.engine.description.keywords import ActivationName, CellName
from unrolled.engine.errors import ExperimentError
from unrolled.engine.experiment import Experiment
from unrolled.engine.layer import Layer
from unrolled.engine.network import Network
from unrolled.engine.numerics.arrays import Floats, read_only
from unrolled.engine.problem import Problem
from unrolled.engine.tokenizers import TOKENIZERS, tokenizer
from unrolled.engine.validation import made_of, quote
from unrolled.engine.weights.modules import (
    chosen,
    modules_of,
    readout_of,
    readouts_of,
    table_of,
    tables_of,
    weights_of,
)
from unrolled.engine.weights.own_problem import Data, Reads, numbers_to
from unrolled.engine.weights.stored import Stored, refusal

FREE = (
    *("sequence", "target", "architecture", "labels", "tokens", "activation"),
    *("recurrent_scale", "clip_norm", "truncate", "loss", "layer"),
)
"""Fields that an experiment on such a network may choose."""
MOST_NUMBERS = 2**24
"""Numbers of its weights and its embedding, at most."""
_EXAMPLE = 24
"""Tokens of the sequence that it reads first."""
_MARK = re.compile(r"<.+>|\[.+\]")
"""A token that stands for no text, such as <pad> or [UNK]."""


@dataclass(frozen=True)
class OwnNetwork:
    """A network from a file of weights, and what its inputs and outputs stand for."""

    file: str
    """The name of the file."""
    module: str
    """What stands before ``weight_ih_l0`` in it."""
    cell: CellName
    """A key of ``CELLS``."""
    weights: DeepNetwork
    """The network, of any number of layers."""
    words: tuple[str, ...]
    """The tokens that it reads, in the order of their numbers."""
    table: Floats | None = None
    """(words, inputs) the embedding, whose rows it reads; None where it reads classes."""
    reads: str = "h_n"
    """What the readout reads of both directions where there is one loss: see ``deep_trace``."""
    data: Data | None = None
    """The numbers that it reads in place of tokens, if any."""
    activation: ActivationName = "tanh"
    """That of its cell, which a file of weights does not say."""
    alone: bool = False
    """Whether its states are its outputs, as nothing reads them: the loss of each is ½‖h‖²."""
    head: str = ""
    """The name of the linear layer that reads its states; empty where none does."""
    embedding: str = ""
    """The name of its embedding; empty where it has none."""
    projection: int = 0
    """P where h_t is projected, else 0: its states are those before the projection."""
    step = 0

    def __repr__(self) -> str:
        return f"OwnNetwork({self.file!r}, {self.module!r}, {self.weights!r})"

    @classmethod
    def of(
        cls,
        stored: Mapping[str, Stored],
        file: str,
        module: str | None = None,
        *,
        head: str | None = None,
        embedding: str | None = None,
        most: int = MOST_NUMBERS,
    ) -> "OwnNetwork":
        """Return the network of a module among the arrays of a file; its words are numbers.

        Parameters
        ----------
        stored
            The arrays, as ``stored_in`` has them.
        file
            The name of the file.
        module, head, embedding
            As ``Network.load`` takes them. The only table that can be an embedding is taken as one;
            empty for none. Where nothing can be the readout, or it is empty, there is none.
        most
            Numbers that it may have.

        Raises
        ------
        ExperimentError
            Where the file holds no such network, or one that cannot be run.
        """
        found = chosen(modules_of(stored), module, file)
        if embedding is None:
            tables = tables_of(stored, found)
            embedding = tables[0] if len(tables) == 1 else ""
        alone = head == "" or (head is None and not readouts_of(stored, found, embedding))
        readout = "" if alone else readout_of(stored, found, head, embedding)
        table = table_of(stored, found, embedding) if embedding else None
        prefix = f"{found.name}." if found.name else ""
        own = [name for name in stored if name.startswith(f"{prefix}weight_")]
        own += [f"{name}.weight" for name in (readout, embedding) if name]
        count = sum(int(np.prod(stored[name].shape, dtype=object)) for name in own)
        if count > most:
            raise refusal("numbers", found.name or found.cell, count=count, limit=most)
        cell = cast(CellName, found.cell)
        state = weights_of(stored, found, readout, most)
        try:
            network = DeepNetwork.from_state_dict(state, cell=cell)
        except ExperimentError:
            raise
        except ValueError:
            raise refusal("no_fit", found.name or found.cell) from None
        rows = None if table is None else read_only(table.read())
        if rows is not None and not np.isfinite(rows).all():
            raise refusal("finite", f"{embedding}.weight")
        V = found.inputs if rows is None else len(rows)
        words, name = numbers_to(V), found.name
        told: Any = {"alone": alone, "head": readout, "embedding": embedding}
        told["projection"] = found.projection
        return cls(file, name, cell, network, words, rows, **told)

    @property
    def layers(self) -> int:
        """The layers on top of one another."""
        return len(self.weights.layers)

    @property
    def directions(self) -> int:
        """1, or 2 where each layer also reads from the end."""
        return self.weights.directions

    @property
    def free(self) -> tuple[str, ...]:
        """The fields that an experiment on it may choose."""
        return FREE

    @cached_property
    def nbytes(self) -> int:
        """The bytes of its arrays and words."""
        arrays = [*self.weights.state_dict().values()]
        table = 0 if self.table is None else self.table.nbytes
        data = [each.nbytes for each in self.data or () if isinstance(each, np.ndarray)]
        return (
            table + sum(each.nbytes for each in arrays) + 2 * sum(map(len, self.words)) + sum(data)
        )

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of its weights."""
        found = hashlib.sha256()
        for name, array in self.weights.state_dict().items():
            found.update(name.encode() + np.ascontiguousarray(array).tobytes())
        return found.hexdigest()

    def named(self, words: tuple[str, ...]) -> "OwnNetwork":
        """Return the network with a vocabulary, which it reads in place of numbers, if it had any.

        Raises ``ExperimentError`` where it does not fit.
        """
        if len({*words}) != len(self.words) or len(words) != len(self.words):
            raise ExperimentError(
                "vocabulary", "own_words", count=len(self.words), value=len(words)
            )
        return replace(self, words=words, data=None)

    def told(self) -> dict[str, Any]:
        """Return what the network is, by name: its file, and the SHA-256 of its weights."""
        return {"file": self.file, "module": self.module, "weights_sha256": self.digest}

    def network_of(self, wanted: Experiment) -> Network:
        """Return the network of one layer that an experiment runs."""
        deep = self.deep_network_of(wanted)
        return Network(deep.layers[0], deep.W_hy, deep.b_y)

    def deep_network_of(self, wanted: Experiment) -> DeepNetwork:
        """Return the network that an experiment runs: the recurrent weights times its scale."""
        cell = cell_of(NetworkConfig(cell=self.cell, activation=wanted.activation))
        with np.errstate(over="ignore"):
            layers = tuple(
                tuple(
                    Layer(
                        cell,
                        each.weights._replace(
                            W_hh=read_only(each.weights.W_hh * wanted.recurrent_scale)
                        ),
                    )
                    for each in ways
                )
                for ways in self.weights.layers
            )
        return DeepNetwork(layers, self.weights.W_hy, self.weights.b_y)

    def problem_of(self, wanted: Experiment) -> Problem:
        """Return the sequence of an experiment in numbers, as this network reads it."""
        reads = Reads(self.words, len(self.weights.b_y), self.table, self.data, self.alone)
        return reads.problem(wanted)

    def experiment(self, **fields: Any) -> Experiment:
        """Return an experiment on the network: an example, or what ``fields`` say.

        Raises
        ------
        ExperimentError
            On a field out of its range, and on another value of a field that the file fixes.
        """
        usual = Experiment()
        fixed = {
            "cell": self.cell,
            "hidden_size": self.weights.hidden_size,
            "layers": self.layers,
            "directions": self.directions,
        }
        for name, value in fields.items():
            if name not in FREE:
                held = fixed.get(name, getattr(usual, name, value))
                if value != held:
                    said = {"fixed": str(held), "value": quote(value)}
                    raise ExperimentError(name, "own_fixed", **said)
        words = self.words
        letters = words != numbers_to(len(words)) and _are_characters(words)
        tokens = "characters" if letters else "words"
        given = {"tokens": tokens, "activation": self.activation, **fields, **fixed}
        if "sequence" not in given:
            example = self.data.name if self.data else self._example(str(given["tokens"]))
            given["sequence"] = example
        return made_of(Experiment, given, checkpoint=self)

    def _example(self, tokens: str) -> str:
        """Return the usual sequence, or where it has other words one of the first that it reads."""
        usual = Experiment().sequence
        if {*TOKENIZERS[tokens](usual)} <= {*self.words}:
            return usual
        cut = tokenizer(tokens, self.words)
        some = [word for word in self.words if not _MARK.fullmatch(word) and cut(word) == [word]]
        first = (some or self.words)[:10]
        between = "" if tokens == "characters" else " "
        return between.join(first[k % len(first)] for k in range(_EXAMPLE))

    def arrays(self) -> dict[str, Any]:
        """Return what ``read`` reads, by name."""
        data = {} if self.data is None else self.data._asdict()
        about = {
            **{"file": self.file, "module": self.module, "cell": self.cell, "reads": self.reads},
            **{"activation": self.activation, "words": self.words, "data": data.pop("name", None)},
            **{"columns": data.pop("columns", ()), "alone": self.alone},
            **{"head": self.head, "embedding": self.embedding, "projection": self.projection},
        }
        parts = {f"own.{name}": each for name, each in data.items() if each is not None}
        table = {} if self.table is None else {"own.table": self.table}
        return {"own": json.dumps(about), **table, **parts, **self.weights.state_dict()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any]) -> "OwnNetwork":
        """Return the network of what ``arrays`` returned."""
        about = json.loads(str(arrays["own"]))
        state = {name: each for name, each in arrays.items() if not name.startswith("own")}
        own: Any = {name: arrays.get(f"own.{name}") for name in ("table", *Data._fields[1:])}
        table = own.pop("table")
        own |= {"recorded": bool(own["recorded"]), "columns": tuple(about["columns"])}
        data = None if about["data"] is None else Data(about["data"], **own)
        return cls(
            about["file"],
            about["module"],
            about["cell"],
            DeepNetwork.from_state_dict(state, cell=about["cell"]),
            tuple(about["words"]),
            None if table is None else read_only(table),
            about["reads"],
            data,
            about["activation"],
            about["alone"],
            about["head"],
            about["embedding"],
            about["projection"],
        )


def _are_characters(words: tuple[str, ...]) -> bool:
    """Tell whether each word is a character, but for those that stand for no text."""
    return all(_is_character(word) or _MARK.fullmatch(word) for word in words) and any(
        map(_is_character, words)
    )


def _is_character(word: str) -> bool:
    return len(TOKENIZERS["characters"](word)) == 1
