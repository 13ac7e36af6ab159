import { endPosition } from "../../../static/js/playback/playhead.js";
import { offered } from "../../../static/js/stage/loss-choice.js";
import { equal } from "../assert.js";

const T = 4;
const DONE = endPosition(T);

/**
 * @param {object} change
 * @param {number} [before]
 */
const offer = (change, before = 0) =>
  offered(
    /** @type {import("../../../static/js/lab/state.js").State} */ (/** @type {unknown} */ ({
      run: { T, targets: [-1, 0, 1, 2] },
      position: DONE,
      chosen: null,
      experiment: { loss: "all" },
      ...change,
    })),
    before,
  );

Deno.test("after all losses together, the one that can be drawn alone is one in the middle", () => {
  equal(offer({}), 3);
  const last = { T, targets: [0, -1, -1, 2] };
  equal(offer({ run: last }), 1); // never the last, which is a choice of its own
});

Deno.test("the loss of the timestep that is drawn or looked at is offered", () => {
  equal(offer({ experiment: { loss: 2 } }), 2);
  equal(offer({ chosen: 3 }), 3);
  equal(offer({ position: 2 }), 2); // the playhead stands there
});

Deno.test("the last choice is offered again, but no timestep without a loss", () => {
  equal(offer({}, 2), 2);
  equal(offer({ chosen: 1 }), 3); // it has no target
  equal(offer({ chosen: 1 }, 3), 3);
  equal(offer({}, 9), 3); // of a longer run
});
