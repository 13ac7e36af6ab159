/**
 * The words of its own that a network reads: a decoder its last word, a speller its last letter.
 *
 * @typedef {import("./run.js").Run} Run
 */
import { isPicture } from "../text/picture.js";
import { prediction } from "./run.js";

/**
 * Whether what is read at t is the answer of t - 1, or its target.
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

/** @type {WeakMap<Run, boolean>} of runs that have ended: each of their timesteps asks in each frame */
const known = new WeakMap();

/**
 * Whether the network reads what it has said itself: of one that misses a target, the target is read
 * in place of every answer, and one that it meets by chance leads to nothing.
 * @param {Run} run
 */
function speaksItself(run) {
  const found = known.get(run) ?? hasSaidAll(run);
  if (run.end) known.set(run, found);
  return found;
}

/** @param {Run} run */
function hasSaidAll(run) {
  const answers = run.tokens.map((_, i) => i + 1).filter((t) => readsAnswer(run, t));
  return answers.length > 0 &&
    answers.every((t) => prediction(run, t - 1)?.word === run.tokens[t - 1]);
}

/**
 * Whether what is read at t is the network's own answer.
 * @param {Run} run
 * @param {number} t
 */
export const isFedBack = (run, t) => readsAnswer(run, t) && speaksItself(run);

/**
 * The key of the message that tells what is read where it is still to be said.
 * @param {Run} run
 */
export const unsaidKey = (run) =>
  speaksItself(run) ? "stage.timestep.unsaid" : "stage.timestep.untold";

/**
 * The key of the message that tells where an answer that is read is from.
 * @param {Run} run
 */
export const originKey = (run) => speaksItself(run) ? "explain.tile.said" : "explain.tile.target";
