/**
 * The stage as a picture of a slide's size, by the painter of the page.
 *
 * @typedef {import("../run/run.js").Run} Run
 * @typedef {import("../canvas/palette.js").Palette} Palette
 *
 * @typedef {object} Words
 * @property {string} title
 * @property {string} verdict  with marks, as the bars' title
 * @property {string} bars
 * @property {string} direction  which way time runs
 * @property {string} answer  prediction, target and loss
 * @property {string} settings  of the experiment, on a line
 * @property {string} address  that opens it again
 * @property {[string, string]} state  the ends of the colours of a state, in words
 * @property {[string, string]} gradient  and of a gradient
 * @property {string[]} pins  the names of the pinned runs
 * @property {Record<"output" | "cell" | "hidden" | "token", string>} rows
 */
import { MANY, NOTHING, ticks, tone } from "../canvas/color-scale.js";
import { text } from "../canvas/shapes.js";
import { SvgPen } from "../canvas/svg-context.js";
import { isAgainstTime } from "../text/characters.js";
import { barY, plotOf, tickWord } from "./draw/bars.js";
import { paint } from "./draw/paint.js";
import { sceneOf } from "./draw/scene.js";
import { writeTimesteps } from "./draw/timestep-words.js";
import { layout as layOut } from "./layout.js";

export const SLIDE = { width: 1920, height: 1080 };
const MARGIN = 60;
const GUTTER = 70;
const HEAD = 150;
const FOOT = 104;
const LEGEND = { width: 170, height: 14, shades: 34 };
/** Letters that fit on a line of the foot. */
const LONGEST_LINE = 150;
const ZOOM = 1.6;

/**
 * @param {{run: Run, position: number, pins: readonly (Run | null)[],
 *   shares: import("./draw/paint.js").Shares | null, current: number,
 *   bars: import("../canvas/color-scale.js").View}} seen
 * @param {Palette} palette
 * @param {Words} words
 * @param {(word: string, font: string) => number} measure  how wide a word is in a font
 */
export function picture({ run, position, pins, shares, current, bars }, palette, words, measure) {
  const [width, height] = [SLIDE.width - 2 * MARGIN - GUTTER, SLIDE.height - HEAD - FOOT];
  const layout = layOut(width, height, {
    T: run.T,
    cell: !!run.cellState,
    gates: run.gates.length > 0,
    at: current,
    zoom: ZOOM,
  });
  const pen = new SvgPen();
  const canvas = /** @type {CanvasRenderingContext2D} */ (/** @type {unknown} */ (pen));
  const scene = sceneOf({ run, position, pins, shares, current, bars }, layout, palette, canvas);
  paint(scene);
  writeTimesteps(scene, measure);
  const stage = pen.marks;
  pen.marks = [];
  const around = { pen: canvas, palette, words, layout };
  writeHead(around);
  writeAxis(around, bars, isAgainstTime(run));
  writeFoot(around);
  const moved = `<g transform="translate(${MARGIN + GUTTER} ${HEAD})">`;
  pen.marks.unshift(moved, ...stage, "</g>");
  return pen.document(SLIDE.width, SLIDE.height, palette.paper);
}

/**
 * @typedef {{pen: CanvasRenderingContext2D, palette: Palette, words: Words,
 *   layout: import("./layout.js").Layout}} Around  the picture
 */

/**
 * The title and the verdict; the answer and the names of the pinned runs.
 * @param {Around} around
 */
function writeHead({ pen, palette, words, layout }) {
  const font = palette.textFont;
  pen.textBaseline = "middle";
  pen.textAlign = "left";
  write(pen, palette.ink, `700 38px ${font}`, words.title, MARGIN, 62);
  write(pen, palette.soft, `400 28px ${font}`, words.verdict, MARGIN, 112);
  pen.textAlign = "right";
  const end = SLIDE.width - MARGIN;
  write(pen, palette.ink, `400 24px ${font}`, words.answer, end, HEAD - 6);
  words.pins.forEach((name, i) => {
    const y = HEAD + layout.rows.bars.top - 22 - 26 * i;
    write(pen, palette.pins[i], `600 20px ${font}`, `— ${name}`, end, y);
  });
}

/**
 * Names of the rows, and the scale of the bars.
 * @param {Around} around
 * @param {import("../canvas/color-scale.js").View} bars
 * @param {boolean} against  whether time runs against the letters
 */
function writeAxis({ pen, palette, words, layout }, bars, against) {
  const font = palette.textFont;
  pen.textAlign = "left";
  for (const [name, word] of Object.entries(words.rows)) {
    const row = layout.rows[/** @type {"hidden"} */ (name)];
    if (!row.height) continue;
    const y = HEAD + row.top + row.height / 2;
    text(pen, palette.soft, `italic 30px ${palette.mathFont}`, word, MARGIN + 18, y);
  }
  pen.textAlign = "right";
  for (const { at, log10 } of ticks(bars)) {
    const y = HEAD + barY(plotOf(layout), at);
    write(pen, palette.faint, `400 20px ${font}`, tickWord(log10, bars), MARGIN + GUTTER - 10, y);
  }
  pen.textAlign = "left";
  const left = MARGIN + GUTTER;
  if (against) write(pen, palette.soft, `400 22px ${font}`, words.direction, left, HEAD + 10);
  const title = HEAD + layout.rows.bars.top - 22;
  write(pen, palette.ink, `600 22px ${font}`, words.bars, left, title);
}

/**
 * The legend of the colours, and the settings that make the run again.
 * @param {Around} around
 */
function writeFoot({ pen, palette, words }) {
  const [left, under] = [MARGIN + GUTTER, SLIDE.height - FOOT + 24];
  legend(pen, palette, left, under, words.state, palette.state.css);
  /** @param {number} x */
  const share = (x) => palette.gradient.css(tone(NOTHING + ((x + 1) / 2) * (MANY - NOTHING)));
  legend(pen, palette, left + 620, under, words.gradient, share);
  pen.textAlign = "left";
  [words.settings, words.address].forEach((line, i) => {
    const shown = line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line;
    const font = `400 18px ${palette.textFont}`;
    write(pen, palette.soft, font, shown, left, under + 30 + 24 * i);
  });
}

/**
 * A legend of colours: their ramp, between two words.
 * @param {CanvasRenderingContext2D} pen
 * @param {Palette} palette
 * @param {number} left
 * @param {number} y
 * @param {[string, string]} words
 * @param {(x: number) => string} colour  from -1 to 1
 */
function legend(pen, palette, left, y, [low, high], colour) {
  const { width, height, shades } = LEGEND;
  const font = `400 18px ${palette.textFont}`;
  pen.textAlign = "right";
  write(pen, palette.soft, font, low, left + width, y);
  const start = left + width + 12;
  for (let i = 0; i < shades; i++) {
    pen.fillStyle = colour((2 * i) / (shades - 1) - 1);
    pen.fillRect(start + (i * width) / shades, y - height / 2, width / shades + 0.3, height);
  }
  pen.textAlign = "left";
  write(pen, palette.soft, font, high, start + width + 12, y);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {string} colour
 * @param {string} font
 * @param {string} words
 * @param {number} x
 * @param {number} y
 */
function write(pen, colour, font, words, x, y) {
  pen.fillStyle = colour;
  pen.font = font;
  pen.fillText(words, x, y);
}
