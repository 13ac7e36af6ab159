import {
  BY_HAND,
  cardOf,
  experimentOf,
  indexIn,
  runsIn,
  searchOf,
  viewIn,
} from "../../../static/js/lessons/navigation.js";
import { equal } from "../assert.js";

const DEFAULTS = { sequence: "abc", cell: "rnn", recurrent_scale: 1 };
/** @param {string} id @param {object} [more] @returns {any} */
const step = (id, more = {}) => ({
  id,
  experiment: { ...DEFAULTS, recurrent_scale: 2 },
  question: null,
  view: { position: "end", play: true, folded: false, chart: "gates", timestep: 3, show: [] },
  ...more,
});
const STEPS = [step("one"), step("two"), step("three")];
/** @type {any} */
const ANSWER = {
  value: -0.394,
  digits: 2,
  entry: 1,
  vector: [-0.2, -0.394],
  mistakes: [{ value: -0.42, why: "no tanh" }],
};

Deno.test("an address names a step in its query or after its hash", () => {
  equal(indexIn(STEPS, { search: "?step=two", hash: "" }), 1);
  equal(indexIn(STEPS, { search: "", hash: "#three" }), 2);
  equal(indexIn(STEPS, { search: "?step=four", hash: "" }), 0);
});

Deno.test("a step's address holds what differs from the step, and keeps the view", () => {
  const experiment = { ...STEPS[1].experiment, cell: "lstm" };
  const search = searchOf(STEPS[1], experiment, "?view=projector&step=one");
  equal(search, "?cell=lstm&view=projector&step=two");
  equal(experimentOf(STEPS[1], search), experiment);
});

Deno.test("before the class has predicted the lab stands at the start", () => {
  equal(viewIn(STEPS[0], false), {
    place: "end",
    play: false,
    folded: false,
    attention: false,
    output: true,
    backward: true,
    chart: "gates",
    chosen: 3,
  });
  equal(viewIn(STEPS[0], true).place, "start");
  equal(viewIn(STEPS[0], true).play, false);
  equal(viewIn(STEPS[0], true).chosen, null);
});

Deno.test("a question that is put on the way waits there, and what comes next is not shown", () => {
  const asked = step("three", { question: { answer: null, start: 1 } });
  equal([viewIn(asked, true).place, viewIn(asked, false).place], [1, "end"]);
});

Deno.test("a question for a number shows the equations of its timestep", () => {
  equal(viewIn(step("four", { question: { answer: ANSWER } }), true).chosen, 3);
});

Deno.test("a tap on a word does not show what is said, a tap on the way back stands at the loss", () => {
  const question = { answer: null, taps: { 1: "a" } };
  const forward = step("five", { question });
  equal(
    viewIn({ ...forward, view: { ...forward.view, position: "loss", backward: false } }, true)
      .place,
    "start",
  );
  equal(
    viewIn({ ...forward, view: { ...forward.view, position: "end", backward: true } }, true).place,
    "loss",
  );
});

Deno.test("an address holds a change only once it has been predicted, beside the experiment before it", () => {
  const experiment = { cell: "rnn", recurrent_scale: 1 };
  /** @type {any} */
  const step = { experiment, after: { recurrent_scale: 0.5 }, pins: [] };
  const told = { ...experiment, recurrent_scale: 0.5 };
  equal(runsIn(step, "?recurrent_scale=2", true), { experiment, pins: [], before: null });
  equal(runsIn(step, "", false), { experiment: told, pins: [experiment], before: experiment });
  equal(runsIn(step, "?recurrent_scale=2", false).experiment.recurrent_scale, 2);
});

Deno.test("a step that speaks of weights by hand or of a step of learning leads to their card", () => {
  const cards = [
    step("plain", { claims: { p: { quantity: "probability" } } }),
    step("learns", { claims: { sum: { quantity: "weight_part" } } }),
    step("typed", { claims: {}, view: { show: ["by_hand"] } }),
  ].map(cardOf);
  equal(cards, ["", BY_HAND, BY_HAND]);
});
