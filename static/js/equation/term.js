/**
 * A symbol of an equation above the array that it stands for, or an operator.
 *
 * @typedef {import("../run/run.js").Run} Run
 * @typedef {import("../stage/highlight.js").Lit} Lit
 * @typedef {import("../text/format.js").Translate} Translate
 * @typedef {import("./request.js").Answer} Answer
 * @typedef {import("../canvas/palette.js").Palette} Palette
 *
 * @typedef {{math: string, label?: string, array?: string, transposed?: boolean, lit?: Lit | null}} Term
 * @typedef {{path: "carry" | "recurrent" | null, terms: Term[]}} Line
 * @typedef {{kind: "weights" | "state" | "slope" | "gradient", values: any[], rows?: number[]}} Values
 *
 * @typedef {{math: string, words: string}} Reading  a number that is pointed at
 *
 * @typedef {object} Context
 * @property {Run} run
 * @property {Answer} answer
 * @property {boolean} crowded  whether its line has several matrices
 * @property {Palette} palette
 * @property {Translate} t
 * @property {(lit: Lit | null) => void} light  what is pointed at
 * @property {(reading: Reading | null, heatmap: HTMLElement) => void} read
 */
import { tone } from "../canvas/color-scale.js";
import { log10Sent } from "../run/run.js";
import { signed } from "../text/format.js";
import { createHeatmap } from "./heatmap.js";

const FAINTEST = 0.07;
const LARGEST_CELL = 14;
const SMALLEST_CELL = 2;
const NARROWEST_VECTOR = 12;
/** Of so few units every number is written out. */
const MOST_WRITTEN = 3;
const WRITTEN = { width: 3.75, height: 1.625 }; // of the page's letters
const MATRIX = { plain: 128, small: 64 };

/**
 * @param {Term} term
 * @param {Context} context
 */
export function createTerm(term, context) {
  const element = document.createElement("div");
  element.className = term.array ? "term" : "operator";
  element.append(formula(term.math));
  if (!term.array) return element;
  element.dataset.array = term.array;
  const lit = term.lit ?? null;
  if (lit) {
    element.classList.add("linked");
    element.addEventListener("pointerenter", () => context.light(lit));
    element.addEventListener("pointerleave", () => context.light(null));
    element.addEventListener("focusin", () => context.light(lit));
    element.addEventListener("focusout", () => context.light(null));
  }
  element.append(heatmap(term, term.array, context));
  return element;
}

/**
 * A formula in a line of its own, as deep as its neighbours': browsers do not agree where the
 * baseline of a `math` is that is itself an item of a grid.
 * @param {string} math
 */
export function formula(math) {
  const line = document.createElement("span");
  line.className = "formula";
  line.innerHTML = math;
  return line;
}

/**
 * @param {Term} term
 * @param {string} array
 * @param {Context} context
 */
function heatmap({ math, label, transposed }, array, { run, answer, crowded, palette, t, read }) {
  const { kind, values, rows: timesteps } = answer.arrays[array];
  const matrix = Array.isArray(values[0]);
  const [rows, columns] = [values.length, matrix ? values[0].length : 1];
  const exponent = kind === "gradient" ? answer.backward?.power ?? 0 : 0;
  /** @param {number} i @param {number} j */
  const at = (i, j) => matrix ? (transposed ? values[j][i] : values[i][j]) : values[i];
  /** @param {number} i @param {number} j */
  const words = (i, j) => {
    const [row, column] = [(timesteps ?? answer.units)[i], answer.units[j]];
    const value = signed(at(i, j) ?? 0, exponent);
    return t(matrix ? "step.matrix" : "step.vector", { row, column, value });
  };
  const small = crowded || run.gates.length > 0;
  const written = answer.hidden_size <= MOST_WRITTEN && rows <= MOST_WRITTEN && !small;
  const look = {
    ...sizeOf(Math.max(rows, columns), matrix, small, written),
    paint: painter(kind, values.flat(), answer, log10Sent(run), palette),
    write: written ? (/** @type {number} */ value) => signed(value, exponent) : null,
    ink: palette.ink,
  };
  const name = t("step.heatmap", { name: label, rows, columns });
  const node = createHeatmap({ rows, columns, at }, look, name, words, (said) => {
    read(said === null ? null : { math, words: said }, node);
  });
  return node;
}

/**
 * The size of a cell.
 * @param {number} most  cells in a row or in a column
 * @param {boolean} matrix
 * @param {boolean} small  whether several matrices stand side by side
 * @param {boolean} written  whether numbers stand in the cells
 */
function sizeOf(most, matrix, small, written) {
  if (written) {
    const em = parseFloat(getComputedStyle(document.documentElement).fontSize);
    return { width: em * WRITTEN.width, height: em * WRITTEN.height };
  }
  const room = small ? MATRIX.small : MATRIX.plain;
  const side = Math.max(SMALLEST_CELL, Math.min(Math.floor(room / most), LARGEST_CELL));
  return { width: matrix ? side : Math.max(side, NARROWEST_VECTOR), height: side };
}

/**
 * The colour of a number. Gradients share a scale, so that one can be seen to shrink.
 * @param {Values["kind"]} kind
 * @param {number[]} values
 * @param {Answer} answer
 * @param {number} sent  log10 of the norm that shares are of
 * @param {Palette} palette
 * @returns {import("./heatmap.js").Look["paint"]}
 */
function painter(kind, values, answer, sent, palette) {
  if (kind === "slope") {
    const colour = palette.gradient.css(0);
    return (value) => ({ colour, alpha: faint(value) });
  }
  if (kind === "gradient") {
    const power = answer.backward?.power ?? 0;
    const gradients = Object.values(answer.arrays).filter((each) => each.kind === "gradient");
    const most = largest(gradients.flatMap((each) => each.values));
    return (value) => ({
      colour: palette.gradient.css(tone(Math.log10(Math.abs(value)) + power - sent)),
      alpha: faint(Math.sqrt(Math.abs(value) / most)),
    });
  }
  const scale = kind === "weights" ? largest(values) : 1;
  return (value) => ({ colour: palette.state.css(value / scale), alpha: 1 });
}

/** @param {number} share */
const faint = (share) => FAINTEST + (1 - FAINTEST) * Math.min(share, 1);

/** @param {number[]} values */
const largest = (values) => values.reduce((most, v) => Math.max(most, Math.abs(v)), 0) || 1;
