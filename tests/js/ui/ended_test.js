import { appearanceChanged, onAppearance } from "../../../static/js/ui/appearance.js";
import { onResize, onView } from "../../../static/js/ui/dom.js";
import { equal } from "../assert.js";

Deno.test("a part that is made after its end is told nothing, and held by nothing", () => {
  let [observed, called] = [0, 0];
  class Observer {
    observe() {
      observed++;
    }
    disconnect() {
      observed--;
    }
  }
  const page = /** @type {any} */ (globalThis);
  page.ResizeObserver = page.IntersectionObserver = Observer;
  const [ended, going] = [new AbortController(), new AbortController()];
  ended.abort();
  for (const { signal } of [ended, going]) {
    onResize(page, () => {}, signal);
    onView(page, () => {}, signal);
  }
  equal(observed, 2);
  going.abort();
  equal(observed, 0);
  onAppearance(() => called++, ended.signal);
  appearanceChanged();
  equal(called, 0);
});
