"""The closing quiz: eight questions, each decided by the engine, the same in both languages."""

import re

import pytest

from docs.reading import of_students
from unrolled.app.lessons import LessonError, Runs, Table, lesson, shelf
from unrolled.app.lessons.library import QUIZ
from unrolled.app.lessons.rendering import decided, rendered
from unrolled.app.lessons.schema import OWN

LANGUAGES = ("en", "zh-CN")
QUIZZES = [shelf().get(QUIZ, language) for language in LANGUAGES]
each_quiz = pytest.mark.parametrize("quiz", QUIZZES, ids=LANGUAGES)


@each_quiz
def test_it_asks_eight_questions_and_ends_with_the_result(quiz):
    assert [bool(step.question) for step in quiz.steps] == [True] * 8 + [False]
    for step in quiz.steps[:8]:
        whys = [choice.why for choice in step.question.choices]
        assert len(set(whys)) == len(whys) == 3


@each_quiz
def test_the_engine_decides_each_answer(quiz):
    for step, shown in zip(quiz.steps, rendered(quiz)["steps"], strict=True):
        if asked := step.question:
            assert asked.right == ""
            assert shown["question"]["right"] == decided(step, asked)


def test_the_answers_are_the_same_in_both_languages():
    answers = [
        [decided(step, step.question) for step in quiz.steps if step.question] for quiz in QUIZZES
    ]
    assert answers[0] == answers[1]


@each_quiz
def test_its_words_claim_what_the_engine_computes(quiz):
    for step in quiz.steps:
        runs = Runs(step.experiments)
        for claim in step.claims.values():
            assert claim.holds(runs.value(claim.measure)), (step.id, claim)


def test_a_pupil_in_the_first_week_reads_it_with_ease():
    assert of_students(QUIZZES[0]).grade <= 4


def test_the_chinese_is_set_as_chinese_is():
    for step in QUIZZES[1].steps:
        asked = step.question
        texts = [step.title, step.text, step.notes, asked.ask if asked else ""]
        texts += [
            text for each in (asked.choices if asked else ()) for text in (each.text, each.why)
        ]
        for text in texts:
            assert not re.search(r"[\u4e00-\u9fff][,.;:?!()]", text), text


def test_it_comes_after_the_last_lesson_and_is_not_counted_among_them():
    lessons = shelf().all("en")
    assert QUIZ not in [each.slug for each in lessons]
    following = shelf().next(lessons[-1].slug, "en")
    assert following
    assert following.slug == QUIZ
    assert shelf().next(QUIZ, "en") is None


MEASURED = {
    "kind": "measured",
    "choices": ["small", "large"],
    "measure": {"quantity": "timesteps"},
}


def asked(bounds):
    facts = {"steps": [{"id": "one", "question": MEASURED | {"bounds": bounds}}]}
    choices = {name: {"text": name, "why": name} for name in ("small", "large")}
    step = {"title": "t", "text": "t", "question": {"ask": "?", "choices": choices}}
    words = {"title": "t", "steps": {"one": step}}
    return lesson(OWN, Table(facts, "facts"), Table(words, "words"))


@pytest.mark.parametrize(
    ("small", "large"), [({"below": 99}, {"above": 3}), ({"below": 3}, {"above": 99})]
)
def test_bounds_that_hold_for_none_or_for_two_are_refused(small, large):
    with pytest.raises(LessonError) as refused:
        rendered(asked({"small": small, "large": large}))
    assert refused.value.code == "lesson_decided"


def test_a_lesson_of_ones_own_may_let_the_engine_decide():
    found = rendered(asked({"small": {"below": 3}, "large": {"above": 3}}))
    assert found["steps"][0]["question"]["right"] == "large"


def test_the_measures_of_the_bounds_count_for_the_limits_of_a_server():
    question = asked({"small": {"below": 3}, "large": {"above": 3}}).steps[0].question
    assert {each.quantity for each in question.measures} == {"timesteps"}
