/**
 * The loss by training step, beside the baseline: a dot a step, and the mean of the last few.
 *
 * @typedef {import("../history.js").History} History
 */
import { fillMarked } from "../../canvas/shapes.js";
import { sheet } from "../../canvas/sheet.js";
import { RECENT, spanOf, stepAt } from "../history.js";
import { digits } from "../training-verdict.js";
import { LEFT, paintSteps, RIGHT, xOf } from "./chart-canvas.js";

const TOP = 8;
const BOTTOM = 18;
const ROOM = 1.5;
const MOST = 4;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {import("./chart-canvas.js").Look} look
 */
export function createLossCurve(canvas, look) {
  return {
    /**
     * @param {History} history
     * @param {number | null} at  the step that is looked at
     */
    render(history, at) {
      const on = sheet(canvas);
      const { pen, width, height } = on;
      const { palette } = look;
      const { baseline, count } = history;
      const planned = spanOf(history);
      const high = highest(history);
      /** @param {number} loss */
      const y = (loss) => TOP + (height - TOP - BOTTOM) * (1 - Math.min(loss, high) / high);
      /** @param {number} i */
      const x = (i) => xOf(stepAt(i, history) + 0.5, planned, width);
      pen.fillStyle = palette.line;
      pen.fillRect(LEFT, y(0), width - LEFT - RIGHT, 1);
      pen.fillStyle = palette.arrow;
      for (let i = 0; i < count; i++) {
        if (history.loss[i] <= high) pen.fillRect(x(i) - 0.75, y(history.loss[i]) - 0.75, 1.5, 1.5);
      }
      pen.setLineDash([5, 4]);
      stroke(pen, palette.soft, 1.5, [[LEFT, y(baseline)], [width - RIGHT, y(baseline)]]);
      pen.setLineDash([]);
      const first = Math.min(count, Math.ceil(RECENT / 2 / history.every));
      const line = [];
      for (let i = first; i < count; i++) {
        if (Number.isFinite(history.mean[i])) line.push([x(i), y(history.mean[i])]);
      }
      stroke(pen, palette.ink, 2, line);
      if (history.end?.diverged) {
        pen.fillStyle = palette.ink;
        pen.fillRect(xOf(history.step + 0.5, planned, width) - 1, TOP, 2, height - TOP - BOTTOM);
      }
      if (at !== null) {
        pen.fillStyle = palette.ink;
        pen.fillRect(xOf(at + 0.5, planned, width) - 0.5, TOP, 1, height - TOP - BOTTOM);
      }
      pen.font = look.font;
      pen.fillStyle = palette.faint;
      pen.textAlign = "right";
      pen.textBaseline = "middle";
      pen.fillText("0", LEFT - 5, y(0));
      fillMarked(pen, digits(baseline), LEFT - 5, y(baseline));
      paintSteps(on, planned, look);
    },
  };
}

/**
 * The top of the axis: above the baseline, and above the losses if they are not far from it.
 * @param {History} history
 */
function highest({ baseline, mean, count }) {
  let high = ROOM * baseline;
  for (let i = 0; i < count; i++) if (mean[i] > high) high = mean[i];
  return Math.min(high, MOST * baseline);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {string} colour
 * @param {number} wide
 * @param {number[][]} points
 */
function stroke(pen, colour, wide, points) {
  pen.strokeStyle = colour;
  pen.lineWidth = wide;
  pen.lineJoin = "round";
  pen.beginPath();
  for (const [x, y] of points) pen.lineTo(x, y);
  pen.stroke();
}
