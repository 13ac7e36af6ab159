"""Waiting for a page to be at rest, by what it does and not by how long it may take."""

from weakref import WeakSet

from playwright.sync_api import BrowserContext, Page

held: WeakSet[BrowserContext] = WeakSet()
"""The contexts whose clock is taken over: there is no way to give it back."""

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
_LONGEST_TIMER = 2000  # milliseconds, of those that wait until a hand has come to rest


def hold_clock(page: Page) -> None:
    """Take over the timers and the frames of the pages that are opened from now on.

    They go on as before, and `at_rest` lets them ring at once.
    """
    page.add_init_script(f"({_COUNTED})()")
    page.clock.install()
    held.add(page.context)


def at_rest(page: Page) -> None:
    """Let each timer of the page ring, and what it asks for over HTTP be answered and shown.

    It is also how a test knows that nothing follows what it has done. The page must have been
    opened after `hold_clock`.
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
