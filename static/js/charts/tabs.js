/**
 * Tabs, by click and by arrow keys.
 * @param {HTMLElement} node
 * @param {(name: string) => void} select
 */
export function createTabs(node, select) {
  const tabs = /** @type {HTMLElement[]} */ ([...node.querySelectorAll("[role=tab]")]);
  const moves = /** @type {Record<string, (i: number) => number>} */ ({
    ArrowRight: (i) => (i + 1) % tabs.length,
    ArrowLeft: (i) => (i - 1 + tabs.length) % tabs.length,
    Home: () => 0,
    End: () => tabs.length - 1,
  });
  for (const [i, tab] of tabs.entries()) {
    tab.addEventListener("click", () => select(String(tab.dataset.chart)));
    tab.addEventListener("keydown", (event) => {
      const next = moves[event.key]?.(i);
      if (next === undefined) return;
      event.preventDefault();
      tabs[next].focus();
      tabs[next].click();
    });
  }
  const strip = /** @type {HTMLElement} */ (node.querySelector("[role=tablist]"));
  return {
    /** @param {string} name */
    render(name) {
      for (const tab of tabs) {
        const selected = tab.dataset.chart === name;
        tab.setAttribute("aria-selected", String(selected));
        tab.tabIndex = selected ? 0 : -1;
        if (selected) strip.scrollLeft = tab.offsetLeft - (strip.clientWidth - tab.offsetWidth) / 2;
      }
    },
  };
}
