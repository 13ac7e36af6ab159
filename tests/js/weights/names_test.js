import { isVector, matrixName, shortName } from "../../../static/js/weights/names.js";
import { equal } from "../assert.js";

const t = /** @type {any} */ (
  (/** @type {string} */ key, /** @type {Record<string, unknown>} */ blanks = {}) =>
    key === "hand.read" ? `“${blanks.token}”` : key
);
const matrix = (
  /** @type {string} */ leads,
  /** @type {string[]} */ columns,
) => /** @type {any} */ ({ letter: "W", leads, columns, rows: ["1", "2"] });

Deno.test("a digit that is read is not taken for the number of a unit", () => {
  equal(shortName(matrix("xh", ["1", "0"]), "columns", 0, t), "“1”");
  equal(shortName(matrix("hh", ["1", "2"]), "columns", 0, t), "1");
  equal(shortName(matrix("xh", ["a", "b"]), "columns", 0, t), "a");
});

Deno.test("a weight of attention is named as in the equations", () => {
  equal(matrixName({ ...matrix("qv", ["1", "2"]), part: null }, t), "W<sub>qv</sub>");
  const v = { ...matrix("a", [""]), letter: "v", part: null, names: [["v_a_1"], ["v_a_2"]] };
  equal([matrixName(v, t), isVector(v)], ["v<sub>a</sub>", true]);
  equal(isVector({ ...matrix("a", ["1", "2"]), letter: "U" }), false);
});
