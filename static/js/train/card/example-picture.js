/**
 * A series of numbers, drawn as a curve.
 *
 * @typedef {import("../../text/format.js").Translate} Translate
 */
import { drawing, shape } from "../../text/picture.js";

/** Of a curve, as shares of the range of its targets: the room above and below. */
const ROOM = 0.2;
const [WIDE, HIGH] = [100, 40];

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
