/**
 * The share of the gradient that arrives in every layer: a row of bars for each, on one scale.
 *
 * @typedef {import("./rows.js").LevelRow} LevelRow
 * @typedef {import("../layout.js").Layout} Layout
 * @typedef {import("../../run/run.js").Run} Run
 *
 * @typedef {object} RowScene
 * @property {CanvasRenderingContext2D} pen
 * @property {Layout} layout  of the columns
 * @property {LevelRow[]} rows
 * @property {import("../../canvas/palette.js").Palette} palette
 * @property {import("../../canvas/color-scale.js").View} view  of the bars
 * @property {Run} run
 * @property {number} from  the way back has been walked to this timestep
 * @property {number} scale  of the heights
 */
import { ticks } from "../../canvas/color-scale.js";
import { arrow, box, line, ring } from "../../canvas/shapes.js";
import { levelShare } from "../../run/levels.js";
import { barY, paintShare } from "../draw/bars.js";
import { boxWidth, center, detail, HAIR } from "../layout.js";
import { BETWEEN } from "./rows.js";

const SHARE_OF_BOX = 0.86;

/** @param {RowScene} scene */
export function paintRows(scene) {
  for (const row of scene.rows) {
    paintGround(scene, row);
    paintReading(scene, row);
    let last = -Infinity;
    for (let t = 1; t <= scene.run.T; t++) {
      const x = center(scene.layout, t);
      if (x - last < HAIR && scene.layout.lens) continue;
      last = x;
      paintLevelBar(scene, row, t);
    }
  }
}

/**
 * Whether the way back has come to a timestep: the cell that reads from the end has its last timestep
 * at t = 1.
 * @param {Pick<RowScene, "run" | "from">} scene
 * @param {boolean} reverse
 * @param {number} t
 */
export const isWalked = ({ run, from }, reverse, t) => (reverse ? run.T + 1 - t : t) >= from;

/**
 * The floor, the line at which all of the gradient arrives, and a tint behind the layer in front.
 * @param {RowScene} scene
 * @param {LevelRow} row
 */
function paintGround({ pen, layout, palette, view, run }, row) {
  if (run.layer === row.layer && !row.reverse) {
    pen.fillStyle = palette.sunken;
    box(pen, 0, row.top, layout.width, row.floor - row.top + 1, 4);
    pen.fill();
  }
  pen.strokeStyle = palette.line;
  pen.lineWidth = 1;
  const all = ticks(view).find(({ main }) => main)?.at ?? 1;
  for (const at of [0, all]) {
    const y = Math.round(barY(row, at)) + 0.5;
    line(pen, 0, y, layout.width, y);
  }
}

/**
 * The arrows from the layer below, whose states this one reads.
 * @param {RowScene} scene
 * @param {LevelRow} row
 */
function paintReading({ pen, layout, palette, rows, run, scale }, row) {
  const below = rows.find(({ top }) => top > row.floor);
  if (!below || below.layer === row.layer) return;
  for (let t = 1; t <= run.T; t++) {
    if (detail(layout, t) === "ribbon") continue;
    const [x, y] = [center(layout, t), row.floor + BETWEEN * scale];
    arrow(pen, palette.arrow, 1, x, y, x, row.floor + 2);
  }
}

/**
 * @param {RowScene} scene
 * @param {LevelRow} row
 * @param {number} t
 */
function paintLevelBar(scene, row, t) {
  const { pen, layout, palette, run } = scene;
  if (!run.log10LevelShares || !isWalked(scene, row.reverse, t)) return;
  const log10 = levelShare(run, row, t);
  const x = center(layout, t);
  if (log10 === -Infinity) {
    if (detail(layout, t) !== "ribbon") ring(pen, palette.faint, x, row.floor - 4);
    return;
  }
  const width = Math.max(boxWidth(layout, t) * SHARE_OF_BOX, 1);
  paintShare(scene, row, x - width / 2, width, log10);
}
