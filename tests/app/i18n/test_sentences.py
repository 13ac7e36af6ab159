"""Every sentence of the page about a run is true of it.

``tests/js/say.js`` says all that the page can say of recorded runs. Each message makes a claim
about the trace, which is stated here once more, independently of the page; a message without a
claim is an error, and so is one that is said of no run.
"""

import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic_core import to_json

from unrolled import engine
from unrolled.app.i18n.catalog import catalog, languages
from unrolled.app.runs.cell_facts import cell_facts
from unrolled.app.runs.run_frames import frames_of
from unrolled.app.stopwatch import Stopwatch
from unrolled.engine import Checkpoint, Experiment
from unrolled.engine.bptt.adjoint import adjoint_of
from unrolled.engine.training import Training, TrainingRun
from unrolled.engine.weights.own_network import OwnNetwork
from unrolled.engine.weights.own_problem import Data

SCRIPTS = Path(__file__).parents[2] / "js"
RANDOM = 60
SMALLEST = float(np.finfo(np.float32).tiny)
"""Of a state that the page does not show as 0."""
MOST_TIMESTEPS_BY_CHANCE = 14


# --- the runs ------------------------------------------------------------------------------------


def by_chance(seed: int) -> Experiment:
    """Any experiment: of every cell, architecture, scale, cut and limit."""
    rng = np.random.default_rng(seed)

    def one(*choices: Any) -> Any:
        return choices[rng.integers(len(choices))]

    cell = one("rnn", "rnn", "ln-rnn", "lstm", "gru", "feedforward")
    gated = cell in ("lstm", "gru")
    length = int(rng.integers(2, MOST_TIMESTEPS_BY_CHANCE))
    return Experiment(
        sequence="".join(rng.choice(list("abcd 雨"), length)),
        tokens="characters",
        cell=cell,
        activation="tanh" if gated else one("tanh", "relu", "sigmoid", "identity"),
        architecture=one(*engine.ARCHITECTURES),
        hidden_size=one(1, 2, 8),
        initialization=one("gaussian", "orthogonal", "identity", "uniform"),
        recurrent_scale=one(0, 0.05, 0.5, 1, 1, 1.4, 2.5, 10),
        input_scale=one(0, 1, 1, 4),
        forget_bias=one(-4, 0, 1, 4),
        seed=int(rng.integers(1000)),
        clip_norm=one(0, 0, 0.01, 1, 1000),
        truncate=one(0, 0, 1, 3, 5, 100),
        chrono=one(0, 0, 20) if gated else 0,
        update_bias=one(-4, 0, 0, 4),
        loss=one("last", "last", "all"),
    )


def trained(task: str, activation: str = "tanh", cell: str = "rnn", **fields: Any) -> Experiment:
    """A network of a training that has taken no step yet, on its task."""
    training = Training(task=task, activation=activation, cell=cell, hidden_size=4)
    return TrainingRun(training).checkpoint().experiment(**fields)


LONG = "the clouds are in the sky " * 50
CHOSEN: list[dict[str, Any]] = [
    {},
    {"cell": "lstm"},
    {"cell": "lstm", "tokens": "words"},
    {"cell": "lstm", "recurrent_scale": 6, "forget_bias": 4},
    {"cell": "gru"},
    {"cell": "lstm", "recurrent_scale": 0},
    {"cell": "lstm", "recurrent_scale": 0, "truncate": 7},
    {"cell": "lstm", "recurrent_scale": 0.05},
    {"cell": "lstm", "recurrent_scale": 0, "architecture": "many-to-many", "truncate": 7},
    {"cell": "lstm", "recurrent_scale": 0, "architecture": "many-to-many"},
    {"cell": "feedforward"},
    {"cell": "feedforward", "architecture": "one-to-many"},
    {"cell": "feedforward", "architecture": "many-to-many"},
    {"cell": "feedforward", "architecture": "encoder-decoder"},
    {"cell": "feedforward", "sequence": "ab", "clip_norm": 1},
    {"cell": "ln-rnn"},
    {"cell": "ln-rnn", "recurrent_scale": 0.5, "input_scale": 4},
    {"recurrent_scale": 0},
    {"recurrent_scale": 0, "architecture": "one-to-many"},
    {"truncate": 5},
    {"truncate": 1},
    {"truncate": 5, "architecture": "many-to-many"},
    {"truncate": 30, "architecture": "encoder-decoder"},
    {"recurrent_scale": 2.5},
    {"recurrent_scale": 1.4},
    {"recurrent_scale": 1.1, "activation": "identity"},
    {"recurrent_scale": 3, "clip_norm": 1},
    {"clip_norm": 100},
    {"activation": "sigmoid", "recurrent_scale": 4},
    {"activation": "sigmoid", "recurrent_scale": 4, "sequence": "abcd"},
    {"activation": "relu", "hidden_size": 1, "sequence": "abcabcabc", "seed": 3},
    {"activation": "relu", "hidden_size": 1, "sequence": "abcabcabc", "seed": 4},
    {"activation": "relu", "hidden_size": 2, "sequence": "abcabcabc",
     "architecture": "many-to-many"},
    {"activation": "relu", "hidden_size": 1, "architecture": "many-to-many", "seed": 1},
    {"activation": "identity", "recurrent_scale": 0.95, "sequence": LONG[:60]},
    {"activation": "identity", "recurrent_scale": 0.95, "sequence": LONG[:300]},
    {"activation": "identity", "recurrent_scale": 1.08, "sequence": LONG[:60]},
    {"activation": "identity", "recurrent_scale": 0.85, "sequence": "abcde"},
    {"activation": "identity", "recurrent_scale": 10, "sequence": LONG[:700]},
    {"activation": "identity", "recurrent_scale": 10, "sequence": LONG[:350],
     "architecture": "many-to-many"},
    {"activation": "identity", "recurrent_scale": 10, "input_scale": 10, "sequence": "abcabcabcabc",
     "architecture": "many-to-many"},
    {"architecture": "one-to-many"},
    {"architecture": "encoder-decoder", "sequence": "abca"},
    {"architecture": "encoder-decoder", "sequence": "abca", "cell": "lstm", "recurrent_scale": 4},
    {"architecture": "encoder-decoder", "attention": "dot", "recurrent_scale": 0, "loss": 40},
    {"architecture": "encoder-decoder", "attention": "dot", "sequence": "abcd", "truncate": 3,
     "cell": "lstm"},
    {"architecture": "encoder-decoder", "attention": "dot", "sequence": "abca", "loss": "all"},
    {"architecture": "encoder-decoder", "attention": "additive", "sequence": "abca",
     "activation": "identity", "recurrent_scale": 3},
    {"architecture": "many-to-many", "loss": 1},
    {"architecture": "many-to-many", "loss": 340, "activation": "identity", "recurrent_scale": 10,
     "sequence": LONG[:350]},
    {"cell": "feedforward", "architecture": "one-to-many", "loss": 7},
    {"cell": "feedforward", "architecture": "one-to-many", "loss": "all"},
    {"architecture": "many-to-many", "loss": 9, "cell": "lstm"},
    {"architecture": "many-to-many", "loss": 9, "truncate": 5},
    {"architecture": "many-to-many", "loss": "all", "recurrent_scale": 3},
    {"architecture": "many-to-many", "loss": "all", "cell": "feedforward"},
    {"architecture": "many-to-many", "tokens": "words", "loss": "all"},
    {"architecture": "encoder-decoder", "sequence": "abca", "loss": "all", "cell": "gru"},
    {"sequence": "aaaa"},
    {"sequence": "aaaa", "architecture": "many-to-many"},
    {"sequence": "ab"},
    {"sequence": "ab", "cell": "feedforward"},
]  # fmt: skip


def runs() -> list[Experiment]:
    tasks = [trained("adding"), trained("sine"), trained("dates"), trained("recall", truncate=4)]
    tasks.append(trained("adding", cell="lstm"))
    tasks += [trained("recall", "identity", recurrent_scale=scale) for scale in (1.4, 2, 3)]
    chosen = [Experiment(**fields) for fields in CHOSEN]
    return [*chosen, *map(by_chance, range(RANDOM)), *tasks, opened()]


def opened() -> Experiment:
    """A moment of a recorded training, whose targets only stand for its gradient."""
    x, y = np.linspace(-1, 1, 8).reshape(4, 2), np.full((4, 3), np.nan)
    y[2:] = 0.5
    weights = engine.DeepNetwork.random(engine.NetworkConfig(hidden_size=3), 2, 3, layers=1)
    data = Data("training.npz #1", x, y, recorded=True)
    return OwnNetwork("training.npz", "rnn", "rnn", weights, ("0",), data=data).experiment()


@dataclass(frozen=True)
class Shown:
    """The facts of a run. Timesteps are counted from 1."""

    trace: engine.Trace

    @property
    def asked(self) -> Experiment:
        return self.trace.experiment

    @cached_property
    def T(self) -> int:
        return len(self.trace.tokens)

    @property
    def recurrent(self) -> bool:
        return self.trace.network.cell.recurrent

    @property
    def gated(self) -> bool:
        return self.asked.cell in ("lstm", "gru")

    @cached_property
    def encoder(self) -> int:
        return int((self.trace.parts == 0).sum()) if self.trace.parts.any() else 0

    @property
    def reached(self) -> int:
        """The last timestep that has a value."""
        return self.trace.diverged_at - 1 if self.trace.diverged_at else self.T

    @cached_property
    def loss_timesteps(self) -> list[int]:
        return (np.flatnonzero(self.trace.targets >= 0) + 1).tolist()

    @cached_property
    def met(self) -> list[int]:
        return (np.flatnonzero(np.isfinite(self.trace.losses)) + 1).tolist()

    @property
    def s(self) -> int:
        """The timestep at which all of the gradient that is drawn is still there."""
        loss = self.trace.chosen_loss
        return self.met[-1] if loss == "all" else int(loss or 0)

    def token(self, t: int) -> str:
        return self.trace.tokens[t - 1]

    def target(self, t: int) -> str:
        return self.trace.vocabulary[self.trace.targets[t - 1]]

    def cut(self, t: int) -> bool:
        """Whether truncated BPTT cuts the path from t to t - 1."""
        k = self.asked.truncate
        return k > 0 and t in range(self.T - k + 1, 1, -k)

    @cached_property
    def weightless(self) -> bool:
        return not any(weights.W_hh.any() for weights in self.trace.network.weights)

    def state(self, t: int) -> float:
        """The largest number of the state of t."""
        states = [self.trace.hidden, self.trace.cell_state]
        return max(float(np.abs(each[t - 1]).max()) for each in states if each is not None)

    @cached_property
    def all_losses(self) -> Any:
        return adjoint_of(self.trace, self.trace.reached_losses)

    @cached_property
    def drawn(self) -> Any:
        return adjoint_of(self.trace, self.trace.chosen_losses)

    def of(self, t: int, adjoint: Any = None) -> float:
        """log10 of the largest gradient of a state of t; by default of the loss that is drawn."""
        d_state = (adjoint or self.drawn).d_state
        return float(d_state[t - 1].norms().log10().max()) if t <= len(d_state) else -np.inf

    def handed(self, t: int, adjoint: Any) -> Any:
        """log10 of what t hands to each state of t - 1."""
        norms = adjoint.d_state_prev[t - 1].norms().log10()
        return np.full_like(norms, -np.inf) if self.cut(t) or not self.recurrent else norms

    @cached_property
    def first(self) -> float:
        """The first timestep that the loss that is drawn reaches at all."""
        return next((t for t in range(1, self.T + 1) if self.of(t) > -np.inf), np.inf)

    @cached_property
    def h(self) -> Any:
        """log10 of the gradient of each h_t, from all losses."""
        return self.trace.log10_gradient_norm

    @cached_property
    def share(self) -> Any:
        """log10 of the share of the gradient that is drawn at each timestep."""
        return self.trace.log10_share()

    @cached_property
    def change(self) -> list[float]:
        """log10 of what becomes of the gradient that is drawn, of h and of c, from s to t = 1."""
        norms = self.drawn.d_state.norms().log10()
        return (norms[0] - norms[self.s - 1]).tolist()

    @cached_property
    def rate(self) -> Any:
        return engine.rate(self.drawn.d_state[:, 0].norms().log10())

    @cached_property
    def average(self) -> float:
        """log10 of the factor of an average step back, as far as the gradient goes."""
        first = int(np.flatnonzero(self.share > -np.inf)[0])
        return float(self.share[first] - self.share[self.s - 1]) / (self.s - 1 - first)

    @cached_property
    def factors(self) -> Any:
        return engine.step_factors(self.trace)

    def step(self, t: int) -> dict[str, float]:
        """log10 of the factors of the step of the last loss from t to t - 1, and its shares."""
        found = self.factors
        i = found.timesteps.tolist().index(t)
        named = {**found.log10_factors, **found.shares, "ratio": found.log10_ratio}
        if found.log10_cell_ratio is not None:
            named["cell"] = found.log10_cell_ratio
        return {name: float(each[i]) for name, each in named.items()}


# --- numbers in words ----------------------------------------------------------------------------

NUMBER = re.compile(r"(?:(1/))?([\d.,]+)?(?: × )?(?:10<sup>(−?\d+)</sup>)?(%)?(?: of| times| 倍)?")


def near(text: str, log10: float) -> bool:
    """Whether a text is a number, as far as its digits go."""
    if text in ("0", "0.00", "0.000"):
        return log10 == -np.inf or (text != "0" and log10 < -len(text.partition(".")[2]))
    if text == "∞":
        return log10 > 300
    found = NUMBER.fullmatch(text)
    assert found, text
    inverse, plain, exponent, percent = found.groups()
    if exponent and not plain:
        return abs(int(exponent.replace("−", "-")) - log10) <= 0.51
    value = np.log10(float(plain.replace(",", ""))) + int((exponent or "0").replace("−", "-"))
    value = (-value if inverse else value) - (2 if percent else 0)
    return bool(abs(value - log10) < 0.03 or abs(10**value - 10**log10) < 0.0051)


def amounts(text: str, value: float) -> bool:
    """Whether a text is a number of which there is no log10 where it is 0."""
    return text == "0" if value == 0 else near(text, float(np.log10(value)))


def share(text: str, value: float, *, digits: int = 1) -> bool:
    return abs(float(text.rstrip("%")) / 100 - value) <= 0.51 * 10 ** -(2 + digits)


# --- the claims ----------------------------------------------------------------------------------

Blanks = dict[str, Any]
Claim = Callable[[Shown, Blanks, int | None], bool]


def there(run: Shown, position: int | None) -> tuple[str, int]:
    """Which way the playhead is on, and at which timestep."""
    assert position is not None
    way = ["idle"] + ["forward"] * run.T + ["loss"] + ["backward"] * (run.T - 1) + ["done"]
    back = 2 * run.T + 2 - position
    return way[position], {"forward": position, "backward": back}.get(way[position], 0)


def at(phase: str, claim: Claim) -> Claim:
    """A claim about the timestep of the playhead."""

    def of(run: Shown, b: Blanks, position: int | None) -> bool:
        way, t = there(run, position)
        return way == phase and b.get("t", t) == t and claim(run, b, t)

    return of


def forward(claim: Claim) -> Claim:
    def of(run: Shown, b: Blanks, t: int | None) -> bool:
        assert t
        named = b["token"] == run.token(t) and b["before"] == t - 1
        return t <= run.reached and named and claim(run, b, t)

    return at("forward", of)


def alone(run: Shown) -> bool:
    """Whether nothing leads from one timestep to the next."""
    return not run.recurrent or (run.weightless and not run.gated)


def back(claim: Claim) -> Claim:
    """A claim about the step from ``next`` to t."""

    def of(run: Shown, b: Blanks, t: int | None) -> bool:
        return b.get("next", t + 1) == t + 1 and t < run.s and claim(run, b, t)

    return at("backward", of)


def because(name: str, holds: Callable[[Shown, float], bool] = lambda run, value: True) -> Claim:
    """A claim that a factor of the step is what is said, and is of that kind."""

    def of(run: Shown, b: Blanks, position: int | None) -> bool:
        way, t = there(run, position)
        value = run.step(t + 1)[name]
        return way == "backward" and near(b["factor"], value) and holds(run, 10**value)

    return of


def path(name: str) -> Claim:
    def of(run: Shown, b: Blanks, position: int | None) -> bool:
        way, t = there(run, position)
        value = run.step(t + 1)[name]
        return (
            way == "backward" and b["next"] == t + 1 and share(b["share"], value) and value >= 0.499
        )

    return of


PART = re.compile(r"1/(?:([\d,]+)|10<sup>(\d+)</sup>)")


def is_share(text: str, log10: float) -> bool:
    """Whether a text is a share that arrives."""
    if text == "0%":
        return log10 == -np.inf
    if found := PART.fullmatch(text):
        parts, exponent = found.groups()
        told = -int(exponent) if exponent else -np.log10(float(parts.replace(",", "")))
        return log10 < -4 and bool(abs(told - log10) < (0.51 if exponent else 0.03))
    return near(text, log10)


def arrives(all_together: bool, low: float, high: float) -> Claim:
    """A claim about how much of the gradient arrives where the playhead is, or first."""

    def of(run: Shown, b: Blanks, position: int | None) -> bool:
        log10 = run.share[0 if position is None else there(run, position)[1] - 1]
        return (
            is_share(b["share"], log10)
            and low <= log10 <= high
            and b["s"] == run.s
            and (run.trace.chosen_loss == "all") == all_together
        )

    return of


def of_one_loss(run: Shown) -> bool:
    """Whether a single loss is drawn."""
    return len(run.met) == 1 or run.trace.chosen_loss != "all"


def inputs_compare(low: float, high: float) -> Claim:
    """A claim about how much comes to the first input, of what comes to the last."""

    def of(run: Shown, b: Blanks, position: int | None) -> bool:
        first, *_, last = run.trace.log10_input_gradient_norm
        of_all = len(run.met) == 1 or run.trace.chosen_loss == "all"
        one_matrix = run.asked.architecture in ("many-to-one", "many-to-many")
        return (
            of_all
            and one_matrix
            and is_share(b["share"], first - last)
            and low <= first - last <= high
        )

    return of


def means(low: float, high: float) -> Claim:
    return lambda run, b, _: (
        low <= run.change[0] <= high and not run.asked.checkpoint and within(run.change[1:])
    )


def within(of_cell: list[float]) -> bool:
    """Whether there is no cell state, or one whose gradient is there."""
    return all(each > -np.inf for each in of_cell)


def whole(run: Shown) -> bool:
    return bool(run.met) and run.trace.log10_share()[0] > -np.inf


RANGES = {"vanishing": (-np.inf, -1.0), "arriving": (-1.0, 1.0), "exploding": (1.0, np.inf)}
TWICE = float(np.log10(2))


def of_verdict(name: str, trained: bool = False) -> Claim:
    low, high = RANGES[name]
    return lambda run, b, _: (
        whole(run)
        and isinstance(run.asked.checkpoint, Checkpoint) is trained
        and low <= run.change[0] <= high
        and run.trace.verdict == name
        and not (run.trace.diverged_at and run.trace.chosen_loss is None)
    )


def reads(unit: str) -> Claim:
    return lambda run, b, _: unit == ("step" if run.asked.checkpoint else run.asked.tokens)


def first(unit: str) -> Claim:
    return lambda run, b, t: b["token"] == run.token(1) and reads(unit)(run, b, t)


def word(claim: Callable[[Shown], bool]) -> Claim:
    return lambda run, b, _: not run.trace.diverged_at and claim(run)


def pace(sign: int) -> Claim:
    def of(run: Shown, b: Blanks, _: int | None) -> bool:
        fitted, measured = run.rate.log10_factor * (run.s - 1), run.change[0]
        fits = abs(fitted - measured) <= max(abs(fitted), abs(measured)) / 2
        value = np.log10(2) / abs(run.average)
        told = sign * run.average > 0 and near(b["value"], np.log10(value))
        return fits and told and not loses_at_first(run)

    return of


def pace_at_first(run: Shown) -> float:
    """log10 of what the first step back makes of the gradient, over that of an average other."""
    rest = (run.share[0] - run.share[run.s - 2]) / (run.s - 2)
    return float(run.share[run.s - 2] - run.share[run.s - 1] - rest)


def loses_at_first(run: Shown) -> bool:
    """Whether one pace describes the way only from the second step back on."""
    if run.trace.chosen_loss == "all" or run.s < 4:
        return False
    falls = run.share[0] - run.share[run.s - 2] < -1e-3 * (run.s - 2)
    return bool(falls and pace_at_first(run) < -np.log10(2))


def halves_then(run: Shown, b: Blanks, _: int | None) -> bool:
    rest = (run.share[0] - run.share[run.s - 2]) / (run.s - 2)
    return loses_at_first(run) and near(b["value"], np.log10(np.log10(2) / -rest))


ENDS: dict[str, Callable[[Shown, Blanks], bool]] = {
    "all": lambda run, b: whole(run),
    "cell": lambda run, b: run.asked.cell == "lstm" and run.first == 1 and not whole(run),
    "short": lambda run, b: b["t"] == run.first > 1,
    "none": lambda run, b: not run.met or run.first == np.inf,
}


def ends(name: str) -> Claim:
    return lambda run, b, position: there(run, position)[0] == "done" and ENDS[name](run, b)


def units(claim: Callable[[Any], Any], *activations: str) -> Claim:
    def of(run: Shown, b: Blanks, _: int | None) -> bool:
        kind = "gated" if run.gated else run.asked.activation
        held = claim(run.trace.hidden[: run.reached].astype(np.float32)).mean()
        return kind in activations and share(b["percent"], held, digits=0)

    return of


def factor(name: str, holds: Callable[[Shown, float], bool]) -> Claim:
    def of(run: Shown, b: Blanks, t: int | None) -> bool:
        value = run.step(t or 0)[name]
        return near(b["value"], value) and holds(run, 10**value)

    return of


MOST = {"tanh": 1.0, "relu": 1.0, "identity": 1.0, "sigmoid": 0.25}
"""The largest slope of each activation."""


def saturated(run: Shown, value: float) -> bool:
    return value < 0.6 * MOST[run.asked.activation]


def unsaturated(run: Shown, value: float) -> bool:
    return value >= 0.599 and run.asked.activation != "sigmoid"


def quarter(run: Shown, value: float) -> bool:
    return 0.149 < value <= 0.25 and run.asked.activation == "sigmoid"


def less(run: Shown, value: float) -> bool:
    return value < 1


def more(run: Shown, value: float) -> bool:
    return value > 1


def mean_path(run: Shown, b: Blanks) -> bool:
    shares = run.factors.shares
    return all(share(b[name], shares[name].mean(), digits=0) for name in ("carry", "recurrent"))


def told_of_activation(name: str) -> Claim:
    return lambda run, b, _: run.asked.activation == name


def told_of_gate(letter: str) -> Claim:
    return lambda run, b, _: letter in run.trace.gates


def seen_by_an_output(run: Shown, t: int) -> bool:
    """Whether attention sends the gradient that is drawn to a state of the encoder."""
    enters = run.trace.cell_pass().enters(run.trace.chosen_losses)
    return run.asked.attends and t <= run.trace.problem.encoded and t - 1 in enters


def receives_beside_attention(run: Shown, b: Any, t: int) -> bool:
    """Whether the part that t + 1 hands on is as large, next to all that it has."""
    handed = run.handed(t + 1, run.drawn)[0] - run.drawn.d_state[t].norms().log10()[0]
    return seen_by_an_output(run, t) and b["next"] == t + 1 and near(b["ratio"], handed)


CLAIMS: dict[str, Claim] = {
    "language.gap": lambda run, b, _: True,
    # where the playhead is
    "caption.computing": lambda run, b, _: True,  # only before the end: see the test
    "caption.idle": lambda run, b, p: (
        there(run, p)[0] == "idle" and b["last"] == run.reached and all(run.trace.tokens)
    ),
    "caption.idle.first": lambda run, b, p: (
        b["last"] == run.reached and not any(run.trace.tokens[1:]) and b["token"] == run.token(1)
    ),
    "caption.idle.single": lambda run, b, p: run.T == 1,
    "caption.folded": lambda run, b, _: b["last"] == run.T > 1 and not run.encoder,
    "caption.folded.once": lambda run, b, _: run.T == 1,
    "caption.folded.two": lambda run, b, _: (
        (b["encoder"], b["encoder"] + b["decoder"]) == (run.encoder, run.T)
        and len(run.trace.network.weights) == 2
    ),
    "caption.folded.loop": lambda run, b, _: run.recurrent and run.T > 1,
    "caption.folded.apart": lambda run, b, _: not run.recurrent and run.T > 1,
    "caption.overflow": lambda run, b, p: (
        b["from"] == run.trace.diverged_at
        and (there(run, p)[0] == "idle" or there(run, p)[1] >= b["from"])
    ),
    "caption.no_loss": lambda run, b, _: bool(run.trace.diverged_at) and not run.met,
    # forward
    "caption.forward.first": forward(lambda run, b, t: t == 1 and run.recurrent),
    "caption.forward.first_alone": forward(lambda run, b, t: t == 1 and not run.recurrent),
    "caption.forward": forward(
        lambda run, b, t: bool(run.trace.tokens[t - 1]) and not alone(run) and run.state(t - 1) > 0
    ),
    "caption.forward.empty": forward(
        lambda run, b, t: run.recurrent and run.state(t - 1) < SMALLEST
    ),
    "caption.forward.nothing": forward(
        lambda run, b, t: not run.trace.tokens[t - 1] and not alone(run)
    ),
    "caption.forward.alone": forward(
        lambda run, b, t: alone(run) and b["earlier"] == run.token(t - 1)
    ),
    "caption.forward.nothing_alone": forward(
        lambda run, b, t: not run.trace.tokens[t - 1] and alone(run)
    ),
    "caption.why.no_memory": lambda run, b, _: not run.recurrent,
    "caption.why.zero": lambda run, b, _: run.recurrent and run.weightless,
    # the loss
    "caption.loss": lambda run, b, _: (
        [run.s] == run.loss_timesteps
        and b["token"] == run.target(run.s)
        and share(b["p"], run.trace.probabilities[run.s - 1, run.trace.targets[run.s - 1]])
        and amounts(b["loss"], run.trace.losses[run.s - 1])
    ),
    "caption.loss.number": lambda run, b, _: (
        [run.s] == run.loss_timesteps
        and run.trace.problem.numbers is not None
        and amounts(b["loss"], run.trace.losses[run.s - 1])
    ),
    "caption.loss.sum": lambda run, b, _: (
        run.met == run.loss_timesteps
        and b["count"] == len(run.met)
        and amounts(b["sum"], np.nansum(run.trace.losses))
    ),
    "caption.loss.sum.numbers": lambda run, b, _: (
        run.met == run.loss_timesteps
        and run.trace.problem.numbers is not None
        and b["count"] == len(run.met)
        and amounts(b["sum"], np.nansum(run.trace.losses))
    ),
    "caption.loss.recorded": lambda run, b, _: (
        b["count"] == len(run.loss_timesteps)
        and run.trace.problem.numbers is not None
        and {*run.trace.vocabulary} == {""}
    ),
    "caption.loss.reached": lambda run, b, _: (
        len(run.met) == b["count"] < len(run.loss_timesteps)
        and b["from"] == run.trace.diverged_at
        and amounts(b["sum"], np.nansum(run.trace.losses))
    ),
    # backward
    "caption.backward.first": at("backward", lambda run, b, t: run.trace.chosen_losses == [t - 1]),
    "caption.backward.first.all": at(
        "backward",
        lambda run, b, t: t == run.met[-1] > run.met[0] and run.trace.chosen_loss == "all",
    ),
    "caption.backward.after": at(
        "backward", lambda run, b, t: b["s"] == run.s < t and run.share[t - 1] == -np.inf
    ),
    "caption.backward.unreached": lambda run, b, _: (
        run.trace.chosen_loss is None and run.asked.loss not in run.met
    ),
    "caption.backward.own": back(
        lambda run, b, t: (
            t in run.met
            and run.trace.chosen_loss == "all"
            and run.handed(t + 1, run.drawn)[0] == -np.inf
        )
    ),
    "caption.backward.alone": back(
        lambda run, b, t: (
            not run.recurrent and (b["token"], b["earlier"]) == (run.token(t + 1), run.token(t))
        )
    ),
    "caption.backward.apart": back(lambda run, b, t: not run.recurrent),
    "caption.backward.cut": back(lambda run, b, t: run.handed(t + 1, run.drawn)[0] == -np.inf),
    "caption.backward.cut.of": back(
        lambda run, b, t: (run.handed(t + 1, run.drawn) == -np.inf).all()
    ),
    "caption.backward.truncated": back(lambda run, b, t: run.cut(t + 1)),
    "caption.backward.zero": back(lambda run, b, t: run.weightless and not run.gated),
    "caption.backward.cell": back(
        lambda run, b, t: (
            run.weightless
            and run.handed(t + 1, run.drawn)[0] == -np.inf
            and run.handed(t + 1, run.drawn)[1] > -np.inf
        )
    ),
    "caption.backward": back(
        lambda run, b, t: len(run.met) == 1 and near(b["ratio"], run.step(t + 1)["ratio"])
    ),
    "caption.backward.of": back(
        lambda run, b, t: len(run.met) > 1 and near(b["ratio"], run.step(t + 1)["ratio"])
    ),
    "caption.backward.times": back(
        lambda run, b, t: len(run.met) == 1 and near(b["ratio"], run.step(t + 1)["ratio"])
    ),
    "caption.backward.of.times": back(
        lambda run, b, t: len(run.met) > 1 and near(b["ratio"], run.step(t + 1)["ratio"])
    ),
    "caption.backward.seen": back(receives_beside_attention),
    "caption.backward.seen.times": back(receives_beside_attention),
    "caption.backward.seen.more": back(lambda run, b, t: seen_by_an_output(run, t)),
    "caption.reason.same": lambda run, b, p: abs(run.step(there(run, p)[1] + 1)["ratio"]) < 0.014,
    "caption.reason.saturation.less": because("saturation", saturated),
    "caption.reason.saturation.little": because("saturation", unsaturated),
    "caption.reason.saturation.quarter": because("saturation", quarter),
    "caption.reason.weights.less": because("weights", less),
    "caption.reason.weights.more": because("weights", more),
    "caption.reason.alignment.less": because("alignment", less),
    "caption.reason.alignment.more": because("alignment", more),
    "caption.reason.carry": path("carry"),
    "caption.reason.recurrent": path("recurrent"),
    "caption.gate.f": lambda run, b, _: run.asked.cell == "lstm",
    "caption.gate.z": lambda run, b, _: run.asked.cell == "gru",
    # the end
    "caption.done": lambda run, b, p: there(run, p)[0] == "done" and run.first < np.inf,
    **{f"caption.done.{name}": ends(name) for name in ENDS},
    **{f"transport.done.{name}": ends(name) for name in ENDS},
    "caption.clipped": lambda run, b, _: (
        run.trace.log10_clip < 0
        and near(b["norm"], run.trace.log10_weight_gradient_norm)
        and near(b["limit"], np.log10(run.asked.clip_norm))
    ),
    "caption.unclipped": lambda run, b, _: (
        run.trace.log10_clip == 0
        and near(b["norm"], run.trace.log10_weight_gradient_norm)
        and near(b["limit"], np.log10(run.asked.clip_norm))
    ),
    "status.clipped": lambda run, b, _: near(b["factor"], run.trace.log10_clip),
    "status.unclipped": lambda run, b, _: run.trace.log10_clip == 0 and run.asked.clip_norm > 0,
    "transport.idle": lambda run, b, p: there(run, p)[0] == "idle",
    "transport.at.loss": lambda run, b, p: there(run, p)[0] == "loss",
    "transport.at.forward": at("forward", lambda run, b, t: b["t"] == t),
    "transport.at.backward": at("backward", lambda run, b, t: b["t"] == t),
    # the verdict
    **{f"verdict.{name}": of_verdict(name) for name in RANGES},
    **{f"verdict.trained.{name}": of_verdict(name, trained=True) for name in RANGES},
    "verdict.trained.gone": lambda run, b, t: (
        of_verdict("vanishing", trained=True)(run, b, t) and run.change[0] < -4
    ),
    "verdict.none": word(
        lambda run: all((run.handed(t, run.drawn) == -np.inf).all() for t in range(2, run.s + 1))
    ),
    "verdict.ended": word(lambda run: 1 < run.first < run.s),
    "verdict.zero": word(lambda run: run.first == np.inf),
    "verdict.cell.word": word(lambda run: ENDS["cell"](run, {})),
    "verdict.diverged": lambda run, b, _: bool(run.trace.diverged_at) and not whole(run),
    "verdict.diverged_at": lambda run, b, _: b["t"] == run.trace.diverged_at,
    "verdict.diverged_after": lambda run, b, _: whole(run) and b["t"] == run.trace.diverged_at,
    "arrives.one.part": arrives(False, -np.inf, TWICE),
    "arrives.one.times": arrives(False, TWICE, np.inf),
    "arrives.all.part": arrives(True, -np.inf, TWICE),
    "arrives.all.times": arrives(True, TWICE, np.inf),
    "verdict.means.gone": means(-np.inf, -4),
    "verdict.means.vanishing": means(-4, -1),
    "verdict.means.arriving": means(-1, 1),
    "verdict.means.exploding": means(1, np.inf),
    "verdict.means.cell": lambda run, b, _: (
        is_share(b["share"], run.change[1]) and engine.verdict(run.change[1]) != run.trace.verdict
    ),
    "verdict.input.part": inputs_compare(-np.inf, TWICE),
    "verdict.input.times": inputs_compare(TWICE, np.inf),
    "language.stop": lambda run, b, _: True,
    "caption.at": lambda run, b, position: b["t"] == there(run, position)[1],
    "verdict.own": lambda run, b, _: run.s == 1 < run.T,
    "verdict.apart": lambda run, b, _: (
        run.trace.chosen_loss == "all"
        and all(run.handed(t, run.drawn)[0] == -np.inf for t in range(2, run.s + 1))
    ),
    "gradient.one": lambda run, b, _: len(run.met) == 1,
    "gradient.last": lambda run, b, _: run.trace.chosen_loss == run.met[-1] > run.met[0],
    "gradient.at": lambda run, b, _: b["s"] == run.asked.loss != run.met[-1],
    "gradient.all": lambda run, b, _: run.trace.chosen_loss == "all" and len(run.met) > 1,
    **{f"first.{unit}": first(unit) for unit in ("characters", "words", "step")},
    "first.state": lambda run, b, _: len(run.change) == 2 and b["first"] == 1,
    **{f"first.input.{unit}": reads(unit) for unit in ("characters", "words", "step")},
    "share.times": lambda run, b, _: True,  # each is read again where it is said
    "verdict.single": lambda run, b, _: run.T == 1,
    "verdict.no_memory": lambda run, b, _: not run.recurrent and b["s"] == run.s,
    "verdict.one_symbol": lambda run, b, _: (
        len(run.trace.vocabulary) == 1 and np.nansum(run.trace.losses) == 0
    ),
    "verdict.truncated": lambda run, b, _: b["reaches"] == run.first and run.cut(b["reaches"]),
    "verdict.weightless": lambda run, b, _: (
        run.weightless
        and not run.gated
        and b["s"] == run.s
        and (run.first == run.s or run.trace.chosen_loss == "all")
    ),
    "verdict.cell": lambda run, b, _: (
        run.weightless
        and run.asked.cell == "lstm"
        and run.first == 1
        and np.isfinite(run.trace.log10_share()).argmax() + 1 == b["s"]
    ),
    "verdict.dead": lambda run, b, _: (
        b["t"] + 1 == run.first
        and not run.cut(b["t"] + 1)
        and (run.handed(b["t"] + 1, run.drawn) == -np.inf).all()
    ),
    # the picture in words
    "stage.story": lambda run, b, _: run.share.min() > -np.inf and extremes(run, b),
    "stage.story.some": lambda run, b, _: (
        b["count"] == (run.share > -np.inf).sum() == run.T - b["others"] < run.T
        and extremes(run, b)
    ),
    "stage.story.one": lambda run, b, _: (
        np.flatnonzero(run.share > -np.inf).tolist() == [b["most"] - 1] and b["last"] == run.T
    ),
    **{f"stage.title.{unit}": reads(unit) for unit in ("characters", "words", "step")},
    "stage.title.state": lambda run, b, _: len(run.change) == 2,
    "stage.timestep": lambda run, b, t: (
        b["token"] == run.token(t) and b["t"] == t and is_share(b["share"], run.share[t - 1])
    ),
    "stage.timestep.cut": lambda run, b, t: run.recurrent and run.cut(t) and b["before"] == t - 1,
    "stage.timestep.unknown": lambda run, b, t: b["t"] == t > run.reached,
    "learner.network": lambda run, b, _: True,
    "stage.fold": lambda run, b, _: not run.encoder,
    "stage.fold.two": lambda run, b, _: run.encoder > 0,
    "stage.unfold": lambda run, b, _: True,
    "weight.W_hy": lambda run, b, _: True,
    **{f"weight.{name}": lambda run, b, _: not run.encoder for name in ("W_xh", "W_hh")},
    **{
        f"weight.{name}.{part}": lambda run, b, _: run.encoder > 0
        for name in ("W_xh", "W_hh")
        for part in ("encoder", "decoder")
    },
    "status.half_life": pace(-1),
    "status.half_life.then": halves_then,
    "status.doubling": pace(1),
    **{f"choice.activation.{name}": told_of_activation(name) for name in engine.ACTIVATIONS},
    **{f"gate.{letter}": told_of_gate(letter) for letter in "ifgorzn"},
    # the charts
    "chart.gradient_norm.reading": lambda run, b, _: (
        of_one_loss(run) and near(b["factor"], run.average)
    ),
    "chart.gradient_norm.theory": lambda run, b, _: (
        of_one_loss(run)
        and near(b["factor"], run.average)
        and near(b["theory"], engine.mean_field(run.trace))
    ),
    "chart.gradient_norm.ends": lambda run, b, _: (
        b["reaches"] == np.flatnonzero(run.share > -np.inf)[0] + 1 > 1
    ),
    "chart.gradient_norm.sum": lambda run, b, _: (
        b["count"] == len(run.met) > 1
        and run.trace.chosen_loss == "all"
        and run.share[b["s"] - 1] == 0
        and near(b["least"], run.share.min())
        and near(b["most"], run.share.max())
        and run.share[b["least_t"] - 1] == run.share.min()
        and run.share[b["most_t"] - 1] == run.share.max()
    ),
    "chart.gradient_norm.attention": lambda run, b, _: (
        run.asked.attends and (run.share[: (run.trace.parts == 0).sum()] > -np.inf).all()
    ),
    "chart.gradient_norm.none": lambda run, b, _: all(
        (run.handed(t, run.drawn) == -np.inf).all() for t in range(2, run.s + 1)
    ),
    "chart.gradient_norm.cell": lambda run, b, _: (
        run.asked.cell == "lstm" and run.first < run.s and (run.share[: run.s - 1] == -np.inf).all()
    ),
    "chart.gradient_matrix.reading": lambda run, b, _: (
        of_one_loss(run)
        and b["s"] == run.s
        and is_share(b["share"], run.change[0])
        and run.change[0] <= TWICE
    ),
    "chart.gradient_matrix.reading.times": lambda run, b, _: (
        of_one_loss(run)
        and b["s"] == run.s
        and is_share(b["share"], run.change[0])
        and run.change[0] >= TWICE
    ),
    "chart.line": lambda run, b, _: (
        max(run.trace.log10_share(int(s)).max() for s in run.met) > TWICE
    ),
    "chart.gradient_matrix.rows": lambda run, b, _: len(run.met) > 1,
    "chart.gradient_matrix.short": lambda run, b, _: (
        of_one_loss(run) and b["s"] == run.s and np.isfinite(run.share).argmax() + 1 == b["reaches"]
    ),
    "chart.gradient_matrix.zero": lambda run, b, _: b["s"] == run.s and run.first == np.inf,
    "chart.gradient_matrix.all": lambda run, b, _: not of_one_loss(run),
    "chart.gradient_matrix.none": lambda run, b, _: bool(run.trace.diverged_at) and not run.met,
    "chart.hidden_states.tanh": units(lambda h: np.abs(h) > np.float32(0.9), "tanh"),
    "chart.hidden_states.gated": units(lambda h: np.abs(h) > np.float32(0.9), "gated"),
    "chart.hidden_states.relu": units(lambda h: h == 0, "relu"),
    "chart.hidden_states.sigmoid": units(lambda h: (h > 0.9) | (h < 0.1), "sigmoid"),
    "chart.hidden_states.identity": lambda run, b, _: (
        run.asked.activation == "identity"
        and amounts(b["largest"], np.abs(run.trace.hidden[: run.reached]).max())
    ),
    "chart.gates.reading": lambda run, b, _: any(
        share(b["percent"], each[: run.reached].mean(), digits=0)
        for each in run.trace.gates.values()
    ),
    "chart.gates.candidate": lambda run, b, _: any(
        amounts(b["mean"], np.abs(each[: run.reached]).mean())
        for name, each in run.trace.gates.items()
        if name in "gn"
    ),
    "chart.step_factors.attention": lambda run, b, _: run.asked.attends,
    "chart.step_factors.none": lambda run, b, _: not len(run.factors.timesteps),
    "chart.step_factors.shares": lambda run, b, _: mean_path(run, b),
    "chart.step_factors.ended": lambda run, b, _: (
        run.step(b["t"])["ratio"] == -np.inf and b["t"] == run.first
    ),
    "chart.step_factors.ended.all": lambda run, b, _: run.step(b["t"])["ratio"] == -np.inf,
    "chart.step_factors.reading": lambda run, b, _: (
        near(b["product"], run.factors.log10_ratio.mean())
        and all(near(b[name], each.mean()) for name, each in run.factors.log10_factors.items())
    ),
    # the step in numbers
    "step.reading.no_memory": lambda run, b, t: not run.recurrent and b["prev"] == t - 1,
    "step.reading.ends": lambda run, b, t: (run.handed(t, run.drawn) == -np.inf).all(),
    "step.reading.same": lambda run, b, t: abs(run.step(t)["ratio"]) < 0.02,
    "step.reading.weights.less": factor("weights", less),
    "step.reading.weights.more": factor("weights", more),
    "step.reading.normalized.less": factor("weights", less),
    "step.reading.normalized.more": factor("weights", more),
    "step.reading.saturation.less": factor("saturation", saturated),
    "step.reading.saturation.little": factor("saturation", unsaturated),
    "step.reading.saturation.quarter": factor("saturation", quarter),
    "step.reading.alignment.less": factor("alignment", less),
    "step.reading.alignment.more": factor("alignment", more),
    "step.reading.carry": lambda run, b, t: share(b["share"], run.step(t)["carry"], digits=0),
    "step.reading.recurrent": lambda run, b, t: share(
        b["share"], run.step(t)["recurrent"], digits=0
    ),
}


def extremes(run: Shown, b: Blanks) -> bool:
    there = run.share[run.share > -np.inf]
    return bool(
        b["last"] == run.T
        and run.share[b["most"] - 1] == there.max()
        and run.share[b["least"] - 1] == there.min()
        and is_share(b["largest"], there.max())
        and is_share(b["smallest"], there.min())
    )


# --- the tests -----------------------------------------------------------------------------------

Told = dict[str, list[list[dict[str, Any]]]]
"""By language and run: each message, what fills its blanks, and where it is said."""


@pytest.fixture(scope="module")
def shown() -> list[Shown]:
    return [Shown(engine.trace_of(experiment)) for experiment in runs()]


@pytest.fixture(scope="module")
def told(shown: list[Shown]) -> Told:
    """Return the sentences about each run."""
    return told_by(
        "say.js",
        [
            {"frames": recorded(run), "why": json.loads(to_json(why(run), inf_nan_mode="null"))}
            for run in shown
        ],
    )


def told_by(script: str, recorded: list[dict[str, Any]]) -> Told:
    """Return the output of a script of ``tests/js`` for each recorded run and language."""
    catalogs = {language: dict(catalog(language)) for language in languages()}
    asked = {"catalogs": catalogs, "recorded": recorded, "facts": cell_facts()}
    deno = Path(sys.executable).with_name("deno")
    cache = {"DENO_DIR": str(Path(sys.prefix) / "deno"), "DENO_NO_UPDATE_CHECK": "1"}
    said = subprocess.run(
        [deno, "run", "--quiet", SCRIPTS / script],
        input=json.dumps(asked).encode(),
        stdout=subprocess.PIPE,
        check=True,
        env=os.environ | cache,
    )
    text = re.sub("[\ufdd0\ufdd1]", "", said.stdout.decode())  # what keeps tokens apart
    found: Told = json.loads(text)
    return found


def recorded(run: Shown) -> list[str]:
    name = "network" if run.asked.checkpoint else None
    frames = frames_of(1, run.asked, lambda: False, Stopwatch(), name)
    return [base64.b64encode(frame).decode() for frame in frames]


def why(run: Shown) -> dict[str, Any] | None:
    """The step factors, as the page asks for them with a step in numbers."""
    if run.trace.chosen_loss is None:
        return None
    names = ("loss", "timesteps", "log10_ratio", "log10_cell_ratio", "log10_factors", "shares")
    found = {name: getattr(run.factors, name) for name in names}

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: plain(each) for name, each in value.items()}
        return value.tolist() if isinstance(value, np.ndarray) else value

    return {name: plain(value) for name, value in found.items()}


def test_every_sentence_of_the_page_about_a_run_is_true(shown: list[Shown], told: Told) -> None:
    false = []
    for language, of_runs in told.items():
        for run, said in zip(shown, of_runs, strict=True):
            for each in said:
                key, blanks, position = each["key"], each["blanks"], each["at"]
                assert key in CLAIMS, f"{key} is said, and what it claims is not stated"
                if not CLAIMS[key](run, blanks, position):
                    text = catalog(language)[key].format(**blanks)
                    false.append(f"{language}: {text!r} ({key} at {position}) of {facts(run)}")
    assert not false, "\n".join([f"{len(false)} false sentences, such as", *false[:40]])


def facts(run: Shown) -> dict[str, Any]:
    usual = Experiment().named()
    named = run.asked.named().items()
    return {name: value for name, value in named if value != usual[name]}


def test_a_result_that_is_known_is_not_called_still_computed(
    told: Told,
) -> None:
    said = [each for of_runs in told.values() for run in of_runs for each in run]
    places = {each["place"] for each in said if each["key"] == "caption.computing"}
    assert places == {"caption while it is computed"}


SAID_OF_RUNS = re.compile(
    r"(arrives|caption|verdict|gradient|first|share|step\.reading|chart\.(gradient_norm|gradient_matrix|step_factors)"
    r"|transport\.(at|done)|stage\.(title|story|timestep|fold)|status\.(half_life|doubling|"
    r"clipped|unclipped))(\.|$)"
)
OF_LAYERS = re.compile(r"\.(above|from_above|below|layers?)(\.|$)")
"""What is said of several layers alone: ``test_sentences_of_layers.py`` has its claims."""
NAMES = {f"chart.{name}" for name in ("gradient_norm", "gradient_matrix", "step_factors")}


def test_every_sentence_about_a_run_states_its_claim_and_is_said_of_one(
    told: Told,
) -> None:
    sentences = {key for key in catalog() if SAID_OF_RUNS.match(key) and not OF_LAYERS.search(key)}
    sentences -= NAMES
    sentences -= {
        "stage.timesteps",
        "stage.timestep.unsaid",
        "stage.timestep.untold",
        "caption.done.held",
    }  # they are of no run, of its playhead, and of a class
    assert sentences <= set(CLAIMS)
    said = {each["key"] for of_runs in told.values() for run in of_runs for each in run}
    assert set(CLAIMS) - said == set()


def test_both_languages_say_the_same_things_in_the_same_places(
    told: Told,
) -> None:
    places = {
        language: [[(each["key"], each["place"], each["at"]) for each in run] for run in of_runs]
        for language, of_runs in told.items()
    }
    first, *others = places.values()
    assert all(each == first for each in others)
