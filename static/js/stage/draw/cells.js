/**
 * Contents of the boxes: tokens, states, gates and predictions.
 *
 * @typedef {import("../layout.js").Row} Row
 * @typedef {import("./paint.js").Scene} Scene
 */
import { tone, TOO_MUCH } from "../../canvas/color-scale.js";
import { box, text } from "../../canvas/shapes.js";
import { drawVector } from "../../canvas/vectors.js";
import { tokenShare } from "../../run/arriving-gradient.js";
import { partOf } from "../../run/gradient-paths.js";
import { isUnseen, isWord, letters } from "../../text/characters.js";
import { apart } from "../../text/marked.js";
import { isPicture } from "../../text/picture.js";
import { paintSigns } from "../../text/token-signs.js";
import { below, boxWidth, center, detail, tileWidth } from "../layout.js";

const SMALLEST_GAPPED_CELL = 4;
const ROOM_FOR_A_DISTRIBUTION = 26;
/** The band of a distribution: its part of a box's height, the space around it and between two shares,
 * and the least that is drawn. */
const BAND = { share: 0.22, around: 2, apart: 0.75, least: 0.02 };
/** A forward step: until here its letter rises and the last state arrives; then the colours appear. */
const ARRIVED = 0.6;
const RADIUS = 6;
const INSET = { full: 3, compact: 1.5, ribbon: 0 };
/** The ring around a tile at which more than all arrives: how far from it, and how wide. */
const RING = { off: 2.25, width: 1.75 };

/**
 * The prediction, shared out over the width of its box: each token of the vocabulary has as much of it
 * as it is likely; the target's share is marked.
 * @param {Scene} scene
 * @param {number} t
 */
export function paintDistribution({ pen, layout, palette, run, forwardTo }, t) {
  const probabilities = run.probabilities.get(t);
  const wide = boxWidth(layout, t);
  if (!probabilities || t > forwardTo || wide < ROOM_FOR_A_DISTRIBUTION) return;
  const { height } = layout.rows.output;
  const [room, tall] = [wide - 2 * BAND.around, height * BAND.share];
  const y = below(layout.rows.output) - BAND.around - tall;
  let left = center(layout, t) - room / 2;
  probabilities.forEach((p, k) => {
    const width = p * room;
    if (width >= BAND.least) {
      pen.fillStyle = k === run.targets[t - 1] ? palette.target : palette.line;
      pen.fillRect(left, y, width - Math.min(BAND.apart, width / 2), tall);
    }
    left += width;
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
  const filled = detailed === "ribbon" ? whole(layout, t) : { left, width };
  for (const row of [cell, hidden, gates]) {
    if (!row.height || detailed === "ribbon") continue;
    pen.fillStyle = palette.surface;
    const outline = run.encoder ? palette.parts[partOf(run, t)] : palette.arrow;
    pen.strokeStyle = t === current ? palette.ink : outline;
    pen.lineWidth = (t === current && row === hidden) || run.encoder ? 2 : 1;
    box(pen, left, row.top, width, row.height, 4);
    pen.fill();
    pen.stroke();
  }
  const filling = t === forwardTo + 1 && fraction > 0 && !loss;
  if (t > forwardTo && !filling) return;
  pen.globalAlpha = filling ? Math.max(0, (fraction - ARRIVED) / (1 - ARRIVED)) : 1;
  const inset = INSET[detailed];
  /** @param {Float32Array} values @param {Row} row @param {number} at @param {number} of */
  const strip = (values, row, at, of) => {
    const each = (filled.width - 2 * inset) / of;
    paintCells(scene, values, t, filled.left + inset + at * each, each, row, inset);
  };
  strip(run.hidden, hidden, 0, 1);
  if (run.cellState) strip(run.cellState, cell, 0, 1);
  const names = detailed === "full" ? run.gates : run.gates.filter((name) => name === run.carry);
  const order = scene.turned ? names.toReversed() : names; // as they are named, in a mirror too
  order.forEach((name, i) => strip(run.gateValues[name], gates, i, names.length));
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
  const pitch = (height - 2 * inset) / run.H;
  if (pitch < SMALLEST_GAPPED_CELL || inset === 0) {
    const vectors = { values, width: run.H, known: run.forwardTo };
    const [wide, tall] = [Math.max(width, 0.3), height - 2 * inset];
    const place = { left, top: top + inset, width: wide, height: tall };
    return drawVector(pen, palette.state, vectors, { row: t - 1 }, place, "down");
  }
  for (let i = 0; i < run.H; i++) {
    pen.fillStyle = palette.state.css(values[(t - 1) * run.H + i]);
    pen.fillRect(left, top + inset + pitch * i, Math.max(width - 0.5, 0.3), pitch - 1);
  }
}

/**
 * All of a timestep's width, so that a ribbon has no gaps.
 * @param {import("../layout.js").Layout} layout
 * @param {number} t
 */
const whole = (layout, t) => ({
  left: center(layout, t) - layout.pitches[t - 1] / 2,
  width: layout.pitches[t - 1] + 0.3,
});

/**
 * The tile under a token takes ink as far as can be learned from it, once the gradient has come; a
 * ring is around it where more than all arrives.
 * @param {Scene} scene
 * @param {number} t
 */
export function paintTile({ pen, layout, palette, run, backwardFrom }, t) {
  const { token: { top, height } } = layout.rows;
  const form = detail(layout, t);
  const width = tileWidth(layout, t, isWord(run.tokens[t - 1]));
  const { left, width: wide } = form === "full"
    ? { left: center(layout, t) - width / 2, width }
    : whole(layout, t);
  const log10 = tokenShare(run, t);
  const reached = t >= Math.max(backwardFrom, run.backwardFrom);
  if (!reached && form === "ribbon") return;
  pen.fillStyle = reached ? palette.gradient.css(tone(log10)) : palette.sunken;
  if (form !== "full") {
    const apart = form === "compact" ? 1 : 0;
    return pen.fillRect(left + apart / 2, top, wide - apart, height);
  }
  box(pen, left, top, wide, height, RADIUS);
  pen.fill();
  pen.strokeStyle = palette.line;
  pen.lineWidth = 1;
  pen.stroke();
  if (!reached || log10 <= TOO_MUCH) return;
  const { off, width: line } = RING;
  pen.strokeStyle = palette.gradient.css(tone(log10));
  pen.lineWidth = line;
  box(pen, left - off, top - off, wide + 2 * off, height + 2 * off, RADIUS + off);
  pen.stroke();
}

/**
 * Draws the inputs of the next timestep: its letter rises, and a slice of the last state travels
 * along the arrow. Both have come before the colours of the new state appear.
 * @param {Scene} scene
 */
export function paintPulse(scene) {
  const { layout, run, forwardTo, fraction, loss } = scene;
  if (fraction === 0 || fraction > ARRIVED || loss || forwardTo >= run.T) return;
  const way = fraction / ARRIVED;
  if (!(run.layer > 1)) paintLetter(scene, forwardTo + 1, way);
  if (forwardTo < 1 || !run.recurrent) return;
  const [from, to] = [center(layout, forwardTo), center(layout, forwardTo + 1)];
  const width = Math.max(boxWidth(layout, forwardTo) * 0.3, 3);
  const left = from + (to - from) * way - width / 2;
  paintCells(scene, run.hidden, forwardTo, left, width, layout.rows.hidden, 0);
  if (run.cellState) {
    paintCells(scene, run.cellState, forwardTo, left, width, layout.rows.cell, 0);
  }
}

/**
 * A token on its way from its tile into the cell.
 * @param {Scene} scene
 * @param {number} t
 * @param {number} way  0..1
 */
function paintLetter({ pen, layout, palette, run }, t, way) {
  const { token, hidden, gates } = layout.rows;
  const read = run.tokens[t - 1];
  if (!read || isPicture(read) || detail(layout, t) === "ribbon") return;
  const from = token.top + token.height / 2;
  const to = below(gates.height ? gates : hidden) - token.height / 2;
  const [x, y] = [center(layout, t), from + (to - from) * way];
  const size = Math.min(layout.pitches[t - 1] * 0.7, 18 * layout.zoom) / Math.min(letters(read), 4);
  pen.fillStyle = palette.paper;
  const half = size * 0.75;
  box(pen, x - half, y - half, 2 * half, 2 * half, RADIUS);
  pen.fill();
  if (isUnseen(read)) paintSigns(pen, palette.ink, palette.codeFont, read, x, y, size);
  else text(pen, palette.ink, `600 ${size}px ${palette.codeFont}`, apart(read), x, y);
}
