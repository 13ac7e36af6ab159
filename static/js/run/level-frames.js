/**
 * The parts of a run's frames that are of its layers and directions.
 *
 * @typedef {import("./run.js").Run} Run
 * @typedef {import("../net/frame-types.d.ts").Begin} Begin
 * @typedef {import("./run.js").Frame["arrays"]} Arrays
 */

/**
 * The layers of a run; a replay of before has one and does not say so.
 * @param {Begin} begin
 */
export const layersOf = ({ layers = 1, directions = 1, layer = 1, reverse = false }) => ({
  layers,
  directions,
  layer,
  reverse,
  log10LevelShares: null,
  log10LevelEntering: null,
  levelHidden: null,
});

/**
 * The target of each timestep. One that stands at T alone is read from the states with which both
 * directions end: that of the cell which reads from the end is at t = 1.
 * @param {Begin} begin
 * @returns {number[]}
 */
export const readTargets = ({ targets, reverse }) =>
  reverse && isLastAlone(targets) ? targets.toReversed() : targets;

/** @param {number[]} targets */
const isLastAlone = (targets) => targets.findIndex((k) => k >= 0) === targets.length - 1;

/**
 * The timestep whose state is read for the output of a timestep.
 * @param {Run} run
 * @param {number} t
 */
export const readAt = (run, t) =>
  run.reverse && t === run.T && run.targets.findLastIndex((k) => k >= 0) === 0 ? 1 : t;

/**
 * The states of all layers from a timestep on.
 * @param {Run} run
 * @param {number} from
 * @param {Arrays} arrays
 */
export function extendStates(run, from, arrays) {
  const states = arrays.level_hidden;
  if (!states) return;
  const width = run.layers * run.directions * run.H;
  run.levelHidden ??= new Float32Array(run.T * width);
  run.levelHidden.set(states, (from - 1) * width);
}

/**
 * The shares of all layers from a timestep on, and what comes down to each.
 * @param {Run} run
 * @param {number} from
 * @param {Arrays} arrays
 */
export function extendShares(run, from, arrays) {
  if (!arrays.log10_level_shares) return;
  const levels = run.layers * run.directions;
  run.log10LevelShares ??= new Float64Array(run.T * levels).fill(-Infinity);
  run.log10LevelShares.set(arrays.log10_level_shares, (from - 1) * levels);
  run.log10LevelEntering ??= new Float64Array(run.T * levels).fill(-Infinity);
  run.log10LevelEntering.set(arrays.log10_level_entering, (from - 1) * levels);
}
