import { initial, reduce, samePicture } from "../../../static/js/lab/state.js";
import { endPosition } from "../../../static/js/playback/playhead.js";
import { equal, ok } from "../assert.js";

/** @typedef {import("../../../static/js/lab/state.js").Action} Action */

/**
 * @param {object} header
 * @param {Record<string, any>} [arrays]
 * @returns {Action}
 */
const frame = (header, arrays = {}) => ({
  type: "frame",
  frame: { header: /** @type {any} */ (header), arrays },
});

/**
 * @param {number} id
 * @param {number} T
 * @returns {Action[]}
 */
const wholeRun = (id, T) => [
  frame({
    id,
    type: "begin",
    experiment: {},
    tokens: Array(T).fill("a"),
    named: [],
    vocabulary: ["a", "b"],
    targets: [...Array(T - 1).fill(-1), 1],
    timesteps: T,
    hidden_size: 1,
    recurrent: true,
    gates: [],
    carry: null,
    states: ["h"],
  }),
  frame({ id, type: "forward", from: 1, to: T, outputs: [T] }, {
    hidden: new Float32Array(T),
    probabilities: new Float32Array([0.25, 0.75]),
  }),
  frame({ id, type: "loss", timesteps: [T] }, { loss: new Float64Array([0.3]) }),
  frame({ id, type: "backward", from: 1, to: T }, {
    log10_gradient_norm: new Float64Array(T).fill(-1),
    log10_share: new Float64Array(T).fill(-0.5),
  }),
  frame({ id, type: "end" }, { gradient_matrix: new Float32Array(T) }),
];

/** @param {Action[]} actions */
const after = (...actions) => actions.reduce(reduce, initial({ sequence: "a" }));

Deno.test("a run is shown once it is complete", () => {
  const [begin, ...rest] = wholeRun(1, 4);
  equal(after(begin).run, null);
  const { run, position } = after(begin, ...rest);
  equal([run?.id, run?.losses.get(4), position], [1, 0.3, endPosition(4)]);
});

Deno.test("an error keeps the last good picture, and the next good run clears it", () => {
  const error = frame({ id: 2, type: "error", field: "sequence", code: "empty", message: "" });
  const failed = after(...wholeRun(1, 4), error);
  equal([failed.run?.id, failed.problem?.code], [1, "empty"]);
  equal(wholeRun(3, 4).reduce(reduce, failed).problem, null);
});

Deno.test("a playhead in the middle stays while the weights change", () => {
  const paused = after(...wholeRun(1, 4), { type: "seek", position: 2 });
  equal(wholeRun(2, 4).reduce(reduce, paused).position, 2);
});

Deno.test("a playhead at the end stays at the end while the sequence grows", () => {
  equal(after(...wholeRun(1, 4), ...wholeRun(2, 9)).position, endPosition(9));
});

Deno.test("a playhead stays at the loss, and at its timestep on its way, at any length", () => {
  /** @param {number} position @param {number} T */
  const carried = (position, T) =>
    wholeRun(2, T).reduce(reduce, after(...wholeRun(1, 8), { type: "seek", position })).position;
  equal([carried(0, 4), carried(0, 9)], [0, 0]);
  equal([carried(3, 4), carried(3, 9), carried(7, 4)], [3, 3, 4]);
  equal([carried(9, 4), carried(9, 9)], [5, 10]);
  const backward = { 3: 15, 7: 11 };
  equal([carried(backward[3], 4), carried(backward[3], 9), carried(backward[7], 4)], [7, 17, 6]);
  equal([carried(17, 4), carried(17, 1)], [9, 3]);
});

Deno.test("a playhead on its way to a timestep goes on from there when the length changes", () => {
  const halfway = after(...wholeRun(1, 8), { type: "tick", position: 15.5 });
  equal(wholeRun(2, 4).reduce(reduce, halfway).position, 7.5);
});

Deno.test("Play at the end starts again, and seeking stays within the run", () => {
  const done = after(...wholeRun(1, 4));
  equal(reduce(done, { type: "play", is: true }).position, 0);
  equal(reduce(done, { type: "seek", position: -3 }).position, 0);
  equal(reduce(done, { type: "seek", position: 99 }).position, endPosition(4));
});

Deno.test("frames of another run are ignored", () => {
  const state = after(...wholeRun(1, 4));
  equal(reduce(state, wholeRun(9, 4)[1]), state);
});

Deno.test("the end of a run that is on the stage already makes another picture", () => {
  const [begin, ...rest] = wholeRun(1, 4);
  const before = reduce(after(begin, ...rest.slice(0, -1)), { type: "show coming" });
  ok(!samePicture(before, rest.slice(-1).reduce(reduce, before)), "nothing would be drawn");
});

Deno.test("the chosen timestep is released when the playhead moves", () => {
  const state = reduce(after(...wholeRun(1, 4)), { type: "look", t: 2.5 });
  equal(state.lens, 2.5);
  equal(reduce(state, { type: "choose", t: 3 }).lens, null);
  const moved = reduce(reduce(state, { type: "choose", t: 3 }), { type: "seek", position: 2 });
  equal([moved.chosen, moved.lens], [null, null]);
});

Deno.test("no pins in the place of no pins are the same picture", () => {
  const state = after(...wholeRun(1, 4));
  ok(samePicture(state, reduce(state, { type: "pin", pins: [] })), "it would be drawn again");
});

Deno.test("pointing twice at the same thing is the same picture", () => {
  const lit = { quantity: "h", timestep: 3 };
  const once = after({ type: "light", lit });
  equal(once.lit, lit);
  equal(reduce(once, { type: "light", lit: { ...lit } }) === once, true);
  equal(reduce(once, { type: "light", lit: null }).lit, null);
});

Deno.test("a run stands as a lesson says, and not one that was asked for before it", () => {
  /** @type {import("../../../static/js/lab/state.js").Scene} */
  const scene = {
    id: 2,
    place: "loss",
    play: false,
    folded: true,
    attention: true,
    output: true,
    backward: true,
    chart: "gates",
    chosen: 3,
  };
  const before = after({ type: "stand", scene }, ...wholeRun(1, 4));
  equal([before.position, before.folded, before.scene], [9, false, scene]);
  const stands = after({ type: "stand", scene }, ...wholeRun(2, 4));
  equal([stands.position, stands.folded, stands.chart, stands.chosen], [5, true, "gates", 3]);
  equal([stands.attention, stands.scene], [true, null]);
});

Deno.test("without its answer a run ends at the last state, however long it grows", () => {
  const shown = after(...wholeRun(1, 4), { type: "put", parts: { output: false } });
  const sought = reduce(shown, { type: "seek", position: Infinity });
  equal(sought.position, 4);
  equal(wholeRun(2, 9).reduce(reduce, sought).position, 9);
  const stopped = reduce(sought, { type: "seek", position: 2 });
  equal(wholeRun(2, 9).reduce(reduce, stopped).position, 2);
});

Deno.test("without the way back the loss is the end", () => {
  const shown = after(...wholeRun(1, 4), { type: "put", parts: { backward: false } });
  const sought = reduce(shown, { type: "seek", position: Infinity });
  equal(sought.position, 5);
  equal(reduce(sought, { type: "play", is: true }).position, 0);
  const ticked = reduce({ ...sought, playing: true }, { type: "tick", position: 5.2 });
  equal([ticked.position, ticked.playing], [5, false]);
  equal(wholeRun(2, 9).reduce(reduce, sought).position, 10);
});

Deno.test("another network has none of the weights that were set by hand", () => {
  const by_hand = "W_hh_1_2 0.5";
  const before = initial({ cell: "rnn", hidden_size: 2, seed: 1, by_hand });
  const edit = (/** @type {string} */ field, /** @type {string | number} */ value) =>
    reduce(before, { type: "edit", field, value }).experiment.by_hand;
  equal([edit("seed", 2), edit("sequence", "a"), edit("by_hand", "")], [by_hand, by_hand, ""]);
  equal([edit("cell", "lstm"), edit("hidden_size", 3)], ["", ""]);
});

Deno.test("the highest layer is in front where the one that was is gone", () => {
  const before = initial({ cell: "rnn", layers: 4, directions: 1, layer: 3 });
  const edit = (/** @type {number} */ value) =>
    reduce(before, { type: "edit", field: "layers", value }).experiment.layer;
  equal([edit(4), edit(3), edit(2), edit(1)], [3, 3, 0, 0]);
});

Deno.test("an encoder-decoder has one layer, which reads in one direction", () => {
  const before = initial({ cell: "rnn", layers: 3, directions: 2, layer: 1 });
  const edit = (/** @type {string} */ value) => {
    const { experiment } = reduce(before, { type: "edit", field: "architecture", value });
    return [experiment.layers, experiment.directions, experiment.layer];
  };
  equal([edit("many-to-many"), edit("encoder-decoder")], [[3, 2, 1], [1, 1, 0]]);
});
