/** The verdict on a training run, in one sentence. */
import { percent, power } from "../text/format.js";

const EARLY = 25;
const WORSE = 1.15;
const AT = 0.95;
const LEARNT = 0.1;
const LARGE = 1e4;
const SMALL = 0.01;
/** In the tasks that bridge a number of timesteps: how many the reader chose, in an example of T. */
const BRIDGED = /** @type {Record<string, (T: number) => number>} */ ({
  recall: (T) => T,
  copying: (T) => T - 2 * 3, // without the letters that are copied, and their copies
});

/**
 * @typedef {import("./history.js").History} History
 * @typedef {import("../text/format.js").Translate} Translate
 */

/**
 * @param {History} history
 * @param {Translate} t
 */
export function verdict(history, t) {
  const { step, end, baseline, T, training } = history;
  const cell = t(`choice.cell.${training.cell}`);
  if (end?.diverged) {
    return t(`train.verdict.diverged.${end.diverged}`, { step: whole(step), cell });
  }
  if (!history.step) return t("train.verdict.begun", { cell });
  const loss = history.lastMean;
  const blanks = { step: whole(step), cell, loss: digits(loss), baseline: digits(baseline) };
  if (step < EARLY) return t("train.verdict.early", blanks);
  const kind = standing(loss / baseline);
  const length = BRIDGED[training.task]?.(T);
  if (length === undefined) return t(`train.verdict.${kind}`, blanks);
  return t(`train.verdict.far.${kind}`, { ...blanks, length });
}

/**
 * Whether what there is to learn has been learnt.
 * @param {History} history
 */
export const learnt = ({ end, lastMean, baseline }) =>
  !end?.diverged && standing(lastMean / baseline) === "learnt";

/**
 * Where a loss stands, given as a share of the baseline.
 * @param {number} share
 */
function standing(share) {
  if (share > WORSE) return "worse";
  if (share > AT) return "at";
  return share > LEARNT ? "below" : "learnt";
}

/**
 * The present reach of the gradient.
 * @param {History} history
 * @param {Translate} t
 */
export function reaching({ count: known, window, T, end }, t) {
  if (!known || end?.diverged) return "";
  if (window === T - 1) return t("train.window.all", { last: T - 1 });
  return t("train.window", { distance: window, last: T - 1 });
}

/**
 * The newest numbers.
 * @param {History} history
 * @param {Translate} t
 */
export function standings(history, t) {
  if (!history.step) return "";
  const loss = digits(history.lastMean);
  const baseline = digits(history.baseline);
  if (Number.isNaN(history.lastAccuracy)) return t("train.loss", { loss, baseline });
  const right = percent(history.lastAccuracy);
  return t("train.loss.right", { loss, baseline, right });
}

const three = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 });
const integer = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });

/**
 * A loss, three digits.
 * @param {number} value
 */
export function digits(value) {
  if (Number.isNaN(value)) return "–";
  if (value === 0 || value === Infinity) return value ? "∞" : "0";
  if (value <= LARGE && value >= SMALL) return three.format(value);
  return power(Math.log10(value)).replaceAll(" ", "\u00a0");
}

/** @param {number} n */
export const whole = (n) => integer.format(n);
