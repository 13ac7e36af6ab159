import { initial } from "../../../static/js/lab/state.js";
import { fromJSON, toJSON, viewOf } from "../../../static/js/lab/view-state.js";
import { equal } from "../assert.js";

/** @type {any} */
const SHOWN = {
  ...initial({}),
  run: { T: 5 },
  position: 8.5,
  playing: true,
  folded: true,
  attention: true,
  backward: false,
  chart: "gates",
  chosen: 3,
};

Deno.test("the view state survives its JSON", () => {
  for (const state of [initial({}), SHOWN]) {
    const view = viewOf(state);
    equal(fromJSON(JSON.parse(JSON.stringify(toJSON(view)))), view);
  }
});

Deno.test("a playhead between two steps stands at the first of them", () => {
  equal(viewOf(SHOWN).place, viewOf({ ...SHOWN, position: 8 }).place);
});

Deno.test("the JSON holds what a step of a lesson must, and else only what is on", () => {
  equal(Object.keys(toJSON(viewOf(initial({})))), ["position", "folded", "chart"]);
  equal(Object.keys(toJSON(viewOf(SHOWN))), [
    "position",
    "folded",
    "chart",
    "play",
    "attention",
    "backward",
    "timestep",
  ]);
});
