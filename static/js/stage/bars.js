/**
 * The gradient under each timestep, on its scale, and the counting along a ribbon.
 *
 * @typedef {import("../layout.js").Layout} Layout
 * @typedef {import("../run.js").Run} Run
 * @typedef {import("../scale.js").Axis} Axis
 * @typedef {import("./paint.js").Scene} Scene
 */
import { below, boxWidth, center, detail } from "../layout.js";
import { health, ticks } from "../scale.js";
import { box, line, ring, text } from "./marks.js";

const PREVIEW = 0.22;
const LEAST_LABEL_ROOM = 44;
const DASHES = [[], [7, 4], [2, 3]];
const INDEX_FONT = "12px";

/**
 * How far down the bars a log10 lies, from 0 to 1.
 * @param {Axis} axis
 * @param {number} log10
 */
export const depth = (axis, log10) => (axis.high - log10) / (axis.high - axis.low);

/**
 * Where a log10 lies among the bars.
 * @param {Layout} layout
 * @param {Axis} axis
 * @param {number} log10
 */
export const barY = ({ rows: { bars } }, axis, log10) =>
  bars.top + bars.height * depth(axis, log10);

/** @param {Scene} scene */
export function paintGrid({ pen, layout, palette, axis }) {
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
export function paintLens({ pen, layout, palette }) {
  const { lens, rows, T, width, pitches } = layout;
  if (!lens) return;
  const left = center(layout, lens.from) - pitches[lens.from - 1] / 2;
  const right = center(layout, lens.to) + pitches[lens.to - 1] / 2;
  pen.fillStyle = palette.sunken;
  box(pen, left, rows.output.top - 8, right - left, below(rows.bars) - rows.output.top + 12, 8);
  pen.fill();
  const every = niceInterval(LEAST_LABEL_ROOM / Math.min(pitches[0], pitches[T - 1]));
  for (let t = every; t <= T; t += every) {
    const x = center(layout, t);
    const apart = x < left - LEAST_LABEL_ROOM || x > right + LEAST_LABEL_ROOM;
    if (apart && x < width - LEAST_LABEL_ROOM / 2) {
      text(pen, palette.faint, INDEX_FONT, String(t), x, rows.index.top + rows.index.height / 2);
    }
  }
}

/**
 * Up from 1 when the gradient has grown, down when it has shrunk; a ring on the floor where no
 * path leads to the loss.
 * @param {Scene} scene
 * @param {number} t
 */
export function paintBar({ pen, layout, palette, axis, run, backwardFrom, fraction }, t) {
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
export function paintPin({ pen, layout, palette, axis }, pin, index) {
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
 * 1, 2, 5, 10… at least as large.
 * @param {number} least
 */
export function niceInterval(least) {
  return [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((n) => n >= least) ?? 2000;
}
