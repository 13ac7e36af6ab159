/** The legend of a gradient map. */
import { tone } from "../../canvas/color-scale.js";
import { fillMarked } from "../../canvas/shapes.js";
import { sheet } from "../../canvas/sheet.js";
import { powerOfTen } from "../../text/format.js";

/** The powers of ten of the legend. */
const [LEAST, MOST] = [-4, 2];

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
