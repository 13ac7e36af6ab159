/** What the run means, in words. */
import { power, ratio, significant } from "./format.js";
import { told } from "./sentence.js";

const NOTICEABLE = 1;
const GONE = -4;

/**
 * @typedef {import("./run.js").Run} Run
 * @typedef {import("./format.js").Translate} Translate
 */

/**
 * @param {Run} run  that has ended
 * @param {Translate} t
 * @returns {{word: string, sentence: string}}
 */
export function verdict(run, t) {
  const end = run.end;
  if (!end) throw new Error("the run has not ended");
  if (end.diverged_at) {
    return {
      word: t("verdict.diverged"),
      sentence: t("verdict.diverged_at", { t: end.diverged_at }),
    };
  }
  const word = t(`verdict.${end.verdict}`);
  const last = run.T;
  if (run.vocabulary.length === 1 && !run.numbers) {
    return { word, sentence: t("verdict.one_symbol") };
  }
  if (last === 1) return { word: "", sentence: t("verdict.single") };
  if (!run.recurrent) return { word, sentence: t("verdict.no_memory", { last }) };
  const { first, own, reaches } = end.last_loss;
  if (first === null) return { word, sentence: t("verdict.dead", { t: reaches - 1 }) };
  const blanks = { ratio: ratio(first - own, t), last, token: told(run.tokens[0]) };
  if (run.experiment.checkpoint) return { word, sentence: t("verdict.change.trained", blanks) };
  const what = change(first - own);
  return { word, sentence: t(`verdict.change.${what}${way(what, end.verdict)}`, blanks) };
}

/**
 * The picture in words: the verdict, and where the gradient is largest and smallest.
 * @param {Run} run  that has ended
 * @param {Translate} t
 */
export function story(run, t) {
  const { word, sentence } = verdict(run, t);
  const there = [...run.log10Gradient.keys()].filter((i) => run.log10Gradient[i] > -Infinity);
  const gap = t("language.gap");
  if (!there.length) return word + gap + sentence;
  /** @param {number} sign */
  const extreme = (sign) =>
    there.reduce((best, i) =>
      sign * run.log10Gradient[i] > sign * run.log10Gradient[best] ? i : best
    );
  const [most, least] = [extreme(1), extreme(-1)];
  const words = t("stage.story", {
    last: run.T,
    most: most + 1,
    largest: power(run.log10Gradient[most]),
    least: least + 1,
    smallest: power(run.log10Gradient[least]),
  });
  return [word, sentence, words].join(gap);
}

/**
 * What a change by this log10 means for learning.
 * @param {number} log10
 */
function change(log10) {
  if (log10 < GONE) return "gone";
  if (log10 < -NOTICEABLE) return "less";
  return log10 > NOTICEABLE ? "more" : "same";
}

/**
 * What a verdict, which is of one timestep, leaves to be said of all of them together.
 * @param {string} what  the change over all
 * @param {string} verdict
 */
function way(what, verdict) {
  if (verdict === "stable") return what === "same" ? "" : ".long";
  return what === "same" ? ".short" : "";
}

/**
 * The half-life, or the time to double, where one pace describes the whole way.
 * @param {Run} run
 * @param {Translate} t
 */
export function pace(run, t) {
  const halfLife = run.end?.rate?.half_life;
  if (!halfLife || !run.recurrent || !steady(run)) return "";
  const key = halfLife > 0 ? "status.half_life" : "status.doubling";
  return t(key, { value: significant(Math.abs(halfLife)) });
}

/**
 * Whether the fitted factor makes of the whole way about what was measured.
 * @param {Run} run
 */
function steady({ T, end }) {
  const { rate, last_loss: { first, own } } = /** @type {import("./frames.js").Header} */ (end);
  if (first === null) return true;
  const [measured, fitted] = [first - own, rate.log10_factor * (T - 1)];
  return Math.abs(measured - fitted) <= Math.max(Math.abs(measured), Math.abs(fitted)) / 2;
}
