"""The charts, looked at as a person looks at them."""

import json
import re
import urllib.request
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

from tests.browser.accessible import assert_accessible
from tests.browser.rest import at_rest
from tests.browser.views import show_as
from unrolled import engine
from unrolled.app.figures import FIGURES

TABS = {
    "step_factors": "Step factors",
    "hidden_states": "Hidden states",
    "gates": "Gates",
    "gradient_matrix": "Gradient matrix",
    "sweep": "Weight sweep",
    "gradient_norm": "Pace and theory",
    "spectrum": "Eigenvalues",
    "singular_values": "Singular values",
    "lyapunov": "Lyapunov exponents",
}
ANALYSES = ("step_factors", "spectrum", "singular_values", "lyapunov")


@pytest.fixture
def asked(page: Page) -> list[str]:
    """Return the requests of the charts, without those that the stage makes too."""
    seen: list[str] = []

    def note(request: Request) -> None:
        edge = "sweep" in request.url and (request.post_data_json or {}).get("shares")
        if re.search("/api/(analysis/(?!step_factors)|sweep)", request.url) and not edge:
            seen.append(request.url.rpartition("/api/")[2])

    page.on("request", note)
    return seen


HIGH = {"width": 1280, "height": 1600}
"""A window in which the slider and the chart are in view together."""


def opened(page: Page, server: str, chart: str, **fields: Any) -> Page:
    page.set_viewport_size(HIGH)
    page.goto(f"{server}/?{urlencode(fields)}")
    expect(page.locator("[data-part=stage]")).to_have_attribute("data-state", "done")
    page.locator("[data-part=charts]").scroll_into_view_if_needed()
    choose(page, chart)
    return page


def choose(page: Page, chart: str) -> None:
    tab = page.get_by_role("tab", name=TABS[chart])
    tab.click()
    expect(tab).to_have_attribute("aria-selected", "true")


def drawn(page: Page, chart: str) -> dict[str, Any]:
    """The numbers of a chart that has been drawn, by what they are."""
    plot = page.locator(f"#chart-{chart} .plot.js-plotly-plot:not(.stale)")
    expect(plot).to_be_visible(timeout=20_000)
    data: list[dict[str, Any]] = plot.evaluate(
        """plot => plot.data.map(({meta, name, x, y, z}) =>
          ({meta, name, x: [...x], y: [...y], z: z && z.map(row => [...row])}))"""
    )
    return {trace["meta"]: trace for trace in data}


def reading(page: Page, chart: str) -> Locator:
    return page.locator(f"#chart-{chart} .reading")


def scale(page: Page) -> Locator:
    return page.get_by_role("slider", name="Recurrent weight scale", exact=True)


def gaps(values: Any) -> list[float]:
    return [np.nan if value is None else value for value in values]


def same(shown: Any, expected: Any, tolerance: float = 1e-9) -> None:
    np.testing.assert_allclose(gaps(shown), expected, rtol=tolerance, atol=tolerance)


def test_every_chart_has_a_tab_and_the_first_is_shown(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, "step_factors", cell="lstm", architecture="many-to-many")
    assert page.get_by_role("tab").all_inner_texts() == list(TABS.values())
    assert set(TABS) == set(FIGURES) - {"shares"}


@pytest.mark.parametrize(
    "fields", [{}, {"cell": "lstm"}, {"architecture": "many-to-many", "loss": "all"}]
)
def test_gradients_and_states_are_the_engines(
    page: Page, server: str, complaints: list[str], fields: dict[str, Any]
) -> None:
    opened(page, server, "gradient_norm", **fields)
    trace = engine.trace(**fields)
    norms = drawn(page, "gradient_norm")
    same(norms["run-0"]["y"], trace.log10_share())
    assert ("theory" in norms) == (fields == {})
    if "theory" in norms:
        same(-np.diff(norms["theory"]["y"]), engine.mean_field(trace))
    if "architecture" in fields:
        choose(page, "gradient_matrix")
        timesteps = np.isfinite(trace.losses)
        for row, expected in zip(
            drawn(page, "gradient_matrix")["matrix"]["z"],
            [trace.log10_share(int(s) + 1) for s in np.flatnonzero(timesteps)],
            strict=True,
        ):
            same(row, np.where(np.isfinite(expected), expected, np.nan), 1e-6)
    choose(page, "hidden_states")
    same(np.array(drawn(page, "hidden_states")["hidden"]["z"]), trace.hidden.T, 1e-6)


@pytest.mark.pages
def test_each_gate_can_be_chosen(page: Page, server: str, complaints: list[str]) -> None:
    opened(page, server, "gates", cell="lstm")
    trace = engine.trace(cell="lstm")
    same(np.array(drawn(page, "gates")["gate"]["z"]), trace.gates["f"].T, 1e-6)
    expect(reading(page, "gates")).to_contain_text(
        f"forget gate f is {round(100 * trace.gates['f'].mean())}% open"
    )
    page.get_by_label("Gate", exact=True).select_option("candidate c̃")
    expect(reading(page, "gates")).to_contain_text("candidate c̃")
    same(np.array(drawn(page, "gates")["candidate"]["z"]), trace.gates["g"].T, 1e-6)


@pytest.mark.parametrize("fields", [{"recurrent_scale": 1.5}, {"cell": "gru"}])
def test_analyses_are_the_engines(
    page: Page, server: str, complaints: list[str], fields: dict[str, Any]
) -> None:
    opened(page, server, "step_factors", **fields)
    trace = engine.trace(**fields)
    factors = engine.step_factors(trace)
    shown = drawn(page, "step_factors")
    expected = factors.shares or {
        name: 10**log10 for name, log10 in factors.log10_factors.items()
    } | {"product": 10**factors.log10_ratio}
    assert set(shown) == set(expected)
    for name, line in shown.items():
        assert line["x"] == factors.timesteps.tolist()
        same(line["y"], expected[name])
    choose(page, "spectrum")
    for meta, points in drawn(page, "spectrum").items():
        gate = meta.removeprefix("encoder-")
        found = engine.eigenvalues(trace.network, None if gate == "all" else gate)
        same(points["x"], found.real)
        same(points["y"], found.imag)
    choose(page, "singular_values")
    values = engine.singular_values(trace, 1)
    shown = drawn(page, "singular_values")
    assert [shown[rank]["y"][-1] for rank in ("largest", "median", "smallest")] == pytest.approx(
        [values[0], values[len(values) // 2], values[-1]]
    )
    choose(page, "lyapunov")
    bars = drawn(page, "lyapunov")
    same([*bars["growing"]["y"], *bars["shrinking"]["y"]], engine.lyapunov_exponents(trace))


def test_readings_follow_the_slider(page: Page, server: str, complaints: list[str]) -> None:
    opened(page, server, "spectrum")
    expect(reading(page, "spectrum")).to_contain_text(
        "1.00 from 0 (its modulus): on the circle", timeout=20_000
    )
    scale(page).fill("1.5")
    expect(reading(page, "spectrum")).to_contain_text(
        "1.50 from 0 (its modulus): outside the circle"
    )
    scale(page).fill("0.5")
    expect(reading(page, "spectrum")).to_contain_text(
        "0.50 from 0 (its modulus): inside the circle"
    )


@pytest.mark.pages
@pytest.mark.usefixtures("clock")
def test_only_the_chart_in_view_is_asked_for(page: Page, server: str, asked: list[str]) -> None:
    page.set_viewport_size({"width": 1280, "height": 500})
    page.goto(server)
    expect(page.locator("[data-part=stage]")).to_have_attribute("data-state", "done")
    page.evaluate("() => document.querySelector('#tab-lyapunov').click()")
    scale(page).fill("0.9")
    at_rest(page)
    assert asked == []
    assert page.locator(".js-plotly-plot").count() == 0
    page.locator("[data-part=charts]").scroll_into_view_if_needed()
    drawn(page, "lyapunov")
    assert asked == ["analysis/lyapunov"]
    choose(page, "hidden_states")
    drawn(page, "hidden_states")
    choose(page, "lyapunov")
    drawn(page, "lyapunov")
    assert asked == ["analysis/lyapunov"]


@pytest.mark.pages
def test_a_drag_asks_once_it_has_ended(page: Page, server: str, asked: list[str]) -> None:
    opened(page, server, "lyapunov")
    drawn(page, "lyapunov")
    asked.clear()
    drag = """(input, values) => {
        for (const value of values) {
            input.value = value;
            input.dispatchEvent(new InputEvent("input", { bubbles: true }));
        }
    }"""
    scale(page).evaluate(drag, [f"{1 + value / 20:.2f}" for value in range(20)])
    expect(reading(page, "lyapunov")).to_contain_text(
        f"{engine.lyapunov_exponents(engine.trace(recurrent_scale=1.95))[0]:.3f}".replace("-", "−")
    )
    assert 1 <= len(asked) <= 2


@pytest.mark.pages
def test_a_chart_that_has_nothing_to_show_has_no_tab_and_says_why_where_it_stands(
    page: Page, server: str, complaints: list[str], asked: list[str]
) -> None:
    opened(page, server, "hidden_states", cell="lstm")
    expect(page.locator("#tab-gradient_matrix")).to_be_hidden()
    choose(page, "gates")
    page.get_by_role("radio", name="No memory").check()
    expect(reading(page, "gates")).to_contain_text("Choose")
    expect(page.locator("#chart-gates .plot")).to_be_hidden()
    choose(page, "hidden_states")
    for chart in ("gates", *ANALYSES, "sweep"):
        expect(page.locator(f"#tab-{chart}")).to_be_hidden()
    assert asked == []


def test_a_limit_is_told_in_words(page: Page, server: str) -> None:
    opened(page, server, "lyapunov", hidden_size=512, sequence="short")
    expect(reading(page, "lyapunov")).to_contain_text("lower hidden_size", timeout=20_000)


@pytest.mark.parametrize(
    ("cell", "charts"),
    [
        ("rnn", ["gradient_norm", "gradient_matrix", "step_factors", "lyapunov", "sweep"]),
        ("lstm", ["hidden_states", "gates", "step_factors", "spectrum", "singular_values"]),
    ],
)
def test_every_chart_has_its_numbers_as_a_table(
    page: Page, server: str, complaints: list[str], cell: str, charts: list[str]
) -> None:
    opened(page, server, charts[0], cell=cell, architecture="many-to-many")
    for chart in charts:
        choose(page, chart)
        drawn(page, chart)
        panel = page.locator(f"#chart-{chart}")
        assert panel.locator("table").count() == 0
        panel.get_by_text("Show as a table").click()
        expect(panel.get_by_role("row").nth(1)).to_be_visible()
        rows = panel.get_by_role("row").all()
        widths = {row.locator("th, td").count() for row in (rows[0], rows[1], rows[-1])}
        assert len(widths) == 1, chart
        assert "NaN" not in panel.inner_text(), chart


@pytest.mark.pages
def test_the_tables_numbers_follow_the_run(page: Page, server: str, complaints: list[str]) -> None:
    opened(page, server, "spectrum")
    drawn(page, "spectrum")
    panel = page.locator("#chart-spectrum")
    panel.get_by_text("Show as a table").click()
    modulus = panel.get_by_role("row").nth(1).get_by_role("cell").last
    expect(modulus).to_have_text("1")
    scale(page).fill("1.5")
    expect(modulus).to_have_text("1.5")


def test_the_sweep_is_the_engines_and_says_where_you_stand(
    page: Page, server: str, complaints: list[str], asked: list[str]
) -> None:
    opened(page, server, "sweep", seed=5)
    heatmap = drawn(page, "sweep")["median"]
    found = engine.sweep(engine.Experiment(), np.arange(1, 41) / 10, 20)
    same(np.array(heatmap["z"]), found.median.T)
    place = lines(page)["critical"]
    assert place == pytest.approx(found.critical_scale)
    expect(reading(page, "sweep")).to_contain_text(
        f"g = {found.critical_scale:.2f}. You are at g = 1.00"
    )
    assert asked == ["sweep"]
    scale(page).fill("2.5")
    expect(reading(page, "sweep")).to_contain_text("You are at g = 2.50")
    assert lines(page)["current"] == 2.5
    run = str(page.locator("[data-part=stage]").get_attribute("data-run"))
    page.get_by_role("spinbutton", name="Seed").fill("9")
    expect(page.locator("[data-part=stage]")).not_to_have_attribute("data-run", run)
    expect(page.locator("[data-part=charts]")).to_have_attribute("data-ready", "true")
    assert asked == ["sweep"]
    page.get_by_role("radio", name="GRU", exact=True).check(force=True)
    expect(reading(page, "sweep")).not_to_contain_text(f"g = {found.critical_scale:.2f}.")
    assert asked == ["sweep", "sweep"]


def lines(page: Page) -> dict[str, float]:
    found: dict[str, float] = page.locator("#chart-sweep .plot").evaluate(
        "plot => Object.fromEntries(plot.layout.shapes.map(({name, x0}) => [name, x0]))"
    )
    return found


@pytest.mark.pages
@pytest.mark.usefixtures("clock")
def test_the_line_goes_with_the_slider_before_the_chart_is_drawn_again(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, "sweep")
    drawn(page, "sweep")
    # it is drawn again when a timer rings
    page.clock.pause_at(page.evaluate("Date.now() / 1000") + 1)
    line = page.locator("#chart-sweep .shape-group[data-index='1'] > path")
    area = page.locator("#chart-sweep .nsewdrag").bounding_box()
    assert area
    low, high = page.locator("#chart-sweep .plot").evaluate("plot => plot.layout.xaxis.range")
    for value in (2, 3.5):
        scale(page).fill(str(value))
        expected = area["x"] + area["width"] * (value - low) / (high - low)
        page.wait_for_function(
            """([line, x]) => Math.abs(line.getBoundingClientRect().x - x) < 2""",
            arg=[line.element_handle(), expected],
        )


@pytest.mark.pages
def test_a_click_in_the_sweep_sets_the_slider(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, "sweep")
    drawn(page, "sweep")
    area = page.locator("#chart-sweep .nsewdrag")
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * 0.75, box["y"] + box["height"] / 2)
    expect(scale(page)).to_have_value("3")
    expect(reading(page, "sweep")).to_contain_text("You are at g = 3.00")
    expect(page).to_have_url(re.compile("recurrent_scale=3"))


@pytest.mark.pages
def test_a_sweep_shows_its_progress_and_can_be_cancelled_and_run_again(
    page: Page, serve: Any, complaints: list[str]
) -> None:
    server = serve(sweeps=1, patience=5)
    opened(page, server, "sweep", sequence="ab" * 500, hidden_size=64, cell="lstm")
    panel = page.locator("#chart-sweep")
    expect(panel.get_by_role("progressbar")).to_be_visible()
    expect(panel.locator(".count")).to_have_text(re.compile(r"\d+ of \d+ networks"))
    panel.get_by_role("button", name="Cancel").click()
    expect(panel.locator(".count")).to_have_text("The sweep was cancelled.")
    expect(panel.get_by_role("progressbar")).to_be_hidden()
    assert status(server) == 200
    scale(page).fill("2")
    expect(page).to_have_url(re.compile("recurrent_scale=2"))
    expect(panel.locator(".count")).to_have_text("The sweep was cancelled.")
    panel.get_by_role("button", name="Run the sweep").click()
    expect(panel.get_by_role("progressbar")).to_be_visible()
    choose(page, "gradient_norm")
    assert status(server) == 200


def status(server: str) -> int:
    """Return the answer to another sweep; wait a short time for one that is under way."""
    body = json.dumps({"experiment": {}, "recurrent_scale": [1], "seeds": 1}).encode()
    request = urllib.request.Request(f"{server}/api/sweep", body)
    with urllib.request.urlopen(request) as response:
        response.read()
        code: int = response.status
        return code


@pytest.mark.delivery
def test_a_server_that_is_gone_is_told_and_the_page_goes_on(page: Page, server: str) -> None:
    def fail(route: Route) -> None:
        route.abort()

    page.route(re.compile("/api/analysis"), fail)
    opened(page, server, "lyapunov")
    expect(reading(page, "lyapunov")).to_contain_text("could not be loaded", timeout=20_000)
    page.unroute(re.compile("/api/analysis"))
    scale(page).fill("1.5")
    drawn(page, "lyapunov")


def test_the_tabs_are_walked_by_keyboard(page: Page, server: str, complaints: list[str]) -> None:
    opened(page, server, "step_factors")
    page.keyboard.press("End")
    expect(page.get_by_role("tab", name="Lyapunov exponents")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="Lyapunov exponents")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Step factors")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Home")
    expect(page.get_by_role("tabpanel", name="Step factors")).to_be_visible()


@pytest.mark.pages
def test_a_theme_redraws_the_chart(page: Page, server: str) -> None:
    page.emulate_media(color_scheme="light")
    opened(page, server, "lyapunov")
    drawn(page, "lyapunov")
    ink = "plot => plot.layout.font.color"
    plot = page.locator("#chart-lyapunov .plot")
    light = plot.evaluate(ink)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        "([plot, light]) => plot.layout.font.color !== light", arg=[plot.element_handle(), light]
    )


@pytest.mark.layout
@pytest.mark.parametrize(
    ("scheme", "width", "charts"),
    [
        ("light", 1440, [*TABS][::3]),
        ("light", 1440, [*TABS][1::3]),
        ("light", 1440, [*TABS][2::3]),
        ("dark", 390, [*TABS]),
        ("dark", 1440, [*TABS]),
        ("light", 390, [*TABS]),
    ],
)
def test_axe_finds_nothing_in_any_chart(
    page: Page, server: str, scheme: Any, width: int, charts: list[str]
) -> None:
    show_as(page, scheme, width, 900)
    opened(page, server, charts[0], cell="lstm", architecture="many-to-many")
    for chart in charts:
        choose(page, chart)
        drawn(page, chart)
        page.locator(f"#chart-{chart} summary").click()
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, chart
        assert_accessible(page, "[data-part=charts]")
