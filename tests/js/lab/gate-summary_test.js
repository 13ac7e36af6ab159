import { kept } from "../../../static/js/lab/gate-summary.js";
import { equal } from "../assert.js";

/** @param {object} change */
const run = (change) => /** @type {any} */ ({
  carry: "f",
  closed: false,
  gateValues: { f: Float32Array.of(0.25, 0.75, 0.5, 0.5, 1, 1) },
  forwardTo: 2,
  H: 2,
  ...change,
});

Deno.test("a step keeps what its gate lets through, of the timesteps that are known", () => {
  equal(kept(run({})), 0.5);
  equal(kept(run({ forwardTo: 3 })), 4 / 6);
  equal(kept(run({ carry: null })), null);
});

Deno.test("where the state is kept by a closed gate, a step keeps the rest", () => {
  equal(kept(run({ closed: true, gateValues: { f: Float32Array.of(0.25, 0.25, 0, 0) } })), 0.875);
});
