import { countOf, leads, plan, routeIn, taken } from "../../../static/js/course/route.js";
import { equal } from "../assert.js";

/** @type {import("../../../static/js/course/route.js").Course} */
const COURSE = {
  lessons: [
    { slug: "one", title: "One", steps: ["a", "b"] },
    { slug: "two", title: "Two", steps: ["c", "d"] },
    { slug: "quiz", title: "Quiz", steps: ["q"] },
  ],
  routes: { short: [["one", "a", 30], ["two", "d", 60]] },
  taken: { short: { one: "1", two: "2" } },
};
const SHORT = routeIn(COURSE, "?route=short&lang=en");

Deno.test("without a route the steps lead on from lesson to lesson, and to the quiz", () => {
  const next = (/** @type {string} */ slug, /** @type {string} */ id) =>
    leads(COURSE, [], { slug, id }, 1);
  equal(next("one", "a"), { slug: "one", id: "b" });
  equal(next("one", "b"), { slug: "two", id: "c" });
  equal(next("two", "d"), { slug: "quiz", id: "q" });
  equal(next("quiz", "q"), null);
});

Deno.test("a lesson counts its steps, and the quiz its questions, not its result", () => {
  equal(countOf({ slug: "one", steps: ["a", "b"] }, 1), {
    said: "lesson.count",
    n: 2,
    count: 2,
  });
  const quiz = { slug: "quiz", steps: [1, 2, 3, 4, 5, 6, 7, 8, "result"] };
  equal(countOf(quiz, 0), { said: "course.count", n: 1, count: 8 });
  equal(countOf(quiz, 7), { said: "course.count", n: 8, count: 8 });
  equal(countOf(quiz, 8), null);
});

Deno.test("a route leads from stop to stop, over what is between, and back", () => {
  equal(leads(COURSE, SHORT, { slug: "one", id: "a" }, 1), { slug: "two", id: "d" });
  equal(leads(COURSE, SHORT, { slug: "two", id: "d" }, -1), { slug: "one", id: "a" });
});

Deno.test("where a route has ended, or has not been, the lessons lead on", () => {
  equal(leads(COURSE, SHORT, { slug: "two", id: "d" }, 1), { slug: "quiz", id: "q" });
  equal(leads(COURSE, SHORT, { slug: "one", id: "b" }, 1), { slug: "two", id: "c" });
});

Deno.test("an address says which steps of a lesson its route takes", () => {
  equal(taken(COURSE, "?route=short", "two"), "2");
  equal([taken(COURSE, "", "two"), taken(COURSE, "?route=short", "three")], ["", ""]);
});

Deno.test("an address with no route, or one that is not known, has none", () => {
  equal(routeIn(COURSE, ""), []);
  equal(routeIn(COURSE, "?route=other"), []);
});

Deno.test("the plan of a step is the time before it, to its end, and of all", () => {
  equal(plan(SHORT, { slug: "two", id: "d" }), { begun: 30, done: 90, planned: 90 });
});
