"""The user's own examples, one a line: ``input => output``."""

import re
from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple, NoReturn

from unrolled.engine.architectures import Tokenize
from unrolled.engine.errors import ExperimentError
from unrolled.engine.tasks.base import PROBES, Task, unroll
from unrolled.engine.tasks.from_pairs import listed
from unrolled.engine.tokenizers import TOKENIZERS, words

ARROW = "=>"
MOST_LINES = 1_000
MOST_CHARACTERS = 2_000
"""In a line."""
MOST_TOKENS = 200
"""In an input, and in an output."""
MOST_CLASSES = 3_000
HELD_OUT_FROM = 12
"""Number of lines from which the last ``PROBES`` are never trained on."""

_LONGEST_QUOTE = 40
_LONG_NUMBER = re.compile(r"\d\d")


class Line(NamedTuple):
    sequence: str
    target: str
    number: int
    """In the text, from 1."""


def examples(length: int, examples: str) -> Task:
    """Make the task of the user's lines; of ``HELD_OUT_FROM`` or more, three are held out."""
    lines = lines_of(examples)
    try:
        tokens = tokens_of(lines)
    except ExperimentError as error:
        _wrong(error.code, **error.details)
    cut = TOKENIZERS[tokens]
    _check_tokens(lines, cut)
    architecture = architecture_of(lines, tokens)
    held_out = PROBES if len(lines) >= HELD_OUT_FROM else 0
    trained, asked = lines[: len(lines) - held_out], lines[len(lines) - held_out :]
    _check_targets(trained, asked, architecture, cut)
    probes = asked or [lines[k % len(lines)] for k in range(PROBES)]
    return listed(
        name="examples",
        architecture=architecture,
        tokens=tokens,
        trained=[line[:2] for line in trained],
        asked=[line[:2] for line in probes],
        source="",
    )


def lines_of(text: str) -> list[Line]:
    """Return the non-empty lines, at least two, with different outputs."""
    filled = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(filled) < 2:
        _wrong("few_lines", count=len(filled))
    if len(filled) > MOST_LINES:
        _wrong("many_lines", count=len(filled), limit=MOST_LINES)
    lines = [_line(number, line) for number, line in filled]
    if len({line.target for line in lines}) == 1:
        _wrong("one_output", value=lines[0].target[:_LONGEST_QUOTE])
    return lines


def _line(number: int, text: str) -> Line:
    if len(text) > MOST_CHARACTERS:
        _wrong("line_characters", line=number, count=len(text), limit=MOST_CHARACTERS)
    sequence, arrow, target = (part.strip() for part in text.partition(ARROW))
    if not arrow:
        _wrong("no_arrow", line=number)
    if not sequence or not target:
        _wrong("no_output" if sequence else "no_input", line=number)
    return Line(sequence, target, number)


def tokens_of(lines: Sequence[Line]) -> str:
    """Return ``words`` if the inputs have several words, unless most of them are numbers."""
    several = any(len(words(line.sequence)) > 1 for line in lines)
    spelt = sum(bool(_LONG_NUMBER.search(line.sequence)) for line in lines) > len(lines) / 2
    return "words" if several and not spelt else "characters"


def architecture_of(lines: Sequence[Line], tokens: str) -> str:
    """Return the kind of the outputs: a class for each input, a tag for each token, or text.

    Classes are outputs of one token, or outputs that recur. Tags are as many as the tokens, and
    none is ever read; where most lines have such tags, and the tags recur, a line that does not is
    an error.
    """
    cut = TOKENIZERS[tokens]
    outputs = [line.target for line in lines]
    otherwise = "many-to-one" if _recur(outputs) else "encoder-decoder"
    single = all(len(cut(output)) == 1 for output in outputs)
    if single or (tokens == "characters" and _recur(outputs)):
        return "many-to-one"
    tags = [line.target.split() if " " in line.target else cut(line.target) for line in lines]
    read = [cut(line.sequence) for line in lines]
    fits = [len(each) == len(own) for each, own in zip(tags, read, strict=True)]
    flat = [*chain.from_iterable(tags)]
    if sum(fits) <= len(lines) / 2 or not set(flat).isdisjoint(chain.from_iterable(read)):
        return otherwise
    if all(fits):
        return "many-to-many"
    if _recur(flat):
        odd = fits.index(False)
        count, most = len(tags[odd]), len(read[odd])
        _wrong("ragged", line=lines[odd].number, count=count, tokens=most)
    return otherwise


def _recur(outputs: Sequence[str]) -> bool:
    """Return whether at most half of the outputs are different."""
    return 2 * len(set(outputs)) <= len(outputs)


def _check_tokens(lines: Sequence[Line], cut: Tokenize) -> None:
    distinct: set[str] = set()
    for line in lines:
        for tokens in (cut(line.sequence), cut(line.target)):
            if len(tokens) > MOST_TOKENS:
                _wrong("line_tokens", line=line.number, count=len(tokens), limit=MOST_TOKENS)
            distinct.update(tokens)
    if len(distinct) > MOST_CLASSES:
        _wrong("many_classes", count=len(distinct), limit=MOST_CLASSES)


def _check_targets(
    trained: Sequence[Line], asked: Sequence[Line], architecture: str, cut: Tokenize
) -> None:
    """Raise unless every target token of a probe is a target of a training line too."""

    def targets(line: Line) -> list[str | None]:
        return unroll(architecture, cut(line.sequence), line.target, cut).targets

    taught = {token for line in trained for token in targets(line)}
    for line in asked:
        for token in targets(line):
            if token not in taught:
                _wrong("never_taught", line=line.number, value=token, held_out=PROBES)


def _wrong(code: str, **details: Any) -> NoReturn:
    raise ExperimentError("examples", code, **details)
