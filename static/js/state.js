/**
 * What the page knows, and the one place where it changes.
 *
 * @typedef {import("./run.js").Run} Run
 * @typedef {import("./frames.js").Frame} Frame
 * @typedef {Record<string, string | number>} Experiment
 * @typedef {{field: string, code: string, details: Record<string, unknown>, message: string}} Problem
 * @typedef {import("./charts/charts.js").ChartName} ChartName
 *
 * @typedef {object} State
 * @property {Experiment} experiment  what the controls say
 * @property {Run | null} run  the last good picture
 * @property {Run | null} coming  a run that has begun and is not shown yet
 * @property {number} grown  counts the frames that a run on the stage has grown by
 * @property {Problem | null} problem
 * @property {number | null} fallback  the run asked for when the first request was wrong
 * @property {boolean} connected
 * @property {number} position  of the playhead
 * @property {boolean} playing
 * @property {number} speed
 * @property {number | null} chosen  a timestep that was clicked, or null to follow the playhead
 * @property {ChartName} chart
 *
 * @typedef {{type: "edit", field: string, value: string | number}
 *   | {type: "open", experiment: Experiment}
 *   | {type: "frame", frame: Frame}
 *   | {type: "fallback", id: number}
 *   | {type: "show coming"}
 *   | {type: "connected", is: boolean}
 *   | {type: "seek", position: number}
 *   | {type: "play", is: boolean}
 *   | {type: "tick", position: number}
 *   | {type: "speed", value: number}
 *   | {type: "choose", t: number | null}
 *   | {type: "chart", name: ChartName}} Action
 */
import { endPosition } from "./player.js";
import { extend, started } from "./run.js";

/**
 * @param {Experiment} experiment
 * @returns {State}
 */
export const initial = (experiment) => ({
  experiment,
  run: null,
  coming: null,
  grown: 0,
  problem: null,
  fallback: null,
  connected: true,
  position: 0,
  playing: false,
  speed: 1,
  chosen: null,
  chart: "gradient_norm",
});

/**
 * @param {State} state
 * @param {Action} action
 * @returns {State}
 */
export function reduce(state, action) {
  switch (action.type) {
    case "edit":
      return { ...state, experiment: { ...state.experiment, [action.field]: action.value } };
    case "open":
      return { ...state, experiment: action.experiment };
    case "frame":
      return received(state, action.frame);
    case "fallback":
      return { ...state, fallback: action.id };
    case "show coming":
      return state.coming ? shown(state, state.coming) : state;
    case "connected":
      return { ...state, connected: action.is, coming: null };
    case "seek":
      return { ...state, position: clamp(Math.floor(action.position), state.run), chosen: null };
    case "play": {
      const atEnd = state.run && state.position >= endPosition(state.run.T);
      const position = action.is && atEnd ? 0 : Math.floor(state.position);
      return { ...state, playing: action.is, position, chosen: null };
    }
    case "tick": {
      const playing = state.run !== null && action.position < endPosition(state.run.T);
      return { ...state, position: action.position, playing };
    }
    case "speed":
      return { ...state, speed: action.value };
    case "choose":
      return { ...state, chosen: action.t };
    case "chart":
      return { ...state, chart: action.name };
  }
}

/** What is still coming is not in the picture. */
const UNSEEN = new Set(["coming", "fallback"]);

/**
 * Whether two states make the same picture.
 * @param {State} a
 * @param {State} b
 */
export function samePicture(a, b) {
  const names = /** @type {(keyof State)[]} */ (Object.keys(a));
  return names.every((name) => UNSEEN.has(name) || a[name] === b[name]);
}

/**
 * @param {State} state
 * @param {Frame} frame
 * @returns {State}
 */
function received(state, frame) {
  const { header } = frame;
  if (header.type === "error") {
    const { field, code, details, message } = header;
    return { ...state, coming: null, problem: { field, code, details, message } };
  }
  if (header.type === "begin") {
    const problem = header.id === state.fallback ? state.problem : null;
    return { ...state, coming: started(header), problem };
  }
  const run = state.coming ?? state.run;
  if (!run || run.id !== header.id) return state;
  extend(run, frame);
  if (header.type === "end") return shown(state, run);
  return run === state.run ? { ...state, grown: state.grown + 1 } : state;
}

/**
 * The coming run takes the stage. A playhead at the end stays at the end, whatever the length.
 * @param {State} state
 * @param {Run} run
 * @returns {State}
 */
function shown(state, run) {
  const wasAtEnd = !state.run || state.position >= endPosition(state.run.T);
  const position = wasAtEnd ? endPosition(run.T) : clamp(state.position, run);
  const chosen = state.chosen && state.chosen <= run.T ? state.chosen : null;
  return { ...state, run, coming: null, position, chosen };
}

/**
 * @param {number} position
 * @param {Run | null} run
 */
const clamp = (position, run) => Math.max(0, Math.min(position, run ? endPosition(run.T) : 0));
