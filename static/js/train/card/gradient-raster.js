/**
 * The picture of a gradient map: a raster of one pixel a number, which grows with the run, and over it
 * the lines.
 *
 * @typedef {import("../history.js").History} History
 * @typedef {import("../../canvas/sheet.js").Sheet} Sheet
 * @typedef {import("./gradient-map.js").Place} Place
 */
import { tone } from "../../canvas/color-scale.js";
import { sheet } from "../../canvas/sheet.js";
import { TWICE } from "../../text/format.js";
import { reachAt, spanOf, steadyWindows, stepAt } from "../history.js";
import { whole } from "../training-verdict.js";
import { LEFT, paintSteps, RIGHT, rounds, xOf } from "./chart-canvas.js";

export const TOP = 4;
export const BOTTOM = 20;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {import("./chart-canvas.js").Look} look
 * @param {import("../../text/format.js").Translate} t
 */
export function createGradientRaster(canvas, look, t) {
  const raster = document.createElement("canvas");
  /** The content of the raster: its run, its look, and its number of columns. */
  let drawn = { run: "", every: 0, count: 0, palette: look.palette };
  /** Whether it holds more than twice as much anywhere. */
  let large = false;

  return {
    /**
     * @param {History} of
     * @param {Place | null} place  that is looked at
     */
    render(of, place) {
      fill(of);
      paint(of, place);
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

  /**
   * @param {History} of
   * @param {Place | null} place
   */
  function paint(of, place) {
    const sheetOf = sheet(canvas);
    const { pen, width, height } = sheetOf;
    const { palette } = look;
    const { T, count, every } = of;
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
    if (of.end?.diverged) end(of, sheetOf, tall);
    distances(of, pen, tall);
    paintSteps(sheetOf, planned, look);
    if (place) frame(of, place, sheetOf, tall);
  }

  /**
   * Where the run diverged.
   * @param {History} of
   * @param {Sheet} on
   * @param {number} tall
   */
  function end(of, { pen, width }, tall) {
    const { palette } = look;
    const x = xOf(of.step + 0.5, spanOf(of), width);
    const late = x > width / 2;
    pen.fillStyle = palette.ink;
    pen.fillRect(x - 1, TOP, 2, tall);
    pen.font = `600 12px ${palette.textFont}`;
    pen.textBaseline = "top";
    pen.textAlign = late ? "right" : "left";
    pen.fillText(t("train.diverged", { step: whole(of.step) }), x + (late ? -6 : 6), TOP + 4);
  }

  /**
   * The labels of the upright axis.
   * @param {History} of
   * @param {CanvasRenderingContext2D} pen
   * @param {number} tall
   */
  function distances({ T }, pen, tall) {
    pen.font = look.font;
    pen.fillStyle = look.palette.faint;
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const distance of rounds(T - 1)) {
      pen.fillText(String(distance), LEFT - 5, TOP + tall * (1 - (distance + 0.5) / T));
    }
  }

  /**
   * The length of the window, step by step.
   * @param {History} of
   * @param {Sheet} on
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
   * Outline of shares above twice the gradient, for readers who do not see red.
   * @param {History} of
   * @param {Sheet} on
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
   * @param {Place} place
   * @param {Sheet} on
   * @param {number} tall
   */
  function frame(of, place, { pen, width }, tall) {
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
}
