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
 * Where a tip goes: below what it is of, or above it where it would leave the window or lie over what
 * stays free.
 * @param {Place} beside
 * @param {{width: number, height: number}} size  of the tip
 * @param {{width: number, height: number}} page  the window
 * @param {Place} free
 * @returns {{x: number, y: number}}
 */
export function placeTip({ left, right, top, bottom }, { width, height }, page, free) {
  const x = Math.max(EDGE, Math.min((left + right - width) / 2, page.width - width - EDGE));
  const [below, above] = [bottom + GAP, top - GAP - height];
  const beside = x + width < free.left || x > free.right;
  const covers = (/** @type {number} */ y) => !beside && y < free.bottom && y + height > free.top;
  const fits = (/** @type {number} */ y) => y >= EDGE && y + height < page.height;
  const y = [below, above].find((each) => fits(each) && !covers(each)) ??
    (fits(below) ? below : Math.max(EDGE, above));
  return { x, y };
}

/**
 * @param {HTMLElement} node  the tip
 * @param {Element} root  whose terms it tells
 * @param {Element} free  what no tip lies over, where it has another place
 * @param {Translate} t
 * @param {AbortSignal} [signal]  that ends it
 */
export function createTooltip(node, root, free, t, signal) {
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
    }, { signal });
  }
  page.addEventListener("focusout", hide, { signal });
  page.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") hide();
  }, { signal });
  page.addEventListener("scroll", hide, { passive: true, capture: true, signal });

  return { show, hide };

  /**
   * @param {string} sentence
   * @param {Place} beside
   */
  function show(sentence, beside) {
    say(node, sentence, t);
    node.hidden = false;
    const size = { width: node.offsetWidth, height: node.offsetHeight };
    const view = { width: page.documentElement.clientWidth, height: innerHeight };
    const { x, y } = placeTip(beside, size, view, free.getBoundingClientRect());
    node.style.left = `${x}px`;
    node.style.top = `${y}px`;
  }

  function hide() {
    told = null;
    node.hidden = true;
  }
}
