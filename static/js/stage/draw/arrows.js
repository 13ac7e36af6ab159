/**
 * The paths between the boxes: forward, and where attention would add some.
 *
 * @typedef {import("../layout.js").Layout} Layout
 * @typedef {import("../../run/run.js").Run} Run
 * @typedef {import("./paint.js").Scene} Scene
 */
import { arrowWidth, NOTHING } from "../../canvas/color-scale.js";
import { arc, arrow } from "../../canvas/shapes.js";
import { isFedBack } from "../../run/feedback.js";
import { below, boxWidth, center, detail } from "../layout.js";
import { CARRY_AT, FORWARD_AT, gap, isPointed, POINTED } from "./ways.js";

const HIGHWAY = 18;
const FAINT = 0.3;
/** The width of the path of a word that is fed back. */
const FED = 1.75;
/** The room above the arcs of attention, for the legend and the answer. */
const WORDS = 26;
/**
 * The path that passes no matrix: from cell state to cell state, or along the GRU's update gate. It is
 * faint where the gradient has been and nothing of it arrived.
 * @param {Scene} scene
 */
export function paintHighway({ pen, layout, palette, run, backwardFrom }) {
  if (!run.gates.length || run.T < 2) return;
  const { y, thickness } = highway(layout);
  const shares = run.log10CellShare ?? run.log10Share;
  const isGone = (/** @type {number} */ t) => t >= backwardFrom && shares[t - 1] <= NOTHING;
  pen.fillStyle = palette.line;
  for (let t = 1, end = 1; t < run.T; t = end) {
    const gone = isGone(t);
    do end++; while (end < run.T && isGone(end) === gone);
    const [from, to] = [center(layout, t), center(layout, end)];
    pen.globalAlpha = gone ? FAINT : 1;
    pen.fillRect(from, y - thickness / 2, to - from, thickness);
  }
  pen.globalAlpha = 1;
}

/**
 * The paths that attention would add: a way of length one from the last column to each of the
 * others, in arcs above them that are higher the further they go.
 * @param {Scene} scene
 */
export function paintAttention({ pen, layout, palette, run }) {
  const { cell, hidden } = layout.rows;
  const top = cell.height ? cell.top : hidden.top;
  const from = center(layout, run.T);
  const furthest = from - center(layout, 1);
  for (let t = 1; t < run.T; t++) {
    const to = center(layout, t);
    const rise = Math.max(top / 2, top - WORDS * layout.zoom) * ((from - to) / furthest) ** 0.5;
    arc(pen, palette.attention, 1.25, from, to, top - 1, rise);
  }
}

/**
 * @param {Layout} layout
 * @returns {{y: number, thickness: number}}
 */
function highway({ rows: { cell, hidden } }) {
  return cell.height
    ? { y: cell.top + cell.height / 2, thickness: cell.height * 0.8 }
    : { y: hidden.top + hidden.height * CARRY_AT, thickness: HIGHWAY };
}

/**
 * @param {Scene} scene
 * @param {number} t
 */
export function paintInput(scene, t) {
  const { pen, layout, palette } = scene;
  if (detail(layout, t) === "ribbon") return;
  const { token, hidden, gates } = layout.rows;
  const x = center(layout, t);
  const pointed = isPointed(scene, "W_xh", t);
  const bottom = below(gates.height ? gates : hidden) + 3;
  arrow(
    pen,
    pointed ? palette.lit : palette.arrow,
    pointed ? POINTED : 1.25,
    x,
    token.top - 2,
    x,
    bottom,
  );
}

/**
 * @param {Scene} scene
 * @param {number} t
 */
export function paintOutputArrows(scene, t) {
  const { pen, layout, palette, backwardFrom, run } = scene;
  if (detail(layout, t) === "ribbon") return;
  const { output, hidden, cell } = layout.rows;
  const x = center(layout, t);
  const [top, bottom] = [below(output) + 3, (cell.height ? cell : hidden).top - 3];
  const full = detail(layout, t) === "full";
  const back = full && layout.rows.bars.height > 0;
  const apart = back ? 4 : 0;
  const pointed = isPointed(scene, "W_hy", t);
  const [colour, width] = pointed ? [palette.lit, POINTED] : [palette.arrow, 1.25];
  arrow(pen, colour, width, x - apart, bottom, x - apart, top);
  if (t >= backwardFrom && isDrawn(run, t) && back) {
    arrow(pen, palette.gradient.css(0), arrowWidth(0), x + apart, top, x + apart, bottom);
  }
}

/**
 * Draws the word of t - 1 on its way down between the columns, to be read at t.
 * @param {Scene} scene
 * @param {number} t
 */
export function paintFeedback({ pen, layout, palette, run, forwardTo }, t) {
  if (t > forwardTo + 1 || detail(layout, t) !== "full" || !isFedBack(run, t)) return;
  const { output, hidden, cell, gates, token } = layout.rows;
  const [from, to] = [t - 1, t].map((at) => center(layout, at));
  const [left, right] = [from + boxWidth(layout, t - 1) / 3, to - boxWidth(layout, t) / 3];
  const between = (from + to) / 2;
  const high = (below(output) + (cell.height ? cell : hidden).top) / 2;
  const low = (below(gates.height ? gates : hidden) + token.top) / 2;
  pen.strokeStyle = palette.arrow;
  pen.lineWidth = FED;
  pen.beginPath();
  pen.moveTo(left, below(output) + 1);
  for (const [x, y] of [[left, high], [between, high], [between, low], [right, low]]) {
    pen.lineTo(x, y);
  }
  pen.stroke();
  arrow(pen, palette.arrow, FED, right, low, right, token.top);
}

/**
 * @param {Scene} scene
 * @param {number} t
 */
export function paintForwardArrows(scene, t) {
  const { pen, layout, palette, forwardTo } = scene;
  const { from, to, room } = gap(layout, t);
  if (room < 2) return;
  const { cell, hidden } = layout.rows;
  pen.globalAlpha = t <= forwardTo ? 1 : 0.45;
  if (cell.height) {
    const y = cell.top + cell.height * FORWARD_AT;
    arrow(pen, palette.arrow, 1.25, from, y, to, y);
  }
  const pointed = isPointed(scene, "W_hh", t);
  const y = hidden.top + hidden.height * FORWARD_AT;
  const [colour, width] = pointed ? [palette.lit, POINTED] : [palette.arrow, 1.25];
  arrow(pen, colour, width, from, y, to, y);
  pen.globalAlpha = 1;
}

/**
 * Whether the loss of a timestep is one whose gradient is drawn.
 * @param {Run} run
 * @param {number} t
 */
const isDrawn = (run, t) => run.loss === "all" ? run.targets[t - 1] >= 0 : run.loss === t;
