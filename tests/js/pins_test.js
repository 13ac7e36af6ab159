import { translator } from "../../static/js/format.js";
import { asked, difference } from "../../static/js/pins.js";
import { equal } from "./assert.js";

const catalog = JSON.parse(
  Deno.readTextFileSync(new URL("../../app/catalogs/en.json", import.meta.url)),
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

Deno.test("a pinned run is called by what differs from the current one", () => {
  equal(named({ recurrent_scale: 1.9 }), "g = 1.9");
  equal(named({ cell: "lstm", forget_bias: 2, seed: 7 }), "LSTM, forget bias 2, seed 7");
  equal(named({ sequence: "a very long sequence indeed" }), "“a very long seq…”");
  equal(named({}), "the same as now");
});

Deno.test("what makes no difference to a cell is not named", () => {
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

Deno.test("gated cells are asked for with their own activation", () => {
  equal(asked({ ...current, cell: "gru", activation: "relu" }).activation, "tanh");
  equal(asked({ ...current, activation: "relu" }).activation, "relu");
});
