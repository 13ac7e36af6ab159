/**
 * The marks of the stage, on a canvas. Every function draws what its arguments say and keeps
 * nothing.
 *
 * @typedef {import("../layout.js").Layout} Layout
 * @typedef {import("../layout.js").Row} Row
 * @typedef {import("../run.js").Run} Run
 * @typedef {import("../scale.js").Axis} Axis
 * @typedef {import("./palette.js").Palette} Palette
 *
 * @typedef {object} Scene
 * @property {Pen} pen
 * @property {Layout} layout
 * @property {Palette} palette
 * @property {Axis} axis
 * @property {Run} run
 * @property {Shares | null} shares  of the gradient's two paths, in a gated cell
 * @property {number} forwardTo  states are drawn up to this timestep
 * @property {number} backwardFrom  gradients are drawn from this timestep on
 * @property {boolean} loss  whether the loss has been met
 * @property {number} fraction  of the way to the next position
 * @property {number} current  the timestep that is looked at
 * @property {string | null} weight  the matrix that is pointed at
 * @property {(Run | null)[]} pins  runs to compare with
 *
 * @typedef {CanvasRenderingContext2D} Pen
 * @typedef {{carry: Float64Array, recurrent: Float64Array}} Shares  (T) each, by the timestep left
 */
import { below, boxWidth, center, detail, HAIR } from "../layout.js";
import { health, ticks } from "../scale.js";
import { arrow, box, line, loop, ring, text } from "./marks.js";

const SMALLEST_GAPPED_CELL = 4;
const PREVIEW = 0.22;
const THINNEST_ARROW = 1;
const THICKEST_ARROW = 9;
const FORWARD_AT = 0.28;
const BACKWARD_AT = 0.68;
const CARRY_AT = 0.5;
const RECURRENT_AT = 0.84;
const ROOM_FOR_A_DISTRIBUTION = 26;
const LEAST_LABEL_ROOM = 44;
const POINTED_AT = 3;
/** How far the folded chain's loop keeps from the cell. */
const CLEARANCE = 12;
const DASHES = [[], [7, 4], [2, 3]];
const INDEX_FONT = "12px";

/** @param {Scene} scene */
export function paint(scene) {
  const { layout, current } = scene;
  if (layout.lens) paintLens(scene);
  paintGrid(scene);
  if (layout.folded === 1) {
    paintLoop(scene);
    paintTimestep(scene, current);
    return;
  }
  if (!layout.folded) paintHighway(scene);
  for (const t of drawn(layout)) paintTimestep(scene, t);
  if (!layout.folded) scene.pins.forEach((pin, i) => pin && paintPin(scene, pin, i));
  paintPulse(scene);
}

/**
 * How wide an arrow is, or how strong a mark, for a gradient of this log10.
 * @param {number} log10
 */
export const arrowWidth = (log10) =>
  THINNEST_ARROW + (THICKEST_ARROW - THINNEST_ARROW) * (0.35 + 0.35 * health(log10)) ** 1.2;

/**
 * Where a log10 lies among the bars.
 * @param {Layout} layout
 * @param {Axis} axis
 * @param {number} log10
 */
export const barY = ({ rows: { bars } }, axis, log10) =>
  bars.top + (bars.height * (axis.high - log10)) / (axis.high - axis.low);

/**
 * The timesteps that are drawn: of those narrower than a hair, one a hair.
 * @param {Layout} layout
 */
function* drawn(layout) {
  let last = -Infinity;
  for (let t = 1; t <= layout.T; t++) {
    const x = center(layout, t);
    if (x - last < HAIR && layout.lens) continue;
    last = x;
    yield t;
  }
}

/**
 * @param {Scene} scene
 * @param {number} t
 */
function paintTimestep(scene, t) {
  const { run, layout } = scene;
  paintInput(scene, t);
  if (run.targets[t - 1] >= 0) paintOutput(scene, t);
  if (run.recurrent && layout.folded < 1) {
    if (t > 1) paintForwardArrows(scene, t);
    if (t < run.T) paintBackwardArrows(scene, t);
  }
  paintColumn(scene, t);
  paintBar(scene, t);
}

/** @param {Scene} scene */
function paintGrid({ pen, layout, palette, axis }) {
  for (const tick of ticks(axis)) {
    pen.strokeStyle = tick === 0 ? palette.ink : palette.line;
    pen.lineWidth = tick === 0 ? 1.25 : 1;
    line(pen, 0, barY(layout, axis, tick), layout.width, barY(layout, axis, tick));
  }
}

/**
 * The lens's place on the ribbon, and the timesteps counted along it.
 * @param {Scene} scene
 */
function paintLens({ pen, layout, palette }) {
  const { lens, rows, T, width } = layout;
  if (!lens) return;
  const left = center(layout, lens.from) - layout.pitches[lens.from - 1] / 2;
  const right = center(layout, lens.to) + layout.pitches[lens.to - 1] / 2;
  pen.fillStyle = palette.sunken;
  box(pen, left, rows.output.top - 8, right - left, below(rows.bars) - rows.output.top + 12, 8);
  pen.fill();
  const every = niceInterval((LEAST_LABEL_ROOM * (T - (lens.to - lens.from + 1))) / width);
  for (let t = every; t <= T; t += every) {
    const x = center(layout, t);
    const apart = x < left - LEAST_LABEL_ROOM / 2 || x > right + LEAST_LABEL_ROOM / 2;
    if (apart && x < width - LEAST_LABEL_ROOM / 2) {
      text(pen, palette.faint, INDEX_FONT, String(t), x, rows.index.top + rows.index.height / 2);
    }
  }
}

/**
 * The path that passes no matrix: from cell state to cell state, or along the GRU's update gate.
 * @param {Scene} scene
 */
function paintHighway({ pen, layout, palette, run }) {
  if (!run.gates.length || run.T < 2) return;
  const { y, thickness } = highway(layout);
  const [from, to] = [center(layout, 1), center(layout, run.T)];
  pen.fillStyle = palette.line;
  pen.fillRect(from, y - thickness / 2, to - from, thickness);
}

/**
 * @param {Layout} layout
 * @returns {{y: number, thickness: number}}
 */
function highway({ rows: { cell, hidden } }) {
  return cell.height
    ? { y: cell.top + cell.height / 2, thickness: cell.height * 0.8 }
    : { y: hidden.top + hidden.height * CARRY_AT, thickness: THICKEST_ARROW * 2 };
}

/**
 * @param {Scene} scene
 * @param {number} t
 */
function paintInput({ pen, layout, palette, weight }, t) {
  if (detail(layout, t) === "ribbon") return;
  const { token, hidden, gates } = layout.rows;
  const x = center(layout, t);
  const pointed = weight === "W_xh";
  const bottom = below(gates.height ? gates : hidden) + 3;
  arrow(
    pen,
    pointed ? palette.accent : palette.arrow,
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
function paintOutput(scene, t) {
  const { pen, layout, palette, loss, run, backwardFrom, weight } = scene;
  if (detail(layout, t) === "ribbon") return;
  const { output, hidden, cell } = layout.rows;
  const x = center(layout, t);
  const [top, bottom] = [below(output) + 3, (cell.height ? cell : hidden).top - 3];
  const full = detail(layout, t) === "full";
  const apart = full ? 4 : 0;
  const pointed = weight === "W_hy";
  const [colour, width] = pointed ? [palette.accent, POINTED_AT] : [palette.arrow, 1.25];
  arrow(pen, colour, width, x - apart, bottom, x - apart, top);
  if (loss && run.backwardFrom <= t && backwardFrom <= t && full) {
    const log10 = run.log10Gradient[t - 1];
    const gradient = palette.gradient.css(health(log10));
    arrow(pen, gradient, arrowWidth(log10), x + apart, top, x + apart, bottom);
  }
  paintDistribution(scene, t);
}

/**
 * What the network expects, a bar a token of the vocabulary; the one it owed is marked.
 * @param {Scene} scene
 * @param {number} t
 */
function paintDistribution({ pen, layout, palette, run, forwardTo }, t) {
  const probabilities = run.probabilities.get(t);
  const width = boxWidth(layout, t);
  if (!probabilities || t > forwardTo || width < ROOM_FOR_A_DISTRIBUTION) return;
  const { top, height } = layout.rows.output;
  const each = (width - 4) / probabilities.length;
  if (each < 0.5) return;
  probabilities.forEach((p, k) => {
    pen.fillStyle = k === run.targets[t - 1] ? palette.owed : palette.line;
    const tall = p * (height - 4);
    const left = center(layout, t) - width / 2 + 2 + k * each;
    pen.fillRect(left, top + height - 2 - tall, Math.max(each - 0.5, 0.5), tall);
  });
}

/**
 * @param {Scene} scene
 * @param {number} t
 */
function paintForwardArrows({ pen, layout, palette, forwardTo, weight }, t) {
  const { from, to, room } = gap(layout, t);
  if (room < 2) return;
  const { cell, hidden } = layout.rows;
  pen.globalAlpha = t <= forwardTo ? 1 : 0.45;
  if (cell.height) {
    const y = cell.top + cell.height * FORWARD_AT;
    arrow(pen, palette.arrow, 1.25, from, y, to, y);
  }
  const pointed = weight === "W_hh";
  const y = hidden.top + hidden.height * FORWARD_AT;
  const [colour, width] = pointed ? [palette.accent, POINTED_AT] : [palette.arrow, 1.25];
  arrow(pen, colour, width, from, y, to, y);
  pen.globalAlpha = 1;
}

/**
 * From t + 1 back to t: width and colour are the gradient that arrives, path by path.
 * @param {Scene} scene
 * @param {number} t
 */
function paintBackwardArrows({ pen, layout, palette, run, shares, backwardFrom, fraction }, t) {
  const growing = t === backwardFrom - 1 && t < run.T && fraction > 0;
  if (t < backwardFrom && !growing) return;
  const { from, to, room } = gap(layout, t + 1);
  if (room < 2) return;
  const { cell, hidden } = layout.rows;
  const tip = growing ? to + (from - to) * fraction : from;
  /** @param {number} y @param {number} log10 @param {number} share */
  const path = (y, log10, share) => {
    if (log10 === -Infinity || share === 0) return;
    const width = Math.max(arrowWidth(log10) * share, THINNEST_ARROW);
    arrow(pen, palette.gradient.css(health(log10)), width, to, y, tip, y);
  };
  const log10 = run.log10Gradient[t - 1];
  if (run.log10CellGradient) {
    path(cell.top + cell.height * BACKWARD_AT, run.log10CellGradient[t - 1], 1);
    path(hidden.top + hidden.height * BACKWARD_AT, log10, 1);
  } else if (run.gates.length && shares) {
    path(hidden.top + hidden.height * CARRY_AT, log10, 1.5 * shares.carry[t]);
    path(hidden.top + hidden.height * RECURRENT_AT, log10, 1.5 * shares.recurrent[t]);
  } else {
    path(hidden.top + hidden.height * BACKWARD_AT, log10, 1);
  }
}

/**
 * @param {Scene} scene
 * @param {number} t
 */
function paintColumn(scene, t) {
  const { pen, layout, palette, run, forwardTo, current, fraction, loss } = scene;
  const { cell, hidden, gates } = layout.rows;
  const [detailed, width] = [detail(layout, t), boxWidth(layout, t)];
  const left = center(layout, t) - width / 2;
  const filled = detailed === "ribbon"
    ? { left: center(layout, t) - layout.pitches[t - 1] / 2, width: layout.pitches[t - 1] + 0.3 }
    : { left, width };
  for (const row of [cell, hidden, gates]) {
    if (!row.height || detailed === "ribbon") continue;
    pen.fillStyle = palette.surface;
    pen.strokeStyle = t === current ? palette.ink : palette.arrow;
    pen.lineWidth = t === current && row === hidden ? 2 : 1;
    box(pen, left, row.top, width, row.height, 4);
    pen.fill();
    pen.stroke();
  }
  const filling = t === forwardTo + 1 && fraction > 0 && !loss;
  if (t > forwardTo && !filling) return;
  pen.globalAlpha = filling ? fraction : 1;
  const inset = { full: 3, compact: 1.5, ribbon: 0 }[detailed];
  /** @param {Float32Array} values @param {Row} row @param {number} at @param {number} of */
  const strip = (values, row, at, of) => {
    const each = (filled.width - 2 * inset) / of;
    paintCells(scene, values, t, filled.left + inset + at * each, each, row, inset);
  };
  strip(run.hidden, hidden, 0, 1);
  if (run.cellState) strip(run.cellState, cell, 0, 1);
  const names = detailed === "full" ? run.gates : run.gates.filter((name) => name === run.carry);
  names.forEach((name, i) => strip(run.gateValues[name], gates, i, names.length));
  pen.globalAlpha = 1;
}

/**
 * A timestep's units, as cells one under the other.
 * @param {Scene} scene
 * @param {Float32Array} values  (T, H)
 * @param {number} t
 * @param {number} left
 * @param {number} width
 * @param {Row} row
 * @param {number} inset
 */
function paintCells({ pen, palette, run }, values, t, left, width, { top, height }, inset) {
  const rows = Math.min(run.H, Math.ceil(height));
  const pitch = (height - 2 * inset) / rows;
  const gapped = pitch >= SMALLEST_GAPPED_CELL && inset > 0;
  const tall = gapped ? pitch - 1 : pitch + 0.5;
  for (let i = 0; i < rows; i++) {
    const unit = Math.floor((i * run.H) / rows);
    pen.fillStyle = palette.state.css(values[(t - 1) * run.H + unit]);
    pen.fillRect(left, top + inset + pitch * i, Math.max(width - (gapped ? 0.5 : 0), 0.3), tall);
  }
}

/**
 * Up from 1 when the gradient has grown, down when it has shrunk; a ring on the floor where no
 * path leads to the loss.
 * @param {Scene} scene
 * @param {number} t
 */
function paintBar({ pen, layout, palette, axis, run, backwardFrom, fraction }, t) {
  if (t < run.backwardFrom) return;
  const log10 = run.log10Gradient[t - 1];
  const x = center(layout, t);
  const shown = t >= backwardFrom;
  const growing = t === backwardFrom - 1 && fraction > 0;
  if (log10 === -Infinity) {
    if (detail(layout, t) !== "ribbon") ring(pen, palette.faint, x, below(layout.rows.bars) - 4);
    return;
  }
  pen.fillStyle = palette.gradient.css(health(log10));
  const width = Math.max(boxWidth(layout, t) * 0.86, 1);
  const zero = barY(layout, axis, 0);
  const end = barY(layout, axis, log10);
  pen.globalAlpha = shown ? 1 : PREVIEW;
  pen.fillRect(x - width / 2, Math.min(zero, end), width, Math.max(Math.abs(end - zero), 1.5));
  if (growing) {
    pen.globalAlpha = 1;
    const tip = zero + (end - zero) * fraction;
    pen.fillRect(x - width / 2, Math.min(zero, tip), width, Math.abs(tip - zero));
  }
  pen.globalAlpha = 1;
}

/**
 * A pinned run's gradient, as a line over the bars.
 * @param {Scene} scene
 * @param {Run} pin
 * @param {number} index
 */
function paintPin({ pen, layout, palette, axis }, pin, index) {
  pen.strokeStyle = palette.pins[index];
  pen.lineWidth = 2.5;
  pen.setLineDash(DASHES[index]);
  pen.beginPath();
  let joined = false;
  for (let t = 1; t <= Math.min(pin.T, layout.T); t++) {
    const log10 = pin.log10Gradient[t - 1];
    if (log10 === -Infinity) {
      joined = false;
      continue;
    }
    const [x, y] = [center(layout, t), barY(layout, axis, log10)];
    if (joined) pen.lineTo(x, y);
    else pen.moveTo(x, y);
    joined = true;
  }
  pen.stroke();
  pen.setLineDash([]);
}

/**
 * The state on its way to the next timestep: a slice of the column travels along the arrow.
 * @param {Scene} scene
 */
function paintPulse(scene) {
  const { layout, run, forwardTo, fraction, loss } = scene;
  if (fraction === 0 || loss || forwardTo < 1 || forwardTo >= run.T || !run.recurrent) return;
  const [from, to] = [center(layout, forwardTo), center(layout, forwardTo + 1)];
  const width = Math.max(boxWidth(layout, forwardTo) * 0.3, 3);
  const left = from + (to - from) * fraction - width / 2;
  paintCells(scene, run.hidden, forwardTo, left, width, layout.rows.hidden, 0);
  if (run.cellState) {
    paintCells(scene, run.cellState, forwardTo, left, width, layout.rows.cell, 0);
  }
}

/**
 * Folded: what leaves the cell enters it again. Forward above, the gradient back below.
 * @param {Scene} scene
 */
function paintLoop({ pen, layout, palette, run, backwardFrom, current, weight }) {
  if (!run.recurrent) return;
  const { cell, hidden, gates } = layout.rows;
  const { top, height } = hidden;
  const [above, under] = [cell.height ? cell : hidden, gates.height ? gates : hidden];
  const [forwardY, backwardY] = [top + height * FORWARD_AT, top + height * BACKWARD_AT];
  const x = center(layout, current);
  const half = boxWidth(layout, current) / 2 + 2;
  const pointed = weight === "W_hh";
  const [colour, width] = pointed ? [palette.accent, POINTED_AT] : [palette.arrow, 1.75];
  loop(pen, colour, width, x, forwardY, half, forwardY - above.top + CLEARANCE);
  const log10 = run.log10Gradient[current - 1];
  if (current >= backwardFrom && current < run.T && log10 > -Infinity) {
    const gradient = palette.gradient.css(health(log10));
    loop(
      pen,
      gradient,
      arrowWidth(log10),
      x,
      backwardY,
      half,
      backwardY - below(under) - CLEARANCE,
    );
  }
  text(
    pen,
    palette.ink,
    `italic 17px ${palette.mathFont}`,
    "Wₕₕ",
    x + half + 72,
    (forwardY + backwardY) / 2,
  );
}

/**
 * 1, 2, 5, 10… at least as large.
 * @param {number} least
 */
export function niceInterval(least) {
  return [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((n) => n >= least) ?? 2000;
}

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
