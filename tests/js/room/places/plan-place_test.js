import { followedPlan, ledPlan } from "../../../../static/js/room/places/plan-place.js";
import { equal } from "../../assert.js";

/** @type {any} */
const OFFER = {
  defaults: { task: "recall", cells: "rnn", steps: 100, examples: "" },
  cells: ["rnn", "lstm"],
  tasks: { recall: { plan: {} }, text: { plan: { steps: 300 } } },
};

Deno.test("a student's plan becomes the teacher's, a task's own settings too", () => {
  const teachers = { ...OFFER.defaults, task: "text", cells: "rnn,lstm", steps: 500 };
  const { page, address } = ledPlan({ plan: () => teachers, adopt() {} }, OFFER).shown();
  equal([page, address], ["train", { task: "text", cells: "rnn,lstm", steps: "500" }]);
  /** @type {any} */
  let plan = null;
  const its = { plan: () => plan, adopt: (/** @type {any} */ next) => plan = next };
  const place = followedPlan(its, OFFER, /** @type {any} */ ((/** @type {string} */ key) => key));
  place.show(/** @type {any} */ ({ address }));
  equal(plan, teachers);
  equal(place.at(/** @type {any} */ ({ address })), "task.text");
  place.show(/** @type {any} */ ({ address: { task: "text" } }));
  equal(plan.steps, 300);
});
