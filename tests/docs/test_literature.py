"""The page of the literature says what its measurements say."""

import re

import pytest

from docs.literature import PAGE
from docs.page import HERE, section
from docs.papers import PAPERS

STEADY = ("le", "hochreiter", "saxe", "pascanu", "tallec", "arjovsky", "bahdanau", "zucchet")
"""Papers without chaos, whose numbers hang on no rounding."""
NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e-\d+)?")
TEXT = (HERE / f"{PAGE}.md").read_text(encoding="utf-8")


@pytest.mark.delivery
@pytest.mark.parametrize("name", STEADY)
def test_the_page_has_the_words_and_the_numbers_of_a_new_run(name):
    found = section(PAGE, name, PAPERS[name]())
    heading = found.splitlines()[0]
    _, _, rest = TEXT.partition(heading + "\n")
    written = (heading + "\n" + rest.partition("\n## ")[0]).split()
    assert [NUMBER.sub("#", word) for word in written] == [
        NUMBER.sub("#", word) for word in found.split()
    ]
    numbers = [float(number) for number in NUMBER.findall(" ".join(written))]
    assert numbers == pytest.approx(
        [float(number) for number in NUMBER.findall(found)], rel=0.02, abs=0.011
    )


def test_every_paper_is_on_the_page_with_a_source_of_its_year():
    sections = TEXT.split("\n## ")[1:]
    assert len(sections) == len(PAPERS)
    for name, text in zip(PAPERS, sections, strict=True):
        assert f"({PAGE}/{name}.svg)" in text
        assert re.search(r"^- .+ \((19|20)\d\d\), “", text, re.M)


@pytest.mark.parametrize("name", PAPERS)
def test_every_figure_is_small_and_asks_no_other_host_for_anything(name):
    svg = (HERE / PAGE / f"{name}.svg").read_text(encoding="utf-8")
    assert 10_000 < len(svg.encode()) < 150_000
    assert set(re.findall(r"https?://[^\"]+", svg)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }


def test_there_is_no_figure_without_a_paper():
    assert {path.stem for path in (HERE / PAGE).iterdir()} == set(PAPERS)
