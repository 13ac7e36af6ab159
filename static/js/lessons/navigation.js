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
 * @property {Training | null} [training]  of the network that the step is about
 * @property {Experiment | null} after  what changes once the question is answered
 * @property {Experiment[]} pins
 * @property {string} title  HTML, as all words are
 * @property {string} text
 * @property {string} then  what is told once the question is answered
 * @property {string} try
 * @property {string} notes
 * @property {Record<string, {quantity?: string}>} claims  what its words say of the run on the stage, by name
 * @property {import("./grading.js").Question | null} question
 *
 * @typedef {{fields: {steps: number, batch_size: number}, keeps: Experiment}} Training
 *   `keeps`: what the step has the network read
 * @typedef {{slug: string, title: string, sources: string[], steps: Step[]}} Lesson
 */
import { experimentFrom, searchFor } from "../experiment/address.js";
import { fromJSON } from "../lab/view-state.js";

const STEP = "step";
/** Quantities of one step of learning, which the lab shows on the card of the weights. */
const LEARNING = ["weight_part", "updated_weight"];
/** The address of that card. */
export const BY_HAND = "#by-hand";

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
 * The experiment and the pinned runs of a step at an address. What the class is to predict is not
 * there before it has; afterwards it is, beside what was there before.
 * @param {Step} step
 * @param {string} search
 * @param {boolean} waits
 * @returns {{experiment: Experiment, pins: Experiment[], before: Experiment | null}} `before`: the
 *   one that was there
 */
export function runsIn(step, search, waits) {
  const { experiment, after, pins } = step;
  if (!after) return { experiment: experimentOf(step, search), pins, before: null };
  if (waits) return { experiment, pins, before: null };
  const told = { ...step, experiment: { ...experiment, ...after } };
  return {
    experiment: experimentOf(told, search),
    pins: [experiment, ...pins],
    before: experiment,
  };
}

/**
 * The view of the lab in a step; nothing plays by itself. Before the class has predicted it stands at
 * the start or where the question is put, at the loss where the way back from it is tapped, or as
 * it is before the change that is asked about. A question for a number shows the equations of its
 * timestep.
 * @param {Step} step
 * @param {boolean} waits
 * @returns {import("../lab/view-state.js").ViewState}
 */
export function viewIn({ view, question, after }, waits) {
  const shown = { ...fromJSON(view), play: false };
  if (!waits || after) return shown;
  const tapped = Object.keys(question?.taps ?? {}).length > 0 && shown.backward;
  return {
    ...shown,
    place: tapped ? "loss" : question?.start || "start",
    chosen: question?.answer ? shown.chosen : null,
  };
}

/**
 * The card that is open in the lab which a step leads to, as the hash of its address.
 * @param {Pick<Step, "view" | "claims">} step
 */
export function cardOf({ view, claims }) {
  const learns = Object.values(claims).some(({ quantity = "" }) => LEARNING.includes(quantity));
  return learns || view.show.includes("by_hand") ? BY_HAND : "";
}
