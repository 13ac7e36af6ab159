"""A text that was typed before its words were known is read with them."""

from functools import partial

import numpy as np
import pytest

from tests.app.routes.test_networks import weights
from unrolled.app.weights.vocabulary import read_again
from unrolled.engine.weights.own_network import OwnNetwork
from unrolled.engine.weights.stored import Stored

WORDS = ("the", "sky", "is", "blue", "<pad>")
LETTERS = ("a", "b", "1", "0", " ")
NUMBERS = OwnNetwork.of(
    {name: Stored(each.shape, partial(np.asarray, each)) for name, each in weights().items()},
    "model.npz",
)


@pytest.mark.parametrize(
    ("text", "words", "read"),
    [
        ("0 1 2", WORDS, "the sky is"),
        ("4 0", WORDS, "<pad> the"),
        ("0 4 1", LETTERS, "a b"),
        ("the  sky", WORDS, "the  sky"),
        ("a b", LETTERS, "a b"),
        ("10", LETTERS, "10"),
        ("0 1 2", ("x", "y", "z", "zz", "zzz"), "x y z"),
        ("a dog", WORDS, None),
        ("0 7", WORDS, None),
        ("1 4", ("a", "b", "c", "d", "<pad>"), None),
        ("", WORDS, None),
    ],
)
def test_numbers_become_their_tokens_and_other_texts_stay_as_they_are(text, words, read):
    assert read_again(text, "words", NUMBERS, NUMBERS.named(words)) == read


def test_a_text_stays_itself_where_words_take_the_place_of_words():
    before, now = NUMBERS.named(WORDS), NUMBERS.named(WORDS[::-1])
    assert read_again("the sky", "words", before, now) == "the sky"
    assert read_again("0 1", "words", before, now) is None
