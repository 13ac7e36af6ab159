"""Sentences written for this project, in English and Chinese: their sentiment, and their tags.

Each file has one example a line, as the user's own examples are; its last three are the probes.
"""

from functools import partial

from unrolled.engine.tasks.base import PROBES, Task
from unrolled.engine.tasks.from_pairs import data, listed
from unrolled.engine.tasks.user_examples import lines_of


def _sentences(length: int, examples: str, name: str, architecture: str, source: str) -> Task:
    pairs = [line[:2] for line in lines_of(data(f"{name}.txt"))]
    return listed(name, architecture, "words", pairs[:-PROBES], pairs[-PROBES:], source)


_feeling = partial(_sentences, architecture="many-to-one", source="Pang et al. 2002")
_grammar = partial(_sentences, architecture="many-to-many", source="Huang et al. 2015")
sentiment = partial(_feeling, name="sentiment")
sentiment_zh = partial(_feeling, name="sentiment-zh")
tags = partial(_grammar, name="tags")
tags_zh = partial(_grammar, name="tags-zh")
