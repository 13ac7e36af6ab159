"""The trained networks that come with the lessons: what they answer, and where they are from."""

from dataclasses import replace

import numpy as np
import pytest

from unrolled.app.classroom import worksheet
from unrolled.app.lessons import shelf
from unrolled.app.lessons.networks import FOLDER, NETWORKS, network, shipped
from unrolled.app.lessons.trained import LEARNED, learned, value_of_training
from unrolled.engine import ExperimentError, Network, Run, TrainingRun, trace_of

each_network = pytest.mark.parametrize("name", NETWORKS)


def answers(name: str, sequence: str, target: str = "") -> list[str]:
    """Return what the network answers, where it does."""
    trace = trace_of(network(name).experiment(sequence=sequence, target=target))
    at = np.flatnonzero(np.isfinite(trace.losses))
    return [trace.vocabulary[int(trace.probabilities[t].argmax())] for t in at]


@each_network
def test_a_file_is_small_and_of_its_recipe(name: str) -> None:
    assert (FOLDER / f"{name}.npz").stat().st_size < 40_000
    found = network(name)
    assert found.training == NETWORKS[name]
    assert found.step == found.training.steps


@pytest.mark.parametrize("name", [each for each in NETWORKS if not each.startswith("recall")])
def test_the_recipe_learns_in_fewer_steps(name: str) -> None:
    run = TrainingRun(replace(NETWORKS[name], steps=200))
    *_, last = run.steps()
    assert last.loss < 0.7 * run.task.baseline


def test_the_numbers_of_a_training_are_those_of_its_recipe() -> None:
    training = NETWORKS["recall-near"]
    for quantity, read in LEARNED.items():
        assert value_of_training(training, quantity) == pytest.approx(read(learned(training)))


def test_a_worksheet_trains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TrainingRun, "steps", lambda run: pytest.fail("it trains"))
    for language in ("en", "zh-CN"):
        assert worksheet("short-window", language).choices


def test_every_training_of_the_lessons_came_with_its_network() -> None:
    for lesson in shelf().all("en"):
        assert all(shipped(step.training) for step in lesson.steps if step.training), lesson.slug


@pytest.mark.parametrize(
    ("name", "sequence", "label"),
    [
        ("sentiment", "this film is great", "positive"),
        ("sentiment", "this film is awful", "negative"),
        ("sentiment", "this film is very good", "positive"),
        ("sentiment", "this film is not good", "negative"),
        ("sentiment", "this film is not awful", "positive"),
        ("sentiment-zh", "这部电影太棒了", "正面"),
        ("sentiment-zh", "这部电影很好看", "正面"),
        ("sentiment-zh", "这部电影很难看", "负面"),
        ("sentiment-zh", "这部电影不好看", "负面"),
        ("sentiment-zh", "这部电影不难看", "正面"),
    ],
)
def test_one_word_flips_the_label(name: str, sequence: str, label: str) -> None:
    assert answers(name, sequence, label) == [label]


def test_a_capital_is_named_after_the_nine_steps_of_the_training_and_after_no_others() -> None:
    letters = "wuzwyxvvvx"
    for length, named in ((8, False), (9, True), (10, False)):
        right = [answers("recall-near", c + letters[:length], c) == [c] for c in "ABCDEFGH"]
        assert right == [named] * 8, length
    own = network("recall-near")
    scaled = own.experiment(sequence="Ewuzwyxvvv", target="E", recurrent_scale=0.2)
    assert trace_of(scaled).verdict == "vanishing"


@pytest.mark.parametrize("name", ["sentiment", "sentiment-zh", "tags", "tags-zh"])
def test_the_outputs_are_labels_alone_and_none_of_the_words(name: str) -> None:
    trace = trace_of(network(name).experiment())
    assert not set(trace.vocabulary) & set(trace.input_vocabulary)
    assert trace.probabilities.shape[1] == len(trace.vocabulary) < 12


@pytest.mark.parametrize(
    ("name", "sequence", "tags"),
    [
        ("tags", "cats chase mice", "NOUN VERB NOUN"),
        ("tags", "children play", "NOUN VERB"),
        ("tags", "the play is long", "DET NOUN VERB ADJ"),
        ("tags-zh", "猫追老鼠", "名词 动词 名词"),
        ("tags-zh", "她 画 一 张 画", "代词 动词 数词 量词 名词"),
    ],
)
def test_the_tag_of_a_word_depends_on_the_words_before(name: str, sequence: str, tags: str) -> None:
    assert answers(name, sequence, tags) == tags.split()


def test_the_picture_is_spelt_and_each_letter_that_is_said_is_read_next() -> None:
    own = network("caption").task
    for b in range(3):
        drawn, word = own.text(own.probes, b)
        trace = trace_of(network("caption").experiment(sequence=drawn, target=word))
        assert answers("caption", drawn, word) == [*word, "</s>"]
        assert trace.tokens == (drawn, *word)


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("Hello world", "你好 世界"),
        ("Good night world", "晚安 世界"),
        ("Where is my friend", "我 的 朋友 在 哪里"),
        ("Where is the school", "学校 在 哪里"),
    ],
)
def test_the_phrase_book_is_spoken_after_the_start_symbol_word_by_word(
    phrase: str, said: str
) -> None:
    words = said.split()
    trace = trace_of(network("phrases").experiment(sequence=phrase, target=said))
    assert answers("phrases", phrase) == [*words, "</s>"]
    assert trace.tokens == (*phrase.split(), "<s>", *words)
    assert len(trace.network.weights) == 2


def test_a_word_that_it_has_not_learned_is_refused_with_those_it_knows() -> None:
    with pytest.raises(ExperimentError, match=r"broccoli.* it knows I love this film"):
        network("sentiment").experiment(sequence="I love broccoli", target="positive")


def test_the_gradient_of_a_trained_network_is_that_of_central_differences() -> None:
    trace = trace_of(
        network("sentiment").experiment(sequence="this film is not good", target="positive")
    )
    weights, step = trace.network.state_dict(), 1e-6
    ends = []
    for sign in (1, -1):
        moved = {name: each + sign * step * np.cos(each) for name, each in weights.items()}
        own = Network.from_state_dict(moved, cell="rnn")
        ends.append(np.nansum(trace_of(Run(own, trace.problem)).losses))
    slope = sum(
        (trace.weight_gradients[name] * np.cos(each)).sum() for name, each in weights.items()
    )
    assert slope == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-6)
