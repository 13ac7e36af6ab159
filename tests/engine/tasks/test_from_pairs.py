"""Tasks whose examples are a list: the data of this project, and translations."""

from collections import Counter

import numpy as np
import pytest

from unrolled.engine import ExperimentError
from unrolled.engine.tasks import task
from unrolled.engine.tasks.from_pairs import data, entropy
from unrolled.engine.tasks.user_examples import lines_of
from unrolled.engine.tokenizers import words

FEELINGS = ("sentiment", "sentiment-zh")
GRAMMARS = ("tags", "tags-zh")
TRANSLATIONS = ("dates", "numbers")
LISTS = (*FEELINGS, *GRAMMARS, *TRANSLATIONS, "examples")


def lines(name):
    return lines_of(data(f"{name}.txt"))


@pytest.mark.parametrize("name", LISTS)
def test_the_baseline_is_the_entropy_of_the_target_classes(name, rng):
    found = task(name)
    batch = found.draw(rng, 20_000)
    classes = batch.targets[batch.targets >= 0]
    p = np.bincount(classes, minlength=found.outputs) / len(classes)
    assert -np.log(p[classes]).mean() == pytest.approx(found.baseline, rel=0.02)


@pytest.mark.parametrize("name", LISTS)
def test_the_probes_are_never_drawn(name, rng):
    found = task(name)
    batch = found.draw(rng, 3_000)
    drawn = {found.text(batch, b)[0] for b in range(3_000)}
    assert drawn.isdisjoint(found.text(found.probes, b)[0] for b in range(3))


@pytest.mark.parametrize("name", LISTS)
def test_every_token_of_the_probes_is_trained_on(name, rng):
    found = task(name)
    batch = found.draw(rng, 20_000)
    assert set(found.probes.x.ravel()) <= set(batch.x.ravel()) | {-1}
    assert set(found.probes.targets.ravel()) <= set(batch.targets.ravel())


@pytest.mark.parametrize(
    ("name", "least"), [*((n, 120) for n in FEELINGS), *((n, 80) for n in GRAMMARS)]
)
def test_there_are_enough_sentences_and_no_two_are_alike(name, least):
    sentences = [tuple(words(line.sequence)) for line in lines(name)]
    assert len(set(sentences)) == len(sentences) >= least


@pytest.mark.parametrize("name", FEELINGS)
def test_as_many_sentences_are_glad_as_are_not(name):
    assert task(name).baseline == pytest.approx(np.log(2), rel=1e-3)


@pytest.mark.parametrize(
    ("sentence", "label"),
    [("这部电影太棒了", "正面"), ("这部电影很好看", "正面"), ("这部电影很难看", "负面")],
)
def test_the_classic_sentences_have_their_label(sentence, label):
    found = task("sentiment-zh")
    assert found.targets(found.parse(sentence), 0)[-1] == label
    assert set(found.vocabulary) == {"正面", "负面"}


@pytest.mark.parametrize("name", GRAMMARS)
def test_every_token_has_a_tag(name):
    assert all(len(words(line.sequence)) == len(line.target.split()) for line in lines(name))


@pytest.mark.parametrize(
    ("name", "sentence", "tags"),
    [
        ("tags", "the cat chases the mouse", "DET NOUN VERB DET NOUN"),
        ("tags-zh", "猫 追 老鼠", "名词 动词 名词"),
        ("tags-zh", "猫追老鼠", "名词 动词 名词"),
    ],
)
def test_the_cat_chases_the_mouse(name, sentence, tags):
    found = task(name)
    assert found.targets(found.parse(sentence), 0) == tuple(tags.split())
    assert found.text(found.probes, 0)[1] == tags


@pytest.mark.parametrize(
    ("name", "word", "tags"), [("tags", "drink", "VERB NOUN"), ("tags-zh", "画", "动词 名词")]
)
def test_the_tag_of_an_ambiguous_word_depends_on_the_words_before(name, word, tags):
    found = task(name)
    reads, targets = found.reads(found.probes, 2), found.targets(found.probes, 2)
    assert [targets[t] for t, read in enumerate(reads) if read == word] == tags.split()


@pytest.mark.parametrize(
    ("sequence", "target", "known"),
    [("I love broccoli", "", "I love this film hate the"), ("I love", "meh", "positive negative")],
)
def test_an_error_names_the_tokens_that_are_known(sequence, target, known):
    with pytest.raises(ExperimentError) as error:
        task("sentiment").parse(sequence, target)
    assert error.value.details["known"].startswith(known)


def test_entropy_is_in_nats():
    assert entropy(Counter("abab")) == pytest.approx(np.log(2), rel=1e-15)
    assert entropy(Counter("a")) == 0
