import { choiceOf, judge, typed } from "../../../static/js/lessons/grading.js";
import { equal } from "../assert.js";

/** @type {any} */
const ANSWER = {
  value: -0.394,
  digits: 2,
  entry: 1,
  vector: [-0.2, -0.394],
  mistakes: [{ value: -0.42, why: "no tanh" }],
};

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

Deno.test("digits and letters select one of the choices", () => {
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
