import { termOf } from "../../../static/js/text/symbols.js";
import { equal } from "../assert.js";

Deno.test("a symbol goes by its letters, and a weight matrix by its index", () => {
  equal(termOf("h", "t−1", false), "hidden");
  equal(["hh", "hf", "", "xh", "xn", "hy"].map((index) => termOf("W", index, false)), [
    "W_hh",
    "W_hh",
    "W_hh",
    "W_xh",
    "W_xh",
    "W_hy",
  ]);
  equal(termOf("c", "t", false), "cell");
  equal(termOf("c˜", "t", false), "gate_c");
});

Deno.test("f is a gate, and a function where something is put into it", () => {
  equal(termOf("f", "t", false), "gate_f");
  equal(termOf("f", "", true), "activation");
});

Deno.test("a letter without a sentence is no symbol", () => {
  equal(["e", "j", "constructor"].map((letters) => termOf(letters, "", false)), ["", "", ""]);
  equal(["15", "a", "k"].map((index) => termOf("v", index, false)), ["context", "W_a", ""]);
  equal(termOf("W", "qv", false), "W_a");
  equal(termOf("e", "15,j", false), "attention_score");
});
