/**
 * Weights that are set by hand, as the experiment holds them: names and numbers in turn,
 * `W_hh_1_2 0.5 b_y_a -1`.
 *
 * @typedef {object} Wrong  what was typed and is no number
 * @property {string} name  of what it was typed for, with marks
 * @property {string} typed
 * @property {string} now  the number that it is still
 * @property {HTMLElement} field
 */

import { plain, toldText } from "../text/sentence.js";
import { hide, setText } from "../ui/dom.js";
import { placeOf } from "../ui/tooltip.js";

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
 * Say beside its field what was typed and is no number, and which number is still in force.
 * @param {HTMLElement} node
 * @param {Wrong | null} wrong
 * @param {import("../text/format.js").Translate} t
 */
export function tellWrong(node, wrong, t) {
  hide(node, !wrong);
  if (!wrong) return setText(node, "");
  const { name, typed, now, field } = wrong;
  const blanks = { name, value: toldText(typed), now: now.replace("-", "−"), most: LARGEST };
  setText(node, plain(t("hand.wrong", blanks), t));
  const box = (/** @type {Element} */ each) => each.getBoundingClientRect();
  const whole = box(/** @type {Element} */ (node.closest(".hand-numbers")));
  // The network stays above the numbers, and on a phone the player below them.
  const free = document.querySelectorAll(".hand-network, [data-part=transport]");
  const height = visualViewport?.height; // above the keyboard of a phone
  const { x, y } = placeOf(node, box(field), [...free].map(box), height);
  node.style.left = `${x - whole.left}px`;
  node.style.top = `${y - whole.top}px`;
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
