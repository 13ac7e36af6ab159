/**
 * The attention of an output: a band from its column to the encoder, where it parts into a line to each
 * state, as wide as its share of the whole, and the fainter the less it is.
 *
 * @typedef {import("../layout.js").Layout} Layout
 * @typedef {import("./paint.js").Scene} Scene
 */
import { sentFrom } from "../../run/run.js";
import { below, center } from "../layout.js";

/** The width of the whole band, as a share of the room between the outputs and the states. */
const BAND = 0.5;
/** The most that it is, and the room above the lines for the legend. */
const WIDEST = 10;
const WORDS = 26;
/** Of the way to its neighbour, the part that a line leaves free; and the strength of the faintest. */
const [APART, FAINT] = [0.25, 0.25];

/**
 * The timestep whose output's attention is drawn: once one loss's gradient goes back, that of the loss;
 * before, and of all losses together, the one looked at, or else that of the last.
 * @param {Pick<Scene, "run" | "current" | "loss" | "layout">} scene
 */
export function looking({ run, current, loss, layout }) {
  const goesBack = loss && run.loss !== "all" && layout.rows.bars.height > 0;
  return run.attention.has(current) && !goesBack ? current : sentFrom(run);
}

/** @param {Scene} scene */
export function paintLooks(scene) {
  const { pen, layout, palette, run, forwardTo } = scene;
  const s = looking(scene);
  const weights = run.attention.get(s);
  if (!weights || s > forwardTo) return;
  const { output, hidden, cell } = layout.rows;
  const [high, low] = [below(output), (cell.height ? cell : hidden).top - 1];
  const whole = Math.min(WIDEST * layout.zoom, BAND * (low - high));
  const [from, m] = [center(layout, s), run.encoder];
  const parts = (center(layout, m) + center(layout, m + 1)) / 2;
  const furthest = parts - center(layout, 1);
  let lane = (high + low - whole) / 2;
  let beside = from + whole / 2;
  const most = Math.max(...weights);
  pen.strokeStyle = palette.attention;
  weights.forEach((weight, i) => {
    const width = whole * weight;
    const [x, y, to] = [beside - width / 2, lane + width / 2, center(layout, i + 1)];
    const rise = Math.max(0, y - WORDS * layout.zoom) * ((parts - to) / furthest) ** 0.5;
    pen.globalAlpha = FAINT + (1 - FAINT) * (weight / most);
    pen.lineWidth = width * (1 - APART);
    pen.beginPath();
    pen.moveTo(x, low);
    pen.bezierCurveTo(x, y, x, y, Math.max(parts, x - (low - y)), y);
    pen.lineTo(parts, y);
    pen.bezierCurveTo(parts - (parts - to) / 3, y, to, y - rise, to, low);
    pen.stroke();
    lane += width;
    beside -= width;
  });
  pen.globalAlpha = 1;
}
