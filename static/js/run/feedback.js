/**
 * The words of its own that a network reads: a decoder its last word, a speller its last letter.
 *
 * @typedef {import("./run.js").Run} Run
 */
import { isPicture } from "../text/picture.js";
import { prediction } from "./run.js";

/**
 * Whether what is read at t is the answer of t - 1.
 * @param {Run} run
 * @param {number} t
 */
export const readsAnswer = ({ tokens, encoder }, t) =>
  encoder > 0 ? t > encoder + 1 : t > 1 && tokens[t - 1] !== "" && isPicture(tokens[0]);

/**
 * Whether what is read at t is still to be said, where the playhead stands in the forward pass.
 * @param {Run} run
 * @param {number} t
 * @param {number} forwardTo
 */
export const isUnsaid = (run, t, forwardTo) => t > forwardTo + 1 && readsAnswer(run, t);

/**
 * Whether it is what the network has said itself, and not a target that it missed.
 * @param {Run} run
 * @param {number} t
 */
export function isFedBack(run, t) {
  if (!readsAnswer(run, t)) return false;
  const said = prediction(run, t - 1);
  return said !== null && said.word === run.tokens[t - 1];
}
