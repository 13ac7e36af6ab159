import { explained, pointedAt } from "../../../static/js/stage/explanation.js";
import { center, layout } from "../../../static/js/stage/layout.js";
import { translator } from "../../../static/js/text/format.js";
import { equal, ok } from "../assert.js";

const catalog = JSON.parse(
  Deno.readTextFileSync(new URL("../../../app/i18n/en.json", import.meta.url)),
);
const t = translator(catalog);
const THINGS = /** @type {const} */ (["output", "state", "arrow", "tile", "bar"]);

/** @type {any} an encoder that reads "x", a decoder that says "b", and is to say "done" */
const RUN = {
  T: 3,
  experiment: { activation: "tanh" },
  tokens: ["x", "<s>", "b"],
  named: [],
  vocabulary: ["a", "b", "done"],
  targets: [-1, 1, 2],
  recurrent: true,
  encoder: 1,
  gates: [],
  backwardFrom: 1,
  attention: new Map(),
  predicted: new Map(),
  probabilities: new Map([[2, [0, 1, 0]], [3, [0.5, 0.2, 0.3]]]),
  losses: new Map([[2, 0], [3, 1.2]]),
  loss: 3,
  log10Share: Float64Array.of(-2, -1, 0),
  log10Gradient: Float64Array.of(-2, -1, 0),
  end: { diverged_at: null, arrives: { reaches: 1, first: -2, cell: null } },
};

/** @param {number} position @param {number} at */
const told = (position, at) =>
  THINGS.map((thing) =>
    explained({ run: RUN, why: null, backward: true, position }, { thing, t: at }, t)
  );

Deno.test("a column that is pointed at is told as far as the playhead has come", () => {
  for (const words of told(0, 3)) {
    for (const secret of ["“b”", "“a”", "“done”", "%"]) ok(!words.includes(secret), words);
  }
  ok(told(2, 3)[3].includes("“b”"), "what was said at t = 2 is read next");
  equal(told(3, 3)[0], "At t = 3 the network predicts “a” (50%).");
  ok(told(4, 3)[0].includes("“done”"), "the loss has met the target");
  ok(told(4, 1)[4].includes("not come back"), "the way back has not begun");
  ok(told(7, 1)[4].includes("1%"), told(7, 1)[4]);
});

Deno.test("a number that is predicted is told, and its target once the loss is met", () => {
  const predicted = new Map([[3, [0.25, -1, 7]]]);
  const run = { ...RUN, numbers: true, vocabulary: ["0.5"], targets: [-1, -1, 0], predicted };
  const said = (/** @type {number} */ position) =>
    explained({ run, why: null, backward: true, position }, { thing: "output", t: 3 }, t);
  equal(said(2), "At t = 3 the prediction will stand here.");
  equal(said(3), "At t = 3 the network predicts 0.25, -1, ….");
  equal(said(4), "At t = 3 the network predicts 0.25, -1, …; the target is 0.5.");
});

Deno.test("of numbers that are read the tile names the columns", () => {
  const named = ["wind 2, rain 0.5", "wind 3, rain 0", "wind 1, rain 0"];
  const run = { ...RUN, encoder: 0, tokens: ["2, 0.5", "3, 0", "1, 0"], named };
  const seen = { run, why: null, backward: false, position: 3 };
  ok(explained(seen, { thing: "tile", t: 1 }, t).includes("“wind 2, rain 0.5”"), "both columns");
});

Deno.test("a higher layer is told to read the states below it, and not the letter of the tile", () => {
  const run = { ...RUN, layers: 4, directions: 1, layer: 4, reverse: false, log10Asked: null };
  const seen = { run, why: null, backward: false, position: 3 };
  const said = (/** @type {number} */ layer) =>
    explained({ ...seen, run: { ...run, layer } }, { thing: "tile", t: 1 }, t);
  ok(said(4).startsWith("Layer 4: At t = 1 it reads the state of layer 3, the strip"), said(4));
  ok(said(4).includes("layer 1 reads “x”"), said(4));
  ok(said(1).startsWith("Layer 1: “x”, read at t = 1."), said(1));
});

Deno.test("an output that attends to an encoder tells the state that it looks at most", () => {
  const attention = new Map([[3, Float32Array.of(0.25, 0.75)]]);
  const run = { ...RUN, tokens: ["x", "y", "<s>"], encoder: 2, attention };
  const said = (/** @type {number} */ position) =>
    explained({ run, why: null, backward: true, position }, { thing: "output", t: 3 }, t);
  ok(!said(2).includes("looks"), "it has not been computed");
  ok(said(3).endsWith(" It looks most at t = 2, “y”: 75%."), said(3));
});

Deno.test("the output of two directions is told to read both, of one loss each at its end", () => {
  const both = { ...RUN, layers: 1, directions: 2, layer: 1, reverse: false };
  const said = (/** @type {any} */ change) =>
    explained(
      { run: { ...both, ...change }, why: null, backward: true, position: 7 },
      { thing: "output", t: 3 },
      t,
    );
  const ends = "forward at t = 3, from the end at t = 1.";
  ok(said({ targets: [-1, -1, 2] }).endsWith(ends), said({ targets: [-1, -1, 2] }));
  ok(said({}).endsWith("It reads the states of both directions."), said({}));
  ok(!said({ directions: 1 }).includes("directions"), "of one direction nothing is said of two");
});

Deno.test("of all losses together what arrives is compared with what the last one has", () => {
  const run = { ...RUN, loss: "all" };
  const said = explained(
    { run, why: null, backward: true, position: 7 },
    { thing: "bar", t: 1 },
    t,
  );
  ok(
    said.endsWith(
      "At t = 1 the gradient of all losses is 1% of what it is at the last one, t = 3.",
    ),
    said,
  );
});

Deno.test("boxes and arrows in the row of the cell state tell the cell state's share", () => {
  const of = { T: 3, cell: true, gates: true };
  const placed = layout(1080, 500, of);
  const { cell, hidden } = placed.rows;
  const things = [cell, hidden].flatMap(({ top, height }) =>
    [center(placed, 2), (center(placed, 1) + center(placed, 2)) / 2].map((x) =>
      pointedAt(placed, x, top + height / 2)
    )
  );
  equal(
    JSON.stringify(things.map(({ thing, t }) => `${thing} ${t}`)),
    JSON.stringify(["cell 2", "cell_arrow 1", "state 2", "arrow 1"]),
  );
  const run = {
    ...RUN,
    gates: ["i", "f", "c", "o"],
    cellState: Float32Array.of(0, 0, 0),
    log10CellShare: Float64Array.of(Math.log10(0.3), Math.log10(0.5), 0),
  };
  const [box, arrow, state, below] = things.map((each) =>
    explained({ run, why: null, backward: true, position: 7 }, each, t)
  );
  ok(box.startsWith("The cell state at t = 2") && box.includes("50%"), box);
  ok(arrow.includes("along the cell state") && arrow.includes("30%"), arrow);
  ok(state.startsWith("What the network remembers") && state.includes("10%"), state);
  ok(below.startsWith("The gradient on its way from") && below.includes("1%"), below);
});
