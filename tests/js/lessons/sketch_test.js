import { sketched } from "../../../static/js/lessons/sketch.js";
import { equal } from "../assert.js";

Deno.test("a finger that skips timesteps draws a straight line over them, in either direction", () => {
  const begun = sketched([], -1, 0, 1);
  equal(begun, [1]);
  equal(sketched(begun, 0, 4, 0), [1, 0.75, 0.5, 0.25, 0]);
  equal(sketched(sketched([], -1, 2, 0), 2, 0, 1), [1, 0.5, 0]);
  equal(sketched(begun, 0, 0, 0.5), [0.5]);
});
