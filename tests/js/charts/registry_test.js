import { norms } from "../../../static/js/charts/gradients.js";
import { fill } from "../../../static/js/charts/plotly.js";
import { CHARTS } from "../../../static/js/charts/registry.js";
import { marker, request } from "../../../static/js/charts/sweep.js";
import { translator } from "../../../static/js/text/format.js";
import { equal, ok } from "../assert.js";

const t = translator(
  JSON.parse(Deno.readTextFileSync(new URL("../../../app/i18n/en.json", import.meta.url))),
);

/**
 * A run of four timesteps and two units, as its frames leave it.
 * @param {Record<string, any>} [changes]
 * @returns {any}
 */
const run = ({ experiment = {}, end = {}, ...rest } = {}) => ({
  id: 1,
  experiment: { cell: "rnn", activation: "tanh", recurrent_scale: 1, seed: 0, ...experiment },
  layers: 1,
  directions: 1,
  T: 4,
  H: 2,
  recurrent: true,
  forwardTo: 4,
  hidden: Float32Array.of(0.95, 0, -0.95, 0, 0.5, 0, 0.1, 0),
  gates: [],
  carry: null,
  candidates: [],
  gateValues: {},
  log10Gradient: Float64Array.of(-3, -2, -1, 0),
  losses: new Map([[4, 1.5]]),
  loss: 4,
  log10Share: Float64Array.of(-3, -2, -1, 0),
  targets: [-1, -1, -1, 0],
  matrix: Float32Array.of(-3, -2, -1, 0),
  end: {
    rate: { log10_factor: -1 },
    theory: null,
    arrives: { reaches: 1, first: -3 },
    matrix_losses: [4],
    matrix_timesteps: [1, 2, 3, 4],
    ...end,
  },
  ...rest,
});

/**
 * @param {keyof typeof CHARTS} name
 * @param {any} of
 * @param {any} [answer]
 * @param {string} [choice]
 */
const reading = (name, of, answer, choice = "") => CHARTS[name].reading(of, answer, t, choice);

Deno.test("the gradient norm says the factor, and the theory's where there is one", () => {
  equal(
    reading("gradient_norm", run()),
    "On average each step back multiplies the gradient by 0.100.",
  );
  ok(
    reading("gradient_norm", run({ end: { theory: Math.log10(0.12) } })).includes("0.120"),
    "0.12",
  );
  ok(reading("gradient_norm", run({ end: { rate: null } })).startsWith("No gradient"), "none");
});

Deno.test("many losses are not read as if they were one", () => {
  const losses = new Map([[1, 1], [4, 1]]);
  const all = run({ losses, loss: "all", end: { theory: -0.5 } });
  ok(reading("gradient_norm", all).includes("all 2 losses"), "all");
  equal(norms([all]).data.theory, undefined);
  const one = reading("gradient_norm", run({ losses }));
  equal(one, "On average each step back multiplies the last loss’s gradient by 0.100.");
});

Deno.test("the theory's line starts from what the loss gives its own timestep", () => {
  const log10Share = Float64Array.of(-2, -1, 0, -Infinity);
  equal(norms([run({ end: { theory: -0.5 } })]).data.theory.y, [-1.5, -1, -0.5, 0]);
  equal(norms([run({ log10Share, end: { theory: -0.5 } })]).data.theory.y, [-1, -0.5, 0, null]);
});

Deno.test("the row of the chosen loss is marked in the matrix, where there are several", () => {
  const two = { losses: new Map([[2, 1], [4, 1]]), end: { matrix_losses: [2, 4] } };
  /** @param {any} changes */
  const mark = (changes) => CHARTS.gradient_matrix.fill(run(changes), null, "", []).lines?.chosen;
  equal([mark({ ...two, loss: 2 }), mark({ ...two, loss: "all" }), mark({})], [2, null, null]);
  const said = reading("gradient_matrix", run({ ...two, loss: 4 }));
  ok(said.startsWith("Each row is one loss: how much of its own gradient"), said);
  ok(!said.includes("line"), said);
  const large = reading("gradient_matrix", run({ matrix: Float32Array.of(1, 0, 0, 0) }));
  ok(large.endsWith("Within the line more than twice as much arrives."), large);
});

Deno.test("compared runs are further lines of the same figure, by their names", () => {
  const { data } = norms([run(), run()], ["this run", "LSTM"]);
  equal(Object.keys(data), ["run-0", "run-1"]);
  equal(data["run-1"].name, "LSTM");
});

Deno.test("a timestep that no gradient reaches is a gap and not a number", () => {
  const broken = run({ log10Share: Float64Array.of(-Infinity, -2, -1, 0) });
  equal(norms([broken]).data["run-0"].y, [null, -2, -1, 0]);
  equal(CHARTS.gradient_norm.table(broken, null, t, "").rows[0], [1, "0"]);
});

Deno.test("saturated states are counted as their activation saturates", () => {
  /** @param {string} activation */
  const of = (activation) => reading("hidden_states", run({ experiment: { activation } }));
  ok(of("tanh").startsWith("25%"), of("tanh"));
  ok(of("relu").startsWith("50%"), of("relu"));
  ok(of("sigmoid").startsWith("75%"), of("sigmoid"));
  ok(of("identity").includes("0.95"), of("identity"));
});

Deno.test("the gate on the carry path comes first", () => {
  const half = new Float32Array(8).fill(0.5);
  const gateValues = { i: half, f: half, g: half };
  const gated = run({ gateValues, carry: "f", candidates: ["g"] });
  equal(CHARTS.gates.choices?.(gated, t).map(({ value }) => value), ["f", "i", "g"]);
  equal(reading("gates", gated, null, "f"), "The forget gate f is 50% open on average.");
  ok(reading("gates", gated, null, "g").startsWith("The candidate c̃"), "candidate");
});

Deno.test("a chart that does not apply says why", () => {
  equal(CHARTS.gates.unfit?.(run(), Infinity), "chart.gates.unfit");
  equal(CHARTS.singular_values.unfit?.(run({ T: 1 }), Infinity), "chart.single.unfit");
  const without = run({ recurrent: false });
  for (const name of /** @type {const} */ (["spectrum", "lyapunov", "step_factors", "sweep"])) {
    equal(CHARTS[name].unfit?.(without, Infinity), "chart.memory.unfit");
    equal(CHARTS[name].unfit?.(run(), Infinity), null);
  }
});

Deno.test("an average step back is a product that comes out", () => {
  const answer = {
    timesteps: [2, 3],
    log10_ratio: [-0.5, -0.3],
    log10_factors: { weights: [0, 0], saturation: [-0.4, -0.4], alignment: [-0.1, 0.1] },
    shares: {},
  };
  equal(
    reading("step_factors", run(), answer),
    "A step back is, on average: weights 1.000 × saturation 0.398 × alignment 1.000 = 0.398.",
  );
  const ended = { ...answer, log10_ratio: [null, -0.3] };
  ok(reading("step_factors", run(), ended).includes("ends at t = 2"), "ended");
});

Deno.test("shares of the two paths are in percent", () => {
  const shares = { carry: [0.5, 0.7], recurrent: [0.5, 0.3] };
  const answer = { timesteps: [2, 3], log10_ratio: [0, 0], log10_factors: {}, shares };
  const said = reading("step_factors", run({ carry: "z" }), answer);
  ok(said.includes("60%") && said.includes("40%") && said.includes("update gate z"), said);
});

Deno.test("eigenvalues are inside the circle, on it or outside", () => {
  /** @param {number} radius */
  const of = (radius) => {
    const block = { part: "encoder", gate: null, real: [radius], imaginary: [0], radius };
    return reading("spectrum", run(), { blocks: [block] });
  };
  ok(of(0.5).includes("0.50 from 0 (its modulus): inside"), of(0.5));
  ok(of(1.001).includes("1.00 from 0 (its modulus): on"), of(1.001));
  ok(of(1.5).includes("1.50 from 0 (its modulus): outside the circle"), of(1.5));
});

Deno.test("a gate is named where its weights alone have the largest eigenvalue", () => {
  /** @param {number} f */
  const of = (f) => {
    const blocks = [["i", 1], ["f", f]].map(([gate, radius]) => ({ gate, radius }));
    return reading("spectrum", run(), { blocks });
  };
  ok(of(1.2).includes("the forget gate f, is 1.20 from 0"), of(1.2));
  ok(of(1 + 1e-15).includes("every gate is 1.00 from 0"), of(1));
});

Deno.test("a Lyapunov exponent is given as a factor too", () => {
  equal(
    reading("lyapunov", run(), { exponents: [Math.LN2, -1] }),
    "The largest exponent is +0.693 nats (powers of e) per timestep, that is × 2.00 each timestep: " +
      "1 of 2 directions grow, and small differences with them.",
  );
  ok(reading("lyapunov", run(), { exponents: [-1, null] }).includes("every direction"), "shrinks");
  ok(reading("lyapunov", run(), { exponents: [null] }).includes("lost"), "lost");
  ok(reading("lyapunov", run(), { exponents: [-1e-4] }).includes("−1.0 × 10<sup>−4"), "small");
});

Deno.test("an exponent of the size of rounding neither grows nor shrinks", () => {
  const exponents = [3e-16, 1e-17, -2e-16];
  ok(reading("lyapunov", run(), { exponents }).includes("neither grow nor shrink"), "zero");
  const { data } = CHARTS.lyapunov.fill(run(), { exponents }, "", []);
  equal(data.growing.x, []);
});

Deno.test("a run that overflows before a loss has no gradient to read", () => {
  const overflowed = run({ losses: new Map(), end: { rate: null, diverged_at: 3 } });
  ok(reading("gradient_norm", overflowed).includes("overflowed before a loss"), "overflow");
});

const swept = {
  recurrent_scale: [0.5, 1, 1.5],
  distance: [0, 1],
  log10_share_median: [[0, -1], [0, -0.5], [0, null]],
  median_factor: [0.5, 0.8, null],
  critical_scale: 1.32,
  diverged: [0, 0, 3],
  seeds: 3,
};

Deno.test("the sweep gives the current scale's place between its own", () => {
  equal(
    reading("sweep", run({ experiment: { recurrent_scale: 0.75 } }), swept),
    "A typical network, the middle one of many seeds, keeps its gradient from step to step at a weight scale of g = 1.32. You are at g = 0.75, where a typical network multiplies the " +
      "gradient by about 0.65 per timestep.",
  );
  const nowhere = { ...swept, critical_scale: null };
  ok(reading("sweep", run(), nowhere).startsWith("Between g = 0.5 and 1.5"), "nowhere");
  const over = run({ experiment: { recurrent_scale: 1.25 } });
  ok(reading("sweep", over, swept).includes("at g = 1.5 the numbers of every"), "overflow");
  for (const recurrent_scale of [6, 0.2]) {
    const outside = run({ experiment: { recurrent_scale } });
    equal(marker(outside, swept), null);
    ok(reading("sweep", outside, swept).includes("outside"), "outside");
  }
});

Deno.test("with attention the sweep says what arrives at t = 1, and no factor of a step", () => {
  const answer = { ...swept, median_factor: [null, null, null], critical_scale: null };
  const attending = { attention: "dot", recurrent_scale: 0.75 };
  equal(
    reading("sweep", run({ experiment: attending }), answer),
    "Attention brings the gradient to each state of the encoder, the upper part of the chart, in one step. " +
      "From g = 0.5 to 1.5 at least 0.1 times what leaves the loss arrives at t = 1. " +
      "You are at g = 0.75, where it is about 0.18 times in a typical network.",
  );
  const over = run({ experiment: { ...attending, recurrent_scale: 1.25 } });
  ok(reading("sweep", over, answer).includes("at g = 1.5 the numbers of every"), "overflow");
  const { columns, rows } = CHARTS.sweep.table(over, answer, t, "");
  equal([columns.includes("factor per timestep"), rows[0].length], [false, columns.length]);
  const none = { ...answer, diverged: [3, 3, 3] };
  ok(reading("sweep", over, none).startsWith("You are at g = 1.25; at"), "all overflow");
});

Deno.test("a sweep is the same for every scale and seed, and smaller for a larger network", () => {
  const here = request(run());
  equal(here, request(run({ experiment: { recurrent_scale: 3, seed: 7 } })));
  ok(request(run({ T: 2000, H: 64 })).seeds < here.seeds, "fewer seeds");
});

Deno.test("every table has as many cells in a row as it has columns", () => {
  const answers = {
    step_factors: {
      timesteps: [2],
      log10_ratio: [-1],
      log10_factors: { weights: [0], saturation: [-1], alignment: [0] },
      shares: {},
    },
    spectrum: {
      blocks: [{ part: "decoder", gate: "f", real: [1], imaginary: [0], radius: 1 }],
    },
    singular_values: { distance: [1], log10_singular_values: [[0, -1, null]] },
    lyapunov: { exponents: [-1, null] },
    sweep: swept,
  };
  const half = new Float32Array(8).fill(0.5);
  for (const [name, chart] of Object.entries(CHARTS)) {
    const answer = Object.entries(answers).find(([key]) => key === name)?.[1];
    const { columns, rows } = chart.table(run({ gateValues: { f: half } }), answer, t, "f");
    ok(rows.length > 0, name);
    for (const row of rows) equal([name, row.length], [name, columns.length]);
  }
});

Deno.test("a figure keeps what has numbers, and a line without a place is not seen", () => {
  const figure = {
    data: [{ meta: "a", color: "red" }, { meta: "b" }],
    layout: {
      xaxis: { tickformat: "d" },
      yaxis: {},
      shapes: [{ name: "critical" }, { name: "current" }, { y0: 1 }, { name: "row", yanchor: 0 }],
    },
    config: {},
  };
  const lines = { critical: null, current: 1.2, row: 3 };
  const { data, layout } = fill(figure, { data: { a: { x: [1, 2, 3], y: [0, 0, 0] } }, lines });
  equal(data, [{ meta: "a", color: "red", x: [1, 2, 3], y: [0, 0, 0] }]);
  equal(layout.xaxis.tickvals, [1, 2, 3]);
  const visible = layout.shapes.map((/** @type {any} */ shape) => shape.visible);
  equal(visible, [false, true, undefined, true]);
  equal(layout.shapes[3].yanchor, 3);
  equal(layout.shapes[1].x0, 1.2);
});
