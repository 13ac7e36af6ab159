import { onResize } from "../ui/dom.js";

/**
 * Tabs, by click and by arrow keys, of one group or more.
 * @param {HTMLElement} node
 * @param {(name: string) => void} select
 * @param {AbortSignal} signal  that ends them
 */
export function createTabs(node, select, signal) {
  const tabs = /** @type {HTMLElement[]} */ ([...node.querySelectorAll("[role=tab]")]);
  const names = tabs.map((tab) => String(tab.dataset.chart));
  /** @type {Record<string, (at: number, count: number) => number>} */
  const moves = {
    ArrowRight: (at, count) => (at + 1) % count,
    ArrowLeft: (at, count) => (at - 1 + count) % count,
    Home: () => 0,
    End: (_, count) => count - 1,
  };
  for (const tab of tabs) {
    tab.addEventListener("click", () => select(String(tab.dataset.chart)));
    tab.addEventListener("keydown", (event) => {
      const there = tabs.filter(({ hidden }) => !hidden);
      const next = moves[event.key]?.(there.indexOf(tab), there.length);
      if (next === undefined) return;
      event.preventDefault();
      there[next].focus();
      there[next].click();
    });
  }
  /** The name of the one that is selected, and of each that is there. */
  let shown = "";
  onResize(node, reveal, signal);

  return {
    names,
    /**
     * @param {string} name  of the one that is selected
     * @param {(name: string) => boolean} fits  whether another has something to show
     */
    render(name, fits) {
      const there = names.filter((each) => each === name || fits(each));
      const next = [name, ...there].join();
      if (next === shown) return;
      shown = next;
      for (const [i, tab] of tabs.entries()) {
        const selected = names[i] === name;
        tab.setAttribute("aria-selected", String(selected));
        tab.tabIndex = selected ? 0 : -1;
        tab.hidden = !there.includes(names[i]);
      }
      for (const strip of node.querySelectorAll("[role=tablist]")) {
        const there = tabs.filter((tab) => tab.parentElement === strip && !tab.hidden);
        if (there.length && !there.some((tab) => tab.tabIndex === 0)) there[0].tabIndex = 0;
      }
      requestAnimationFrame(reveal); // to ask where it is now would lay the page out
    },
  };

  /** The one that is selected is in the middle of its strip, where that scrolls. */
  function reveal() {
    const tab = tabs.find((each) => each.ariaSelected === "true");
    const strip = tab?.parentElement;
    if (strip) strip.scrollLeft = tab.offsetLeft - (strip.clientWidth - tab.offsetWidth) / 2;
  }
}
