/**
 * The marks of the stage, on a canvas. Every function draws what its arguments say and keeps
 * nothing.
 *
 * @typedef {import("../layout.js").Layout} Layout
 * @typedef {import("../run.js").Run} Run
 * @typedef {import("../scale.js").Axis} Axis
 * @typedef {import("./palette.js").Palette} Palette
 *
 * @typedef {object} Scene
 * @property {CanvasRenderingContext2D} pen
 * @property {Layout} layout
 * @property {Palette} palette
 * @property {Axis} axis
 * @property {Run} run
 * @property {number} scrolled  how far, in CSS pixels
 * @property {{from: number, to: number}} seen  timesteps in view
 * @property {number} forwardTo  states are drawn up to this timestep
 * @property {number} backwardFrom  gradients are drawn from this timestep on
 * @property {boolean} loss  whether the loss has been met
 * @property {number} fraction  of the way to the next position
 * @property {number | null} chosen
 */
import { below, center } from "../layout.js";
import { health, ticks } from "../scale.js";

const SMALLEST_GAPPED_CELL = 4;
const PREVIEW = 0.22;
const THINNEST_ARROW = 1;
const THICKEST_ARROW = 9;
const FORWARD_AT = 0.3;
const BACKWARD_AT = 0.66;

/** @param {Scene} scene */
export function paint(scene) {
  paintGrid(scene);
  for (let t = scene.seen.from; t <= scene.seen.to; t++) {
    paintInput(scene, t);
    if (scene.run.targets[t - 1] >= 0) paintOutput(scene, t);
    if (t > 1 && scene.run.recurrent) paintForwardArrow(scene, t);
    if (t < scene.run.T && scene.run.recurrent) paintBackwardArrow(scene, t);
    paintColumn(scene, t);
    paintBar(scene, t);
  }
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
export const barY = (layout, axis, log10) =>
  layout.bars.top + (layout.bars.height * (axis.high - log10)) / (axis.high - axis.low);

/** @param {Scene} scene */
function paintGrid({ pen, layout, palette, axis, scrolled }) {
  const [left, right] = [scrolled, scrolled + layout.viewWidth];
  for (const tick of ticks(axis)) {
    pen.strokeStyle = tick === 0 ? palette.ink : palette.line;
    pen.lineWidth = tick === 0 ? 1.25 : 1;
    line(pen, left, barY(layout, axis, tick), right, barY(layout, axis, tick));
  }
}

/**
 * @param {Scene} scene
 * @param {number} t
 */
function paintInput({ pen, layout, palette }, t) {
  if (layout.detail === "ribbon") return;
  const x = center(layout, t);
  arrow(pen, palette.arrow, 1.25, x, layout.token.top - 2, x, below(layout.hidden) + 3);
}

/**
 * @param {Scene} scene
 * @param {number} t
 */
function paintOutput({ pen, layout, palette, loss, run, backwardFrom }, t) {
  const x = center(layout, t);
  const [top, bottom] = [below(layout.output) + 3, layout.hidden.top - 3];
  const apart = layout.detail === "full" ? 4 : 0;
  arrow(pen, palette.arrow, 1.25, x - apart, bottom, x - apart, top);
  if (loss && run.backwardFrom <= t && backwardFrom <= t && layout.detail === "full") {
    const log10 = run.log10Gradient[t - 1];
    arrow(
      pen,
      palette.gradient.css(health(log10)),
      arrowWidth(log10),
      x + apart,
      top,
      x + apart,
      bottom,
    );
  }
}

/**
 * @param {Scene} scene
 * @param {number} t
 */
function paintForwardArrow({ pen, layout, palette, forwardTo }, t) {
  const { from, to, room } = between(layout, t);
  if (room < 2) return;
  pen.globalAlpha = t <= forwardTo ? 1 : 0.45;
  const y = layout.hidden.top + layout.hidden.height * FORWARD_AT;
  arrow(pen, palette.arrow, 1.25, from, y, to, y);
  pen.globalAlpha = 1;
}

/**
 * From t + 1 back to t: its width and colour are the gradient that arrives.
 * @param {Scene} scene
 * @param {number} t
 */
function paintBackwardArrow({ pen, layout, palette, run, backwardFrom, fraction }, t) {
  const growing = t === backwardFrom - 1 && t < run.T && fraction > 0;
  if (t < backwardFrom && !growing) return;
  const log10 = run.log10Gradient[t - 1];
  const { from, to, room } = between(layout, t + 1);
  if (log10 === -Infinity || room < 2) return;
  const y = layout.hidden.top + layout.hidden.height * BACKWARD_AT;
  const tip = growing ? to + (from - to) * fraction : from;
  arrow(pen, palette.gradient.css(health(log10)), arrowWidth(log10), to, y, tip, y);
}

/**
 * @param {Scene} scene
 * @param {number} t
 */
function paintColumn({ pen, layout, palette, run, forwardTo, chosen }, t) {
  const left = center(layout, t) - layout.box / 2;
  const { top, height } = layout.hidden;
  pen.fillStyle = palette.surface;
  pen.strokeStyle = t === chosen ? palette.ink : palette.arrow;
  pen.lineWidth = t === chosen ? 2 : 1;
  if (layout.detail !== "ribbon") {
    box(pen, left, top, layout.box, height, 4);
    pen.fill();
    pen.stroke();
  }
  if (t <= forwardTo) paintCells({ pen, palette, run }, t, left, layout.box, top, height, layout);
}

/**
 * A timestep's hidden units, as cells between two sides.
 * @param {{pen: CanvasRenderingContext2D, palette: Palette, run: Run}} scene
 * @param {number} t
 * @param {number} left
 * @param {number} width
 * @param {number} top
 * @param {number} height
 * @param {Layout} layout
 */
function paintCells({ pen, palette, run }, t, left, width, top, height, layout) {
  const inset = layout.detail === "full" ? 3 : layout.detail === "compact" ? 1.5 : 0;
  const pitch = (height - 2 * inset) / run.H;
  const gap = pitch >= SMALLEST_GAPPED_CELL && layout.detail !== "ribbon" ? 1 : 0;
  const rows = Math.min(run.H, Math.ceil(height));
  for (let row = 0; row < rows; row++) {
    const unit = Math.floor((row * run.H) / rows);
    const y = top + inset + ((height - 2 * inset) * row) / rows;
    pen.fillStyle = palette.state.css(run.hidden[(t - 1) * run.H + unit]);
    pen.fillRect(
      left + inset,
      y,
      width - 2 * inset,
      (height - 2 * inset) / rows - gap + (gap ? 0 : 0.5),
    );
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
    if (layout.detail !== "ribbon") ring(pen, palette.faint, x, below(layout.bars) - 4);
    return;
  }
  pen.fillStyle = palette.gradient.css(health(log10));
  const width = Math.max(layout.box * 0.86, 1);
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
 * The state on its way to the next timestep: a slice of the column travels along the arrow.
 * @param {Scene} scene
 */
function paintPulse(scene) {
  const { layout, run, forwardTo, fraction, loss } = scene;
  if (fraction === 0 || loss || forwardTo < 1 || forwardTo >= run.T || !run.recurrent) return;
  const x = center(layout, forwardTo) + layout.pitch * fraction;
  const width = Math.max(layout.box * 0.3, 3);
  paintCells(
    scene,
    forwardTo,
    x - width / 2,
    width,
    layout.hidden.top,
    layout.hidden.height,
    layout,
  );
}

/**
 * The gap between the boxes of t - 1 and t.
 * @param {Layout} layout
 * @param {number} t
 */
function between(layout, t) {
  const from = center(layout, t - 1) + layout.box / 2 + 1.5;
  const to = center(layout, t) - layout.box / 2 - 1.5;
  return { from, to, room: to - from };
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2
 * @param {number} y2
 */
function line(pen, x1, y1, x2, y2) {
  pen.beginPath();
  pen.moveTo(x1, y1);
  pen.lineTo(x2, y2);
  pen.stroke();
}

/**
 * A shaft and a head that fit in the way there is.
 * @param {CanvasRenderingContext2D} pen
 * @param {string} colour
 * @param {number} width
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2
 * @param {number} y2
 */
function arrow(pen, colour, width, x1, y1, x2, y2) {
  const way = Math.hypot(x2 - x1, y2 - y1);
  if (way < 1) return;
  const [dx, dy] = [(x2 - x1) / way, (y2 - y1) / way];
  const head = Math.min(way * 0.6, 4 + width * 0.9);
  const half = Math.max(head * 0.6, width * 0.9);
  const [bx, by] = [x2 - dx * head, y2 - dy * head];
  pen.strokeStyle = pen.fillStyle = colour;
  pen.lineWidth = width;
  line(pen, x1, y1, bx, by);
  pen.beginPath();
  pen.moveTo(x2, y2);
  pen.lineTo(bx - dy * half, by + dx * half);
  pen.lineTo(bx + dy * half, by - dx * half);
  pen.fill();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {string} colour
 * @param {number} x
 * @param {number} y
 */
function ring(pen, colour, x, y) {
  pen.strokeStyle = colour;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.arc(x, y, 2.5, 0, 2 * Math.PI);
  pen.stroke();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 * @param {number} radius
 */
function box(pen, x, y, width, height, radius) {
  pen.beginPath();
  pen.roundRect(x, y, width, height, Math.min(radius, width / 2));
}
