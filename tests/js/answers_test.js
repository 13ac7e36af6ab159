import { shortened } from "../../static/js/train/answers.js";
import { equal } from "./assert.js";

Deno.test("what is read is shown by its two ends, without padding and what a decoder is fed", () => {
  equal(shortened(["", "", "a", " ", "b"], "characters"), "a␣b");
  equal(shortened(["the", "sky"], "words"), "the sky");
  equal(shortened(["I", "V", "<s>", "4"], "characters"), "IV");
  equal(shortened([..."abcdefghijklmnopqrstuvwxyz"], "characters"), "abcdefghijklmno … vwxyz");
});
