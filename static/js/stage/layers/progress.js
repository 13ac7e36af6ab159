/**
 * Progress of the walks forward and back through the rows of layers.
 *
 * @typedef {Pick<import("../../run/run.js").Run, "T" | "directions" | "layer">} Shape
 *
 * @typedef {object} Walk
 * @property {number} to  the way forward has been walked to this place of the reading order
 * @property {number} from  the way back has been walked to this timestep
 *
 * @typedef {{reverse: boolean, walk: Walk}} Walked
 */

/**
 * The walk of a level, from that of the layer in front. Where a layer is read in both directions, the
 * next one begins when it has ended: what is in front reads a layer that is whole, and no layer below
 * has a gradient before the way back through those above it has ended.
 * @param {Shape} run
 * @param {Walk} front
 * @param {{layer: number}} level
 * @returns {Walk}
 */
export function walkOf({ T, directions, layer }, front, level) {
  if (directions === 1 || level.layer === layer) return front;
  const { to, from } = front;
  const [begun, ended] = level.layer < layer ? [to > 0, from <= 1] : [to >= T, from <= T];
  return { to: begun ? T : 0, from: ended ? 1 : T + 1 };
}

/**
 * Whether the states of a level have been computed at a timestep. The cell that reads from the end
 * has its first at t = T.
 * @param {number} T
 * @param {Walked} level
 * @param {number} t
 */
export const isRead = (T, { reverse, walk }, t) => (reverse ? T + 1 - t : t) <= walk.to;

/**
 * Whether the way back through a level has come to a timestep. The cell that reads from the end has its
 * last timestep at t = 1.
 * @param {number} T
 * @param {Walked} level
 * @param {number} t
 */
export const isWalked = (T, { reverse, walk }, t) => (reverse ? T + 1 - t : t) >= walk.from;
