/** What the run means, in words. */
import { clipped } from "./caption.js";
import { power, ratio, significant } from "./format.js";
import { isWeightless, lastCut } from "./paths.js";
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
  if (run.vocabulary.length === 1 && !run.numbers) {
    return { word: t("verdict.zero"), sentence: t("verdict.one_symbol") };
  }
  if (run.T === 1) return { word: "", sentence: t("verdict.single") };
  const last = Math.max(...run.losses.keys());
  if (!run.recurrent) {
    return { word: t("verdict.none"), sentence: t("verdict.no_memory", { last }) };
  }
  if (end.last_loss.first === null) return ended(run, last, t);
  return { word: t(`verdict.${end.verdict}`), sentence: arrived(run, last, t) };
}

/**
 * What has become of the gradient of the last loss at t = 1.
 * @param {Run} run
 * @param {number} last
 * @param {Translate} t
 */
function arrived({ end, tokens, experiment }, last, t) {
  const { verdict: word, last_loss } = /** @type {import("./frames.js").Header} */ (end);
  const { first, own, cell } = last_loss;
  const blanks = { ratio: ratio(first - own, t), last, token: told(tokens[0]) };
  if (experiment.checkpoint) return t("verdict.change.trained", blanks);
  const what = change(first - own);
  if (cell && change(cell.first - cell.own) !== what) {
    return t("verdict.change.cell", { ...blanks, cell: ratio(cell.first - cell.own, t) });
  }
  return t(`verdict.change.${what}${way(what, word)}`, blanks);
}

/**
 * Where the gradient of the last loss ends, and why.
 * @param {Run} run
 * @param {number} last
 * @param {Translate} t
 * @returns {{word: string, sentence: string}}
 */
function ended(run, last, t) {
  const { reaches, cell } = /** @type {import("./frames.js").Header} */ (run.end).last_loss;
  const furthest = Math.min(reaches, cell?.reaches ?? reaches);
  if (furthest === 1) {
    return { word: t("verdict.cell.word"), sentence: t("verdict.cell", { before: reaches }) };
  }
  const word = t(furthest < last ? "verdict.ended" : "verdict.none");
  const cut = lastCut(run);
  if (cut === furthest) return { word, sentence: t("verdict.truncated", { reaches: cut }) };
  const key = isWeightless(run) ? "verdict.weightless" : "verdict.dead";
  return { word, sentence: t(key, { last, t: furthest - 1 }) };
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
  const others = run.T - there.length;
  const some = there.length > 1 ? "stage.story.some" : "stage.story.one";
  const words = t(others ? some : "stage.story", {
    count: there.length,
    others,
    last: run.T,
    most: most + 1,
    largest: power(run.log10Gradient[most]),
    least: least + 1,
    smallest: power(run.log10Gradient[least]),
  });
  return [word, sentence, words, clipped(run, t)].filter(Boolean).join(gap);
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
 * What the bars are of.
 * @param {Run} run
 * @param {Translate} t
 */
export const title = (run, t) => t(run.losses.size > 1 ? "stage.title.sum" : "stage.title");

/**
 * What clipping does, in a few words; nothing where nothing is to be clipped.
 * @param {Run} run
 * @param {Translate} t
 */
export function clipping({ end }, t) {
  if (!end?.clip) return "";
  const { log10_factor } = end.clip;
  if (log10_factor === 0) return t("status.unclipped");
  return t("status.clipped", { factor: power(log10_factor) });
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
  if (first === null) return false;
  const [measured, fitted] = [first - own, rate.log10_factor * (T - 1)];
  return Math.abs(measured - fitted) <= Math.max(Math.abs(measured), Math.abs(fitted)) / 2;
}
