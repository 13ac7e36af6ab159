/**
 * Where everything on the stage goes, in CSS pixels: numbers only, no DOM.
 *
 * Columns share the width while they stay legible. A longer sequence becomes a ribbon, all of it in
 * view, with a lens: a stretch of it at full width that moves along. Folded, the chain is one cell,
 * or an encoder's and a decoder's.
 *
 * @typedef {"full" | "compact" | "ribbon"} Detail
 * @typedef {{top: number, height: number}} Row
 * @typedef {"output" | "cell" | "hidden" | "gates" | "token" | "index" | "bars"} RowName
 *
 * @typedef {object} Layout
 * @property {number} T
 * @property {number} width
 * @property {number} height
 * @property {number} zoom
 * @property {Float64Array} centers  of the columns
 * @property {Float64Array} pitches  how much of the width each column has
 * @property {{from: number, to: number} | null} lens  the timesteps in it, if there is one
 * @property {number} folded  0 when unrolled, 1 when all columns are one
 * @property {Record<RowName, Row>} rows  a row that is not there has no height
 *
 * @typedef {object} Wanted
 * @property {number} T
 * @property {boolean} [cell]  whether there is a cell state
 * @property {boolean} [gates]  whether there are gates
 * @property {number} [at]  the timestep in the middle of the lens; a fraction is on the way
 * @property {boolean} [folded]
 * @property {number} [encoder]  how many of the timesteps have a cell of their own when folded
 * @property {boolean} [bars]  whether the gradient has its bars
 * @property {boolean} [titled]  whether there are words above the states and above the bars
 * @property {number} [zoom]  how much larger than usual everything is that has a size of its own
 */

const FULL_PITCH = 22;
const COMPACT_PITCH = 9;
const WIDEST_PITCH = 110;
const WIDEST_BOX = 56;
const BOX_SHARE = 0.68;
const APART = 7; // between the tiles of two words
const LENS_PITCH = 30;
const LENS_SHARE = 0.5;
const LENS_COLUMNS = { least: 5, most: 24 };
/** A column narrower than this is not drawn apart from its neighbour. */
export const HAIR = 0.75;

/** Heights that do not grow with the stage: as they are where it is tall, and where it is low. */
const FIXED = {
  top: [22, 18],
  output: [30, 19],
  arrow: [22, 9],
  token: [28, 20],
  index: [18, 14],
  title: [26, 21],
  bottom: [10, 5],
};
const TALL = 330;
const LOW = 220;
/** The part of their room that the states leave to the bars where the stage is low. */
const LESS = 0.2;
/** The height of a timestep's states where there are no bars. */
const TALLEST = 300;
const GAP = 6;
/** Shares the height that is left. */
const SHARES = {
  plain: { cell: 0, hidden: 0.42, gates: 0, bars: 0.58 },
  gates: { cell: 0, hidden: 0.3, gates: 0.16, bars: 0.54 },
  cell: { cell: 0.17, hidden: 0.19, gates: 0.14, bars: 0.5 },
};

/**
 * @param {number} width
 * @param {number} height
 * @param {Wanted} wanted
 * @returns {Layout}
 */
export function layout(width, height, wanted) {
  const { T, cell = false, gates = false, at = 1, folded = false, encoder = 0 } = wanted;
  const { bars = true, titled = true, zoom = 1 } = wanted;
  const shares = cell ? SHARES.cell : gates ? SHARES.gates : SHARES.plain;
  const rows = rowsOf(height, shares, bars, titled, zoom);
  const frame = { T, width, height, zoom, rows };
  if (folded) return fold(frame, encoder);
  const pitch = width / T;
  if (pitch < COMPACT_PITCH * zoom) return withLens(frame, at);
  const even = Math.min(pitch, WIDEST_PITCH * zoom);
  const start = (width - even * T) / 2;
  return {
    ...frame,
    centers: Float64Array.from({ length: T }, (_, i) => start + (i + 0.5) * even),
    pitches: new Float64Array(T).fill(even),
    lens: null,
    folded: 0,
  };
}

/**
 * The middle of a timestep's column.
 * @param {Layout} layout
 * @param {number} t
 */
export const center = ({ centers }, t) => centers[t - 1];

/**
 * The width of a timestep's boxes.
 * @param {Layout} layout
 * @param {number} t
 */
export const boxWidth = ({ pitches, zoom }, t) =>
  Math.min(pitches[t - 1] * BOX_SHARE, WIDEST_BOX * zoom);

/**
 * The width of the tile under a token: a word has all of its column.
 * @param {Layout} layout
 * @param {number} t
 * @param {boolean} word
 */
export const tileWidth = (layout, t, word) =>
  Math.max(boxWidth(layout, t), word ? layout.pitches[t - 1] - APART * layout.zoom : 0);

/**
 * The detail of a timestep for which there is room.
 * @param {Layout} layout
 * @param {number} t
 * @returns {Detail}
 */
export function detail({ pitches, zoom }, t) {
  const pitch = pitches[t - 1] / zoom;
  return pitch >= FULL_PITCH ? "full" : pitch >= COMPACT_PITCH ? "compact" : "ribbon";
}

/** @param {Row} row */
export const below = (row) => row.top + row.height;

/**
 * The timestep whose column is at x, or is nearest to it.
 * @param {Layout} layout
 * @param {number} x
 */
export function timestepAt({ T, centers, pitches }, x) {
  let [low, high] = [0, T - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x > centers[middle] + pitches[middle] / 2) low = middle + 1;
    else high = middle;
  }
  return low + 1;
}

/**
 * The timestep that brings the middle of the lens to x.
 * @param {Layout} seen
 * @param {number} x
 */
export function lensAt(seen, x) {
  const { n, inside, outside } = lensSize(seen);
  return Math.max(1, Math.min((x - (n * inside) / 2) / outside + (n + 1) / 2, seen.T));
}

/**
 * @param {number} height
 * @param {{cell: number, hidden: number, gates: number, bars: number}} shares
 * @param {boolean} bars
 * @param {boolean} titled
 * @param {number} zoom
 * @returns {Record<RowName, Row>}
 */
function rowsOf(height, shares, bars, titled, zoom) {
  const squeeze = Math.max(0, Math.min((TALL - height / zoom) / (TALL - LOW), 1));
  /** @param {keyof typeof FIXED} name */
  const fixed = (name) => (FIXED[name][0] + squeeze * (FIXED[name][1] - FIXED[name][0])) * zoom;
  const [out, arrow, read, count] = [
    fixed("output"),
    fixed("arrow"),
    fixed("token"),
    fixed("index"),
  ];
  const [top, title] = titled ? [fixed("top"), bars ? fixed("title") : 0] : [2, 0];
  const gaps = (shares.cell ? GAP : 0) + (shares.gates ? GAP : 0);
  const taken = top + out + 2 * arrow + read + count + title + fixed("bottom") + gaps;
  const rest = Math.max(0, height - taken);
  const room = bars ? rest * (1 - LESS * squeeze) : Math.min(rest, TALLEST * zoom);
  const whole = bars ? 1 : 1 - shares.bars;
  const [c, h, g] = [shares.cell, shares.hidden, shares.gates]
    .map((of) => Math.round(room * of / whole));
  const output = { top: bars ? top : top + (rest - room) / 2, height: out };
  const cell = { top: below(output) + arrow, height: c };
  const hidden = { top: below(cell) + (c ? GAP : 0), height: h };
  const gates = { top: below(hidden) + (g ? GAP : 0), height: g };
  const token = { top: below(gates) + arrow, height: read };
  const index = { top: below(token), height: count };
  const under = { top: below(index) + title, height: bars ? rest - c - h - g : 0 };
  return { output, cell, hidden, gates, token, index, bars: under };
}

/** @typedef {Pick<Layout, "T" | "width" | "height" | "zoom" | "rows">} Frame */

/**
 * @param {Frame} frame
 * @param {number} encoder
 * @returns {Layout}
 */
function fold(frame, encoder) {
  const { T, width } = frame;
  /** @param {number} i */
  const middle = (i) => encoder ? (i < encoder ? width / 4 : (3 * width) / 4) : width / 2;
  return {
    ...frame,
    centers: Float64Array.from({ length: T }, (_, i) => middle(i)),
    pitches: new Float64Array(T).fill(WIDEST_PITCH * frame.zoom),
    lens: null,
    folded: 1,
  };
}

/**
 * The number of columns in the lens, and the width of each in it and outside it.
 * @param {Pick<Layout, "T" | "width" | "zoom">} seen
 */
function lensSize({ T, width, zoom }) {
  const inside = LENS_PITCH * zoom;
  const room = Math.floor((width * LENS_SHARE) / inside);
  const n = Math.max(LENS_COLUMNS.least, Math.min(room, LENS_COLUMNS.most));
  return { n, inside, outside: (width - n * inside) / (T - n) };
}

/**
 * @param {Frame} frame
 * @param {number} at
 * @returns {Layout}
 */
function withLens(frame, at) {
  const { T } = frame;
  const { n, inside, outside } = lensSize(frame);
  const from = Math.max(0, Math.min(at - (n + 1) / 2, T - n));
  const [centers, pitches] = [new Float64Array(T), new Float64Array(T)];
  for (let i = 0, left = 0; i < T; i++) {
    const share = Math.max(0, Math.min(i + 1, from + n) - Math.max(i, from));
    pitches[i] = outside + share * (inside - outside);
    centers[i] = left + pitches[i] / 2;
    left += pitches[i];
  }
  const lens = { from: Math.ceil(from) + 1, to: Math.floor(from + n) };
  return { ...frame, centers, pitches, lens, folded: 0 };
}
