import { SvgPen } from "../../../../static/js/canvas/svg-context.js";
import { factor, paintLens } from "../../../../static/js/stage/draw/bars.js";
import { layout } from "../../../../static/js/stage/layout.js";
import { share } from "../../../../static/js/text/format.js";
import { equal, ok } from "../../assert.js";

Deno.test("the numbers along a ribbon keep apart", () => {
  for (const at of [1, 1000, 2000]) {
    const pen = new SvgPen();
    /** @type {any} */
    const scene = {
      pen,
      layout: layout(1100, 500, { T: 2000, at }),
      run: { T: 2000 },
      palette: { sunken: "#eee", faint: "#666", textFont: "sans-serif" },
    };
    paintLens(scene);
    const places = pen.marks.flatMap((mark) => mark.match(/<text x="([\d.]+)"/)?.[1] ?? [])
      .map(Number);
    ok(places.length > 3, `${places.length} numbers`);
    places.slice(1).forEach((x, i) => ok(x - places[i] >= 40, `${places[i]}, ${x}`));
  }
});

/**
 * @param {string} _
 * @param {{value: string}} blanks
 */
const valueOf = (_, { value }) => value;

Deno.test("a multiple over a bar is a power of ten as in the words, to the nearest", () => {
  for (const [log10, expected] of [[13.85, "10<sup>14</sup>"], [13.4, "10<sup>13</sup>"]]) {
    const words = share(Number(log10), /** @type {any} */ (valueOf));
    equal([factor(Number(log10)), words], [`×${expected}`, expected]);
  }
});
