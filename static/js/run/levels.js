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
 * Whether the layer in front is the one that the outputs read.
 * @param {Pick<Run, "layers" | "layer">} run
 */
export const isHighest = ({ layers, layer }) => !(layer < layers);

/**
 * Each layer and direction, the highest first, that which reads forward above the other.
 * @param {Pick<Run, "layers" | "directions">} run
 * @returns {Level[]}
 */
export const levelsOf = ({ layers, directions }) =>
  Array.from({ length: layers * directions }, (_, k) => {
    const layer = layers - Math.floor(k / directions);
    return levelAt({ layer, directions, reverse: k % directions === 1 });
  });

/**
 * log10 of the share of the gradient that arrives at a timestep of a level.
 * @param {Pick<Run, "layers" | "directions" | "log10LevelShares">} run
 * @param {Level} at
 * @param {number} t
 */
export const levelShare = (run, at, t) => numberAt(run.log10LevelShares, run, at, t);

/**
 * log10 of the part of it that comes down from the layer above, or from the loss.
 * @param {Pick<Run, "layers" | "directions" | "log10LevelEntering">} run
 * @param {Level} at
 * @param {number} t
 */
export const levelEntering = (run, at, t) => numberAt(run.log10LevelEntering, run, at, t);

/**
 * log10 of the norm that is 100% of a level's share; null where nothing is sent, or not known yet.
 * @param {Pick<Run, "end">} run
 * @param {Level} at
 */
export const levelSent = ({ end }, { index }) => end?.log10_level_sent?.[index] ?? null;

/**
 * The number of a level at a timestep, of (T, levels); -Infinity before they have come.
 * @param {Float64Array | null} numbers
 * @param {Pick<Run, "layers" | "directions">} run
 * @param {Level} at
 * @param {number} t
 */
const numberAt = (numbers, { layers, directions }, { index }, t) =>
  numbers?.[(t - 1) * layers * directions + index] ?? -Infinity;

/**
 * The states of all layers; null where they are not sent.
 * @param {Pick<Run, "layers" | "directions" | "levelHidden" | "H" | "forwardTo">} run
 */
export const statesOf = ({ layers, directions, levelHidden, H, forwardTo }) =>
  levelHidden && { values: levelHidden, width: layers * directions * H, known: forwardTo };

/**
 * A layer and direction, such as those in front of a run.
 * @param {Pick<Run, "layer" | "directions" | "reverse">} run
 * @returns {Level}
 */
export const levelAt = ({ layer, directions, reverse }) => ({
  layer,
  reverse,
  index: (layer - 1) * directions + Number(reverse),
});
