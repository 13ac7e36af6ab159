import { differing } from "../../../static/js/lessons/state-pair.js";
import { equal } from "../assert.js";

Deno.test("two states differ most in one unit, or are the same", () => {
  equal(differing([[0.5, -0.2, 0.1], [0.4, 0.7, 0.1]]), 1);
  equal(differing([[0.5, -0.2], [0.5, -0.2]]), -1);
});
