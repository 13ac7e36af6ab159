/**
 * Room for whatever may be said, so that nothing moves when it is: the longest sentences lie unseen
 * in the place of the one that is said. They wrap as it would, in any letters and at any width.
 *
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { filled } from "../text/format.js";
import { pieces } from "../text/sentence.js";

/** The longest by their letters; which of them takes most lines depends on the width. */
const MOST = 5;
/** As long as a number that a sentence tells may be. */
const NUMBER = "0.000";

/**
 * @param {HTMLElement} node  alone in an element that is `.room`
 * @param {Translate} t
 */
export function createReservedLines(node, t) {
  /** @type {string | null} */
  let kept = null;
  /**
   * @param {string} kind  of what may be said
   * @param {() => string[]} texts  of this kind, out of the catalog, with blanks
   * @param {Record<string, string>} blanks  to fill in, those that are no short numbers
   */
  return (kind, texts, blanks) => {
    if (kept === kind) return;
    kept = kind;
    while (node.nextSibling) node.nextSibling.remove();
    const said = texts().map((text) => filled(text, (blank) => blanks[blank] ?? NUMBER));
    const longest = said.toSorted((a, b) => b.length - a.length).slice(0, MOST);
    node.after(...longest.map(unsaid));
  };

  /** @param {string} text */
  function unsaid(text) {
    const like = document.createElement(node.localName);
    like.className = "unsaid";
    like.setAttribute("aria-hidden", "true");
    like.append(...pieces(text, t));
    return like;
  }
}
