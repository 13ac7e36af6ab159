import { SvgPen } from "../../../../static/js/canvas/svg-context.js";
import { looking, paintLooks } from "../../../../static/js/stage/draw/attention.js";
import { layout } from "../../../../static/js/stage/layout.js";
import { equal, ok } from "../../assert.js";

/**
 * @param {number} current
 * @param {number} forwardTo
 * @param {number[]} [weights]
 * @param {{loss?: boolean, of?: number | "all", bars?: boolean}} [drawn]
 */
function lines(current, forwardTo, weights = [0.5, 0.3, 0.2], drawn = {}) {
  const pen = new SvgPen();
  /** @type {any} */
  const scene = {
    pen,
    current,
    forwardTo,
    loss: drawn.loss ?? false,
    layout: layout(900, 400, { T: 6, bars: drawn.bars ?? true }),
    palette: { attention: "#077" },
    run: {
      T: 6,
      encoder: 3,
      loss: drawn.of ?? 6,
      losses: new Map(drawn.of === 5 ? [[5, 1]] : [[6, 1]]),
      attention: new Map([4, 5, 6].map((t) => [t, weights])),
    },
  };
  paintLooks(scene);
  const widths = pen.marks.map((mark) => Number(/stroke-width="([^"]*)"/.exec(mark)?.[1]));
  const strengths = pen.marks.map((mark) => Number(/ opacity="([^"]*)"/.exec(mark)?.[1] ?? 1));
  return { widths, strengths, at: looking(scene) };
}

Deno.test("a line of attention is as wide as its share of the whole", () => {
  const { widths } = lines(5, 6);
  const whole = widths.reduce((sum, width) => sum + width, 0);
  equal(widths.map((width) => Math.round((width / whole) * 100) / 100), [0.5, 0.3, 0.2]);
});

Deno.test("a line is the fainter the less it is, and free of its neighbour", () => {
  const { strengths, widths } = lines(5, 6);
  equal(strengths.map((strength) => Math.round(strength * 100) / 100), [1, 0.7, 0.55]);
  const room = lines(5, 6, [1]).widths[0];
  ok(widths[0] <= room * 0.5 + 1e-9, "half of what all of it takes");
});

Deno.test("the timestep at hand is drawn, and then that of the loss", () => {
  equal([4, 5, 2].map((current) => lines(current, 6).at), [4, 5, 6]);
});

Deno.test("no output looks at anything before it is there", () => {
  equal(lines(2, 3).widths, []);
});

Deno.test("the output of the loss whose gradient is drawn is it, whatever is looked at", () => {
  /** @param {NonNullable<Parameters<typeof lines>[3]>} drawn */
  const at = (drawn) => [4, 5, 2].map((current) => lines(current, 6, [1], drawn).at);
  equal(at({ loss: true }), [6, 6, 6]);
  equal(at({ loss: true, of: 5 }), [5, 5, 5]);
  equal(at({ loss: true, of: "all" }), [4, 5, 6]);
  equal(at({ loss: true, bars: false }), [4, 5, 6]); // no way back is shown
});
