/**
 * One plain sentence about what is happening at the playhead.
 *
 * @typedef {import("./run.js").Run} Run
 * @typedef {import("./format.js").Translate} Translate
 *
 * @typedef {object} Why  what multiplies the last loss's gradient on each step back from t
 * @property {number[]} timesteps  t
 * @property {(number | null)[]} log10_ratio
 * @property {Record<string, number[]>} log10_factors
 * @property {Record<string, number[]>} shares
 * @property {import("./stage/paint.js").Shares | null} paths
 */
import { percent, power, significant } from "./format.js";
import { lastTimestep } from "./run.js";
import { moment } from "./player.js";
import { saturation } from "./saturation.js";
import { told } from "./sentence.js";

/** Below this the gradient has shrunk in a step back; above its inverse, grown. */
const UNCHANGED = 0.97;
/** From this share on, a path carries most of the gradient. */
const MOST = 0.5;

/**
 * @param {Run} run
 * @param {number} position
 * @param {boolean} folded
 * @param {Why | null} why
 * @param {Translate} t
 */
export function caption(run, position, folded, why, t) {
  const { phase, t: at } = moment(position, run.T);
  if (phase === "idle") return t(folded ? "caption.folded" : "caption.idle", { last: run.T });
  if (phase === "forward") return forward(run, at, t);
  if (run.losses.size === 0) return t("caption.no_loss");
  if (phase === "loss") return loss(run, t);
  if (phase === "done") return t(folded ? "caption.folded" : "caption.done", { last: run.T });
  return backward(run, at, why, t);
}

/**
 * @param {Run} run
 * @param {number} at
 * @param {Translate} t
 */
function forward(run, at, t) {
  if (at > lastTimestep(run)) return t("caption.overflow", { t: at });
  const token = told(run.tokens[at - 1]);
  const blanks = { t: at, token, before: at - 1 };
  if (!run.recurrent) {
    const earlier = at > 1 ? told(run.tokens[at - 2]) : "";
    return t(at > 1 ? "caption.forward.alone" : "caption.forward.first_alone", {
      ...blanks,
      earlier,
    });
  }
  if (at === 1) return t("caption.forward.first", blanks);
  return t(run.tokens[at - 1] ? "caption.forward" : "caption.forward.nothing", blanks);
}

/**
 * @param {Run} run
 * @param {Translate} t
 */
function loss(run, t) {
  const [[at, value], ...others] = run.losses;
  if (others.length) {
    const sum = others.reduce((total, [, each]) => total + each, value);
    return t("caption.loss.sum", { count: run.losses.size, sum: significant(sum) });
  }
  const target = run.targets[at - 1];
  if (run.numbers) {
    const token = run.vocabulary[target];
    return t("caption.loss.number", { token, loss: significant(value) });
  }
  const p = run.probabilities.get(at)?.[target] ?? 0;
  return t("caption.loss", {
    token: told(run.vocabulary[target]),
    p: percent(p),
    loss: significant(value),
  });
}

/**
 * @param {Run} run
 * @param {number} at
 * @param {Why | null} why
 * @param {Translate} t
 */
function backward(run, at, why, t) {
  const log10 = run.log10Gradient[at - 1];
  const last = Math.max(...run.losses.keys());
  if (at === last) return t("caption.backward.first", { t: at, norm: power(log10) });
  if (at > last) return t("caption.backward.none", { t: at, last });
  const blanks = { t: at, next: at + 1, norm: power(log10) };
  if (!run.recurrent) {
    const [token, earlier] = [run.tokens[at], run.tokens[at - 1]].map(told);
    return t("caption.backward.alone", { ...blanks, token, earlier });
  }
  const i = why ? why.timesteps.indexOf(at + 1) : -1;
  if (!why || i < 0) {
    const key = log10 === -Infinity ? "caption.backward.cut" : "caption.backward.norm";
    return t(key, blanks);
  }
  const step = why.log10_ratio[i];
  if (step === null) return t("caption.backward.cut", blanks);
  const sentence = t(run.losses.size > 1 ? "caption.backward.last" : "caption.backward", {
    ...blanks,
    ratio: significant(10 ** step),
  });
  return sentence + reason(run, why, i, step, t);
}

/**
 * @param {Run} run
 * @param {Why} why
 * @param {number} i
 * @param {number} step
 * @param {Translate} t
 */
function reason(run, { log10_factors, shares }, i, step, t) {
  if (shares.carry) {
    const key = shares.carry[i] >= MOST ? "carry" : "recurrent";
    const gate = t(`caption.gate.${run.carry}`);
    return t(`caption.reason.${key}`, { share: percent(shares[key][i]), gate });
  }
  const way = Math.sign(step);
  if (Math.abs(step) < -Math.log10(UNCHANGED)) return t("caption.reason.same");
  const factors = Object.entries(log10_factors).map((
    [name, log10s],
  ) => /** @type {const} */ ([name, log10s[i]]));
  const [name, log10] = factors.reduce((most, each) => each[1] * way > most[1] * way ? each : most);
  const { activation } = run.experiment;
  const less = name === "saturation" ? saturation(String(activation), log10) : "less";
  return t(`caption.reason.${name}.${way > 0 ? "more" : less}`, {
    factor: significant(10 ** log10),
    activation: t(`choice.activation.${activation}`),
  });
}
