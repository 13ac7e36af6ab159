import { createDrawing } from "../../../static/js/lab/drawing.js";
import { equal } from "../assert.js";

/** @type {(() => void)[]} */
const frames = [];
Object.assign(globalThis, {
  requestAnimationFrame: (/** @type {() => void} */ act) => frames.push(act),
  cancelAnimationFrame: () => frames.splice(0),
});
const soon = (/** @type {number} */ after) => new Promise((done) => setTimeout(done, after));

/** A drawing of a state, and what it has drawn. */
function drawing(/** @type {any} */ state) {
  /** @type {any[]} */
  const drawn = [];
  return { state, drawn, ...createDrawing(() => state, ({ run }) => drawn.push(run?.id ?? null)) };
}

Deno.test("a change is drawn once, together with its run", async () => {
  const { state, drawn, now, withRun } = drawing({ run: { id: 1, end: {} } });
  withRun();
  withRun();
  equal(drawn, []);
  state.run = { id: 2, end: {} };
  now();
  equal(drawn, [2]);
  await soon(80);
  equal(drawn, [2]);
});

Deno.test("a change whose run does not come is drawn without it, also while others follow", async () => {
  const { drawn, withRun, stop } = drawing({ run: { id: 1, end: {} } });
  for (let i = 0; i < 5; i++) {
    withRun();
    await soon(20);
  }
  equal(drawn.length >= 1, true);
  stop();
});

Deno.test("a run that is still coming in is drawn once a frame", () => {
  const { drawn, now } = drawing({ run: { id: 1, end: null } });
  for (let i = 0; i < 3; i++) now();
  equal(drawn, []);
  frames.splice(0).forEach((act) => act());
  equal(drawn, [1]);
});
