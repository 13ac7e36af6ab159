import { SvgPen } from "../../../../static/js/canvas/svg-context.js";
import { paintLoop } from "../../../../static/js/stage/draw/folded.js";
import { layout } from "../../../../static/js/stage/layout.js";
import { equal } from "../../assert.js";

/** The size of the loop's name, in pixels, on a stage of that zoom. @param {number} zoom */
function nameOfLoop(zoom) {
  const pen = new SvgPen();
  /** @type {any} */
  const scene = {
    pen,
    backwardFrom: Infinity,
    layout: layout(900 * zoom, 400 * zoom, { T: 4, zoom }),
    palette: { mathFont: "serif", ink: "#000", arrow: "#555" },
    view: {},
    run: { T: 4, encoder: 0, recurrent: true, log10Share: new Float64Array(4) },
  };
  paintLoop(scene, 4);
  return Number(/font:italic ([\d.]+)px/.exec(pen.marks.join())?.[1]);
}

Deno.test("the name of the folded chain's weights grows with the stage", () => {
  equal(nameOfLoop(2) / nameOfLoop(1), 2);
});
