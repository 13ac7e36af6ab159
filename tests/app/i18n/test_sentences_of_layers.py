"""Every sentence about a network of several layers names the one it is of, and is true of it.

``tests/js/say_layers.js`` says them; what they claim is checked here against ``DeepTrace``.
"""

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pytest

from tests.app.i18n.test_sentences import (
    OF_LAYERS,
    SAID_OF_RUNS,
    TWICE,
    is_share,
    near,
    recorded,
    told_by,
)
from unrolled import engine
from unrolled.app.i18n.catalog import catalog, languages
from unrolled.app.json import as_json
from unrolled.app.runs.analyses import step_factors
from unrolled.engine import Experiment
from unrolled.engine.cells import Cell

TEXT = "clouds in"
RUNS: list[dict[str, Any]] = [
    {"layers": 2},
    {"layers": 2, "recurrent_scale": 0.3},
    {"layers": 2, "layer": 1, "recurrent_scale": 4},
    {"layers": 3, "layer": 2, "cell": "lstm", "architecture": "many-to-many", "loss": "all"},
    {"layers": 2, "layer": 1, "truncate": 3},
    {"layers": 2, "layer": 1, "cell": "feedforward", "architecture": "one-to-many", "loss": "all"},
    {"layers": 2, "cell": "feedforward"},
    {"layers": 2, "recurrent_scale": 0, "architecture": "many-to-many"},
    {"layers": 2, "layer": 1, "cell": "lstm", "recurrent_scale": 0},
    {"layers": 2, "recurrent_scale": 3, "clip_norm": 0.1},
    {"directions": 2, "architecture": "many-to-many", "loss": 4},
    {"layers": 2, "directions": 2, "layer": 1, "architecture": "many-to-many", "loss": 4},
    {"layers": 2, "directions": 2, "layer": 1, "truncate": 3, "cell": "gru"},
    {"layers": 2, "directions": 2, "layer": -1, "architecture": "many-to-many", "loss": 4},
    {"layers": 2, "directions": 2, "layer": -2, "cell": "lstm", "recurrent_scale": 2},
    {"directions": 2, "layer": -1, "recurrent_scale": 0.3},
    {"directions": 2, "layer": -1, "truncate": 3, "architecture": "one-to-many", "loss": "all"},
    {"layers": 2, "activation": "relu", "initialization": "identity", "input_scale": 0},
    {"layers": 2, "activation": "identity", "recurrent_scale": 10, "sequence": "ab" * 350},
    {"directions": 2, "activation": "identity", "recurrent_scale": 10, "sequence": "ab" * 350},
]


@dataclass(frozen=True)
class Front:
    """The layer in front of a run."""

    trace: engine.DeepTrace

    @property
    def asked(self) -> Experiment:
        assert isinstance(self.trace.described, Experiment)
        return self.trace.described

    @cached_property
    def level(self) -> engine.LevelTrace:
        return self.trace.levels[self.trace.in_front]

    @property
    def level_cell(self) -> Cell:
        return self.trace.network.cell

    @cached_property
    def factors(self) -> engine.StepFactors:
        return engine.step_factors(self.trace)

    @cached_property
    def share(self) -> Any:
        return self.trace.log10_shares()[self.trace.in_front]

    @cached_property
    def cell_share(self) -> Any:
        shares = self.trace.log10_cell_shares()
        assert shares is not None
        return shares[self.trace.in_front]

    @property
    def T(self) -> int:
        return len(self.share)

    @property
    def s(self) -> int:
        """The timestep at which all of the gradient that is drawn is still there."""
        loss, read = self.trace.chosen_loss, self.trace.read_at[int(self.level.reverse)]
        if loss == "all":
            return int(read[0 if self.level.reverse else -1]) + 1
        return int(read[self.trace.reached_losses.tolist().index(int(loss) - 1)]) + 1 if loss else 0

    @property
    def end(self) -> int:
        """The timestep that is read first, to which the gradient goes back."""
        return self.T if self.level.reverse else 1

    def in_time(self, place: int) -> int:
        """The timestep at a place of the order in which the cell reads."""
        return self.T + 1 - place if self.level.reverse else place

    def name(self, language: str) -> str:
        """The words with which what is said of it begins."""
        english = language == "en"
        number = f"Layer {self.level.layer}" if english else f"第 {self.level.layer} 层"
        if self.asked.directions == 1:
            return f"{number}:" if english else f"{number}："
        ways = (
            ("reading forward", "reading from the end") if english else ("从前往后读", "从后往前读")
        )
        way = ways[self.level.reverse]
        if self.asked.layers == 1:
            return f"{way.capitalize()}:" if english else f"{way}的方向："
        return f"{number}, {way}:" if english else f"{number}（{way}）："

    def reads(self, t: int) -> bool:
        """Whether the level gets anything at t from the timestep that it read before."""
        k = self.asked.truncate
        cut = k > 0 and self.in_time(t) in range(self.T - k, 0, -k)
        return not cut and self.asked.cell != "feedforward" and self.asked.recurrent_scale != 0


@pytest.fixture(scope="module")
def fronts() -> list[Front]:
    return [Front(engine.deep_trace_of(Experiment(**{"sequence": TEXT, **each}))) for each in RUNS]


@pytest.fixture(scope="module")
def told(fronts: list[Front]) -> Any:
    runs = [{"frames": recorded(front), "why": why(front)} for front in fronts]
    return told_by("say_layers.js", runs)


def why(front: Front) -> Any:
    """The step factors, as the page asks for them."""
    there = front.trace.chosen_loss is not None and front.level_cell.recurrent
    return json.loads(as_json(step_factors(front.trace))) if there else None


def plain(text: str) -> str:
    return re.sub("<[^>]*>", "", text)


def keys(sentence: dict[str, Any]) -> set[str]:
    """The messages that a sentence was made of."""
    return {each["key"] for each in sentence["said"]}


def is_of_all(front: Front, sentence: dict[str, Any]) -> bool:
    """Whether it is of the whole network: before and between the ways, and what is not drawn.

    The pace names no layer either: it stands above the bars, whose verdict does.
    """
    place, at = sentence["place"], sentence["at"]
    whole = dict.fromkeys(("caption", "timeline", "reason"), (0, front.T + 1))
    return (
        at in whole.get(place, ())
        or place in ("fold", "weight W_hy", "pace")
        or bool(keys(sentence) & {"caption.no_loss", "stage.timestep.unknown"})
    )


def test_every_sentence_names_the_layer_and_the_direction_in_front(fronts, told):
    assert set(told) == set(languages())
    for language, of_runs in told.items():
        for front, sentences in zip(fronts, of_runs, strict=True):
            assert len(sentences) > 5 * front.T
            for each in sentences:
                if "caption.overflow.layers" in keys(each):
                    continue  # of both directions
                text, name = plain(each["text"]), front.name(language)
                if is_of_all(front, each):
                    assert name not in text or "caption.idle.layers" in keys(each), text
                    continue
                assert text.startswith(name), (name, text)
                assert text.count(name) == 1, text


def test_no_sentence_about_a_layer_is_said_of_the_network(fronts, told):
    said_of_all = {"verdict.no_memory", "caption.backward.alone", "caption.forward.alone"}
    for language, words in (("en", "the network"), ("zh-CN", "网络")):
        for front, sentences in zip(fronts, told[language], strict=True):
            for each in sentences:
                if not is_of_all(front, each) and not keys(each) & said_of_all:
                    assert words not in each["text"].lower(), each["text"]


def test_the_shares_and_the_verdict_are_those_of_the_layer_in_front(fronts, told):
    for of_runs in told.values():
        for front, sentences in zip(fronts, of_runs, strict=True):
            for each in sentences:
                for one in each["said"]:
                    claim = CLAIMS.get(one["key"])
                    if claim:
                        assert claim(front, one["blanks"], each), (each["text"], one)
    assert set(CLAIMS) <= {key for run in told["en"] for each in run for key in keys(each)}
    of_layers = {key for key in catalog() if SAID_OF_RUNS.match(key) and OF_LAYERS.search(key)}
    assert of_layers - {"stage.fold.layers"} <= set(CLAIMS)


def at(sentence: dict[str, Any], front: Front) -> int:
    """The timestep that a sentence is about."""
    position = sentence["at"]
    if sentence["place"] not in ("caption", "timeline", "reason"):
        return (position or front.end) + (
            sentence["place"].endswith("arrow") and front.level.reverse
        )
    return front.in_time(position if position <= front.T else 2 * front.T + 2 - position)


def arrives(front: Front, b: Any, each: Any) -> bool:
    return is_share(b["share"], share_of(front, each)[at(each, front) - 1])


def share_of(front: Front, each: Any) -> Any:
    return front.cell_share if each["place"].startswith("cell") else front.share


def verdict_of(kind: str) -> Any:
    return lambda front, b, each: front.trace.verdicts[front.trace.in_front] == kind


def inputs_compare(front: Front, b: Any, each: Any) -> bool:
    """Whether so much comes to an input, by default to the first, of what comes to the last."""
    log10 = front.trace.log10_input_gradient_norm
    one = at(each, front) if each["place"] == "tile" else 1
    return is_share(b["share"], log10[one - 1] - log10[-1])


def reads_below(front: Front, b: Any, each: Any) -> bool:
    return front.level.layer > 1 and f"{front.level.layer - 1}" in b["states"]


def average_step(front: Front, b: Any, each: Any) -> bool:
    """As far as the gradient goes, from the timestep at which all of it is there."""
    first = int(np.flatnonzero(np.isfinite(front.share))[-int(front.level.reverse)])
    change, steps = front.share[first] - front.share[front.s - 1], abs(front.s - 1 - first)
    return near(b["factor"], change / steps)


def step_of(front: Front, b: Any) -> int:
    """The place among the factors of the step that leaves ``next``."""
    return front.factors.timesteps.tolist().index(b["next"])


def receives(front: Front, b: Any, each: Any) -> bool:
    """Whether so much comes back from the timestep that was read next, whatever else is there."""
    step = front.factors.log10_ratio[step_of(front, b)]
    says = near if each["said"][0]["key"].endswith("times") else is_share
    way = 1 if front.level.reverse else -1
    return says(b["ratio"], step) and b["next"] + way == b["t"]


def receives_below(front: Front, b: Any, each: Any) -> bool:
    return receives(front, b, each) and front.level.layer < front.asked.layers


def takes(path: str) -> Any:
    def claim(front: Front, b: Any, each: Any) -> bool:
        share = front.factors.shares[path][step_of(front, b)]
        return share >= 0.499 and abs(float(b["share"].rstrip("%")) - 100 * share) < 0.51

    return claim


CLAIMS: dict[str, Any] = {
    **{f"verdict.{kind}": verdict_of(kind) for kind in ("vanishing", "arriving", "exploding")},
    "verdict.input.part": inputs_compare,
    "verdict.input.times": inputs_compare,
    "arrives.one.part": arrives,
    "arrives.one.times": arrives,
    "arrives.all.part": arrives,
    "stage.timestep": arrives,
    "explain.share.layer": arrives,
    "explain.share.layer.times": lambda front, b, each: (
        arrives(front, b, each) and share_of(front, each)[at(each, front) - 1] > TWICE
    ),
    "explain.share.none": lambda front, b, each: (
        share_of(front, each)[at(each, front) - 1] == -np.inf
    ),
    "stage.story": lambda front, b, each: (
        front.share[b["most"] - 1] == front.share.max()
        and front.share[b["least"] - 1] == front.share.min()
    ),
    "chart.gradient_norm.reading": average_step,
    "chart.gradient_norm.reading.layer": average_step,
    "caption.forward": lambda front, b, each: front.level.layer == 1,
    "caption.forward.first": lambda front, b, each: front.level.layer == 1,
    "caption.forward.above": reads_below,
    "caption.forward.above.first": reads_below,
    "caption.forward.above.first_alone": reads_below,
    "caption.forward.above.alone": reads_below,
    "caption.forward.above.empty": lambda front, b, each: (
        reads_below(front, b, each) and not front.level.hidden[b["before"] - 1].any()
    ),
    "caption.backward": lambda front, b, each: (
        receives(front, b, each) and front.level.layer == front.asked.layers
    ),
    "caption.backward.below": receives_below,
    "caption.backward.below.times": receives_below,
    "caption.backward.below.more": lambda front, b, each: (
        b["above"] == front.level.layer + 1 <= front.asked.layers
        and np.isfinite(
            front.trace.log10_entering_shares()[front.trace.in_front, at(each, front) - 1]
        )
    ),
    "caption.reason.carry": takes("carry"),
    "caption.reason.recurrent": takes("recurrent"),
    "caption.backward.first": lambda front, b, each: (
        front.level.layer == front.asked.layers and b["t"] == front.s
    ),
    "caption.backward.first.below": lambda front, b, each: (
        b["above"] == front.level.layer + 1 and b["t"] == front.s and front.share[b["t"] - 1] == 0
    ),
    "caption.backward.from_above": lambda front, b, each: (
        b["above"] == front.level.layer + 1 <= front.asked.layers
        and not front.reads(b["t"])
        and np.isfinite(front.share[b["t"] - 1])
    ),
    "caption.backward.after": lambda front, b, each: (
        front.share[at(each, front) - 1] == -np.inf and at(each, front) != front.s == b["s"]
    ),
    "caption.backward.first.all": lambda front, b, each: b["t"] == front.s,
    "caption.backward.cut": lambda front, b, each: front.share[b["t"] - 1] == -np.inf,
    "caption.backward.truncated": lambda front, b, each: not front.reads(b["t"]),
    "caption.done.all": lambda front, b, each: (
        b["first"] == front.end and np.isfinite(front.share[front.end - 1])
    ),
    "caption.done.short": lambda front, b, each: (
        np.isfinite(front.share[b["t"] - 1])
        and not np.isfinite(front.share[b["t"] - 1 + (1 if front.level.reverse else -1)])
    ),
    "caption.overflow.layers": lambda front, b, each: front.trace.diverged_at == 1,
    "verdict.diverged_at.layers": lambda front, b, each: front.trace.diverged_at == 1,
    "caption.idle.layers": lambda front, b, each: front.level.reverse and b["last"] == front.T,
    "caption.folded.layers": lambda front, b, each: (
        b["cells"] == len(front.trace.levels) and b["last"] == front.T
    ),
    "weight.W_xh": lambda front, b, each: front.level.layer == 1,
    "weight.W_xh.above": lambda front, b, each: front.level.layer > 1,
}


def test_both_languages_say_the_same_of_layers(told):
    first, *others = (
        [[[one["key"] for one in each["said"]] for each in run] for run in of_runs]
        for of_runs in told.values()
    )
    assert all(each == first for each in others)
    assert all(catalog(language)["layers.of"] for language in told)
