/**
 * The paths that lead back in a run, and the reach of its gradient along them.
 *
 * @typedef {import("./run.js").Run} Run
 *
 * @typedef {object} Arrival
 * @property {"all" | "cell" | "short" | "none"} how  `all`: the gradient that is drawn gets to the
 *   hidden state of t = 1; `cell`: to its cell state alone; `short`: it ends before; `none`: there is
 *   none
 * @property {number} t  where it ends
 */

/**
 * Whether truncated BPTT cuts the way from t back to t - 1.
 * @param {Run} run
 * @param {number} t
 */
export const isCut = ({ T, recurrent, experiment: { truncate } }, t) =>
  recurrent && t > 1 && truncate > 0 && (T - t + 1) % truncate === 0;

/**
 * Whether all that would lead from one hidden state to the next is multiplied by 0.
 * @param {Run} run
 */
export const isWeightless = ({ recurrent, experiment, carry, cellState }) =>
  recurrent && experiment.recurrent_scale === 0 && !(carry && !cellState);

/**
 * Whether some of the gradient that is drawn is at t, from where it may go on; none is after its loss.
 * @param {Run} run
 * @param {number} t
 */
export const isThere = ({ log10Share, log10CellShare }, t) =>
  log10Share[t - 1] > -Infinity || (log10CellShare?.[t - 1] ?? -Infinity) > -Infinity;

/**
 * Whether a gradient can come from the hidden state of t back to that of t - 1.
 * @param {Run} run
 * @param {number} t
 */
export const leadsBack = (run, t) => run.recurrent && !isCut(run, t) && !isWeightless(run);

/**
 * The first timestep that the paths of the loss that is drawn lead back to, whatever they multiply
 * it by; of all losses, those of the first.
 * @param {Run} run
 */
export function lastCut(run) {
  let t = run.loss === "all" ? Math.min(...run.losses.keys()) : run.loss;
  while (t > 1 && !isCut(run, t)) t--;
  return t;
}

/**
 * @param {Run} run  that has ended
 * @returns {Arrival}
 */
export function arrival({ end }) {
  const { reaches, cell } = /** @type {import("../net/frame-types.d.ts").End} */ (end).arrives;
  const t = Math.min(reaches ?? Infinity, cell?.reaches ?? Infinity);
  if (t === Infinity) return { how: "none", t };
  if (t > 1) return { how: "short", t };
  return reaches === 1 ? { how: "all", t } : { how: "cell", t };
}

/**
 * The timesteps at which the cell of each part of the network is shown while it is folded: the one
 * that is looked at, and of the other part the one that is next to it.
 * @param {Run} run
 * @param {number} current
 */
export function cellsAt({ encoder }, current) {
  return encoder ? [Math.min(current, encoder), Math.max(current, encoder + 1)] : [current];
}

/**
 * The part of the network that a timestep belongs to: 0, and 1 in a decoder.
 * @param {Run} run
 * @param {number} t
 */
export const partOf = ({ encoder }, t) => encoder && t > encoder ? 1 : 0;
