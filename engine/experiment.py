"""The description of a run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from unrolled.engine import config
from unrolled.engine.architectures import ARCHITECTURES
from unrolled.engine.attention.attended import ATTENTIONS, check_attention
from unrolled.engine.config import NetworkConfig
from unrolled.engine.deep.network import DeepNetwork
from unrolled.engine.description.keywords import ArchitectureName, AttentionName, TokenizerName
from unrolled.engine.description.versions import VERSIONS
from unrolled.engine.errors import ExperimentError
from unrolled.engine.network import Network
from unrolled.engine.problem import Problem, tokenized
from unrolled.engine.tokenizers import MOST_TOKENS, TOKENIZERS
from unrolled.engine.validation import (
    OBJECT,
    Choices,
    check,
    check_cell,
    loss_of,
    made_of,
    quote,
    values_of,
)
from unrolled.engine.weights.by_hand import Shape, check_by_hand, numbers_of, set_by_hand

CHOICES = Choices(
    tokens=TOKENIZERS,
    architecture=ARCHITECTURES,
    attention=ATTENTIONS,
    **config.CHOICES.registries,
)
RANGES: dict[str, tuple[int, int]] = {
    **config.RANGES,
    "clip_norm": (0, 1_000_000),
    "truncate": (0, MOST_TOKENS),
    "layers": (1, 4),
    "directions": (1, 2),
    "layer": (-4, 4),
}


class Trained(Protocol):
    """The network of an experiment that is not random: a ``Checkpoint``, or one's own."""

    @property
    def free(self) -> tuple[str, ...]: ...

    @property
    def layers(self) -> int: ...

    @property
    def directions(self) -> int: ...

    @property
    def reads(self) -> str: ...

    def network_of(self, wanted: "Experiment") -> Network: ...

    def deep_network_of(self, wanted: "Experiment") -> DeepNetwork: ...

    def problem_of(self, wanted: "Experiment") -> Problem: ...

    def told(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Experiment(NetworkConfig):
    """A network, random or trained, a sequence for it to read, and the loss of its outputs.

    Raises
    ------
    ExperimentError
        A ``ValueError`` that names the value and the remedy, on a field that is out of its range,
        and on fields that make no sense together.
    """

    sequence: str = "the clouds are in the sky"
    """1 to 2,000 tokens."""
    tokens: TokenizerName = "characters"
    """``characters`` (grapheme clusters) or ``words``."""
    architecture: ArchitectureName = "many-to-one"
    """A key of ``ARCHITECTURES``."""
    target: str = ""
    """The label or the tags; empty means what the architecture takes from the sequence."""
    labels: str = ""
    """What the outputs choose among, such as ``positive / negative``, of a many-to-one or a
    many-to-many network; empty for the words of the sequence and the target. The others have words
    alone."""
    clip_norm: float = 0.0
    """Norm to which the gradient of all weights together is clipped; 0 for no clipping."""
    truncate: int = 0
    """Timesteps after which BPTT is cut, counted from the last; 0 for none."""
    loss: int | str = "last"
    """The loss whose gradient is shown: that of a timestep, from 1, the ``last``, or the sum of
    ``all``. It changes nothing of the run itself."""
    by_hand: str = ""
    """Weights that replace drawn ones, the scale applied, of at most 4 hidden units; each stands
    after its name: ``W_hh_1_2 0.5`` leads from unit 2 to unit 1, ``W_xh_1_a -1`` from the word a to
    unit 1, and so ``W_hy_1_a``, ``b_xh_1``, ``b_hh_1`` and ``b_y_a``. A gate stands for the second
    letter, as in ``W_hf_1_2``. Those of attention are ``W_qv_1_2``, ``W_qh_1_2``, ``W_a_1_2``,
    ``U_a_1_2`` and ``v_a_1``."""
    layers: int = 1
    """How many there are on top of one another: each reads the states of the one below."""
    directions: int = 1
    """2 where each layer has a second cell, which reads from the end."""
    layer: int = 0
    """The layer that is in front on the page, from 1; 0 for the highest. With a minus it is the
    layer's second cell, which reads from the end. It changes nothing of the run itself."""
    attention: AttentionName = "none"
    """A key of ``ATTENTIONS``: with ``dot`` or ``additive`` each output of an encoder-decoder looks
    at all states of the encoder. They are scores: see ``engine.attention``."""
    checkpoint: Trained | None = field(default=None, kw_only=True, metadata=OBJECT)
    """The ``Checkpoint`` whose network it is run on, if that is not a random one; its
    ``experiment`` gives it, with the fields that it fixes."""

    def __post_init__(self) -> None:
        check(self, CHOICES, RANGES)
        check_cell(self)
        if not (1 - self.directions) * self.layers <= self.layer <= self.layers:
            raise ExperimentError("layer", "no_layer", value=self.layer, high=self.layers)
        for alone, code in (
            (self.architecture == "encoder-decoder", "one_layer"),
            (bool(self.by_hand.strip()), "one_by_hand"),
            (self.checkpoint is not None and not self._has_its_layers(), "one_trained"),
        ):
            if alone:
                self.check_one_layer(code)
        check_attention(self.attention, self.architecture, self.cell)
        if self.by_hand and self.checkpoint:
            raise ExperimentError("by_hand", "hand_trained", value=quote(self.by_hand))
        check_by_hand(self.by_hand, self.weights_shape())
        object.__setattr__(self, "loss", loss_of(self.loss, self.problem().loss_timesteps))

    def _has_its_layers(self) -> bool:
        """Return whether it has the layers and the directions of its network."""
        own = self.checkpoint
        return own is not None and (own.layers, own.directions) == (self.layers, self.directions)

    @classmethod
    def of(cls, mapping: Mapping[str, Any]) -> "Experiment":
        """Return an experiment from named values, such as a JSON object's."""
        return made_of(cls, mapping)

    def named(self) -> dict[str, Any]:
        """Return the fields by name, as ``of`` takes them: all but the trained network."""
        return {each.name: getattr(self, each.name) for each in values_of(Experiment)}

    @property
    def deep(self) -> bool:
        """Whether it has several layers, or both directions: ``deep_network`` is its network."""
        return self.layers * self.directions > 1

    @property
    def reads(self) -> str:
        """What the readout reads of both directions where there is one loss: see ``deep_trace``."""
        return self.checkpoint.reads if self.checkpoint else "h_n"

    def check_one_layer(self, code: str = "no_layers") -> None:
        """Raise ``ExperimentError`` where it has several layers, or both directions."""
        for name in ("layers", "directions"):
            if (count := getattr(self, name)) > 1:
                raise ExperimentError(name, code, value=count)

    @property
    def attends(self) -> bool:
        """Whether its outputs look at the states of an encoder."""
        return self.attention != "none"

    def network(self) -> Network:
        """Return the network at its start: the words are its inputs, the vocabulary its outputs.

        A trained one is as it was trained, but for the recurrent scale. Raises ``ExperimentError``
        where it has several layers, or both directions.
        """
        self.check_one_layer()
        if self.checkpoint:
            return self.checkpoint.network_of(self)
        problem = self.problem()
        words, outputs = len(problem.input_vocabulary), len(problem.vocabulary)
        encoder, attention = bool(problem.parts.any()), self.attention
        network = Network.random(self, words, outputs, encoder=encoder, attention=attention)
        return self._set_by_hand(network, problem) if self.by_hand.strip() else network

    def weights_shape(self) -> Shape:
        """Return what the names of its weights in ``by_hand`` depend on."""
        encoder = self.architecture == "encoder-decoder"
        return Shape(self.cell, self.hidden_size, encoder, self.attention)

    def _set_by_hand(self, network: Network, problem: Problem) -> Network:
        numbers = numbers_of(self.by_hand, self.weights_shape())
        words, outputs = problem.input_vocabulary, problem.vocabulary
        state = set_by_hand(network.state_dict(), numbers, words, outputs)
        return Network.from_state_dict(state, cell=self.cell, activation=self.activation)

    def deep_network(self) -> DeepNetwork:
        """Return the network of any number of layers, in one direction or in both."""
        if not self.deep:
            network = self.network()
            return DeepNetwork((network.layers,), network.W_hy, network.b_y)
        if self.checkpoint:
            return self.checkpoint.deep_network_of(self)
        problem, both = self.problem(), self.directions > 1
        words, outputs = len(problem.input_vocabulary), len(problem.vocabulary)
        return DeepNetwork.random(self, words, outputs, layers=self.layers, bidirectional=both)

    def made_by(self) -> dict[str, Any]:
        """Return what makes its results again: the experiment, by name, and the versions.

        Of a trained network they are its free fields, and its training. ``experiment_of`` reads it
        back.
        """
        if self.checkpoint:
            own = {name: getattr(self, name) for name in self.checkpoint.free}
            return {**VERSIONS, "experiment": own, "checkpoint": self.checkpoint.told()}
        return {**VERSIONS, "experiment": self.named()}

    def tokenized(self) -> list[str]:
        """Return the tokens of the sequence."""
        return tokenized(self.sequence, TOKENIZERS[self.tokens])

    def problem(self) -> Problem:
        """Return the input and the target of each timestep as numbers."""
        if self.checkpoint:
            return self.checkpoint.problem_of(self)
        return Problem.from_text(
            self.sequence,
            self.architecture,
            target=self.target,
            labels=self.labels,
            tokens=self.tokens,
        )
