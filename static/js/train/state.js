/**
 * The state of the training page, and the one place where it changes: numbers and names only, no
 * channels. A history grows in place, as a run of the lab does.
 *
 * @typedef {import("../lab/state.js").Problem} Problem
 * @typedef {import("../net/frames.js").Frame<import("../net/frames.js").TrainingHeader>} Frame
 * @typedef {import("../net/connection.js").Way} Way
 * @typedef {import("./training-config.js").Plan} Plan
 * @typedef {import("./history.js").History} History
 * @typedef {import("./guess.js").Guess} Guess
 *
 * @typedef {object} Network
 * @property {string} cell
 * @property {History | null} history
 * @property {Record<string, unknown>} flight  what its run has been told last of `IN_FLIGHT`
 * @property {"idle" | "running" | "paused" | "over"} state
 * @property {"running" | "paused" | null} next  what it is to be, of a run that is asked for
 * @property {Way} way  to the server
 * @property {string} key  by which the server keeps its run
 * @property {number | null} ahead  how many wait for a place before it does, if it waits
 *
 * @typedef {object} State
 * @property {Plan} plan
 * @property {Network[]} networks  one for each cell of the plan
 * @property {Problem | null} problem
 * @property {"lost" | "not_found" | "away" | "unreachable" | null} notice  what became of a run
 * @property {string | null} crowded  the network that made room for the one that was chosen last
 * @property {number} others  texts that were asked for: each is drawn with the next noise
 * @property {Guess} guess  which networks will learn it, of the next start
 * @property {Guess} guessed  the same, of the runs that there are
 * @property {boolean} first  whether the next run is the first that is seen here, and drawn slowly
 * @property {boolean} comes  whether the maps are to come into view, once what was started has begun
 *
 * @typedef {{type: "plan", plan: Plan, crowded?: string | null}
 *   | {type: "guess", guess: Guess}
 *   | {type: "another"}
 *   | {type: "start", single: boolean}
 *   | {type: "pause"}
 *   | {type: "step" | "leave"}
 *   | {type: "find", keys: Record<string, string>, guessed: Guess}
 *   | {type: "frame", cell: string, frame: Frame}
 *   | {type: "way", cell: string, way: Way, unreachable: boolean}} Action
 */
import { problemOf } from "../net/problem.js";
import { extend, started } from "./history.js";
import { guessable, isFatal, live, network, runs, trains } from "./status.js";
import { cellsOf, inFlight } from "./training-config.js";

/**
 * @param {Plan} plan
 * @param {boolean} first
 * @returns {State}
 */
export const initial = (plan, first) => ({
  plan,
  networks: cellsOf(plan).map(network),
  problem: null,
  notice: null,
  crowded: null,
  others: 0,
  guess: null,
  guessed: null,
  first,
  comes: false,
});

/**
 * @param {State} state
 * @param {Action} action
 * @returns {State}
 */
export function reduce(state, action) {
  switch (action.type) {
    case "plan":
      return planned(state, action.plan, action.crowded);
    case "guess":
      return { ...state, guess: action.guess };
    case "another":
      return { ...state, others: state.others + 1 };
    case "start":
      return begun(state, action.single);
    case "pause":
      return training(state, (each) => ({ ...each, state: runs(state) ? "paused" : "running" }));
    case "step":
      return training(state, (each) => ({ ...each, state: "paused" }));
    case "leave":
      return training(state, (each) => ({ ...each, state: "over" }));
    case "find": {
      const { keys, guessed } = action;
      const found = { next: /** @type {const} */ ("running") };
      const networks = state.networks.map((each) => ({ ...each, ...(keys[each.cell] && found) }));
      return { ...state, networks, guessed };
    }
    case "frame":
      return received(state, action.cell, action.frame);
    case "way":
      return moved(state, action.cell, action.way, action.unreachable);
  }
}

/**
 * Another plan. The networks of cells that stay keep their runs; what a run takes up while it trains
 * is told to it.
 * @param {State} state
 * @param {Plan} plan
 * @param {string | null} [crowded]
 * @returns {State}
 */
function planned(state, plan, crowded = null) {
  const { plan: before, problem } = state;
  const task = plan.task !== before.task;
  const cells = plan.cells !== before.cells;
  const mended = task || (problem?.field && plan[problem.field] !== before[problem.field]);
  const told = state.networks.map((each) =>
    each.next || trains(each) ? { ...each, flight: inFlight(plan) } : each
  );
  const networks = cellsOf(plan).map((cell) =>
    told.find((each) => each.cell === cell) ?? network(cell)
  );
  return {
    ...state,
    plan,
    networks: cells ? networks : told,
    problem: mended ? null : problem,
    guess: task ? null : state.guess,
    crowded: crowded ?? (task || cells ? null : state.crowded),
  };
}

/**
 * The last networks stay until the new run begins.
 * @param {State} state
 * @param {boolean} single
 * @returns {State}
 */
function begun(state, single) {
  const { plan, guess } = state;
  const cells = cellsOf(plan);
  const guesses = guessable(state)
    ? { guessed: guess && cells.filter((cell) => guess.includes(cell)), guess: null }
    : {};
  const networks = state.networks.map((each) => ({
    ...each,
    state: trains(each) ? /** @type {const} */ ("over") : each.state,
    flight: inFlight(plan),
    next: /** @type {Network["next"]} */ (single ? "paused" : "running"),
  }));
  return { ...state, ...guesses, networks, problem: null, notice: null, comes: true };
}

/**
 * @param {State} state
 * @param {string} cell
 * @param {Frame} frame
 * @returns {State}
 */
function received(state, cell, frame) {
  const { header } = frame;
  const at = state.networks.find((each) => each.cell === cell);
  if (!at) return state;
  const ahead = header.type === "waiting" ? header.before : null;
  if (header.type === "waiting") return replaced(state, { ...at, ahead });
  if (header.type === "error") return refused(state, { ...at, ahead }, header);
  if (header.type === "begin") {
    const { found } = header;
    const wanted = found ? (header.paused ? "paused" : "running") : at.next ?? "running";
    const history = started(header);
    const next = { ...at, ahead, history, state: wanted, next: null, key: header.key };
    return answered({
      ...replaced(state, next),
      notice: null,
      others: found ? state.others : 0,
    });
  }
  if (!at.history) return replaced(state, { ...at, ahead });
  extend(at.history, frame);
  return replaced(state, { ...at, ahead, state: header.type === "end" ? "over" : at.state });
}

/**
 * @param {State} state
 * @param {Network} at
 * @param {import("../net/frame-types.d.ts").Error} header
 * @returns {State}
 */
function refused(state, at, header) {
  const { code } = header;
  const gone = code === "training_gone";
  /** @type {Partial<State>} */
  const told = gone
    ? { notice: at.history ? "lost" : "not_found" }
    : { problem: problemOf(header) };
  const rests = at.history ? "over" : "idle";
  const busy = code === "busy" && !at.next ? "paused" : at.state;
  const next = /** @type {Network} */ ({
    ...at,
    key: gone && !at.history ? "" : at.key,
    state: isFatal(header) ? rests : busy,
    next: null,
  });
  const after = { ...replaced(state, next), ...told };
  return at.next ? answered(after) : after;
}

/**
 * The way to the server is another. A run that is lost waits there, and is found again.
 * @param {State} state
 * @param {string} cell
 * @param {Way} way
 * @param {boolean} unreachable
 * @returns {State}
 */
function moved(state, cell, way, unreachable) {
  const at = state.networks.find((each) => each.cell === cell);
  if (!at) return state;
  const after = replaced(state, { ...at, way });
  if (way !== "lost") return after;
  if (at.next && unreachable) {
    return answered({ ...replaced(state, { ...at, way, next: null }), notice: "unreachable" });
  }
  return trains(at) ? { ...after, notice: "away" } : after;
}

/**
 * A network's run has begun, or will not: once all are known, those that train are seen.
 * @param {State} state
 * @returns {State}
 */
const answered = (state) => live(state.networks) ? { ...state, first: false, comes: false } : state;

/**
 * @param {State} state
 * @param {Network} next
 * @returns {State}
 */
const replaced = (state, next) => ({
  ...state,
  networks: state.networks.map((each) => each.cell === next.cell ? next : each),
});

/**
 * @param {State} state
 * @param {(network: Network) => Network} change  of those that train
 * @returns {State}
 */
const training = (state, change) => ({
  ...state,
  networks: state.networks.map((each) => trains(each) ? change(each) : each),
});
