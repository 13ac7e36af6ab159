import { shortName } from "../../../static/js/weights/names.js";
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
