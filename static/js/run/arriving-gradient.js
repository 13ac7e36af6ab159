/**
 * The part of a gradient that arrives, in words: of the loss that is drawn.
 *
 * @typedef {import("./run.js").Run} Run
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { share, TWICE } from "../text/format.js";
import { isDeep } from "./levels.js";
import { sentFrom } from "./run.js";

/**
 * The loss whose gradient is drawn, within a sentence.
 * @param {Run} run
 * @param {Translate} t
 */
export function gradientOf({ loss, losses }, t) {
  if (losses.size < 2) return t("gradient.one");
  if (loss === "all") return t("gradient.all");
  if (loss === Math.max(...losses.keys())) return t("gradient.last");
  return t("gradient.at", { s: loss });
}

/**
 * The share of the gradient that arrives at a timestep: a sentence without its stop.
 * @param {Run} run
 * @param {number} log10  of the share
 * @param {string} where  within a sentence
 * @param {Translate} t
 */
export function arrivesAt(run, log10, where, t) {
  const blanks = { share: share(log10, t), gradient: gradientOf(run, t), where, s: sentFrom(run) };
  const size = log10 > TWICE ? "times" : "part";
  const words = t(`arrives.${run.loss === "all" ? "all" : "one"}.${size}`, blanks);
  return capital(words);
}

/**
 * Whether the gradient goes back by more than the hidden state that is drawn: by a cell state, or by
 * other layers.
 * @param {Pick<Run, "cellState" | "layers" | "directions">} run
 */
export const isShared = (run) => Boolean(run.cellState) || isDeep(run);

/**
 * log10 of ‖∂L/∂x_t‖ / ‖∂L/∂x_T‖, with t as in the sequence; null where the hidden state that is drawn
 * tells all, and where the two do not compare: no input is read there, another matrix reads it, or of
 * several losses one alone is drawn.
 * @param {Run} run
 * @param {number} t
 */
export function inputShare(run, t) {
  if (!isShared(run)) return null;
  const { T, tokens, named, encoder, losses, loss, log10Asked } = run;
  const drawn = losses.size < 2 || loss === "all";
  const last = log10Asked?.[T - 1] ?? -Infinity;
  if (!drawn || encoder || !(named[T - 1] || tokens[T - 1]) || last === -Infinity) return null;
  return /** @type {ArrayLike<number>} */ (log10Asked)[t - 1] - last;
}

/**
 * The gradient at an input beside that at the last, in a sentence.
 * @param {string} input
 * @param {number} log10  of the share
 * @param {Translate} t
 */
export const ofInput = (input, log10, t) =>
  t(`verdict.input.${log10 > TWICE ? "times" : "part"}`, { input, share: share(log10, t) });

/**
 * log10 of how far a token can be learned from: of the gradient at its input, where it comes there by
 * more than the hidden state that is drawn, else of that at this state.
 * @param {Run} run
 * @param {number} t
 */
export const tokenShare = (run, t) => inputShare(run, t) ?? run.log10Share[t - 1];

/**
 * log10 of the factor of an average step back, as far as the gradient goes: of all steps together it
 * makes just the share that arrives.
 * @param {Run} run  with a rate
 */
export function averageStep(run) {
  const { arrives } = /** @type {import("../net/frame-types.d.ts").End} */ (run.end);
  const [s, to] = [sentFrom(run), arrives.reaches ?? 1];
  return (run.log10Share[to - 1] - run.log10Share[s - 1]) / (s - to);
}

/**
 * The part that arrives, as a table has it: "14%", "12 times as much".
 * @param {number} log10  of the share
 * @param {Translate} t
 */
export const arriving = (log10, t) =>
  log10 > TWICE ? t("amount.times", { share: share(log10, t) }) : share(log10, t);

/**
 * A sentence that begins with a large letter, but where that is a symbol.
 * @param {string} text
 */
const capital = (text) =>
  text.startsWith("t =") ? text : text.charAt(0).toUpperCase() + text.slice(1);
