import {
  advance,
  endPosition,
  moment,
  placeOf,
  positionOf,
  reached,
  stepDuration,
} from "../../../static/js/playback/playhead.js";
import { equal, ok } from "../assert.js";

Deno.test("the playhead walks forward, meets the loss, and walks back to t = 1", () => {
  const T = 3;
  const walk = Array.from({ length: endPosition(T) + 1 }, (_, position) => moment(position, T));
  equal(walk.map(({ phase, t }) => `${phase} ${t}`), [
    "idle 0",
    "forward 1",
    "forward 2",
    "forward 3",
    "loss 3",
    "backward 3",
    "backward 2",
    "done 1",
  ]);
});

Deno.test("a single timestep has a whole walk too", () => {
  equal([0, 1, 2, 3].map((position) => moment(position, 1).phase), [
    "idle",
    "forward",
    "loss",
    "done",
  ]);
});

Deno.test("no gradient is shown before the loss, and all of it at the end", () => {
  equal(reached(3, 3), { forwardTo: 3, backwardFrom: 4, loss: false });
  equal(reached(4, 3), { forwardTo: 3, backwardFrom: 4, loss: true });
  equal(reached(5, 3), { forwardTo: 3, backwardFrom: 3, loss: true });
  equal(reached(endPosition(3), 3), { forwardTo: 3, backwardFrom: 1, loss: true });
});

Deno.test("playing stops at the end, and a long sequence does not take for ever", () => {
  equal(advance(0, 1e9, 1, 24), endPosition(24));
  ok(stepDuration(2000) * endPosition(2000) < 15_000, "2,000 timesteps play within 15 seconds");
});

Deno.test("places are positions that fit any run", () => {
  for (const T of [1, 5, 24]) {
    for (let position = 0; position <= 2 * T + 1; position++) {
      equal(positionOf(placeOf(position, T), T), position);
    }
  }
  equal(placeOf(11, 5), "end");
  equal(positionOf(99, 5), 11);
});
