/** Numbers and messages in words; powers of ten make them texts with marks (`marked.js`). */

import { atDesk } from "../ui/input-device.js";

const LARGEST_PLAIN = 4;
const SMALLEST_PLAIN = -3;
/** log10 of the largest share in percent; larger ones are given as factors. */
export const TWICE = Math.log10(2);
const LARGEST_TIMES = 6;
const SMALLEST_SHARE = -4;
/** log10 of the largest n of 1/n that is written out. */
const LARGEST_PART = 9;
/** A share from which one digit after the point would make it 100 %, and digits that it then has. */
const NEARLY = 0.9995;
const MOST_DIGITS = 4;

const CHINESE = "[\\u4e00-\\u9fff]";
const BLANK = new RegExp(`(?:(?<=${CHINESE}) )?\\{(\\w+)\\}(?: (?=${CHINESE}))?`, "g");
const BEGINS = new RegExp(`^(?:${CHINESE}|“)`);
const ENDS = new RegExp(`(?:${CHINESE}|”)$`);

/**
 * A message with its blanks filled. Chinese sets a number off by spaces, but no Chinese words
 * and nothing in quotes.
 * @param {string} message
 * @param {(blank: string) => string} value
 */
export function filled(message, value) {
  return message.replace(BLANK, (whole, blank) => {
    const text = value(blank);
    const before = whole.startsWith(" ") && !BEGINS.test(text) ? " " : "";
    return before + text + (whole.endsWith(" ") && !ENDS.test(text) ? " " : "");
  });
}

/**
 * The message under a key, with its placeholders filled. Where there is no mouse, the one that says
 * "tap" stands for the one that says "point at": the key with `.touch` after it.
 * @typedef {((key: string, blanks?: Record<string, unknown>) => string)
 *   & {has: (key: string) => boolean, texts: (of: RegExp) => string[]}} Translate
 *
 * @param {Record<string, string>} catalog
 * @returns {Translate}
 */
export function translator(catalog) {
  const touched = !atDesk();
  /** @type {(key: string, blanks?: Record<string, unknown>) => string} */
  const translate = (key, blanks = {}) => {
    if (!(key in catalog)) throw new Error(`no message for ${key}`);
    const text = touched && catalog[`${key}.touch`] || catalog[key];
    return filled(text, (blank) => {
      if (!(blank in blanks)) throw new Error(`${key} needs ${blank}`);
      return String(blanks[blank]);
    });
  };
  return Object.assign(translate, {
    has: (/** @type {string} */ key) => key in catalog,
    /** The texts of keys that are alike, their blanks not filled. @param {RegExp} of */
    texts: (of) => Object.keys(catalog).filter((key) => of.test(key)).map((key) => catalog[key]),
  });
}

/**
 * A power of ten, as a text with marks.
 * @param {number} exponent
 */
export const powerOfTen = (exponent) => `10<sup>${String(exponent).replace("-", "−")}</sup>`;

/**
 * A number given by its log10, with two significant digits: 0.021, 2.1 × 10<sup>−7</sup>.
 * @param {number} log10
 */
export function power(log10) {
  if (log10 === -Infinity) return "0";
  if (log10 === Infinity) return "∞";
  if (log10 >= SMALLEST_PLAIN && log10 < LARGEST_PLAIN) return significant(10 ** log10);
  let exponent = Math.floor(log10);
  let mantissa = (10 ** (log10 - exponent)).toFixed(1);
  if (mantissa === "10.0") [mantissa, exponent] = ["1.0", exponent + 1];
  return `${mantissa} × ${powerOfTen(exponent)}`;
}

/**
 * A positive number, or 0, likewise.
 * @param {number} value
 */
export const amount = (value) => power(Math.log10(value));

/**
 * A loss, with three significant digits, wherever it is told.
 * @param {number} value
 */
export const lossAmount = (value) =>
  value >= 1000 || value < 1e-6 ? amount(value) : value.toPrecision(3);

/**
 * The norm of all weights' gradient, given by its log10, with as many digits as a loss.
 * @param {number} log10
 */
export const normAmount = (log10) => log10 < 3 ? lossAmount(10 ** log10) : power(log10);

/**
 * value · 10^exponent with four significant digits and a true minus sign.
 * @param {number} value
 * @param {number} [exponent]
 */
export function signed(value, exponent = 0) {
  if (value === 0) return "0";
  let [mantissa, shift] = Math.abs(value).toExponential(3).split("e");
  const order = Number(shift) + exponent;
  if (order >= SMALLEST_PLAIN && order < LARGEST_PLAIN) {
    mantissa = Number(`${mantissa}e${order}`).toFixed(Math.max(0, 3 - order));
  } else mantissa = `${mantissa} × ${powerOfTen(order)}`;
  return value < 0 ? `−${mantissa}` : mantissa;
}

/** Digits of a number that an output says, and how many of its numbers are told, as of a target. */
const DIGITS = 3;
const TOLD = 2;

/**
 * The numbers that an output says, in words.
 * @param {import("../net/frames.js").Numbers} values
 */
export const numbersTold = (values) =>
  [
    ...[...values.slice(0, TOLD)].map((value) => String(Number(value.toPrecision(DIGITS)))),
    ...(values.length > TOLD ? ["…"] : []),
  ].join(", ");

/** The page's language; a test has no page. */
export const language = globalThis.document?.documentElement.lang || undefined;

const twoDigits = new Intl.NumberFormat(language, { maximumSignificantDigits: 2 });

/**
 * Two significant digits, without an exponent, with separators of thousands.
 * @param {number} value
 */
export const significant = (value) => twoDigits.format(value);

const percentage = new Intl.NumberFormat(language, {
  style: "percent",
  maximumFractionDigits: 1,
});
const twoDigitPercentage = new Intl.NumberFormat(language, {
  style: "percent",
  maximumSignificantDigits: 2,
});
const rounded = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });

/**
 * A share of 1, in percent. A tiny one is not 0 %. What is less than all of it has as many digits as tell so.
 * @param {number} share
 */
export function percent(share) {
  if (share > 0 && share < 1 - NEARLY) return twoDigitPercentage.format(share);
  if (share <= NEARLY || share >= 1) return percentage.format(share);
  const digits = Math.min(MOST_DIGITS, Math.ceil(-Math.log10(1 - share)) - 2);
  const nearly = { style: /** @type {const} */ ("percent"), maximumFractionDigits: digits };
  return new Intl.NumberFormat(language, nearly).format(share);
}

/**
 * A share of 1, in whole percent.
 * @param {number} share
 */
export const wholePercent = (share) => rounded.format(share);

/**
 * A share of the gradient in words, from its log10: in percent to twice as much, and from 1/10,000
 * on; less than that is a part, as the words of a lesson write it: 1/40,000,000, 1/10<sup>13</sup>.
 * @param {number} log10
 * @param {Translate} t
 */
export function share(log10, t) {
  if (log10 > TWICE) {
    const power = powerOfTen(Math.round(log10));
    return t("share.times", { value: log10 > LARGEST_TIMES ? power : significant(10 ** log10) });
  }
  if (log10 >= SMALLEST_SHARE || log10 === -Infinity) return twoDigitPercentage.format(10 ** log10);
  return `1/${log10 > -LARGEST_PART ? significant(10 ** -log10) : powerOfTen(Math.round(-log10))}`;
}

/**
 * log10 as the stage carries it: two decimals, or -inf.
 * @param {number} log10
 */
export const decimals = (log10) => log10 === -Infinity ? "-inf" : log10.toFixed(2);
