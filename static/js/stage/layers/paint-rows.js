/**
 * Layers on top of one another: a row for each, of its states and of the share of the gradient that
 * arrives, on one scale, with what goes up and what comes down between them.
 *
 * @typedef {import("./rows.js").LevelRow & import("./progress.js").Walked} LevelRow
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
 * @property {number} scale  of the heights
 */
import { arrowWidth, ticks, tone } from "../../canvas/color-scale.js";
import { arrow, box, line, ring } from "../../canvas/shapes.js";
import { drawVector } from "../../canvas/vectors.js";
import { levelEntering, levelShare, statesOf } from "../../run/levels.js";
import { barY, paintShare } from "../draw/bars.js";
import { boxWidth, center, detail, HAIR } from "../layout.js";
import { isRead, isWalked } from "./progress.js";
import { BETWEEN } from "./rows.js";

/** The parts of a box: its states on the left, its bar on the right; a narrow one is all bar. */
const SHARE_OF_BOX = { states: 0.38, bar: 0.54, all: 0.86 };
/** The arrows of the gradient are thinner than on the stage, whose rows are higher. */
const FLOW = { thinner: 0.5, most: 5 };
/** The middle of a ring over the floor: the picture ends at that of the lowest row. */
const RING_ABOVE = 3;
/** Between the middle and the ways up and down. */
const BESIDE = { full: 4, compact: 2.25 };

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
      paintStates(scene, row, t);
      paintLevelBar(scene, row, t);
      paintFlow(scene, row, t);
    }
  }
}

/**
 * The floor, the line at which all of the gradient arrives, and a tint behind the layer in front.
 * @param {RowScene} scene
 * @param {LevelRow} row
 */
function paintGround({ pen, layout, palette, view, run }, row) {
  if (run.layer === row.layer && row.reverse === run.reverse) {
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
 * The arrows between a layer and the one below: its states go up, and the gradient comes down.
 * @param {RowScene} scene
 * @param {LevelRow} row
 */
function paintReading({ pen, layout, palette, rows, run, scale }, row) {
  const below = rows.find(({ top }) => top > row.floor);
  if (!below || below.layer === row.layer) return;
  const [readers, above] = [below, row].map(({ layer }) =>
    rows.filter((each) => each.layer === layer)
  );
  for (let t = 1; t <= run.T; t++) {
    const [x, low, high] = [center(layout, t), row.floor + BETWEEN * scale, row.floor + 2];
    const form = detail(layout, t);
    if (form === "ribbon") continue;
    const apart = BESIDE[form];
    arrow(pen, palette.arrow, 1, x - apart, low, x - apart, high);
    if (!above.every((level) => isWalked(run.T, level, t))) continue;
    readers.forEach((level, k) => {
      const log10 = levelEntering(run, level, t);
      if (log10 === -Infinity) return;
      const at = x + (2 * k + 1) * apart * 0.75;
      const width = Math.min(flowWidth(log10), apart);
      arrow(pen, palette.gradient.css(tone(log10)), width, at, high, at, low);
    });
  }
}

/** @param {number} log10  of a share */
const flowWidth = (log10) => Math.min(arrowWidth(log10) * FLOW.thinner, FLOW.most);

/**
 * The states of a level at a timestep.
 * @param {RowScene} scene
 * @param {LevelRow} row
 * @param {number} t
 */
function paintStates({ pen, layout, palette, run }, row, t) {
  const states = statesOf(run);
  if (!states || !isRead(run.T, row, t) || detail(layout, t) !== "full") return;
  const { index, ceiling, floor } = row;
  const width = boxWidth(layout, t);
  const part = { row: t - 1, from: index * run.H, count: run.H };
  const place = {
    left: center(layout, t) - width / 2,
    top: ceiling,
    width: width * SHARE_OF_BOX.states,
    height: floor - ceiling,
  };
  drawVector(pen, palette.state, states, part, place, "down");
}

/**
 * The gradient that goes back from a timestep of a level: to the left, or to the right where the cell
 * reads from the end.
 * @param {RowScene} scene
 * @param {LevelRow} row
 * @param {number} t  where it arrives
 */
function paintFlow(scene, row, t) {
  const { pen, layout, palette, run } = scene;
  const before = row.reverse ? t - 1 : t + 1;
  if (before < 1 || before > run.T || !run.recurrent || detail(layout, t) !== "full") return;
  const log10 = levelShare(run, row, t);
  if (log10 === -Infinity || !isWalked(run.T, row, t)) return;
  if (levelShare(run, row, before) === -Infinity) return;
  const way = row.reverse ? 1 : -1;
  const half = boxWidth(layout, t) / 2 + 1;
  const y = (row.ceiling + row.floor) / 2;
  const [from, to] = [center(layout, before) + way * half, center(layout, t) - way * half];
  arrow(pen, palette.gradient.css(tone(log10)), flowWidth(log10), from, y, to, y);
}

/**
 * @param {RowScene} scene
 * @param {LevelRow} row
 * @param {number} t
 */
function paintLevelBar(scene, row, t) {
  const { pen, layout, palette, run } = scene;
  if (!run.log10LevelShares || !isWalked(run.T, row, t)) return;
  const log10 = levelShare(run, row, t);
  const x = center(layout, t);
  if (log10 === -Infinity) {
    if (detail(layout, t) !== "ribbon") ring(pen, palette, x, row.floor - RING_ABOVE);
    return;
  }
  const box = boxWidth(layout, t);
  const half = detail(layout, t) === "full" && run.levelHidden;
  const width = Math.max(box * SHARE_OF_BOX[half ? "bar" : "all"], 1);
  paintShare(scene, row, half ? x + box / 2 - width : x - width / 2, width, log10);
}
