"""Numbers of one step agree: what follows from others follows from the digits that are shown."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import product

import pytest

from unrolled.app.lessons import Lesson, Step, shelf
from unrolled.app.lessons.library import QUIZ
from unrolled.app.lessons.live import SMALLEST_SHARE
from unrolled.app.lessons.markdown import phrases
from unrolled.app.lessons.measures import Measure
from unrolled.engine import Experiment

LANGUAGES = ("en", "zh-CN")
SHELF = shelf()
SLUGS = [*(lesson.slug for lesson in SHELF.all("en")), QUIZ]
each_lesson = pytest.mark.parametrize(
    "lesson", [SHELF.get(slug, language) for slug in SLUGS for language in LANGUAGES]
)
HIDDEN = re.compile(r"\{![\w-]+\}.*?\{/\}", re.DOTALL)
"""What is not shown as the step opens."""
Range = tuple[float, float]
Relation = Callable[..., float]


def shown(step: Step) -> Iterator[tuple[Measure, Experiment, str]]:
    """Yield each number of the words: what it measures, of which run, and as it is written."""
    texts = [step.title, step.text, step.then, step.attempt]
    if asked := step.question:
        texts += [asked.ask, asked.why, *(choice.why for choice in asked.choices)]
    for text in texts:
        for name, written in phrases(HIDDEN.sub("", text)).items():
            measure = step.claims[name].measure
            for phrase in written:
                yield measure, measure.run(step.experiments), phrase


def read(phrase: str) -> Range:
    """Return the least and the largest number that is written so."""
    plain = phrase.replace(",", "").replace("−", "-").removesuffix("%")
    percent = 0.01 if phrase.endswith("%") else 1
    if power := re.fullmatch(r"1/10\^(\d+)", plain):
        return 10 ** (-int(power[1]) - 0.5), 10 ** (-int(power[1]) + 0.5)
    if part := re.fullmatch(r"1/(\d+)", plain):
        half = 0.5 * 10 ** (len(part[1]) - 2)  # two digits are written
        return 1 / (int(part[1]) + half), 1 / (int(part[1]) - half)
    decimals = len(plain.partition(".")[2])
    half = 0.5 * 10**-decimals
    return percent * (float(plain) - half), percent * (float(plain) + half)


@each_lesson
def test_one_number_is_written_in_one_way_all_lesson(lesson: Lesson):
    """A class reads 0.467 in one step, and not 0.47 in the next."""
    told: dict[object, str] = {}
    for step in lesson.steps:
        for measure, run, phrase in shown(step):
            form = phrase.startswith("1/"), phrase.endswith("%")
            key = replace(measure, pin=0, settings=()), run, form, step.training
            assert told.setdefault(key, phrase) == phrase, (step.id, measure.quantity)


@each_lesson
def test_a_share_of_the_gradient_is_in_percent_as_far_as_the_stage_has_it_so(lesson: Lesson):
    """static/js/text/format.js, ``share``: less than 1/10,000 is a part there too."""
    for step in lesson.steps:
        for measure, _, phrase in shown(step):
            if measure.quantity == "ratio" and phrase.startswith("1/"):
                assert read(phrase)[0] < SMALLEST_SHARE, (step.id, phrase)


RELATIONS: Mapping[str, tuple[tuple[str, ...], Relation]] = {
    "ratio": (("mean_step",), lambda step, T: step ** (T - 1)),
    "half_life": (("mean_step",), lambda step, T: -math.log(2) / math.log(step)),
    "mean_step": (
        ("mean_weights", "mean_saturation", "mean_alignment"),
        lambda weights, saturation, alignment, T: weights * saturation * alignment,
    ),
    "loss": (("probability",), lambda p, T: -math.log(p)),
    "updated_weight": (
        ("weight", "weight_gradient", "learning_rate"),
        lambda weight, gradient, rate, T: weight - rate * gradient,
    ),
}
"""What follows from what, in one run of T timesteps."""


@each_lesson
def test_a_number_that_follows_from_others_follows_from_their_digits(lesson: Lesson):
    for step in lesson.steps:
        told = {
            (measure.quantity, run): read(phrase)
            for measure, run, phrase in shown(step)
            if measure.t in (0, 1)
        }
        for (quantity, run), (least, most) in told.items():
            causes, relation = RELATIONS.get(quantity, ((), None))
            given = [told[cause, run] for cause in causes if (cause, run) in told]
            if relation and len(given) == len(causes):
                T = len(run.problem().tokens)
                ends = [relation(*corner, T) for corner in product(*given)]
                assert min(ends) <= most, (step.id, quantity)
                assert least <= max(ends), (step.id, quantity)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sum_and_a_product_worked_out_by_hand_come_out_to_the_digit(language: str):
    """Step by step back, and what each timestep adds to the gradient of a weight."""
    steps = {step.id: step for step in SHELF.get("backwards", language).steps}
    told = {
        slug: [(each.quantity, plain(phrase)) for each, _, phrase in shown(steps[slug])]
        for slug in ("product", "update")
    }
    factors = [value for quantity, value in told["product"] if quantity == "step"]
    share = next(value for quantity, value in told["product"] if quantity == "ratio")
    assert round(math.prod(factors), 2) == share
    parts = [value for quantity, value in told["update"] if quantity == "weight_part"]
    worked = dict(told["update"])
    assert round(sum(parts), 2) == worked["weight_gradient"]
    after = worked["weight"] - worked["learning_rate"] * worked["weight_gradient"]
    assert round(after, 3) == worked["updated_weight"]


def plain(phrase: str) -> float:
    least, most = read(phrase)
    return round((least + most) / 2, 6)
