import { answer } from "../../../static/js/stage/answer.js";
import { caption } from "../../../static/js/stage/caption.js";
import { translator } from "../../../static/js/text/format.js";
import { equal, ok } from "../assert.js";

const catalog = JSON.parse(
  Deno.readTextFileSync(new URL("../../../app/i18n/en.json", import.meta.url)),
);
const t = translator(catalog);

/** A run over "abc" whose target is "d", at the end. */
const RUN = /** @type {import("../../../static/js/run/run.js").Run} */ (/** @type {unknown} */ ({
  T: 3,
  experiment: { activation: "tanh" },
  tokens: ["a", "b", "c"],
  named: [],
  vocabulary: ["a", "b", "c", "d"],
  targets: [-1, -1, 3],
  recurrent: true,
  gates: [],
  carry: null,
  log10Gradient: Float64Array.of(-2, -1, 0),
  probabilities: new Map([[3, Float32Array.of(0.1, 0.2, 0.3, 0.4)]]),
  predicted: new Map(),
  losses: new Map([[3, 0.916]]),
  loss: 3,
  log10Share: Float64Array.of(-2, -1, 0),
  end: { diverged_at: null, arrives: { reaches: 1, first: -2, cell: null } },
  encoder: 0,
  H: 1,
  hidden: Float32Array.of(0.5, 0.5, 0.5),
}));

/** @param {object} [parts] */
const because = (parts) => ({
  timesteps: [2, 3],
  log10_ratio: [-1, -0.1],
  log10_factors: {},
  shares: {},
  paths: null,
  ...parts,
});

/**
 * @param {number} position
 * @param {object} [change]
 * @param {import("../../../static/js/stage/caption.js").Why | null} [why]
 */
const said = (position, change = {}, why = null) =>
  caption({ ...RUN, ...change }, position, false, why, t);

Deno.test("the caption has one sentence for each position", () => {
  ok(said(0).startsWith("Press Play"), said(0));
  ok(said(1).includes("empty memory"), said(1));
  equal(said(2), "t = 2 reads “b” and mixes it into what the network remembers of t = 1.");
  equal(said(4), "The right answer is “d”; the network gave it 40%: the loss is 0.916.");
  ok(said(4, { numbers: true }).startsWith("The right answer is d: half the square"), "a number");
  equal(said(5), "At t = 3 the loss sends out its gradient: all of it is still there.");
  equal(said(6), "10% of the gradient arrives at t = 2.");
  ok(said(7).startsWith("The gradient has reached t = 1"), said(7));
  ok(caption(RUN, 0, true, null, t).startsWith("One cell, used 3 times"), "folded");
});

Deno.test("while a run is computed the caption says so", () => {
  const on = { end: null, losses: new Map() };
  equal(said(3, { ...on, forwardTo: 2, backwardFrom: 4 }), "Computing…");
  equal(said(6, { ...on, forwardTo: 3, backwardFrom: 3 }), "Computing…");
});

Deno.test("of a recorded gradient no target and no loss is told", () => {
  const recorded = { numbers: true, vocabulary: [""], targets: [-1, -1, 0] };
  ok(said(4, recorded).startsWith("Timesteps where the gradient enters"), said(4, recorded));
  equal(answer({ ...RUN, ...recorded }, t), { words: "gradient as it was in training", loss: "" });
});

Deno.test("a number that is predicted is told beside its target, with three digits", () => {
  const predicted = new Map([[3, Float64Array.of(-0.12345)]]);
  const numbers = { numbers: true, vocabulary: ["0.5"], targets: [-1, -1, 0], predicted };
  const loss = "loss 0.916";
  equal(answer({ ...RUN, ...numbers }, t), { words: "prediction -0.123 · target 0.5", loss });
});

Deno.test("it names the factor that shrinks the gradient most", () => {
  const log10_factors = { weights: [0, 0.2], saturation: [-1.1, -0.3], alignment: [0.1, 0] };
  equal(
    said(6, {}, because({ log10_factors })),
    "t = 2 receives 79% of the gradient of t = 3: tanh is saturated and lets 50% through.",
  );
});

Deno.test("it does not call an activation saturated that is not", () => {
  const log10_factors = { weights: [0, 0], saturation: [0, -0.03], alignment: [0, 0] };
  const sentence = said(6, {}, because({ log10_factors }));
  ok(sentence.endsWith("tanh is bent here and lets 93% through."), sentence);
});

Deno.test("it names the factor that makes the gradient grow most", () => {
  const log10_factors = { weights: [0, 0.5], saturation: [0, -0.1], alignment: [0, 0.1] };
  const why = because({ log10_factors, log10_ratio: [0, 0.5] });
  ok(
    said(6, {}, why).endsWith(
      "receives 3.2 times the gradient of t = 3: " +
        "the recurrent weights multiply it by 3.2.",
    ),
    said(6, {}, why),
  );
});

Deno.test("the caption of a gated cell gives the share of the carry path", () => {
  const why = because({ shares: { carry: [0.9, 0.8], recurrent: [0.1, 0.2] } });
  const sentence = said(6, { gates: ["i", "f", "g", "o"], carry: "f" }, why);
  ok(sentence.includes("80% takes the forget gate’s path, past every matrix."), sentence);
});

Deno.test("without memory it says why one token cannot know of another", () => {
  equal(
    said(6, { recurrent: false, log10Gradient: Float64Array.of(-Infinity, -Infinity, 0) }),
    "No path leads from t = 3 back to t = 2: “c” cannot know of “b”.",
  );
});

Deno.test("a path that ends has its own sentence", () => {
  ok(said(6, {}, because({ log10_ratio: [null, null] })).startsWith("No gradient comes"), "cut");
});

Deno.test("the hint to choose a timestep disappears once one is chosen", () => {
  ok(caption(RUN, 7, false, null, t).includes("Choose a timestep"), "none is chosen");
  equal(caption(RUN, 7, false, null, t, 2), "The gradient has reached t = 1.");
});
