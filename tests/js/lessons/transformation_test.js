import { between } from "../../../static/js/lessons/transformation.js";
import "../cells.js";
import { equal } from "../assert.js";

Deno.test("a scale slides to its new value, and a choice changes at once", () => {
  const from = { cell: "lstm", recurrent_scale: 1, forget_bias: 0, activation: "tanh" };
  const to = { cell: "lstm", recurrent_scale: 0.5, forget_bias: 3, activation: "relu" };
  equal(between(from, to, 0), { ...from, activation: "relu" });
  equal(between(from, to, 0.5), { ...to, recurrent_scale: 0.75, forget_bias: 1.5 });
  equal(between(from, to, 1), to);
});
