"""The time of a step follows from what is done in it."""

import math

import pytest

from unrolled.app.lessons import Table, lesson, minutes
from unrolled.app.lessons.pacing import COMPUTE, TALK, THINK, TRY, VOTE, seconds

CHOICES = {"choices": ["a", "b"], "kind": "choice", "right": "a"}
NUMBER = {"kind": "number", "answer": {"quantity": "loss"}}


def made(facts=None, **said):
    words = {"title": "t", "text": "one two three", **said}
    step = {"id": "one", **(facts or {})}
    return lesson(
        "test",
        Table({"steps": [step]}, "facts"),
        Table({"title": "t", "steps": {"one": words}}, "words"),
    )


def taken(*arguments, **said):
    found = made(*arguments, **said)
    return seconds(found.steps[0])


def asking(facts, **said):
    return taken({"question": facts}, question={"ask": "?", **said})


def test_longer_words_take_longer_in_both_languages():
    assert taken(text="word " * 130) - taken(text="") == pytest.approx(60, abs=5)
    assert taken(text="字" * 240) - taken(text="") == pytest.approx(60, abs=5)


def test_a_prediction_is_thought_about_voted_on_and_talked_over():
    choices = {each: {"text": "t", "why": "t"} for each in "ab"}
    asked = asking(CHOICES, choices=choices)
    assert asked - taken() >= THINK + VOTE + TALK
    assert asking(NUMBER) - asked >= COMPUTE - THINK - 10


def test_trying_and_watching_take_their_time():
    assert taken(**{"try": "t"}) - taken() >= TRY
    watched = taken({"view": {"play": True}})
    assert watched - taken() >= 2 * 24


def test_the_seconds_and_minutes_of_older_lessons_are_left_out():
    assert taken({"seconds": 500}) == taken()
    steps = Table({"minutes": 5, "steps": [{"id": "one"}]}, "facts")
    said = {"title": "t", "steps": {"one": {"title": "t", "text": "t"}}}
    assert minutes(lesson("own", steps, Table(said, "words"))) == 1


def test_the_minutes_of_a_lesson_are_those_of_its_steps():
    found = made(**{"try": "t"})
    assert minutes(found) == math.ceil(seconds(found.steps[0]) / 60)
