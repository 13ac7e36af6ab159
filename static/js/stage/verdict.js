/** The verdict on a run, in words: of the loss that is drawn. */
import { arrivesAt, gradientOf, inputShare, isShared, ofInput } from "../run/arriving-gradient.js";
import { isWeightless, lastCut } from "../run/gradient-paths.js";
import { learner, ofLevel } from "../run/level-name.js";
import { asRead, toldInTime } from "../run/reading-order.js";
import { lastTimestep, sentFrom } from "../run/run.js";
import { power, share } from "../text/format.js";
import { told } from "../text/sentence.js";
import { clipped } from "./caption.js";

/** log10 of a share from which nothing can be learned. */
const GONE = -4;

/**
 * @typedef {import("../run/run.js").Run} Run
 * @typedef {import("../text/format.js").Translate} Translate
 */

/**
 * @param {Run} run  that has ended
 * @param {Translate} t
 * @returns {{word: string, sentence: string}}
 */
export function verdict(run, t) {
  const read = asRead(run);
  if (!read.end) throw new Error("the run has not ended");
  const { word, sentence } = judged(read, read.end, toldInTime(run, t));
  return { word: ofLevel(run, t, word), sentence };
}

/**
 * @param {Run} run
 * @param {NonNullable<Run["end"]>} end
 * @param {Translate} t
 * @returns {{word: string, sentence: string}}
 */
function judged(run, end, t) {
  const { loss } = run;
  const { arrives, verdict: kind, diverged_at: diverged } = end;
  const s = sentFrom(run);
  if (diverged && kind === "none") {
    const where = run.directions > 1 ? "verdict.diverged_at.layers" : "verdict.diverged_at";
    return { word: t("verdict.diverged"), sentence: t(where, { t: diverged }) };
  }
  if (run.vocabulary.length === 1 && !run.numbers) {
    return { word: t("verdict.zero"), sentence: t("verdict.one_symbol") };
  }
  if (kind === "none") return ended(run, s, t);
  const word = t(`verdict.${isTrained(run) ? trainedKind(kind, arrives) : kind}`);
  if (run.T === 1) return { word, sentence: t("verdict.single") };
  if (s === 1) return { word, sentence: t("verdict.own", { first: 1 }) };
  if (loss === "all" && (!run.recurrent || isWeightless(run))) {
    return { word, sentence: t("verdict.apart") };
  }
  const after = diverged ? t("language.gap") + t("verdict.diverged_after", { t: diverged }) : "";
  return { word, sentence: arrived(run, arrives, t) + after };
}

/**
 * Whether a network has its weights from a training here: its gradient shrinks or grows, and no
 * effect on what is learnt is named. That of a user's file is judged as any other.
 * @param {Run} run
 */
const isTrained = ({ experiment, madeBy }) =>
  Boolean(experiment.checkpoint) && !("file" in Object(madeBy.checkpoint));

/**
 * @param {string} kind  of verdict
 * @param {Record<string, any>} arrives
 */
const trainedKind = (kind, { first }) =>
  `trained.${kind === "vanishing" && first < GONE ? "gone" : kind}`;

/**
 * The share that arrives at t = 1, and its meaning for learning. Where the hidden state that is drawn
 * is not all that carries the gradient, the inputs tell what can be learned of them.
 * @param {Run} run
 * @param {Record<string, any>} arrives
 * @param {Translate} t
 */
function arrived(run, { first, cell }, t) {
  const words = arrivesAt(run, first, firstOf(run, t), t);
  const ofInputs = inputShare(run, 1);
  if (ofInputs !== null) {
    return words + t("language.stop") + t("language.gap") +
      ofInput(t(`first.input.${unitOf(run)}`), ofInputs, t);
  }
  const { verdict: kind } = /** @type {import("../net/frame-types.d.ts").End} */ (run.end);
  if (cell && cell.verdict !== kind) {
    return words + t("verdict.means.cell", { share: share(cell.first ?? -Infinity, t) });
  }
  if (run.experiment.checkpoint) return words + t("language.stop");
  return words + t(`verdict.means.${first < GONE ? "gone" : kind}`, { who: learner(run, t) });
}

/**
 * Where the gradient ends, and why.
 * @param {Run} run
 * @param {number} s
 * @param {Translate} t
 * @returns {{word: string, sentence: string}}
 */
function ended(run, s, t) {
  if (!run.recurrent) {
    return { word: t("verdict.none"), sentence: t("verdict.no_memory", { s }) };
  }
  const { arrives } = /** @type {import("../net/frame-types.d.ts").End} */ (run.end);
  const reaches = arrives.reaches ?? 0;
  const furthest = Math.min(reaches, arrives.cell?.reaches ?? reaches);
  if (furthest === 1) {
    return { word: t("verdict.cell.word"), sentence: t("verdict.cell", { s: reaches, first: 1 }) };
  }
  const word = t(furthest < s ? "verdict.ended" : "verdict.none");
  const gradient = gradientOf(run, t);
  if (lastCut(run) === furthest) {
    return { word, sentence: t("verdict.truncated", { gradient, reaches: furthest }) };
  }
  if (isWeightless(run)) return { word, sentence: t("verdict.weightless", { s }) };
  return { word, sentence: t("verdict.dead", { gradient, t: furthest - 1 }) };
}

/**
 * The input of the first timestep, within a sentence; its hidden state, where that is not all that
 * carries the gradient.
 * @param {Run} run
 * @param {Translate} t
 */
const firstOf = (run, t) =>
  isShared(run)
    ? t("first.state", { first: 1 })
    : t(`first.${unitOf(run)}`, { token: told(run.tokens[0]) });

/**
 * The input of a timestep.
 * @param {Run} run
 */
const unitOf = ({ experiment }) => experiment.checkpoint ? "step" : experiment.tokens ?? "step";

/**
 * The question that the picture answers.
 * @param {Run} run
 * @param {Translate} t
 */
export const title = (run, t) =>
  ofLevel(run, t, t(`stage.title.${isShared(run) ? "state" : unitOf(run)}`));

/**
 * The picture in words: the verdict, and where most and least of the gradient arrives.
 * @param {Run} run  that has ended
 * @param {Translate} t
 */
export function story(run, t) {
  const { word, sentence } = verdict(run, t);
  const { log10Share } = run; // in the order of the sequence
  const gap = t("language.gap");
  const there = [...log10Share.keys()].filter((i) => log10Share[i] > -Infinity);
  if (!there.length) return word + gap + sentence;
  /** @param {number} sign */
  const extreme = (sign) =>
    there.reduce((best, i) => sign * log10Share[i] > sign * log10Share[best] ? i : best);
  const [most, least] = [extreme(1), extreme(-1)];
  const others = run.T - there.length;
  const some = there.length > 1 ? "stage.story.some" : "stage.story.one";
  const words = t(others ? some : "stage.story", {
    count: there.length,
    others,
    last: run.T,
    most: most + 1,
    largest: share(log10Share[most], t),
    least: least + 1,
    smallest: share(log10Share[least], t),
  });
  return [word, sentence, words, clipped(run, t)].filter(Boolean).join(gap);
}

/**
 * Every verdict on a run like this one, with blanks, at any scale.
 * @param {Run} run
 * @param {Translate} t
 */
export function sayable(run, t) {
  const words = [
    "vanishing",
    "arriving",
    "exploding",
    "none",
    ...isTrained(run) ? ["trained.gone"] : [],
  ];
  const word = words.map((each) => t(`verdict.${each}`))
    .reduce((longest, each) => each.length > longest.length ? each : longest);
  const begun = t.texts(run.loss === "all" ? /^arrives\.all\./ : /^arrives\.one\./);
  const ends = inputShare(run, 1) === null
    ? t.texts(run.cellState ? /^verdict\.means\./ : /^verdict\.means\.(?!cell)/)
    : t.texts(/^verdict\.input\./).map((text) => t("language.stop") + t("language.gap") + text);
  const whole = t.texts(/^verdict\.(no_memory|one_symbol|truncated|weightless|dead|diverged_at)$/);
  return [...begun.flatMap((text) => ends.map((end) => text + end)), ...whole]
    .map((text) =>
      ofLevel(run, t, word) + t("language.gap") +
      text.replaceAll("{s}", String(lastTimestep(run)))
    );
}

/** As long as a share can be. */
const LONGEST = "1/880,000,000";

/**
 * Texts that fill their blanks and are no short numbers.
 * @param {Run} run
 * @param {Translate} t
 */
export const blanksOf = (run, t) => ({
  share: LONGEST,
  gradient: gradientOf(run, t),
  where: firstOf(run, t),
  input: t(`first.input.${unitOf(run)}`),
  who: learner(run, t),
});

/**
 * The effect of clipping in a few words; empty if clipping is off.
 * @param {Run} run
 * @param {Translate} t
 */
export function clipping({ end }, t) {
  if (!end?.clip) return "";
  const { log10_factor } = end.clip;
  if (log10_factor === 0) return t("status.unclipped");
  return t("status.clipped", { factor: power(log10_factor) });
}
