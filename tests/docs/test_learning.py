"""The page of what is learnt says what its measurements say."""

import re

import pytest

from docs.learning import PAGE, STORIES
from docs.page import HERE, section

TEXT = (HERE / f"{PAGE}.md").read_text(encoding="utf-8")
NUMBER = re.compile(r"\d+(?:\.\d+)?")


@pytest.mark.delivery
def test_the_page_has_the_words_and_the_numbers_of_a_new_run():
    """Of the one that does not take minutes."""
    found = section(PAGE, "clipping", STORIES["clipping"]())
    written = TEXT[TEXT.index(found.splitlines()[0]) :]
    assert NUMBER.sub("#", written).split() == NUMBER.sub("#", found).split()
    numbers = [float(number) for number in NUMBER.findall(written)]
    assert numbers == pytest.approx(
        [float(number) for number in NUMBER.findall(found)], rel=0.1, abs=0.02
    )


def test_every_story_is_on_the_page_with_its_figure():
    assert TEXT.count("\n## ") == len(STORIES)
    assert {path.stem for path in (HERE / PAGE).iterdir()} == set(STORIES)
    for name in STORIES:
        assert f"({PAGE}/{name}.svg)" in TEXT
