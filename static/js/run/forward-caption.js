/**
 * The sentences about a timestep on the way forward, and before it.
 *
 * @typedef {import("./run.js").Run} Run
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { isWeightless } from "./gradient-paths.js";
import { learner, levelName, readFrom } from "./level-name.js";
import { isDeep } from "./levels.js";
import { lastTimestep } from "./run.js";
import { told } from "../text/sentence.js";

/**
 * @param {Run} run
 * @param {Translate} t
 */
export function idle(run, t) {
  const last = lastTimestep(run);
  if (last < 1) return overflow(run, t);
  if (run.T === 1) return t("caption.idle.single");
  if (run.reverse) return t("caption.idle.layers", { last, name: levelName(run, run, t) });
  const kind = run.tokens[1] ? "caption.idle" : "caption.idle.first";
  return t(kind, { last, token: told(run.tokens[0]) });
}

/**
 * @param {Run} run
 * @param {Translate} t
 */
export const overflow = (run, t) =>
  run.directions > 1
    ? t("caption.overflow.layers")
    : t("caption.overflow", { from: lastTimestep(run) + 1 });

/**
 * Explains the network when its chain is folded.
 * @param {Run} run
 * @param {Translate} t
 */
export function fold(run, t) {
  const { T: last, encoder } = run;
  if (isDeep(run)) return foldOfLayers(run, t);
  const kind = encoder ? "caption.folded.two" : last > 1 ? "caption.folded" : "caption.folded.once";
  const apart = run.recurrent || kind === "caption.folded.once" ? "" : t("language.gap") +
    t("caption.folded.apart");
  const goesOn = run.recurrent && last > 1 ? t("language.gap") + t("caption.folded.loop") : "";
  return t(kind, { last, encoder, decoder: last - encoder }) + apart + goesOn;
}

/**
 * Explains a network of several cells when the chain of the one in front is folded.
 * @param {Run} run
 * @param {Translate} t
 */
function foldOfLayers(run, t) {
  const cells = run.layers * run.directions;
  const words = t("caption.folded.layers", { cells, last: run.T, name: levelName(run, run, t) });
  return run.recurrent ? words : words + t("language.gap") + t("caption.folded.apart");
}

/**
 * @param {Run} run
 * @param {number} at
 * @param {Translate} t
 */
export function forward(run, at, t) {
  if (at > lastTimestep(run)) return overflow(run, t);
  const [token, earlier] = [at - 1, at - 2].map((i) => told(run.tokens[i] ?? ""));
  const blanks = { t: at, token, before: at - 1, who: learner(run, t) };
  const states = readFrom(run, t);
  if (states) return above(run, { ...blanks, states }, t);
  if (at === 1) {
    return t(run.recurrent ? "caption.forward.first" : "caption.forward.first_alone", blanks);
  }
  const reads = Boolean(run.tokens[at - 1]);
  if (isAlone(run)) {
    const why = whyAlone(run, t);
    return reads
      ? t("caption.forward.alone", { ...blanks, earlier, why })
      : t("caption.forward.nothing_alone", { ...blanks, why });
  }
  if (!reads) return t("caption.forward.nothing", blanks);
  return t(isZero(run, at - 1) ? "caption.forward.empty" : "caption.forward", blanks);
}

/**
 * A timestep of a layer that reads no tokens, but the states of the one below.
 * @param {Run} run
 * @param {{t: number, before: number, states: string, who: string}} blanks
 * @param {Translate} t
 */
function above(run, blanks, t) {
  if (blanks.t === 1) {
    const alone = "caption.forward.above.first_alone";
    return t(run.recurrent ? "caption.forward.above.first" : alone, blanks);
  }
  if (isAlone(run)) return t("caption.forward.above.alone", { ...blanks, why: whyAlone(run, t) });
  const empty = isZero(run, blanks.before);
  return t(empty ? "caption.forward.above.empty" : "caption.forward.above", blanks);
}

/**
 * Whether nothing leads from one timestep to the next.
 * @param {Run} run
 */
const isAlone = (run) => !run.recurrent || (isWeightless(run) && !run.cellState);

/**
 * @param {Run} run
 * @param {Translate} t
 */
const whyAlone = (run, t) => t(run.recurrent ? "caption.why.zero" : "caption.why.no_memory");

/**
 * Whether a state holds nothing.
 * @param {Run} run
 * @param {number} at
 */
function isZero({ hidden, cellState, H }, at) {
  /** @param {Float32Array | null} states */
  const zero = (states) => !states?.subarray((at - 1) * H, at * H).some((value) => value !== 0);
  return zero(hidden) && zero(cellState);
}
