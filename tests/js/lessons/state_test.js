import { initial, isTold, reduce, stepOf, waits } from "../../../static/js/lessons/state.js";
import { equal } from "../assert.js";

/** @type {any} */
const LESSON = {
  steps: [{ id: "one", question: null }, {
    id: "two",
    question: { right: "b", answer: null, choices: [{}, {}, {}] },
  }],
};
const FIRST = initial(LESSON, 0);
const SECOND = reduce(FIRST, { type: "go", to: 1 });

Deno.test("a step that does not exist is not opened", () => {
  equal([SECOND.at, reduce(SECOND, { type: "go", to: 2 }).at], [1, 1]);
  equal(reduce(FIRST, { type: "go", to: -1 }).at, 0);
});

Deno.test("a step with a question waits for the right answer, two wrong ones, or the request for it", () => {
  equal([waits(FIRST), waits(SECOND)], [false, true]);
  const wrong = reduce(SECOND, { type: "answer", given: ["a"] });
  const right = reduce(wrong, { type: "answer", given: ["b"] });
  equal([waits(wrong), waits(right), right.said.two], [true, false, ["a", "b"]]);
  equal(waits(reduce(wrong, { type: "answer", given: ["c"] })), false);
  equal(waits(reduce(SECOND, { type: "answer", given: [] })), false);
  equal(waits(reduce(wrong, { type: "answer", given: [] })), false);
});

Deno.test("answers are reset for one step, or for another class", () => {
  const said = reduce(SECOND, { type: "answer", given: [] });
  equal(waits(reduce(said, { type: "forget", id: "one" })), false);
  equal(waits(reduce(said, { type: "forget", id: "two" })), true);
  equal(waits(reduce(said, { type: "recall", said: {}, seen: [] })), true);
});

Deno.test("an open editor shows no step", () => {
  equal(stepOf(reduce(SECOND, { type: "write" })), null);
  equal(stepOf(reduce(SECOND, { type: "open", lesson: LESSON, at: 0 }))?.id, "one");
});

Deno.test("a step stands on the network that was trained in it, until the engine has lost it", () => {
  const own = {
    type: /** @type {"trained"} */ ("trained"),
    id: "one",
    experiment: { cell: "gru" },
  };
  const trained = reduce(FIRST, own);
  equal([stepOf(trained)?.experiment, stepOf(trained)?.training], [{ cell: "gru" }, null]);
  equal(stepOf(reduce(trained, { type: "lost" })), stepOf(FIRST));
});

Deno.test("a title that comes after an open question is not told, where it was not seen", () => {
  const lesson = { ...LESSON, steps: [...LESSON.steps, { id: "three", question: null }] };
  const first = initial(lesson, 0);
  const told = (/** @type {typeof first} */ state) => [0, 1, 2].map((i) => isTold(state, i));
  equal(told(first), [true, true, false]);
  const asked = reduce(first, { type: "go", to: 1 });
  equal(told(asked), [true, true, false]);
  equal(told(reduce(asked, { type: "answer", given: ["b"] })), [true, true, true]);
  equal(told(initial(lesson, 0, {}, ["three"])), [true, true, true]);
});
