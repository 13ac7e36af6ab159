import { inputShare } from "../../../static/js/run/arriving-gradient.js";
import { sayable, verdict } from "../../../static/js/stage/verdict.js";
import { share } from "../../../static/js/text/format.js";
import { equal, ok } from "../assert.js";
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

Deno.test("the cell state has its share where its verdict differs and no inputs compare", () => {
  const more = { first: -0.1, verdict: "arriving" };
  equal(said(-2, "vanishing", {}, more).at(-1), "verdict.means.cell");
  equal(said(-0.2, "arriving", {}, more).at(-1), "verdict.means.arriving");
  equal(said(-2, "vanishing", {}, { first: null, verdict: "none" }).at(-1), "verdict.means.cell");
});

Deno.test("where other ways than the hidden state carry the gradient, the inputs tell what is learned of them", () => {
  const log10Asked = [-3, -5, -5, -5, -5, -5, -5, -5, -2];
  const tokens = [..."ababababa"];
  for (const ways of [{ cellState: [1] }, { layers: 2, directions: 1 }]) {
    const found = said(-5, "vanishing", { log10Asked, tokens, ...ways });
    ok(found.includes("verdict.input.part"), "a part");
    ok(!found.some((key) => key.startsWith("verdict.means")), "no meaning of its own");
    const more = said(-5, "vanishing", { log10Asked: log10Asked.toReversed(), tokens, ...ways });
    ok(more.includes("verdict.input.times"), "a multiple");
  }
  const plain = said(-5, "vanishing", { log10Asked, tokens, layers: 1, directions: 1 });
  equal(plain.at(-1), "verdict.means.gone");
});

Deno.test("room is kept for the sentence on inputs only where it can be said", () => {
  const catalog = [
    "arrives.one.part",
    "verdict.means.gone",
    "verdict.means.cell",
    "verdict.input.part",
  ];
  const words = Object.assign(
    (/** @type {string} */ key) => key,
    { texts: (/** @type {RegExp} */ name) => catalog.filter((key) => name.test(key)) },
  );
  const log10Asked = [-3, -5, -5, -5, -5, -5, -5, -5, -2];
  const seen = { log10Asked, tokens: [..."ababababa"], layers: 1, directions: 1 };
  /** @param {object} change */
  const room = (change) =>
    sayable(runOf({}, { ...seen, ...change }), /** @type {any} */ (words)).join();
  ok(!room({}).includes("verdict.input"), "of a plain network");
  ok(room({}).includes("verdict.means.gone"), "its meaning");
  ok(room({ cellState: [1] }).includes("verdict.input"), "of a cell state");
  ok(room({ layers: 2, layer: 2 }).includes("verdict.input"), "of layers");
});

Deno.test("inputs that do not compare are not compared", () => {
  const log10Asked = [-3, -5, -5, -5, -5, -5, -5, -5, -2];
  const run = runOf({}, { log10Asked, tokens: [..."ababababa"], encoder: 0, cellState: [1] });
  equal(inputShare(run, 1), -1);
  equal(inputShare({ ...run, encoder: 4 }, 1), null); // another matrix reads the last
  equal(inputShare({ ...run, tokens: ["a"] }, 1), null); // only the first is read
  const losses = new Map([[4, 1], [9, 1]]);
  equal(inputShare({ ...run, losses }, 1), null); // one of several losses is drawn
  equal(inputShare({ ...run, losses, loss: "all" }, 1), -1);
  equal(inputShare({ ...run, log10Asked: null }, 1), null); // a replay of before has none
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
