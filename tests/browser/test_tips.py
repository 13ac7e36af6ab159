"""The words beside what is pointed at on the stage: what they say, how long, and where."""

import pytest
from playwright.sync_api import Page, expect


def pointed(page: Page, t: int, row: str) -> tuple[float, float]:
    """Return where a row of a timestep is in the window."""
    box = page.locator(f"[data-timestep='{t}']").bounding_box()
    assert box
    top, tall = (
        page.locator("[data-part=stage]").evaluate(
            "(node, name) => parseFloat(getComputedStyle(node).getPropertyValue(name))",
            f"--{row}-{edge}",
        )
        for edge in ("top", "height")
    )
    return box["x"] + box["width"] / 2, box["y"] + top + tall * 0.75


def test_every_part_of_the_stage_explains_itself_when_pointed_at(page: Page, server: str) -> None:
    page.goto(f"{server}/?cell=lstm")
    expect(page.locator("[data-part=stage]")).to_have_attribute("data-state", "done")
    tip = page.get_by_role("tooltip")
    rows = {
        "token": "The stronger the colour of its tile",
        "output": "no target",
        "cell": "The cell state at t = 8",
        "hidden": "What the network remembers at t = 8",
        "gates": "The gates at t = 8",
    }
    for row, words in rows.items():
        page.mouse.move(*pointed(page, 8, row))
        expect(tip).to_contain_text(words)
    page.mouse.move(5, 5)
    expect(tip).to_be_hidden()
    page.locator(".bars-title [data-term]").focus()
    expect(tip).to_contain_text("nothing can be learned")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()


def test_a_tip_says_what_is_so_now_and_closes_when_the_picture_moves(
    page: Page, server: str
) -> None:
    page.goto(server)
    stage, tip = page.locator("[data-part=stage]"), page.get_by_role("tooltip")
    expect(stage).to_have_attribute("data-state", "done")
    page.get_by_role("slider", name="Recurrent weight scale").focus()
    page.mouse.move(*pointed(page, 12, "bars"))
    expect(tip).to_contain_text("sends arrives here")
    page.keyboard.press("End")
    expect(tip).to_contain_text("times as large")
    page.mouse.move(5, 5)
    page.get_by_role("slider", name="Timeline").focus()
    page.mouse.move(*pointed(page, 12, "bars"))
    expect(tip).to_contain_text("times as large")
    page.keyboard.press("Home")
    expect(tip).to_contain_text("has not come back")
    page.keyboard.press("End")
    expect(tip).to_contain_text("times as large")
    page.keyboard.press("f")
    expect(tip).to_be_hidden()
    page.keyboard.press("f")
    expect(stage).to_have_attribute("data-folded", "false")
    page.mouse.move(5, 5)
    page.mouse.move(*pointed(page, 3, "hidden"))
    expect(tip).to_be_visible()
    page.get_by_role("button", name="Play").focus()
    page.keyboard.press("Enter")
    expect(tip).to_be_hidden()


@pytest.mark.parametrize("size", [(1280, 720), (1440, 900)])
@pytest.mark.parametrize("row", ["token", "hidden", "bars"])
def test_a_tip_leaves_the_letters_and_the_key_of_the_bars_free(
    page: Page, server: str, size: tuple[int, int], row: str
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(server)
    expect(page.locator("[data-part=stage]")).to_have_attribute("data-state", "done")
    page.mouse.move(*pointed(page, 12, row))
    tip = page.get_by_role("tooltip")
    expect(tip).to_be_visible()
    over = tip.bounding_box()
    letters = page.locator("[data-timestep='12'] .token").bounding_box()
    key = page.locator(".bars-head").bounding_box()
    assert over and letters and key
    assert over["y"] + over["height"] <= letters["y"] or over["y"] >= key["y"] + key["height"]
