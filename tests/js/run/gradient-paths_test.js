import {
  arrival,
  cellsAt,
  isCut,
  lastCut,
  leadsBack,
  partOf,
} from "../../../static/js/run/gradient-paths.js";
import { equal } from "../assert.js";

/**
 * @param {Record<string, any>} [changes]
 * @returns {any}
 */
const run = ({ experiment = {}, ...rest } = {}) => ({
  T: 24,
  recurrent: true,
  encoder: 0,
  carry: null,
  cellState: null,
  losses: new Map([[24, 1]]),
  loss: 24,
  experiment: { recurrent_scale: 1, truncate: 0, ...experiment },
  ...rest,
});

/** @param {any} of */
const cutsOf = (of) => Array.from({ length: of.T }, (_, i) => i + 1).filter((t) => isCut(of, t));

Deno.test("truncated BPTT cuts after every so many timesteps, counted from the last", () => {
  equal(cutsOf(run({ experiment: { truncate: 5 } })), [5, 10, 15, 20]);
  equal(cutsOf(run({ experiment: { truncate: 12 } })), [13]);
  equal(lastCut(run({ experiment: { truncate: 5 } })), 20);
});

Deno.test("a sequence shorter than the truncation is not cut", () => {
  equal(cutsOf(run()), []);
  equal(cutsOf(run({ experiment: { truncate: 24 } })), []);
  equal(cutsOf(run({ experiment: { truncate: 5 }, recurrent: false })), []);
  equal(lastCut(run()), 1);
});

Deno.test("a hidden state is led back to through weights that are not 0, or past them", () => {
  const zero = { experiment: { recurrent_scale: 0 } };
  const states = new Float32Array();
  equal(leadsBack(run(), 9), true);
  equal(leadsBack(run({ recurrent: false }), 9), false);
  equal(leadsBack(run(zero), 9), false);
  equal(leadsBack(run({ ...zero, carry: "z" }), 9), true);
  equal(leadsBack(run({ ...zero, carry: "f", cellState: states }), 9), false);
  equal(leadsBack(run({ experiment: { truncate: 5 } }), 10), false);
});

/**
 * The reach of a gradient that is there from these timesteps on, of h and of c.
 * @param {number | null} reaches
 * @param {number | null} [cell]  null for none
 */
const got = (reaches, cell = null) =>
  arrival(/** @type {any} */ ({ end: { arrives: { reaches, cell: cell && { reaches: cell } } } }));

Deno.test("a gradient has arrived where it is at t = 1, and otherwise it ends", () => {
  equal(got(1).how, "all");
  equal(got(3), { how: "short", t: 3 });
  equal(got(4, 1).how, "cell");
  equal(got(null).how, "none");
});

Deno.test("a folded encoder-decoder is two cells, of which one is looked at", () => {
  const both = run({ encoder: 10 });
  equal([cellsAt(run(), 7), cellsAt(both, 7), cellsAt(both, 15)], [[7], [7, 11], [10, 15]]);
  equal([partOf(run(), 15), partOf(both, 10), partOf(both, 11)], [0, 0, 1]);
});
