/**
 * What an example is, drawn: a picture as its pixels, a series of numbers as a curve.
 *
 * @typedef {import("../../text/format.js").Translate} Translate
 */
/** As the engine writes a picture: rows of ink and paper. */
const INK = "#";
const ROWS = "/";
/** Of a curve, as shares of the range of its targets: the room above and below. */
const ROOM = 0.2;
const [WIDE, HIGH] = [100, 40];

/**
 * Which pixels of a picture are ink, and how many there are.
 * @param {string} token
 */
export function pixelsOf(token) {
  const rows = token.split(ROWS).map((row) => [...row]);
  const ink = rows.flatMap((row, y) => row.flatMap((pixel, x) => pixel === INK ? [{ x, y }] : []));
  return { width: rows[0].length, height: rows.length, ink };
}

/**
 * @param {string} token
 * @param {Translate} t
 */
export function picture(token, t) {
  const { width, height, ink } = pixelsOf(token);
  const node = drawing("picture", `0 0 ${width} ${height}`);
  node.setAttribute("aria-label", t("train.picture", { width, height, ink: ink.length }));
  node.append(shape("path", { d: ink.map(({ x, y }) => `M${x} ${y}h1v1h-1z`).join("") }));
  return node;
}

/**
 * The targets of an example and what the network predicts for them, on one scale, which is the
 * targets'.
 * @param {string[]} targets  numbers
 * @param {Translate} t
 */
export function wave(targets, t) {
  const wanted = targets.map(Number);
  const node = drawing("wave", `0 0 ${WIDE} ${HIGH}`);
  node.setAttribute("preserveAspectRatio", "none");
  node.setAttribute("aria-label", t("train.wave", { count: wanted.length }));
  const predicted = shape("polyline", { class: "prediction" });
  node.append(shape("polyline", { class: "target", points: points(wanted, wanted) }), predicted);
  return {
    node,
    /** @param {string[]} predictions */
    render(predictions) {
      predicted.setAttribute("points", points(predictions.map(Number), wanted));
    },
  };
}

/**
 * The corners of a curve; what is beyond the range of the targets stays at its edge, and what is no
 * number has none.
 * @param {number[]} values
 * @param {number[]} targets
 */
export function points(values, targets) {
  const [low, high] = [Math.min(...targets), Math.max(...targets)];
  const room = ROOM * (high - low || 1);
  const [bottom, top] = [low - room, high + room];
  const corners = values.flatMap((value, i) => {
    if (Number.isNaN(value)) return [];
    const x = WIDE * i / Math.max(values.length - 1, 1);
    const up = Math.max(0, Math.min(1, (value - bottom) / (top - bottom)));
    return [`${round(x)},${round(HIGH * (1 - up))}`];
  });
  return corners.join(" ");
}

/** @param {number} value */
const round = (value) => Math.round(100 * value) / 100;

/**
 * @param {string} name
 * @param {string} viewBox
 */
const drawing = (name, viewBox) => shape("svg", { class: name, viewBox, role: "img" });

/**
 * @param {string} name
 * @param {Record<string, string>} attributes
 */
function shape(name, attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}
