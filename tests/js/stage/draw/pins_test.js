import { SvgPen } from "../../../../static/js/canvas/svg-context.js";
import { barY, plotOf } from "../../../../static/js/stage/draw/bars.js";
import { beyond, paintPin, piecesOf } from "../../../../static/js/stage/draw/pins.js";
import { layout } from "../../../../static/js/stage/layout.js";
import { equal, ok } from "../../assert.js";

const T = 24;
const SIZES = [[654, 425], [332, 299], [1001, 717]];

/** A run whose share changes by a factor at each step back. @param {number} log10 */
const run = (log10) => /** @type {any} */ ({
  T,
  log10Share: Float64Array.from({ length: T }, (_, i) => log10 * (T - 1 - i)),
});

/** @param {any} view @param {number} width @param {number} height */
const place = (view, width, height) => ({ layout: layout(width, height, { T }), view });

Deno.test("a line that is beyond the plot leaves it through the top, and never runs along it", () => {
  for (const [width, height] of SIZES) {
    for (const view of ["linear", "powers"]) {
      const here = place(view, width, height);
      const { ceiling } = plotOf(here.layout);
      const [line, ...others] = piecesOf(here, run(Math.log10(5)));
      equal(others, []);
      const [leaves, ...inside] = line;
      ok(leaves.y < ceiling, "it leaves above the ceiling");
      ok(inside.every(({ y }) => y > leaves.y), "and is below where it has not left");
      ok(leaves.x > width / 3, "it is not drawn where it is beyond");
    }
  }
});

Deno.test("a line beyond the plot tells its factor, and the larger of two the larger one", () => {
  for (const [width, height] of SIZES) {
    const here = place("linear", width, height);
    const [linear, tanh] = [run(Math.log10(5)), run(Math.log10(1.23))];
    const [high, low] = [beyond(here, linear, 0), beyond(here, tanh, 1)];
    ok(Math.round(high[0].log10) === 16, "5 to the 23rd, at t = 1");
    ok(high.length > 1 && low.length > 1, "more than one factor");
    high.slice(1).forEach((each, i) => {
      ok(each.log10 < high[i].log10 && each.left > high[i].right, "smaller to the right, apart");
    });
    ok(low.every(({ top }) => top >= high[0].bottom), "two lines have two rows");
    for (const { left, right, bottom } of [...high, ...low]) {
      ok(left >= 0 && right <= width && bottom < barY(plotOf(here.layout), 0), "in the plot");
    }
  }
});

Deno.test("a line within the plot is drawn whole, and ends where no path leads back", () => {
  const here = place("linear", 654, 425);
  const fades = run(-0.05);
  equal(piecesOf(here, fades).map(({ length }) => length), [T]);
  equal(beyond(here, fades, 0), []);
  fades.log10Share[5] = -Infinity;
  equal(piecesOf(here, fades).map(({ length }) => length), [5, T - 6]);
});

Deno.test("a line that leaves and comes back is two pieces, each to the top", () => {
  const here = place("linear", 654, 425);
  const peak = run(0);
  for (let i = 8; i < 12; i++) peak.log10Share[i] = 40;
  const [before, after] = piecesOf(here, peak);
  const { ceiling } = plotOf(here.layout);
  ok(before[before.length - 1].y < ceiling && after[0].y < ceiling, "through the top");
  equal([before.length, after.length], [9, T - 11]);
});

Deno.test("a share that no number holds is beyond", () => {
  const here = place("linear", 654, 425);
  const pen = /** @type {any} */ (new SvgPen());
  const palette = { pins: ["#d70"], paper: "#fff", ink: "#000", textFont: "sans-serif" };
  paintPin(/** @type {any} */ ({ ...here, pen, palette }), run(40), 0);
  const said = pen.marks.join("");
  ok(!said.includes("NaN") && !said.includes("Infinity"), said);
  ok(/10<tspan[^>]*>920/.test(said), said);
});

Deno.test("a line leaves the bars under it in one piece: its paper is thin, and not between dashes", () => {
  const here = place("linear", 654, 425);
  const palette = { pins: ["#d70", "#73d", "#084"], paper: "#fff", ink: "#000", textFont: "serif" };
  for (const index of [0, 1, 2]) {
    const pen = /** @type {any} */ (new SvgPen());
    paintPin(/** @type {any} */ ({ ...here, pen, palette }), run(-0.05), index);
    const [paper, line] = pen.marks.slice(0, 2).map((/** @type {string} */ mark) => ({
      wide: Number(mark.match(/stroke-width="([\d.]+)"/)?.[1]),
      dash: mark.match(/stroke-dasharray="([^"]*)"/)?.[1],
    }));
    ok(paper.wide > line.wide && paper.wide - line.wide < 2, `${paper.wide} around ${line.wide}`);
    equal(paper.dash, line.dash);
  }
});
