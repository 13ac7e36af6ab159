/** The reason that a step back shrinks the gradient or makes it grow, in words. */
import { percent, share, significant } from "../text/format.js";
import { saturation } from "./saturation.js";

/** Below this the gradient has shrunk in a step back; above its inverse, grown. */
const UNCHANGED = 0.97;
/** From this share on, a path carries most of the gradient. */
const MOST = 0.5;

/**
 * The largest part of a step's factor, or of a gated cell's two paths: the end of a sentence.
 * @param {import("../run/run.js").Run} run
 * @param {import("../stage/caption.js").Why} why
 * @param {number} i
 * @param {number} step
 * @param {import("../text/format.js").Translate} t
 */
export function reason(run, why, i, step, t) {
  const { log10_factors, shares } = why;
  if (shares.carry) {
    const key = shares.carry[i] >= MOST ? "carry" : "recurrent";
    const gate = t(`caption.gate.${run.carry}`);
    const blanks = { next: why.timesteps[i], share: percent(shares[key][i]), gate };
    return t(`caption.reason.${key}`, blanks);
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
    factor: way > 0 ? significant(10 ** log10) : share(log10, t),
    activation: t(`choice.activation.${activation}`),
  });
}
