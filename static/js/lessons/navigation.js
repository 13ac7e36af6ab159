/**
 * Where in a lesson one is: pure functions of its steps and an address.
 *
 * @typedef {import("../lab/state.js").Experiment} Experiment
 *
 * @typedef {object} Step
 * @property {string} id
 * @property {number} seconds  for the presenter's clock
 * @property {Experiment} experiment
 * @property {import("../lab/view-state.js").ViewJSON & {show: string[]}} view
 * @property {Experiment[]} pins
 * @property {string} title  HTML, as all words are
 * @property {string} text
 * @property {string} try
 * @property {string} notes
 * @property {import("./grading.js").Question | null} question
 *
 * @typedef {{slug: string, title: string, sources: string[], steps: Step[]}} Lesson
 */
import { experimentFrom, searchFor } from "../experiment/address.js";
import { fromJSON } from "../lab/view-state.js";

const STEP = "step";

/**
 * The step that an address names, in its query or after its hash; the first if it names none.
 * @param {Step[]} steps
 * @param {{search: string, hash: string}} address
 */
export function indexIn(steps, { search, hash }) {
  const name = new URLSearchParams(search).get(STEP) ?? hash.slice(1);
  return Math.max(0, steps.findIndex(({ id }) => id === name));
}

/**
 * The experiment of an address: the step's, with what the address changes.
 * @param {Step} step
 * @param {string} search
 */
export const experimentOf = (step, search) => experimentFrom(search, step.experiment);

/**
 * The query of a step, with what differs from its experiment.
 * @param {Step} step
 * @param {Experiment} experiment
 * @param {string} before  the query as it was
 */
export function searchOf(step, experiment, before) {
  const search = new URLSearchParams(searchFor(experiment, step.experiment, [], before));
  search.set(STEP, step.id);
  return `?${search}`;
}

/**
 * How the lab stands in a step; before the class has predicted, at the start. A question for a number
 * shows the equations of its timestep.
 * @param {Step} step
 * @param {boolean} waits
 * @returns {import("../lab/view-state.js").ViewState}
 */
export function viewIn({ view, question }, waits) {
  const shown = fromJSON(view);
  if (!waits) return shown;
  return { ...shown, place: "start", play: false, chosen: question?.answer ? shown.chosen : null };
}
