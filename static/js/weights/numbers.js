/**
 * Weights that are set by hand, as the experiment holds them: names and numbers in turn,
 * `W_hh_1_2 0.5 b_y_a -1`.
 */

import { plain, toldText } from "../text/sentence.js";
import { hide, setText } from "../ui/dom.js";

/** The largest number that the engine takes. */
export const LARGEST = 1000;
/** A key or a pixel changes a number by a step, a large one with the shift key. */
export const [STEP, LARGE] = [0.1, 10];
/** Stepped numbers have as many digits after the point. */
const DIGITS = 2;
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,3})?$/i;

/**
 * The numbers by their names, in their order.
 * @param {string} text
 * @returns {Map<string, string>}
 */
export function numbersIn(text) {
  const parts = text.split(/\s+/).filter(Boolean);
  return new Map(
    parts.flatMap((name, i) => i % 2 ? [] : [[name, parts[i + 1] ?? ""]]),
  );
}

/**
 * The text with other numbers; a weight whose number is null is as it was drawn.
 * @param {string} text
 * @param {Iterable<[string, string | null]>} changes
 */
export function withNumbers(text, changes) {
  const numbers = numbersIn(text);
  for (const [name, number] of changes) {
    if (number === null) numbers.delete(name);
    else numbers.set(name, number);
  }
  return [...numbers].flat().join(" ");
}

/**
 * A number as it was typed, in any script's digits and with a comma too; null where it is none.
 * @param {string} typed
 */
export function numberOf(typed) {
  const plain = typed.normalize("NFKC").trim().replace(/[−–]/g, "-").replace(",", ".");
  return NUMBER.test(plain) && Math.abs(Number(plain)) <= LARGEST ? Number(plain) : null;
}

/**
 * Say what was typed and is no number, with what would be one; nothing where it is empty.
 * @param {HTMLElement} node
 * @param {string} name  of what it was typed for, with marks
 * @param {string} typed
 * @param {import("../text/format.js").Translate} t
 */
export function tellWrong(node, name, typed, t) {
  const text = typed && t("hand.wrong", { name, value: toldText(typed), most: LARGEST });
  setText(node, text && plain(text, t));
  hide(node, !typed);
}

/**
 * A number after some steps, on a grid of steps that a person can read.
 * @param {number} value
 * @param {number} change
 */
export function stepped(value, change) {
  const next = Math.max(-LARGEST, Math.min(LARGEST, value + change));
  return Number(next.toFixed(DIGITS)) || 0;
}

/**
 * A number with four digits at most.
 * @param {number} value
 */
export const brief = (value) => String(Number(value.toPrecision(4)));

/** Below this part of the largest of some numbers one is what rounding leaves of 0. */
const NOISE = 1e-12;

/**
 * A number, or the 0 that it would be without rounding.
 * @param {number} value
 * @param {number} largest  of those that were computed with it
 */
export const withoutNoise = (value, largest) => Math.abs(value) <= NOISE * largest ? 0 : value;
