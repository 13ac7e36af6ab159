/**
 * The time that a run may go without an answer before a newer one takes its place: a few of the usual
 * waits, so that a server with many to serve is not asked again for what it has nearly answered.
 */

const LEAST = 120;
const MOST = 4000;
const WAITS = 3;
/** The weight of one wait in the estimate: a server that slows down is believed sooner. */
const WEIGHT = { slower: 1 / 2, faster: 1 / 8 };

/**
 * The usual wait, after one more.
 * @param {number | null} usual  milliseconds; null before the first
 * @param {number} wait
 */
export function learnt(usual, wait) {
  if (usual === null) return wait;
  return usual + (wait - usual) * WEIGHT[wait > usual ? "slower" : "faster"];
}

/**
 * The usual wait after one that was given up, of which only that it was longer is known.
 * @param {number | null} usual
 * @param {number} waited
 */
export const unanswered = (usual, waited) => Math.max(usual ?? 0, waited);

/** @param {number | null} usual */
export const timeout = (usual) => Math.max(LEAST, Math.min(WAITS * (usual ?? 0), MOST));
