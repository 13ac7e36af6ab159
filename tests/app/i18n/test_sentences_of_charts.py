"""Every sentence of a chart that asks the server is true of the run.

As in ``test_sentences``: each message makes a claim, stated here once more from the engine's own
numbers, of runs and sweeps that are not those that the sentence was made from.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pytest

from tests.app.i18n.test_sentences import Shown, Told, by_chance, facts, near, recorded, told_by
from unrolled import engine
from unrolled.app.i18n.catalog import catalog, languages
from unrolled.app.json import as_json
from unrolled.app.runs.analyses import ANALYSES
from unrolled.app.runs.sweeps import result
from unrolled.engine import Experiment, Sweep

RANDOM = 40
SCALES = np.arange(1, 41) / 10
SEEDS = 5
ASKED = ("spectrum", "singular_values", "lyapunov", "sweep")
BETWEEN = (None, None, 0, 0.05, 0.37, 1.24, 2.71, 3.99, 4)
"""Scales of runs by chance, beside their own: outside those of the sweep, between them and last."""
ROUNDING = 1e-9
POWER = 14
"""2 to this power is the timesteps of a linear network that count as its end."""
LOG10_E = float(np.log10(np.e))

CHOSEN: list[dict[str, Any]] = [
    {},
    {"recurrent_scale": 1.5},
    {"recurrent_scale": 0.5},
    {"cell": "lstm"},
    {"cell": "gru", "initialization": "gaussian"},
    {"cell": "lstm", "initialization": "gaussian", "recurrent_scale": 3},
    {"cell": "lstm", "architecture": "encoder-decoder", "sequence": "abca"},
    {"cell": "feedforward"},
    {"recurrent_scale": 0},
    {"sequence": "ab"},
    {"sequence": "abc", "hidden_size": 1},
    {"truncate": 1},
    {"activation": "identity"},
    {"activation": "identity", "recurrent_scale": 0.9999},
    {"activation": "identity", "recurrent_scale": 1.0001},
    {"activation": "identity", "recurrent_scale": 3.95, "sequence": "ab" * 400, "hidden_size": 4},
    {"activation": "identity", "recurrent_scale": 2.42, "sequence": "ab" * 400, "hidden_size": 4},
    {"activation": "relu", "hidden_size": 1, "sequence": "abcabcabc", "seed": 3},
    {"activation": "relu", "hidden_size": 2, "sequence": "abcabcabc"},
    {"activation": "sigmoid", "recurrent_scale": 4},
    {"architecture": "encoder-decoder", "attention": "dot", "recurrent_scale": 0.73},
    {"architecture": "encoder-decoder", "attention": "additive", "sequence": "abca", "cell": "gru"},
]  # fmt: skip


def runs() -> list[Experiment]:
    rng = np.random.default_rng(0)
    random = []
    for seed in range(RANDOM):
        experiment, scale = by_chance(seed), BETWEEN[rng.integers(len(BETWEEN))]
        random.append(experiment if scale is None else replace(experiment, recurrent_scale=scale))
    return [*(Experiment(**fields) for fields in CHOSEN), *random]


@dataclass(frozen=True)
class Asked(Shown):
    """A run, and the sweep around it."""

    def swept(self, *scales: float) -> Sweep:
        """The networks of the sweep, at scales of one's own."""
        return engine.sweep(replace(self.asked, seed=0), scales, SEEDS)

    @cached_property
    def sweep(self) -> Sweep:
        return self.swept(*SCALES)

    @cached_property
    def blocks(self) -> list[tuple[str, Any]]:
        """The recurrent weights of each gate, of the encoder and of the decoder."""
        gates = self.trace.network.cell.gates or ("",)
        return [
            (gate, block)
            for weights in self.trace.network.weights
            for gate, block in zip(gates, np.split(weights.W_hh, len(gates)), strict=True)
        ]

    @cached_property
    def radii(self) -> dict[str, float]:
        """The largest modulus of an eigenvalue of each gate's weights."""
        found: dict[str, float] = {}
        for gate, block in self.blocks:
            modulus = float(np.abs(np.linalg.eigvals(block)).max())
            found[gate] = max(found.get(gate, 0.0), modulus)
        return found

    @cached_property
    def linear(self) -> list[float]:
        """log10 of what the weights multiply by over many timesteps of a linear network."""
        return [grown(block) for _, block in self.blocks]

    @cached_property
    def exponents(self) -> Any:
        return engine.lyapunov_exponents(self.trace)

    def stretched(self, distance: int) -> Any:
        """log10 of the singular values over a distance from the last timestep reached."""
        return engine.singular_values(self.trace, self.reached - distance)

    @cached_property
    def arrives(self) -> bool:
        """Whether a small difference before the first timestep reaches the last state at all."""
        steps = [engine.jacobian(self.trace, t) for t in range(1, self.reached + 1)]
        product = np.eye(len(steps[0]))
        for each in steps:
            product = each @ product
            product /= np.abs(product).max() or 1
        return bool(product.any())


def grown(matrix: Any) -> float:
    """log10 of the norm of a high power of a matrix."""
    log10 = 0.0
    for _ in range(POWER):
        size = np.linalg.norm(matrix)
        if size == 0:
            return -np.inf
        matrix = (matrix / size) @ (matrix / size)
        log10 = 2 * (log10 + float(np.log10(size)))
    return log10 + float(np.log10(np.linalg.norm(matrix) or 1e-300))


# --- the claims ----------------------------------------------------------------------------------

Claim = Callable[[Asked, dict[str, Any]], bool]


def radius(holds: Callable[[Asked, float], bool]) -> Claim:
    """A claim about the largest eigenvalue of all."""
    return lambda run, b: (
        abs(float(b["radius"]) - max(run.radii.values())) < 0.0051
        and holds(run, max(run.radii.values()))
    )


def named(run: Asked, gate: str) -> str:
    """The letter of a gate that is written out, in any language."""
    return next(
        letter
        for letter in run.radii
        if gate in [catalog(language)[f"gate.{letter}"] for language in languages()]
    )


def exponent(run: Asked, b: dict[str, Any]) -> bool:
    value, sign = run.exponents[0], b["value"][0]
    said = b["value"][1:]
    plain = re.fullmatch(r"\d+\.\d{3}", said)
    near_it = abs(float(said) - abs(value)) < 0.00051 if plain else near(said, np.log10(abs(value)))
    return near_it and sign == ("+" if value > 0 else "−") and near(b["factor"], value * LOG10_E)


def here(run: Asked, b: dict[str, Any]) -> bool:
    """Whether what is between two scales of the sweep is near what is found at that scale."""
    (factor,) = run.swept(run.asked.recurrent_scale).median_factor
    said = float(b["factor"]) if "10" not in b["factor"] else None
    at_it = abs(float(b["scale"]) - run.asked.recurrent_scale) < 0.0051
    roughly = said is not None and abs(said - factor) < 0.02 + 0.03 * factor
    return at_it and (roughly or near(b["factor"], float(np.log10(factor))))


def in_one_step(run: Asked, b: dict[str, Any]) -> bool:
    """Whether every state of the encoder has its gradient at each scale, and t = 1 so much."""
    share, encoded = run.sweep.log10_share, run.trace.problem.encoded
    arrives = np.isfinite(run.sweep.median[:, -encoded:]).all()
    of = (float(b["low"]), float(b["high"])) == (SCALES[0], SCALES[-1])
    return run.asked.attends and of and bool(arrives) and near(b["least"], np.nanmin(share))


def here_in_one_step(run: Asked, b: dict[str, Any]) -> bool:
    (share,) = run.swept(run.asked.recurrent_scale).log10_share
    at_it = abs(float(b["scale"]) - run.asked.recurrent_scale) < 0.0051
    said = float(b["share"]) if "10" not in b["share"] else None
    return at_it and (near(b["share"], share) or bool(said and abs(np.log10(said) - share) < 0.05))


def critical(run: Asked, b: dict[str, Any]) -> bool:
    """Whether a typical network keeps its gradient at this scale, the first that it does at."""
    at = float(b["critical"])
    first = crossings(run).tolist().index(True)
    (factor,) = run.swept(at).median_factor
    between = SCALES[first] - 0.0051 <= at <= SCALES[first + 1] + 0.0051
    return bool(between and abs(factor - 1) < 0.03)


def crossings(run: Asked) -> Any:
    factor = run.sweep.median_factor
    return (factor[:-1] < 1) & (factor[1:] >= 1) & np.isfinite(factor[1:])


CLAIMS: dict[str, Claim] = {
    "language.gap": lambda run, b: True,
    **{f"gate.{letter}": lambda run, b: True for letter in "ifgorzn"},  # see where it is named
    "chart.memory.unfit": lambda run, b: not run.recurrent,
    "chart.single.unfit": lambda run, b: run.recurrent and run.T == 1,
    "chart.spectrum.inside": radius(
        lambda run, value: value < 1 and not run.gated and all(each < 0 for each in run.linear)
    ),
    "chart.spectrum.on": radius(lambda run, value: abs(value - 1) < 0.0051 and not run.gated),
    "chart.spectrum.outside": radius(
        lambda run, value: value > 1 and not run.gated and any(each > 0 for each in run.linear)
    ),
    "chart.spectrum.gated": radius(
        lambda run, value: run.gated and min(run.radii.values()) < value - 0.005
    ),
    "chart.spectrum.gated.same": radius(
        lambda run, value: run.gated and min(run.radii.values()) > value - 0.0051
    ),
    "chart.singular_values.reading": lambda run, b: (
        0 < b["distance"] < run.reached
        and near(b["largest"], run.stretched(b["distance"])[0])
        and near(b["median"], run.stretched(b["distance"])[len(run.exponents) // 2])
    ),
    "chart.lyapunov.shrinks": lambda run, b: (run.exponents < 0).all() and exponent(run, b),
    "chart.lyapunov.grows": lambda run, b: (
        b["growing"] == (run.exponents > ROUNDING).sum() > 0
        and b["count"] == len(run.exponents)
        and exponent(run, b)
    ),
    "chart.lyapunov.keeps": lambda run, b: abs(run.exponents[0]) <= ROUNDING,
    "chart.lyapunov.lost": lambda run, b: not run.arrives,
    "chart.sweep.reading": critical,
    "chart.line": lambda run, b: np.nanmax(run.sweep.median) > np.log10(2),
    "chart.sweep.last": lambda run, b: run.trace.chosen_loss == "all" and len(run.met) > 1,
    "chart.sweep.none": lambda run, b: (
        (float(b["low"]), float(b["high"])) == (SCALES[0], SCALES[-1]) and not crossings(run).any()
    ),
    "chart.sweep.here": here,
    "chart.sweep.attention": in_one_step,
    "chart.sweep.here.attention": here_in_one_step,
    "chart.sweep.overflow": lambda run, b: bool(
        run.swept(float(b["over"])).diverged.all()
        and abs(float(b["over"]) - run.asked.recurrent_scale) <= 0.1
    ),
    "chart.sweep.beyond": lambda run, b: (
        not SCALES[0] <= run.asked.recurrent_scale <= SCALES[-1]
        and abs(float(b["scale"]) - run.asked.recurrent_scale) < 0.0051
    ),
}


# --- the tests -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def asked() -> list[Asked]:
    return [Asked(engine.trace_of(experiment)) for experiment in runs()]


@pytest.fixture(scope="module")
def told(asked: list[Asked]) -> Told:
    """Return the sentences about each run."""
    return told_by(
        "say_charts.js",
        [{"frames": recorded(run), "answers": json.loads(as_json(answers(run)))} for run in asked],
    )


def answers(run: Asked) -> dict[str, Any]:
    """Return the server's answers; none where there is nothing to ask."""
    if not run.recurrent:
        return dict.fromkeys(ASKED)
    found = {name: ANALYSES[name](run.trace) for name in ASKED if name in ANALYSES}
    return {**found, "sweep": result(run.sweep)}


def test_every_sentence_of_a_chart_about_an_answer_is_true(asked: list[Asked], told: Told) -> None:
    false = []
    for language, of_runs in told.items():
        for run, said in zip(asked, of_runs, strict=True):
            for each in said:
                key, blanks = each["key"], each["blanks"]
                assert key in CLAIMS, f"{key} is said, and what it claims is not stated"
                if not CLAIMS[key](run, blanks):
                    text = catalog(language)[key].format(**blanks)
                    false.append(f"{language}: {text!r} of {facts(run)}")
    assert not false, "\n".join([f"{len(false)} false sentences, such as", *false[:40]])


def test_the_gate_that_is_named_has_the_largest_eigenvalue(asked: list[Asked], told: Told) -> None:
    for run, said in zip(asked, told["en"], strict=True):
        for each in said:
            if each["key"] == "chart.spectrum.gated":
                gate = named(run, each["blanks"]["gate"])
                assert run.radii[gate] == max(run.radii.values())


NO_SENTENCES = re.compile(r"(hint(\.touch)?|progress|cancel\w*|run)$")


def test_every_sentence_of_these_charts_states_its_claim_and_is_said(told: Told) -> None:
    of_charts = re.compile(rf"chart\.({'|'.join(ASKED)})\.(.*)")
    found = {key: of_charts.fullmatch(key) for key in catalog()}
    sentences = {key for key, of in found.items() if of and not NO_SENTENCES.match(of[2])}
    assert sentences <= set(CLAIMS)
    said = {each["key"] for run in told["en"] for each in run}
    assert sentences - said == set()


def test_both_languages_say_the_same_of_the_charts(told: Told) -> None:
    keys = [[[each["key"] for each in run] for run in of_runs] for of_runs in told.values()]
    assert all(each == keys[0] for each in keys)
