/**
 * The share of the gradient that arrives, by training step and by distance from the loss, in the
 * stage's colours; over it a line, as far back as the window reaches. One place in it is looked at: where the pointer or the
 * arrow keys are.
 *
 * @typedef {import("../history.js").History} History
 * @typedef {import("../../text/format.js").Translate} Translate
 * @typedef {{step: number, distance: number}} Place
 */
import { decimals, power } from "../../text/format.js";
import { say } from "../../text/sentence.js";
import { finder } from "../../ui/dom.js";
import { indexOf, reachAt, spanOf, stepAt } from "../history.js";
import { digits, whole } from "../training-verdict.js";
import { stepOf } from "./chart-canvas.js";
import { BOTTOM, createGradientRaster, TOP } from "./gradient-raster.js";

const PAGE = 25;

/**
 * @param {HTMLElement} node  a grid with a canvas and a row of one cell
 * @param {import("./chart-canvas.js").Look} look
 * @param {Translate} t
 * @param {{look: (place: Place | null) => void, open: () => void}} on
 */
export function createGradientMap(node, look, t, on) {
  const part = finder(node);
  const canvas = /** @type {HTMLCanvasElement} */ (part("canvas"));
  const row = part("[role=row]");
  const cell = part("[role=gridcell]");
  const picture = createGradientRaster(canvas, look, t);
  /** @type {History | null} */
  let history = null;
  /** @type {Place} */
  let place = { step: 1, distance: 0 };
  let looking = false;

  for (const event of /** @type {const} */ (["pointermove", "pointerdown"])) {
    node.addEventListener(event, ({ clientX, clientY }) => {
      if (!history?.count) return;
      const { left, top, width, height } = canvas.getBoundingClientRect();
      const up = 1 - (clientY - top - TOP) / (height - TOP - BOTTOM);
      move(stepOf(clientX - left, spanOf(history), width), Math.floor(up * history.T));
    });
  }
  node.addEventListener("click", (event) => {
    if (/** @type {PointerEvent} */ (event).pointerType !== "touch") on.open();
  });
  node.addEventListener("focus", () => history?.count && move(place.step, place.distance));
  node.addEventListener("keydown", (event) => {
    if (!history?.count) return;
    if (event.key === "Enter") return on.open();
    const { every, step, T } = history;
    const by = {
      ArrowLeft: [-every, 0],
      ArrowRight: [every, 0],
      PageDown: [-PAGE * every, 0],
      PageUp: [PAGE * every, 0],
      ArrowUp: [0, 1],
      ArrowDown: [0, -1],
      Home: event.ctrlKey ? [0, -T] : [-step, 0],
      End: event.ctrlKey ? [0, T] : [step, 0],
    }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    move(place.step + by[0], place.distance + by[1]);
  });

  return {
    /**
     * @param {History} next
     * @param {string} hint  while no place is looked at
     */
    render(next, hint) {
      history = next;
      node.setAttribute("aria-rowcount", String(next.T));
      node.setAttribute("aria-colcount", String(next.planned));
      picture.render(next, looking ? place : null);
      if (looking) tell(next);
      else say(cell, hint, t);
    },
    /** There is no run to be shown. */
    clear() {
      history = null;
      say(cell, t("train.reach.empty"), t);
      for (const name of ["step", "distance", "log10Share"]) delete node.dataset[name];
    },
    /** @param {Place} to  that someone else looks at */
    look: ({ step, distance }) => move(step, distance),
    /** No point is inspected any more. */
    leave() {
      if (!looking) return;
      looking = false;
      on.look(null);
    },
  };

  /**
   * @param {number} step
   * @param {number} distance
   */
  function move(step, distance) {
    if (!history) return;
    const index = indexOf(Math.max(1, Math.min(step, history.step)), history);
    place = {
      step: stepAt(index, history),
      distance: Math.max(0, Math.min(distance, history.T - 1)),
    };
    looking = true;
    tell(history);
    on.look(place);
  }

  /** @param {History} of */
  function tell(of) {
    const words = describe(of, place, t);
    say(cell, words, t);
    row.setAttribute("aria-rowindex", String(place.distance + 1));
    cell.setAttribute("aria-colindex", String(place.step));
    const log10 = reachAt(of, indexOf(place.step, of), place.distance);
    node.dataset.step = String(place.step);
    node.dataset.distance = String(place.distance);
    node.dataset.log10Share = decimals(log10);
  }
}

/**
 * The values at a place: a step shows the network that the steps before it made.
 * @param {History} history
 * @param {Place} place
 * @param {Translate} t
 */
export function describe(history, { step, distance }, t) {
  const index = indexOf(step, history);
  const log10 = reachAt(history, index, distance);
  const blanks = { step: whole(step - 1), distance, loss: digits(history.loss[index]) };
  if (Number.isNaN(log10)) return t("train.place.none", blanks);
  return t("train.place.share", { ...blanks, value: power(log10) });
}
