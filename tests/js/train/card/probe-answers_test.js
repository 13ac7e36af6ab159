import { told } from "../../../../static/js/text/sentence.js";
import { aligned, shortened } from "../../../../static/js/train/card/probe-answers.js";
import { equal } from "../../assert.js";

Deno.test("a sequence is shown by its two ends, without padding and the decoder's inputs", () => {
  equal(shortened(["", "", "a", " ", "b"], "characters"), `a${told(" ")}b`);
  equal(shortened(["the", "sky"], "words"), "the sky");
  equal(shortened(["I", "V", "<s>", "4"], "characters"), "IV");
  equal(shortened([..."abcdefghijklmnopqrstuvwxyz"], "characters"), "abcdefghijklmno … vwxyz");
});

Deno.test("marked numbers stay where the middle is left out", () => {
  const reads = Array.from({ length: 40 }, (_, i) => `0.${10 + i}`);
  for (const at of [3, 18, 34, 38]) reads[at] += "^";
  const first = "0.10 0.11 0.12 0.13^ 0.14 0.15 0.16 0.17 0.18 0.19 0.20 0.21 0.22 0.23 0.24";
  const last = "0.45 0.46 0.47 0.48^ 0.49";
  equal(shortened(reads, "words"), `${first} … 0.28^ … 0.44^ … ${last}`);
  equal(shortened([..."abcdefghijklmnop^qrstuvwxyz"], "characters"), "abcdefghijklmno … vwxyz");
});

Deno.test("each output stands under the target of its timestep, also where there is none", () => {
  const answer = {
    timesteps: [2, 4],
    predictions: ["a", "b"],
    right: [true, false],
    probability: [0.9, 0.2],
  };
  equal(aligned(answer, ["", "", "a", "x", "c"]), {
    targets: ["a", "x", "c"],
    predictions: ["a", "–", "b"],
    right: [true, false, false],
    probability: [0.9, null, 0.2],
  });
});
