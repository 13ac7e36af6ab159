import { verdict } from "../../../static/js/stage/verdict.js";
import { share } from "../../../static/js/text/format.js";
import { equal } from "../assert.js";
import { runOf, t } from "../ended.js";

/**
 * Returns the sentence about a run of which so much arrives, as a power of ten.
 * @param {number} first
 * @param {string} kind
 * @param {object} [change]
 * @param {object | null} [cell]
 */
function said(first, kind, change = {}, cell = null) {
  /** @type {string[]} */
  const keys = [];
  const end = { verdict: kind, arrives: { first, reaches: 1, cell } };
  verdict(
    runOf(end, change),
    /** @type {any} */ ((/** @type {string} */ key) => {
      keys.push(key);
      return key;
    }),
  );
  return keys.filter((key) => /^(verdict|arrives|language)\./.test(key));
}

Deno.test("the sentence says what the share means, and agrees with the word", () => {
  equal(said(-5, "vanishing"), ["verdict.vanishing", "arrives.one.part", "verdict.means.gone"]);
  const less = ["verdict.vanishing", "arrives.one.part", "verdict.means.vanishing"];
  equal(said(-2, "vanishing"), less);
  const same = ["verdict.arriving", "arrives.one.part", "verdict.means.arriving"];
  equal(said(-0.24, "arriving"), same);
  equal(said(0.1, "arriving"), same);
  equal(said(0.9, "arriving")[1], "arrives.one.times");
  equal(said(3, "exploding").at(-1), "verdict.means.exploding");
});

Deno.test("a trained network has no sentence on learning", () => {
  const experiment = { checkpoint: "run-300" };
  equal(said(-3, "vanishing", { experiment }).at(-1), "language.stop");
});

Deno.test("a network of a training shrinks its gradient, a user's own makes it vanish", () => {
  const experiment = { checkpoint: "run-300" };
  const madeBy = { checkpoint: { task: "recall" } };
  /** @param {number} first @param {object} change */
  const word = (first, change) => said(first, "vanishing", { experiment, madeBy, ...change })[0];
  equal(word(-3, {}), "verdict.trained.vanishing");
  equal(word(-6.7, {}), "verdict.trained.gone");
  equal(word(-6.7, { madeBy: { checkpoint: { file: "a.npz" } } }), "verdict.vanishing");
});

Deno.test("the cell state has a sentence where its verdict differs", () => {
  const more = { first: -0.1, verdict: "arriving" };
  equal(said(-2, "vanishing", {}, more).at(-1), "verdict.means.cell");
  equal(said(-0.2, "arriving", {}, more).at(-1), "verdict.means.arriving");
  equal(said(-2, "vanishing", {}, { first: null, verdict: "none" }).at(-1), "verdict.means.cell");
});

Deno.test("the share of all losses is relative to the last one", () => {
  const losses = new Map([[4, 1], [9, 1]]);
  equal(said(-2, "vanishing", { loss: "all", losses })[1], "arrives.all.part");
  equal(said(0, "arriving", { loss: "all", losses, recurrent: false })[1], "verdict.apart");
});

Deno.test("a share is in percent as far as it is drawn, then a number or a part, then a power of ten", () => {
  equal(share(Math.log10(0.58), t), "58%");
  equal(share(Math.log10(1.234), t), "120%");
  equal(share(-4, t), "0.01%");
  equal(share(-Infinity, t), "0%");
  equal(share(Math.log10(57.7), t), "share.times 58");
  equal(share(Math.log10(2.5e-8), t), "1/40,000,000");
  equal(share(-13.2, t), "1/10<sup>13</sup>");
  equal(share(8.2, t), "share.times 10<sup>8</sup>");
});
