"""Text to tokens."""

import subprocess
import sys

import pytest
import regex
from hypothesis import assume, given
from hypothesis import strategies as st

from unrolled.engine import ExperimentError
from unrolled.engine import tokenizers as tokens
from unrolled.engine.tokenizers import IN_NO_DICTIONARY, TOKENIZERS, characters, words

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
def test_a_grapheme_cluster_is_one_token(character):
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


def test_a_chinese_term_stays_whole():
    assert words("神经网络") == ["神经网络"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ภาษาไทยง่าย", ["ภาษา", "ไทย", "ง่าย"]),
        ("ราคา ๑.๕ บาท", ["ราคา", "๑.๕", "บาท"]),
        ("ຂ້ອຍເປັນນັກຮຽນ", ["ຂ້ອຍ", "ເປັນ", "ນັກຮຽນ"]),
        ("ខ្ញុំជាសិស្ស", ["ខ្ញុំ", "ជា", "សិស្ស"]),
        ("ကျွန်တော် ကျောင်းသားပါ", ["ကျွန်တော်", "ကျောင်းသား", "ပါ"]),
        ("私は学生です", ["私", "は", "学生", "です"]),
        ("コンピューター", ["コンピューター"]),
    ],
    ids=["Thai", "Thai digits", "Lao", "Khmer", "Burmese", "Japanese", "katakana"],
)
def test_where_there_are_no_spaces_words_are_those_of_a_dictionary(text, expected):
    assert words(text) == expected


def test_each_script_in_a_text_has_its_own_words():
    text = "ภาษาไทย don't 神经网络 日本語です, 3.14 שלום"
    found = ["ภาษา", "ไทย", "don't", "神经网络", "日本語", "です", ",", "3.14", "שלום"]
    assert words(text) == found


@pytest.mark.parametrize("script", IN_NO_DICTIONARY)
def test_a_script_whose_words_are_in_no_dictionary_is_refused_by_name(script):
    letters = {"Tai Le": "ᥖᥭ", "New Tai Lue": "ᦺᦑ", "Tai Tham": "ᨲᩫ", "Tai Viet": "ꪼꪕ"}
    letters |= {"Ahom": "\U00011700\U00011701", "Javanese": "ꦗꦮ", "Balinese": "ᬩᬮ"}
    with pytest.raises(ExperimentError, match=f"{script} has no spaces.*choose characters"):
        words(f"a {letters[script]} b")


WITHOUT = """
import sys

absent, refused = map(eval, sys.argv[1:])

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in absent:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Absent())
from unrolled import engine

assert engine.trace("the clouds").tokens[:3] == ("t", "h", "e")
for text, tokens, words in refused:
    try:
        engine.trace(text, tokens=tokens)
    except engine.ExperimentError as error:
        assert error.field == "tokens" and all(word in str(error) for word in words), error
    else:
        raise AssertionError(f"{text} was cut")
"""
NO_CLUSTERS = [
    ("天空 中", "characters", ["pip install regex"]),
    ("the clouds", "words", ["pip install regex"]),
]
NO_WORDS = [
    ("天空中", "words", ["Chinese", "pip install rjieba", "characters"]),
    ("ภาษาไทย", "words", ["Thai", 'pip install "unrolled[scripts]"', "characters"]),
    ("私は学生", "words", ["Japanese", 'pip install "unrolled[scripts]"', "characters"]),
]


@pytest.mark.parametrize(
    ("absent", "refused"),
    [(["regex", "rjieba", "icu4py"], NO_CLUSTERS), (["rjieba", "icu4py"], NO_WORDS)],
    ids=["no characters", "no words"],
)
def test_the_engine_needs_numpy_alone_until_a_text_needs_more_which_it_names(absent, refused):
    subprocess.run([sys.executable, "-c", WITHOUT, repr(absent), repr(refused)], check=True)


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
    try:
        tokens = words(text)
    except ExperimentError:
        assume(False)
    assert "".join("".join(tokens).split()) == "".join(text.split())
    assert all(token and token == token.strip() for token in tokens)


CLUSTERS = st.text("aé我葛がกำំ្ខញ\u0301\u200d\ufe0f\U000e0100👨🇨🇳", max_size=12)


@given(CLUSTERS)
def test_no_word_begins_or_ends_inside_a_character(text):
    assert "".join(words(text)) == text
    assert [c for word in words(text) for c in characters(word)] == characters(text)


@given(st.text("ab é我们.", max_size=12), st.sampled_from(sorted(TOKENIZERS)))
def test_the_same_text_always_gives_the_same_tokens(text, tokens):
    assert TOKENIZERS[tokens](text) == TOKENIZERS[tokens](text)


@pytest.mark.parametrize("before", ["", "a", "\u0600", "\u200d", "🇩"])
def test_very_many_flags_are_cut_as_few_are(before):
    many = before + "🇩🇪" * 500 + "🇫🇷" + "\u0301" + "b"
    assert characters(many) == regex.findall(r"\X", many)
    if before in ("", "a"):  # a mark that joins what follows moves a word's boundary too
        assert words(many) == [word for word in regex.split(r"(?V1)(?w)\b", many) if word]


def test_no_pattern_looks_back_over_very_many_flags():
    """It does so at each of them: 30,000 took seven seconds."""
    pieces = [*tokens._without_long_flags("a" + "🇩🇪" * 30_000 + "b")]
    assert max(map(len, pieces)) <= 2 * tokens._FLAGS + 2
