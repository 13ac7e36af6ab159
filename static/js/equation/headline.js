/**
 * The sentences above the equation of a timestep.
 *
 * @typedef {import("../run/run.js").Run} Run
 * @typedef {import("../text/format.js").Translate} Translate
 * @typedef {import("./request.js").Answer} Answer
 */
import { ofLevel } from "../run/level-name.js";
import { inTime } from "../run/reading-order.js";

/** The start of the array that attention sends back. */
const ATTENTION = "\\frac{\\partial L}{\\partial \\tilde{h}}";

/**
 * The summary of a timestep, and the units that are shown.
 * @param {Run} run
 * @param {Answer} answer
 * @param {boolean} backward
 * @param {Translate} t
 */
export function headline(run, { timestep, units, arrays, backward: back }, backward, t) {
  const blanks = { t: timestep, prev: before(run, timestep) };
  const sentences = [];
  if (backward && back) {
    sentences.push(t(back.ends ? `step.backward.${back.ends}` : "step.backward", blanks));
    const terms = back.lines.flatMap((line) => line.terms);
    const fromAbove = terms.some(({ array }) => array?.startsWith("W_{xh}^"));
    const attention = terms.some(({ array }) => array?.startsWith(ATTENTION));
    if (attention) sentences.push(t("step.backward.attention"));
    if (fromAbove) sentences.push(t("step.backward.above", { above: run.layer + 1 }));
  } else {
    const kind = run.recurrent ? (inTime(run, timestep) > 1 ? "" : ".first") : ".no_memory";
    sentences.push(t(`step.forward${kind}`, blanks));
    if ("\\alpha_{tj}" in arrays) {
      sentences.push(t("step.forward.attention", { last: run.encoder }));
    }
  }
  if (units.length > 1 && units[1] > 2) {
    sentences.push(t("step.sampled", { every: units[1] - units[0] }));
  }
  return ofLevel(run, t, sentences.join(t("language.gap")));
}

/**
 * The timestep that was read before: the next one, of a cell that reads from the end.
 * @param {Run} run
 * @param {number} timestep
 */
export const before = ({ reverse }, timestep) => timestep + (reverse ? 1 : -1);
