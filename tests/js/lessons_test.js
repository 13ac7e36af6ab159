import { equal } from "./assert.js";
import { experimentOf, searchOf, standOf, stepOf } from "../../static/js/lessons/course.js";
import * as drafts from "../../static/js/lessons/draft.js";
import { packed, unpacked } from "../../static/js/lessons/fragment.js";
import { choiceOf, judge, typed } from "../../static/js/lessons/judge.js";
import { minutes } from "../../static/js/lessons/timing.js";
import { placeOf, positionOf } from "../../static/js/player.js";
import { initial } from "../../static/js/state.js";

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
  equal(stepOf(STEPS, { search: "?step=two", hash: "" }), 1);
  equal(stepOf(STEPS, { search: "", hash: "#three" }), 2);
  equal(stepOf(STEPS, { search: "?step=four", hash: "" }), 0);
});

Deno.test("a step's address holds what differs from the step, and keeps the view", () => {
  const experiment = { ...STEPS[1].experiment, cell: "lstm" };
  const search = searchOf(STEPS[1], experiment, "?view=projector&step=one");
  equal(search, "?cell=lstm&view=projector&step=two");
  equal(experimentOf(STEPS[1], search), experiment);
});

Deno.test("before the class has predicted the lab stands at the start", () => {
  equal(standOf(STEPS[0], false), {
    place: "end",
    play: true,
    folded: false,
    chart: "gates",
    chosen: 3,
  });
  equal(standOf(STEPS[0], true).place, "start");
  equal(standOf(STEPS[0], true).play, false);
  equal(standOf(STEPS[0], true).chosen, null);
});

Deno.test("who works out a number sees the equations of its timestep", () => {
  equal(standOf(step("four", { question: { answer: ANSWER } }), true).chosen, 3);
});

Deno.test("a number is right to its last decimal, and wrong by how much", () => {
  equal(judge(ANSWER, -0.39).right, true);
  equal(judge(ANSWER, -0.4).right, true);
  equal(judge(ANSWER, -0.38).right, false);
  equal(judge(ANSWER, 0.1).off.toFixed(3), "0.494");
});

Deno.test("a wrong sign and a known mistake are told apart", () => {
  equal(judge(ANSWER, 0.39).sign, true);
  equal(judge(ANSWER, -0.42).why, "no tanh");
  equal(judge(ANSWER, -0.42).sign, false);
});

Deno.test("numbers are read as people type them", () => {
  equal([" −0,25 ", "+.5", "1e-3", "2."].map(typed), [-0.25, 0.5, 0.001, 2]);
  for (const text of ["", "x", "1 2", "--1", "0x10", "1,2,3"]) {
    equal(Number.isNaN(typed(text)), true);
  }
});

Deno.test("digits and letters choose, as far as there are choices", () => {
  equal(["1", "b", "C", "4", "d", "x", "Enter", ""].map((key) => choiceOf(key, 3)), [
    0,
    1,
    2,
    -1,
    -1,
    -1,
    -1,
    -1,
  ]);
});

Deno.test("a clock counts minutes and seconds", () => {
  equal([0, 7.9, 60, 754, -3].map(minutes), ["0:00", "0:07", "1:00", "12:34", "0:00"]);
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

/** @param {object} more @returns {any} */
const state = (more) => ({ ...initial({ ...DEFAULTS, cell: "gru" }), ...more });

Deno.test("the lab as it stands is recorded: what differs, and how it is seen", () => {
  const pins = [{ experiment: { ...DEFAULTS, cell: "lstm" }, run: null }];
  const run = { T: 3 };
  equal(
    drafts.recorded(state({ run, position: 4, folded: true, chosen: 2, pins }), DEFAULTS, [
      "stage",
    ]),
    {
      experiment: { cell: "gru" },
      view: {
        position: "loss",
        folded: true,
        chart: "step_factors",
        timestep: 2,
        show: ["stage"],
      },
      pins: [{ cell: "lstm" }],
    },
  );
});

/** @returns {import("../../static/js/lessons/draft.js").Draft} */
function three() {
  let draft = drafts.titled(drafts.empty(), "Mine");
  for (const title of ["A", "B", "C"]) {
    draft = drafts.added(draft, { experiment: {}, view: {} }, title);
  }
  return draft;
}

/** @param {import("../../static/js/lessons/draft.js").Draft} draft */
const titles = ({ lesson, words }) => lesson.steps.map(({ id }) => words.steps[id].title);

Deno.test("steps are put in order, written and removed", () => {
  equal(titles(drafts.moved(three(), 0, 1)), ["B", "A", "C"]);
  equal(titles(drafts.moved(three(), 0, -1)), ["A", "B", "C"]);
  const less = drafts.removed(three(), 1);
  equal(titles(less), ["A", "C"]);
  equal(Object.keys(less.words.steps).length, 2);
  const { id } = less.lesson.steps[1];
  equal(drafts.written(less, id, { text: "Look." }).words.steps[id], {
    title: "C",
    text: "Look.",
  });
});

Deno.test("a removed step's name is not given again to one that follows", () => {
  const draft = drafts.added(drafts.removed(three(), 0), { experiment: {}, view: {} }, "D");
  equal(new Set(draft.lesson.steps.map(({ id }) => id)).size, 3);
});

Deno.test("recording again keeps the words", () => {
  const draft = drafts.replaced(three(), 1, { experiment: { cell: "lstm" }, view: {} });
  equal(titles(draft), ["A", "B", "C"]);
  equal(draft.lesson.steps[1].experiment, { cell: "lstm" });
});

Deno.test("other parts are shown, and all else of a step that was opened stays", () => {
  const draft = three();
  Object.assign(draft.lesson.steps[0], { question: { kind: "choice" }, pins: [{}] });
  const shown = drafts.showing(draft, 0, ["charts"]).lesson.steps[0];
  equal(shown, { ...draft.lesson.steps[0], view: { show: ["charts"] } });
  const again = drafts.replaced(draft, 0, { experiment: { cell: "gru" } }).lesson.steps[0];
  equal(again, {
    id: "step-1",
    experiment: { cell: "gru" },
    view: {},
    question: { kind: "choice" },
  });
});

Deno.test("a text survives its way through an address", async () => {
  const text = JSON.stringify({ 词: "梯度消失 👩‍🏫", long: "ab".repeat(5000) });
  const fragment = await packed(text);
  equal(/^[\w-]+$/.test(fragment), true);
  equal(fragment.length < text.length / 10, true);
  equal(await unpacked(fragment), text);
});

Deno.test("a damaged address, and one that would unpack to too much, are refused", async () => {
  const bomb = await packed("a".repeat(2_000_000));
  for (const fragment of ["!!", "____", bomb]) {
    let refused = false;
    await unpacked(fragment).catch(() => refused = true);
    equal(refused, true);
  }
});

Deno.test("a question is kept as the server takes it, and comes back as its form has it", () => {
  const blank = { text: "", why: "" };
  const asked = {
    ask: "Why?",
    choices: [{ text: "A", why: "a" }, blank, { text: "C", why: "c" }, blank],
    right: 2,
  };
  const draft = drafts.asking(three(), 0, asked);
  const { id, question } = draft.lesson.steps[0];
  equal(question, { kind: "choice", right: "c", choices: ["a", "c"] });
  equal(draft.words.steps[id].question?.choices, { a: asked.choices[0], c: asked.choices[2] });
  equal(drafts.askedIn(draft, 0), {
    ask: "Why?",
    choices: [asked.choices[0], asked.choices[2], blank, blank],
    right: 1,
  });
  const nothing = { ask: " ", choices: [blank, blank, blank, blank], right: 2 };
  equal(drafts.asking(draft, 0, nothing), three());
});

Deno.test("a question for a number, which a file may hold, has no form", () => {
  const draft = three();
  Object.assign(draft.lesson.steps[0], { question: { kind: "number" } });
  equal(drafts.askedIn(draft, 0), null);
});
