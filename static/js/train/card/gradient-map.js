/**
 * The share of the gradient that arrives, by training step and by distance from the loss, in the
 * stage's colours; over it a line, as far back as the window reaches. One place in it is looked at: where the pointer or the
 * arrow keys are.
 *
 * @typedef {import("../history.js").History} History
 * @typedef {import("../../text/format.js").Translate} Translate
 * @typedef {{step: number, distance: number}} Place
 */
import { tone } from "../../canvas/color-scale.js";
import { fillMarked } from "../../canvas/shapes.js";
import { sheet } from "../../canvas/sheet.js";
import { decimals, power, powerOfTen, TWICE } from "../../text/format.js";
import { say } from "../../text/sentence.js";
import { indexOf, reachAt, spanOf, steadyWindows, stepAt } from "../history.js";
import { digits, whole } from "../training-verdict.js";
import { LEFT, paintSteps, RIGHT, rounds, stepOf, xOf } from "./chart-canvas.js";

const TOP = 4;
const BOTTOM = 20;
const PAGE = 25;
/** The powers of ten of the legend. */
const [LEAST, MOST] = [-4, 2];

/**
 * @param {HTMLElement} node  a grid with a canvas and a row of one cell
 * @param {import("./chart-canvas.js").Look} look
 * @param {Translate} t
 * @param {{look: (place: Place | null) => void, open: () => void}} on
 */
export function createReach(node, look, t, on) {
  /** @template {Element} E @param {string} selector @returns {E} */
  const part = (
    selector,
  ) => /** @type {E} */ (/** @type {unknown} */ (node.querySelector(selector)));
  const canvas = /** @type {HTMLCanvasElement} */ (part("canvas"));
  const row = part("[role=row]");
  const cell = part("[role=gridcell]");
  const raster = document.createElement("canvas");
  /** @type {History | null} */
  let history = null;
  /** What the raster holds: of which run, how, and how many columns. */
  let drawn = { run: "", every: 0, count: 0, palette: look.palette };
  /** Whether it holds more than twice as much anywhere. */
  let large = false;
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
      fill(next);
      paint(next);
      if (looking) tell(next);
      else say(cell, hint, t);
    },
    /** There is no run to be shown. */
    clear() {
      history = null;
      say(cell, t("train.reach.empty"), t);
      for (const name of ["step", "distance", "log10Share"]) delete node.dataset[name];
    },
    /** No place is looked at any more. */
    leave() {
      if (!looking) return;
      looking = false;
      on.look(null);
    },
  };

  /**
   * One pixel a number, the newest columns only.
   * @param {History} of
   */
  function fill(of) {
    const { T, run, every, count } = of;
    const { palette } = look;
    const same = drawn.run === run && drawn.every === every && drawn.palette === palette;
    const from = same ? drawn.count : 0;
    if (!same) [raster.width, raster.height, large] = [of.loss.length, T, false];
    drawn = { run, every, count, palette };
    if (count === from) return;
    const pen = /** @type {CanvasRenderingContext2D} */ (raster.getContext("2d"));
    const image = pen.createImageData(count - from, T);
    for (let i = from; i < count; i++) {
      for (let distance = 0; distance < T; distance++) {
        const log10 = reachAt(of, i, distance);
        if (Number.isNaN(log10) || log10 === -Infinity) continue;
        large ||= log10 > TWICE;
        const at = 4 * ((T - 1 - distance) * (count - from) + i - from);
        image.data.set([...palette.gradient.rgb(tone(log10)), 255], at);
      }
    }
    pen.putImageData(image, from, 0);
  }

  /** @param {History} of */
  function paint(of) {
    const sheetOf = sheet(canvas);
    const { pen, width, height } = sheetOf;
    const { palette } = look;
    const { T, count, every, step } = of;
    const planned = spanOf(of);
    const tall = height - TOP - BOTTOM;
    pen.fillStyle = palette.sunken;
    pen.fillRect(LEFT, TOP, width - LEFT - RIGHT, tall);
    if (count) {
      const right = xOf(Math.min(1 + count * every, planned + 1), planned, width);
      pen.imageSmoothingEnabled = false;
      pen.drawImage(raster, 0, 0, count, T, LEFT, TOP, right - LEFT, tall);
      if (large) around(of, sheetOf, tall);
      line(of, sheetOf, tall);
    }
    if (of.end?.diverged) {
      const x = xOf(step + 0.5, planned, width);
      pen.fillStyle = palette.ink;
      pen.fillRect(x - 1, TOP, 2, tall);
      pen.font = `600 12px ${palette.textFont}`;
      pen.textBaseline = "top";
      pen.textAlign = x > width / 2 ? "right" : "left";
      pen.fillText(
        t("train.diverged", { step: whole(step) }),
        x + (x > width / 2 ? -6 : 6),
        TOP + 4,
      );
    }
    pen.font = look.font;
    pen.fillStyle = palette.faint;
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const distance of rounds(T - 1)) {
      pen.fillText(String(distance), LEFT - 5, TOP + tall * (1 - (distance + 0.5) / T));
    }
    paintSteps(sheetOf, planned, look);
    if (looking) frame(of, sheetOf, tall);
  }

  /**
   * How far back the window reaches, step by step.
   * @param {History} of
   * @param {import("../../canvas/sheet.js").Sheet} on
   * @param {number} tall
   */
  function line(of, { pen, width }, tall) {
    const planned = spanOf(of);
    pen.beginPath();
    for (const [i, window] of steadyWindows(of).entries()) {
      const up = (1 + window) / of.T;
      pen.lineTo(xOf(stepAt(i, of) + 0.5, planned, width), TOP + tall * (1 - up) + 1);
    }
    for (const [colour, wide] of /** @type {const} */ ([["surface", 4], ["ink", 1.75]])) {
      pen.strokeStyle = look.palette[colour];
      pen.lineWidth = wide;
      pen.lineJoin = "round";
      pen.stroke();
    }
  }

  /**
   * Around what is more than twice as much, for who sees no red.
   * @param {History} of
   * @param {import("../../canvas/sheet.js").Sheet} on
   * @param {number} tall
   */
  function around(of, { pen, width }, tall) {
    const { T, count, every } = of;
    const planned = spanOf(of);
    /** @param {number} i @param {number} distance */
    const more = (i, distance) => reachAt(of, i, distance) > TWICE;
    pen.beginPath();
    for (let i = 0; i < count; i++) {
      const [left, right] = [0, every].map((by) => xOf(stepAt(i, of) + by, planned, width));
      for (let distance = 1; distance < T; distance++) {
        const here = more(i, distance);
        const [low, high] = [distance, distance + 1].map((d) => TOP + tall * (1 - d / T));
        if (here !== more(i, distance - 1)) {
          pen.moveTo(left, low);
          pen.lineTo(right, low);
        }
        if (i && here !== more(i - 1, distance)) {
          pen.moveTo(left, low);
          pen.lineTo(left, high);
        }
      }
    }
    pen.strokeStyle = look.palette.surface;
    pen.lineWidth = 1;
    pen.stroke();
  }

  /**
   * Around the place that is looked at.
   * @param {History} of
   * @param {import("../../canvas/sheet.js").Sheet} on
   * @param {number} tall
   */
  function frame(of, { pen, width }, tall) {
    const { T, every } = of;
    const planned = spanOf(of);
    const left = xOf(place.step, planned, width);
    const wide = Math.max(xOf(place.step + every, planned, width) - left, 4);
    const high = Math.max(tall / T, 4);
    const top = TOP + tall * (1 - (place.distance + 1) / T);
    pen.strokeStyle = look.palette.surface;
    pen.lineWidth = 5;
    pen.strokeRect(left, top, wide, high);
    pen.strokeStyle = look.palette.ink;
    pen.lineWidth = 2;
    pen.strokeRect(left, top, wide, high);
  }

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
 * What there is at a place: a step shows the network that the steps before it made.
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

/**
 * The colours, from nothing over all of it to many times, with their powers of ten.
 * @param {HTMLCanvasElement} canvas
 * @param {import("./chart-canvas.js").Look} look
 */
export function paintLegend(canvas, look) {
  const { pen, width, height } = sheet(canvas);
  const { palette } = look;
  const edge = Math.round(1.5 * look.size);
  const inside = width - 2 * edge;
  for (let x = 0; x < inside; x++) {
    pen.fillStyle = palette.gradient.css(tone(LEAST + ((MOST - LEAST) * x) / (inside - 1)));
    pen.fillRect(edge + x, 0, 1, height - look.size - 5);
  }
  pen.font = look.font;
  pen.fillStyle = palette.faint;
  pen.textAlign = "center";
  pen.textBaseline = "bottom";
  for (let exponent = LEAST; exponent <= MOST; exponent += 2) {
    const words = exponent ? powerOfTen(exponent) : "1";
    fillMarked(pen, words, edge + (inside * (exponent - LEAST)) / (MOST - LEAST), height);
  }
}
