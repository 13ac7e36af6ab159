"""The words of a lesson follow the run on the stage."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_lab import stage
from unrolled.app.lessons import shelf
from unrolled.app.lessons.claims import value_of
from unrolled.app.lessons.live import written
from unrolled.app.lessons.markdown import phrases
from unrolled.engine import Experiment, trace_of


def number(page: Page, name: str) -> Locator:
    return page.locator(f"[data-part=words] [data-claim={name}]")


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_numbers_of_the_words_follow_the_slider(page: Page, server: str, language: str) -> None:
    step = next(s for s in shelf().get("vanish-or-explode", language).steps if s.id == "vanish")
    page.goto(f"{server}/lessons/vanish-or-explode?step=vanish&lang={language}")
    expect(stage(page)).to_have_attribute("data-state", "done")
    expect(number(page, "step")).to_have_attribute("data-live", "")
    vanishes = page.locator("[data-if=vanishes]")
    expect(vanishes).to_be_visible()
    for scale in (2, 1.3, 0.3):
        page.locator("[data-field=recurrent_scale] input[type=range]").fill(str(scale))
        expect(number(page, "scale")).to_have_text(f"{scale:g}")
        trace = trace_of(Experiment(step.experiment.sequence, recurrent_scale=scale))
        for name, (phrase,) in phrases(step.text).items():
            measure = step.claims[name].measure
            text = written(value_of(trace, measure), phrase, measure.quantity)
            expect(number(page, name)).to_have_text(text.replace("^", ""))
        expect(vanishes).to_be_visible(visible=trace.verdict == "vanishing")
        expect(page.locator("[data-unless=held]")).to_be_visible(
            visible=trace.verdict == "exploding"
        )


@pytest.mark.pages
def test_a_number_is_of_the_run_that_is_painted_with_it(page: Page, server: str) -> None:
    """No frame shows the words of one run above the picture of another."""
    page.goto(f"{server}/lessons/vanish-or-explode?step=vanish&lang=en")
    expect(number(page, "step")).to_have_text("0.467")
    page.evaluate("""() => {
      window.seen = [];
      const stage = document.querySelector("[data-run]");
      const look = () => {
        const said = document.querySelector("[data-part=words] [data-claim=scale]").textContent;
        seen.push([stage.dataset.run, said]);
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    }""")
    for scale in (0.6, 0.9, 1.2, 1.5):
        page.locator("[data-field=recurrent_scale] input[type=range]").fill(str(scale))
        expect(number(page, "scale")).to_have_text(f"{scale:g}")
    seen = {(run, said) for run, said in page.evaluate("seen")}
    assert len({run for run, _ in seen}) == len(seen)


@pytest.mark.pages
def test_another_cell_makes_another_sentence_true(page: Page, server: str) -> None:
    page.goto(f"{server}/lessons/why-memory?step=remembers&lang=en")
    expect(page.get_by_text("Now the columns differ")).to_be_visible()
    page.get_by_role("radio", name="No memory").check(force=True)
    expect(page.get_by_text("They are the same: their distance is 0.00.")).to_be_visible()
    expect(page.get_by_text("Now the columns differ")).to_be_hidden()


@pytest.mark.pages
def test_of_a_number_that_the_run_has_not_neither_sentence_is_told(page: Page, server: str) -> None:
    page.goto(f"{server}/lessons/vanish-or-explode?step=edge&lang=en&g=0.5")
    words = page.locator("[data-part=words]")
    page.get_by_role("textbox", name=re.compile("Sequence")).fill("ab")
    expect(number(page, "step")).to_have_text("–")
    for told in ("So it vanishes.", "So it explodes."):
        expect(words.get_by_text(told)).to_be_hidden()


@pytest.mark.pages
def test_words_of_one_text_are_not_said_of_another(page: Page, server: str) -> None:
    page.goto(f"{server}/lessons/one-step?step=check&lang=en")
    mine = page.get_by_text("The first one is yours.")
    expect(mine).to_be_visible()
    page.get_by_role("textbox", name=re.compile("Sequence")).fill("jello")
    expect(mine).to_be_hidden()


def test_two_states_are_drawn_beside_each_other_and_follow_the_run(
    page: Page, server: str, complaints: list[str]
) -> None:
    page.goto(f"{server}/lessons/why-memory?step=swap&lang=en")
    pair = page.locator("[data-pair=five]")
    expect(pair.locator(".column")).to_have_count(2)
    expect(pair.locator(".name")).to_have_text(["clouds", "sky"])
    expect(pair.locator("i")).to_have_count(32)
    expect(pair.locator("i.marked")).to_have_count(2)
    expect(pair).to_contain_text("differs most")
    empty, full = pair.evaluate(
        """(pair) => {
          const full = pair.offsetHeight;
          const drawn = [...pair.childNodes];
          pair.replaceChildren();
          const empty = pair.offsetHeight;
          pair.append(...drawn);
          return [empty, full];
        }"""
    )
    assert abs(full - empty) < 3, "words move, or a key scrolls them, when the run comes"
    page.get_by_role("radio", name="No memory").check(force=True)
    expect(pair).to_contain_text("The two states are the same.")
    expect(pair.locator("i.marked")).to_have_count(0)
