/**
 * The names of a weight and of its matrix in words.
 *
 * @typedef {import("./engine.js").Matrix} Matrix
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { told } from "../text/sentence.js";

/**
 * The name of a matrix, with marks: W<sub>hh</sub>.
 * @param {Matrix} matrix
 * @param {Translate} t
 */
export function matrixName({ letter, leads, part, names }, t) {
  const own = letter === "b" ? names[0]?.[0]?.split("_")[1] : null;
  const name = `${letter}<sub>${own ?? leads}</sub>`;
  return part ? ofPart(part, name, t) : name;
}

/**
 * @param {string} part
 * @param {string} matrix
 * @param {Translate} t
 */
export const ofPart = (part, matrix, t) =>
  part === "encoder" ? t("hand.encoder", { matrix }) : t("hand.decoder", { matrix });

/**
 * The meaning of a row or a column: a unit, or a word that is read or said.
 * @param {Matrix} matrix
 * @param {"rows" | "columns"} side
 * @param {number} k
 * @param {Translate} t
 */
function lineName(matrix, side, k, t) {
  const name = matrix[side][k];
  return isWord(matrix, side) ? told(name) : t("hand.unit", { n: name });
}

/**
 * The same where there is little room: the number of a unit, or the word; one that could be taken for
 * a number of a unit is quoted.
 * @param {Matrix} matrix
 * @param {"rows" | "columns"} side
 * @param {number} k
 * @param {Translate} t
 */
export function shortName(matrix, side, k, t) {
  const name = matrix[side][k];
  if (!isWord(matrix, side)) return name;
  return matrix[side].some((each) => /^\d+$/.test(each))
    ? t("hand.read", { token: told(name) })
    : told(name);
}

/**
 * Whether the rows or the columns of a matrix are words.
 * @param {Matrix} matrix
 * @param {"rows" | "columns"} side
 */
export const isWord = ({ letter, leads }, side) =>
  side === "rows" ? leads.endsWith("y") : letter === "W" && leads.startsWith("x");

/** Whether it is a vector: its letter is small. @param {Matrix} matrix */
export const isVector = ({ letter }) => letter === letter.toLowerCase();

/**
 * The name of a weight, with marks.
 * @param {Matrix} matrix
 * @param {number} row
 * @param {number} column
 * @param {Translate} t
 */
export function weightName(matrix, row, column, t) {
  const name = matrixName(matrix, t);
  const to = lineName(matrix, "rows", row, t);
  if (isVector(matrix)) return t("hand.bias", { matrix: name, to });
  return t("hand.weight", { matrix: name, to, from: lineName(matrix, "columns", column, t) });
}

/**
 * The place of a weight in the matrices.
 * @param {Matrix[]} matrices
 * @param {string} name
 * @returns {{matrix: Matrix, row: number, column: number} | null}
 */
export function placeOf(matrices, name) {
  for (const matrix of matrices) {
    for (const [row, names] of matrix.names.entries()) {
      const column = names.indexOf(name);
      if (column >= 0) return { matrix, row, column };
    }
  }
  return null;
}
