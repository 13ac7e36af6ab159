/**
 * Texts with marks in them, as HTML has them: `h<sub>t</sub>`, `10<sup>−8</sup>`. Many fonts lack the
 * letters ₜ and ⁸, so indices and powers are elements, or smaller letters beside the line.
 *
 * What is not ours, such as a token, stands apart in a text: nothing in it is a mark.
 *
 * @typedef {{kind: "text" | "sub" | "sup", text: string}} Piece
 */

/** Two noncharacters, which Unicode keeps for the inner use of programs. */
const [BEGIN, END] = ["\uFDD0", "\uFDD1"];
const APART = new RegExp(`${BEGIN}([^${BEGIN}${END}]*)${END}`);
const MARKS = /<(su[bp])>(.*?)<\/\1>/;
/** The character before a mark where a text has none. */
const SIGNS = /** @type {Record<string, string>} */ ({ text: "", sub: "_", sup: "^" });

/**
 * A text that stands apart in another.
 * @param {string} text
 */
export const apart = (text) => BEGIN + text.replace(/[\uFDD0\uFDD1]/g, "\uFFFF") + END;

/**
 * A text, cut where something stands apart in it: every second part does.
 * @param {string} text
 */
export const parted = (text) => text.split(APART);

/**
 * A text in which nothing stands apart, cut at its marks.
 * @param {string} text
 * @returns {Piece[]}
 */
export function marks(text) {
  const cut = text.split(MARKS);
  /** @type {Piece[]} */
  const found = [];
  for (let i = 0; i < cut.length; i += 3) {
    if (cut[i]) found.push({ kind: "text", text: cut[i] });
    if (i + 2 < cut.length) {
      found.push({ kind: /** @type {"sub"} */ (cut[i + 1]), text: cut[i + 2] });
    }
  }
  return found;
}

/**
 * A text, cut at its marks.
 * @param {string} text
 * @returns {Piece[]}
 */
export const pieces = (text) =>
  parted(text).flatMap((part, i) => i % 2 ? [{ kind: "text", text: part }] : marks(part));

/**
 * A text without marks, for where there can be none: h_t, 10^−8.
 * @param {string} text
 */
export const unmarked = (text) => pieces(text).map(({ kind, text }) => SIGNS[kind] + text).join("");
