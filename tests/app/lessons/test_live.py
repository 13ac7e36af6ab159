"""After a class has dragged, every number of the words is the engine's, and what is shown holds."""

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from unrolled.app.errors import MessageError
from unrolled.app.lessons import Lesson, Step, shelf
from unrolled.app.lessons.claims import UnreadError, value_of
from unrolled.app.lessons.library import QUIZ
from unrolled.app.lessons.live import MOST_CLAIMS, can_live, live, told, written
from unrolled.app.lessons.markdown import phrases, words
from unrolled.app.lessons.trained import learned
from unrolled.app.runs.frames import decode
from unrolled.app.runs.requests import TraceRequest
from unrolled.app.runs.run_frames import Asked, frames
from unrolled.app.settings import Settings
from unrolled.engine import (
    ACTIVATIONS,
    ARCHITECTURES,
    Experiment,
    ExperimentError,
    Trace,
    trace,
    trace_of,
)
from unrolled.engine.training import FREE

SHELF = shelf()
LESSONS = [SHELF.get(each.slug, lang) for each in SHELF.all("en") for lang in ("en", "zh-CN")]
NAMES = [f"{each.slug}-{lang}" for each in SHELF.all("en") for lang in ("en", "zh-CN")]
DRAGS = 4
CONTROLS = {
    "scale": ("recurrent_scale", lambda rng: round(rng.uniform(0, 6), 1)),
    "seed": ("seed", lambda rng: int(rng.integers(1000))),
    "forget_bias": ("forget_bias", lambda rng: round(rng.uniform(-3, 5), 1)),
    "cell": ("cell", lambda rng: str(rng.choice(["rnn", "lstm", "gru", "feedforward"]))),
    "activation": ("activation", lambda rng: str(rng.choice(list(ACTIVATIONS)))),
    "architecture": ("architecture", lambda rng: str(rng.choice(list(ARCHITECTURES)))),
    "sequence": (
        "sequence",
        lambda rng: str(rng.choice(["no means no", "abba", "aXXXXX", "星星"])),
    ),
}
"""What a step may offer, and what a class may make of it."""
TRUE = {
    "vanishes": lambda trace: trace.verdict == "vanishing",
    "explodes": lambda trace: trace.verdict == "exploding",
    "kept": lambda trace: trace.verdict != "vanishing",
    "bounded": lambda trace: trace.verdict != "exploding",
    "held": lambda trace: trace.verdict != "exploding",
    "apart": lambda trace: np.linalg.norm(trace.hidden[4] - trace.hidden[0]) > 0.005,
    "linked": lambda trace: trace.network.cell.recurrent,
    "five": lambda trace: trace.network.cell.recurrent,
    "long": lambda trace: trace.log10_weight_gradient_norm > 0,
    "steep": lambda trace: trace.experiment.recurrent_scale < 1,
    "blame": lambda trace: trace.experiment.recurrent_scale < 0.8,
    "nothing": lambda trace: trace.log10_share()[0] < -4,
}
"""What the sentences say that are shown while a condition holds."""


def opened(step: Step) -> Experiment:
    if not step.training:
        return step.experiment
    own = {name: getattr(step.experiment, name) for name in FREE}
    return learned(step.training).checkpoint.experiment(**own)


def dragged(step: Step, rng: np.random.Generator) -> Experiment:
    """The experiment of a step after a class has changed what the step shows."""
    offered = [CONTROLS[name] for name in step.view.show if name in CONTROLS]
    if step.training:
        offered = [each for each in offered if each[0] == "recurrent_scale"]
    changes = {field: value(rng) for field, value in offered if rng.random() < 0.7}
    if changes.get("cell", "rnn") in ("lstm", "gru"):
        changes.pop("activation", None)
    try:
        return replace(opened(step), **changes)
    except ExperimentError:  # a tag a token, say: the page says so, and the run stays
        return opened(step)


def said(experiment: Experiment, claims: dict) -> dict:
    """Return the claims in the last frame of a run."""
    settings = Settings()
    request = TraceRequest(1, {"checkpoint": "x"} if experiment.checkpoint else experiment.named())
    sent = json.loads(json.dumps(claims))
    asked = Asked(told(sent, settings))
    kept: Any = SimpleNamespace(experiment=lambda **_own: experiment)
    answer = frames(request, settings, lambda: False, lambda _: kept, None, asked)
    header, _ = decode([*answer][-1])
    return header["claims"] or {}


def value(trace: Trace, step: Step, name: str) -> float | None:
    try:
        return value_of(trace, step.claims[name].measure)
    except UnreadError:
        return None


@pytest.mark.parametrize("lesson", LESSONS, ids=NAMES)
def test_after_any_drag_the_numbers_in_the_words_are_the_engines(lesson: Lesson):
    for at, step in enumerate(lesson.steps):
        claims = live(step, step.read)
        if not claims:
            continue
        asked_for = {name for text in step.read for name in words(text).conditions}
        marked = {name: each for text in step.read for name, (each,) in phrases(text).items()}
        rng = np.random.default_rng(at)
        offers = any(name in CONTROLS for name in step.view.show)
        for _ in range(DRAGS if offers else 1):
            experiment = dragged(step, rng)
            trace = trace_of(experiment)
            answers = said(experiment, claims)
            assert set(answers) == set(claims)
            for name, answer in answers.items():
                number = value(trace, step, name)
                place = f"{step.id}, {name}, {experiment}"
                holds = None if number is None else step.claims[name].holds(number)
                assert answer["holds"] is holds, place
                if name in marked and number is not None and np.isfinite(number):
                    text = answer["text"].replace("<sup>", "^").replace("</sup>", "")
                    quantity = step.claims[name].measure.quantity
                    assert text == written(number, marked[name], quantity), place
                if name in asked_for and number is not None:
                    assert answer["holds"] == bool(TRUE[name](trace)), place


@pytest.mark.parametrize("lesson", [*LESSONS, *(SHELF.get(QUIZ, lang) for lang in ("en", "zh-CN"))])
def test_numbers_that_are_asked_about_stay_as_those_of_the_answer_do(lesson: Lesson):
    """A number of an answer does not follow the run, so those that it is about do not either."""
    for step in lesson.steps:
        offers = any(name in CONTROLS for name in step.view.show)
        if step.question and offers and not step.after:
            assert not live(step, [step.text]), step.id
            assert not any(words(text).conditions for text in step.question.texts), step.id


@pytest.mark.parametrize(
    ("number", "like", "text"),
    [
        (0.834, "0.91", "0.83"),
        (-0.0001, "0.91", "0.00"),
        (-0.63, "0.91", "−0.63"),
        (0.2046, "7%", "20%"),
        (23.0, "4", "23"),
        (0.0213, "34", "1/47"),
        (2.5e-8, "1/300", "1/40,000,000"),
        (8.8e-14, "1/300", "1/10^13"),
        (34.02, "1/300", "34"),
        (0.0, "1/300", "0"),
    ],
)
def test_a_number_is_written_as_that_of_the_words_is(number: float, like: str, text: str):
    assert can_live(like)
    assert written(number, like) == text


@pytest.mark.parametrize(
    ("number", "like", "quantity", "text"),
    [
        (0.2046, "7%", "probability", "20.5%"),
        (0.2, "7.5%", "probability", "20%"),
        (0.99974, "7%", "probability", "99.97%"),
        (0.0000123, "7%", "probability", "0.0012%"),
        (0.0582, "7%", "ratio", "5.8%"),
        (2.5e-8, "7%", "ratio", "1/40,000,000"),
        (0.0, "7%", "ratio", "0%"),
        (2.5e-8, "1/300,000", "ratio", "1/40,000,000"),
        (0.0051, "1/300,000", "ratio", "0.51%"),
        (34.02, "1/300,000", "ratio", "34"),
        (34.02, "7", "ratio", "34"),
        (1234.5, "7", "ratio", "1,200"),
        (2.4e7, "7", "ratio", "10^7"),
        (0.0213, "7", "ratio", "1/47"),
        (2.025, "7.50", "loss", "2.02"),
        (964.24, "7.5", "weight_gradient_norm", "964"),
        (1234.5, "7.5", "weight_gradient_norm", "1,200"),
        (43210.0, "7", "weight_gradient_norm", "4.3 × 10^4"),
        (0.914, "7.5", "half_life", "0.91"),
        (1.25, "7.0", "recurrent_scale", "1.25"),
        (-3.0, "7", "forget_bias", "−3"),
    ],
)
def test_a_number_that_the_page_tells_as_well_has_its_digits(
    number: float, like: str, quantity: str, text: str
):
    """As tests/js/text/format_test.js has them: text/format.js writes them on the stage."""
    assert written(number, like, quantity) == text


@pytest.mark.parametrize(
    ("claims", "message"),
    [
        ({"a": {"quantity": "ratio", "like": "a lot"}}, "claims: a.like must be a number"),
        ({"a": {"quantity": "rato"}}, "a.quantity must be one of"),
        ({"a": {"quantity": "ratio", "with": {"seed": 3}}}, "a must speak of the run itself"),
        ({"a": {"quantity": "accuracy"}}, "a.quantity must be one of"),
        ({str(i): {"quantity": "ratio"} for i in range(MOST_CLAIMS + 1)}, "the most is 64"),
    ],
)
def test_a_claim_that_cannot_follow_a_run_is_refused(claims: dict, message: str):
    with pytest.raises(MessageError, match=message):
        told(claims, Settings())


@pytest.mark.parametrize(
    ("read", "quantity"),
    [
        ("abc", {"quantity": "step", "t": 9}),
        ("ab", {"quantity": "mean_step"}),
        ("ab", {"quantity": "mean_saturation"}),
        ("aaaa", {"quantity": "ratio", "t": 1}),
    ],
)
def test_of_a_number_that_a_run_has_not_neither_sentence_holds(read: str, quantity: dict):
    answer = told({"a": {**quantity, "like": "0.83", "above": 0}}, Settings())
    assert answer
    found = answer(trace_of(Experiment(read)))["a"]
    assert (found["text"], found["holds"]) == (None, None)


@pytest.mark.parametrize("cell", ["rnn", "feedforward"])
def test_a_claim_of_a_swapped_word_brings_the_two_states_that_it_compares(cell):
    claims = {"five": {"quantity": "swapped", "t": 5, "other": 2, "like": "0.79"}}
    run = trace("the clouds are in the sky", tokens="words", cell=cell)
    answer = told(claims, Settings())(run)["five"]
    assert answer["pair"]["tokens"] == ["clouds", "sky"]
    one, other = np.array(answer["pair"]["states"])
    np.testing.assert_array_equal(one, run.hidden[4])
    assert f"{np.linalg.norm(one - other):.2f}" == answer["text"]
    assert np.array_equal(one, other) == (cell == "feedforward")
    wide = trace("the clouds are in the sky", tokens="words", hidden_size=65)
    assert told(claims, Settings())(wide)["five"]["pair"] is None
