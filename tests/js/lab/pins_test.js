import { difference, follower, following, missing, title } from "../../../static/js/lab/pins.js";
import { translator } from "../../../static/js/text/format.js";
import { equal } from "../assert.js";
import "../cells.js";

const catalog = JSON.parse(
  Deno.readTextFileSync(new URL("../../../app/i18n/en.json", import.meta.url)),
);
const t = translator(catalog);
const current = {
  sequence: "the sky",
  cell: "rnn",
  activation: "tanh",
  recurrent_scale: 1,
  forget_bias: 1,
  seed: 0,
};
/** @param {object} change */
const named = (change) => difference({ ...current, ...change }, current, t);

Deno.test("a pinned run is named by its differences from the current one", () => {
  equal(named({ recurrent_scale: 1.9 }), "weight scale 1.9");
  equal(named({ cell: "lstm", forget_bias: 2, seed: 7 }), "LSTM, forget bias 2, seed 7");
  equal(named({ sequence: "a very long sequence indeed" }), "“a very long seq…”");
  equal(named({}), "the same as now");
});

Deno.test("a field that a cell does not use is not named", () => {
  equal(named({ forget_bias: 3 }), "the same as now");
  equal(named({ cell: "gru", activation: "relu" }), "GRU");
  equal(named({ cell: "feedforward", recurrent_scale: 2 }), "No memory");
});

Deno.test("a trained network and one with random weights are told apart", () => {
  const trained = { ...current, checkpoint: "43c48bde-300" };
  equal(difference(current, trained, t), "random weights");
  equal(difference({ ...trained, seed: 7 }, current, t), "seed 7, trained");
  equal(difference(trained, trained, t), "the same as now");
});

Deno.test("a run is named by its cell, its size, clipping and truncation", () => {
  const plain = { ...current, hidden_size: 16, truncate: 0, clip_norm: 0, chrono: 0 };
  equal(title(plain, t), "RNN, weight scale 1, 16 units");
  const chosen = { ...plain, recurrent_scale: 1.35, hidden_size: 128, truncate: 5, clip_norm: 0.5 };
  equal(title(chosen, t), "RNN, weight scale 1.35, 128 units, cut after 5 steps, clipped at 0.5");
  equal(title({ ...chosen, cell: "feedforward" }, t), "No memory, 128 units, clipped at 0.5");
});

Deno.test("a run that follows differs from the one on the stage by its cell alone", () => {
  const pins = ["gru", "lstm"].map((cell) => follower(current, cell));
  const moved = following(pins, { ...current, recurrent_scale: 2 }, "rnn");
  equal(moved.map(({ experiment }) => experiment), [
    { ...current, cell: "gru", recurrent_scale: 2 },
    { ...current, cell: "lstm", recurrent_scale: 2 },
  ]);
});

Deno.test("a run that follows has no weights by hand of another cell", () => {
  const own = { ...current, by_hand: "W_hh_1_2 0.5" };
  equal(follower(own, "gru").experiment.by_hand, "");
  const [moved] = following([follower(current, "gru")], own, "rnn");
  equal([moved.experiment.by_hand, own.by_hand], ["", "W_hh_1_2 0.5"]);
});

Deno.test("the run whose cell is chosen takes the one that was there before", () => {
  const pins = ["gru", "lstm"].map((cell) => follower(current, cell));
  const moved = following(pins, { ...current, cell: "lstm" }, "rnn");
  equal(moved.map(({ experiment }) => experiment.cell), ["gru", "rnn"]);
});

Deno.test("pins that follow nothing stay as they were", () => {
  const pins = [{ experiment: current, run: null }];
  equal(following(pins, { ...current, recurrent_scale: 2 }, "rnn") === pins, true);
});

Deno.test("a run is missing until it has come, and where it follows until the newest has", () => {
  const run = /** @type {any} */ ({});
  const [old, now] = [{ ...current }, { ...current, seed: 5 }];
  equal(missing([{ experiment: old, run: null }]), [old]);
  equal(missing([{ experiment: old, run }]), []);
  equal(missing([{ experiment: now, run, of: old, follows: true }]), [now]);
  equal(missing([{ experiment: now, run, of: now, follows: true }]), []);
});
