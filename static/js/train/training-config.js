/**
 * The plan of a training: the fields of a training, the cells that are trained side by side, and
 * how what they have learnt is to be written.
 *
 * @typedef {Record<string, string | number>} Plan  `cells` are names with commas between them;
 *   `start` and `temperature` are for writing
 *
 * @typedef {object} Offer
 * @property {Plan} defaults  of the task that the page begins with
 * @property {string[]} cells  that there are
 * @property {Record<string, TaskFacts>} tasks  and what each of them wants of a plan
 *
 * @typedef {{plan: Plan, architecture: string}} TaskFacts  of no architecture where the user's lines
 *   have one
 */
import { experimentFrom, searchFor } from "../experiment/address.js";
import { asked, canAttend } from "../experiment/cells.js";

const MOST_NETWORKS = 3;
/** Fields that can change while a run trains. */
export const IN_FLIGHT = new Set(["learning_rate", "clip_norm", "clip_value"]);
/** Characters of a text that an address carries. */
export const LONGEST_IN_ADDRESS = 2000;

/**
 * The part of a plan that an address cannot carry, or nothing.
 * @param {Plan} plan
 */
export const tooLong = ({ examples }) =>
  String(examples).length > LONGEST_IN_ADDRESS ? { examples } : null;

/** @param {Plan} plan */
export const cellsOf = (plan) => String(plan.cells).split(",").filter(Boolean);

/**
 * The plan of a task as long as nothing is chosen; it is still the first task's by name.
 * @param {string | number} task
 * @param {Offer} offer
 * @returns {Plan}
 */
const suited = (task, { defaults, tasks }) => ({ ...defaults, ...tasks[task]?.plan });

/**
 * @param {string} search
 * @param {Offer} offer
 * @returns {Plan}
 */
export function planFrom(search, offer) {
  const { task } = experimentFrom(search, offer.defaults);
  const plan = experimentFrom(search, suited(task, offer));
  const known = [...new Set(cellsOf(plan))].filter((cell) => offer.cells.includes(cell));
  return { ...plan, cells: known.slice(0, MOST_NETWORKS).join(",") || offer.defaults.cells };
}

/**
 * The address: what differs from the plan of the task, but for a text too long for one.
 * @param {Plan} plan
 * @param {Offer} offer
 * @param {string} before
 */
export function searchOf(plan, offer, before) {
  const shown = tooLong(plan) ? { ...plan, examples: "" } : plan;
  return searchFor(shown, suited(plan.task, offer), [], before);
}

/**
 * A cell more or less; at least one stays, and the one that was chosen first makes room.
 * @param {Plan} plan
 * @param {string} cell
 * @param {boolean} chosen
 * @param {string[]} order  in which they stand side by side
 */
export function withCell(plan, cell, chosen, order) {
  const others = cellsOf(plan).filter((each) => each !== cell);
  const cells = chosen ? [...others.slice(-MOST_NETWORKS + 1), cell] : others;
  if (!cells.length) return plan;
  return { ...plan, cells: order.filter((each) => cells.includes(each)).join(",") };
}

/**
 * The cells that are no longer in a plan.
 * @param {Plan} before
 * @param {Plan} after
 */
export const gone = (before, after) =>
  cellsOf(before).filter((cell) => !cellsOf(after).includes(cell));

/**
 * Another task has a length and a text of its own, and its own wants of a plan; attention stays where
 * there is an encoder again.
 * @param {Plan} plan
 * @param {string} task
 * @param {Offer} offer
 */
export const withTask = (plan, task, { tasks }) => ({
  ...plan,
  ...tasks[task]?.plan,
  ...(plan.attention && !attends(plan, tasks[task]?.architecture) && { attention: "none" }),
  task,
  length: 0,
  examples: "",
  start: "",
});

/**
 * Whether a plan's networks may have attention, or have it where they cannot, and are refused.
 * @param {Plan} plan
 * @param {TaskFacts | undefined} task  undefined for one there is not
 */
export const offersAttention = (plan, task) =>
  plan.attention !== "none" ||
  attends(plan, task?.architecture === "" ? "encoder-decoder" : task?.architecture);

/**
 * @param {Plan} plan
 * @param {string | undefined} architecture
 */
const attends = ({ cells }, architecture = "") => canAttend({ cell: cells, architecture });

/**
 * The training of one of the cells, as the engine takes it.
 * @param {Plan} plan
 * @param {string} cell
 */
export function trainingOf(plan, cell) {
  const { cells: _cells, start: _start, temperature: _temperature, ...fields } = plan;
  return asked({ ...fields, cell });
}

/**
 * The differences of two plans that a run takes up while it trains.
 * @param {Plan} before
 * @param {Plan} after
 */
export const changes = (before, after) =>
  Object.fromEntries(
    [...IN_FLIGHT].filter((field) => after[field] !== before[field])
      .map((field) => [field, after[field]]),
  );

/**
 * Fields that can change while a run trains.
 * @param {Plan} from
 */
export const inFlight = (from) =>
  Object.fromEntries([...IN_FLIGHT].map((field) => [field, from[field]]));
