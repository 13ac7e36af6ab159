import { followedPlan, ledPlan } from "../../../../static/js/room/places/plan-place.js";
import { equal } from "../../assert.js";

/** @type {any} */
const OFFER = {
  defaults: { task: "recall", cells: "rnn", steps: 100, examples: "" },
  cells: ["rnn", "lstm"],
  tasks: { recall: { plan: {} }, text: { plan: { steps: 300 } } },
};

/** @param {string} run @param {string} state */
const network = (run, state) => ({ cell: `of ${run}`, key: `key ${run}`, history: { run }, state });

Deno.test("a student's plan becomes the teacher's, a task's own settings too", () => {
  const teachers = { ...OFFER.defaults, task: "text", cells: "rnn,lstm", steps: 500 };
  /** @type {any} */
  const teacher = {
    state: () => ({ plan: teachers, networks: [network("a1", "running"), network("b2", "over")] }),
    moment: () => ({ cell: "lstm", step: 12, distance: 3 }),
  };
  const { page, address, playing, point, keys } = ledPlan(teacher, OFFER).shown();
  const wanted = { task: "text", cells: "rnn,lstm", steps: "500", networks: "a1 b2" };
  equal(keys, { "of a1": "key a1", "of b2": "key b2" });
  equal([page, address, playing, point], ["train", wanted, true, "moment lstm 12 3"]);
  /** @type {any} */
  let plan = null;
  let looked = null;
  /** @type {boolean[]} */
  const stood = [];
  /** @type {any} */
  const its = {
    adopt: (/** @type {any} */ next) => plan = next,
    look: (/** @type {any} */ moment) => looked = moment,
  };
  /** @type {any} */
  const watched = { stand: (/** @type {boolean} */ is) => stood.push(is) };
  const t = /** @type {any} */ ((/** @type {string} */ key) => key);
  const place = followedPlan(its, watched, OFFER, t);
  place.show(/** @type {any} */ ({ address, playing, point }));
  equal(plan, teachers);
  equal([looked, stood], [{ cell: "lstm", step: 12, distance: 3 }, [true]]);
  equal(place.at(/** @type {any} */ ({ address })), "task.text");
  place.show(/** @type {any} */ ({ address: { task: "text" }, playing: false, point: "" }));
  equal([looked, stood], [null, [true, false]]);
  equal(plan.steps, 300);
});
