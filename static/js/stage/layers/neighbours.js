/**
 * The states of the layer below, which a higher one reads, and of the layer above, which reads this
 * one and sends the gradient down: a strip of each at every timestep.
 *
 * @typedef {import("../draw/paint.js").Scene} Scene
 */
import { arrowWidth, tone } from "../../canvas/color-scale.js";
import { arrow, box, line } from "../../canvas/shapes.js";
import { drawVector } from "../../canvas/vectors.js";
import { levelAt, levelEntering, statesOf } from "../../run/levels.js";
import { inTime } from "../../run/reading-order.js";
import { isPointed, POINTED } from "../draw/ways.js";
import { below, boxWidth, center, detail } from "../layout.js";
import { walkOf } from "./progress.js";

const STRIP = { part: 0.32, least: 2.5, most: 7 };
/** The ways up and down on both sides of the middle. */
const BESIDE = { full: 4, compact: 2.5, ribbon: 0 };

/**
 * Draws what enters a layer that reads no tokens; the token is under the states that have read it.
 * @param {Scene} scene
 * @param {number} t
 */
export function paintBelow(scene, t) {
  const { pen, layout, palette, run } = scene;
  if (detail(layout, t) === "ribbon") return;
  const { token, hidden, gates } = layout.rows;
  const bottom = below(gates.height ? gates : hidden) + 3;
  const room = token.top - 2 - bottom;
  const high = Math.max(STRIP.least, Math.min(room * STRIP.part, STRIP.most));
  const x = center(layout, t);
  const top = token.top - 2 - high - room * 0.15;
  pen.strokeStyle = palette.arrow;
  pen.lineWidth = 1.25;
  line(pen, x, token.top - 1, x, top + high);
  paintStrip(scene, t, run.layer - 1, top, high);
  const pointed = isPointed(scene, "W_xh", t);
  const [colour, width] = pointed ? [palette.lit, POINTED] : [palette.arrow, 1.25];
  arrow(pen, colour, width, x, top - 1, x, bottom);
}

/**
 * Draws the layer above, which reads this one, and the gradient that comes down from it.
 * @param {Scene} scene
 * @param {number} t
 */
export function paintAbove(scene, t) {
  const { pen, layout, palette, run, forwardTo, backwardFrom } = scene;
  if (detail(layout, t) === "ribbon") return;
  const { output, hidden, cell } = layout.rows;
  const bottom = (cell.height ? cell : hidden).top - 3;
  const high = Math.min(STRIP.most, output.height / 2);
  const top = below(output) - high;
  const above = walkOf(run, { to: forwardTo, from: backwardFrom }, { layer: run.layer + 1 });
  if (t <= above.to) paintStrip(scene, t, run.layer + 1, top, high);
  const x = center(layout, t);
  const log10 = levelEntering(run, levelAt(run), inTime(run, t));
  const comes = t >= backwardFrom && log10 > -Infinity && layout.rows.bars.height > 0;
  const apart = comes ? BESIDE[detail(layout, t)] : 0;
  arrow(pen, palette.arrow, 1.25, x - apart, bottom, x - apart, top + high + 2);
  if (!apart) return;
  const width = Math.min(arrowWidth(log10), boxWidth(layout, t) / 2);
  arrow(
    pen,
    palette.gradient.css(tone(log10)),
    width,
    x + apart,
    top + high + 2,
    x + apart,
    bottom,
  );
}

/**
 * The states of a layer at a timestep, side by side, in both directions if there are two.
 * @param {Scene} scene
 * @param {number} t  in the reading order of the layer in front
 * @param {number} layer
 * @param {number} top
 * @param {number} high
 */
function paintStrip({ pen, layout, palette, run }, t, layer, top, high) {
  const width = boxWidth(layout, t);
  const left = center(layout, t) - width / 2;
  const states = statesOf(run);
  pen.strokeStyle = palette.line;
  pen.lineWidth = 1;
  box(pen, left, top, width, high, 1);
  pen.stroke();
  if (!states) return;
  const count = run.directions * run.H;
  const part = { row: inTime(run, t) - 1, from: (layer - 1) * count, count };
  drawVector(pen, palette.state, states, part, { left, top, width, height: high }, "across");
}
