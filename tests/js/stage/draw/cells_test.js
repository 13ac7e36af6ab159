import { SvgPen } from "../../../../static/js/canvas/svg-context.js";
import { paintDistribution } from "../../../../static/js/stage/draw/cells.js";
import { boxWidth, layout } from "../../../../static/js/stage/layout.js";
import { ok } from "../../assert.js";

for (
  const probabilities of [[0.9999, 0.0001], [0.5, 0.5], [0.2, 0.7, 0.1], Array(60).fill(1 / 60)]
) {
  const [target] = probabilities;
  const of = `${probabilities.length} tokens`;
  Deno.test(`the target at ${target} has this part of its box's width, among ${of}`, () => {
    const at = layout(900, 400, { T: 4 });
    const pen = new SvgPen();
    /** @type {any} */
    const scene = {
      pen,
      forwardTo: 4,
      layout: at,
      palette: { target: "#fc0", line: "#ddd" },
      run: { targets: [-1, -1, -1, 0], probabilities: new Map([[4, probabilities]]) },
    };
    paintDistribution(scene, 4);
    const wide = pen.marks.map((mark) => Number(mark.match(/ width="([\d.]+)"/)?.[1]));
    const marked = wide.filter((_, i) => pen.marks[i].includes("#fc0"));
    const sum = (/** @type {number[]} */ all) => all.reduce((total, each) => total + each, 0);
    ok(Math.abs(sum(marked) / boxWidth(at, 4) - target) < 0.1, `${marked} of ${boxWidth(at, 4)}`);
    ok(sum(wide) <= boxWidth(at, 4), "all are in the box");
  });
}
