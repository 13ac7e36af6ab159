import { verdict } from "../../static/js/verdict.js";
import { equal } from "./assert.js";

/** @param {string} key */
const t = (key) => key;

/**
 * The sentence of a run whose gradient changes by so many powers of ten.
 * @param {number} log10
 * @param {string} word
 */
function sentence(log10, word) {
  const end = { verdict: word, last_loss: { first: log10, own: 0, reaches: 1 } };
  const run = { T: 9, end, recurrent: true, vocabulary: ["a", "b"], tokens: [..."abababab"] };
  return verdict(/** @type {any} */ (run), /** @type {any} */ (t)).sentence;
}

Deno.test("the sentence says what the change over all timesteps means", () => {
  equal(sentence(-5, "vanishing"), "verdict.change.gone");
  equal(sentence(-2, "vanishing"), "verdict.change.less");
  equal(sentence(0.1, "stable"), "verdict.change.same");
  equal(sentence(3, "exploding"), "verdict.change.more");
});

Deno.test("a verdict on one timestep and a change over all of them do not contradict", () => {
  equal(sentence(-0.3, "vanishing"), "verdict.change.same.short");
  equal(sentence(0.3, "exploding"), "verdict.change.same.short");
  equal(sentence(-5, "stable"), "verdict.change.gone.long");
  equal(sentence(-2, "stable"), "verdict.change.less.long");
  equal(sentence(3, "stable"), "verdict.change.more.long");
});
