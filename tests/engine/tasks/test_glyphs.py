"""Drawings that are spelt out."""

import numpy as np
import pytest

from unrolled.engine import ExperimentError
from unrolled.engine.tasks import task
from unrolled.engine.tasks.glyphs import NOISE, PIXELS

HEART = ".##..##./########/########/########/.######./..####../...##.../........"


@pytest.fixture
def found():
    return task("glyph")


def test_a_drawing_is_read_once_and_then_each_letter_of_its_name(found):
    batch = found.parse(HEART, "heart")
    assert found.targets(batch, 0) == ("h", "e", "a", "r", "t", "</s>")
    assert found.reads(batch, 0) == (HEART, "h", "e", "a", "r", "t")
    assert batch.x[0].sum() == batch.x[0, 0, :PIXELS].sum() == HEART.count("#")
    assert not batch.x[1:, :, :PIXELS].any()
    assert (batch.x[1:].sum(axis=2) == 1).all()
    assert found.text(batch, 0) == (HEART, "heart")


def test_a_drawing_without_a_name_has_that_of_the_nearest(found):
    smudged = HEART.replace("........", "..#.....", 1)
    assert found.targets(found.parse(smudged), 0)[0] == "h"


def test_every_drawing_is_nearest_to_itself_when_it_is_drawn(found, rng):
    batch = found.draw(rng, 300)
    names = [found.text(batch, b) for b in range(300)]
    right = [
        found.targets(found.parse(drawn), 0)[: len(name)] == tuple(name) for drawn, name in names
    ]
    assert np.mean(right) > 0.99
    assert len({name for _, name in names}) == 10


def test_some_pixels_are_wrong(found, rng):
    batch = found.draw(rng, 2000)
    hearts = [b for b in range(2000) if found.text(batch, b)[1] == "heart"]
    clean = found.parse(HEART, "heart").x[0]
    wrong = np.abs(batch.x[0, hearts] - clean)[:, :PIXELS].mean()
    assert wrong == pytest.approx(NOISE, rel=0.2)


def test_the_baseline_is_the_entropy_of_the_letters(found, rng):
    targets = found.draw(rng, 20_000).targets
    classes = targets[targets >= 0]
    p = np.bincount(classes, minlength=found.outputs) / len(classes)
    assert -np.log(p[classes]).mean() == pytest.approx(found.baseline, rel=0.01)


@pytest.mark.parametrize("drawn", ["#", HEART + "#", HEART.replace("#", "o"), "0" * 64])
def test_a_text_that_is_no_drawing_is_refused_with_an_example(found, drawn):
    with pytest.raises(ExperimentError, match=r"#\.\.##\.\.#/") as error:
        found.parse(drawn, "heart")
    assert (error.value.field, error.value.code) == ("sequence", "no_vector")


def test_a_letter_is_no_drawing_whose_word_could_be_told():
    with pytest.raises(ExperimentError) as error:
        task("glyph").parse("e")
    assert (error.value.field, error.value.code) == ("target", "no_target")
