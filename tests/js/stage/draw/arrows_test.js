import { SvgPen } from "../../../../static/js/canvas/svg-context.js";
import { paintOutputArrows } from "../../../../static/js/stage/draw/arrows.js";
import { layout } from "../../../../static/js/stage/layout.js";
import { equal } from "../../assert.js";

Deno.test("the gradient is not drawn at the loss before it has left it", () => {
  const drawn = [5, 4].map((backwardFrom) => {
    const pen = new SvgPen();
    /** @type {any} */
    const scene = {
      pen,
      backwardFrom,
      layout: layout(900, 400, { T: 4 }),
      palette: { arrow: "#333", gradient: { css: () => "#00f" } },
      run: { T: 4, loss: 4, targets: [-1, -1, -1, 0] },
    };
    paintOutputArrows(scene, 4);
    return pen.marks.some((mark) => mark.includes("#00f"));
  });
  equal(drawn, [false, true]);
});
