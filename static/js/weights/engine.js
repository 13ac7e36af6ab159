/**
 * The weights in numbers of a run that has not brought them along: one question is under way, and one
 * waits, the latest, so that a fast drag always sees an answer.
 *
 * @typedef {object} Matrix
 * @property {"W" | "U" | "b" | "v"} letter  a vector's is small
 * @property {string} leads  from what to what, such as `hh`
 * @property {"encoder" | "decoder" | null} part
 * @property {string[]} rows
 * @property {string[]} columns
 * @property {(string | null)[][]} names  of the weights, as an experiment has them
 * @property {number[][]} values
 * @property {(number | null)[][]} gradients
 * @property {boolean[][]} by_hand
 *
 * @typedef {object} Weight
 * @property {string} name
 * @property {number} value
 * @property {number | null} gradient
 * @property {number | null} difference
 * @property {(number | null)[]} timesteps
 *
 * @typedef {object} Numbers
 * @property {number | null} loss
 * @property {Matrix[]} matrices
 * @property {{part: string, gate: string | null, real: number[], imaginary: number[],
 *   radius: number}[]} eigenvalues
 * @property {Weight | null} weight
 *
 * @typedef {{run: import("../run/run.js").Run, weight: string}} Wanted
 */

/**
 * @param {import("../net/server.js").Engine["ask"]} ask
 * @param {(numbers: Numbers, wanted: Wanted) => void} answered
 * @param {(problem: unknown) => void} refused
 * @param {AbortSignal} signal
 */
export function createWeightsRequest(ask, answered, refused, signal) {
  /** @type {Wanted | null} */
  let waiting = null;
  /** @type {Wanted | null} whose answer is heard */
  let current = null;
  let busy = false;

  return {
    /** @param {Wanted} wanted */
    want(wanted) {
      waiting = wanted;
      if (!busy) next();
    },

    /** Newer numbers have come with their run: no answer is wanted. */
    drop() {
      [waiting, current] = [null, null];
    },
  };

  async function next() {
    const wanted = waiting;
    if (!wanted || signal.aborted) return;
    [waiting, current, busy] = [null, wanted, true];
    const { run: { experiment }, weight } = wanted;
    try {
      const found = await ask("weights", { experiment, weight }, signal);
      if (current === wanted) answered(found, wanted);
    } catch (problem) {
      if (current === wanted && !signal.aborted) refused(problem);
    }
    busy = false;
    next();
  }
}
