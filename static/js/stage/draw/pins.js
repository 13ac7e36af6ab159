/**
 * Runs to compare with, as lines over the bars. What is beyond the plot leaves it through the top, and
 * tells there how many times as much it is: a line never runs along the top.
 *
 * @typedef {import("./paint.js").Scene} Scene
 * @typedef {import("../../run/run.js").Run} Run
 * @typedef {import("./line-names.js").Point} Point
 * @typedef {import("./line-names.js").Box} Box
 * @typedef {Pick<Scene, "layout" | "view">} Place
 */
import { height } from "../../canvas/color-scale.js";
import { box, fillMarked, head } from "../../canvas/shapes.js";
import { center } from "../layout.js";
import { barY, FACTOR, factor, plotOf, TORN } from "./bars.js";

export const DASHES = [[], [7, 4], [2, 3]];
/** A line on a line of paper: it is read on bars of any colour, and leaves them in one piece. */
const PIN = { line: 2.5, casing: 4 };
/** The factors of what is beyond, in a row for each line, with a head before each that points up. */
const BEYOND = { apart: 92, row: 16, head: 8, around: 3, letter: 6.6 };
/** Raised digits, which are smaller than the others. */
const RAISED = /<sup>|<\/sup>/g;

/**
 * @param {Scene} scene
 * @param {Run} pin
 * @param {number} index
 */
export function paintPin(scene, pin, index) {
  const { pen, layout, palette } = scene;
  const { zoom } = layout;
  const colour = palette.pins[index];
  const parts = piecesOf(scene, pin);
  pen.beginPath();
  for (const [from, ...on] of parts) {
    pen.moveTo(from.x, from.y);
    for (const { x, y } of on) pen.lineTo(x, y);
  }
  pen.setLineDash(DASHES[index]);
  [pen.strokeStyle, pen.lineWidth] = [palette.paper, PIN.casing];
  pen.stroke();
  [pen.strokeStyle, pen.lineWidth] = [colour, PIN.line];
  pen.stroke();
  pen.setLineDash([]);
  const top = topOf(scene);
  pen.fillStyle = colour;
  for (const { x, y } of parts.flat()) {
    if (y === top) head(pen, x, y - 2, 0, -1, 8 * zoom, 5 * zoom);
  }
  pen.font = `600 ${FACTOR.font * zoom}px ${palette.textFont}`;
  [pen.textAlign, pen.textBaseline] = ["left", "middle"];
  for (const { left, right, top, bottom, log10 } of beyond(scene, pin, index)) {
    const [y, size, around] = [(top + bottom) / 2, BEYOND.head * zoom, BEYOND.around * zoom];
    pen.fillStyle = palette.paper;
    box(pen, left, top, right - left, bottom - top, 3);
    pen.fill();
    pen.fillStyle = colour;
    head(pen, left + around + size / 2, y - size / 2, 0, -1, size, size / 2);
    pen.fillStyle = palette.ink;
    fillMarked(pen, factor(log10), left + 2 * around + size, y);
  }
}

/**
 * The line within the plot: it is drawn to where it leaves through the top, and from where it enters.
 * @param {Place} place
 * @param {Run} pin
 * @returns {Point[][]} of one point at least
 */
export function piecesOf(place, pin) {
  const { layout, view } = place;
  const [plot, top] = [plotOf(layout), topOf(place)];
  const most = (plot.floor - top) / (plot.floor - plot.ceiling);
  /** @type {Point[][]} */
  const pieces = [];
  let [open, x, at] = [false, 0, -Infinity];
  for (const [i, log10] of sharesOf(place, pin).entries()) {
    const [beforeX, before] = [x, at];
    [x, at] = [center(layout, i + 1), log10 === -Infinity ? -Infinity : height(log10, view)];
    const inside = at <= most;
    if (at === -Infinity) open = false;
    else if (inside === before <= most || before === -Infinity) {
      if (!inside) continue;
      if (!open) pieces.push([]);
      pieces[pieces.length - 1].push({ x, y: barY(plot, at) });
      open = true;
    } else {
      const [low, lowX, highX] = inside ? [at, x, beforeX] : [before, beforeX, x];
      const way = (most - low) / (Math.max(at, before) - low);
      const through = { x: lowX + (highX - lowX) * way, y: top };
      if (inside) pieces.push([through, { x, y: barY(plot, at) }]);
      else pieces[pieces.length - 1].push(through);
      open = inside;
    }
  }
  return pieces;
}

/**
 * Where the factors of what is beyond the plot stand: from the left, and apart.
 * @param {Place} place
 * @param {Run} pin
 * @param {number} index
 * @returns {(Box & {log10: number})[]}
 */
export function beyond(place, pin, index) {
  const { layout: { zoom, width }, layout, view } = place;
  const high = BEYOND.row * zoom;
  const top = plotOf(layout).ceiling + index * high + 1;
  let last = -Infinity;
  return [...sharesOf(place, pin)].flatMap((log10, i) => {
    const letters = factor(log10).replace(RAISED, "").length;
    const wide = (BEYOND.head + 3 * BEYOND.around + BEYOND.letter * letters) * zoom;
    const x = Math.max(wide / 2, Math.min(center(layout, i + 1), width - wide / 2));
    if (height(log10, view) <= 1 || x - last < BEYOND.apart * zoom) return [];
    last = x;
    return [{ left: x - wide / 2, right: x + wide / 2, top, bottom: top + high - 2, log10 }];
  });
}

/**
 * Where the name of a line may stand: along it, or among its factors.
 * @param {Place} place
 * @param {Run} pin
 * @param {number} index
 * @returns {Point[]}
 */
export function alongPin(place, pin, index) {
  const { layout, view } = place;
  const plot = plotOf(layout);
  const row = plot.ceiling + (index + 0.5) * BEYOND.row * layout.zoom;
  return [...sharesOf(place, pin)].flatMap((log10, i) => {
    if (log10 === -Infinity) return [];
    const at = height(log10, view);
    return [{ x: center(layout, i + 1), y: at > 1 ? row : barY(plot, at) }];
  });
}

/** As high as a bar that breaks through. @param {Place} place */
const topOf = ({ layout }) => plotOf(layout).ceiling - TORN.above;

/** @param {Place} place @param {Run} pin */
const sharesOf = ({ layout }, pin) => pin.log10Share.slice(0, layout.T);
