/**
 * The pace of a gradient on its way back, in words: where one describes the whole of it.
 *
 * @typedef {import("./run.js").Run} Run
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { significant, TWICE } from "../text/format.js";
import { averageStep } from "./arriving-gradient.js";
import { asRead } from "./reading-order.js";
import { sentFrom } from "./run.js";

/** log10 of the least factor per timestep that is mentioned. */
const LEAST_PACE = 1e-3;
/** The part, one in so many, of its rise or fall by which a straight way back may be off. */
const STRAIGHT = 3;

/**
 * The half-life, or the time to double, where one pace describes the whole way, or all of it after a
 * first step that loses more: that into a gated cell.
 * @param {Run} whole
 * @param {Translate} t
 */
export function pace(whole, t) {
  const run = asRead(whole);
  if (!run.end?.rate?.half_life || !run.recurrent) return "";
  const rest = afterLoss(run);
  if (!steady(run, rest !== null)) return "";
  const step = averageStep(run);
  const [key, value] = rest
    ? ["status.half_life.then", -TWICE / rest]
    : [step < 0 ? "status.half_life" : "status.doubling", Math.abs(TWICE / step)];
  const shown = significant(value);
  return t(key, { value: shown === "1" ? "1.0" : shown }); // "1.0 steps"
}

/**
 * log10 of the factor a timestep after the first step back, where that step loses more than twice as
 * much; else null.
 * @param {Run} run
 */
function afterLoss(run) {
  const [s, shares] = [sentFrom(run), run.log10Share];
  if (run.loss === "all" || s < 4) return null;
  const rest = (shares[0] - shares[s - 2]) / (s - 2);
  const first = shares[s - 2] - shares[s - 1];
  return rest < -LEAST_PACE && first < rest - TWICE ? rest : null;
}

/**
 * Whether the fitted factor makes of the whole way about what was measured, and the shares fall or
 * rise in a straight line.
 * @param {Run} run
 * @param {boolean} later  whether the line begins after the first step
 */
function steady(run, later) {
  const { rate, arrives: { first } } =
    /** @type {import("../net/frame-types.d.ts").End} */ (run.end);
  if (first === null || !rate) return false;
  const fitted = rate.log10_factor * (sentFrom(run) - 1);
  return Math.abs(first - fitted) <= Math.max(Math.abs(first), Math.abs(fitted)) / 2 &&
    straight(run.log10Share.subarray(0, sentFrom(run) - Number(later)));
}

/**
 * Whether shares lie near the straight line, in powers of ten, from the first to the last.
 * @param {Float64Array} shares
 */
function straight(shares) {
  const [last, n] = [shares[shares.length - 1], shares.length - 1];
  const whole = shares[0] - last;
  return shares.every((each, i) =>
    Math.abs(each - last - (whole * (n - i)) / n) <= Math.abs(whole) / STRAIGHT
  );
}
