/**
 * The layers of a run, each in the direction that reads forward and, if there is one, in that which
 * reads from the end.
 *
 * @typedef {import("./run.js").Run} Run
 * @typedef {{layer: number, reverse: boolean, index: number}} Level  `index`: from the inputs up
 */

/**
 * Whether a run has several layers, or both directions.
 * @param {Pick<Run, "layers" | "directions">} run
 */
export const isDeep = ({ layers, directions }) => layers * directions > 1;

/**
 * Each layer and direction, the highest first, that which reads forward above the other.
 * @param {Pick<Run, "layers" | "directions">} run
 * @returns {Level[]}
 */
export const levelsOf = ({ layers, directions }) =>
  Array.from({ length: layers * directions }, (_, k) => {
    const layer = layers - Math.floor(k / directions);
    const reverse = k % directions === 1;
    return { layer, reverse, index: (layer - 1) * directions + Number(reverse) };
  });

/**
 * log10 of the share of the gradient that arrives at a timestep of a level.
 * @param {Pick<Run, "layers" | "directions" | "log10LevelShares">} run
 * @param {Level} level
 * @param {number} t
 */
export const levelShare = ({ layers, directions, log10LevelShares }, { index }, t) =>
  log10LevelShares?.[(t - 1) * layers * directions + index] ?? -Infinity;
