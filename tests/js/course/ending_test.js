import { results } from "../../../static/js/course/ending.js";
import { equal } from "../assert.js";

/** @type {any} */
const LESSON = {
  steps: [
    { id: "a", title: "A", question: { right: "yes" } },
    { id: "b", title: "B", question: { right: "yes" } },
    { id: "c", title: "C", question: { right: "yes" } },
    { id: "result", title: "Result", question: null },
  ],
};

Deno.test("the first answer counts, and what was only shown does not", () => {
  const found = results({ lesson: LESSON, said: { a: ["yes"], b: ["no", "yes"] } });
  equal(found.map(({ index, mark }) => [index, mark]), [[0, "right"], [1, "wrong"], [2, "open"]]);
  equal(results({ lesson: LESSON, said: { a: [] } })[0].mark, "wrong");
});

Deno.test("without a lesson there is nothing to count", () => {
  equal(results({ lesson: null, said: {} }), []);
});
