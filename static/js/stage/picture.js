/**
 * The stage as a picture of a slide's size, by the painter of the page.
 *
 * @typedef {import("../run.js").Run} Run
 * @typedef {import("./palette.js").Palette} Palette
 *
 * @typedef {object} Words
 * @property {string} title
 * @property {string} verdict  with marks, as the bars' title
 * @property {string} bars
 * @property {string} direction  which way time runs
 * @property {Record<"output" | "cell" | "hidden" | "token", string>} rows
 */
import { powerOfTen } from "../format.js";
import { boxWidth, center, detail, layout as layOut } from "../layout.js";
import { apart } from "../marked.js";
import { reached } from "../player.js";
import { powerAxis, ticks } from "../scale.js";
import { isAgainstTime, isUnseen, letters, paintSigns, signsWidth } from "../signs.js";
import { barY } from "./bars.js";
import { box, text } from "./marks.js";
import { paint } from "./paint.js";
import { SvgPen } from "./svg.js";

export const SLIDE = { width: 1920, height: 1080 };
const MARGIN = 60;
const GUTTER = 70;
const HEAD = 150;
const ZOOM = 1.6;

/**
 * @param {{run: Run, position: number, pins: readonly (Run | null)[],
 *   shares: import("./paint.js").Shares | null, current: number}} view
 * @param {Palette} palette
 * @param {Words} words
 */
export function picture({ run, position, pins, shares, current }, palette, words) {
  const [width, height] = [SLIDE.width - 2 * MARGIN - GUTTER, SLIDE.height - HEAD - MARGIN];
  const layout = layOut(width, height, {
    T: run.T,
    cell: !!run.cellState,
    gates: run.gates.length > 0,
    at: current,
    zoom: ZOOM,
  });
  const axis = powerAxis(
    [run, ...pins].flatMap((each) => each ? [...each.log10Gradient] : []),
    null,
  );
  const pen = new SvgPen();
  const canvas = /** @type {CanvasRenderingContext2D} */ (/** @type {unknown} */ (pen));
  const { forwardTo, backwardFrom, loss } = reached(position, run.T);
  paint({
    pen: canvas,
    layout,
    palette,
    axis,
    run,
    shares,
    forwardTo: Math.min(forwardTo, run.forwardTo),
    backwardFrom: Math.max(backwardFrom, run.backwardFrom),
    loss,
    fraction: 0,
    attention: false,
    current,
    weight: null,
    pins: [...pins],
  });
  const stage = pen.marks;
  pen.marks = [];
  label(canvas, layout, run, palette);
  const labels = pen.marks;
  pen.marks = [];
  const font = palette.textFont;
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  write(canvas, palette.ink, `700 38px ${font}`, words.title, MARGIN, 62);
  write(canvas, palette.soft, `400 28px ${font}`, words.verdict, MARGIN, 112);
  for (const [name, word] of Object.entries(words.rows)) {
    const row = layout.rows[/** @type {"hidden"} */ (name)];
    if (!row.height) continue;
    const y = HEAD + row.top + row.height / 2;
    text(canvas, palette.soft, `italic 30px ${palette.mathFont}`, word, MARGIN + 18, y);
  }
  pen.textAlign = "right";
  for (const tick of ticks(axis)) {
    const y = HEAD + barY(layout, axis, tick);
    const word = tick === 0 ? "1" : powerOfTen(tick);
    write(canvas, palette.faint, `400 20px ${font}`, word, MARGIN + GUTTER - 10, y);
  }
  pen.textAlign = "left";
  if (isAgainstTime(run)) {
    write(canvas, palette.soft, `400 22px ${font}`, words.direction, MARGIN + GUTTER, HEAD + 10);
  }
  const title = HEAD + layout.rows.bars.top - 22;
  write(canvas, palette.ink, `600 22px ${font}`, words.bars, MARGIN + GUTTER, title);
  const moved = `<g transform="translate(${MARGIN + GUTTER} ${HEAD})">`;
  pen.marks.unshift(moved, ...stage, ...labels, "</g>");
  return pen.document(SLIDE.width, SLIDE.height, palette.paper);
}

/**
 * The words that the page has in elements: tokens, outputs and numbers of the timesteps.
 * @param {CanvasRenderingContext2D} pen
 * @param {import("../layout.js").Layout} layout
 * @param {Run} run
 * @param {Palette} palette
 */
function label(pen, layout, run, palette) {
  const { token, output, index } = layout.rows;
  for (let t = 1; t <= run.T; t++) {
    const form = detail(layout, t);
    if (form === "ribbon") continue;
    const [x, width] = [center(layout, t), boxWidth(layout, t)];
    const size = Math.min(24, Math.max(12, width * 0.6));
    /** @param {string} token @param {{top: number, height: number}} row */
    const boxed = (token, row) => {
      pen.strokeStyle = palette.arrow;
      pen.lineWidth = 1;
      if (form === "full") {
        box(pen, x - width / 2, row.top, width, row.height, 8);
        pen.stroke();
      }
      const y = row.top + row.height / 2;
      const pitch = layout.pitches[t - 1];
      if (isUnseen(token)) {
        const fits = Math.min(size, pitch / signsWidth(token));
        return paintSigns(pen, palette.ink, palette.codeFont, token, x, y, fits);
      }
      const fits = Math.min(size, (1.6 * pitch) / letters(token));
      text(pen, palette.ink, `600 ${fits}px ${palette.codeFont}`, apart(token), x, y);
    };
    boxed(run.tokens[t - 1], token);
    const target = run.targets[t - 1];
    if (target >= 0) boxed(run.vocabulary[target], output);
    if (form === "full" || t % 5 === 0) {
      const y = index.top + index.height / 2;
      text(pen, palette.faint, `400 18px ${palette.textFont}`, String(t), x, y);
    }
  }
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
