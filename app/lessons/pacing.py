"""The minutes of a step in class: reading, predicting, voting, watching and talking."""

import math
import re

from unrolled.app.lessons.markdown import words
from unrolled.app.lessons.schema import Lesson, Step

WORDS_A_MINUTE, CHARACTERS_A_MINUTE = 130, 240
"""Read aloud to a class: English words, and Chinese characters."""
LOOK, THINK, COMPUTE, VOTE, TALK, BEAT, TRY = 20.0, 20.0, 120.0, 20.0, 25.0, 1.2, 120.0
"""Seconds to find it on the stage, to choose, to compute by hand, to raise hands, to say why, for
each beat of the run that is watched, and to try freely."""
ROUND = 5
_TAG, _CHINESE, _WORD = (
    re.compile(r"<[^>]*>"),
    re.compile(r"[\u3400-\u9fff]"),
    re.compile(r"[a-zA-Z]+"),
)


def seconds(step: Step) -> int:
    taken = LOOK + _read(step.text)
    if step.view.play:
        loss = step.view.output
        timesteps = len(step.experiment.problem().tokens)
        taken += BEAT * (timesteps + loss * (1 + step.view.backward * timesteps))
    if asked := step.question:
        taken += _read(asked.ask) + VOTE + TALK + (COMPUTE if asked.answer else THINK)
        taken += _read(asked.why) + sum(_read(choice.text) for choice in asked.choices)
        taken += max((_read(choice.why) for choice in asked.choices), default=0.0)
    if step.attempt:
        taken += TRY
    return math.ceil(taken / ROUND) * ROUND


def minutes(lesson: Lesson) -> int:
    return math.ceil(sum(seconds(step) for step in lesson.steps) / 60)


def _read(text: str) -> float:
    plain = _TAG.sub(" ", words(text).html)
    return 60 * (
        len(_WORD.findall(plain)) / WORDS_A_MINUTE
        + len(_CHINESE.findall(plain)) / CHARACTERS_A_MINUTE
    )
