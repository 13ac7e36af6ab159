/**
 * What is in the boxes: states, gates, and what the network expects.
 *
 * @typedef {import("../layout.js").Row} Row
 * @typedef {import("./paint.js").Scene} Scene
 */
import { boxWidth, center, detail } from "../layout.js";
import { box } from "./marks.js";

const SMALLEST_GAPPED_CELL = 4;
const ROOM_FOR_A_DISTRIBUTION = 26;

/**
 * What the network expects, a bar a token of the vocabulary; the one it owed is marked.
 * @param {Scene} scene
 * @param {number} t
 */
export function paintDistribution({ pen, layout, palette, run, forwardTo }, t) {
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
export function paintColumn(scene, t) {
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
export function paintCells({ pen, palette, run }, values, t, left, width, { top, height }, inset) {
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
 * The state on its way to the next timestep: a slice of the column travels along the arrow.
 * @param {Scene} scene
 */
export function paintPulse(scene) {
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
