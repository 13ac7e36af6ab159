/**
 * Marks that a canvas does not have.
 *
 * @typedef {CanvasRenderingContext2D} Pen
 */
import { pieces } from "../text/marked.js";

/** The size of a power or an index, and its distance from the middle of the line. */
export const RAISED = 0.72;
/** @type {Record<string, number>} */
export const SHIFTS = { sup: -0.4, sub: 0.28 };

/**
 * @param {Pen} pen
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2
 * @param {number} y2
 */
export function line(pen, x1, y1, x2, y2) {
  pen.beginPath();
  pen.moveTo(x1, y1);
  pen.lineTo(x2, y2);
  pen.stroke();
}

/**
 * A shaft and a head that fit in the way there is.
 * @param {Pen} pen
 * @param {string} colour
 * @param {number} width
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2
 * @param {number} y2
 */
export function arrow(pen, colour, width, x1, y1, x2, y2) {
  const way = Math.hypot(x2 - x1, y2 - y1);
  if (way < 1) return;
  const [dx, dy] = [(x2 - x1) / way, (y2 - y1) / way];
  const size = Math.min(way * 0.6, 4 + width * 0.9);
  pen.strokeStyle = pen.fillStyle = colour;
  pen.lineWidth = width;
  line(pen, x1, y1, x2 - dx * size, y2 - dy * size);
  head(pen, x2, y2, dx, dy, size, Math.max(size * 0.6, width * 0.9));
}

/**
 * Out of a side of a box and into the same side again.
 * @param {Pen} pen
 * @param {string} colour
 * @param {number} width
 * @param {number} x  the side
 * @param {number} from  how high it leaves
 * @param {number} to  how high it enters
 * @param {number} out  how far it goes; negative for the left
 */
export function loop(pen, colour, width, x, from, to, out) {
  const way = Math.sign(out);
  const size = 5 + width;
  // A curve reaches three quarters of the way to what pulls it.
  const pull = x + out / 0.75;
  pen.strokeStyle = pen.fillStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  pen.moveTo(x, from);
  pen.bezierCurveTo(pull, from, pull, to, x + size * way, to);
  pen.stroke();
  head(pen, x, to, -way, 0, size, size * 0.7);
}

/**
 * From one place to another at the same height, in an arc above them that comes down steeply.
 * @param {Pen} pen
 * @param {string} colour
 * @param {number} width
 * @param {number} from
 * @param {number} to
 * @param {number} y
 * @param {number} up  how high the arc is
 */
export function arc(pen, colour, width, from, to, y, up) {
  const size = 5 + width;
  pen.strokeStyle = pen.fillStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  pen.moveTo(from, y);
  // A curve reaches three quarters of the height of what pulls it.
  pen.bezierCurveTo(from, y - up / 0.75, to, y - up / 0.75, to, y - size);
  pen.stroke();
  head(pen, to, y, 0, 1, size, size * 0.6);
}

/**
 * A ring on a line, which does not go through it.
 * @param {Pen} pen
 * @param {{faint: string, paper: string}} palette
 * @param {number} x
 * @param {number} y
 */
export function ring(pen, palette, x, y) {
  pen.fillStyle = palette.paper;
  pen.strokeStyle = palette.faint;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.arc(x, y, 2.5, 0, 2 * Math.PI);
  pen.fill();
  pen.stroke();
}

/**
 * A path to fill or to stroke.
 * @param {Pen} pen
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 * @param {number} radius
 */
export function box(pen, x, y, width, height, radius) {
  pen.beginPath();
  pen.roundRect(x, y, width, height, Math.min(radius, width / 2));
}

/**
 * A text with marks, aligned as the pen aligns: powers and indices are smaller, and beside the line.
 * @param {Pen} pen
 * @param {string} words
 * @param {number} x
 * @param {number} y
 */
export function fillMarked(pen, words, x, y) {
  if (pen.measureText === undefined) return pen.fillText(words, x, y); // an SVG's, which measures itself
  const found = pieces(words);
  if (found.length === 1 && !(found[0].kind in SHIFTS)) return pen.fillText(found[0].text, x, y);
  const { font, textAlign } = pen;
  const size = parseFloat(/** @type {any} */ (font.match(/[\d.]+(?=px)/))[0]);
  const parts = found.map(({ kind, text }) => {
    const shift = SHIFTS[kind] ?? 0;
    pen.font = shift ? font.replace(/[\d.]+(?=px)/, String(size * RAISED)) : font;
    return { text, font: pen.font, shift: shift * size, width: pen.measureText(text).width };
  });
  const width = parts.reduce((sum, part) => sum + part.width, 0);
  let left = x - width * ({ center: 0.5, right: 1, end: 1 }[String(textAlign)] ?? 0);
  pen.textAlign = "left";
  for (const part of parts) {
    pen.font = part.font;
    pen.fillText(part.text, left, y + part.shift);
    left += part.width;
  }
  [pen.font, pen.textAlign] = [font, textAlign];
}

/**
 * @param {Pen} pen
 * @param {string} colour
 * @param {string} font
 * @param {string} words
 * @param {number} x  their middle
 * @param {number} y  their middle
 */
export function text(pen, colour, font, words, x, y) {
  pen.fillStyle = colour;
  pen.font = font.includes(" ") ? font : `${font} sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  if (!(pen.getTransform?.().a < 0)) return fillMarked(pen, words, x, y);
  pen.save(); // words are read from the left in a mirrored picture too
  pen.translate(2 * x, 0);
  pen.scale(-1, 1);
  fillMarked(pen, words, x, y);
  pen.restore();
}

/**
 * The head of an arrow, whose tip is at x, y and points along dx, dy.
 * @param {Pen} pen
 * @param {number} x
 * @param {number} y
 * @param {number} dx
 * @param {number} dy
 * @param {number} size
 * @param {number} half
 */
export function head(pen, x, y, dx, dy, size, half) {
  const [bx, by] = [x - dx * size, y - dy * size];
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(bx - dy * half, by + dx * half);
  pen.lineTo(bx + dy * half, by - dx * half);
  pen.fill();
}
