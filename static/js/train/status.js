/**
 * Facts that follow from the state of the training page.
 *
 * @typedef {import("./state.js").State} State
 * @typedef {import("./state.js").Network} Network
 */
import { trainingOf } from "./training-config.js";

/** Errors after which there is nothing more to come of a run. */
const FATAL = new Set(["training_gone", "internal", "training_elsewhere"]);

/**
 * A network that has not been trained.
 * @param {string} cell
 * @returns {Network}
 */
export const network = (cell) => ({
  cell,
  history: null,
  flight: {},
  state: "idle",
  next: null,
  way: "opening",
  key: "",
  ahead: null,
});

/**
 * Whether a network trains, or waits.
 * @param {Network} network
 */
export const trains = ({ state }) => state === "running" || state === "paused";

/**
 * Whether a network's run waits on a server that cannot be reached.
 * @param {Network} network
 */
export const away = (network) => network.way === "lost" && trains(network);

/**
 * Whether a requested run has not begun.
 * @param {Network[]} networks
 */
export const asked = (networks) => networks.some(({ next }) => next);

/**
 * Whether there are runs to pause and to step, and none that has yet to begin.
 * @param {Network[]} networks
 */
export const live = (networks) => !asked(networks) && networks.some(trains);

/** Whether a run goes on. @param {State} state */
export const runs = ({ networks }) => networks.some(({ state }) => state === "running");

/**
 * The networks, with what is shown of them: a run of another task than the one that is chosen waits
 * until that is chosen again.
 * @param {State} state
 * @returns {Network[]}
 */
export const seen = ({ networks, plan }) =>
  networks.map((each) => ({
    ...each,
    history: each.history?.training.task === plan.task ? each.history : null,
  }));

/**
 * Whether the settings differ from those of the networks shown.
 * @param {State} state
 */
export function differs(state) {
  const trained = seen(state).find(({ history }) => history);
  if (!trained) return false;
  const { cell, history, flight } = trained;
  const planned = /** @type {Record<string, any>} */ (trainingOf(state.plan, cell));
  const known = { ...history?.training, ...flight };
  return Object.keys(planned).some((field) => planned[field] !== known[field]);
}

/**
 * Whether what would be started now has not been, and a guess at it makes sense.
 * @param {State} state
 */
export function guessable(state) {
  if (asked(state.networks) || live(state.networks)) return false;
  return !seen(state).some(({ history }) => history) || differs(state);
}

/**
 * Whether nothing more is to come of a run whose error this is.
 * @param {import("../net/frames.js").TrainingHeader} header
 */
export const isFatal = (header) => header.type === "error" && FATAL.has(header.code);
