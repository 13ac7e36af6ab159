/**
 * The engine's facts about its cells: the server puts them into the page, and no module knows a cell by
 * its name.
 *
 * @typedef {import("../lab/state.js").Experiment} Experiment
 *
 * @typedef {object} CellFacts
 * @property {string[]} fields  those that make a difference, of the fields that not every cell has
 * @property {string | null} [activation]  that it always has, if it is no choice
 * @property {boolean} [normalized]  whether something else scales what the recurrent weights give
 * @property {string | null} bias  the field that keeps the more of the last state the larger it is
 *
 * @typedef {{cells: Record<string, CellFacts>, compared: string[]}} Cells  `compared`: the cells that
 *   are compared at one click
 */

/** @type {Cells} */
let known = { cells: {}, compared: [] };

/**
 * Read the facts about the cells from the page, before they are used.
 * @param {Cells} cells
 */
export function learnCells(cells) {
  known = cells;
}

export const compared = () => known.compared;

/**
 * The field that opens a cell's gates, if it has one.
 * @param {string | number} cell
 */
export const biasOf = (cell) => known.cells[cell]?.bias ?? null;

/**
 * The activation of the cells of an experiment.
 * @param {Experiment} experiment
 */
export const activationOf = ({ cell, activation }) =>
  String(known.cells[cell]?.activation ?? activation);

/**
 * Whether a normalization scales what the recurrent weights give.
 * @param {Experiment} experiment
 */
export const isNormalized = ({ cell }) => Boolean(known.cells[cell]?.normalized);

/**
 * The biases that a form shows: those of its cells' gates, or one if no cell has gates.
 * @param {string[]} names  of the cells
 * @returns {{shown: string[], hidden: string[]}}
 */
export function biasesOf(names) {
  const all = [...new Set(Object.keys(known.cells).flatMap((cell) => biasOf(cell) ?? []))];
  const own = all.filter((bias) => names.some((cell) => biasOf(cell) === bias));
  const shown = own.length ? own : all.slice(0, 1);
  return { shown, hidden: all.filter((bias) => !shown.includes(bias)) };
}

/** Fields of which an encoder-decoder has one value. */
const STACKED = ["layers", "directions"];

/**
 * Whether a field makes a difference to an experiment, or to one of several cells with commas between
 * them. Chrono initialization sets the biases of gates; an encoder-decoder has one layer.
 * @param {string} field
 * @param {Experiment} experiment
 */
export function applies(field, { cell, chrono, architecture }) {
  if (architecture === "encoder-decoder" && STACKED.includes(field)) return false;
  const names = String(cell).split(",");
  const everywhere = !Object.values(known.cells).some(({ fields }) => fields.includes(field));
  if (everywhere || !names.every((name) => name in known.cells)) return true;
  return names.map((name) => known.cells[name]).some(({ fields, bias }) =>
    fields.includes(field) && !(chrono && field === bias)
  );
}

/**
 * Whether there is a recurrent encoder that an output may look at; a trained network looks as it did.
 * @param {Experiment} experiment
 */
export const canAttend = (experiment) =>
  experiment.architecture === "encoder-decoder" && !experiment.checkpoint &&
  applies("attention", experiment);

/**
 * An experiment as the engine takes it: what its cell does not have is as good as not chosen.
 * @param {Experiment} experiment
 * @returns {Experiment}
 */
export const asked = (experiment) => ({
  ...experiment,
  ...(!applies("activation", experiment) && { activation: "tanh" }),
  ...(experiment.chrono && !applies("chrono", experiment) && { chrono: 0 }),
  ...(experiment.attention && !applies("attention", experiment) && { attention: "none" }),
});
