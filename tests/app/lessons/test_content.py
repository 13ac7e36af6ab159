"""The lessons that come with the lab: what they claim holds, and both languages say the same."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from unrolled.app.i18n.catalog import catalog
from unrolled.app.lessons import Lesson, Runs, Step, shelf
from unrolled.app.lessons.claims import Claim
from unrolled.app.lessons.library import QUIZ
from unrolled.app.lessons.live import can_live, live, written
from unrolled.app.lessons.markdown import phrases, words
from unrolled.app.lessons.schema import TEXT
from unrolled.app.lessons.trained import LEARNED
from unrolled.engine import Experiment
from unrolled.engine.architectures import labels_of

LANGUAGES = ("en", "zh-CN")
SHELF = shelf()
SLUGS = [lesson.slug for lesson in SHELF.all("en")]
LESSONS = [SHELF.get(slug, language) for slug in SLUGS for language in LANGUAGES]
NAMES = [f"{slug}-{language}" for slug in SLUGS for language in LANGUAGES]
READ = ("sequence", "target", "labels")
"""Fields of an experiment that a language may change."""

each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=NAMES)
each_pair = pytest.mark.parametrize("slug", SLUGS)


def texts(step: Step) -> list[str]:
    """Everything that a step says but its wrong choices, which may be wrong."""
    said = [step.title, step.text, step.then, step.attempt, step.notes]
    if asked := step.question:
        said += [asked.ask, asked.why, *(mistake.why for mistake in asked.mistakes)]
        said += [choice.why for choice in asked.choices]
        said += [choice.text for choice in asked.choices if choice.id == asked.right]
    return said


def wrong_choices(step: Step) -> list[str]:
    asked = step.question
    return [choice.text for choice in asked.choices if choice.id != asked.right] if asked else []


with_the_quiz = pytest.mark.parametrize(
    "lesson", [*LESSONS, *(SHELF.get("quiz", each) for each in LANGUAGES)]
)
NAMES_A_KEY = re.compile(r"\bkeys? [A-Z]\b|\b(Tab|Enter|Ctrl)\b|arrow keys|space bar|[A-Za-z] ?键")


# --- a lesson ------------------------------------------------------------------------------------


def test_there_are_eight_lessons():
    lessons = SHELF.all("en")
    assert [lesson.order for lesson in lessons] == list(range(1, 9))


FORWARD = ("why-memory", "unrolling", "one-step")
"""The lessons before the gradient is taught."""
OF_THE_GRADIENT = re.compile(r"gradient|vanish|explod|backward|梯度|消失|爆炸|反向")


@each_lesson
def test_the_way_back_is_not_shown_before_it_is_taught(lesson: Lesson):
    if lesson.slug not in FORWARD:
        return
    for step in lesson.steps:
        assert not step.view.backward, step.id
        for text in (*texts(step), *wrong_choices(step)):
            assert text == step.notes or not OF_THE_GRADIENT.search(text), (step.id, text)


@each_lesson
def test_the_answer_is_not_on_the_stage_before_the_class_is_asked_for_it(lesson: Lesson):
    if lesson.slug not in ("why-memory", "unrolling"):
        return
    ids = [step.id for step in lesson.steps]
    for step in lesson.steps[: ids.index("will-it-know") if "will-it-know" in ids else None]:
        assert not step.view.output, step.id
        told = " ".join((*texts(step), *wrong_choices(step)))
        assert not OF_THE_ANSWER.search(told), step.id


OF_THE_ANSWER = re.compile(r"\b(?:loss|prediction|target)\b|损失|预测|目标")


@each_lesson
def test_words_for_a_class_name_no_key_that_a_phone_lacks(lesson: Lesson):
    for step in lesson.steps:
        for text in (*texts(step), *wrong_choices(step)):
            assert text == step.notes or not NAMES_A_KEY.search(text), (step.id, text)


@each_lesson
def test_a_lesson_has_a_goal_a_prediction_something_to_try_notes_and_sources(lesson: Lesson):
    assert lesson.goal
    assert lesson.sources
    assert 4 <= len(lesson.steps) <= 8
    assert any(step.question for step in lesson.steps)
    assert any(step.attempt for step in lesson.steps)
    assert all(step.notes for step in lesson.steps)
    assert any("**" in step.notes for step in lesson.steps)


@each_lesson
def test_every_choice_is_answered_in_its_own_words(lesson: Lesson):
    for step in lesson.steps:
        for choice in step.question.choices if step.question else ():
            assert len(choice.why) > 10
        whys = [choice.why for choice in step.question.choices] if step.question else []
        assert len(set(whys)) == len(whys)


@each_lesson
def test_a_number_question_tells_its_mistakes_from_its_answer(lesson: Lesson):
    for step in lesson.steps:
        asked = step.question
        if not asked or not asked.answer:
            continue
        runs = Runs(step.experiments, step.training)
        answer = runs.value(asked.answer)
        for mistake in asked.mistakes:
            assert abs(runs.value(mistake.measure) - answer) > 2 * 10**-asked.digits


@each_lesson
def test_no_mark_of_markdown_is_left_on_the_page(lesson: Lesson):
    for step in lesson.steps:
        for text in [*texts(step), *wrong_choices(step)]:
            plain = TAG.sub("", words(text).html)
            assert not re.search(r"[*$`]|\]\(", plain), plain


# --- what it claims ------------------------------------------------------------------------------


@with_the_quiz
def test_the_numbers_of_the_words_are_the_engines(lesson: Lesson):
    """As the lesson opens; what stands between `{!name}` and `{/}` is not shown then."""
    for step in lesson.steps:
        runs = Runs(step.experiments, step.training)
        for text in [*texts(step), *wrong_choices(step)]:
            for name, (phrase,) in phrases(UNLESS.sub("", text)).items():
                assert can_live(phrase), f"{step.id}, {name}: {phrase} is more than a number"
                measure = step.claims[name].measure
                value = runs.value(measure)
                told = written(value, phrase, measure.quantity)
                assert told == phrase, f"{step.id}, {name}: {value}"


@with_the_quiz
def test_words_with_a_condition_are_right_as_the_lesson_opens(lesson: Lesson):
    for step in lesson.steps:
        runs = Runs(step.experiments, step.training)
        for text in texts(step):
            for name in set(words(text).conditions) - {TEXT}:
                value = runs.value(step.claims[name].measure)
                assert step.claims[name].holds(value), f"{step.id}, {name}: {value}"


@each_lesson
def test_every_number_of_a_step_that_can_be_changed_follows_or_says_of_what_it_is(lesson: Lesson):
    for step in lesson.steps:
        follow = live(step, step.read)
        for text in step.read:
            for name in phrases(text):
                measure = step.claims[name].measure
                other = measure.pin or measure.settings or measure.quantity in LEARNED
                assert (name in follow) is not bool(other), f"{step.id}, {name}"


@each_lesson
def test_every_number_outside_a_claim_is_explained(lesson: Lesson):
    for at, step in enumerate(lesson.steps):
        shown = lesson.steps[at : at + 2]
        known = {"0", "1", "−1"} | {str(year) for year in YEARS}
        known |= {each for text in texts(step) for (each, *_) in phrases(text).values()}
        known |= {spelled(value) for each in shown for value in settings(each)}
        timesteps = {str(t + 1) for t in range(len(step.experiment.problem().tokens))}
        for text in texts(step):
            plain = MARKED.sub("", CONDITION.sub("", text))
            labels = [
                number for found in TIMESTEP.findall(plain) for number in DIGITS.findall(found)
            ]
            assert set(labels) <= timesteps, f"{step.id}: no timestep {labels} in {text}"
            for number in NUMBER.findall(TIMESTEP.sub("", plain)):
                assert number in known, f"{step.id}: {number} in {text}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_that_a_class_can_drag_is_not_told_as_if_it_stayed(language: str):
    """A slider's value stands in a claim that follows it, or the sentence says: at this value."""
    for slug in [*SLUGS, QUIZ]:
        for step in SHELF.get(slug, language).steps:
            told = [MARKED.sub("", text) for text in (step.text, step.then, step.attempt)]
            assert not [text for text in told if "scale" in step.view.show and HERE.search(text)]


HERE = re.compile(r"(?:[Hh]ere|[Nn]ow|现在|这里) ?\$?g\$? = \d")


@with_the_quiz
def test_an_untrained_network_that_is_given_a_task_says_that_it_answers_by_chance(lesson: Lesson):
    for step in lesson.steps:
        trained = step.training or step.experiment.checkpoint
        answers = step.view.output and step.view.position != "start"
        if step.experiment.target and answers and not trained:
            assert re.search("not trained|没有训练", words(step.text).html), step.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pair_that_is_asked_about_was_not_seen_before(language: str):
    steps = SHELF.get("unrolling", language).steps
    at = [step.id for step in steps].index("twins")
    asked = steps[at].experiment.sequence
    assert asked not in [step.experiment.sequence for step in steps[:at]]
    assert asked[2] == asked[3], "t = 3 and t = 4"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_run_that_is_asked_about_is_shown_by_no_step_before(language: str):
    """Where the stage moves to another run, no step or lesson before has shown it."""
    seen: dict[Experiment, str] = {}
    for lesson in (*SHELF.all(language), SHELF.get(QUIZ, language)):
        for step in lesson.steps:
            here = f"{lesson.slug}, {step.id}"
            if step.question and step.after:
                assert seen.get(step.after, here) == here
            seen |= {each: here for each in step.experiments if each not in seen}


@each_lesson
def test_of_a_trained_network_a_step_says_what_the_verdict_says(lesson: Lesson):
    """Its gradient shrinks or grows, as `verdict.trained` has it; others are names of effects."""
    for step in lesson.steps:
        if step.training and step.view.backward and step.view.position == "end":
            told = " ".join(step.read)
            assert not re.search(r"vanish|explod|消失|爆炸", TERM.sub("", told)), step.id


TERM = re.compile(r"\[[^\]]*\]\(term:[\w-]+\)")


@each_lesson
def test_a_step_that_has_not_begun_tells_the_class_to_play(lesson: Lesson):
    """An empty stage that is to be watched is filled by a press of Play."""
    for step in lesson.steps:
        if step.view.position == "start" and step.view.play:
            assert re.search(r"\*Play\*|Press Play|播放", step.text), step.id


@each_lesson
def test_a_run_beside_the_stage_s_is_called_a_second_one(lesson: Lesson):
    for step in lesson.steps:
        if "pinned" in step.text:
            assert "second run" in step.text, step.id


@each_lesson
def test_numbers_of_a_weight_under_bars_of_a_state_say_which_is_which(lesson: Lesson):
    for step in lesson.steps:
        if any(claim.measure.quantity == "contribution" for claim in step.claims.values()):
            assert re.search("bars|柱子", step.text), step.id


@with_the_quiz
def test_no_fraction_in_words_stands_outside_a_claim(lesson: Lesson):
    for step in lesson.steps:
        for text in texts(step):
            assert not FRACTION.search(MARKED.sub("", text)), text


TAG = re.compile(r"<[^>]*>")
NUMBER = re.compile(r"(?<![\w.^])[−-]?\d+(?:\.\d+)?%?(?!\w)", re.ASCII)
DIGITS = re.compile(r"\d+", re.ASCII)
TIMESTEP = re.compile(r"\bt = \d+(?:(?:, | and |、|和)\d+)*|_\d+", re.ASCII)
YEARS = range(1950, 2030)
MARKED = re.compile(r"\[[^\]]*\]\(claim:[\w-]+\)")
FRACTION = re.compile(r"hundredth|thousandth|millionth|分之(?!一的机会)")
CONDITION = re.compile(r"\{(?:[?!][\w-]+|/)\}")
UNLESS = re.compile(r"\{![\w-]+\}.*?\{/\}", re.DOTALL)


def spelled(value: float) -> str:
    """A number in its fewest digits."""
    return np.format_float_positional(value, trim="-").replace("-", "−")


def settings(step: Step) -> list[float]:
    """The numbers of a step's state: of its runs, of those that its claims change it to."""
    values = [value for each in step.experiments for value in each.named().values()]
    values += [value for each in step.claims.values() for _, value in each.measure.settings]
    return [value for value in values if isinstance(value, int | float)]


# --- two languages -------------------------------------------------------------------------------


@each_pair
def test_both_languages_have_the_same_steps_states_questions_and_claims(slug: str):
    english, chinese = (SHELF.get(slug, language) for language in LANGUAGES)
    assert SHELF.languages(slug) == sorted(LANGUAGES)
    assert facts(english) == facts(chinese)


@each_pair
def test_both_languages_read_texts_of_their_own_kind(slug: str):
    """Where a language has the network read another text, the timesteps fit the view."""
    for language in LANGUAGES:
        for step in SHELF.get(slug, language).steps:
            timesteps = len(step.experiment.problem().tokens)
            assert (step.view.timestep or 1) <= timesteps


@pytest.mark.parametrize("slug", SLUGS)
def test_the_chinese_is_set_as_chinese_is(slug: str):
    for step in SHELF.get(slug, "zh-CN").steps:
        for text in [*texts(step), *wrong_choices(step)]:
            assert not re.search(r"[\u4e00-\u9fff][,.;:?!()]", text), text
            spoken = re.sub("“[^”]*”", "", text)
            assert not re.search(r"[\u4e00-\u9fff] [\u4e00-\u9fff]", spoken), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_controls_are_called_what_the_lab_calls_them(language: str):
    called = {text.rstrip(":：") for text in catalog(language).values()}
    steps = [step for slug in [*SLUGS, QUIZ] for step in SHELF.get(slug, language).steps]
    named = [each for step in steps for text in texts(step) for each in CONTROL.findall(text)]
    assert len(named) >= 15
    assert set(named) <= called


CONTROL = re.compile(
    r"(?:(?:Press|Choose|[Cc]hoose|Click|[Dd]rag|Leave|[Uu]nder|slider|stage:) \*|"
    r"(?:点|按|选|在|拖动|滑块|上方)(?:一下)?“)([^*”]+)[*”]"
)
"""A control that the words name: emphasised in English, quoted in Chinese."""


@with_the_quiz
def test_the_thumb_of_a_slider_is_at_the_same_place_for_the_same_value_all_lesson(lesson: Lesson):
    """A value beyond the ends of a slider stretches it, and every place of the thumb moves."""
    for step in lesson.steps:
        for run in filter(None, (step.experiment, step.after)):
            for field, (low, high) in SLIDERS.items():
                assert low <= (run.named().get(field) or low) <= high, (step.id, field)


SLIDERS = {
    field: (float(low), float(high))
    for path in Path("templates").glob("_controls*.html")
    for field, low, high in re.findall(
        r'slider\("(\w+)", (-?[\d.]+), ([\d.]+)', path.read_text(encoding="utf-8")
    )
}
"""The ends of each slider of the lab."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_control_that_a_class_is_told_to_use_is_on_the_screen(language: str):
    for slug in [*SLUGS, QUIZ]:
        for step in SHELF.get(slug, language).steps:
            asked = step.question.texts if step.question else ()
            told = " ".join([step.text, step.then, step.attempt, *asked])
            named = {part for part, words in CONTROLS.items() if re.search(words, told)}
            shown = {"cell" if part == "memory" else part for part in step.view.show}
            assert named <= shown, (slug, step.id)


CONTROLS = {
    "sequence": r"\b[Tt]ype\b|(?<!的)输入[“一自]",
    "caption": r"\*Fold into one cell\*|\bFold it up\b|“折叠成一个循环单元”|折叠起来",
    "cell": r"\*No memory\*|“无记忆”",
    "scale": r"[Dd]rag (?:the scale )?\$g\$|拖动(?:倍数)? ?\$g\$|weight scale\*|“循环权重倍数”",
    "activation": r"\*ReLU\* and|换成 ReLU，",
    "architecture": r"\*Architecture\*|“架构”",
    "target": r"\*Target\*|“目标”",
    "seed": r"\*New random weights\*|“换一组随机权重”",
    "forget_bias": r"\*Forget gate bias\*|“遗忘门偏置”",
}
"""What the words call the parts of the screen with which a class changes a run."""


def facts(lesson: Lesson) -> object:
    """Return the parts of a lesson that are the same in every language."""
    return (
        lesson.order,
        lesson.sources,
        [
            {
                "id": step.id,
                "states": [without_texts(each) for each in step.experiments],
                "training": step.training,
                "view": step.view,
                "claims": {name: numbered(each, step) for name, each in step.claims.items()},
                "asks": step.question
                and (
                    step.question.right,
                    [choice.id for choice in step.question.choices],
                    step.question.answer,
                    [mistake.measure for mistake in step.question.mistakes],
                ),
                "tries": bool(step.attempt),
                "notes": bool(step.notes),
            }
            for step in lesson.steps
        ],
    )


def without_texts(experiment: Experiment) -> dict[str, object]:
    """The task's language is that of the text."""
    if trained := experiment.checkpoint:
        return {"task": trained.told()["training"]["task"].partition("-")[0]}
    named = {**experiment.named(), "by_hand": unlabelled(experiment.by_hand, experiment)}
    return {name: value for name, value in named.items() if name not in READ}


def numbered(claim: Claim, step: Step) -> Claim:
    """Return a claim that names no labels."""
    settings = tuple(
        (name, unlabelled(value, step.experiment) if name == "by_hand" else value)
        for name, value in claim.measure.settings
    )
    return replace(claim, measure=replace(claim.measure, settings=settings))


def unlabelled(by_hand: str, experiment: Experiment) -> str:
    """Return weights by hand, the labels of a language in their names by number."""
    for number, label in enumerate(labels_of(experiment.labels)):
        by_hand = by_hand.replace(f"_{label} ", f"_label{number} ")
    return by_hand


@with_the_quiz
def test_the_stage_moves_when_a_question_is_answered(lesson: Lesson):
    for step in lesson.steps:
        if step.question:
            moves = step.after or step.view.position != "start" or step.view.timestep
            assert moves, (lesson.slug, step.id)


@each_lesson
def test_no_choice_tells_the_answer_by_a_number_that_it_alone_has(lesson: Lesson):
    for step in lesson.steps:
        choices = step.question.choices if step.question else ()
        counted = {choice.id for choice in choices if "(claim:" in choice.text}
        assert not choices or counted != {step.question.right}, (lesson.slug, step.id)


@with_the_quiz
def test_bars_of_another_g_are_predicted_over_those_of_before(lesson: Lesson):
    """The bars of another g are predicted over those of g = 1, which stay as a line."""
    for step in lesson.steps:
        bounds = step.question.bounds if step.question else ()
        far = any(each.measure.quantity in ("ratio", "rate") for each in bounds)
        if far and step.experiment.activation == "tanh":
            assert step.after, f"{lesson.slug}, {step.id}"
