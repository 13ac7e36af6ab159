import { translator } from "../../../static/js/text/format.js";
import { started } from "../../../static/js/train/history.js";
import { digits, reaching, standings, verdict } from "../../../static/js/train/training-verdict.js";
import { equal, ok } from "../assert.js";

const t = translator(JSON.parse(Deno.readTextFileSync("app/i18n/en.json")));

/**
 * @param {number} loss  of the last steps
 * @param {Record<string, any>} [fields]
 */
function trained(loss, { task = "recall", step = 600, ...fields } = {}) {
  /** @type {any} */
  const begin = {
    id: 1,
    type: "begin",
    checkpoints: [],
    timesteps: 41,
    training: { task, cell: "rnn", steps: 1000 },
    baseline: 2,
  };
  const history = started(begin);
  return { ...history, step, count: step, lastMean: loss, ...fields };
}

Deno.test("the sentence says whether the timesteps that were chosen are bridged", () => {
  equal(
    verdict(trained(2.01), t),
    "After 600 steps the RNN is no better than guessing: it has not learnt to bridge 41 timesteps.",
  );
  ok(verdict(trained(1), t).includes("is learning to bridge 41 timesteps"), "below");
  ok(verdict(trained(0.1), t).includes("has learnt to bridge 41 timesteps"), "learnt");
  ok(verdict(trained(3), t).includes("worse than guessing"), "worse");
  ok(verdict(trained(2, { task: "copying" }), t).includes("to bridge 35 timesteps"), "copying");
});

Deno.test("where nothing is a fixed way away, it says what the baseline means", () => {
  ok(verdict(trained(1, { task: "tags" }), t).includes("uses what came before"), "tags");
  ok(verdict(trained(2, { task: "dates" }), t).includes("no better than guessing"), "dates");
});

Deno.test("a few steps prove nothing", () => {
  ok(verdict(trained(2, { step: 3 }), t).startsWith("After 3 steps the RNN has a loss"), "early");
});

Deno.test("a run that diverged says where, and what to do", () => {
  for (const diverged of ["loss", "weights"]) {
    const words = verdict(trained(NaN, { step: 37, end: { diverged } }), t);
    ok(words.includes("At step 37") && words.includes("lower the learning rate"), words);
  }
});

Deno.test("the numbers beside it have as many digits as can be read", () => {
  equal(standings(trained(2.0794), t), "Loss 2.08; guessing would give 2");
  equal(
    standings(trained(0.5, { lastAccuracy: 0.25 }), t),
    "Loss 0.5; guessing would give 2 · 25% right in the last minibatch",
  );
  equal([0, 1e9, 0.00123, Infinity, NaN].map(digits), [
    "0",
    "1.0\u00a0×\u00a010<sup>9</sup>",
    "0.0012",
    "∞",
    "–",
  ]);
});

Deno.test("the reach of the gradient is given in timesteps", () => {
  ok(reaching(trained(2, { window: 6 }), t).includes("6 timesteps back, of 40"), "short");
  ok(reaching(trained(2, { window: 40 }), t).includes("all 40"), "whole");
  equal(reaching(trained(2, { end: { diverged: "loss" } }), t), "");
});
