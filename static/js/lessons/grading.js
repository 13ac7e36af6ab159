/**
 * The answers of a class, and whether they are right.
 *
 * @typedef {object} Answer  a number that is asked for, and what the engine computes
 * @property {number} value
 * @property {number} digits  decimals that count
 * @property {number | null} entry  which of the vector's entries it is, from 0
 * @property {number[] | null} vector
 * @property {{value: number, why: string}[]} mistakes  wrong numbers with a known cause
 *
 * @typedef {object} Question
 * @property {string} ask
 * @property {string} why
 * @property {string} right
 * @property {{id: string, text: string, why: string}[]} choices
 * @property {Answer | null} answer
 * @property {Record<string, string>} taps  the choice that a tap on a timestep makes
 * @property {boolean} [covered]  whether the stage would give the answer away
 * @property {number} [start]  where the playhead stands until the class has answered
 * @property {boolean} sketch  whether the class may draw where it expects the tops of the bars
 *
 * @typedef {{right: boolean, off: number, sign: boolean, why: string}} Judgement
 *   `off`: by how much it is too large; `sign`: nothing but the sign is wrong
 */

/**
 * One unit of the last decimal may be lost to rounding on the way.
 * @param {Answer} answer
 * @param {number} given
 * @returns {Judgement}
 */
export function judge({ value, digits, mistakes }, given) {
  const near = (/** @type {number} */ other) => Math.abs(given - other) <= 1.0001 * 10 ** -digits;
  const right = near(value);
  const known = right ? undefined : mistakes.find((mistake) => near(mistake.value));
  return { right, off: given - value, sign: !right && near(-value), why: known?.why ?? "" };
}

/**
 * A number as a person types it: with either minus sign and either decimal mark; NaN if it is none.
 * @param {string} text
 */
export function typed(text) {
  const plain = text.trim().replace(/[−–]/, "-").replace(",", ".");
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
}

/** The number of tries before a class is told; of two choices, one. */
const TRIES = 2;

/**
 * Whether a question is settled: rightly answered, tried as often as may be, or told (by no answer).
 * @param {Question} question
 * @param {string[] | undefined} given
 */
export function isSettled({ answer, choices, right }, given) {
  if (!given) return false;
  const tries = Math.min(TRIES, choices.length - 1);
  return Boolean(answer) || !given.length || given.includes(right) || given.length >= tries;
}

/**
 * The choice that a key stands for: 1 to 4, or a to d.
 * @param {string} key
 * @param {number} count
 * @returns {number}  from 0; -1 for any other key
 */
export function choiceOf(key, count) {
  if (key.length !== 1) return -1;
  const index = Math.max("1234".indexOf(key), "abcd".indexOf(key.toLowerCase()));
  return index < count ? index : -1;
}
