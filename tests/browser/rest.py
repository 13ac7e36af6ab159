"""Waiting for a page to be at rest, by what it does and not by how long it may take."""

from typing import Any

from playwright.sync_api import BrowserContext, Page

# The functions of the page are counted before any of its scripts run.
_COUNTED = """() => {
  window.underWay = 0;
  const ask = window.fetch;
  window.fetch = async (...asked) => {
    window.underWay++;
    const done = () => window.underWay--;
    try {
      const answer = await ask(...asked);
      answer.clone().arrayBuffer().then(done, done);
      return answer;
    } catch (error) {
      done();
      throw error;
    }
  };
}"""
# Each frame that is asked for is drawn when the browser says, or by `drawFrame` while it is held.
_FRAMES = """() => {
  const waiting = new Map();
  const ask = window.requestAnimationFrame;
  let last = 0;
  let now = 0;
  let held = false;
  const draw = (id, now) => {
    const drawing = waiting.get(id);
    waiting.delete(id);
    drawing?.(now);
  };
  const wait = (id) => ask((now) => held || draw(id, now));
  window.requestAnimationFrame = (drawing) => {
    waiting.set(++last, drawing);
    if (!held) wait(last);
    return last;
  };
  window.cancelAnimationFrame = (id) => waiting.delete(id);
  window.drawFrame = (ms) => {
    if (!held) now = Math.max(now, performance.now());
    held = true;
    now += ms;
    for (const id of [...waiting.keys()]) draw(id, now);
  };
  window.drawAgain = () => {
    held = false;
    for (const id of waiting.keys()) wait(id);
  };
}"""
_FRAMES_UNTIL = """async ([until, ms, look, held]) => {
  [until, look] = [until, look].map((source) => eval(`(${source})`));
  const seen = [];
  while (!until()) {
    window.drawFrame(ms);
    seen.push(look());
    if (seen.length * ms > 100_000) throw new Error("It does not come to that.");
    await new Promise((done) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = done;
      port2.postMessage(null);
    });
  }
  if (!held) window.drawAgain();
  return seen;
}"""
_LONGEST_TIMER = 2000  # milliseconds, of timers that wait until input has stopped


def hold_clock(context: BrowserContext) -> None:
    """Take over the timers and the frames of its pages, for as long as the context is there.

    They go on as before, and `at_rest` lets them ring at once.
    """
    context.add_init_script(f"({_COUNTED})()")
    context.clock.install()
    context.add_init_script(f"({_FRAMES})()")


def draw_until(
    page: Page, until: str, ms: int, look: str = "() => null", *, held: bool = False
) -> list[Any]:
    """Draw frames, each some milliseconds after the last; return what was seen in each.

    ``until`` and ``look`` are functions of the page. An answer that comes between two frames is
    taken, however much time the page believes to have passed. Frames of 0 ms wait for an answer in
    a moment that does not pass; with ``held``, the next frame is the next call's.
    """
    seen: list[Any] = page.evaluate(_FRAMES_UNTIL, [until, ms, look, held])
    return seen


def at_rest(page: Page) -> None:
    """Let each timer of the page ring, and what it asks for over HTTP be answered and shown.

    It is also how a test knows that nothing follows what it has done. The page is one of a test
    that uses ``clock``.
    """
    for _ in range(2):
        page.clock.run_for(_LONGEST_TIMER)
        page.wait_for_function("() => window.underWay === 0")
    page.clock.run_for(_LONGEST_TIMER)


def animated(page: Page) -> None:
    """Wait until every animation and transition that has an end is at it."""
    page.evaluate(
        """() => Promise.all(document.getAnimations()
          .filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity)
          .map(({ finished }) => finished.catch(() => null)))"""
    )
