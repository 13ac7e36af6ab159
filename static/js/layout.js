/**
 * Where everything on the stage goes, in CSS pixels: numbers only, no DOM.
 *
 * @typedef {object} Layout
 * @property {number} T
 * @property {number} viewWidth  of the part that is seen
 * @property {number} width  of all there is, at least of what is seen
 * @property {number} start  where the first column begins
 * @property {number} height
 * @property {number} pitch  from one column to the next
 * @property {number} box  width of a column's boxes
 * @property {"full" | "compact" | "ribbon"} detail
 * @property {{top: number, height: number}} output
 * @property {{top: number, height: number}} hidden
 * @property {{top: number, height: number}} token
 * @property {{top: number, height: number}} index
 * @property {{top: number, height: number}} bars
 */

const WIDEST_PITCH = 110;
const FULL_PITCH = 22;
const COMPACT_PITCH = 10;
const RIBBON_PITCH = 2;
const FULL_UP_TO = 30;
const COMPACT_UP_TO = 100;
const WIDEST_BOX = 40;

const TOP = 22;
const OUTPUT = 26;
const ARROW = 24;
const TOKEN = 28;
const INDEX = 18;
const BARS_TITLE = 26;
const BOTTOM = 10;
const HIDDEN_SHARE = 0.42;

/**
 * Columns share the width while they stay legible, and scroll beyond that.
 * @param {number} viewWidth
 * @param {number} height
 * @param {number} T
 * @returns {Layout}
 */
export function layout(viewWidth, height, T) {
  const narrowest = T <= FULL_UP_TO
    ? FULL_PITCH
    : T <= COMPACT_UP_TO
    ? COMPACT_PITCH
    : RIBBON_PITCH;
  const pitch = Math.min(Math.max(viewWidth / T, narrowest), WIDEST_PITCH);
  const rest = height - TOP - OUTPUT - 2 * ARROW - TOKEN - INDEX - BARS_TITLE - BOTTOM;
  const hiddenHeight = Math.round(rest * HIDDEN_SHARE);
  const output = { top: TOP, height: OUTPUT };
  const hidden = { top: below(output) + ARROW, height: hiddenHeight };
  const token = { top: below(hidden) + ARROW, height: TOKEN };
  const index = { top: below(token), height: INDEX };
  const bars = { top: below(index) + BARS_TITLE, height: rest - hiddenHeight };
  return {
    T,
    viewWidth,
    width: Math.max(pitch * T, viewWidth),
    start: Math.max(0, (viewWidth - pitch * T) / 2),
    height,
    pitch,
    box: Math.min(pitch * 0.68, WIDEST_BOX),
    detail: pitch >= FULL_PITCH ? "full" : pitch >= COMPACT_PITCH ? "compact" : "ribbon",
    output,
    hidden,
    token,
    index,
    bars,
  };
}

/** @param {{top: number, height: number}} row */
export const below = (row) => row.top + row.height;

/**
 * The middle of a timestep's column.
 * @param {Layout} layout
 * @param {number} t
 */
export const center = (layout, t) => layout.start + (t - 0.5) * layout.pitch;

/**
 * The timesteps of which something is seen.
 * @param {Layout} layout
 * @param {number} scrolled
 */
export function visible({ T, pitch, start, viewWidth }, scrolled) {
  return {
    from: Math.max(1, Math.floor((scrolled - start) / pitch)),
    to: Math.min(T, Math.ceil((scrolled + viewWidth - start) / pitch) + 1),
  };
}
