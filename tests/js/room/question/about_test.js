import {
  askOf,
  askOfStep,
  isPredicted,
  truthOf,
} from "../../../../static/js/room/question/about.js";
import { equal } from "../../assert.js";

/** @param {number[]} log10 @returns {any} */
const runOf = (log10) => ({
  T: log10.length,
  end: {},
  log10Gradient: Float64Array.from(log10),
  log10Share: Float64Array.from(log10),
});
/** @type {any} */
const LAB = { run: runOf([-3, -1, 0]), bars: "linear" };
/** @param {object} fields @returns {any} */
const given = (fields) => ({ words: "", choices: [], right: "", low: "", high: "", ...fields });

Deno.test("empty choices are left out, and the right one keeps its text", () => {
  const asked = askOf(
    given({ what: "choice", words: " Which? ", choices: ["", "all", " ", "none"], right: "3" }),
    LAB,
  );
  equal(asked, { kind: "choice", words: "Which?", choices: ["all", "none"], right: [1] });
});

Deno.test("a missing part is named before anything is sent", () => {
  const choices = ["a", "b"];
  equal(askOf(given({ what: "choice", choices }), LAB), "ask.missing.words");
  equal(askOf(given({ what: "choice", words: "?", choices: ["a"] }), LAB), "ask.missing.choices");
  for (const [low, high] of [["1", "1"], ["", "1"], ["2", ""]]) {
    equal(askOf(given({ what: "number", words: "?", low, high }), LAB), "ask.missing.range");
  }
  for (const what of ["gradient", "curve"]) {
    equal(askOf(given({ what }), null), "ask.missing.run");
  }
});

Deno.test("the lab computes the answer of the run that stands when it is shown", () => {
  /** @type {any} */
  const number = { about: "gradient", size: 1, open: true };
  equal(isPredicted(number), true);
  equal(truthOf(number, LAB.run), [-3]);
  equal(truthOf(number, runOf([-Infinity])), null);
  equal(truthOf({ ...number, about: "" }, LAB.run), null);
  equal(truthOf(number, { ...LAB.run, end: null }), null);
});

Deno.test("a curve has a point a bar, of a long run every k-th, and is of one length", () => {
  const message = /** @type {any} */ (askOf(given({ what: "curve" }), LAB));
  equal([message.about, message.size, message.low, message.high], ["linear", 3, 0, 1]);
  equal(truthOf(message, LAB.run), [0.0005, 0.05, 0.5]);
  equal(truthOf(message, runOf([0, 0])), null);
  const long = { ...LAB, run: runOf(Array(130).fill(3)) };
  const asked = /** @type {any} */ (askOf(given({ what: "curve" }), long));
  equal(asked.size, 44);
  equal(truthOf(asked, long.run)?.[0], 2);
});

Deno.test("a lesson's question goes without its words, and knows its answer", () => {
  /** @type {any} */
  const choices = { choices: [{ id: "a" }, { id: "b" }], right: "b", answer: null };
  equal(askOfStep("gates/forget", choices), {
    kind: "choice",
    step: "gates/forget",
    choices: ["", ""],
    right: [1],
  });
  const asked = askOfStep("gates/forget", { ...choices, answer: { value: -42 } });
  equal(asked, { kind: "number", step: "gates/forget", low: -100, high: 100, right: [-42] });
});
