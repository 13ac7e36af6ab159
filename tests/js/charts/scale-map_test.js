import { request } from "../../../static/js/charts/scale-map.js";
import { equal } from "../assert.js";

/** @param {object} [change] @param {object} [fields] */
const run = (change, fields) => /** @type {any} */ ({
  experiment: { cell: "rnn", recurrent_scale: 1.3, seed: 2, loss: "last", ...fields },
  gates: [],
  recurrent: true,
  layers: 1,
  directions: 1,
  reverse: false,
  loss: 24,
  losses: new Map([[12, 2], [24, 2]]),
  T: 24,
  H: 16,
  ...change,
});

Deno.test("the map is of the run's own network, at every scale that the slider reaches", () => {
  const wanted = request(run(), 4);
  equal(wanted?.experiment, { cell: "rnn", seed: 2, loss: "last" });
  equal([wanted?.seeds, wanted?.shares, wanted?.recurrent_scale.length], [1, true, 80]);
  equal([wanted?.recurrent_scale[0], wanted?.recurrent_scale[79]], [0.05, 4]);
  equal(wanted, request(run({}, { recurrent_scale: 3 }), 4));
});

Deno.test("a larger network has a coarser map, and one that would take long has none", () => {
  equal(
    request(run({ H: 64, loss: 200, losses: new Map([[200, 1]]) }), 4)?.recurrent_scale.length,
    40,
  );
  equal(request(run({ layers: 4, directions: 2, H: 64 }), 4)?.recurrent_scale.length, 40);
  equal(request(run({ H: 256, loss: 500, losses: new Map([[500, 1]]) }), 4), null);
});

Deno.test("there is no map where no scale makes the difference, or all losses are drawn", () => {
  equal(request(run({ recurrent: false }), 4), null);
  equal(request(run({ losses: new Map() }), 4), null);
  equal(request(run({ loss: "all" }, { loss: "all" }), 4), null);
  equal(request(run({ loss: 1, losses: new Map([[1, 2]]) }), 4), null);
  equal(request(run({ loss: 12 }, { loss: 12 }), 4)?.experiment.loss, 12);
  equal(request(run({}, { checkpoint: "run-5" }), 4), null);
  equal(request(run({ directions: 2, reverse: true }), 4), null);
  equal(request(run({}, { by_hand: "W_hh_1_2 0.5" }), 4), null);
  equal(request(run({}, { attention: "dot" }), 4)?.experiment.attention, "dot");
});
