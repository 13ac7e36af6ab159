/**
 * The share of the gradient that arrives at each timestep, as bars that rise from a floor, and the
 * counting along a ribbon.
 *
 * @typedef {import("../layout.js").Layout} Layout
 * @typedef {import("../../run/run.js").Run} Run
 * @typedef {import("../../canvas/color-scale.js").View} View
 * @typedef {import("../../canvas/palette.js").Palette} Palette
 * @typedef {import("./paint.js").Scene} Scene
 * @typedef {import("../../canvas/shapes.js").Pen} Pen
 * @typedef {{floor: number, ceiling: number}} Plot  where they are, from above
 */
import { height, LITTLE, ticks, tone, TOO_MUCH } from "../../canvas/color-scale.js";
import { box, line, ring, text } from "../../canvas/shapes.js";
import { inTime } from "../../run/reading-order.js";
import { powerOfTen, significant, wholePercent } from "../../text/format.js";
import { below, boxWidth, center, detail } from "../layout.js";

const LEAST_LABEL_ROOM = 44;
const INDEX_FONT = "12px";
const BAR_SHARE = 0.86;
export const LITTLE_DASH = [2, 3];
/** The height above the ceiling of a bar that breaks through it, and the place of its tear. */
export const TORN = { above: 5, below: 7, tooth: 3, gap: 2.5, narrowest: 5 };
export const FACTOR = { room: 16, share: 0.2, font: 11, apart: 40 };
/** The largest factor that is written with its digits. */
const LARGEST_FACTOR = 4;

/**
 * Where the bars stand in their row: above the ceiling is room for factors.
 * @param {Pick<Layout, "rows" | "zoom">} layout
 * @returns {Plot}
 */
export function plotOf({ rows: { bars }, zoom }) {
  const room = Math.min(FACTOR.room * zoom, bars.height * FACTOR.share);
  return { floor: below(bars), ceiling: bars.top + room };
}

/**
 * Where a share, or what lies at a part of the way from floor to ceiling, is.
 * @param {Plot} plot
 * @param {number} at
 */
export const barY = ({ floor, ceiling }, at) => floor - at * (floor - ceiling);

/**
 * The label of a line across the bars: a text with marks.
 * @param {number} log10
 * @param {View} view
 */
export function tickWord(log10, view) {
  if (view === "linear") return wholePercent(10 ** log10);
  return log10 === 0 ? "1" : powerOfTen(log10);
}

/**
 * The lines across the bars; below the dashed one the network learns little from a token.
 * @param {{pen: Pen, palette: Palette, view: View}} scene
 * @param {Plot} plot
 * @param {number} left
 * @param {number} right
 */
export function paintLines({ pen, palette, view }, plot, left, right) {
  for (const { at, main } of ticks(view)) {
    pen.strokeStyle = at === 0 ? palette.ink : main ? palette.faint : palette.line;
    pen.lineWidth = at === 0 ? 1.25 : 1;
    line(pen, left, barY(plot, at), right, barY(plot, at));
  }
  const little = barY(plot, height(LITTLE, view));
  pen.strokeStyle = palette.faint;
  pen.lineWidth = 1;
  pen.setLineDash(LITTLE_DASH);
  line(pen, left, little, right, little);
  pen.setLineDash([]);
}

/** @param {Scene} scene */
export function paintGrid(scene) {
  if (scene.layout.rows.bars.height) paintLines(scene, plotOf(scene.layout), 0, scene.layout.width);
}

/**
 * The lens's place on the ribbon, and the timesteps counted along it.
 * @param {Scene} scene
 */
export function paintLens({ pen, layout, palette, run }) {
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
      text(
        pen,
        palette.faint,
        INDEX_FONT,
        String(inTime(run, t)),
        x,
        rows.index.top + rows.index.height / 2,
      );
    }
  }
}

/**
 * A bar as high as the share that arrives, as far as the way back has been walked; a ring on the
 * floor where no path leads to the loss.
 * @param {Scene} scene
 * @param {number} t
 */
export function paintBar({ pen, layout, palette, view, run, backwardFrom, fraction, loss }, t) {
  const growing = loss && t === backwardFrom - 1 && fraction > 0;
  if (t < run.backwardFrom || (t < backwardFrom && !growing)) return;
  const log10 = run.log10Share[t - 1];
  const [x, plot] = [center(layout, t), plotOf(layout)];
  if (log10 === -Infinity) {
    if (detail(layout, t) !== "ribbon") ring(pen, palette, x, plot.floor);
    return;
  }
  const width = Math.max(boxWidth(layout, t) * BAR_SHARE, 1);
  paintShare({ pen, palette, view }, plot, x - width / 2, width, log10, growing ? fraction : 1);
}

/**
 * One bar, which is torn where it breaks through the ceiling.
 * @param {{pen: Pen, palette: Palette, view: View}} scene
 * @param {Plot} plot
 * @param {number} left
 * @param {number} width
 * @param {number} log10  of the share
 * @param {number} [grown]  how much of the bar there is, while it grows
 */
export function paintShare({ pen, palette, view }, plot, left, width, log10, grown = 1) {
  const at = height(log10, view);
  const torn = at > 1;
  const full = torn ? barY(plot, 1) - TORN.above : barY(plot, at);
  const top = plot.floor + (full - plot.floor) * grown;
  pen.fillStyle = palette.gradient.css(tone(log10));
  pen.fillRect(left, top, width, plot.floor - top);
  if (!torn || grown < 1) return;
  tear({ pen, palette }, plot.ceiling + TORN.below, left, width, log10 > TOO_MUCH);
}

/**
 * A gap of paper across a bar, toothed where the gradient explodes and there is room for teeth.
 * @param {{pen: Pen, palette: Palette}} scene
 * @param {number} y
 * @param {number} left
 * @param {number} width
 * @param {boolean} exploding
 */
function tear({ pen, palette }, y, left, width, exploding) {
  const { tooth, gap, narrowest } = TORN;
  if (!exploding || width < narrowest) {
    pen.fillStyle = palette.paper;
    return pen.fillRect(left, y, width, gap);
  }
  const teeth = 2 * Math.max(1, Math.round(width / (2 * tooth) / 1.6));
  pen.strokeStyle = palette.paper;
  pen.lineWidth = gap;
  pen.beginPath();
  pen.moveTo(left - 1, y);
  for (let i = 1; i <= teeth; i++) {
    pen.lineTo(
      left + (width * i) / teeth + (i === teeth ? 1 : 0),
      y + (i % 2 ? -tooth : tooth / 2),
    );
  }
  pen.stroke();
}

/**
 * The multiples that arrive, over the bars that break through the ceiling, from the left and
 * as far apart as they are wide.
 * @param {Scene} scene
 */
export function paintFactors(scene) {
  const { pen, layout, palette, view, run, backwardFrom } = scene;
  const plot = plotOf(layout);
  const font = `600 ${FACTOR.font * layout.zoom}px ${palette.textFont}`;
  let last = -Infinity;
  for (let t = Math.max(backwardFrom, run.backwardFrom); t <= run.T; t++) {
    const log10 = run.log10Share[t - 1];
    if (height(log10, view) <= 1) continue;
    const room = FACTOR.apart * layout.zoom;
    const x = Math.max(room / 2, Math.min(center(layout, t), layout.width - room / 2));
    if (x - last < room) continue;
    last = x;
    if (Math.abs(x - center(layout, t)) > boxWidth(layout, t) / 2) paintLeader(scene, t);
    text(
      pen,
      palette.gradient.css(tone(log10)),
      font,
      factor(log10),
      x,
      plot.ceiling - TORN.above - FACTOR.font * 0.6,
    );
  }
}

/**
 * A stroke from a bar up to its multiple, which is not over it but beside the edge of the picture.
 * @param {Scene} scene
 * @param {number} t
 */
function paintLeader({ pen, layout, palette, run }, t) {
  const { ceiling } = plotOf(layout);
  const x = Math.round(center(layout, t)) + 0.5;
  pen.strokeStyle = palette.gradient.css(tone(run.log10Share[t - 1]));
  pen.lineWidth = 1.5;
  line(pen, x, ceiling, x, ceiling - TORN.above - FACTOR.font * 0.2);
}

/**
 * The multiple that arrives, as a text with marks.
 * @param {number} log10
 */
export const factor = (log10) =>
  `×${log10 < LARGEST_FACTOR ? significant(10 ** log10) : powerOfTen(Math.round(log10))}`;

/**
 * 1, 2, 5, 10… at least as large.
 * @param {number} least
 */
export function niceInterval(least) {
  return [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((n) => n >= least) ?? 2000;
}
