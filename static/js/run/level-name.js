/**
 * The layer and the direction that are in front, in words; of a network of one layer there are none.
 *
 * @typedef {import("./run.js").Run} Run
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { isDeep } from "./levels.js";

/**
 * The name of a layer, in its direction where there are two.
 * @param {Pick<Run, "layers" | "directions">} run
 * @param {{layer: number, reverse: boolean}} level
 * @param {Translate} t
 */
export function levelName({ layers, directions }, { layer, reverse }, t) {
  if (directions === 1) return t("layers.name", { layer });
  if (layers > 1) return t(reverse ? "layers.name.reverse" : "layers.name.forward", { layer });
  return t(reverse ? "layers.name.only.reverse" : "layers.name.only.forward");
}

/**
 * A sentence about what is in front, after its name.
 * @param {Run} run
 * @param {Translate} t
 * @param {string} sentence
 */
export function ofLevel(run, t, sentence) {
  if (!sentence || !isDeep(run)) return sentence;
  return t("layers.of", { name: levelName(run, run, t) }) + t("language.gap") + sentence;
}

/**
 * The one that learns and remembers, within a sentence: the network, or of several layers the one in
 * front.
 * @param {Run} run
 * @param {Translate} t
 */
export function learner(run, t) {
  if (!isDeep(run)) return t("learner.network");
  return t(run.directions > 1 ? "learner.direction" : "learner.layer");
}

/**
 * The states that the layer in front reads, within a sentence; null where it reads the tokens.
 * @param {Run} run
 * @param {Translate} t
 */
export function readFrom({ layer, directions }, t) {
  if (!(layer > 1)) return null;
  return t(directions > 1 ? "layers.reads.both" : "layers.reads", { below: layer - 1 });
}
