/**
 * The state of the lab, and the one place where it changes.
 *
 * @typedef {import("../run/run.js").Run} Run
 * @typedef {import("../net/frames.js").Frame<import("../net/frames.js").RunHeader>} Frame
 * @typedef {import("./pins.js").Pin} Pin
 * @typedef {import("../stage/caption.js").Why} Why
 * @typedef {Record<string, string | number>} Experiment
 * @typedef {import("../net/problem.js").Problem} Problem
 * @typedef {import("../charts/chart-cards.js").ChartName} ChartName
 * @typedef {import("../stage/highlight.js").Lit} Lit
 *
 * @typedef {object} State
 * @property {Experiment} experiment  what the controls say
 * @property {import("../experiment/target-memory.js").Targets} targets  that were typed before
 * @property {Run | null} run  the last good picture
 * @property {Run | null} coming  a run that has begun and is not shown yet
 * @property {number} grown  counts the frames that a run on the stage has grown by
 * @property {Problem | null} problem
 * @property {Problem | null} pinProblem  of a pinned run that was left out
 * @property {number | null} fallback  the run asked for when the first request was wrong
 * @property {import("../net/connection.js").Way} way  to the server
 * @property {number} position  of the playhead
 * @property {boolean} playing
 * @property {number} speed
 * @property {number | null} chosen  a timestep that was clicked, or null to follow the playhead
 * @property {number | null} lens  the timestep in the middle of the lens, if it was dragged there
 * @property {boolean} folded  whether the chain is shown as the one cell it is
 * @property {boolean} attention  whether the arrows are drawn that attention would add
 * @property {boolean} output  whether the answer is shown: what the network says, target and loss
 * @property {boolean} backward  whether the way back is shown
 * @property {import("../canvas/color-scale.js").View} bars  how high they are for a share
 * @property {Pin[]} pins  runs to compare with
 * @property {boolean} named  whether the lines across the bars have their names beside them
 * @property {readonly number[]} sketch  a line that a class has drawn over the bars
 * @property {Why | null} why  what changes the gradient of the run on the stage
 * @property {ChartName} chart
 * @property {Lit | null} lit  what is pointed at, in the equation or on the stage
 * @property {Lit | null} guide  what is pointed at while nothing is here: by the teacher of a room
 * @property {number} oldest  runs that were asked for before this one are no longer wanted
 * @property {Scene | null} scene  how the run that is coming will stand, if that was said
 *
 * @typedef {import("./view-state.js").ViewState & {id: number}} Scene  `id` of the first run that it is
 *   for
 *
 * @typedef {{type: "edit", field: string, value: string | number}
 *   | {type: "open", experiment: Experiment}
 *   | {type: "stand", scene: Scene}
 *   | {type: "put", parts: Partial<State>}
 *   | {type: "pin", pins: Pin[]}
 *   | {type: "pinned", experiment: Experiment, run: Run}
 *   | {type: "pin failed", experiment: Experiment, problem: Problem}
 *   | {type: "frame", frame: Frame}
 *   | {type: "fallback", id: number}
 *   | {type: "show coming"}
 *   | {type: "way", way: import("../net/connection.js").Way}
 *   | {type: "seek", position: number}
 *   | {type: "play", is: boolean}
 *   | {type: "tick", position: number}
 *   | {type: "speed", value: number}
 *   | {type: "choose", t: number | null}
 *   | {type: "look", t: number}
 *   | {type: "why", run: Run, why: Why}
 *   | {type: "fold"}
 *   | {type: "bars", view: import("../canvas/color-scale.js").View}
 *   | {type: "chart", name: ChartName}
 *   | {type: "light", lit: Lit | null}} Action
 */
import { edited } from "../experiment/edited.js";
import { kept, withOwnTarget } from "../experiment/target-memory.js";
import { endPosition } from "../playback/playhead.js";
import { same } from "../stage/highlight.js";
import { received, shown } from "./arrival.js";
import { isOf } from "./pins.js";

/**
 * @param {Experiment} experiment
 * @returns {State}
 */
export const initial = (experiment) => ({
  experiment,
  targets: {},
  run: null,
  coming: null,
  grown: 0,
  problem: null,
  pinProblem: null,
  fallback: null,
  way: "opening",
  position: 0,
  playing: false,
  speed: 1,
  chosen: null,
  lens: null,
  folded: false,
  attention: false,
  output: true,
  backward: true,
  bars: "linear",
  pins: [],
  named: false,
  sketch: [],
  why: null,
  chart: "step_factors",
  lit: null,
  guide: null,
  oldest: 0,
  scene: null,
});

/**
 * @param {State} state
 * @param {Action} action
 * @returns {State}
 */
export function reduce(state, action) {
  switch (action.type) {
    case "edit": {
      const { experiment: before, pins } = state;
      const [next, targets] = [
        edited(before, action.field, action.value),
        kept(state.targets, before),
      ];
      return { ...state, targets, experiment: withOwnTarget(before, next, targets, pins) };
    }
    case "open":
      return { ...state, experiment: action.experiment, targets: {} };
    case "stand":
      return { ...state, scene: action.scene };
    case "put":
      return { ...state, ...action.parts };
    case "pin":
      return { ...state, pins: orNone(state.pins, action.pins), pinProblem: null };
    case "pinned": {
      const { experiment, run } = action;
      const pins = state.pins.map((pin) =>
        answers(pin, experiment) ? { ...pin, run, of: experiment } : pin
      );
      return { ...state, pins };
    }
    case "pin failed": {
      const pins = state.pins.filter((pin) => pin.experiment !== action.experiment);
      return { ...state, pins, pinProblem: action.problem };
    }
    case "frame":
      return received(state, action.frame);
    case "fallback":
      return { ...state, fallback: action.id };
    case "show coming":
      return state.coming ? shown(state, state.coming) : state;
    case "way":
      return { ...state, way: action.way, coming: action.way === "lost" ? null : state.coming };
    case "seek":
      return { ...state, ...ahead, position: clamp(Math.floor(action.position), state) };
    case "play": {
      const atEnd = state.run && state.position >= endOf(state);
      const position = action.is && atEnd ? 0 : Math.floor(state.position);
      return { ...state, ...ahead, playing: action.is, position };
    }
    case "tick": {
      const playing = action.position < endOf(state);
      return { ...state, position: clamp(action.position, state), playing };
    }
    case "speed":
      return { ...state, speed: action.value };
    case "choose":
      return { ...state, chosen: action.t, lens: null };
    case "why":
      return action.run === state.run ? { ...state, why: action.why } : state;
    case "look":
      return { ...state, lens: action.t };
    case "fold":
      return { ...state, folded: !state.folded };
    case "bars":
      return { ...state, bars: action.view };
    case "chart":
      return { ...state, chart: action.name };
    case "light": {
      const lit = action.lit ?? state.guide;
      return same(state.lit, lit) ? state : { ...state, lit };
    }
  }
}

/**
 * The pins, or those before them where there are none in either: then the picture is the same.
 * @param {Pin[]} before
 * @param {Pin[]} next
 */
const orNone = (before, next) => before.length || next.length ? next : before;

/**
 * Whether a run of this experiment is a pin's; one that follows takes what comes until the newest is
 * there.
 * @param {Pin} pin
 * @param {Experiment} experiment
 */
const answers = (pin, experiment) =>
  pin.follows ? pin.experiment.cell === experiment.cell : pin.experiment === experiment;

/** Actions that look at the playhead again, after another place. */
const ahead = { chosen: null, lens: null };

/**
 * Whether the run on the stage is of earlier settings, and stays: the server is away.
 * @param {State} state
 */
export const behind = ({ way, run, experiment }) =>
  way === "lost" && run !== null && !isOf(run, experiment);

/** A run that is still arriving is not in the picture. */
const UNSEEN = new Set(["coming", "fallback", "scene"]);

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
 * The last position of the playhead.
 * @param {Pick<State, "run" | "backward" | "output">} state
 */
export const endOf = ({ run, backward, output }) => run ? endPosition(run.T, backward, output) : 0;

/**
 * @param {number} position
 * @param {Pick<State, "run" | "backward" | "output">} state
 */
export const clamp = (position, state) => Math.max(0, Math.min(position, endOf(state)));
