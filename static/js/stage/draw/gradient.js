/**
 * The gradient on its way back from one timestep to the one before, and where it is cut.
 *
 * @typedef {import("../layout.js").Row} Row
 * @typedef {import("./paint.js").Scene} Scene
 */
import { arrowWidth, tone } from "../../canvas/color-scale.js";
import { line } from "../../canvas/shapes.js";
import { isCut, isThere, leadsBack } from "../../run/gradient-paths.js";
import { below, center, detail, HAIR } from "../layout.js";
import { BACKWARD_AT, CARRY_AT, gap, RECURRENT_AT } from "./ways.js";

/** Cuts that are nearer to each other than this are not drawn apart. */
const LEAST_CUT = 3;
const CUT = [4, 3];
/** The length of a gradient's arrow over its neighbours' boxes, where there is no gap for it. */
const SHORTEST_FLOW = 13;
const LEAST_FLOW = 0.6;
/** The paper around it. */
const CASING = 1.25;
const HEAD = { least: 2.5, more: 0.5, share: 0.6, beside: 2 };

/**
 * From t + 1 back to t: as wide, and of the colour, as the share that arrives, path by path. It keeps
 * its width where the gap is narrow, over the boxes beside it; on a ribbon it is a stream.
 * @param {Scene} scene
 * @param {number} t
 */
export function paintBackwardArrows(scene, t) {
  const { layout, run, shares, backwardFrom, fraction } = scene;
  const growing = t === backwardFrom - 1 && t < run.T && fraction > 0;
  if (isCut(run, t + 1) || t < run.backwardFrom || (t < backwardFrom && !growing)) return;
  if (!isThere(run, t + 1)) return;
  const { cell, hidden } = layout.rows;
  const done = growing ? fraction : 1;
  /** @param {Row} row @param {number} at @param {number} log10 */
  const path = (row, at, log10) => paintFlow(scene, t, row.top + row.height * at, log10, done);
  const log10 = leadsBack(run, t + 1) ? run.log10Share[t - 1] : -Infinity;
  if (run.log10CellShare) {
    path(cell, BACKWARD_AT, run.log10CellShare[t - 1]);
    path(hidden, BACKWARD_AT, log10);
  } else if (run.gates.length && shares) {
    path(hidden, CARRY_AT, log10 + Math.log10(shares.carry[t]));
    path(hidden, RECURRENT_AT, log10 + Math.log10(shares.recurrent[t]));
  } else path(hidden, BACKWARD_AT, log10);
}

/**
 * @param {Scene} scene
 * @param {number} t  where it arrives
 * @param {number} y
 * @param {number} log10  of the share
 * @param {number} done  how much of its way it has gone
 */
function paintFlow({ pen, layout, palette }, t, y, log10, done) {
  if (log10 === -Infinity) return;
  const [colour, width] = [palette.gradient.css(tone(log10)), arrowWidth(log10)];
  const casing = Math.min(CASING, width / 2);
  const { from, to, room } = gap(layout, t + 1);
  if (detail(layout, t) === "ribbon" || detail(layout, t + 1) === "ribbon") {
    const [tip, end] = [center(layout, t), center(layout, t + 1)];
    const long = Math.max(end - tip, HAIR) * done;
    for (const [each, by] of /** @type {const} */ ([[palette.paper, casing], [colour, 0]])) {
      pen.fillStyle = each;
      pen.fillRect(end - long, y - width / 2 - by, long, width + 2 * by);
    }
    return;
  }
  const long = Math.max(room, Math.min(layout.pitches[t] * LEAST_FLOW, SHORTEST_FLOW));
  const start = (from + to + long) / 2;
  flow(pen, palette.paper, start, start - long * done, y, width, casing);
  flow(pen, colour, start, start - long * done, y, width, 0);
}

/**
 * An arrow to the left whose shaft keeps its width.
 * @param {Scene["pen"]} pen
 * @param {string} colour
 * @param {number} from
 * @param {number} tip
 * @param {number} y
 * @param {number} width
 * @param {number} casing  what it is wider by on every side
 */
function flow(pen, colour, from, tip, y, width, casing) {
  const neck = tip + Math.min(HEAD.least + width * HEAD.more, (from - tip) * HEAD.share);
  const shaft = width / 2 + casing;
  const head = shaft + HEAD.beside;
  pen.fillStyle = colour;
  pen.beginPath();
  pen.moveTo(tip - casing, y);
  for (const [x, by] of [[neck, head], [neck, shaft], [from, shaft]]) pen.lineTo(x, y - by);
  for (const [x, by] of [[from, shaft], [neck, shaft], [neck, head]]) pen.lineTo(x, y + by);
  pen.fill();
}

/**
 * Where truncated BPTT cuts the paths back: an upright line between two timesteps, and two strokes
 * where the arrow of the gradient would be.
 * @param {Scene} scene
 */
export function paintCuts({ pen, layout, palette, run }) {
  const { cell, hidden, token, bars } = layout.rows;
  const top = (cell.height ? cell : hidden).top - 6;
  const y = hidden.top + hidden.height * BACKWARD_AT;
  let last = -Infinity;
  for (let t = 2; t <= run.T; t++) {
    if (!isCut(run, t)) continue;
    const { from, to, room } = gap(layout, t);
    const x = (from + to) / 2;
    if (x - last < LEAST_CUT) continue;
    last = x;
    pen.strokeStyle = palette.soft;
    pen.lineWidth = 1;
    pen.setLineDash(CUT);
    line(pen, x, top, x, below(token));
    line(pen, x, bars.top, x, below(bars));
    pen.setLineDash([]);
    if (room < 2) continue;
    pen.lineWidth = 1.5;
    for (const by of [-2, 2]) line(pen, x + by - 2, y + 5, x + by + 2, y - 5);
  }
}
