/**
 * The arrival of a run on the stage, frame by frame: pure functions of the lab's state. Only a
 * run's arrays are filled in place.
 *
 * @typedef {import("../run/run.js").Run} Run
 * @typedef {import("../net/frames.js").Frame<import("../net/frames.js").RunHeader>} Frame
 * @typedef {import("./state.js").State} State
 * @typedef {import("./state.js").Scene} Scene
 */
import { problemOf } from "../net/problem.js";
import { carriedOver, endPosition, positionOf } from "../playback/playhead.js";
import { extend, started } from "../run/run.js";
import { following } from "./pins.js";

/**
 * @param {State} state
 * @param {Frame} frame
 * @returns {State}
 */
export function received(state, frame) {
  const { header } = frame;
  if (header.type === "error") {
    return { ...state, coming: null, scene: null, problem: problemOf(header) };
  }
  if (header.type === "begin") {
    if (Number(header.id) < state.oldest) return state;
    const problem = header.id === state.fallback ? state.problem : null;
    return { ...state, coming: started(header), problem };
  }
  const run = state.coming ?? state.run;
  if (!run || run.id !== header.id) return state;
  extend(run, frame);
  const grown = run === state.run ? { ...state, grown: state.grown + 1 } : state;
  return header.type === "end" ? shown(grown, run) : grown;
}

/**
 * The coming run takes the stage. The playhead stays where it is, whatever the length.
 * @param {State} state
 * @param {Run} run
 * @returns {State}
 */
export function shown(state, run) {
  if (state.scene && run.id >= state.scene.id) return standing(state, run, state.scene);
  const { run: last, position: at, backward, output } = state;
  const end = endPosition(run.T, backward, output);
  const isPart = last && at < endPosition(last.T, backward, output);
  const position = isPart ? Math.min(carriedOver(at, last.T, run.T), end) : end;
  const [chosen, lens] = [state.chosen, state.lens].map((t) => t && t <= run.T ? t : null);
  const why = run === state.run ? state.why : null;
  const pins = followed(state, run);
  return { ...state, run, pins, coming: null, position, chosen, lens, why };
}

/**
 * The coming run takes the stage as it was told to stand.
 * @param {State} state
 * @param {Run} run
 * @param {Scene} scene
 * @returns {State}
 */
function standing(state, run, { place, folded, attention, output, backward, chart, chosen }) {
  const end = endPosition(run.T, backward, output);
  const position = Math.min(positionOf(place, run.T), end);
  const stand = {
    position,
    folded,
    attention,
    output,
    backward,
    chart,
    chosen,
    lens: null,
    playing: false,
  };
  const pins = followed(state, run);
  return { ...state, ...stand, run, pins, coming: null, scene: null, why: null };
}

/**
 * The pins beside a run. What a cell has no use for is as the controls say: another cell may have.
 * @param {State} state
 * @param {Run} run
 */
const followed = ({ pins, run: before, experiment: { activation, chrono } }, run) =>
  following(pins, { ...run.experiment, activation, chrono }, before?.experiment.cell);
