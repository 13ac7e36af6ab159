import { CHARTS } from "../../../static/js/charts/registry.js";
import { averageStep, tokenShare } from "../../../static/js/run/arriving-gradient.js";
import { pace } from "../../../static/js/run/pace.js";
import { equal, ok } from "../assert.js";
import { t } from "../ended.js";

/** As in lesson five: 5.8 % arrive 23 steps back, on a way that is not quite straight. */
const log10Share = Float64Array.from(
  { length: 24 },
  (_, i) => Math.log10(0.0582399) * ((23 - i) / 23) ** 1.05,
);
/** @type {any} */
const run = {
  T: 24,
  recurrent: true,
  loss: 24,
  losses: new Map([[24, 1]]),
  experiment: {},
  log10Share,
  end: {
    rate: { log10_factor: -0.0557, half_life: 5.402 },
    arrives: { first: log10Share[0], reaches: 1, cell: null },
    theory: null,
  },
};

Deno.test("the average step, the half-life and what arrives are one number in three forms", () => {
  const [, half] = pace(run, t).split(" ");
  const factor = String(CHARTS.gradient_norm.reading(run, null, t, "")).match(/[\d.]+$/)?.[0];
  equal([factor, half], ["0.884", "5.6"]);
  ok(Math.abs(Math.log(2) / -Math.log(Number(factor)) - Number(half)) < 0.05, "by hand");
  equal((10 ** (23 * averageStep(run))).toPrecision(2), "0.058");
});

Deno.test("a gradient that ends on the way has the average step of the way it goes", () => {
  const ended = log10Share.map((each, i) => i < 12 ? -Infinity : each);
  const end = { arrives: { first: null, reaches: 13 } };
  equal(averageStep({ ...run, log10Share: ended, end }), log10Share[12] / 11);
});

Deno.test("a token's ink is of its input where more than the drawn state brings the gradient", () => {
  const log10Asked = Float64Array.from({ length: 24 }, (_, i) => i / 10 - 5);
  const tokens = [..."the clouds are in the sk"];
  const seen = { ...run, tokens, named: [], encoder: 0, log10Asked, layers: 1, directions: 1 };
  equal(tokenShare(seen, 1), log10Share[0]);
  for (const more of [{ cellState: [1] }, { layers: 2 }, { directions: 2 }]) {
    const shared = { ...seen, ...more };
    equal([tokenShare(shared, 1).toFixed(3), tokenShare(shared, 24)], ["-2.300", 0]);
    equal(tokenShare({ ...shared, log10Asked: null }, 1), log10Share[0]);
  }
});
