import { between } from "../../../static/js/stage/glide.js";
import {
  below,
  boxWidth,
  center,
  detail,
  layout,
  lensAt,
  tileWidth,
  timestepAt,
} from "../../../static/js/stage/layout.js";
import { equal, ok } from "../assert.js";

/** @param {import("../../../static/js/stage/layout.js").Layout} seen */
const edges = ({ centers, pitches, T }) => [
  centers[0] - pitches[0] / 2,
  centers[T - 1] + pitches[T - 1] / 2,
];

/** @param {import("../../../static/js/stage/layout.js").Layout} seen */
function touching({ centers, pitches }) {
  return centers.every((x, i) =>
    i === 0 || Math.abs(x - pitches[i] / 2 - centers[i - 1] - pitches[i - 1] / 2) < 1e-9
  );
}

Deno.test("every sequence is in view, from edge to edge", () => {
  for (const width of [350, 1080]) {
    for (const T of [30, 100, 300, 2000]) {
      const seen = layout(width, 500, { T, at: T / 3 });
      const [left, right] = edges(seen);
      ok(Math.abs(left) < 1e-6 && Math.abs(right - width) < 1e-6, `${width}, ${T}: ${right}`);
      ok(touching(seen), "columns touch");
    }
  }
});

Deno.test("a short sequence stays in the middle, with columns no wider than legible", () => {
  const seen = layout(1080, 500, { T: 3 });
  const [left, right] = edges(seen);
  ok(left > 300 && Math.abs(left + right - 1080) < 1e-9, `${left}..${right}`);
});

Deno.test("detail follows the room a column has", () => {
  const of = (/** @type {number} */ T) => detail(layout(1080, 500, { T, at: 1 }), T);
  equal([16, 40, 60, 110, 300, 2000].map(of), [
    "full",
    "full",
    "compact",
    "compact",
    "ribbon",
    "ribbon",
  ]);
});

Deno.test("the lens opens a stretch of a ribbon at full detail, wherever it is", () => {
  for (const at of [1, 2, 700.5, 1999, 2000]) {
    const seen = layout(1080, 500, { T: 2000, at });
    const { from, to } = seen.lens ?? { from: 0, to: 0 };
    ok(from <= Math.ceil(at) && Math.floor(at) <= to, `${at} is not in ${from}..${to}`);
    ok(to - from >= 15, "the lens holds a stretch");
    for (let t = from; t <= to; t++) equal(detail(seen, t), "full");
    equal(detail(seen, at < 1000 ? 2000 : 1), "ribbon");
  }
});

Deno.test("the lens can be brought under a finger", () => {
  const still = layout(1080, 500, { T: 2000, at: 1 });
  for (const x of [400, 540, 700]) {
    const { lens, ...seen } = layout(1080, 500, { T: 2000, at: lensAt(still, x) });
    const { from, to } = lens ?? { from: 0, to: 0 };
    const middle = (seen.centers[from - 1] + seen.centers[to - 1]) / 2;
    ok(Math.abs(middle - x) < 31, `${middle} is not under ${x}`);
  }
  equal([lensAt(still, -50), lensAt(still, 5000)], [1, 2000]);
});

Deno.test("a position maps back to its timestep", () => {
  for (const T of [1, 24, 300, 2000]) {
    const seen = layout(1080, 500, { T, at: 150 });
    for (const t of [1, Math.ceil(T / 2), T]) equal(timestepAt(seen, center(seen, t)), t);
    equal([timestepAt(seen, -10), timestepAt(seen, 5000)], [1, T]);
  }
});

Deno.test("rows lie one under the other, within the height, with gates and without", () => {
  for (const parts of [{}, { gates: true }, { gates: true, cell: true }]) {
    for (const height of [380, 560]) {
      const { rows } = layout(1080, height, { T: 24, ...parts });
      const order = [
        rows.output,
        rows.cell,
        rows.hidden,
        rows.gates,
        rows.token,
        rows.index,
        rows.bars,
      ];
      order.slice(1).forEach((row, i) => ok(row.top >= below(order[i]), `row ${i + 1} overlaps`));
      ok(below(rows.bars) <= height, "the bars end within the stage");
      equal([rows.cell.height > 0, rows.gates.height > 0], [!!parts.cell, !!parts.gates]);
    }
  }
});

Deno.test("folded, every column is in the same place", () => {
  const seen = layout(1080, 500, { T: 24, folded: true });
  equal(new Set(seen.centers).size, 1);
  equal([seen.folded, detail(seen, 7)], [1, "full"]);
});

Deno.test("layouts glide into each other, new columns out of the last one", () => {
  const [from, to] = [layout(1080, 500, { T: 10 }), layout(1080, 500, { T: 20 })];
  equal(between(from, to, 1).centers, to.centers);
  const start = between(from, to, 0);
  equal(start.centers.slice(0, 10), from.centers);
  ok(start.pitches[15] === 0 && boxWidth(start, 16) === 0, "a new column has no width yet");
  const half = between(from, to, 0.5);
  ok(Math.abs(half.pitches[0] - (from.pitches[0] + to.pitches[0]) / 2) < 1e-9, "half way");
});

Deno.test("a word's tile has its column, and never touches the next", () => {
  for (const [width, T] of [[350, 6], [350, 14], [1080, 6], [1080, 40]]) {
    const seen = layout(width, 500, { T });
    const [letter, word] = [false, true].map((is) => tileWidth(seen, 1, is));
    equal(letter, boxWidth(seen, 1));
    ok(word >= letter && word <= seen.pitches[0] - 4, `${word} of ${seen.pitches[0]}`);
  }
});

Deno.test("without the way back there are no bars, and the states take their room", () => {
  for (const height of [180, 320, 500]) {
    const [all, forward] = [true, false].map((bars) => layout(800, height, { T: 5, bars }).rows);
    equal(forward.bars.height, 0);
    ok(forward.hidden.height > all.hidden.height, `higher states at ${height}`);
    ok(below(forward.index) <= height, `inside ${height}`);
  }
});
