/**
 * Where the rows of a network of layers are, in CSS pixels: the highest layer above.
 *
 * @typedef {import("../../run/levels.js").Level} Level
 * @typedef {Level & {top: number, ceiling: number, floor: number}} LevelRow
 */
import { levelsOf } from "../../run/levels.js";

/** The heights of a row, where there are few and where there are many. */
const [TALL, LOW] = [36, 26];
const FEW = 4;
/** Above the ceiling, for a bar that breaks through it. */
const ABOVE = 7;
/** Between two layers is room for an arrow; between two directions of a layer there is less. */
export const BETWEEN = 13;
const BESIDE = 4;

/**
 * @param {Pick<import("../../run/run.js").Run, "layers" | "directions">} run
 * @param {number} [zoom]
 * @param {number} [most]  the height that they may have together: all are lower then
 * @returns {{height: number, scale: number, rows: LevelRow[]}}  `scale`: of every height
 */
export function rowsOf(run, zoom = 1, most = Infinity) {
  const levels = levelsOf(run);
  const tall = levels.length <= FEW ? TALL : LOW;
  const apart = (run.layers - 1) * BETWEEN + run.layers * (run.directions - 1) * BESIDE;
  const scale = Math.min(zoom, most / (levels.length * tall + apart));
  const each = tall * scale;
  let top = 0;
  const rows = levels.map((level, k) => {
    if (k) top += (level.reverse ? BESIDE : BETWEEN) * scale;
    const row = { ...level, top, ceiling: top + ABOVE * scale, floor: top + each };
    top += each;
    return row;
  });
  return { height: top + 2, scale, rows };
}
