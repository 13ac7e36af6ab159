import { widthOf } from "../../../static/js/equation/heatmap.js";
import { equal, ok } from "../assert.js";

/** @param {string[]} written @param {boolean} [writes] */
function width(written, writes = true) {
  const numbers = {
    rows: 1,
    columns: written.length,
    at: (/** @type {number} */ _, /** @type {number} */ j) => j,
  };
  const write = writes ? (/** @type {number} */ j) => written[j] : null;
  const look = { width: 60, height: 26, paint: () => ({ colour: "", alpha: 1 }), write, ink: "" };
  return widthOf(numbers, look);
}

Deno.test("a cell is as wide as the longest number that is written in one", () => {
  equal(width(["0.12", "-1.010"]), 60);
  ok(width(["0.12", "−8.291 × 10<sup>−10</sup>"]) > 90, `${width(["−8.291 × 10<sup>−10</sup>"])}`);
  equal(width(["−8.291 × 10<sup>−10</sup>"], false), 60);
});
