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
 * @returns {{height: number, rows: LevelRow[]}}
 */
export function rowsOf(run, zoom = 1) {
  const levels = levelsOf(run);
  const each = (levels.length <= FEW ? TALL : LOW) * zoom;
  let top = 0;
  const rows = levels.map((level, k) => {
    if (k) top += (level.reverse ? BESIDE : BETWEEN) * zoom;
    const row = { ...level, top, ceiling: top + ABOVE * zoom, floor: top + each };
    top += each;
    return row;
  });
  return { height: top + 2, rows };
}
