"""Latency in a real Chromium: from slider to stage, and from opening to first paint."""

import statistics
from urllib.parse import urlencode

from playwright.sync_api import Page, sync_playwright

from bench.serving import served
from tests.browser.chromium import find
from tests.browser.conftest import FLAGS, VISITED
from unrolled.app.lessons import Shelf

KEYS = 200
IN_A_ROW = 20
CHANGES = 2000
TWO_FRAMES = 2000 / 60
"""Milliseconds."""
PINNED = ("gru", "lstm")
MOVES = 120
OPENINGS = 9
SEQUENCE = "the gradient walks back one timestep after another."

# The first animation frame whose stage shows a run that was not there before the key went down.
WATCH_KEYS = """() => {
  const stage = document.querySelector("[data-part=stage]");
  window.latencies = [];
  addEventListener("keydown", () => {
    const start = performance.now();
    const before = stage.dataset.run;
    const look = () => stage.dataset.run === before
      ? requestAnimationFrame(look)
      : window.latencies.push(performance.now() - start);
    requestAnimationFrame(look);
  }, { capture: true });
}"""

# The same of the stage, of the network above the numbers, and of these, while one is stepped.
WATCH_HAND = """() => {
  const [stage, ...beside] = ["[data-part=stage]", ".hand-network", ".hand-numbers"]
    .map((each) => document.querySelector(each));
  window.latencies = [];
  addEventListener("keydown", () => {
    const start = performance.now();
    const before = stage.dataset.run;
    const late = ({ dataset }) => dataset.run !== stage.dataset.run;
    const look = () => stage.dataset.run === before || beside.some(late)
      ? requestAnimationFrame(look)
      : window.latencies.push(performance.now() - start);
    requestAnimationFrame(look);
  }, { capture: true });
}"""

DRAG = """async (moves) => {
  const stage = document.querySelector("[data-part=stage]");
  const slider = document.querySelector("input[type=range]#recurrent_scale");
  const painted = new Set();
  for (let i = 0; i < moves; i++) {
    slider.value = 0.5 + 2 * i / moves;
    slider.dispatchEvent(new InputEvent("input", { bubbles: true }));
    await new Promise((done) => setTimeout(done, 8));
    painted.add(stage.dataset.run);
  }
  const last = performance.now();
  let settled = last;
  let run = stage.dataset.run;
  while (performance.now() - last < 500) {
    await new Promise(requestAnimationFrame);
    if (stage.dataset.run !== run) [run, settled] = [stage.dataset.run, performance.now()];
  }
  return { painted: painted.size, after: settled - last };
}"""

WATCH_OPENING = """() => {
  const look = () => {
    const stage = document.querySelector("[data-part=stage]");
    if (!stage?.dataset.run) return requestAnimationFrame(look);
    const entries = [...performance.getEntriesByType("navigation"),
      ...performance.getEntriesByType("resource")];
    window.firstPaint = {
      time: performance.now(),
      bytes: entries.reduce((sum, entry) => sum + entry.transferSize, 0),
    };
  };
  look();
}"""


# From the button that leads to the next step to the frame that shows its run.
STEP = """(button) => new Promise((done) => {
  const stage = document.querySelector("[data-part=stage]");
  const start = performance.now();
  const before = stage.dataset.run;
  const look = () => stage.dataset.run === before
    ? requestAnimationFrame(look)
    : done(performance.now() - start);
  button.click();
  requestAnimationFrame(look);
})"""

PLAY = """async () => {
  document.querySelector("[data-part=play]").click();
  const gaps = [];
  let last = performance.now();
  while (document.querySelector("[data-part=stage]").dataset.state !== "done") {
    await new Promise(requestAnimationFrame);
    gaps.push(performance.now() - last);
    last = performance.now();
  }
  return gaps.slice(2);
}"""


def main() -> None:
    with served() as (url, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=list(FLAGS))
        print("\nSlider to stage, in milliseconds, two runs pinned and a chart in view")
        for cell in ("rnn", "lstm", "gru"):
            report(f"{cell}, T=50", *slider_latency(browser.new_page(), url, cell, SEQUENCE))
        for layers, directions in ((2, 1), (2, 2)):
            for cell in ("rnn", "lstm", "gru"):
                deep = {"layers": layers, "directions": directions}
                found = slider_latency(browser.new_page(), url, cell, SEQUENCE, **deep)
                report(f"{cell}, T=50, {layers} layers, {directions} directions", *found)
        report("rnn, T=500", *slider_latency(browser.new_page(), url, "rnn", SEQUENCE * 10))
        for cell in ("rnn", "lstm", "gru"):
            by_hand(browser.new_page(), url, cell)
        lessons(browser.new_page(), url)
        playing(browser.new_page(), url)
        opening(browser, url)
        memory(browser.new_page(), url)
        browser.close()


def slider_latency(
    page: Page, url: str, cell: str, sequence: str, **deep: int
) -> tuple[list[float], dict[str, float]]:
    fields = {"sequence": sequence, "hidden_size": 32}
    pins = [("pin", urlencode({**fields, "cell": other})) for other in PINNED]
    asked = [*fields.items(), *deep.items(), ("cell", cell), *pins]
    page.goto(f"{url}/?{urlencode(asked)}")
    page.wait_for_selector("[data-part=stage][data-state=done]")
    page.locator("[data-part=charts]").scroll_into_view_if_needed()
    page.wait_for_selector(".js-plotly-plot")
    page.wait_for_function("() => !document.querySelector('.multiples')?.textContent.includes('…')")
    page.evaluate(WATCH_KEYS)
    slider = page.get_by_role("slider", name="Recurrent weight scale")
    slider.focus()
    hold(page, "ArrowRight", "ArrowLeft")
    latencies = page.evaluate("() => window.latencies")
    drag = page.evaluate(DRAG, MOVES)
    page.close()
    return latencies, drag


def hold(page: Page, *keys: str) -> None:
    """Hold each of the keys in turn, as a finger does: it repeats, and is let go at the turn.

    A key that is let go in the same moment, as ``press`` does, is another input, and Chromium puts
    what comes from the network behind the next frame of each.
    """
    for turn in range(KEYS // IN_A_ROW):
        key = keys[turn % len(keys)]
        for _ in range(IN_A_ROW):
            page.keyboard.down(key)
            page.wait_for_timeout(40)
        page.keyboard.up(key)


def report(cell: str, latencies: list[float], drag: dict[str, float]) -> None:
    p95 = statistics.quantiles(latencies, n=20)[-1]
    print(
        f"{cell:33} median {statistics.median(latencies):5.1f}   p95 {p95:5.1f}"
        f"   of {len(latencies)} keys; a drag of {MOVES} moves painted {drag['painted']:.0f}"
        f" runs and settled {drag['after']:.0f} after the last move"
    )


def by_hand(page: Page, url: str, cell: str) -> None:
    """Measure from the key that steps a weight to the network above it and all of its numbers."""
    page.goto(f"{url}/?hidden_size=4&cell={cell}&by_hand=b_y_t+0")
    page.wait_for_selector("[data-part=stage][data-state=done]")
    page.wait_for_selector(".matrices input")
    page.locator(".matrices input").first.focus()
    page.evaluate(WATCH_HAND)
    hold(page, "ArrowUp", "ArrowDown")
    latencies = page.evaluate("() => window.latencies")
    page.close()
    p95 = statistics.quantiles(latencies, n=20)[-1]
    within = sum(each <= TWO_FRAMES for each in latencies) / len(latencies)
    print(
        f"\nA weight of the {cell} by key: median {statistics.median(latencies):.1f} ms, "
        f"p95 {p95:.1f}, of {len(latencies)} keys; {within:.0%} within two frames"
    )


def lessons(page: Page, url: str) -> None:
    """Measure walking through every lesson, forward and back."""
    times: list[float] = []
    for lesson in Shelf().all("en"):
        page.goto(f"{url}/lessons/{lesson.slug}")
        page.wait_for_selector("[data-part=stage]:not([data-run=''])")
        page.wait_for_timeout(1000)
        for part in [each for each in ("next", "previous") for _ in lesson.steps[1:]]:
            times.append(page.locator(f"[data-part={part}]").evaluate(STEP))
            page.wait_for_timeout(300)
    page.close()
    p95 = statistics.quantiles(times, n=20)[-1]
    print(
        f"\nNext step of a lesson: median {statistics.median(times):.0f} ms, p95 {p95:.0f}, "
        f"the longest {max(times):.0f}, of {len(times)}"
    )


def opening(browser: "object", url: str) -> None:
    times, sizes = [], []
    for _ in range(OPENINGS):
        context = browser.new_context()  # type: ignore[attr-defined]
        page = context.new_page()
        page.add_init_script(f"({WATCH_OPENING})()")
        page.goto(url)
        page.wait_for_function("() => window.firstPaint")
        first = page.evaluate("() => window.firstPaint")
        times.append(first["time"])
        sizes.append(first["bytes"])
        context.close()
    print(
        f"\nFirst stage paint: median {statistics.median(times):.0f} ms after the address is opened"
    )
    print(f"Transferred before it: median {statistics.median(sizes) / 1000:.1f} kB")


def playing(page: Page, url: str) -> None:
    """Measure frame times while a run of 60 timesteps plays, during and after the charts load."""
    page.goto(f"{url}/?{urlencode({'sequence': (SEQUENCE * 2)[:61], 'hidden_size': 32})}")
    page.wait_for_selector("[data-part=stage][data-state=done]")
    gaps = page.evaluate(PLAY)
    print(
        f"\nPlaying T=60: {1000 / statistics.mean(gaps):.0f} frames a second, "
        f"the longest {max(gaps):.0f} ms"
    )
    page.close()


def memory(page: Page, url: str) -> None:
    """Measure the heap after garbage collection, before and after many slider changes."""
    page.add_init_script(VISITED)
    page.goto(url)
    page.wait_for_selector("[data-part=stage][data-state=done]")
    client = page.context.new_cdp_session(page)

    def heap() -> float:
        client.send("HeapProfiler.collectGarbage")
        used: float = client.send("Runtime.getHeapUsage")["usedSize"]
        return used / 1e6

    page.evaluate(DRAG, 200)
    before = heap()
    for _ in range(CHANGES // 200):
        page.evaluate(DRAG, 200)
    print(f"\nHeap: {before:.1f} MB, and {heap():.1f} MB after {CHANGES} changes of the slider")
    page.close()


if __name__ == "__main__":
    main()
