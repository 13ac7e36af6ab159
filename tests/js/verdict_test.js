import { pace, verdict } from "../../static/js/verdict.js";
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
  return verdict(runOf(end), /** @type {any} */ (t)).sentence;
}

/**
 * @param {object} end
 * @param {object} [experiment]
 * @returns {any}
 */
const runOf = (end, experiment = {}) => ({
  T: 9,
  end,
  experiment,
  recurrent: true,
  losses: new Map([[9, 1]]),
  vocabulary: ["a", "b"],
  tokens: [..."abababab"],
});

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

Deno.test("nothing is said of learning where a network has been trained", () => {
  const end = { verdict: "vanishing", last_loss: { first: -3, own: 0, reaches: 1 } };
  const trained = runOf(end, { checkpoint: "run-300" });
  equal(verdict(trained, /** @type {any} */ (t)).sentence, "verdict.change.trained");
});

Deno.test("a pace is told where it describes the whole way, and only there", () => {
  /**
   * @param {number} slope
   * @param {number | null} first
   */
  const told = (slope, first) => {
    const rate = { log10_factor: slope, half_life: -Math.log10(2) / slope };
    return pace(runOf({ rate, last_loss: { first, own: 0, reaches: 1 } }), /** @type {any} */ (t));
  };
  equal(told(-0.2, -1.5), "status.half_life");
  equal(told(0.2, 1.5), "status.doubling");
  equal(told(0.04, -0.08), "");
  equal(told(-0.05, -2.4), "");
  equal(told(-0.2, null), "");
});
