import {
  applies,
  asked,
  biasesOf,
  biasOf,
  canAttend,
  learnCells,
} from "../../../static/js/experiment/cells.js";
import { equal } from "../assert.js";
import { FACTS } from "../cells.js";

Deno.test("a field applies where it makes a difference", () => {
  const fields = [
    "activation",
    "forget_bias",
    "update_bias",
    "chrono",
    "recurrent_scale",
    "truncate",
    "seed",
  ];
  /** @param {Record<string, any>} experiment */
  const applied = (experiment) => fields.filter((field) => applies(field, experiment));
  equal(applied({ cell: "rnn" }), ["activation", "recurrent_scale", "truncate", "seed"]);
  equal(applied({ cell: "feedforward" }), ["activation", "seed"]);
  const gated = ["chrono", "recurrent_scale", "truncate", "seed"];
  equal(applied({ cell: "gru", chrono: 0 }), ["update_bias", ...gated]);
  equal(applied({ cell: "gru", chrono: 20 }), gated);
  equal(applied({ cell: "lstm", chrono: 0 }), ["forget_bias", ...gated]);
  equal(applied({ cell: "lstm", chrono: 20 }), gated);
});

Deno.test("gated cells alone are asked for with chrono initialization", () => {
  equal(asked({ cell: "lstm", chrono: 20 }).chrono, 20);
  equal(asked({ cell: "rnn", chrono: 20 }).chrono, 0);
});

Deno.test("gated cells are asked for with their own activation", () => {
  equal(asked({ cell: "gru", activation: "relu" }).activation, "tanh");
  equal(asked({ activation: "relu" }).activation, "relu");
});

Deno.test("every cell with states may look at those of an encoder, and no other", () => {
  const looks = (/** @type {string} */ cell) =>
    canAttend({ cell, architecture: "encoder-decoder" });
  equal(["rnn", "mingru", "indrnn", "feedforward"].map(looks), [true, true, true, false]);
  equal(canAttend({ cell: "rnn", architecture: "many-to-many" }), false);
  equal(asked({ cell: "lru", attention: "dot" }).attention, "dot");
  equal(asked({ cell: "feedforward", attention: "dot" }).attention, "none");
});

Deno.test("an encoder-decoder has one layer, and no choice of it", () => {
  const told = (/** @type {string} */ architecture) =>
    ["layers", "directions", "hidden_size"].map((field) =>
      applies(field, { cell: "rnn", architecture })
    );
  equal(told("encoder-decoder"), [false, false, true]);
  equal(told("many-to-many"), [true, true, true]);
});

Deno.test("a field applies to several cells where it makes a difference to one", () => {
  equal(applies("forget_bias", { cell: "rnn,lstm" }), true);
  equal(applies("forget_bias", { cell: "rnn,gru" }), false);
});

Deno.test("a cell that the page does not know has every field", () => {
  equal(applies("forget_bias", { cell: "toaster" }), true);
  const odd = { cell: "toaster", activation: "relu", chrono: 20 };
  equal(asked(odd), odd);
});

Deno.test("a new cell is described by its facts", () => {
  const minimal = { fields: ["forget_bias", "chrono", "recurrent_scale"], bias: "forget_bias" };
  learnCells({ ...FACTS, cells: { ...FACTS.cells, mgu: minimal } });
  equal(biasOf("mgu"), "forget_bias");
  equal(applies("forget_bias", { cell: "mgu" }), true);
  equal(applies("forget_bias", { cell: "mgu", chrono: 20 }), false);
  equal(asked({ cell: "mgu", activation: "relu", chrono: 20 }), {
    cell: "mgu",
    activation: "tanh",
    chrono: 20,
  });
  learnCells(FACTS);
});

Deno.test("a form has room for the biases of its cells, and for one where they have none", () => {
  equal(biasesOf(["gru"]), { shown: ["update_bias"], hidden: ["forget_bias"] });
  equal(biasesOf(["rnn", "gru", "lstm"]), { shown: ["forget_bias", "update_bias"], hidden: [] });
  equal(biasesOf(["rnn"]), { shown: ["forget_bias"], hidden: ["update_bias"] });
});
