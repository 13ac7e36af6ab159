import { initial } from "../../../../static/js/lab/state.js";
import * as drafts from "../../../../static/js/lessons/own/draft.js";
import { equal } from "../../assert.js";

const DEFAULTS = { sequence: "abc", cell: "rnn", recurrent_scale: 1 };

/** @param {object} more @returns {any} */
const state = (more) => ({ ...initial({ ...DEFAULTS, cell: "gru" }), ...more });

Deno.test("a recorded step holds the changed settings and the view", () => {
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

/** @returns {import("../../../../static/js/lessons/own/draft.js").Draft} */
function three() {
  let draft = drafts.titled(drafts.empty(), "Mine");
  for (const title of ["A", "B", "C"]) {
    draft = drafts.added(draft, { experiment: {}, view: {} }, title);
  }
  return draft;
}

/** @param {import("../../../../static/js/lessons/own/draft.js").Draft} draft */
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

Deno.test("showing other parts of an opened step keeps the rest of it", () => {
  const draft = three();
  Object.assign(draft.lesson.steps[0], { question: { kind: "choice" }, pins: [{}] });
  const shown = drafts.viewed(draft, 0, { show: ["charts"] }).lesson.steps[0];
  equal(shown, { ...draft.lesson.steps[0], view: { show: ["charts"] } });
  const again = drafts.replaced(draft, 0, { experiment: { cell: "gru" } }).lesson.steps[0];
  equal(again, {
    id: "step-1",
    experiment: { cell: "gru" },
    view: {},
    question: { kind: "choice" },
  });
});

Deno.test("a question is stored in the server's form and returns to its own", () => {
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
