import { reading } from "../../../static/js/equation/step-factors.js";
import { translator } from "../../../static/js/text/format.js";
import { equal } from "../assert.js";

const t = translator(
  JSON.parse(Deno.readTextFileSync(new URL("../../../app/i18n/en.json", import.meta.url))),
);

/**
 * @param {[number, number, number] | []} factors  weights, saturation, alignment
 * @param {object} [run]
 * @param {Record<string, number>} [shares]
 */
function says(factors, run = {}, shares = {}) {
  const [weights, saturation, alignment] = factors.map(Math.log10);
  /** @type {Record<string, number>} */
  const log10_factors = factors.length ? { weights, saturation, alignment } : {};
  const log10_ratio = factors.length ? weights + saturation + alignment : 0;
  const known = { loss: 9, log10_ratio, log10_cell_ratio: null, log10_factors, shares };
  return reading(known, { prev: 4, activation: "tanh", recurrent: true, ...run }, t);
}

Deno.test("the factor that shrinks the gradient most is the one that is named", () => {
  equal(says([1, 0.5, 0.9]), "tanh is saturated: it lets 50% of the gradient through.");
  equal(says([0.5, 0.9, 1]), "The recurrent weights are small: they leave 50% of the gradient.");
  equal(says([1, 0.95, 0.3]).includes("points where the weights stretch less"), true);
});

Deno.test("the factor that makes it grow most is the one that is named", () => {
  equal(says([3, 0.6, 1]).startsWith("The recurrent weights are large"), true);
  equal(says([1.1, 0.9, 2]).includes("stretch more: 2.00 times"), true);
});

Deno.test("an activation is not called saturated when it is not", () => {
  equal(says([1, 0.95, 1]).startsWith("tanh is bent here"), true);
  const sigmoid = { activation: "sigmoid" };
  equal(says([1, 0.24, 1], sigmoid).includes("at most a quarter"), true);
  equal(says([1, 0.1, 1], sigmoid).startsWith("sigmoid is saturated"), true);
});

Deno.test("a step that changes nothing, and one that ends the gradient, have sentences", () => {
  equal(says([1, 0.99, 1.01]), "This step leaves the gradient about as long as it was.");
  equal(
    reading(
      { loss: 9, log10_ratio: null, log10_cell_ratio: null, log10_factors: {}, shares: {} },
      { prev: 4, activation: "relu", recurrent: true },
      t,
    ),
    "Nothing of the gradient gets past this step.",
  );
  const carried = { carry: 1, recurrent: 0 };
  const alone = { loss: 9, log10_ratio: null, log10_cell_ratio: -0.1, log10_factors: {} };
  const lstm = { prev: 4, activation: "tanh", recurrent: true };
  equal(
    reading({ ...alone, shares: carried }, lstm, t).includes("takes the carry path"),
    true,
  );
  equal(says([1, 1, 1], { recurrent: false }).includes("nothing goes back to t = 4"), true);
});

Deno.test("of two paths, the one that carries more is named with its share", () => {
  equal(says([], {}, { carry: 0.61, recurrent: 0.39 }).includes("61%, takes"), true);
  equal(says([], {}, { carry: 0.2, recurrent: 0.8 }).includes("80%, goes through"), true);
});
