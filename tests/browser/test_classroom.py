"""A lesson on the screen of a class and in a hand: large letters, and everything is reached."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_lab import stage
from tests.browser.test_layout import LEAVING, OVERLAPPING, ROOM
from tests.browser.test_lesson_window import DRAWN
from tests.browser.windows import show_lesson
from unrolled.app.i18n.catalog import languages
from unrolled.app.lessons import shelf

LETTERS = 1 / 33
"""How high the letters of the words are, of the height of the screen."""

CLASSES = [(1280, 720), (1920, 1080)]
PHONES = [(390, 844), (375, 667)]

DRAWING = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"

HIDDEN = """() => {
  const found = [];
  const box = (node) => node.getBoundingClientRect();
  const seen = (node) => node.checkVisibility({ visibilityProperty: true });
  const readout = document.querySelector(".readout");
  const { bottom } = box(document.querySelector(".cards"));
  if (seen(readout) && box(readout).bottom > bottom) found.push("the end of the readout");
  for (const name of [...document.querySelectorAll(".strip .control :is(label, .label)")]) {
    const words = document.createRange();
    words.selectNodeContents(name);
    const lines = new Set([...words.getClientRects()].map(({ bottom }) => Math.round(bottom / 8)));
    if (seen(name) && !name.querySelector("*") && lines.size > 1) {
      found.push(`${name.textContent} in ${lines.size} lines`);
    }
  }
  for (const [name, inside] of [[".words", "p, li, button"], [".cards", ".term, .plot"]]) {
    const place = document.querySelector(name);
    if (!seen(place)) continue;
    place.scrollTop = place.scrollHeight;
    const last = [...place.querySelectorAll(inside)].filter(seen).at(-1);
    if (!last) continue;
    last.scrollIntoView({ block: "end" });
    const { x, bottom, width } = box(last);
    const met = document.elementFromPoint(x + Math.min(width, 40) / 2, bottom - 3);
    if (!place.contains(met)) found.push(`the end of ${name} is under ${met?.className}`);
  }
  const [stage, player] = [".stage", ".transport"].map((name) => document.querySelector(name));
  const covered = seen(player) && box(stage).bottom > box(player).top + 1;
  if (covered) found.push("the player on the stage");
  const corner = document.querySelector(".masthead .tools button:last-child");
  const under = seen(player) && box(player).bottom > box(corner).top &&
    box(player).right > box(corner).left;
  if (under) found.push("the buttons of the corner on the player");
  return found;
}"""
"""Which ends are not seen or not reached by scrolling, broken names, and what lies on the stage."""


HINTS_CUT = """() => {
  const pen = document.createElement("canvas").getContext("2d");
  return [...document.querySelectorAll(":is(input, textarea):placeholder-shown")]
    .filter((field) => field.checkVisibility({ visibilityProperty: true }))
    .filter((field) => {
      const { font, paddingLeft, paddingRight } = getComputedStyle(field);
      pen.font = font;
      const room = field.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
      return pen.measureText(field.placeholder).width > room + 1;
    })
    .map(({ name, placeholder }) => `${name}: ${placeholder}`);
}"""
"""The words in empty fields that have no room."""


def held(page: Page, height: int, where: str) -> None:
    size = page.locator("[data-part=step-text]").evaluate(
        "node => parseFloat(getComputedStyle(node).fontSize)"
    )
    assert size >= LETTERS * height, where
    assert page.evaluate(LEAVING, ROOM) == [], where
    assert page.evaluate(OVERLAPPING, ROOM) == [], where
    assert page.evaluate(HIDDEN) == [], where
    assert page.evaluate(HINTS_CUT) == [], where


def projected(page: Page, server: str, slug: str, step: str, language: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    show_lesson(page, server, slug, view="projector", lang=language, step=step)
    reveal = page.locator("[data-part=reveal]")
    for answered in (False, True) if reveal.is_visible() else (False,):
        if answered:
            reveal.click()
            expect(page.locator("[data-part=question] .reply")).to_be_in_viewport(ratio=0.95)
        for width, height in CLASSES:
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate(DRAWING)
            page.wait_for_function(DRAWN)
            held(page, height, f"{step}, {language}, {width}, {answered}")


@pytest.mark.pages
@pytest.mark.parametrize(
    ("slug", "step", "language"),
    [
        ("four-ways", 7, "en"),
        ("four-ways", 8, "en"),
        ("backwards", 6, "zh-CN"),
        ("one-step", 5, "en"),
        ("vanish-or-explode", 3, "zh-CN"),
        ("short-window", 5, "en"),
    ],
)
def test_a_class_can_read_and_reach_all_of_a_step(
    page: Page, server: str, complaints: list[str], slug: str, step: int, language: str
) -> None:
    projected(page, server, slug, shelf().get(slug, language).steps[step - 1].id, language)


@pytest.mark.layout
@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("slug", [lesson.slug for lesson in shelf().all("en")])
def test_a_class_can_read_and_reach_every_step(
    page: Page, server: str, slug: str, language: str
) -> None:
    for step in shelf().get(slug, language).steps:
        projected(page, server, slug, step.id, language)


ASKED = """() => {
  const box = (name) => document.querySelector(name).getBoundingClientRect();
  document.querySelector(".answers").scrollIntoView({ block: "end" });
  const seen = ["[data-field=recurrent_scale]", ".transport"]
    .map((name) => document.querySelector(name))
    .filter((node) => node.checkVisibility({ visibilityProperty: true }))
    .map((node) => node.getBoundingClientRect().top);
  const below = Math.min(innerHeight, ...seen);
  return {
    stage: box(".stage").top >= 0 && box(".stage").bottom <= innerHeight,
    ask: box(".ask").top >= box(".stage").bottom,
    answers: box(".answers").bottom <= below,
  };
}"""
"""Whether the stage, what is asked and all its choices are on the screen together."""


def asks(page: Page, server: str, slug: str, step: str, language: str) -> None:
    for width, height in PHONES:
        page.set_viewport_size({"width": width, "height": height})
        show_lesson(page, server, slug, lang=language, step=step)
        found = page.evaluate(ASKED)
        assert all(found.values()), (slug, step, language, width, found)


@pytest.mark.parametrize("letters", ["narrow"])  # as those of phones are
@pytest.mark.parametrize(
    ("slug", "step", "language"),
    [("why-memory", "same-word", "en"), ("vanish-or-explode", "clip", "zh-CN")],
)
def test_on_a_phone_a_question_its_choices_and_the_stage_are_on_the_screen_together(
    page: Page, server: str, slug: str, step: str, language: str
) -> None:
    asks(page, server, slug, step, language)


@pytest.mark.layout
@pytest.mark.parametrize("letters", ["narrow"])
@pytest.mark.parametrize("language", languages())
def test_on_a_phone_every_question_is_on_the_screen_with_the_stage(
    page: Page, server: str, language: str
) -> None:
    for lesson in [*shelf().all(language), shelf().get("quiz", language)]:
        for step in lesson.steps:
            if step.question:
                asks(page, server, lesson.slug, step.id, language)


@pytest.mark.pages
@pytest.mark.parametrize(("size", "language"), [(PHONES[0], "en"), (PHONES[1], "zh-CN")])
def test_on_a_phone_the_stage_stays_and_the_answer_is_read_below_it(
    page: Page, server: str, complaints: list[str], size: tuple[int, int], language: str
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    step = shelf().get("vanish-or-explode", language).steps[0]
    show_lesson(page, server, "vanish-or-explode", lang=language, step=step.id)
    page.locator("[data-part=next]").scroll_into_view_if_needed()
    expect(stage(page)).to_be_in_viewport(ratio=1)
    page.locator("[data-part=reveal]").click()
    reply = page.locator("[data-part=question] .reply")
    for part in (stage(page), reply, page.locator("#recurrent_scale")):
        expect(part).to_be_in_viewport(ratio=1)
    above, below, scale, onward = (
        part.bounding_box()
        for part in (
            stage(page),
            reply,
            page.locator(".transport"),
            page.locator("[data-part=next]"),
        )
    )
    assert above
    assert below
    assert scale
    assert onward
    assert above["y"] + above["height"] <= below["y"]
    assert below["y"] + below["height"] <= scale["y"]
    assert onward["y"] > below["y"]
    page.locator("[data-part=next]").click()
    expect(page.locator("#step-title")).to_be_in_viewport(ratio=1)


WAY = """() => {
  const box = (name) => document.querySelector(name).getBoundingClientRect();
  return {
    words: box("#step-title").top - box(".stage").bottom,
    between: box(".transport").top - box(".walk").bottom,
  };
}"""
"""How far below the stage the words begin, and what is seen between Next and the player."""


@pytest.mark.pages
@pytest.mark.parametrize("language", languages())
def test_on_a_phone_the_words_begin_soon_below_the_stage_and_next_is_on_the_player(
    page: Page, server: str, complaints: list[str], language: str
) -> None:
    page.set_viewport_size({"width": PHONES[0][0], "height": PHONES[0][1]})
    for slug, step in (("vanish-or-explode", "vanish"), ("four-ways", "encoder-decoder")):
        show_lesson(page, server, slug, lang=language, step=step)
        expect(page.locator(".caption")).to_be_in_viewport(ratio=1)
        found = page.evaluate(WAY)
        assert found["words"] <= PHONES[0][1] / 4, (slug, found)
        assert found["between"] <= 0, (slug, found)


@pytest.mark.pages
def test_on_a_phone_the_reply_to_a_wrong_number_is_seen(
    page: Page, server: str, complaints: list[str]
) -> None:
    page.set_viewport_size({"width": PHONES[0][0], "height": PHONES[0][1]})
    show_lesson(page, server, "one-step", lang="en", step="by-hand")
    number = page.locator(".fill input")
    number.fill("7")
    number.press("Enter")
    reply = page.locator("[data-part=question] .reply")
    expect(reply).not_to_be_empty()
    expect(reply).to_be_in_viewport(ratio=1)
    expect(number).to_be_in_viewport(ratio=1)


CUT = "node => node.scrollWidth - node.clientWidth"


@pytest.mark.pages
def test_on_a_phone_a_word_is_whole_and_what_is_typed_into_is_below_the_words(
    page: Page, server: str
) -> None:
    width, height = PHONES[0]
    page.set_viewport_size({"width": width, "height": height})
    show_lesson(page, server, "four-ways", lang="zh-CN", step="translate")
    page.locator("[data-part=reveal]").click()
    word = stage(page).locator("[data-timestep='6'] .token")
    expect(word).to_have_text("学校")
    assert word.evaluate(CUT) <= 0
    show_lesson(page, server, "four-ways", lang="en", step="encoder-decoder")
    assert page.locator("[data-part=target]").get_attribute("placeholder") == "as trained"
    assert page.evaluate(HINTS_CUT) == []
    show_lesson(page, server, "backwards", lang="en", step="count")
    typed = page.locator("[data-part=by-hand] [data-matrix^=W_hh] input").first
    expect(typed).to_be_visible()
    words = page.locator("[data-part=words]").bounding_box()
    field = typed.bounding_box()
    assert words
    assert field
    assert words["y"] + words["height"] <= field["y"] < words["y"] + words["height"] + height / 5
