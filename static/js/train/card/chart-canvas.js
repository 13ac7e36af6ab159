/** The common base of a run's two pictures: their look, and their axis of steps. */
import { currentPalette } from "../../canvas/palette.js";
import { onAppearance } from "../../ui/appearance.js";
import { whole } from "../training-verdict.js";

export const LEFT = 44;
export const RIGHT = 8;
const MOST_TICKS = 5;
const NICE = [1, 2, 5];

/** @typedef {import("../../canvas/palette.js").Palette} Palette */
/** @typedef {import("../../canvas/sheet.js").Sheet} Sheet */
/** @typedef {{palette: Palette, size: number, font: string}} Look  of the numbers of an axis */

const SMALL = 11;
const LARGE = 17;

/**
 * The palette as the page is shown now, and a call when that changes.
 * @param {() => void} changed
 */
export function createLook(changed) {
  /** @type {Look} */
  const look = current();
  onAppearance(() => {
    Object.assign(look, current());
    changed();
  });
  return look;
}

/** @returns {Look} */
function current() {
  const palette = currentPalette();
  const size = document.documentElement.dataset.view === "projector" ? LARGE : SMALL;
  return { palette, size, font: `${size}px ${palette.textFont}` };
}

/**
 * The left edge of a step.
 * @param {number} step  from 1
 * @param {number} planned
 * @param {number} width
 */
export const xOf = (step, planned, width) => LEFT + ((step - 1) / planned) * (width - LEFT - RIGHT);

/**
 * The step at a place.
 * @param {number} x
 * @param {number} planned
 * @param {number} width
 */
export const stepOf = (x, planned, width) =>
  Math.floor(((x - LEFT) / (width - LEFT - RIGHT)) * planned) + 1;

/**
 * Round numbers from 0 up to `last`, a few.
 * @param {number} last
 * @param {number} [most]
 */
export function rounds(last, most = MOST_TICKS) {
  let by = 1;
  search: for (let power = 1;; power *= 10) {
    for (const n of NICE) {
      by = n * power;
      if (last / by <= most) break search;
    }
  }
  return Array.from({ length: Math.floor(last / by) + 1 }, (_, i) => i * by);
}

/**
 * The numbers under the steps.
 * @param {Sheet} on
 * @param {number} planned
 * @param {Look} look
 */
export function paintSteps({ pen, width, height }, planned, { palette, font }) {
  pen.font = font;
  pen.fillStyle = palette.faint;
  pen.textBaseline = "bottom";
  for (const step of rounds(planned)) {
    const x = xOf(step + 1, planned, width);
    pen.textAlign = step === 0 ? "left" : x > width - 24 ? "right" : "center";
    pen.fillText(whole(step), Math.min(x, width), height);
  }
}
