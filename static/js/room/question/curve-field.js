/**
 * A curve that a student draws where it expects the tops of the bars, with a finger or with the arrow
 * keys: left and right choose a timestep, up and down move its point.
 *
 * @typedef {import("../../canvas/color-scale.js").View} View
 */
import { sketched } from "../../lessons/sketch.js";
import { wholePercent } from "../../text/format.js";
import { curves, framed } from "./plot.js";

const STEP = 0.05;
const MIDDLE = 0.5;
/** @type {Record<string, [number, number]>} */
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] };

/**
 * @param {HTMLElement} node
 * @param {import("../../text/format.js").Translate} t
 * @param {() => void} changed
 */
export function createCurveField(node, t, changed) {
  /** @type {number[]} from floor to ceiling, by the index of the timestep, with holes */
  let values = [];
  let size = 1;
  let at = 0;
  let last = -1;
  /** @type {View} */
  let view = "linear";

  node.addEventListener("pointerdown", (event) => {
    node.setPointerCapture(event.pointerId);
    last = -1;
    put(event);
  });
  node.addEventListener("pointermove", (event) => {
    if (node.hasPointerCapture(event.pointerId)) put(event);
  });
  node.addEventListener("keydown", (event) => {
    const [along, up] = KEYS[event.key] ?? [];
    if (along === undefined) return;
    event.preventDefault();
    at = Math.max(0, Math.min(at + along, size - 1));
    if (up) become(sketched(whole() ?? Array(size).fill(MIDDLE), -1, at, bounded(now() + up)));
    else draw();
  });

  return {
    /**
     * @param {number} points
     * @param {View} scale
     * @param {number[] | null} given
     */
    show(points, scale, given) {
      [size, view, values, at] = [points, scale, given ?? [], 0];
      draw();
    },
    whole,
  };

  /** The curve, as far as it was drawn, and level beyond; null where none was. */
  function whole() {
    const drawn = Object.keys(values).map(Number);
    if (!drawn.length) return null;
    return Array.from({ length: size }, (_, i) => {
      const near = drawn.reduce((best, j) => Math.abs(j - i) < Math.abs(best - i) ? j : best);
      return Number(values[near].toFixed(3));
    });
  }

  /** @param {PointerEvent} event */
  function put({ clientX, clientY }) {
    const { left, top, width, height } = /** @type {Element} */ (node.querySelector("svg"))
      .getBoundingClientRect();
    at = Math.max(0, Math.min(Math.floor(((clientX - left) / width) * size), size - 1));
    become(sketched(values, last, at, bounded(1 - (clientY - top) / height)));
    last = at;
  }

  /** @param {number[]} next */
  function become(next) {
    values = next;
    draw();
    changed();
  }

  function draw() {
    node.replaceChildren(framed(curves({ bars: Array(size).fill(0), own: whole() }), view, t));
    node.setAttribute("aria-valuenow", String(Math.round(100 * now())));
    const height = wholePercent(now());
    node.setAttribute("aria-valuetext", t("question.point", { t: at + 1, height }));
  }

  function now() {
    return whole()?.[at] ?? MIDDLE;
  }
}

/** @param {number} value */
const bounded = (value) => Math.max(0, Math.min(value, 1));
