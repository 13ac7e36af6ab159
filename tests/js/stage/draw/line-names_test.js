import { height as share } from "../../../../static/js/canvas/color-scale.js";
import { SvgPen } from "../../../../static/js/canvas/svg-context.js";
import { barY, plotOf } from "../../../../static/js/stage/draw/bars.js";
import { paintNames, placed } from "../../../../static/js/stage/draw/line-names.js";
import { layout } from "../../../../static/js/stage/layout.js";
import { equal, ok } from "../../assert.js";

const AREA = { left: 0, right: 600, top: 0, bottom: 100 };
const HIGH = 16;
const SIZES = [[654, 425], [332, 299], [1001, 717], [654, 301]];

/** @param {(x: number) => number} y @param {Partial<import("../../../../static/js/stage/draw/line-names.js").Named>} [more] */
const line = (y, more) => ({
  points: Array.from({ length: 25 }, (_, i) => ({ x: 25 * i, y: y(25 * i) })),
  widths: [80],
  needed: true,
  ...more,
});

/** @param {any} a @param {any} b */
const apart = (a, b) =>
  a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;

/** @param {any} place @param {any} of */
function free(place, { points }) {
  return points.every((/** @type {any} */ { x, y }) =>
    x < place.left || x > place.right || y < place.top || y > place.bottom
  );
}

Deno.test("the names of lines that cross lie over no line, no bar, no other name", () => {
  const lines = [line((x) => 100 - x / 6), line((x) => x / 6), line(() => 90)];
  const bars = [{ left: 500, right: 600, top: 0, bottom: 100 }];
  const names = placed(lines, HIGH, bars, AREA);
  names.forEach((name, i) => {
    ok(name !== null, `${i} has a place`);
    for (const each of lines) ok(free(name, each), `${i} over a line`);
    for (const each of bars) ok(apart(name, each), `${i} over a bar`);
    for (const other of names.slice(0, i)) ok(apart(name, other), `${i} over a name`);
  });
});

Deno.test("over nothing but bars a name stands on them where it is needed, or is left out", () => {
  const bars = [{ left: 0, right: 600, top: 0, bottom: 100 }];
  const [needed, left] = placed(
    [line(() => 50), line(() => 90, { needed: false })],
    HIGH,
    bars,
    AREA,
  );
  ok(needed !== null, "a place on the bars");
  equal(left, null);
});

Deno.test("a name that is wider than its line gives way to a shorter one, or is left out", () => {
  equal(placed([line(() => 50, { widths: [700] })], HIGH, [], AREA), [null]);
  equal(placed([line(() => 50, { widths: [700, 80] })], HIGH, [], AREA)[0]?.which, 1);
});

/** A stage whose gradient vanishes, with a line before and a drawn one. @param {number[]} size */
function stageOf([width, height]) {
  const pen = /** @type {any} */ (new SvgPen());
  pen.measureText = (/** @type {string} */ words) => ({ width: 7 * words.length });
  const T = 24;
  const log10Share = Float64Array.from({ length: T }, (_, i) => (i - 23) / 3);
  /** @type {any} */
  const scene = {
    pen,
    layout: layout(width, height, { T }),
    palette: { pins: ["#d70"], textFont: "sans-serif" },
    view: "linear",
    run: { T, log10Share },
    backwardFrom: 1,
    pins: [{ log10Share: log10Share.map((each) => each / 6) }],
    sketch: Array.from({ length: T }, (_, i) => 0.7 - i / 40),
    names: { little: ["little is learned", "10%"], sketch: "your line", pins: ["before"] },
  };
  return scene;
}

Deno.test("the stage names the line before, the drawn one and the one below which little is learned", () => {
  for (const [width, height] of SIZES) {
    const scene = stageOf([width, height]);
    const { pen } = scene;
    paintNames(scene);
    const said = pen.marks.join();
    for (const name of ["before", "your line"]) ok(said.includes(name), `${name} at ${width}`);
    ok(/little is learned|10%/.test(said), `${width}×${height}`);
    pen.marks = [];
    paintNames({ ...scene, names: null });
    equal(pen.marks, []);
  }
});

Deno.test("in powers of ten no name stands on the line where all of the gradient arrives", () => {
  for (const size of SIZES) {
    const scene = stageOf(size);
    paintNames({ ...scene, view: "powers", pins: [], sketch: [] });
    const all = barY(plotOf(scene.layout), share(0, "powers"));
    const named = scene.pen.marks.find((/** @type {string} */ mark) => mark.includes("<text"));
    const y = Number(/ y="([^"]*)"/.exec(named ?? "")?.[1] ?? -Infinity);
    ok(Math.abs(y - all) >= HIGH / 2, `${y} on ${all} at ${size}`);
  }
});
