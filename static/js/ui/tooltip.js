/**
 * The words beside whatever is pointed at, focused or tapped: a term, which says what it means, or a
 * thing on the stage.
 *
 * @typedef {import("../text/format.js").Translate} Translate
 * @typedef {{left: number, right: number, top: number, bottom: number}} Place  in the window
 */
import { say } from "../text/sentence.js";

const GAP = 10;
const EDGE = 8;

/**
 * @param {HTMLElement} node  the tip
 * @param {Element} root  whose terms it tells
 * @param {Translate} t
 */
export function createTip(node, root, t) {
  const page = root.ownerDocument;
  /** @type {Element | null} the term that is told */
  let told = null;

  for (const type of /** @type {const} */ (["pointerover", "focusin", "click"])) {
    page.addEventListener(type, ({ target }) => {
      const found = /** @type {Element} */ (target).closest?.("[data-term]") ?? null;
      const term = root.contains(found) ? found : null;
      if (term === told && type !== "click") return;
      if (told && !term) hide();
      told = term;
      if (term) show(t(`term.${term.getAttribute("data-term")}`), term.getBoundingClientRect());
    });
  }
  page.addEventListener("focusout", hide);
  page.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") hide();
  });
  page.addEventListener("scroll", hide, { passive: true, capture: true });

  return { show, hide };

  /**
   * @param {string} sentence
   * @param {Place} beside
   */
  function show(sentence, { left, right, top, bottom }) {
    say(node, sentence, t);
    node.hidden = false;
    const { offsetWidth: width, offsetHeight: height } = node;
    const middle = (left + right - width) / 2;
    const x = Math.max(EDGE, Math.min(middle, page.documentElement.clientWidth - width - EDGE));
    const under = bottom + GAP + height < innerHeight;
    node.style.left = `${x}px`;
    node.style.top = `${under ? bottom + GAP : Math.max(EDGE, top - GAP - height)}px`;
  }

  function hide() {
    told = null;
    node.hidden = true;
  }
}
