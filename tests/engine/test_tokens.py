"""Text to tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.tokens import TOKENIZERS, characters, words

FAMILY = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"
FRANCE = "\N{REGIONAL INDICATOR SYMBOL LETTER F}\N{REGIONAL INDICATOR SYMBOL LETTER R}"
JAPAN = "\N{REGIONAL INDICATOR SYMBOL LETTER J}\N{REGIONAL INDICATOR SYMBOL LETTER P}"


@pytest.mark.parametrize(
    "character",
    [
        FAMILY,
        FRANCE,
        "\N{THUMBS UP SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-4}",
        "1\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}",
        "e\N{COMBINING ACUTE ACCENT}",
        "a" + "\N{COMBINING GRAVE ACCENT}" * 20,
        "\r\n",
        "क्ष",
        "स्ते",
        "\u1100\u1161\u11a8",  # Hangul typed as three jamo
        "\N{CJK UNIFIED IDEOGRAPH-4E91}",
        "\U00020bb7",
    ],
    ids=ascii,
)
def test_what_a_reader_sees_as_one_character_is_one_token(character):
    assert characters(character) == [character]
    assert characters(f"x{character}y") == ["x", character, "y"]


def test_flags_in_a_row_stay_apart():
    assert characters(FRANCE + JAPAN) == [FRANCE, JAPAN]


def test_white_space_is_a_character_like_any_other():
    assert characters(" \t\n") == [" ", "\t", "\n"]


def test_devanagari_is_split_into_syllables():
    assert characters("नमस्ते") == ["न", "म", "स्ते"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the clouds are in the sky", ["the", "clouds", "are", "in", "the", "sky"]),
        ("Don't stop, it's 3.14!", ["Don't", "stop", ",", "it's", "3.14", "!"]),
        ("...", [".", ".", "."]),
        ("  a \n b\t", ["a", "b"]),
        ("a\N{IDEOGRAPHIC SPACE}b", ["a", "b"]),
        ("été déjà", ["été", "déjà"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        (f"{FAMILY} hi", [FAMILY, "hi"]),
    ],
)
def test_words_are_split_at_white_space_and_punctuation(text, expected):
    assert words(text) == expected


def test_chinese_is_segmented_into_words():
    assert words("我爱自然语言处理") == ["我", "爱", "自然语言", "处理"]


def test_chinese_beside_english_is_segmented_and_english_left_whole():
    assert words("云在天上 the sky") == ["云", "在", "天上", "the", "sky"]
    found = words("我用Python写RNN。")
    assert found[1:] == ["Python", "写", "RNN", "。"] or found[2:] == ["Python", "写", "RNN", "。"]


def test_a_family_of_emoji_in_words_stays_one_token():
    assert words(FAMILY) == [FAMILY]


@pytest.mark.parametrize("text", ["", " ", "\n\t\N{IDEOGRAPHIC SPACE}"])
def test_text_without_words_has_none(text):
    assert words(text) == []


def test_empty_text_has_no_characters():
    assert characters("") == []


@given(st.text(max_size=30))
def test_characters_put_together_are_the_text(text):
    tokens = characters(text)
    assert "".join(tokens) == text
    assert all(tokens)


@given(st.text(max_size=30))
def test_words_lose_nothing_but_white_space(text):
    tokens = words(text)
    assert "".join("".join(tokens).split()) == "".join(text.split())
    assert all(token and token == token.strip() for token in tokens)


@given(st.text("ab é我们.", max_size=12), st.sampled_from(sorted(TOKENIZERS)))
def test_the_same_text_always_gives_the_same_tokens(text, tokens):
    assert TOKENIZERS[tokens](text) == TOKENIZERS[tokens](text)
