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
 * stays free, or further above, over that.
 * @param {Place} beside
 * @param {{width: number, height: number}} size  of the tip
 * @param {{width: number, height: number}} page  the window
 * @param {Place[]} free
 * @returns {{x: number, y: number}}
 */
export function placeTip({ left, right, top, bottom }, { width, height }, page, free) {
  const x = Math.max(EDGE, Math.min((left + right - width) / 2, page.width - width - EDGE));
  const [below, above] = [bottom + GAP, top - GAP - height];
  const fits = (/** @type {number} */ y) => y >= EDGE && y + height < page.height;
  const covered = free.filter((each) => x + width >= each.left && x <= each.right);
  const covers = (/** @type {number} */ y) =>
    covered.some((each) => y < each.bottom && y + height > each.top);
  const further = covered.map((each) => each.top - GAP - height).filter((y) => y < above);
  const y = [below, above, ...further].find((each) => fits(each) && !covers(each)) ??
    (fits(below) ? below : Math.max(EDGE, above));
  return { x, y };
}

/**
 * Where a tip goes in the window, as large as it is.
 * @param {HTMLElement} node  the tip, with its words
 * @param {Place} beside
 * @param {Place[]} free
 * @param {number} [height]  of what is seen of the window
 */
export function placeOf(node, beside, free, height = innerHeight) {
  const size = { width: node.offsetWidth, height: node.offsetHeight };
  const page = { width: node.ownerDocument.documentElement.clientWidth, height };
  return placeTip(beside, size, page, free);
}

/**
 * @param {HTMLElement} node  the tip
 * @param {Element} root  whose terms it tells
 * @param {() => Place[]} free  what no tip lies over, where it has another place
 * @param {Translate} t
 * @param {AbortSignal} [signal]  that ends it
 */
export function createTooltip(node, root, free, t, signal) {
  const page = root.ownerDocument;
  /** @type {Element | null} the term that is told */
  let told = null;
  /** @type {object | null} what else is told */
  let of = null;

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
  addEventListener("resize", hide, { signal });

  return {
    show,
    hide,
    /**
     * Whether it is open, and tells of this.
     * @param {object} thing
     */
    tells: (thing) => !node.hidden && of === thing,
  };

  /**
   * @param {string} sentence
   * @param {Place} beside
   * @param {object | null} [thing]  what it tells of, unless that is a term
   */
  function show(sentence, beside, thing = null) {
    of = thing;
    say(node, sentence, t);
    node.hidden = false;
    const { x, y } = placeOf(node, beside, free());
    node.style.left = `${x}px`;
    node.style.top = `${y}px`;
  }

  function hide() {
    told = null;
    node.hidden = true;
  }
}
