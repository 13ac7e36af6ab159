/**
 * The paths between the boxes: forward, and the gradient back.
 *
 * @typedef {import("../layout.js").Layout} Layout
 * @typedef {import("../layout.js").Row} Row
 * @typedef {import("../../run/run.js").Run} Run
 * @typedef {import("./paint.js").Scene} Scene
 */
import { arrowWidth, tone } from "../../canvas/color-scale.js";
import { arc, arrow, line, loop, text } from "../../canvas/shapes.js";
import { isCut, isThere, leadsBack, partOf } from "../../run/gradient-paths.js";
import { below, boxWidth, center, detail, HAIR } from "../layout.js";

const HIGHWAY = 18;
/** What is left above the arcs of attention, for the legend and the answer. */
const WORDS = 26;
const FORWARD_AT = 0.28;
const BACKWARD_AT = 0.68;
const CARRY_AT = 0.5;
const RECURRENT_AT = 0.84;
const POINTED_AT = 3;
/** Cuts that are nearer to each other than this are not drawn apart. */
const LEAST_CUT = 3;
const CUT = [4, 3];
/** How far an arrow of the gradient reaches over its neighbours' boxes, where there is no gap for it. */
const SHORTEST_FLOW = 13;
const LEAST_FLOW = 0.6;
/** The paper around it. */
const CASING = 1.25;
const HEAD = { least: 2.5, more: 0.5, share: 0.6, beside: 2 };
/** The folded chain's loops: how far they go from the cell, and where they leave and enter it. */
const LOOP = { out: 92, margin: 6, inside: 0.62, forward: [0.25, 0.75], backward: [0.9, 0.1] };

/**
 * The path that passes no matrix: from cell state to cell state, or along the GRU's update gate.
 * @param {Scene} scene
 */
export function paintHighway({ pen, layout, palette, run }) {
  if (!run.gates.length || run.T < 2) return;
  const { y, thickness } = highway(layout);
  const [from, to] = [center(layout, 1), center(layout, run.T)];
  pen.fillStyle = palette.line;
  pen.fillRect(from, y - thickness / 2, to - from, thickness);
}

/**
 * What attention would add: a way of length one from the last column to each of the others, in arcs
 * above them that are higher the further they go.
 * @param {Scene} scene
 */
export function paintAttention({ pen, layout, palette, run }) {
  const { cell, hidden } = layout.rows;
  const top = cell.height ? cell.top : hidden.top;
  const from = center(layout, run.T);
  const furthest = from - center(layout, 1);
  for (let t = 1; t < run.T; t++) {
    const to = center(layout, t);
    const rise = Math.max(top / 2, top - WORDS) * ((from - to) / furthest) ** 0.5;
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
    pointed ? POINTED_AT : 1.25,
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
  const { pen, layout, palette, loss, run } = scene;
  if (detail(layout, t) === "ribbon") return;
  const { output, hidden, cell } = layout.rows;
  const x = center(layout, t);
  const [top, bottom] = [below(output) + 3, (cell.height ? cell : hidden).top - 3];
  const full = detail(layout, t) === "full";
  const apart = full ? 4 : 0;
  const pointed = isPointed(scene, "W_hy", t);
  const [colour, width] = pointed ? [palette.lit, POINTED_AT] : [palette.arrow, 1.25];
  arrow(pen, colour, width, x - apart, bottom, x - apart, top);
  if (loss && isDrawn(run, t) && full) {
    arrow(pen, palette.gradient.css(0), arrowWidth(0), x + apart, top, x + apart, bottom);
  }
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
  const [colour, width] = pointed ? [palette.lit, POINTED_AT] : [palette.arrow, 1.25];
  arrow(pen, colour, width, from, y, to, y);
  pen.globalAlpha = 1;
}

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

/**
 * Folded: the encoder's last state goes to the decoder, and the gradient comes back.
 * @param {Scene} scene
 */
export function paintBridge(scene) {
  const { pen, layout, palette, run, backwardFrom } = scene;
  if (!run.recurrent) return;
  const { top, height } = layout.rows.hidden;
  const { encoder } = run;
  const { from, to } = gap(layout, encoder + 1);
  const pointed = isPointed(scene, "W_hh", encoder + 1);
  const [colour, width] = pointed ? [palette.lit, POINTED_AT] : [palette.arrow, 1.75];
  arrow(pen, colour, width, from, top + height * CARRY_AT, to, top + height * CARRY_AT);
  const log10 = run.log10Share[encoder - 1];
  if (encoder < backwardFrom || log10 === -Infinity || !leadsBack(run, encoder + 1)) return;
  const y = top + height * RECURRENT_AT;
  arrow(pen, palette.gradient.css(tone(log10)), arrowWidth(log10), to, y, from, y);
}

/**
 * Folded: what leaves the cell enters it again, on the side where no other arrow is. While the
 * gradient walks back, it goes the same way round, the other way, outside.
 * @param {Scene} scene
 * @param {number} current
 */
export function paintLoop(scene, current) {
  const { pen, layout, palette, run, backwardFrom } = scene;
  if (!run.recurrent) return;
  const { top, height } = layout.rows.hidden;
  const side = current <= run.encoder ? -1 : 1;
  const edge = boxWidth(layout, current) / 2 + 2;
  const x = center(layout, current) + side * edge;
  const room = Math.min(LOOP.out * layout.zoom, (side < 0 ? x : layout.width - x) - LOOP.margin);
  const [outside, inside] = [side * room, side * room * LOOP.inside];
  /** @param {readonly number[]} at */
  const heights = (at) => at.map((share) => top + height * share);
  const pointed = isPointed(scene, "W_hh", current);
  const [colour, width] = pointed ? [palette.lit, POINTED_AT] : [palette.arrow, 1.75];
  const [leaves, enters] = heights(LOOP.forward);
  loop(pen, colour, width, x, leaves, enters, inside);
  const font = `italic 17px ${palette.mathFont}`;
  text(pen, palette.ink, font, "W<sub>hh</sub>", x + inside / 2, (leaves + enters) / 2);
  const log10 = run.log10Share[current - 1];
  const within = current < run.T && partOf(run, current) === partOf(run, current + 1);
  const walks = backwardFrom > 1 && current >= backwardFrom && isThere(run, current + 1);
  if (!walks || !within || log10 === -Infinity || !leadsBack(run, current + 1)) return;
  const [start, end] = heights(LOOP.backward);
  loop(pen, palette.gradient.css(tone(log10)), arrowWidth(log10), x, start, end, outside);
}

/**
 * Whether a matrix is pointed at, of the part of the network that a timestep belongs to.
 * @param {Scene} scene
 * @param {string} matrix
 * @param {number} t
 */
const isPointed = ({ run, weight }, matrix, t) =>
  weight?.quantity === matrix && (weight.part ?? partOf(run, t)) === partOf(run, t);

/**
 * Whether the loss of a timestep is one whose gradient is drawn.
 * @param {Run} run
 * @param {number} t
 */
const isDrawn = (run, t) => run.loss === "all" ? run.targets[t - 1] >= 0 : run.loss === t;

/**
 * The gap between the boxes of t - 1 and t.
 * @param {Layout} layout
 * @param {number} t
 */
function gap(layout, t) {
  const from = center(layout, t - 1) + boxWidth(layout, t - 1) / 2 + 1.5;
  const to = center(layout, t) - boxWidth(layout, t) / 2 - 1.5;
  return { from, to, room: to - from };
}
