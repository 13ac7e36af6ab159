"""The figure of a recorded training, opened as the file that `unrolled open` writes."""

from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.app.cli.test_results import run

RECORDED = Path(__file__).parents[1] / "reference" / "recordings" / "packed-lstm.npz"
TITLES = """() => [...document.querySelectorAll(".infolayer [class*=title]")]
  .filter(({ classList }) => /^y\\d*title$/.test(classList[0]))
  .map((title) => title.getBoundingClientRect())
  .map(({ top, bottom }) => [top, bottom])
  .sort(([one], [other]) => one - other)"""


@pytest.mark.layout
def test_titles_do_not_overlap_and_each_recorded_step_has_one_label(
    page: Page, tmp_path: Path
) -> None:
    run("open", RECORDED, "--out", tmp_path / "training.html")
    page.set_viewport_size({"width": 1000, "height": 700})
    page.goto((tmp_path / "training.html").as_uri())
    page.wait_for_function("() => document.querySelector('.y4title')")
    places = page.evaluate(TITLES)
    assert len(places) == 4
    for (_, bottom), (top, _) in pairwise(places):
        assert bottom <= top
    assert page.locator(".xtick").all_text_contents() == ["1", "2"]
