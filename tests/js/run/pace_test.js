import { pace } from "../../../static/js/run/pace.js";
import { equal } from "../assert.js";
import { runOf, t } from "../ended.js";

Deno.test("a pace is given only if it describes the whole way", () => {
  const even = (/** @type {number} */ first) =>
    Float64Array.from({ length: 9 }, (_, i) => (first * (8 - i)) / 8);
  /**
   * @param {number} slope
   * @param {number | null} first
   */
  const told = (slope, first) => {
    const rate = { log10_factor: slope, half_life: -Math.log10(2) / slope };
    return pace(
      runOf({ rate, arrives: { first, reaches: 1 } }, { log10Share: even(first ?? 0) }),
      /** @type {any} */ ((/** @type {string} */ key) => key),
    );
  };
  equal(told(-0.2, -1.5), "status.half_life");
  equal(told(0.2, 1.5), "status.doubling");
  equal(told(0.04, -0.08), "");
  equal(told(-0.05, -2.4), "");
  equal(told(-0.2, null), "");
});

Deno.test("shares that rise on their way down have no pace", () => {
  const log10Share = Float64Array.from([37, 42, 36, 57, 100], (each) => Math.log10(each / 100));
  const rate = { log10_factor: -0.108, half_life: 2.8 };
  const run = runOf({ rate, arrives: { first: log10Share[0], reaches: 1 } }, { log10Share });
  equal(pace({ ...run, T: 5, loss: 5, losses: new Map([[5, 1]]) }, t), "");
});

Deno.test("a pace that holds from the second step back on does not leave out the first", () => {
  const slope = -0.12;
  const rate = { log10_factor: slope, half_life: -Math.log10(2) / slope };
  const log10Share = Float64Array.from(
    { length: 9 },
    (_, i) => i === 8 ? 0 : -0.9 - 0.05 * (7 - i),
  );
  const run = runOf({ rate, arrives: { first: log10Share[0], reaches: 1 } }, { log10Share });
  equal(pace(run, t), "status.half_life.then 6");
  const each = Float64Array.from({ length: 9 }, (_, i) => i === 8 ? 0 : -0.9 - 0.3 * (7 - i));
  const fast = { rate: { log10_factor: -0.3, half_life: 1 }, arrives: { first: -3, reaches: 1 } };
  equal(pace(runOf(fast, { log10Share: each }), t), "status.half_life.then 1.0");
});
