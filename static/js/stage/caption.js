/**
 * One sentence about the timestep at the playhead.
 *
 * @typedef {import("../run/run.js").Run} Run
 * @typedef {import("../text/format.js").Translate} Translate
 *
 * @typedef {object} Why  what multiplies the last loss's gradient on each step back from t
 * @property {number[]} timesteps  t
 * @property {(number | null)[]} log10_ratio
 * @property {Record<string, number[]>} log10_factors
 * @property {Record<string, number[]>} shares
 * @property {import("./draw/paint.js").Shares | null} paths
 */
import { reason } from "../equation/step-reason.js";
import { moment } from "../playback/playhead.js";
import { arrivesAt, gradientOf } from "../run/arriving-gradient.js";
import { fold, forward, idle, overflow } from "../run/forward-caption.js";
import { arrival, isCut, isWeightless, leadsBack } from "../run/gradient-paths.js";
import { ofLevel } from "../run/level-name.js";
import { isHighest, levelAt, levelEntering } from "../run/levels.js";
import { asRead, inTime, toldInTime } from "../run/reading-order.js";
import { attends, isRecorded, lastTimestep, sentFrom } from "../run/run.js";
import { lossAmount, normAmount, percent, share, significant, TWICE } from "../text/format.js";
import { told } from "../text/sentence.js";

/**
 * @param {Run} whole
 * @param {number} position
 * @param {boolean} folded
 * @param {Why | null} why
 * @param {Translate} told
 * @param {number | null} [chosen]  the timestep whose numbers are shown
 * @param {typeof ofLevel} [named]  a sentence about what is in front, after its name
 */
export function caption(whole, position, folded, why, told, chosen = null, named = ofLevel) {
  return captionOf(asRead(whole), position, folded, why, toldInTime(whole, told), chosen, named);
}

/**
 * The same of a run in its reading order.
 * @param {Run} run
 * @param {number} position
 * @param {boolean} folded
 * @param {Why | null} why
 * @param {Translate} t
 * @param {number | null} chosen
 * @param {typeof ofLevel} named
 */
export function captionOf(run, position, folded, why, t, chosen, named) {
  const { phase, t: at } = moment(position, run.T);
  if (folded && (phase === "idle" || phase === "done")) return fold(run, t);
  const known = {
    idle: run.forwardTo === run.T,
    forward: at <= run.forwardTo,
    loss: run.losses.size > 0,
    backward: at >= run.backwardFrom,
    done: false,
  }[phase];
  if (!known && !run.end) return t("caption.computing");
  if (phase === "idle") return idle(run, t);
  if (phase === "forward") return named(run, t, forward(run, at, t));
  if (run.losses.size === 0) return t("caption.no_loss");
  if (phase === "loss") return loss(run, t);
  return named(run, t, phase === "done" ? done(run, chosen, t) : backward(run, at, why, t));
}

/**
 * @param {Run} run
 * @param {Translate} t
 */
function loss(run, t) {
  const [[at, value], ...others] = run.losses;
  const target = run.targets[at - 1];
  const losses = run.targets.filter((each) => each >= 0).length;
  if (isRecorded(run)) return t("caption.loss.recorded", { count: losses });
  if (losses > 1) {
    const count = run.losses.size;
    const sum = lossAmount(others.reduce((total, [, each]) => total + each, value));
    if (count < losses) {
      const from = lastTimestep(run) + 1;
      return t("caption.loss.reached", { count, sum, from });
    }
    return t(run.numbers ? "caption.loss.sum.numbers" : "caption.loss.sum", { count, sum });
  }
  if (run.numbers) {
    const token = run.vocabulary[target];
    return t("caption.loss.number", { token, loss: lossAmount(value) });
  }
  const p = percent(run.probabilities.get(at)?.[target] ?? 0);
  return t("caption.loss", { token: told(run.vocabulary[target]), p, loss: lossAmount(value) });
}

/**
 * The reach of the gradient and the effect of clipping, or else a hint for the next action.
 * @param {Run} run
 * @param {number | null} chosen
 * @param {Translate} t
 */
function done(run, chosen, t) {
  const { how, t: at } = arrival(run);
  const ends = t(`caption.done.${how}`, { t: at, first: 1 });
  if (how === "none") return ends;
  const more = clipped(run, t) || (chosen ? "" : t("caption.done"));
  return more ? ends + t("language.gap") + more : ends;
}

/**
 * The effect of clipping on the gradient of the weights; empty if clipping is off.
 * @param {Run} run
 * @param {Translate} t
 */
export function clipped({ end, experiment }, t) {
  if (!end?.clip) return "";
  const { log10_norm, log10_factor } = end.clip;
  const limit = significant(experiment.clip_norm);
  const norm = normAmount(log10_norm ?? -Infinity);
  return t(log10_factor < 0 ? "caption.clipped" : "caption.unclipped", { norm, limit });
}

/**
 * @param {Run} run
 * @param {number} at
 * @param {Why | null} why
 * @param {Translate} t
 */
function backward(run, at, why, t) {
  if (at > lastTimestep(run)) return overflow(run, t);
  const s = sentFrom(run);
  const blanks = { t: at, next: at + 1, s, gradient: gradientOf(run, t) };
  const log10 = run.log10Share[at - 1];
  const fromAbove = ofLoss(run, at, blanks, t);
  if (fromAbove) return fromAbove;
  const cut = noPath(run, at, blanks, t);
  if (cut) return cut;
  const i = why ? why.timesteps.indexOf(at + 1) : -1;
  if (!why || i < 0) {
    if (log10 === -Infinity) return t("caption.backward.cut", blanks);
    return arrives(run, at, t);
  }
  // beside the two paths of a gate there is no room in two lines for more
  const seen = attends(run) && at <= run.encoder;
  if (seen && why.shares.carry) return arrives(run, at, t);
  const many = run.losses.size > 1;
  const step = why.log10_ratio[i];
  if (step === null) return t(many ? "caption.backward.cut.of" : "caption.backward.cut", blanks);
  const times = step > TWICE;
  const ratio = times ? significant(10 ** step) : share(step, t);
  const inside = many ? "caption.backward.of" : "caption.backward";
  const below = isHighest(run) ? inside : "caption.backward.below";
  const key = (seen ? "caption.backward.seen" : below) + (times ? ".times" : "");
  const sentence = t(key, { ...blanks, ratio }) + reason(run, why, i, step, t);
  return [sentence, ...(why.shares.carry ? [] : onTop(run, at, t))].join(t("language.gap"));
}

/**
 * The gradient at a timestep beside the part that comes from the next one, in a sentence, if any.
 * @param {Run} run
 * @param {number} at
 * @param {Translate} t
 */
function onTop(run, at, t) {
  if (attends(run)) return at <= run.encoder ? [t("caption.backward.seen.more")] : [];
  const none = isHighest(run) || levelEntering(run, levelAt(run), inTime(run, at)) === -Infinity;
  return none ? [] : [t("caption.backward.below.more", { above: run.layer + 1 })];
}

/**
 * The gradient that a timestep has from its loss, or from the layer above, and not from the next
 * timestep; empty where it is on the way back.
 * @param {Run} run
 * @param {number} at
 * @param {{s: number} & Record<string, unknown>} blanks
 * @param {Translate} t
 */
function ofLoss(run, at, blanks, t) {
  const { s } = blanks;
  const here = run.log10Share[at - 1] > -Infinity;
  const above = run.layer < run.layers ? run.layer + 1 : 0;
  if (at > s && s && here) return arrives(run, at, t);
  if (at > s) return t(s ? "caption.backward.after" : "caption.backward.unreached", blanks);
  if (at === s) {
    if (above) return t("caption.backward.first.below", { ...blanks, above });
    const all = run.loss === "all" && run.losses.size > 1;
    return t(all ? "caption.backward.first.all" : "caption.backward.first", blanks);
  }
  if (above && here && !leadsBack(run, at + 1)) {
    return t("caption.backward.from_above", { ...blanks, above });
  }
  const own = run.loss === "all" && run.losses.has(at) && (!run.recurrent || isCut(run, at + 1));
  return own ? t("caption.backward.own", blanks) : "";
}

/**
 * The reason that no gradient of a hidden state comes from the next timestep; empty where some may.
 * @param {Run} run
 * @param {number} at
 * @param {Record<string, unknown>} blanks
 * @param {Translate} t
 */
function noPath(run, at, blanks, t) {
  if (!run.recurrent) {
    const [token, earlier] = [run.tokens[at], run.tokens[at - 1]].map(told);
    return run.tokens[at]
      ? t("caption.backward.alone", { ...blanks, token, earlier })
      : t("caption.backward.apart", blanks);
  }
  if (isCut(run, at + 1)) return t("caption.backward.truncated", blanks);
  if (isWeightless(run)) {
    const cell = run.end?.arrives.cell?.reaches ?? Infinity;
    if (cell <= at) return t("caption.backward.cell", blanks);
    return t(run.cellState ? "caption.backward.cut" : "caption.backward.zero", blanks);
  }
  return "";
}

/**
 * The share that arrives at a timestep, in a sentence.
 * @param {Run} run
 * @param {number} at
 * @param {Translate} t
 */
const arrives = (run, at, t) =>
  arrivesAt(run, run.log10Share[at - 1], t("caption.at", { t: at }), t) + t("language.stop");
