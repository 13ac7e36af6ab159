/**
 * The folded chain: a cell whose state enters it again, and the way from an encoder to a decoder.
 *
 * @typedef {import("./paint.js").Scene} Scene
 */
import { arrowWidth, tone } from "../../canvas/color-scale.js";
import { arrow, loop, text } from "../../canvas/shapes.js";
import { isThere, leadsBack, partOf } from "../../run/gradient-paths.js";
import { boxWidth, center } from "../layout.js";
import { CARRY_AT, gap, isPointed, POINTED, RECURRENT_AT } from "./ways.js";

/** The folded chain's loops: how far they go from the cell, and where they leave and enter it. */
const LOOP = { out: 92, margin: 6, inside: 0.62, forward: [0.25, 0.75], backward: [0.9, 0.1] };

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
  const [colour, width] = pointed ? [palette.lit, POINTED] : [palette.arrow, 1.75];
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
  const [colour, width] = pointed ? [palette.lit, POINTED] : [palette.arrow, 1.75];
  const [leaves, enters] = heights(LOOP.forward);
  loop(pen, colour, width, x, leaves, enters, inside);
  const font = `italic ${17 * layout.zoom}px ${palette.mathFont}`;
  text(pen, palette.ink, font, "W<sub>hh</sub>", x + inside / 2, (leaves + enters) / 2);
  const log10 = run.log10Share[current - 1];
  const within = current < run.T && partOf(run, current) === partOf(run, current + 1);
  const walks = backwardFrom > 1 && current >= backwardFrom && isThere(run, current + 1);
  if (!walks || !within || log10 === -Infinity || !leadsBack(run, current + 1)) return;
  const [start, end] = heights(LOOP.backward);
  loop(pen, palette.gradient.css(tone(log10)), arrowWidth(log10), x, start, end, outside);
}
