import { pause } from "../../../../static/js/train/card/sampled-text.js";
import { equal } from "../../assert.js";

const wanted = { run: "a", step: 8, newest: true, start: "", temperature: 1, seed: 0 };

Deno.test("the weights of a run that goes on write once a second at most", () => {
  equal(pause(wanted, { ...wanted, step: 4 }, 300), 700);
  equal(pause(wanted, { ...wanted, step: 4 }, 5000), 0);
});

Deno.test("a dragged, typed or pointed step is sampled soon", () => {
  equal(pause(wanted, null, Infinity), 0);
  equal(pause({ ...wanted, temperature: 0.5 }, wanted, 10), 50);
  equal(pause({ ...wanted, start: "a" }, wanted, 10), 50);
  equal(pause({ ...wanted, step: 4, newest: false }, wanted, 10), 50);
  equal(pause(wanted, { ...wanted, step: 4, newest: false }, 300), 0);
  equal(pause(wanted, { ...wanted, run: "b" }, 300), 0);
});
