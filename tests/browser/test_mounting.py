"""A lab in an element of a page: beside another lab, and on a channel that is no server's."""

import base64
import re
import time
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, WebSocket, expect

from tests.browser.rest import at_rest
from tests.browser.test_lab import opened
from unrolled.app.runs.run_frames import frames_of
from unrolled.app.stopwatch import Stopwatch
from unrolled.engine import Experiment

# `mount` puts the lab's markup, as the server sends it, once more on the page that is open, and
# makes a lab of it with the modules that the page itself has.
SETUP = """async (recorded) => {
  const [script] = document.querySelectorAll('script[src$="pages/lab.js"]');
  const module = (name) => import(new URL(`../${name}.js`, script.src).href);
  const { createLab } = await module("lab/lab");
  const { createServer } = await module("net/server");
  const { translator } = await module("text/format");
  const { decode } = await module("net/frames");
  const page = new DOMParser().parseFromString(await (await fetch("/")).text(), "text/html");
  const config = JSON.parse(page.querySelector("#config").textContent);
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
  window.asked = [];
  const recording = {
    runs: (on) => {
      let id = 0;
      return {
        request(experiment) {
          window.asked.push(experiment);
          const mine = ++id;
          queueMicrotask(() => {
            for (const text of recorded[String(experiment.recurrent_scale)]) {
              const frame = decode(bytes(text));
              on.frame({ ...frame, header: { ...frame.header, id: mine } });
            }
          });
          return mine;
        },
      };
    },
    ask: () => new Promise(() => {}), // nothing but runs was recorded
    plotly: () => new Promise(() => {}),
    figures: () => new Promise(() => {}),
  };
  const engine = recorded ? recording : createServer(config, { href: location.href, lang: "en" });
  const files = { url: "", base: "", link: () => "" };
  const context = { t: translator(config.catalog), engine, most: config.step.most, files };
  window.mount = () => {
    const root = document.importNode(page.querySelector("form.lab"), true);
    root.classList.add("second");
    document.body.append(root);
    const lab = createLab(root, context, config.defaults, {
      settled: () => {}, address: () => "", flows: false, reset: () => {}, forgotten: () => {},
    });
    lab.open(config.defaults, []);
    return { root, lab };
  };
}"""


@pytest.fixture
def first(page: Page, server: str, complaints: list[str]) -> Locator:
    opened(page, server)
    return page.locator("form.lab:not(.second)")


def second(page: Page, recorded: dict[str, list[str]] | None = None) -> Locator:
    """A second lab on the page, once it shows a run."""
    page.evaluate(SETUP, recorded)
    page.evaluate("() => { window.mounted = mount() }")
    lab = page.locator("form.second")
    expect(part(lab, "stage")).to_have_attribute("data-state", "done")
    return lab


def recorded(*scales: float) -> dict[str, list[str]]:
    """The frames of a run of each scale, as a page can take them."""
    return {
        f"{each:g}": [
            base64.b64encode(frame).decode()
            for frame in frames_of(1, Experiment(recurrent_scale=each), lambda: False, Stopwatch())
        ]
        for each in scales
    }


def part(lab: Locator, name: str) -> Locator:
    return lab.locator(f"[data-part={name}]")


def scale(lab: Locator) -> Locator:
    return lab.locator("[name=recurrent_scale][type=range]")


def shown(lab: Locator) -> tuple[Any, ...]:
    """Return the parts of a lab that another lab's run would change."""
    return (
        part(lab, "stage").get_attribute("data-run"),
        part(lab, "verdict").inner_text(),
        scale(lab).input_value(),
        part(lab, "timeline").input_value(),
    )


def test_two_labs_on_one_page_each_have_their_own_run(page: Page, first: Locator) -> None:
    other = second(page)
    before = shown(first), shown(other)
    scale(other).fill("2.5")
    expect(part(other, "verdict")).not_to_have_text(before[1][1])
    part(other, "back").click()
    expect(part(other, "stage")).to_have_attribute("data-state", "backward")
    assert shown(first) == before[0]
    now = shown(other)
    scale(first).fill("0.2")
    expect(part(first, "verdict")).not_to_have_text(before[0][1])
    assert shown(other) == now


@pytest.mark.pages
def test_the_labels_of_two_labs_are_their_own(page: Page, first: Locator) -> None:
    other = second(page)
    other.locator("label", has_text="Recurrent weight scale").click()
    expect(scale(other)).to_be_focused()
    named = "for (const name of ['aria-labelledby', 'aria-describedby', 'aria-controls'])"
    outside = page.evaluate(
        f"""root => {{
          const found = [];
          {named} for (const node of root.querySelectorAll(`[${{name}}]`)) {{
            for (const id of node.getAttribute(name).split(" ")) {{
              if (!root.contains(document.getElementById(id))) found.push(id);
            }}
          }}
          return found;
        }}""",
        other.element_handle(),
    )
    assert outside == []


# What a part of a lab looks like: where it is on the page depends on what stands above the lab.
LOOKS = """root => {
  const properties = ["display", "color", "backgroundColor", "backgroundImage", "borderTopColor",
    "borderTopWidth", "borderRadius", "padding", "margin", "fontSize", "fontFamily", "minHeight",
    "position", "cursor", "gap", "gridTemplateColumns", "accentColor"];
  const still = "[data-field] :not(.edge *), .gutter *, .weights *, .transport *";
  const parts = `[data-part]:not([data-part=computed]), [data-field], ${still}`;
  const own = [...root.querySelectorAll(parts)].filter((node) => node.dataset.part !== "hint");
  return own.map((node) => {
    const style = getComputedStyle(node);
    const { width, height } = node.getBoundingClientRect();
    const size = node.closest(".cards") ? [] : [width, height].map(Math.round);
    const name = `${node.localName}.${node.className} ${node.dataset.part ?? ""}`;
    return [name, ...size, ...properties.map((each) => style[each])].join(" | ");
  });
}"""


@pytest.mark.pages
def test_a_second_lab_looks_as_the_first_does(page: Page, first: Locator) -> None:
    other = second(page)
    page.mouse.move(0, 0)
    expect(part(first, "hint")).to_be_visible()  # the page's, which moves nothing when it comes
    looks = [lab.evaluate(LOOKS) for lab in (first, other)]
    assert looks[1] == looks[0]


@pytest.mark.layout
def test_axe_finds_no_id_twice_on_a_page_of_two_labs(page: Page, first: Locator) -> None:
    second(page)
    rules = ["duplicate-id", "duplicate-id-aria", "label", "aria-valid-attr-value"]
    results = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.pages
def test_a_lab_runs_on_frames_that_a_function_of_the_page_hands_it(
    page: Page, first: Locator
) -> None:
    scales = [Experiment().recurrent_scale, 2.5]
    own = shown(first)
    lab = second(page, recorded(*scales))
    assert part(lab, "verdict").inner_text() == own[1]
    scale(lab).fill("2.5")
    expect(part(lab, "verdict")).not_to_have_text(own[1])
    assert page.evaluate("window.asked.map(({ recurrent_scale }) => recurrent_scale)") == scales
    scale(first).fill("2.5")
    expect(part(first, "verdict")).to_have_text(
        re.compile(re.escape(part(lab, "verdict").inner_text()))
    )
    assert shown(first) != own


@pytest.mark.usefixtures("clock")
def test_a_lab_that_is_destroyed_says_and_draws_nothing_more(page: Page, first: Locator) -> None:
    sockets: list[WebSocket] = []
    page.on("websocket", lambda socket: sockets.append(socket))
    other = second(page)
    other.get_by_role("button", name="Pin this run").click()
    said: list[str] = []
    for socket in sockets:
        socket.on("framesent", lambda _: said.append("over a socket"))
    at_rest(page)  # what the first lab asks for when it opens is no word of the other
    page.on("request", lambda request: said.append(request.url))
    page.evaluate("mounted.lab.destroy()")
    before = shown(other)[:2]
    for value in ("2.5", "0.2"):
        scale(other).fill(value)
    page.evaluate("dispatchEvent(new Event('online'))")
    at_rest(page)
    assert said == []
    scale(first).fill("2.5")  # whose answer comes after all that the other would have had
    expect(part(first, "stage")).not_to_have_attribute("data-run", "1")
    assert shown(other)[:2] == before
    assert sockets
    assert all(socket.is_closed() for socket in sockets)


KEPT = ("JSEventListeners", "Nodes")
FEW = 200
"""Nodes that a browser keeps or lets go as it likes; a lab has thousands."""


@pytest.mark.delivery
def test_a_hundred_labs_mounted_and_destroyed_leave_no_listener_and_no_node(
    page: Page, first: Locator
) -> None:
    page.evaluate(SETUP, recorded(Experiment().recurrent_scale))
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable")

    def mount_and_destroy(labs: int) -> None:
        page.evaluate(
            """async (labs) => {
              for (let i = 0; i < labs; i++) {
                const { root, lab } = mount();
                await new Promise(requestAnimationFrame);
                lab.destroy();
                root.remove();
              }
            }""",
            labs,
        )

    def counted() -> dict[str, float]:
        devtools.send("HeapProfiler.collectGarbage")
        metrics = devtools.send("Performance.getMetrics")["metrics"]
        return {each["name"]: each["value"] for each in metrics if each["name"] in KEPT}

    def more(now: dict[str, float]) -> bool:
        nodes = now["Nodes"] > before["Nodes"] + FEW
        return nodes or now["JSEventListeners"] > before["JSEventListeners"]

    def settled() -> dict[str, float]:
        """Count once all that comes later has come, and garbage has gone."""
        now, then = counted(), {}
        while now != then:
            page.wait_for_timeout(500)
            now, then = counted(), now
        return now

    mount_and_destroy(3)
    before = settled()
    mount_and_destroy(100)
    deadline = time.monotonic() + 30
    while (left := more(after := counted())) and time.monotonic() < deadline:
        pass  # until what a timer or a frame still held is let go
    assert not left, (before, after)
