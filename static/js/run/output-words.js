/**
 * The sentences about an output: what it predicts and should, and which states it reads.
 *
 * @typedef {import("./run.js").Run} Run
 * @typedef {{run: Run, forwardTo: number, loss: boolean}} Seen  how far it has been played: to a timestep
 *   of the forward pass, and whether to the loss
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { percent } from "../text/format.js";
import { told } from "../text/sentence.js";
import { prediction } from "./run.js";

/**
 * As much as has been played.
 * @param {Seen} seen
 * @param {number} at
 * @param {Translate} t
 */
export const ofOutput = (seen, at, t) =>
  [predicted(seen, at, t), ...looks(seen, at, t), ...bothEnds(seen, at, t)]
    .join(t("language.gap"));

/**
 * The prediction once the state is there, and the target once the loss is met.
 * @param {Seen} seen
 * @param {number} at
 * @param {Translate} t
 */
function predicted({ run, forwardTo, loss }, at, t) {
  if (run.targets[at - 1] < 0) return t("explain.output.none", { t: at });
  const target = told(run.vocabulary[run.targets[at - 1]]);
  const said = prediction(run, at);
  if (at > forwardTo || (!said && !loss)) return t("explain.output.unsaid", { t: at });
  if (!said) return t("explain.output.recorded", { t: at });
  const blanks = {
    t: at,
    prediction: told(said.word),
    p: percent(said.p ?? 0),
    target,
  };
  if (run.numbers) return t(loss ? "explain.output.number" : "explain.output.number.said", blanks);
  return t(loss ? "explain.output" : "explain.output.said", blanks);
}

/**
 * The state of an encoder that an output looks at most, once it has been computed.
 * @param {Seen} seen
 * @param {number} at
 * @param {Translate} t
 */
function looks({ run, forwardTo }, at, t) {
  const weights = at > forwardTo ? undefined : run.attention.get(at);
  if (!weights) return [];
  const [most] = [...weights.entries()].reduce((a, b) => b[1] > a[1] ? b : a);
  const blanks = { most: most + 1, token: told(run.tokens[most]), share: percent(weights[most]) };
  return [t("explain.output.looks", blanks)];
}

/**
 * The states that an output reads of two directions: those at their ends, where there is one alone.
 * @param {Seen} seen
 * @param {number} at
 * @param {Translate} t
 */
function bothEnds({ run: { directions, targets, experiment, T } }, at, t) {
  if (!(directions > 1) || targets[at - 1] < 0) return [];
  const alone = targets.filter((target) => target >= 0).length === 1 && !experiment.checkpoint;
  return [t(alone ? "explain.output.ends" : "explain.output.both", { end: T })];
}
