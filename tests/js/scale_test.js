import { diverging, health, powerAxis, ticks } from "../../static/js/scale.js";
import { equal, ok } from "./assert.js";

Deno.test("colours run from one end over the middle to the other, and stop there", () => {
  const ramp = diverging([0, 0, 0], [100, 100, 100], [200, 200, 200]);
  equal([-5, -1, 0, 0.5, 1, 5].map((x) => ramp.rgb(x)[0]), [0, 0, 100, 150, 200, 200]);
});

Deno.test("a gradient of 1 is healthy, 1e-6 has vanished, 1e+6 has exploded", () => {
  equal([-Infinity, -900, -6, -3, 0, 6, 700].map(health), [-1, -1, -1, -0.5, 0, 1, 1]);
});

Deno.test("the axis holds every value, on whole powers of ten, with few ticks", () => {
  for (const values of [[0], [-7.7, 0.2], [-1800, 2], [0, 700], [-Infinity, -2]]) {
    const axis = powerAxis(values, null);
    const drawn = ticks(axis);
    ok(drawn.length <= 8, `${drawn.length} ticks for ${values}`);
    ok(drawn.includes(0), `${values} has a line at 1`);
    ok(drawn.every(Number.isInteger), `${values} has whole powers`);
    for (const value of values.filter(Number.isFinite)) {
      ok(axis.low <= value && value <= axis.high, `${value} is on the axis`);
    }
  }
});

Deno.test("the axis keeps still while the values stay on it, and shrinks when they have left", () => {
  const wide = powerAxis([-20, 3], null);
  equal(powerAxis([-15, 1], wide), wide);
  ok(powerAxis([-3, 1], wide).low > wide.low, "back to a closer look");
});
